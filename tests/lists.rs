//! Lists of any record: their own order, pages that end nowhere twice, their length, and the search of
//! invoices.

use daybook_core::app::{self, register};
use daybook_core::db::{Count, Dialect, ListQuery, count, list, sums};
use daybook_core::shared::record::RecordEntry;
use daybook_core::shared::value::{FieldKind, Val};
use daybook_core::vals;
use serde_json::{Value, json};

use crate::billing::{customer, item};
use crate::support::{TestBooks, books, each_database};

fn asked(query: Value) -> ListQuery {
    serde_json::from_value(query).unwrap()
}

fn rows(books: &TestBooks, record: &RecordEntry, query: &ListQuery) -> Vec<Vec<Val>> {
    books.app.read(|tx, _| list(tx, record, query)).unwrap_or_else(|e| panic!("{}: {e}", record.table)).rows
}

fn counted(books: &TestBooks, record: &RecordEntry, query: &ListQuery) -> Count {
    books.app.read(|tx, _| count(tx, record, query)).unwrap_or_else(|e| panic!("{}: {e}", record.table))
}

/// One column of all rows of a list.
fn column(books: &TestBooks, record: &str, name: &str, query: Value) -> Vec<String> {
    let record = register().record(record).unwrap();
    let place = record.columns.iter().position(|c| *c == name).unwrap();
    let text = |val: &Val| if let Val::Text(text) = val { text.clone() } else { format!("{val:?}") };
    rows(books, record, &asked(query)).iter().map(|row| text(&row[place])).collect()
}

/// A few of everything: equal names, equal days, empty due dates, documents of several lines.
fn trade(books: &TestBooks) {
    for name in ["Bell", "Bell", "Ash", "Bell", "Cole"] {
        books.run("parties.save_party", json!({"name": name}));
    }
    let (party, bolt) = (customer(books, "ACME", "GB"), item(books, "BOLT", "2.50"));
    books.run("inventory.receive", json!({"lines": [{"item": bolt, "quantity": "50", "unit_cost": "1.11"}]}));
    for (day, number) in [("2011-01-03", "A"), ("2011-01-03", "B"), ("2011-01-02", "C"), ("2011-01-03", "D")] {
        let lines = json!([{"item": bolt, "quantity": "1"}, {"item": bolt, "quantity": "2"}, {"description": "Work", "unit_price": "5"}]);
        let draft = json!({"party": party, "issue_date": day, "order_reference": format!("PO-{number}"), "lines": lines});
        books.run("billing.post_invoice", json!({"draft": draft}));
    }
    books.run("billing.save_draft", json!({"draft": {"party": party, "lines": [{"description": "Later", "unit_price": "1"}]}}));
}

#[test]
fn pages_show_every_row_once_in_any_order() {
    each_database(|books| {
        trade(books);
        for record in app::records() {
            let columns = (record.fields)().into_iter().filter(|field| field.kind != FieldKind::Bytes).map(|field| Some(field.name));
            for (sort, descending) in columns.chain([None]).flat_map(|sort| [(sort, false), (sort, true)]) {
                let mut query = asked(json!({"sort": sort, "descending": descending, "limit": 40}));
                let whole = rows(books, record, &query);
                query.limit = Some(3);
                let mut paged = Vec::new();
                while paged.len() < 40 {
                    let page = books.app.read(|tx, _| list(tx, record, &query)).unwrap_or_else(|e| panic!("{} by {sort:?}: {e}", record.table));
                    paged.extend(page.rows);
                    match page.next {
                        Some(next) => query.after = Some(next),
                        None => break,
                    }
                }
                paged.truncate(40);
                assert_eq!(paged, whole, "{} by {sort:?}", record.table);
            }
        }
    });
}

#[test]
fn rows_passed_over_are_those_before_the_page() {
    each_database(|books| {
        trade(books);
        for record in ["party", "billing_invoice", "journal_line"].map(|table| register().record(table).unwrap()) {
            for query in [json!({}), json!({"descending": true}), json!({"sort": record.columns[2]}), json!({"text": "ac"})] {
                let whole = rows(books, record, &asked(query.clone()));
                let first = books.app.read(|tx, _| list(tx, record, &ListQuery { limit: Some(1), ..asked(query.clone()) })).unwrap();
                for skip in 0..whole.len() {
                    let page = |after, skip: usize| ListQuery { after, skip: skip.try_into().unwrap(), limit: Some(2), ..asked(query.clone()) };
                    assert_eq!(
                        rows(books, record, &page(None, skip)),
                        whole[skip..].iter().take(2).cloned().collect::<Vec<_>>(),
                        "{} {query} {skip}",
                        record.table
                    );
                    if first.next.is_some() && skip > 0 {
                        assert_eq!(rows(books, record, &page(first.next.clone(), skip - 1)), whole[skip..].iter().take(2).cloned().collect::<Vec<_>>());
                    }
                }
            }
        }
    });
}

/// What a list shows as the total of a column: by currency, what gives back taken off.
fn added(record: &RecordEntry, shown: &[Vec<Val>], name: &str) -> Vec<(Option<String>, i64)> {
    let place = |name: &str| record.columns.iter().position(|column| *column == name);
    let base = (record.fields)().iter().any(|field| field.name == name && field.base);
    let mut totals = std::collections::BTreeMap::new();
    for row in shown {
        let currency = place("currency").filter(|_| !base).map(|at| if let Val::Text(code) = &row[at] { code.clone() } else { panic!("a currency") });
        let back = !base && place("kind").is_some_and(|at| row[at] == Val::Text("credit_note".to_owned()));
        if let Val::Int(amount) = row[place(name).unwrap()] {
            *totals.entry(currency).or_insert(0) += if back { -amount } else { amount };
        }
    }
    totals.into_iter().collect()
}

#[test]
fn sums_are_those_of_the_rows_one_for_each_currency() {
    each_database(|books| {
        trade(books);
        let party = customer(books, "Odense", "DK");
        books.run("ledger.save_exchange_rate", json!({"currency": "EUR", "valid_on": "2011-01-01", "rate": "0.86"}));
        let line = json!([{"description": "Work", "unit_price": "12.34"}]);
        let euros = json!({"party": party, "issue_date": "2011-01-04", "currency": "EUR", "lines": line});
        let posted = books.run("billing.post_invoice", json!({"draft": euros}));
        books.run("billing.credit_invoice", json!({"id": posted["id"], "reason": "Sent back", "lines": [{"line": 1}]}));
        books.run("billing.post_invoice", json!({"draft": euros}));
        let conditions = [
            json!([]),
            json!([{"field": "state", "op": "=", "value": "posted"}]),
            json!([{"field": "kind", "op": "=", "value": "credit_note"}]),
            json!([{"field": "gross", "op": ">", "value": 1000}, {"field": "currency", "op": "=", "value": "EUR"}]),
            json!([{"field": "issue_date", "op": ">=", "value": "2011-01-03"}, {"field": "open", "op": "<>", "value": 0}]),
            json!([{"field": "party_name", "op": "starts", "value": "Z"}]),
        ];
        let invoices = register().record("billing_invoice").unwrap();
        for (query, name) in conditions.iter().flat_map(|c| ["net", "gross", "open"].map(|name| (json!({"where": c}), name))) {
            let shown = rows(books, invoices, &asked(json!({"where": query["where"], "limit": 500})));
            let found = books.app.read(|tx, _| sums(tx, invoices, &asked(query.clone()), &[name.to_owned()])).unwrap();
            let found: Vec<_> = found.into_iter().map(|sum| (sum.currency.map(|c| c.to_string()), sum.total.units())).collect();
            assert_eq!(found, added(invoices, &shown, name), "{name} {query}");
        }
        for record in app::records() {
            let money: Vec<String> = (record.fields)().iter().filter(|field| field.kind == FieldKind::Money).map(|field| field.name.to_owned()).collect();
            books.app.read(|tx, _| sums(tx, record, &ListQuery::default(), &money)).unwrap_or_else(|e| panic!("{}: {e}", record.table));
        }
        let wrong = books.app.read(|tx, _| sums(tx, invoices, &ListQuery::default(), &["number".to_owned()])).unwrap_err();
        assert_eq!((wrong.code(), wrong.field_path()), ("list.unknown_field", Some("fields")));
    });
}

#[test]
fn the_other_way_round_is_the_same_list_backwards() {
    each_database(|books| {
        trade(books);
        for record in app::records() {
            let columns = (record.fields)().into_iter().filter(|field| field.kind != FieldKind::Bytes).map(|field| Some(field.name));
            for sort in columns.chain([None]) {
                let mut backwards = rows(books, record, &asked(json!({"sort": sort, "descending": true, "limit": 500})));
                backwards.reverse();
                let forwards = rows(books, record, &asked(json!({"sort": sort, "limit": 500})));
                if forwards.len() < 500 {
                    assert_eq!(forwards, backwards, "{} by {sort:?}", record.table);
                }
            }
        }
    });
}

#[test]
fn records_have_an_order_of_their_own() {
    each_database(|books| {
        trade(books);
        assert_eq!(column(books, "party", "name", json!({}))[..4], ["ACME", "Ash", "Bell", "Bell"]);
        let days = column(books, "billing_invoice", "issue_date", json!({}));
        assert_eq!(days, ["2011-01-15", "2011-01-03", "2011-01-03", "2011-01-03", "2011-01-02"]);
        let mut numbers = column(books, "billing_invoice", "number", json!({}))[1..4].to_vec();
        numbers.reverse();
        assert!(numbers.is_sorted(), "{numbers:?}");
        assert!(column(books, "account", "code", json!({})).is_sorted());
        assert!(column(books, "journal_entry", "date", json!({"descending": true})).is_sorted(), "oldest first, the other way round");
        let backwards = column(books, "billing_invoice", "number", json!({"sort": "issue_date"}));
        assert_eq!(backwards.into_iter().rev().collect::<Vec<_>>(), column(books, "billing_invoice", "number", json!({})));
    });
}

/// Tables of a few hundred rows at most, which may be sorted as they are read.
const SHORT: &[&str] = &["app_user", "number_series", "item_category", "price_list", "import_batch"];

#[test]
fn own_orders_are_never_empty_and_come_from_an_index() {
    let books = books();
    for record in app::records() {
        for name in record.order.columns {
            let field = (record.fields)().into_iter().find(|field| field.name == *name).unwrap_or_else(|| panic!("{} has no {name}", record.table));
            assert!(!field.optional, "{}.{name} may be empty", record.table);
        }
        let direction = if record.order.descending { " DESC" } else { "" };
        let mut columns = record.order.columns.to_vec();
        columns.extend(record.columns[..record.keys].iter().filter(|key| !record.order.columns.contains(key)));
        let order: Vec<String> = columns.iter().map(|name| format!("\"{name}\"{direction}")).collect();
        let plan = plan(&books, &format!("SELECT * FROM {} ORDER BY {} LIMIT 9", record.table, order.join(", ")));
        assert_eq!(plan.contains("TEMP B-TREE"), SHORT.contains(&record.table), "{}: {plan}", record.table);
    }
}

#[test]
fn columns_that_long_lists_are_ordered_by_have_their_order_in_an_index() {
    let books = books();
    for record in app::records() {
        for (column, direction) in record.sorted.iter().flat_map(|column| [(column, "ASC"), (column, "DESC")]) {
            let archived = if record.columns.contains(&"archived") { "WHERE archived = 0" } else { "" };
            let plan = plan(&books, &format!("SELECT * FROM {} {archived} ORDER BY \"{column}\" {direction}, id {direction} LIMIT 9", record.table));
            assert!(!plan.contains("TEMP B-TREE"), "{}.{column}: {plan}", record.table);
        }
    }
}

#[test]
fn what_is_in_use_is_listed_and_counted_from_an_index_alone() {
    let books = books();
    for table in ["party", "item"] {
        let counting = plan(&books, &format!("SELECT count(*) FROM {table} WHERE \"archived\" = 0"));
        assert!(counting.contains(&format!("COVERING INDEX {table}_current")), "{counting}");
        let page = plan(&books, &format!("SELECT * FROM {table} WHERE \"archived\" = 0 AND (\"name\", \"id\") > ('M', x'00') ORDER BY name, id LIMIT 9"));
        assert!(page.contains(&format!("SEARCH {table} USING INDEX {table}_current ((name,id)>(?,?))")) && !page.contains("TEMP"), "{page}");
        let exact = plan(&books, &format!("SELECT * FROM {table} WHERE \"code\" = 'K1' AND \"archived\" = 0 ORDER BY name, id LIMIT 5"));
        assert!(exact.contains(&format!("INDEX {table}_code (code=?)")), "{exact}");
    }
    let drafts = plan(&books, "SELECT count(*) FROM billing_invoice WHERE number = ''");
    assert!(drafts.contains("INDEX billing_document_number (number=?)"), "{drafts}");
    let counting = plan(&books, "SELECT count(*) FROM billing_invoice");
    assert!(counting.contains("COVERING INDEX"), "{counting}");
}

fn plan(books: &TestBooks, sql: &str) -> String {
    let steps: Vec<(i64, i64, i64, String)> =
        books.app.read(|tx, _| tx.all(&format!("EXPLAIN QUERY PLAN {sql}"), &[])).unwrap_or_else(|e| panic!("{sql}: {e}"));
    steps.into_iter().map(|(_, _, _, detail)| detail).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_list_knows_its_length() {
    each_database(|books| {
        trade(books);
        for record in app::records() {
            let length = rows(books, record, &asked(json!({"limit": 500}))).len();
            let counted = counted(books, record, &asked(json!({"limit": 2})));
            assert!(!counted.more && (counted.total == i64::try_from(length).unwrap() || length == 500), "{}: {counted:?}", record.table);
        }
        let party = register().record("party").unwrap();
        let bells = asked(json!({"where": [{"field": "name", "op": "=", "value": "Bell"}]}));
        assert_eq!(counted(books, party, &bells).total, 3);
        assert_eq!(counted(books, party, &asked(json!({"text": "be"}))).total, 3);
        assert_eq!(counted(books, party, &asked(json!({"text": "nobody"}))).total, 0);
        let invoices = register().record("billing_invoice").unwrap();
        let posted = asked(json!({"where": [{"field": "state", "op": "=", "value": "posted"}]}));
        assert_eq!(counted(books, invoices, &posted).total, 4);
        let wrong = asked(json!({"where": [{"field": "colour", "op": "=", "value": 1}]}));
        assert_eq!(books.app.read(|tx, _| count(tx, party, &wrong)).unwrap_err().code(), "list.unknown_field");
    });
}

#[test]
fn a_search_that_finds_too_much_says_so() {
    let books = books();
    let party = register().record("party").unwrap();
    for n in 0..501 {
        books.run("parties.save_party", json!({"name": format!("Common {n}")}));
    }
    let common = counted(&books, party, &asked(json!({"text": "comm"})));
    assert_eq!((common.total, common.more), (500, books.app.read(|tx, _| Ok(tx.dialect() == Dialect::Sqlite)).unwrap()));
    assert_eq!(counted(&books, party, &asked(json!({"text": "common 499"}))), Count { total: 1, more: false });
    assert_eq!(counted(&books, party, &asked(json!({}))).total, 501);
}

#[test]
fn cursors_of_another_list_are_refused() {
    let books = books();
    let party = register().record("party").unwrap();
    for after in [json!({"city": "x", "id": "x"}), json!({"name": 7, "id": null}), json!("x"), json!({"name": "Bell"})] {
        let query = asked(json!({"after": after}));
        let error = books.app.read(|tx, _| list(tx, party, &query)).unwrap_err();
        assert_eq!((error.code(), error.field_path()), ("list.cursor", Some("after")), "{after}");
    }
}

fn found(books: &TestBooks, text: &str) -> Vec<String> {
    column(books, "billing_invoice", "order_reference", json!({"text": text}))
}

#[test]
fn invoices_are_found_by_number_customer_and_reference() {
    each_database(|books| {
        trade(books);
        assert_eq!(found(books, "po-b"), ["PO-B"]);
        assert_eq!(found(books, "acm").len(), 5);
        assert_eq!(found(books, "acme po-c"), ["PO-C"]);
        let number = column(books, "billing_invoice", "number", json!({"text": "po-c"})).remove(0);
        assert_eq!(found(books, &number), ["PO-C"]);
        assert!(found(books, "acme nowhere").is_empty());
        let party = books.app.read(|tx, _| tx.one::<daybook_core::shared::Id<()>>("SELECT party FROM billing_document LIMIT 1", &[])).unwrap();
        let draft = |reference: &str| json!({"party": party, "order_reference": reference, "lines": [{"description": "Tea", "unit_price": "1"}]});
        let id = books.run("billing.save_draft", json!({"draft": draft("Earl")}))["id"].clone();
        assert_eq!(found(books, "earl"), ["Earl"]);
        books.run("billing.save_draft", json!({"id": id, "draft": draft("Grey")}));
        assert_eq!((found(books, "earl").len(), found(books, "grey")), (0, vec!["Grey".to_owned()]));
        books.run("billing.discard_draft", json!({"id": id}));
        assert!(found(books, "grey").is_empty());
    });
}

#[test]
fn the_search_of_invoices_survives_undo() {
    let books = books();
    trade(&books);
    let before: Vec<String> = ["acme", "po", "po-b", "2011"].iter().flat_map(|text| found(&books, text)).collect();
    books.app.rebase(4, |_| Ok(())).unwrap();
    assert_eq!(["acme", "po", "po-b", "2011"].iter().flat_map(|text| found(&books, text)).collect::<Vec<_>>(), before);
    let copies = "SELECT count(*) FROM billing_invoice_search s JOIN billing_document d ON d.id = s.id";
    let documents = "SELECT count(*) FROM billing_document";
    let counts = |sql: &str| books.app.read(|tx, _| tx.one::<i64>(sql, vals![])).unwrap();
    assert_eq!((counts(copies), counts("SELECT count(*) FROM billing_invoice_search")), (counts(documents), counts(documents)));
    let check = "INSERT INTO billing_invoice_fts (billing_invoice_fts, rank) VALUES ('integrity-check', 1)";
    books.app.storage().write(|tx| tx.raw(check)).unwrap();
}
