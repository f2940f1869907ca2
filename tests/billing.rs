//! Invoices as stories: what is typed, what the ledger, the stock and the paper say afterwards.

use serde_json::{Value, json};

use crate::support::{TestBooks, books, books_in, each_database};

pub fn customer(books: &TestBooks, name: &str, country: &str) -> Value {
    books.run("parties.save_party", json!({"name": name, "country": country, "is_customer": true, "payment_days": 30}))["id"].clone()
}

pub fn item(books: &TestBooks, code: &str, price: &str) -> Value {
    books.run("catalog.save_item", json!({"code": code, "name": format!("The {code}"), "kind": "goods", "sales_price": price}))["id"].clone()
}

/// The trial balance as lines an accountant can read.
pub fn balances(books: &TestBooks) -> Vec<String> {
    let sql = "SELECT a.code, a.name, CAST(sum(l.debit - l.credit) AS BIGINT) FROM journal_line l JOIN account a ON a.id = l.account GROUP BY a.code, a.name HAVING sum(l.debit - l.credit) <> 0 ORDER BY a.code";
    let rows: Vec<(String, String, i64)> = books.app.read(|tx, _| tx.all(sql, &[])).unwrap();
    rows.into_iter()
        .map(|(code, name, minor)| format!("{code} {name} {}.{:02}{}", minor.abs() / 100, minor.abs() % 100, if minor < 0 { " Cr" } else { " Dr" }))
        .collect()
}

fn stock(books: &TestBooks, item: &Value) -> Value {
    books.ask("inventory.on_hand", json!({"item": item}))["on_hand"].clone()
}

#[test]
fn an_invoice_enters_receivable_revenue_vat_and_cost() {
    each_database(|books| {
        let (acme, bolt) = (customer(books, "ACME", "GB"), item(books, "BOLT", "0.25"));
        books.run("inventory.receive", json!({"lines": [{"item": bolt, "quantity": "100", "unit_cost": "0.10"}]}));
        let posted = books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": [{"item": bolt, "quantity": "40"}]}}));
        assert_eq!(posted["number"], "11-A-0001");
        assert_eq!(posted["payable"], 1200);
        assert_eq!(stock(books, &bolt), "60");
        let lines = balances(books);
        let find = |word: &str| lines.iter().find(|l| l.contains(word)).unwrap_or_else(|| panic!("{word} in {lines:?}")).clone();
        assert!(find("12.00 Dr").starts_with("1100"), "{lines:?}");
        assert!(find("10.00 Cr").contains("Sales") || find("10.00 Cr").contains("Goods received"), "{lines:?}");
        assert!(lines.iter().any(|l| l.ends_with("2.00 Cr")), "{lines:?}");
        assert!(lines.iter().any(|l| l.ends_with(" 4.00 Dr")), "cost of 40 bolts: {lines:?}");
        assert!(lines.iter().any(|l| l.ends_with(" 6.00 Dr")), "60 bolts in stock: {lines:?}");
        let shown = books.ask("billing.invoice", json!({"number": "11-A-0001"}));
        assert_eq!(shown["open"], 1200);
        assert_eq!(shown["invoice"]["due_date"], "2011-02-14");
        books.app.verify().unwrap();
    });
}

#[test]
fn a_reversed_invoice_leaves_exactly_zero_everywhere() {
    each_database(|books| {
        let (acme, bolt) = (customer(books, "ACME", "GB"), item(books, "BOLT", "0.333"));
        books.run("inventory.receive", json!({"opening": true, "lines": [{"item": bolt, "quantity": "7", "unit_cost": "0.107"}]}));
        let (before, stock_before) = (balances(books), stock(books, &bolt));
        let draft = json!({"party": acme, "lines": [{"item": bolt, "quantity": "3", "allowance_percent": "3"}, {"description": "Engraving", "unit_price": "1.005"}], "allowances": [{"percent": "10", "reason": "Friend"}]});
        let invoice = books.run("billing.post_invoice", json!({"draft": draft}));
        assert_ne!(balances(books), before);
        let reversal = books.run("billing.reverse_invoice", json!({"id": invoice["id"], "reason": "Wrong customer"}));
        assert_eq!(reversal["number"], "11-A-C0001");
        assert_eq!(balances(books), before);
        assert_eq!(stock(books, &bolt), stock_before);
        assert_eq!(books.ask("billing.invoice", json!({"id": invoice["id"]}))["open"], 0);
        assert_eq!(books.ask("billing.invoice", json!({"id": reversal["id"]}))["open"], 0);
        assert_eq!(books.refused("billing.reverse_invoice", json!({"id": invoice["id"], "reason": "Again"})), "document.reversed");
        assert_eq!(books.refused("billing.reverse_invoice", json!({"id": reversal["id"], "reason": "Back"})), "document.is_reversal");
        books.app.verify().unwrap();
    });
}

#[test]
fn credit_notes_never_take_back_more_than_was_invoiced() {
    each_database(|books| {
        let (acme, bolt) = (customer(books, "ACME", "GB"), item(books, "BOLT", "2.50"));
        let invoice = books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": [{"item": bolt, "quantity": "10"}]}}));
        let credit = |quantity: &str| json!({"id": invoice["id"], "reason": "Broken", "lines": [{"line": 1, "quantity": quantity}]});
        let first = books.run("billing.credit_invoice", credit("4"));
        assert_eq!(first["payable"], 1200);
        assert_eq!(books.refused("billing.credit_invoice", credit("7")), "document.credited_more");
        books.run("billing.credit_invoice", credit("6"));
        assert_eq!(books.ask("billing.invoice", json!({"id": invoice["id"]}))["open"], 0);
        assert_eq!(stock(books, &bolt), "0");
        books.app.verify().unwrap();
    });
}

#[test]
fn a_draft_changes_freely_and_carries_no_number() {
    each_database(|books| {
        let (acme, bolt) = (customer(books, "ACME", "GB"), item(books, "BOLT", "2.50"));
        let draft = |quantity: &str| json!({"party": acme, "lines": [{"item": bolt, "quantity": quantity}, {"description": "Freight", "unit_price": "5"}]});
        let id = books.run("billing.save_draft", json!({"draft": draft("10")}))["id"].clone();
        books.run("billing.save_draft", json!({"id": id, "draft": draft("2")}));
        let shown = books.ask("billing.invoice", json!({"id": id}));
        assert_eq!((&shown["invoice"]["number"], &shown["invoice"]["net"]), (&json!(""), &json!(1000)));
        let discarded = books.run("billing.save_draft", json!({"draft": draft("1")}))["id"].clone();
        books.run("billing.discard_draft", json!({"id": discarded}));
        let posted = books.run("billing.post_draft", json!({"id": id}));
        assert_eq!(posted["number"], "11-A-0001");
        assert_eq!(books.refused("billing.post_draft", json!({"id": id})), "document.posted");
        assert_eq!(books.refused("billing.save_draft", json!({"id": id, "draft": draft("3")})), "document.posted");
        assert_eq!(books.refused("billing.discard_draft", json!({"id": id})), "document.posted");
        books.app.verify().unwrap();
    });
}

#[test]
fn posted_rows_refuse_every_hand() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": [{"description": "Advice", "unit_price": "100"}]}}));
        let tables = ["billing_document", "billing_line", "billing_tax", "billing_party", "journal_entry", "journal_line", "number_issued"];
        for table in tables {
            let column = if table == "number_issued" {
                "text"
            } else if table == "billing_tax" || table == "billing_line" {
                "tax_code"
            } else {
                "text"
            };
            let column = match table {
                "billing_document" => "party_name",
                "billing_party" => "name",
                "billing_tax" => "name",
                _ => column,
            };
            for sql in [format!("UPDATE {table} SET {column} = 'x'"), format!("DELETE FROM {table}")] {
                let outcome = books.app.storage().write(|tx| tx.raw(&sql));
                assert_eq!(outcome.unwrap_err().code(), "row.final", "{sql}");
            }
        }
        let insert = "INSERT INTO billing_tax (document, category, rate, base, tax, code, name, exemption_code, exemption_text) SELECT id, 'Z', 0, 0, 0, '', '', '', '' FROM billing_document";
        assert_eq!(books.app.storage().write(|tx| tx.raw(insert)).unwrap_err().code(), "row.final");
    });
}

#[test]
fn another_program_cannot_change_what_is_posted() {
    let books = books();
    let acme = customer(&books, "ACME", "GB");
    books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": [{"description": "Advice", "unit_price": "100"}]}}));
    let other = rusqlite::Connection::open(books.folder.as_ref().unwrap().path().join("test.books")).unwrap();
    for table in ["billing_document", "billing_line", "journal_line", "stock_move", "daybook"] {
        let rows: i64 = other.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert!(rows == 0 || other.execute(&format!("DELETE FROM {table}"), []).is_err(), "{table}");
    }
}

#[test]
fn vat_follows_country_and_date() {
    let books = books();
    let bolt = item(&books, "BOLT", "100");
    let vat = |country: &str, date: &str| {
        let party = customer(&books, &format!("C {country} {date}"), country);
        let draft = json!({"party": party, "issue_date": date, "lines": [{"item": bolt}]});
        books.ask("billing.preview", json!({"draft": draft}))["totals"]["tax"].clone()
    };
    assert_eq!(vat("GB", "2010-12-31"), 1750);
    assert_eq!(vat("GB", "2011-01-04"), 2000);
    assert_eq!(vat("DE", "2010-12-31"), 1750);
    assert_eq!(vat("NO", "2010-12-31"), 0);
}

#[test]
fn the_preview_shows_what_posting_enters() {
    let books = books_in("DE", "EUR");
    let (party, bolt) = (customer(&books, "Müller", "DE"), item(&books, "BOLT", "10"));
    let draft = json!({"party": party, "lines": [{"item": bolt, "quantity": "2"}]});
    let before = books.dump();
    let preview = books.ask("billing.preview", json!({"draft": draft}));
    assert_eq!(books.dump(), before);
    assert_eq!(preview["totals"]["gross"], 2380);
    let shown: Vec<String> =
        preview["entry"].as_array().unwrap().iter().map(|l| format!("{} {} {}", l["account"].as_str().unwrap(), l["debit"], l["credit"])).collect();
    books.run("billing.post_invoice", json!({"draft": draft}));
    let sql = "SELECT a.code, l.debit, l.credit FROM journal_line l JOIN account a ON a.id = l.account ORDER BY l.n";
    let entered: Vec<(String, i64, i64)> = books.app.read(|tx, _| tx.all(sql, &[])).unwrap();
    assert_eq!(entered.into_iter().map(|(a, d, c)| format!("{a} {d} {c}")).collect::<Vec<_>>(), shown);
}

#[test]
fn bad_drafts_name_the_field() {
    let books = books();
    let (acme, bolt) = (customer(&books, "ACME", "GB"), item(&books, "BOLT", "1"));
    let line = json!({"item": bolt});
    let cases = [
        (json!({"party": acme, "lines": []}), "document.no_lines", "draft.lines"),
        (json!({"party": acme, "lines": [{"item": bolt, "quantity": "0"}]}), "line.no_quantity", "draft.lines[0].quantity"),
        (json!({"party": acme, "lines": [line, {"description": "x"}]}), "line.no_price", "draft.lines[1].unit_price"),
        (json!({"party": acme, "lines": [{"item": bolt, "unit_price": "-1"}]}), "line.negative_price", "draft.lines[0].unit_price"),
        (
            json!({"party": acme, "lines": [{"item": bolt, "unit_price": "9000000000000", "quantity": "9000000000000"}]}),
            "money.overflow",
            "draft.lines[0].quantity",
        ),
        (json!({"party": acme, "issue_date": "2023-02-29", "lines": [line]}), "date.invalid", "draft.issue_date"),
        (json!({"party": acme, "currency": "ZZZ", "lines": [line]}), "currency.unknown", "draft.currency"),
        (json!({"party": acme, "currency": "EUR", "lines": [line]}), "rate.missing", "draft.exchange_rate"),
        (json!({"party": acme, "due_date": "2001-01-01", "lines": [line]}), "document.due_before_issue", "draft.due_date"),
        (json!({"party": acme, "lines": [{"item": bolt, "tax": "NOPE"}]}), "tax.unknown", "draft.lines[0].tax"),
        (json!({"party": "01890000-0000-7000-8000-000000000000", "lines": [line]}), "record.not_found", "draft.party"),
        (json!({"party": acme, "lines": [line], "allowances": [{"reason": "?"}]}), "adjustment.one_of", "draft.allowances[0].amount"),
        (json!({"party": acme, "lines": [{"item": bolt, "quantity": 1.5}]}), "decimal.float", "draft.lines[0].quantity"),
    ];
    let before = books.dump();
    for (draft, code, field) in cases {
        let error = books.try_run("billing.post_invoice", json!({"draft": draft})).unwrap_err();
        assert_eq!((error.code(), error.field_path()), (code, Some(field)), "{draft}: {error}");
        assert!(!error.message().contains("{") && !error.next().is_empty(), "{code} lacks words: {error}");
    }
    assert_eq!(books.dump(), before);
}

#[test]
fn posting_into_a_closed_period_says_so() {
    let books = books();
    let acme = customer(&books, "ACME", "GB");
    books.run("ledger.close_period", json!({"through": "2010-12-31", "area": "all", "reason": "Year end"}));
    let draft = json!({"party": acme, "issue_date": "2010-12-30", "lines": [{"description": "Advice", "unit_price": "100"}]});
    assert_eq!(books.refused("billing.post_invoice", json!({"draft": draft})), "period.closed");
}

#[test]
fn a_document_takes_the_exchange_rate_of_its_day() {
    each_database(|books| {
        let acme = customer(books, "ACME", "FR");
        let draft = |date: &str| json!({"party": acme, "currency": "EUR", "issue_date": date, "lines": [{"description": "Advice", "unit_price": "100"}]});
        let rate = |date: &str| {
            books.ask("billing.invoice", json!({"id": books.run("billing.save_draft", json!({"draft": draft(date)}))["id"]}))["invoice"]["exchange_rate"]
                .clone()
        };
        let save = |date: &str, rate: &str| {
            books.run("ledger.save_exchange_rate", json!({"currency": "EUR", "valid_on": date, "rate": rate, "source": "ECB"}))["id"].clone()
        };
        save("2011-01-03", "0.85");
        let kept = save("2011-01-07", "0.84");
        let missing = books.try_run("billing.post_invoice", json!({"draft": draft("2011-01-02")})).unwrap_err();
        assert_eq!((missing.code(), missing.field_path()), ("rate.missing", Some("draft.exchange_rate")));
        for word in ["EUR", "2011-01-02", "ledger.save_exchange_rate"] {
            assert!(format!("{} {}", missing.message(), missing.next()).contains(word), "{missing}");
        }
        assert_eq!([rate("2011-01-03"), rate("2011-01-06"), rate("2011-01-07"), rate("2011-02-01")], ["0.85", "0.85", "0.84", "0.84"]);
        let posted = books.run("billing.post_invoice", json!({"draft": draft("2011-01-08")}));
        assert_eq!(save("2011-01-07", "0.9"), kept, "the same day again corrects its rate");
        let shown = books.ask("billing.invoice", json!({"id": posted["id"]}));
        assert_eq!((&shown["invoice"]["exchange_rate"], &shown["open"]), (&json!("0.84"), &json!(posted["payable"].as_i64().unwrap() * 84 / 100)));
        let mut own = draft("2011-01-02");
        own["exchange_rate"] = json!("0.5");
        books.run("billing.post_invoice", json!({"draft": own}));
        books.app.verify().unwrap();
    });
}

#[test]
fn exchange_rates_are_checked_and_imported() {
    each_database(|books| {
        let args = |currency: &str, rate: &str| json!({"currency": currency, "valid_on": "2011-01-03", "rate": rate});
        for (args, code, field) in [
            (args("GBP", "1"), "rate.base", "currency"),
            (args("EUR", "0"), "rate.not_positive", "rate"),
            (args("EUR", "-1"), "rate.not_positive", "rate"),
            (args("XYZ", "1"), "currency.unknown", "currency"),
            (json!({"valid_on": "2011-01-03", "rate": "1"}), "text.required", "currency"),
            (json!({"currency": "EUR"}), "text.required", "rate"),
        ] {
            let error = books.try_run("ledger.save_exchange_rate", args).unwrap_err();
            assert_eq!((error.code(), error.field_path()), (code, Some(field)), "{error}");
            assert!(!error.message().contains('{') && !error.next().is_empty(), "{error}");
        }
        let file = "Currency,Date,Rate,Source\nEUR,2011-01-03,0.8543,ECB\nUSD,2011-01-03,0.6450,ECB\nEUR,2011-01-04,0.8571,ECB\n";
        let file = daybook_core::app::ImportFile { name: "rates.csv", bytes: file.as_bytes(), mapping: None, mended: &[] };
        let report = books.app.import_records("exchange_rate", &file, &mut |_, _, _| std::ops::ControlFlow::Continue(())).unwrap();
        assert_eq!(report.counts.new_records, 3);
        let rate: i64 = books.app.read(|tx, _| tx.one("SELECT rate FROM exchange_rate WHERE currency = 'USD'", &[])).unwrap();
        assert_eq!(rate, 645_000);
        let other = books.run("ledger.save_exchange_rate", json!({"currency": "EUR", "valid_on": "2011-01-05", "rate": "0.86"}))["id"].clone();
        assert_eq!(books.refused("ledger.save_exchange_rate", json!({"id": other, "valid_on": "2011-01-04"})), "rate.exists");
    });
}

#[test]
fn a_document_says_what_may_be_done_with_it_and_why_the_rest_may_not() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let lines = json!([{"name": "Advice", "unit_price": "100"}]);
        let invoice = books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": lines}}));
        let shown = |id: &Value| books.ask("billing.invoice", json!({"id": id}));
        let both = json!(["billing.reverse_invoice", "billing.credit_invoice"]);
        assert_eq!((&shown(&invoice["id"])["can"], &shown(&invoice["id"])["why_not"]), (&both, &json!({})));
        let reversal = books.run("billing.reverse_invoice", json!({"id": invoice["id"], "reason": "Wrong customer"}));
        let reversed = shown(&invoice["id"]);
        assert_eq!(reversed["can"], json!([]));
        for action in ["billing.reverse_invoice", "billing.credit_invoice"] {
            assert_eq!(reversed["why_not"][action]["code"], "document.reversed", "{action}");
        }
        let mirror = shown(&reversal["id"]);
        assert_eq!(mirror["why_not"]["billing.reverse_invoice"]["code"], "document.is_reversal");
        assert_eq!(mirror["why_not"]["billing.credit_invoice"]["code"], "document.not_invoice");
        let draft = books.run("billing.save_draft", json!({"draft": {"party": acme, "lines": lines}}));
        assert_eq!(shown(&draft["id"])["can"], json!(["billing.save_draft", "billing.post_draft", "billing.discard_draft"]));
    });
}

#[test]
fn a_preview_says_where_each_price_comes_from() {
    each_database(|books| {
        let bolt = item(books, "BOLT", "0.25");
        let list = books.run("catalog.save_price_list", json!({"name": "Trade", "currency": "GBP"}))["id"].clone();
        books.run("catalog.save_price", json!({"list": list, "item": bolt, "price": "0.20", "from_quantity": "100"}));
        let acme = books.run("parties.save_party", json!({"name": "ACME", "country": "GB", "is_customer": true, "price_list": list}))["id"].clone();
        let lines = json!([{"item": bolt}, {"item": bolt, "quantity": "100"}, {"item": bolt, "unit_price": "0.30"}]);
        let preview = books.ask("billing.preview", json!({"draft": {"party": acme, "lines": lines}}));
        let found: Vec<_> = preview["lines"].as_array().unwrap().iter().map(|line| (line["price_source"].clone(), line["unit_price"].clone())).collect();
        assert_eq!(found, [(json!("item"), json!("0.25")), (json!("list"), json!("0.2")), (json!("typed"), json!("0.3"))], "{preview}");
    });
}
