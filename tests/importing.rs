//! Importing what other programs wrote: two real months of a wholesaler, and every kind of broken file.

use std::ops::ControlFlow;

use daybook_core::app::ImportFile;
use daybook_core::importing::Mapping;
use daybook_core::shared::Id;
use serde_json::{Value, json};

use crate::support::{TestBooks, books, each_database};

const RETAIL: &[u8] = include_bytes!("data/online-retail/online-retail.csv.gz");

fn file(bytes: &[u8]) -> ImportFile<'_> {
    ImportFile { name: "sales.csv", bytes, mapping: None, mended: &[] }
}

fn import(books: &TestBooks, bytes: &[u8]) -> Value {
    let report = books.app.import_sales(&file(bytes), &mut |_, _, _| ControlFlow::Continue(())).unwrap_or_else(|e| panic!("{e}"));
    serde_json::to_value(report).unwrap()
}

fn one(books: &TestBooks, sql: &str) -> i64 {
    books.app.read(|tx, _| tx.one(sql, &[])).unwrap()
}

#[test]
fn two_real_months_become_documents_to_the_penny() {
    let books = books();
    let planned = serde_json::to_value(books.app.plan_sales_import(&file(RETAIL)).unwrap()).unwrap();
    let report = import(&books, RETAIL);
    for report in [&planned, &report] {
        assert_eq!(
            (&report["rows"], &report["invoices"], &report["credit_notes"], &report["adjustments"]),
            (&json!(73532), &json!(2487), &json!(541), &json!(201))
        );
        assert_eq!((&report["net"], &report["credit_net"]), (&json!(145309281), &json!(-20242248)));
        assert_eq!(report["new_items"], 2928);
    }
    assert_eq!(one(&books, "SELECT CAST(sum(net) AS BIGINT) FROM billing_document WHERE kind = 'invoice'"), 145_309_281);
    assert_eq!(one(&books, "SELECT CAST(sum(net) AS BIGINT) FROM billing_document WHERE kind = 'credit_note'"), 20_242_248);
    assert_eq!(one(&books, "SELECT count(*) FROM import_row"), 73_532);
    assert_eq!(one(&books, "SELECT count(*) FROM import_row WHERE outcome = 'skipped'"), 0);
    assert_eq!(
        one(
            &books,
            "SELECT count(*) FROM import_row r WHERE outcome = 'line' AND NOT EXISTS (SELECT 1 FROM billing_line l WHERE l.document = r.subject AND l.n = r.line)"
        ),
        0
    );
    assert_eq!(one(&books, "SELECT count(*) FROM billing_line"), 73_331);
    assert_eq!(one(&books, "SELECT max(n) FROM billing_line"), 675);
    let moved = "SELECT CAST(sum(CASE WHEN l.code = 'STORE' THEN s.quantity ELSE 0 END) AS BIGINT) FROM stock_level s JOIN location l ON l.id = s.location";
    assert!(one(&books, moved) < 0);
    let proof = books.app.verify().unwrap();
    assert_eq!(proof.documents, 3028);

    let before = books.dump_hash();
    let again = import(&books, RETAIL);
    assert_eq!(again["repeated"], true);
    assert_eq!(books.dump_hash(), before);
}

const SMALL: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
    1001,ABC1,\"Box, red\",2,2010-12-01 08:26,2.55,17850,United Kingdom\n\
    1001,abc1,Box red,1,2010-12-01 08:26,2.55,17850,United Kingdom\n\
    1001,POST,POSTAGE,1,2010-12-01 08:26,10,17850,United Kingdom\n\
    C1002,ABC1,\"Box, red\",-1,2011-01-05 09:00,2.55,17850,United Kingdom\n\
    1003,ABC1,damaged,-4,2011-01-06 09:00,0,,United Kingdom\n\
    1004,ABC1,\"Box, red\",3,2011-01-07 09:00,2.00,,EIRE\n";

#[test]
fn a_small_file_tells_the_whole_story() {
    each_database(|books| {
        let report = import(books, SMALL.as_bytes());
        assert_eq!(
            (&report["invoices"], &report["credit_notes"], &report["adjustments"], &report["new_items"], &report["new_parties"]),
            (&json!(2), &json!(1), &json!(1), &json!(2), &json!(2))
        );
        let invoice = books.ask("billing.invoice", json!({"number": "1001"}));
        assert_eq!(
            (&invoice["invoice"]["net"], &invoice["invoice"]["tax"], &invoice["invoice"]["issue_date"]),
            (&json!(1765), &json!(309), &json!("2010-12-01"))
        );
        let credit = books.ask("billing.invoice", json!({"number": "C1002"}));
        assert_eq!((&credit["invoice"]["kind"], &credit["invoice"]["net"], &credit["invoice"]["tax"]), (&json!("credit_note"), &json!(255), &json!(51)));
        let irish = books.ask("billing.invoice", json!({"number": "1004"}));
        assert_eq!((&irish["invoice"]["country"], &irish["invoice"]["party_name"]), (&json!("IE"), &json!("Customers without account (IE)")));
        let codes: Vec<&str> = report["issues"].as_array().unwrap().iter().map(|i| i["code"].as_str().unwrap()).collect();
        for code in ["import.code_case", "import.descriptions", "import.not_goods", "import.adjustment", "import.no_customer"] {
            assert!(codes.contains(&code), "{code} in {codes:?}");
        }
        let trace = books.ask("importing.trace", json!({"batch": report["batch"], "from": 2, "to": 7}));
        let outcomes: Vec<&str> = trace.as_array().unwrap().iter().map(|r| r["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["line", "line", "line", "line", "adjustment", "line"]);
        books.app.verify().unwrap();
    });
}

#[test]
fn an_import_is_undone_as_a_batch_and_may_be_repeated() {
    each_database(|books| {
        let report = import(books, SMALL.as_bytes());
        let batch = Id::parse(report["batch"].as_str().unwrap()).unwrap();
        books.app.undo_import(batch, &mut |_, _, _| ControlFlow::Continue(())).unwrap();
        assert_eq!(
            one(
                books,
                "SELECT CAST(coalesce(sum(abs(debit - credit)), 0) AS BIGINT) FROM (SELECT sum(debit) AS debit, sum(credit) AS credit FROM journal_line GROUP BY account) x"
            ),
            0
        );
        assert_eq!(one(books, "SELECT CAST(sum(abs(quantity)) AS BIGINT) FROM stock_level"), 0);
        assert_eq!(one(books, "SELECT CAST(sum(abs(open)) AS BIGINT) FROM open_item"), 0);
        let again = books.app.undo_import(batch, &mut |_, _, _| ControlFlow::Continue(()));
        assert_eq!(again.unwrap_err().code(), "import.undone");
        let second = import(books, SMALL.as_bytes());
        assert_eq!((&second["repeated"], &second["new_items"]), (&json!(false), &json!(0)));
        assert_eq!(books.ask("billing.invoice", json!({"number": "1001/2"}))["invoice"]["net"], 1765);
        books.app.verify().unwrap();
    });
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let books = books();
    let before = books.dump();
    let mut calls = 0;
    let outcome = books.app.import_sales(&file(SMALL.as_bytes()), &mut |_, _, _| {
        calls += 1;
        if calls > 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(outcome.unwrap_err().code(), "import.cancelled");
    assert_eq!(books.dump(), before);
}

#[test]
fn documents_that_are_known_are_left_out_and_reported() {
    let books = books();
    import(&books, SMALL.as_bytes());
    let longer = format!("{SMALL}1005,ABC1,\"Box, red\",1,2011-01-08 09:00,2.55,17850,United Kingdom\n");
    let report = import(&books, longer.as_bytes());
    assert_eq!((&report["invoices"], &report["known_documents"]), (&json!(1), &json!(3)));
}

#[test]
fn broken_files_are_refused_with_row_and_reason() {
    let books = books();
    let header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    let row = |cells: &str| format!("{header}{cells}\n").into_bytes();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "import.empty"),
        (b"  \n ".to_vec(), "import.empty"),
        (header.as_bytes().to_vec(), "import.no_rows"),
        (b"PK\x03\x04zip".to_vec(), "import.not_csv"),
        (b"a,b\n1,\0".to_vec(), "import.not_csv"),
        (vec![0x1f, 0x8b, 1, 2, 3], "import.damaged"),
        (b"just one column\nx\n".to_vec(), "import.one_column"),
        (b"a,A\n1,2\n".to_vec(), "import.same_column"),
        (row("1,ABC,\"never ends,1,2010-12-01,1,,UK"), "import.quote"),
        (row("1,ABC,x,1,2010-12-01,1"), "import.columns"),
        (row("1,ABC,x,1,2010-12-01,1,,UK,extra"), "import.columns"),
        (row("1,ABC,x,one,2010-12-01,1,,United Kingdom"), "import.cell"),
        (row("1,ABC,x,1,2023-02-29,1,,United Kingdom"), "import.cell"),
        (row("1,ABC,x,1,2010-12-01,1,,Atlantis"), "import.cell"),
        (row("1,ABC,x,1,2010-12-01,1.12345678,,United Kingdom"), "import.cell"),
        (row(&format!("1,{},x,1,2010-12-01,1,,United Kingdom", "A".repeat(65))), "import.cell"),
        (row(",ABC,x,1,2010-12-01,1,,United Kingdom"), "import.cell"),
        (row("1,ABC,x,1,05/06/2010,1,,United Kingdom"), "import.ambiguous_dates"),
        (b"number,date,sku,qty\n1,2010-12-01,A,1\n".to_vec(), "import.unmapped"),
    ];
    let before = books.dump();
    for (bytes, code) in cases {
        let error = books.app.import_sales(&file(&bytes), &mut |_, _, _| ControlFlow::Continue(())).unwrap_err();
        assert_eq!(error.code(), code, "{}: {error}", String::from_utf8_lossy(&bytes));
        assert!(!error.message().contains('{') && !error.next().is_empty(), "{code}: {error}");
    }
    assert_eq!(books.dump(), before);
}

#[test]
fn other_shapes_of_file_are_understood() {
    let books = books();
    let german =
        "Rechnungsnummer;Datum;Artikelnummer;Bezeichnung;Menge;Einzelpreis;Kundennummer;Land\r\n7;31.12.2010;X1;M\u{fc}tze;1.000;1,25;K1;Deutschland\r\n";
    let mut latin: Vec<u8> = Vec::new();
    latin.extend(german.chars().map(|c| c as u8));
    let report = import(&books, &latin);
    assert_eq!((&report["invoices"], &report["net"]), (&json!(1), &json!(125)), "{report}");
    assert!(report["issues"].as_array().unwrap().iter().any(|i| i["code"] == "import.encoding_guessed"));
    let american = "doc|when|what|qty|price\n9|12/31/2010|Y1|2|3.50\n";
    let columns = [("number", "doc"), ("date", "when"), ("item", "what"), ("quantity", "qty"), ("price", "price")];
    let mapping = Mapping { columns: columns.map(|(f, c)| (f.to_owned(), c.to_owned())).into(), dates: None };
    let report = books
        .app
        .import_sales(&ImportFile { name: "us.txt", bytes: american.as_bytes(), mapping: Some(mapping), mended: &[] }, &mut |_, _, _| ControlFlow::Continue(()))
        .unwrap();
    assert_eq!((report.counts.invoices, report.counts.net.units()), (1, 700));
    let kept = american.replace("9|", "10|");
    let report = books.app.import_sales(&file(kept.as_bytes()), &mut |_, _, _| ControlFlow::Continue(())).unwrap();
    assert_eq!(report.counts.invoices, 1, "the mapping was kept for the same header");
}
