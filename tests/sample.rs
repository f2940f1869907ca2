//! The sample company: every figure against a computation of its own from the files, in whole cents.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use daybook_core::app::Progress;
use daybook_core::importing::northwind::Northwind;
use daybook_core::shared::Id;
use serde_json::json;

use crate::support::{TestBooks, books, each_database, empty_books};

const FILES: Northwind<'static> = Northwind::SAMPLE;

fn go_on() -> impl FnMut(u64, u64, &'static str) -> ControlFlow<()> {
    |_, _, _| ControlFlow::Continue(())
}

/// The first 60 orders, one of them open, with their lines.
fn few() -> [Vec<u8>; 2] {
    let text = String::from_utf8(FILES.orders.to_vec()).unwrap();
    let orders: String = text.lines().take(61).map(|line| format!("{line}\n")).collect();
    let orders = orders.replace("10307,LONEP,1996-09-17,1996-10-15,1996-09-25,", "10307,LONEP,1996-09-17,1996-10-15,,");
    let text = String::from_utf8(FILES.order_lines.to_vec()).unwrap();
    let lines: String = text.lines().filter(|line| line.starts_with("OrderID") || &line[..5] <= "10307").map(|line| format!("{line}\n")).collect();
    [orders.into_bytes(), lines.into_bytes()]
}

fn one(books: &TestBooks, sql: &str) -> i64 {
    books.app.read(|tx, _| tx.one(sql, &[])).unwrap()
}

/// Rows of a CSV file by the names of their columns.
fn rows(bytes: &[u8]) -> Vec<HashMap<String, String>> {
    let (mut table, mut cell, mut quoted) = (vec![Vec::new()], String::new(), false);
    for c in String::from_utf8(bytes.to_vec()).unwrap().chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => table.last_mut().unwrap().push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                table.last_mut().unwrap().push(std::mem::take(&mut cell));
                table.push(Vec::new());
            }
            '\r' => {}
            c => cell.push(c),
        }
    }
    let header = table.remove(0);
    let whole = table.into_iter().filter(|row| row.len() == header.len());
    whole.map(|row| header.iter().cloned().zip(row).collect()).collect()
}

/// `12.5` with two more digits as a whole number: 1250.
fn hundredths(text: &str) -> i64 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let rest: String = rest.chars().chain("00".chars()).take(2).collect();
    whole.parse::<i64>().unwrap() * 100 + rest.parse::<i64>().unwrap()
}

/// What the files come to: shipped orders, Σ of their nets in cents, and what was shipped of each product.
struct Expected {
    shipped: i64,
    open: i64,
    net: i64,
    quantities: BTreeMap<String, i64>,
}

fn expected(files: &Northwind<'_>) -> Expected {
    let orders = rows(files.orders);
    let is_shipped: HashMap<&str, bool> = orders.iter().map(|o| (o["OrderID"].as_str(), !o["ShippedDate"].is_empty())).collect();
    let shipped = i64::try_from(is_shipped.values().filter(|yes| **yes).count()).unwrap();
    let mut net: i64 = orders.iter().filter(|o| is_shipped[o["OrderID"].as_str()]).map(|o| hundredths(&o["Freight"])).sum();
    let mut quantities = BTreeMap::new();
    for line in rows(files.order_lines).iter().filter(|line| is_shipped[line["OrderID"].as_str()]) {
        let quantity: i64 = line["Quantity"].parse().unwrap();
        let gross = quantity * hundredths(&line["UnitPrice"]);
        let percent = hundredths(&line["Discount"]);
        net += gross - (gross * percent * 2 + 100) / 200;
        *quantities.entry(line["ProductID"].clone()).or_default() += quantity;
    }
    Expected { shipped, open: i64::try_from(orders.len()).unwrap() - shipped, net, quantities }
}

fn check(books: &TestBooks, expected: &Expected) {
    let invoices = "SELECT count(*) FROM billing_document WHERE state = 'posted' AND kind = 'invoice'";
    assert_eq!(one(books, invoices), expected.shipped);
    assert_eq!(one(books, "SELECT count(*) FROM billing_document WHERE state = 'draft'"), expected.open);
    assert_eq!(one(books, "SELECT CAST(sum(net) AS BIGINT) FROM billing_document WHERE state = 'posted'"), expected.net);
    assert_eq!(one(books, "SELECT count(*) FROM party WHERE is_customer = 1"), 93);
    assert_eq!(one(books, "SELECT count(*) FROM party WHERE is_supplier = 1"), 29);
    assert_eq!(one(books, "SELECT count(*) FROM item_category"), 8);
    check_stock(books, expected);
    let proof = books.app.verify().unwrap();
    assert_eq!(proof.documents, expected.shipped);
    assert_eq!(one(books, "SELECT CAST(sum(debit) - sum(credit) AS BIGINT) FROM account_balance"), 0);
    assert!(one(books, "SELECT CAST(sum(debit) AS BIGINT) FROM account_balance") > expected.net);
}

/// Closing stock is what the products say, and its cost 60 % of the list price.
fn check_stock(books: &TestBooks, expected: &Expected) {
    let sql = "SELECT i.code, CAST(coalesce(sum(l.quantity), 0) AS BIGINT) FROM item i
               LEFT JOIN stock_level l ON l.item = i.id AND l.location = (SELECT id FROM location WHERE code = 'STORE') GROUP BY i.code";
    let levels: HashMap<String, i64> = books.app.read(|tx, _| tx.all::<(String, i64)>(sql, &[])).unwrap().into_iter().collect();
    let products = rows(FILES.products);
    assert_eq!((levels.len(), products.len()), (77, 77));
    for product in &products {
        let left: i64 = product["UnitsInStock"].parse().unwrap();
        assert_eq!(levels[&product["ProductID"]], left * 1_000_000, "product {}", product["ProductID"]);
    }
    // 60 % of a price in cents is exact in thousandths of the currency: tenths of a cent.
    let cost = |product: &HashMap<String, String>| {
        let opening = product["UnitsInStock"].parse::<i64>().unwrap() + expected.quantities.get(&product["ProductID"]).copied().unwrap_or_default();
        (opening * hundredths(&product["UnitPrice"]) * 6 + 5) / 10
    };
    let received = "SELECT CAST(sum(c.value) AS BIGINT) FROM move_cost c JOIN stock_move m ON m.id = c.move WHERE m.source = 'receipt'";
    assert_eq!(one(books, received), products.iter().map(cost).sum::<i64>());
}

#[test]
fn northwind_becomes_books_to_the_cent() {
    let books = empty_books();
    let outcome = books.app.create_sample(&mut go_on()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(outcome.pos, one(&books, "SELECT max(pos) FROM daybook"));
    let expected = expected(&FILES);
    assert_eq!((expected.shipped, expected.open), (809, 21));
    check(&books, &expected);
    an_order_says_what_it_said(&books);
}

fn an_order_says_what_it_said(books: &TestBooks) {
    let document = books.ask("billing.invoice", json!({"number": "10250"}));
    let invoice = &document["invoice"];
    // 10 × 7.70 + 35 × 42.40 less 15 % + 15 × 16.80 less 15 %, freight 65.83.
    let net = 7_700 + (148_400 - 22_260) + (25_200 - 3_780) + 6_583;
    assert_eq!((&invoice["net"], &invoice["charges"], &invoice["tax"]), (&json!(net), &json!(6_583), &json!(0)));
    assert_eq!((&invoice["issue_date"], &invoice["delivery_date"], &invoice["country"]), (&json!("1996-07-12"), &json!("1996-07-12"), &json!("BR")));
    assert_eq!((&invoice["party_name"], &invoice["sales_order"], &invoice["buyer_reference"]), (&json!("Hanari Carnes"), &json!("10250"), &json!("HANAR")));
    assert_eq!((&invoice["due_date"], &invoice["imported"]), (&json!("1996-08-11"), &json!(true)));
    let trace = "SELECT count(*) FROM import_row r JOIN import_batch b ON b.id = r.batch WHERE b.kind = 'northwind' AND r.subject IS NOT NULL";
    assert_eq!(one(books, trace), 2_155);
    let reason = "SELECT count(*) FROM stock_move WHERE moved_on = '1996-07-03' AND reason LIKE '%assumed at 60%'";
    assert!(one(books, reason) > 70);
    assert_eq!(one(books, "SELECT count(*) FROM item WHERE archived = 1"), 8);
    let supplier =
        "SELECT count(*) FROM party WHERE code = 'S16' AND line1 = '3400 - 8th Avenue' AND line2 = 'Suite 210' AND country = 'US' AND is_customer = 0";
    assert_eq!(one(books, supplier), 1);
}

#[test]
fn the_sample_needs_books_without_a_company_and_leaves_nothing_when_cancelled() {
    assert_eq!(books().app.create_sample(&mut go_on()).unwrap_err().code(), "company.exists");
    let books = empty_books();
    let before = books.dump();
    let mut calls = 0;
    let progress: Progress<'_> = &mut |done, total, _| {
        calls += 1;
        assert!(done <= total);
        if calls > 400 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(books.app.create_sample(progress).unwrap_err().code(), "import.cancelled");
    assert_eq!(books.dump(), before);
}

#[test]
fn the_tables_may_be_imported_into_books_and_twice() {
    each_database(|books| {
        let [orders, lines] = few();
        let files = Northwind { orders: &orders, order_lines: &lines, ..FILES };
        let expected = expected(&files);
        let empty = books.dump_hash();
        let planned = books.app.plan_northwind(&files, &mut go_on()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!((planned.invoices, planned.drafts, planned.new_parties, planned.batch), (59, 1, 122, None));
        assert_eq!(books.dump_hash(), empty, "a dry run leaves nothing");
        let first = books.app.import_northwind(&files, &mut go_on()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!((first.invoices, first.drafts, first.new_parties, first.new_items, first.repeated), (59, 1, 122, 77, false));
        assert_eq!(first.net.units(), expected.net);
        let doubtful = first.issues.iter().filter(|issue| issue["code"] == "import.no_country").map(|issue| (&issue["file"], &issue["value"], &issue["row"]));
        assert_eq!(
            doubtful.collect::<Vec<_>>(),
            [(&json!("customers.csv"), &json!("Val2"), &json!(85)), (&json!("customers.csv"), &json!("VALON"), &json!(86))]
        );
        assert_eq!(one(books, "SELECT count(*) FROM import_issue WHERE code = 'import.no_country'"), 2);
        check(books, &expected);
        let before = books.dump_hash();
        assert!(books.app.plan_northwind(&files, &mut go_on()).unwrap().repeated);
        assert!(books.app.import_northwind(&files, &mut go_on()).unwrap().repeated);
        assert_eq!(books.dump_hash(), before);
        let longer = [orders.as_slice(), b"11078,VINET,1998-05-06,1998-06-03,,1.50,x,y,Reims,,51100,France\n"].concat();
        let lines = [lines.as_slice(), b"11078,11,14,1,0.0\n"].concat();
        let more = books.app.import_northwind(&Northwind { orders: &longer, order_lines: &lines, ..FILES }, &mut go_on()).unwrap();
        assert_eq!((more.invoices, more.drafts, more.known_documents, more.new_parties, more.new_items), (0, 1, 60, 0, 0));
        books.app.undo_import(Id::parse(&first.batch.unwrap()).unwrap(), &mut go_on()).unwrap();
        assert_eq!(one(books, "SELECT count(*) FROM billing_document WHERE state = 'draft'"), 1);
        assert_eq!(one(books, "SELECT CAST(sum(abs(open)) AS BIGINT) FROM open_item"), 0);
        books.app.verify().unwrap();
    });
}

#[test]
fn broken_tables_name_file_row_and_column() {
    let books = books();
    let before = books.dump();
    // The order that was shipped first.
    let lines = String::from_utf8(FILES.order_lines.to_vec()).unwrap().replace("10249,14,", "10249,999,");
    let cases: Vec<(Northwind<'_>, &str, &str)> = vec![
        (Northwind { orders: b"OrderID,CustomerID\n1,VINET\n", ..FILES }, "import.unmapped", "orders.csv"),
        (Northwind { order_lines: b"OrderID,ProductID,UnitPrice,Quantity,Discount\n1,11,14,1,0\n", ..FILES }, "import.no_order", "orders.csv"),
        (Northwind { order_lines: b"OrderID,ProductID,UnitPrice,Quantity,Discount\n10248,11,14,many,0\n", ..FILES }, "import.cell", "order_lines.csv.Quantity"),
        (Northwind { order_lines: lines.as_bytes(), ..FILES }, "import.no_link", "order 10249"),
        (Northwind { customers: b"CustomerID,CompanyName,Country\nVINET,Vins,Atlantis\n", ..FILES }, "import.cell", "customers.csv.country"),
        (Northwind { products: b"", ..FILES }, "import.empty", "products.csv"),
    ];
    for (files, code, place) in cases {
        let error = books.app.import_northwind(&files, &mut go_on()).unwrap_err();
        assert_eq!((error.code(), error.field_path()), (code, Some(place)), "{error}");
    }
    assert_eq!(books.dump(), before);
}
