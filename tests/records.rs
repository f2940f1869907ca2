//! Importing records of other programs: contacts, items and any record that a command saves.

use std::ops::ControlFlow;

use daybook_core::app::ImportFile;
use daybook_core::importing::{Mapping, Mended};
use daybook_core::shared::Id;
use serde_json::{Value, json};

use crate::support::{TestBooks, books, each_database};

fn file(text: &str) -> ImportFile<'_> {
    ImportFile { name: "records.csv", bytes: text.as_bytes(), mapping: None, mended: &[] }
}

fn import(books: &TestBooks, kind: &str, text: &str) -> Value {
    let report = books.app.import_records(kind, &file(text), &mut |_, _, _| ControlFlow::Continue(())).unwrap_or_else(|e| panic!("{e}"));
    serde_json::to_value(report).unwrap()
}

fn refused(books: &TestBooks, kind: &str, text: &str) -> daybook_core::shared::Error {
    books.app.import_records(kind, &file(text), &mut |_, _, _| ControlFlow::Continue(())).unwrap_err()
}

fn one(books: &TestBooks, sql: &str) -> i64 {
    books.app.read(|tx, _| tx.one(sql, &[])).unwrap()
}

fn codes(report: &Value) -> Vec<&str> {
    report["issues"].as_array().unwrap().iter().map(|issue| issue["code"].as_str().unwrap()).collect()
}

const PARTIES: &str = "CustomerID,CompanyName,Address,City,PostalCode,Country,Phone,Fax,Net days\n\
    ALFKI,Alfreds Futterkiste,Obere Str. 57,Berlin,12209,Germany,030-0074321,030-0076545,14\n\
    AROUT,Around the Horn,\"120 Hanover Sq.\nHouse B\",London,WA1 1DP,UK,(171) 555-7788,,\n\
    GREAL,Great Lakes Food Market,2732 Baker Blvd.,Eugene,97403,USA,(503) 555-7555,,30\n";

#[test]
fn contacts_are_read_by_the_words_files_use() {
    each_database(|books| {
        let planned = serde_json::to_value(books.app.plan_record_import("parties", &file(PARTIES)).unwrap()).unwrap();
        assert_eq!((&planned["new_parties"], &planned["batch"]), (&json!(3), &Value::Null));
        assert_eq!(one(books, "SELECT count(*) FROM party"), 0);
        let mapped = planned["columns"].as_array().unwrap().iter().map(|c| c["mapped_to"].as_str().unwrap_or("-")).collect::<Vec<_>>();
        assert_eq!(mapped, ["code", "name", "line1", "city", "postcode", "country", "phone", "-", "payment_days"]);

        let report = import(books, "parties", PARTIES);
        assert_eq!((&report["new_records"], &report["new_parties"], &report["known_records"]), (&json!(3), &json!(3), &json!(0)));
        let sql = "SELECT count(*) FROM party WHERE code = 'AROUT' AND country = 'GB' AND line1 = '120 Hanover Sq.' AND line2 = 'House B' AND is_customer = 1";
        assert_eq!(one(books, sql), 1);
        assert_eq!(one(books, "SELECT count(*) FROM party WHERE country = 'US' AND payment_days = 30"), 1);
        let trace = books.ask("importing.trace", json!({"batch": report["batch"], "from": 2, "to": 9}));
        assert_eq!(trace.as_array().unwrap().iter().filter(|row| row["outcome"] == "record").count(), 3);
        books.app.verify().unwrap();
    });
}

#[test]
fn the_same_rows_twice_change_nothing() {
    each_database(|books| {
        import(books, "parties", PARTIES);
        let before = books.dump_hash();
        assert_eq!(import(books, "parties", PARTIES)["repeated"], true);
        assert_eq!(books.dump_hash(), before);

        let longer = format!("{PARTIES}alfki,Somebody else,,,,Germany,,,\nNEW,Newcomer,,,,France,,,\nnew,Newcomer again,,,,France,,,\n");
        let report = import(books, "parties", &longer);
        assert_eq!((&report["new_records"], &report["known_records"]), (&json!(1), &json!(5)));
        assert_eq!(one(books, "SELECT count(*) FROM party"), 4);
        assert_eq!(one(books, "SELECT count(*) FROM party WHERE name = 'Alfreds Futterkiste'"), 1);
        assert_eq!(codes(&report), ["import.known_record", "import.known_record", "import.known_record", "import.doubled_record", "import.doubled_record"]);
        let trace = books.ask("importing.trace", json!({"batch": report["batch"], "from": 2, "to": 9}));
        let outcomes: Vec<&str> = trace.as_array().unwrap().iter().map(|r| r["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["skipped", "skipped", "skipped", "skipped", "record", "skipped"]);
    });
}

#[test]
fn without_codes_the_names_tell_rows_apart() {
    let books = books();
    let text = "Name;Land;E-mail for invoices\nM\u{fc}ller GmbH;Deutschland;a@b.de\nDupont;France;\n";
    assert_eq!(import(&books, "parties", text)["new_records"], 2);
    let report = import(&books, "parties", &format!("{text}M\u{dc}LLER GMBH;Deutschland;\nNeu;Schweiz;\n"));
    assert_eq!((&report["new_records"], &report["known_records"]), (&json!(1), &json!(3)));
}

#[test]
fn suppliers_are_known_by_their_column() {
    let books = books();
    import(&books, "parties", "SupplierID,CompanyName,Country\n1,Exotic Liquids,UK\n");
    assert_eq!(one(&books, "SELECT count(*) FROM party WHERE is_supplier = 1 AND is_customer = 0"), 1);
    import(&books, "parties", "Code,Name,Customer,Supplier\nB,Both,yes,x\n");
    assert_eq!(one(&books, "SELECT count(*) FROM party WHERE is_supplier = 1 AND is_customer = 1"), 1);
}

const ITEMS: &str = "ProductID,ProductName,SupplierID,CategoryName,QuantityPerUnit,UnitPrice,UnitsInStock,Discontinued\n\
    1,Chai,1,Beverages,10 boxes x 20 bags,18,39,0\n\
    2,Chang,1,beverages,24 - 12 oz bottles,19.5,17,0\n\
    5,Chef Anton's Gumbo Mix,2,Condiments,36 boxes,21.35,0,1\n";

#[test]
fn items_bring_their_categories_and_leave_use() {
    each_database(|books| {
        let report = import(books, "items", ITEMS);
        assert_eq!((&report["new_items"], &report["new_records"]), (&json!(3), &json!(3)));
        assert_eq!(one(books, "SELECT count(*) FROM item_category"), 2);
        assert_eq!(one(books, "SELECT count(*) FROM item i JOIN item_category c ON c.id = i.category WHERE c.name = 'Beverages'"), 2);
        assert_eq!(one(books, "SELECT sales_price FROM item WHERE code = '2'"), 19_500_000);
        assert_eq!(one(books, "SELECT count(*) FROM item WHERE archived = 1 AND code = '5'"), 1);
        import(books, "items", &format!("{ITEMS}6,Syrup,2,Condiments,,\"1,234.50\",0,0\n"));
        assert_eq!((one(books, "SELECT count(*) FROM item"), one(books, "SELECT count(*) FROM item_category")), (4, 2));
    });
}

#[test]
fn labels_choices_and_decimal_commas_are_understood() {
    let books = books();
    let text = "Code;Name;Goods or service;Unit;Sales price;Tax class\nH1;Hour;service;HUR;85,50;standard rate\nG1;Thing;Goods;;1.200,25;zero\n";
    import(&books, "items", text);
    assert_eq!(one(&books, "SELECT sales_price FROM item WHERE code = 'G1' AND kind = 'goods' AND tax_class = 'zero'"), 1_200_250_000);
    assert_eq!(one(&books, "SELECT sales_price FROM item WHERE code = 'H1' AND kind = 'service' AND base_unit = 'HUR'"), 85_500_000);
    let described = import(&books, "items", "StockCode,Description,Price\nD1,Only described,2\n");
    assert_eq!(described["new_items"], 1);
    assert_eq!(one(&books, "SELECT count(*) FROM item WHERE name = 'Only described'"), 1);
}

#[test]
fn a_person_may_map_columns_and_it_is_remembered() {
    let books = books();
    let text = "what,how\nA1,First thing\n";
    let blank = serde_json::to_value(books.app.plan_record_import("items", &file(text)).unwrap()).unwrap();
    assert_eq!((&blank["new_records"], &blank["rows"]), (&json!(0), &json!(1)), "no column fits: the person is asked");
    let mapping = Mapping { columns: [("code", "what"), ("name", "how")].map(|(f, c)| (f.to_owned(), c.to_owned())).into(), dates: None };
    let report = books.app.import_records("items", &ImportFile { mapping: Some(mapping), ..file(text) }, &mut |_, _, _| ControlFlow::Continue(()));
    assert_eq!(report.unwrap().counts.new_items, 1);
    assert_eq!(import(&books, "items", &format!("{text}A2,Second thing\n"))["new_items"], 1);
}

#[test]
fn columns_that_were_set_aside_are_not_read() {
    let books = books();
    let mapping = Mapping { columns: [("name", "CompanyName"), ("country", "Country")].map(|(f, c)| (f.to_owned(), c.to_owned())).into(), dates: None };
    let report = books.app.import_records("parties", &ImportFile { mapping: Some(mapping), ..file(PARTIES) }, &mut |_, _, _| ControlFlow::Continue(()));
    assert_eq!(report.unwrap().counts.new_parties, 3);
    assert_eq!(one(&books, "SELECT count(*) FROM party WHERE code <> '' OR phone <> ''"), 0);
}

fn undo(books: &TestBooks, report: &Value) -> Result<(), daybook_core::shared::Error> {
    let batch = Id::parse(report["batch"].as_str().unwrap()).unwrap();
    books.app.undo_import(batch, &mut |_, _, _| ControlFlow::Continue(()))
}

/// The dump without its history: what was imported when, and the entries behind it.
fn present(books: &TestBooks) -> Vec<String> {
    books.dump().lines().filter(|line| !line.starts_with("import_")).map(str::to_owned).collect()
}

#[test]
fn an_import_of_records_is_taken_back_by_putting_them_out_of_use() {
    each_database(|books| {
        let report = import(books, "parties", PARTIES);
        undo(books, &report).unwrap();
        assert_eq!(one(books, "SELECT count(*) FROM party WHERE archived = 0"), 0);
        assert_eq!(undo(books, &report).unwrap_err().code(), "import.undone");
    });
}

#[test]
fn an_import_that_was_undone_is_repeated_to_the_same_books() {
    each_database(|books| {
        for (kind, text, table) in [("parties", PARTIES, "party"), ("items", ITEMS, "item")] {
            let first = import(books, kind, text);
            let before = present(books);
            for _ in 0..2 {
                let undone = import(books, kind, text);
                assert_eq!(undone["repeated"], true);
                undo(books, &undone).unwrap();
                assert_eq!(one(books, &format!("SELECT count(*) FROM {table} WHERE archived = 0")), 0);
                let again = import(books, kind, text);
                assert_eq!((&again["repeated"], &again["new_records"], &again["known_records"]), (&json!(false), &first["new_records"], &json!(0)));
                assert_eq!(codes(&again).iter().filter(|code| **code == "import.restored_record").count(), 3);
                assert_eq!(present(books), before, "{kind}");
            }
        }
        books.app.verify().unwrap();
    });
}

#[test]
fn what_comes_back_says_what_its_row_says_now() {
    each_database(|books| {
        let report = import(books, "parties", PARTIES);
        let id = |code: &str| books.app.read(|tx, _| tx.one::<Id<()>>(&format!("SELECT id FROM party WHERE code = '{code}'"), &[])).unwrap();
        books.run("parties.archive_party", json!({"id": id("GREAL")}));
        let kept = books.run("parties.save_party", json!({"name": "Bought elsewhere", "country": "GB"}));
        books.run("parties.merge_parties", json!({"loser": id("AROUT"), "winner": kept["id"]}));
        undo(books, &report).unwrap();
        let moved = PARTIES.replace("Berlin", "Bonn");
        let again = import(books, "parties", &moved);
        assert_eq!((&again["new_records"], &again["known_records"]), (&json!(2), &json!(1)), "{again}");
        assert_eq!(one(books, "SELECT count(*) FROM party WHERE code = 'ALFKI' AND city = 'Bonn' AND archived = 0"), 1);
        assert_eq!(one(books, "SELECT count(*) FROM party WHERE code = 'AROUT' AND archived = 1"), 1, "merged into another: left out");
        undo(books, &again).unwrap();
        assert_eq!(one(books, "SELECT count(*) FROM party WHERE archived = 0"), 1);
    });
}

#[test]
fn what_was_put_out_of_use_by_hand_stays_so() {
    let books = books();
    import(&books, "parties", PARTIES);
    let id = books.app.read(|tx, _| tx.one::<Id<()>>("SELECT id FROM party WHERE code = 'ALFKI'", &[])).unwrap();
    books.run("parties.archive_party", json!({"id": id}));
    let report = import(&books, "parties", &format!("{PARTIES}NEW,Newcomer,,,,France,,,\n"));
    assert_eq!((&report["new_records"], &report["known_records"]), (&json!(1), &json!(3)));
    assert_eq!(one(&books, "SELECT count(*) FROM party WHERE archived = 1"), 1);
}

#[test]
fn a_contact_without_a_country_is_named_as_doubtful() {
    each_database(|books| {
        let report = import(books, "parties", &format!("{PARTIES}VALON,IT,,,,,,,\n,Nameless City,,,,,,,\n"));
        let doubtful: Vec<_> = report["issues"].as_array().unwrap().iter().filter(|issue| issue["code"] == "import.no_country").collect();
        let named: Vec<_> = doubtful.iter().map(|issue| (issue["row"].as_i64().unwrap(), issue["value"].as_str().unwrap())).collect();
        assert_eq!(named, [(5, "VALON"), (6, "Nameless City")]);
        assert!(doubtful[0]["message"].as_str().unwrap().contains("VALON") && !doubtful[0]["action"].as_str().unwrap().is_empty());
        assert_eq!(codes(&import(books, "parties", "Code,Name\nX1,No column of countries\n")), [""; 0]);
    });
}

#[test]
fn any_record_with_a_saving_command_may_be_imported() {
    let books = books();
    assert_eq!(import(&books, "item_category", "Name,Tax class\nFood,zero\nTools,standard\n")["new_records"], 2);
    assert_eq!(import(&books, "item_category", "Name,Tax class\nfood,zero\nToys,standard\n")["new_records"], 1);
    import(&books, "parties", "Code,Name,Country\nP1,Firm,FR\n");
    let addresses = "Contact,Street and number,City\nP1,1 rue X,Paris\nfirm,2 rue Y,Lyon\n";
    let fields = books.app.plan_record_import("party_address", &file(addresses)).unwrap().mapping.columns;
    assert!(fields.contains_key("party") || fields.contains_key("line1"), "{fields:?}");
    for kind in ["billing_document", "nothing", ""] {
        assert_eq!(books.app.plan_record_import(kind, &file(PARTIES)).unwrap_err().code(), "import.unknown");
    }
}

#[test]
fn bad_input_names_row_and_column_and_leaves_nothing() {
    let books = books();
    books.run("parties.save_party", json!({"code": "OLD", "name": "Old friend", "country": "GB"}));
    let before = books.dump();
    let party = |row: &str| format!("Code,Name,Country,Phone,E-mail for invoices,VAT number,Credit limit,On hold\nA,Good,GB,,,,,\n{row}\n");
    let item = |row: &str| format!("Code,Name,Goods or service,Unit,Sales price,Country of origin,Discontinued\nA,Good,goods,,1,,0\n{row}\n");
    let cases: Vec<(&str, String, &str, &str)> = vec![
        ("parties", party("B,,GB,,,,,"), "import.cell", "Row 3, Name"),
        ("parties", party("B,Bad,Atlantis,,,,,"), "import.cell", "Row 3, Country"),
        ("parties", party("B,Bad,GB,,nonsense,,,"), "import.cell", "Row 3, E-mail for invoices"),
        ("parties", party("B,Bad,GB,,,XX12,,"), "import.cell", "Row 3, VAT number"),
        ("parties", party("B,Bad,GB,,,,-5,"), "import.cell", "Row 3, Credit limit"),
        ("parties", party("B,Bad,GB,,,,1.234,"), "import.cell", "Row 3, Credit limit"),
        ("parties", party("B,Bad,GB,,,,,perhaps"), "import.cell", "Row 3, On hold"),
        ("parties", party(&format!("B,{},GB,,,,,", "x".repeat(201))), "import.cell", "Row 3, Name"),
        ("parties", party(&format!("{},Bad,GB,,,,,", "x".repeat(65))), "import.cell", "Row 3, Code"),
        ("parties", "Phone,Fax\n1,2\n".to_owned(), "import.unmapped", "name"),
        ("parties", String::new(), "import.empty", "empty"),
        ("items", item(",No code,goods,,1,,0"), "import.cell", "Row 3, Code"),
        ("items", item("B,Bad,maybe,,1,,0"), "import.cell", "Row 3, Goods or service"),
        ("items", item("B,Bad,goods,ZZZ,1,,0"), "import.cell", "Row 3, Unit"),
        ("items", item("B,Bad,goods,,free,,0"), "import.cell", "Row 3, Sales price"),
        ("items", item("B,Bad,goods,,-1,,0"), "import.cell", "Row 3, Sales price"),
        ("items", item("B,Bad,goods,,1,Atlantis,0"), "import.cell", "Row 3, Country of origin"),
        ("items", item("B,Bad,goods,,1,,soon"), "import.cell", "Row 3, Discontinued"),
        ("items", item("B,Bad,goods"), "import.columns", "Row 3"),
    ];
    for (kind, text, code, says) in cases {
        let error = refused(&books, kind, &text);
        assert_eq!(error.code(), code, "{text}: {error}");
        assert!(error.message().contains(says) && !error.message().contains('{') && !error.next().is_empty(), "{text}: {error}");
    }
    assert_eq!(books.dump(), before);
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let books = books();
    let before = books.dump();
    let outcome = books.app.import_records("parties", &file(PARTIES), &mut |done, _, stage| {
        if stage == "records" && done == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(outcome.unwrap_err().code(), "import.cancelled");
    assert_eq!(books.dump(), before);
}

/// Imports with cells that a person mended.
fn mended(row: i64, column: &str, value: &str) -> Mended {
    Mended { row, column: column.to_owned(), value: value.to_owned() }
}

/// Row, column and the code of the reason of every cell that stands in the way.
fn wrong(report: &Value) -> Vec<(i64, String, String)> {
    let cells = report["wrong"].as_array().unwrap().iter();
    cells
        .map(|cell| (cell["row"].as_i64().unwrap(), cell["column"].as_str().unwrap().to_owned(), cell["reason"]["code"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn every_wrong_cell_is_told_at_once_mended_and_imported() {
    const FILE: &str = "Code,Name,Country,E-mail\nA,Alpha,GB,a@example.com\nB,,Atlantis,nonsense\nC,Gamma,GB,c@example.com\nD,Delta,GB,who\n";
    each_database(|books| {
        let plan = |mended: &[Mended]| serde_json::to_value(books.app.plan_record_import("parties", &ImportFile { mended, ..file(FILE) }).unwrap()).unwrap();
        let cell = |row: i64, column: &str, code: &str| (row, column.to_owned(), code.to_owned());
        let before = books.dump();
        assert_eq!(wrong(&plan(&[])), [cell(3, "Name", "text.required"), cell(3, "Country", "country.unknown"), cell(5, "E-mail", "party.email")]);
        let mut fixes = vec![mended(3, "Name", "Beta"), mended(3, "Country", "Germany"), mended(5, "E-mail", "d@example.com")];
        assert_eq!(wrong(&plan(&fixes)), [cell(3, "E-mail", "party.email")], "what the books refuse is found before anything is imported");
        assert_eq!(books.dump(), before, "looking leaves nothing");
        let carry_out = |mended: &[Mended]| books.app.import_records("parties", &ImportFile { mended, ..file(FILE) }, &mut |_, _, _| ControlFlow::Continue(()));
        assert_eq!(carry_out(&fixes).unwrap_err().code(), "import.cell");
        assert_eq!(books.dump(), before);
        fixes.push(mended(3, "E-mail", ""));
        assert_eq!(wrong(&plan(&fixes)), []);
        let report = serde_json::to_value(carry_out(&fixes).unwrap()).unwrap();
        assert_eq!((&report["new_records"], codes(&report)), (&json!(4), vec!["import.mended"; 4]), "the report says what the file did not");
        assert_eq!(one(books, "SELECT count(*) FROM party WHERE name = 'Beta' AND country = 'DE' AND email = ''"), 1);
        let unknown = books.app.plan_record_import("parties", &ImportFile { mended: &[mended(3, "Fax", "1")], ..file(FILE) }).unwrap_err();
        assert_eq!(unknown.code(), "import.unknown_column");
    });
}

#[test]
fn one_wrong_date_does_not_make_the_others_wrong() {
    let file = ImportFile { name: "sales.csv", bytes: b"number,date,sku,qty,price\n1,31/12/2010,A,1,5\n2,5/1/2011,A,1,5\n3,soon,A,1,5\n", ..file("") };
    let report = serde_json::to_value(books().app.plan_sales_import(&file).unwrap()).unwrap();
    assert_eq!(wrong(&report), [(4, "date".to_owned(), "date.invalid".to_owned())]);
    assert_eq!(report["invoices"], 2);
}
