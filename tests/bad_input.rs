//! Everything that must be refused: with kind, code, field and words that say what to do next, and with the
//! books left as they were, byte for byte.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use daybook_core::app::{App, Call, ImportFile};
use daybook_core::db::Mode;
use daybook_core::shared::Error;
use daybook_core::shared::error::Kind;
use serde_json::{Value, json};

use crate::billing::{customer, item};
use crate::support::{TestBooks, books, clock, each_database};

/// What a refusal must say.
struct Refusal {
    kind: Kind,
    code: &'static str,
    field: Option<&'static str>,
    /// Words of the message.
    says: &'static str,
    /// Words of the next step.
    next: &'static str,
}

const fn refusal(kind: Kind, code: &'static str, field: Option<&'static str>, says: &'static str, next: &'static str) -> Refusal {
    Refusal { kind, code, field, says, next }
}

impl Refusal {
    /// What is wrong with `error`, if anything.
    fn check(&self, what: &str, error: &Error) -> Option<String> {
        let (message, next) = (error.message(), error.next());
        let same = (error.kind(), error.code(), error.field_path()) == (self.kind, self.code, self.field);
        let worded = message.contains(self.says) && next.contains(self.next) && !message.contains('{') && !next.contains('{');
        (!same || !worded).then(|| format!("{what}: {:?} {} {:?} “{message}” next: “{next}”", error.kind(), error.code(), error.field_path()))
    }
}

/// Books with something of everything that may be harmed.
struct Firm {
    party: Value,
    item: Value,
    posted: Value,
    number: Value,
}

fn firm(books: &TestBooks) -> Firm {
    let (party, item) = (customer(books, "ACME", "GB"), item(books, "BOLT", "2.50"));
    let lines = json!([{"item": item, "quantity": "2"}]);
    let posted = books.run("billing.post_invoice", json!({"draft": {"party": party, "issue_date": "2011-01-10", "lines": lines}}));
    books.run("ledger.close_period", json!({"through": "2010-12-31", "reason": "Year end", "hard": true}));
    Firm { party, item, posted: posted["id"].clone(), number: posted["number"].clone() }
}

fn entry(day: &str, debit: Value, credit: Value) -> Value {
    json!({"date": day, "text": "Rent", "lines": [{"account": "7100", "debit": debit}, {"account": "1200", "credit": credit}]})
}

fn invoice(firm: &Firm, line: Value) -> Value {
    json!({"draft": {"party": firm.party, "issue_date": "2011-01-12", "lines": [{"item": firm.item, "quantity": "1"}, line]}})
}

/// Commands and what each must be told.
fn commands(firm: &Firm) -> Vec<(&'static str, Value, Refusal)> {
    [shapes(firm), texts(firm), figures(firm), records(firm)].into_iter().flatten().collect()
}

/// Wrong types, missing fields, names that nothing has.
fn shapes(firm: &Firm) -> Vec<(&'static str, Value, Refusal)> {
    let line = |line: Value| invoice(firm, line);
    vec![
        ("parties.save_party", json!({"name": 7}), refusal(Kind::Invalid, "args.invalid", Some("name"), "string", "daybook commands")),
        ("parties.save_party", json!([1, 2]), refusal(Kind::Invalid, "args.invalid", None, "object", "daybook commands")),
        ("parties.save_party", json!(null), refusal(Kind::Invalid, "text.required", Some("name"), "filled", "Type")),
        ("parties.archive_party", json!({"id": "17"}), refusal(Kind::Invalid, "id.invalid", Some("id"), "17", "Copy the id")),
        ("parties.archive_party", json!({}), refusal(Kind::Invalid, "args.invalid", Some("id"), "missing field `id`", "daybook commands")),
        (
            "billing.post_invoice",
            line(json!({"description": "Tea", "quantity": [], "unit_price": "1"})),
            refusal(Kind::Invalid, "args.invalid", Some("draft.lines[1].quantity"), "does not fit", "daybook commands"),
        ),
        (
            "billing.post_invoice",
            line(json!({"description": "Tea", "quantity": "two", "unit_price": "1"})),
            refusal(Kind::Invalid, "decimal.invalid", Some("draft.lines[1].quantity"), "two", "digits"),
        ),
        ("parties.save_prty", json!({}), refusal(Kind::NotFound, "command.unknown", None, "parties.save_prty", "parties.save_party")),
        ("", json!({}), refusal(Kind::NotFound, "command.unknown", None, "“”", "daybook commands")),
    ]
}

/// Texts that are too long, empty, or no text.
fn texts(firm: &Firm) -> Vec<(&'static str, Value, Refusal)> {
    let line = |line: Value| invoice(firm, line);
    vec![
        ("parties.save_party", json!({"name": "x".repeat(201)}), refusal(Kind::Invalid, "text.too_long", Some("name"), "201 characters; 200 fit", "Shorten")),
        ("parties.save_party", json!({"name": "A", "note": "x".repeat(4001)}), refusal(Kind::Invalid, "text.too_long", Some("note"), "4001", "Shorten")),
        ("parties.save_party", json!({"name": "nul\u{0}byte"}), refusal(Kind::Invalid, "text.control", Some("name"), "U+0000", "Remove")),
        ("parties.save_party", json!({"name": "bell\u{7}"}), refusal(Kind::Invalid, "text.control", Some("name"), "U+0007", "Remove")),
        ("parties.save_party", json!({"name": " \u{a0} "}), refusal(Kind::Invalid, "text.required", Some("name"), "filled", "Type")),
        (
            "billing.post_invoice",
            line(json!({"description": "x".repeat(4001), "unit_price": "1"})),
            refusal(Kind::Invalid, "text.too_long", Some("draft.lines[1].description"), "4001", "Shorten"),
        ),
    ]
}

/// Amounts of 10^18, days that are none, currencies that nobody pays in.
fn figures(firm: &Firm) -> Vec<(&'static str, Value, Refusal)> {
    let line = |line: Value| invoice(firm, line);
    let huge = 1_000_000_000_000_000_000_i64;
    vec![
        (
            "ledger.post_entry",
            entry("2011-01-05", json!(huge), json!(huge)),
            refusal(Kind::Invalid, "money.overflow", Some("lines[0].debit"), "1000000000000000000", "Check the figures"),
        ),
        (
            "billing.post_invoice",
            line(json!({"description": "Tea", "unit_price": "1000000000000000000"})),
            refusal(Kind::Invalid, "decimal.overflow", Some("draft.lines[1].unit_price"), "1000000000000000000", "Check the figures"),
        ),
        (
            "billing.post_invoice",
            line(json!({"description": "Tea", "quantity": "9000000000", "unit_price": "9000000000"})),
            refusal(Kind::Invalid, "money.overflow", Some("draft.lines[1].quantity"), "9000000000 × 9000000000", "Check the figures"),
        ),
        (
            "inventory.adjust",
            json!({"item": firm.item, "quantity": "1000000000000000000", "reason": "x"}),
            refusal(Kind::Invalid, "decimal.overflow", Some("quantity"), "1000000000000000000", "Check the figures"),
        ),
        (
            "ledger.post_entry",
            entry("2023-02-29", json!(100), json!(100)),
            refusal(Kind::Invalid, "date.invalid", Some("date"), "2023-02-29", "year-month-day"),
        ),
        ("ledger.post_entry", entry("1/5/2011", json!(100), json!(100)), refusal(Kind::Invalid, "date.invalid", Some("date"), "1/5/2011", "year-month-day")),
        ("ledger.post_entry", entry("2011-1-5", json!(100), json!(100)), refusal(Kind::Invalid, "date.invalid", Some("date"), "2011-1-5", "year-month-day")),
        ("parties.save_party", json!({"name": "A", "currency": "XQX"}), refusal(Kind::Invalid, "currency.unknown", Some("currency"), "XQX", "three-letter")),
        ("parties.save_party", json!({"name": "A", "currency": "gbp"}), refusal(Kind::Invalid, "currency.unknown", Some("currency"), "gbp", "three-letter")),
    ]
}

/// What the ledger does not take, and what is final.
fn records(firm: &Firm) -> Vec<(&'static str, Value, Refusal)> {
    let draft = json!({"party": firm.party, "lines": [{"item": firm.item, "quantity": "1"}]});
    vec![
        (
            "ledger.post_entry",
            entry("2011-01-05", json!(100), json!(101)),
            refusal(Kind::Invalid, "entry.unbalanced", Some("lines"), "differ by 0.01", "both sides"),
        ),
        (
            "ledger.post_entry",
            entry("2011-01-05", json!(-100), json!(-100)),
            refusal(Kind::Invalid, "entry.negative", Some("lines[0].debit"), "below zero", "other side"),
        ),
        ("ledger.post_entry", entry("2010-12-31", json!(100), json!(100)), refusal(Kind::Closed, "period.closed", Some("date"), "closed", "2011-01-01")),
        (
            "billing.post_invoice",
            json!({"draft": {"party": firm.party, "issue_date": "2010-12-30", "lines": [{"item": firm.item, "quantity": "1"}]}}),
            refusal(Kind::Closed, "period.closed", Some("date"), "closed", "2011-01-01"),
        ),
        ("billing.save_draft", json!({"id": firm.posted, "draft": draft}), refusal(Kind::State, "document.posted", None, "posted, hence final", "credit note")),
        ("billing.discard_draft", json!({"id": firm.posted}), refusal(Kind::State, "document.posted", None, "posted, hence final", "credit note")),
        ("billing.post_draft", json!({"id": firm.posted}), refusal(Kind::State, "document.posted", None, "posted, hence final", "credit note")),
        (
            "parties.archive_party",
            json!({"id": "01890a5d-ac96-774b-bcce-b302099a8057"}),
            refusal(Kind::NotFound, "record.not_found", None, "no such contact", "another one"),
        ),
    ]
}

#[test]
fn commands_refuse_what_is_wrong() {
    each_database(|books| {
        let firm = firm(books);
        let before = books.dump_hash();
        let mut wrong = Vec::new();
        for (name, args, wanted) in commands(&firm) {
            match books.try_run(name, args.clone()) {
                Ok(outcome) => panic!("{name} {args:.200} was done: {}\n{}", outcome.result, wrong.join("\n")),
                Err(error) => wrong.extend(wanted.check(&format!("{name} {args:.200}"), &error)),
            }
            assert_eq!(books.dump_hash(), before, "{name} left something behind");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        books.app.verify().unwrap();
    });
}

#[test]
fn the_database_itself_refuses_to_change_what_is_posted() {
    each_database(|books| {
        let firm = firm(books);
        let before = books.dump_hash();
        let number = firm.number.as_str().unwrap();
        for sql in [
            format!("UPDATE billing_document SET gross = gross + 1 WHERE number = '{number}'"),
            format!("DELETE FROM billing_document WHERE number = '{number}'"),
            "UPDATE billing_line SET quantity = 1".to_owned(),
            "UPDATE journal_line SET debit = debit + 1 WHERE debit > 0".to_owned(),
            "DELETE FROM journal_entry".to_owned(),
            "UPDATE stock_move SET quantity = 7".to_owned(),
            "UPDATE move_cost SET value = 7".to_owned(),
            "DELETE FROM move_cost".to_owned(),
            "UPDATE number_issued SET text = 'x'".to_owned(),
        ] {
            let error = books.app.storage().write(|tx| tx.raw(&sql)).unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::State, "row.final"), "{sql}: {error}");
            assert!(!error.next().is_empty());
            assert_eq!(books.dump_hash(), before, "{sql}");
        }
    });
}

const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
const GOOD: &str = "1,ABC,x,1,2011-01-05,1,C1,United Kingdom\n";

/// Files of sales and what each must be told.
fn files() -> Vec<(&'static str, Vec<u8>, Refusal)> {
    let rows = |row: &str| format!("{HEADER}{GOOD}{row}\n").into_bytes();
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes)).chain([0x00]).collect();
    let bad_utf8 = [b"\xef\xbb\xbf".as_slice(), HEADER.as_bytes(), b"1,ABC,caf\xe9,1,2011-01-05,1,,United Kingdom\n"].concat();
    vec![
        ("half a character of UTF-16", wide, refusal(Kind::Invalid, "import.encoding", None, "UTF-16", "UTF-8")),
        ("said to be UTF-8 and is not", bad_utf8, refusal(Kind::Invalid, "import.encoding", None, "UTF-8", "UTF-8")),
        ("no text at all", b"PK\x03\x04\0\0".to_vec(), refusal(Kind::Invalid, "import.not_csv", None, "rows and columns", "CSV")),
        ("nothing", Vec::new(), refusal(Kind::Invalid, "import.empty", None, "empty", "again")),
        ("a header alone", HEADER.as_bytes().to_vec(), refusal(Kind::Invalid, "import.no_rows", None, "no rows", "again")),
        ("a packed file, cut off", vec![0x1f, 0x8b, 1, 2, 3], refusal(Kind::Invalid, "import.damaged", None, "damaged", "again")),
        ("a quote that never ends", rows("2,ABC,\"never ends,1,2011-01-05,1,,UK"), refusal(Kind::Invalid, "import.quote", None, "row 3", "Mend")),
        ("too few columns", rows("2,ABC,x,1,2011-01-05,1"), refusal(Kind::Invalid, "import.columns", None, "Row 3 has 6 columns", "Mend")),
        ("too many columns", rows("2,ABC,x,1,2011-01-05,1,,UK,more"), refusal(Kind::Invalid, "import.columns", None, "Row 3 has 9 columns", "Mend")),
        ("two columns of a name", b"a,A\n1,2\n".to_vec(), refusal(Kind::Invalid, "import.same_column", None, "A", "Rename")),
        (
            "no column for the price",
            b"number,date,sku,qty\n1,2011-01-05,A,1\n".to_vec(),
            refusal(Kind::Invalid, "import.unmapped", Some("mapping"), "price", "Choose"),
        ),
        (
            "a word for a quantity",
            rows("2,ABC,x,one,2011-01-05,1,,United Kingdom"),
            refusal(Kind::Invalid, "import.cell", Some("quantity"), "Row 3, Quantity", "Mend"),
        ),
        ("a day that is none", rows("2,ABC,x,1,2023-02-29,1,,United Kingdom"), refusal(Kind::Invalid, "import.cell", Some("date"), "2023-02-29", "Mend")),
        (
            "a price of 10^18",
            rows("2,ABC,x,1,2011-01-05,1000000000000000000,,United Kingdom"),
            refusal(Kind::Invalid, "import.cell", Some("price"), "Row 3, UnitPrice", "Mend"),
        ),
        (
            "a code too long",
            rows(&format!("2,{},x,1,2011-01-05,1,,United Kingdom", "A".repeat(65))),
            refusal(Kind::Invalid, "import.cell", Some("item"), "Row 3, StockCode", "Mend"),
        ),
        ("a country that is none", rows("2,ABC,x,1,2011-01-05,1,,Atlantis"), refusal(Kind::Invalid, "import.cell", Some("country"), "Atlantis", "Mend")),
        ("a NUL in a cell", rows("2,A\0BC,x,1,2011-01-05,1,,United Kingdom"), refusal(Kind::Invalid, "import.not_csv", None, "rows and columns", "CSV")),
        (
            "dates of two minds",
            format!("{HEADER}1,ABC,x,1,05/06/2011,1,,United Kingdom\n").into_bytes(),
            refusal(Kind::Invalid, "import.ambiguous_dates", Some("date"), "day-month", "dates=dmy"),
        ),
        (
            "days that are closed",
            rows("2,ABC,x,1,2010-12-05,1,,United Kingdom"),
            refusal(Kind::Closed, "period.closed", Some("document 2 (row 3).date"), "2010-12-31", "reopened"),
        ),
    ]
}

#[test]
fn imports_refuse_what_is_wrong_and_keep_nothing_of_the_file() {
    each_database(|books| {
        firm(books);
        let before = books.dump_hash();
        let mut wrong = Vec::new();
        for (what, bytes, wanted) in files() {
            let file = ImportFile { name: "sales.csv", bytes: &bytes, mapping: None, mended: &[] };
            match books.app.import_sales(&file, &mut |_, _, _| ControlFlow::Continue(())) {
                Ok(report) => wrong.push(format!("{what} was imported: {:?}", report.counts)),
                Err(error) => wrong.extend(wanted.check(what, &error)),
            }
            assert_eq!(books.dump_hash(), before, "{what} left something behind");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// Makes a file that is no books, or books that cannot be used.
type Spoil = fn(&Path);

/// Books files and what opening them must be told: for writing, for reading.
const BOOKS: &[(&str, Spoil, Refusal, Option<Refusal>)] = &[
    (
        "none",
        |_| {},
        refusal(Kind::NotFound, "books.missing", None, "no books", "daybook init"),
        Some(refusal(Kind::NotFound, "books.missing", None, "no books", "daybook init")),
    ),
    (
        "text",
        |path| fs::write(path, "Dear diary, today was a day like any other.\n".repeat(9)).unwrap(),
        refusal(Kind::Incompatible, "books.not_books", None, "not a Daybook books file", "another file"),
        Some(refusal(Kind::Incompatible, "books.not_books", None, "not a Daybook books file", "another file")),
    ),
    (
        "empty",
        |path| fs::write(path, "").unwrap(),
        refusal(Kind::Incompatible, "books.empty", None, "empty", "backup"),
        Some(refusal(Kind::Incompatible, "books.empty", None, "empty", "backup")),
    ),
    (
        "of another program",
        |path| rusqlite::Connection::open(path).unwrap().execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap(),
        refusal(Kind::Incompatible, "books.other_program", None, "another program", "untouched"),
        Some(refusal(Kind::Incompatible, "books.other_program", None, "another program", "untouched")),
    ),
    (
        "newer",
        |path| {
            copy_books(path);
            rusqlite::Connection::open(path).unwrap().execute("INSERT INTO schema_migration VALUES (9999, 'future', 'x')", []).map(drop).unwrap();
        },
        refusal(Kind::Incompatible, "books.newer", None, "9999", "newer Daybook"),
        Some(refusal(Kind::Incompatible, "books.newer", None, "9999", "newer Daybook")),
    ),
    (
        "read-only",
        |path| {
            copy_books(path);
            let mut rights = fs::metadata(path).unwrap().permissions();
            rights.set_readonly(true);
            fs::set_permissions(path, rights).unwrap();
        },
        refusal(Kind::Storage, "disk.read_only", None, "read-only", "right to write"),
        None,
    ),
];

fn copy_books(path: &Path) {
    let books = books();
    books.app.storage().books().unwrap().backup(path).unwrap();
}

#[test]
fn books_files_that_cannot_be_used_are_refused_untouched() {
    let mut wrong = Vec::new();
    for (what, spoil, writing, reading) in BOOKS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("firm.books");
        spoil(&path);
        let before = fs::read(&path).ok();
        for (mode, wanted) in [(Mode::Write, Some(writing)), (Mode::Read, reading.as_ref())] {
            match (App::open(&path, mode, clock()), wanted) {
                (Ok(_), None) => {}
                (Ok(_), Some(_)) => wrong.push(format!("{what}: opened")),
                (Err(error), None) => wrong.push(format!("{what}: {error}")),
                (Err(error), Some(wanted)) => {
                    wrong.extend(wanted.check(what, &error));
                    if *what != "newer" && !error.message().contains("firm.books") {
                        wrong.push(format!("{what}: no file is named: {}", error.message()));
                    }
                }
            }
            assert_eq!(fs::read(&path).ok(), before, "{what}: the file was touched");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn path_of(books: &TestBooks) -> PathBuf {
    books.folder.as_ref().unwrap().path().join("test.books")
}

#[test]
fn books_that_another_process_holds_are_left_to_it() {
    let books = books();
    let before = books.dump_hash();
    let error = App::open(&path_of(&books), Mode::Write, clock()).err().unwrap();
    let wanted = refusal(Kind::Busy, "books.locked", None, "process", "reading only");
    assert_eq!(wanted.check("locked", &error), None);
    let reader = App::open(&path_of(&books), Mode::Read, clock()).unwrap();
    let error = reader.execute(Call::new("parties.save_party", json!({"name": "Ann"}))).unwrap_err();
    let wanted = refusal(Kind::Storage, "books.opened_read_only", None, "reading only", "Close the other program");
    assert_eq!(wanted.check("opened for reading", &error), None);
    assert_eq!(books.dump_hash(), before);
    books.run("parties.save_party", json!({"name": "Ann"}));
}

#[test]
fn a_full_disk_takes_nothing_and_loses_nothing() {
    let books = books();
    books.app.storage().books().unwrap().limit_pages_to_current().unwrap();
    let mut before = books.dump_hash();
    let error = loop {
        match books.try_run("parties.save_party", json!({"name": "x".repeat(200), "note": "y".repeat(4000)})) {
            Ok(_) => before = books.dump_hash(),
            Err(error) => break error,
        }
    };
    assert_eq!(refusal(Kind::Storage, "disk.full", None, "full", "Make space").check("full", &error), None);
    assert_eq!(books.dump_hash(), before);
    books.app.verify().unwrap();
    let path = path_of(&books);
    let TestBooks { app, folder } = books;
    drop(app);
    let again = App::open(&path, Mode::Write, clock()).unwrap();
    assert_eq!((again.dump_hash().unwrap(), again.lost()), (before, 0));
    again.execute(Call::new("parties.save_party", json!({"name": "There is space again"}))).unwrap();
    drop(folder);
}
