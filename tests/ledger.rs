//! The ledger: what is posted balances, is final, lands in an open period and adds up everywhere.

use daybook_core::ledger::api::{self, JournalCode, Posting, Role, Settlement, credit, debit};
use daybook_core::shared::{Code, Date, Error, Id, Minor, Name};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{TestBooks, books, books_in, each_database};

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn minor(units: i64) -> Minor {
    Minor::new(units).unwrap()
}

pub fn party(books: &TestBooks, name: &str) -> String {
    books.run("parties.save_party", json!({"name": name}))["id"].as_str().unwrap().to_owned()
}

/// Posts `(account, party, debit, credit)` lines by hand and gives the entry's id.
#[track_caller]
pub fn post(books: &TestBooks, day: &str, text: &str, lines: &[(&str, Option<&str>, i64, i64)]) -> String {
    books.run("ledger.post_entry", entry(day, text, lines))["id"].as_str().unwrap().to_owned()
}

fn entry(day: &str, text: &str, lines: &[(&str, Option<&str>, i64, i64)]) -> Value {
    let lines: Vec<Value> =
        lines.iter().map(|(account, party, debit, credit)| json!({"account": account, "party": party, "debit": debit, "credit": credit})).collect();
    json!({"date": day, "text": text, "lines": lines})
}

fn error(books: &TestBooks, name: &str, args: Value) -> Error {
    let error = books.try_run(name, args.clone()).err().unwrap_or_else(|| panic!("{name} {args} must be refused"));
    assert!(!error.next().is_empty(), "{} has no words", error.code());
    assert!(!error.message().contains('{'), "{}", error.message());
    error
}

#[track_caller]
pub fn proven(books: &TestBooks) -> i64 {
    books.app.read(|tx, _| api::verify(tx)).unwrap()
}

/// Debit − credit of an account.
pub fn balance(books: &TestBooks, account: &str) -> i64 {
    let sql = "SELECT CAST(coalesce(sum(b.debit) - sum(b.credit), 0) AS BIGINT) FROM account_balance b JOIN account a ON a.id = b.account WHERE a.code = ?1";
    books.app.read(|tx, _| tx.one(sql, daybook_core::vals![account.to_owned()])).unwrap()
}

#[test]
fn every_chart_fills_every_role_and_keeps_to_its_headings() {
    for (country, currency) in [("GB", "GBP"), ("DE", "EUR"), ("FR", "EUR"), ("US", "USD"), ("JP", "JPY")] {
        let books = books_in(country, currency);
        books
            .app
            .read(|tx, _| {
                for word in Role::WORDS {
                    let account = api::account_of(tx, Role::from_word(word).unwrap())?;
                    assert!(account.postable && !account.archived, "{country} {word}");
                    assert_eq!(account.by_party, matches!(*word, "receivable" | "payable"), "{country} {word}");
                }
                let misplaced: i64 =
                    tx.one("SELECT count(*) FROM account a JOIN account p ON p.id = a.parent WHERE p.postable = 1 OR p.kind <> a.kind", &[])?;
                assert_eq!(misplaced, 0, "{country}");
                Ok(())
            })
            .unwrap();
        assert_eq!(books.refused("ledger.install_chart", json!({})), "chart.installed");
    }
    assert_eq!(crate::support::empty_books().refused("ledger.install_chart", json!({})), "company.missing");
}

#[test]
fn a_first_month_of_bookkeeping() {
    each_database(|books| {
        let acme = party(books, "Bolt Buyers Ltd");
        post(books, "2010-12-01", "Capital paid in", &[("1200", None, 10_000_00, 0), ("3000", None, 0, 10_000_00)]);
        post(books, "2010-12-03", "Rent for December", &[("7100", None, 800_00, 0), ("1200", None, 0, 800_00)]);
        let sale = [("1100", Some(acme.as_str()), 120_00, 0), ("4000", None, 0, 100_00), ("2200", None, 0, 20_00)];
        let sale = books.run("ledger.post_entry", entry("2010-12-10", "Sale on credit", &sale));
        assert_eq!((&sale["journal"], &sale["number"], &sale["date"]), (&json!("GEN"), &json!(3), &json!("2010-12-10")));
        for (account, expected) in [("1200", 9_200_00), ("3000", -10_000_00), ("7100", 800_00), ("1100", 120_00), ("4000", -100_00), ("2200", -20_00)] {
            assert_eq!(balance(books, account), expected, "{account}");
        }
        let shown = books.ask("ledger.entry", json!({"id": sale["id"]}));
        assert_eq!(shown["lines"][0]["account_code"], "1100");
        assert_eq!(shown["lines"][1]["counter_account"], shown["lines"][0]["account"]);
        assert_eq!(shown["can"], json!(["ledger.reverse_entry"]));
        assert_eq!(proven(books), 3);
    });
}

#[test]
fn bad_entries_are_refused_in_words_and_leave_nothing() {
    each_database(|books| {
        let unused = books.run("ledger.save_account", json!({"code": "8999", "name": "Old", "kind": "expense"}))["id"].clone();
        books.run("ledger.archive_account", json!({"id": unused}));
        let before = books.dump_hash();
        let cases: &[(&[(&str, Option<&str>, i64, i64)], &str, &str)] = &[
            (&[("1200", None, 100, 0), ("4000", None, 0, 99)], "entry.unbalanced", "lines"),
            (&[("1200", None, 100, 0)], "entry.too_few_lines", "lines"),
            (&[], "entry.too_few_lines", "lines"),
            (&[("1200", None, 100, 0), ("4711", None, 0, 100)], "account.unknown", "lines[1].account"),
            (&[("1200", None, 100, 0), ("PL1", None, 0, 100)], "account.heading", "lines[1].account"),
            (&[("1200", None, 100, 0), ("8999", None, 0, 100)], "account.archived", "lines[1].account"),
            (&[("1200", None, -100, 0), ("4000", None, 100, 0)], "entry.negative", "lines[0].debit"),
            (&[("1200", None, 100, 0), ("4000", None, 0, -100)], "entry.negative", "lines[1].credit"),
            (&[("1200", None, 0, 0), ("4000", None, 0, 0)], "entry.zero_line", "lines[0].debit"),
            (&[("1200", None, 100, 100), ("4000", None, 0, 0)], "entry.both_sides", "lines[0].credit"),
            (&[("1100", None, 100, 0), ("4000", None, 0, 100)], "entry.party_required", "lines[0].party"),
            (&[("1100", Some("018f0000-0000-7000-8000-000000000000"), 100, 0), ("4000", None, 0, 100)], "record.not_found", "lines[0].party"),
            (&[("", None, 100, 0), ("4000", None, 0, 100)], "text.required", "lines[0].account"),
        ];
        for (lines, code, field) in cases {
            let error = error(books, "ledger.post_entry", entry("2010-12-01", "Bad", lines));
            assert_eq!((error.code(), error.field_path()), (*code, Some(*field)), "{lines:?}");
        }
        let unbalanced = error(books, "ledger.post_entry", entry("2010-12-01", "Bad", cases[0].0));
        assert!(unbalanced.message().contains("0.01 GBP"), "{unbalanced}");
        assert_eq!(error(books, "ledger.post_entry", entry("2010-02-30", "Bad", cases[0].0)).code(), "date.invalid");
        assert_eq!(error(books, "ledger.post_entry", entry("2010-12-01", " ", cases[0].0)).code(), "text.required");
        let huge = 9_007_199_254_740_992_i64;
        assert_eq!(error(books, "ledger.post_entry", entry("2010-12-01", "Bad", &[("1200", None, huge, 0), ("4000", None, 0, huge)])).code(), "money.overflow");
        let sales = json!({"date": "2010-12-01", "text": "Bad", "journal": "SAL", "lines": []});
        assert_eq!(error(books, "ledger.post_entry", sales).code(), "journal.by_documents");
        assert_eq!(books.dump_hash(), before);
    });
}

#[test]
fn numbers_are_dense_per_journal_and_fiscal_year() {
    each_database(|books| {
        for (day, journal) in [("2010-12-30", "GEN"), ("2010-12-31", "BNK"), ("2010-12-31", "GEN"), ("2011-01-01", "GEN"), ("2010-12-01", "GEN")] {
            let lines = json!([{"account": "1200", "debit": 5}, {"account": "4000", "credit": 5}]);
            books.run("ledger.post_entry", json!({"date": day, "text": "x", "journal": journal, "lines": lines}));
        }
        let bad = entry("2010-12-31", "x", &[("1200", None, 5, 0), ("4000", None, 0, 4)]);
        assert_eq!(books.refused("ledger.post_entry", bad), "entry.unbalanced");
        let sql = "SELECT j.code, e.year, e.number FROM journal_entry e JOIN journal j ON j.id = e.journal ORDER BY j.code, e.year, e.number";
        let rows: Vec<(String, String, i64)> = books.app.read(|tx, _| tx.all(sql, &[])).unwrap();
        let shown: Vec<String> = rows.iter().map(|(journal, year, n)| format!("{journal} {year} {n}")).collect();
        assert_eq!(shown, ["BNK 2010 1", "GEN 2010 1", "GEN 2010 2", "GEN 2010 3", "GEN 2011 1"]);
        proven(books);
    });
}

#[test]
fn a_fiscal_year_may_begin_in_april() {
    let books = crate::support::empty_books();
    books.app.set_up(json!({"name": "Acme", "country": "GB", "currency": "GBP", "fiscal_month": 4})).unwrap();
    for day in ["2010-03-31", "2010-04-01", "2011-03-31"] {
        post(&books, day, "x", &[("1200", None, 5, 0), ("4000", None, 0, 5)]);
    }
    let years: Vec<(String, i64)> = books.app.read(|tx, _| tx.all("SELECT year, number FROM journal_entry ORDER BY year, number", &[])).unwrap();
    assert_eq!(years, [("2009/10".to_owned(), 1), ("2010/11".to_owned(), 1), ("2010/11".to_owned(), 2)]);
}

#[test]
fn a_reversal_leaves_exactly_zero_everywhere() {
    each_database(|books| {
        let buyer = party(books, "Buyer");
        let sale = post(books, "2010-12-10", "Sale", &[("1100", Some(&buyer), 120_00, 0), ("4000", None, 0, 100_00), ("2200", None, 0, 20_00)]);
        assert_eq!(books.refused("ledger.reverse_entry", json!({"id": sale, "reason": "x", "date": "2010-12-09"})), "entry.reversal_earlier");
        let back = books.run("ledger.reverse_entry", json!({"id": sale, "reason": "Wrong customer", "date": "2010-12-12"}));
        for account in ["1100", "4000", "2200"] {
            assert_eq!(balance(books, account), 0, "{account}");
        }
        let open: Vec<(i64, i64)> = books.app.read(|tx, _| tx.all("SELECT amount, open FROM open_item ORDER BY amount", &[])).unwrap();
        assert_eq!(open, [(-120_00, 0), (120_00, 0)]);
        let parties: i64 = books.app.read(|tx, _| tx.one("SELECT CAST(sum(debit - credit) AS BIGINT) FROM party_balance", &[])).unwrap();
        assert_eq!(parties, 0);
        assert_eq!(books.refused("ledger.reverse_entry", json!({"id": sale, "reason": "again"})), "entry.reversed");
        let shown = books.ask("ledger.entry", json!({"id": sale}));
        assert_eq!(shown["reversed_by"], back["id"]);
        assert_eq!(shown["why_not"]["ledger.reverse_entry"]["code"], "entry.reversed");
        assert_eq!(proven(books), 2);
    });
}

/// An invoice as billing posts it.
fn invoice(buyer: &str, day: &str, number: &str, gross: i64) -> Posting {
    let net = gross * 5 / 6;
    let buyer: Id<()> = Id::parse(buyer).unwrap();
    let lines = vec![
        debit(Role::Receivable, minor(gross)).of(buyer).due(date(day).plus_days(30).unwrap()),
        credit(Role::Sales, minor(net)).taxed(Code::new("S").unwrap(), minor(net)),
        credit(Role::OutputTax, minor(gross - net)),
        debit(Role::CostOfGoods, Minor::ZERO),
    ];
    Posting::new(JournalCode::Sales, date(day), "billing_invoice", lines).document(buyer, Name::new(number).unwrap())
}

#[test]
fn a_credit_note_settles_its_invoice_in_part() {
    let books = books();
    let buyer = party(&books, "Buyer");
    books
        .app
        .rehearse(|tx, cx| {
            let sale = api::post(tx, cx, invoice(&buyer, "2010-12-01", "A-1", 1200))?;
            assert_eq!((sale.number, sale.journal), (Some(1), JournalCode::Sales));
            assert_eq!(api::entry(tx, sale.id)?.1.len(), 3, "the line of zero is dropped");
            let credit_note = api::post(tx, cx, invoice(&buyer, "2010-12-05", "C-1", -300))?;
            assert_eq!(api::open_amount(tx, credit_note.id)?, Some(minor(-300)));
            let settlement = |amount| Settlement { entry: sale.id, against: credit_note.id, amount, date: date("2010-12-05") };
            assert_eq!(api::settle(tx, cx, &settlement(Some(minor(301)))).unwrap_err().code(), "settlement.too_much");
            Ok(())
        })
        .unwrap();
    books
        .app
        .rehearse(|tx, cx| {
            let sale = api::post(tx, cx, invoice(&buyer, "2010-12-01", "A-1", 1200))?;
            let credit_note = api::post(tx, cx, invoice(&buyer, "2010-12-05", "C-1", -300))?;
            let settlement = |amount| Settlement { entry: sale.id, against: credit_note.id, amount, date: date("2010-12-05") };
            assert_eq!(api::settle(tx, cx, &settlement(Some(minor(100))))?, minor(100));
            assert_eq!(api::settle(tx, cx, &settlement(None))?, minor(200));
            assert_eq!(api::settle(tx, cx, &settlement(None))?, Minor::ZERO);
            assert_eq!((api::open_amount(tx, sale.id)?, api::open_amount(tx, credit_note.id)?), (Some(minor(900)), Some(Minor::ZERO)));
            let back = api::reverse(tx, cx, sale.id, date("2010-12-09"), Name::new("Reversed")?)?;
            assert_eq!((api::open_amount(tx, sale.id)?, api::open_amount(tx, back.id)?), (Some(Minor::ZERO), Some(minor(-300))));
            assert_eq!(api::verify(tx)?, 3);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_closed_period_refuses_and_names_the_first_open_day() {
    each_database(|books| {
        let lines = [("1200", None, 5, 0), ("4000", None, 0, 5)];
        books.run("ledger.close_period", json!({"through": "2010-11-30", "reason": "November is done"}));
        let closed = error(books, "ledger.post_entry", entry("2010-11-30", "Late", &lines));
        assert_eq!((closed.code(), closed.kind()), ("period.closed", daybook_core::shared::Kind::Closed));
        assert!(closed.next().contains("2010-12-01"), "{}", closed.next());
        post(books, "2010-12-01", "In time", &lines);
        let months = books.ask("ledger.periods", json!({"from": "2010-10-01", "to": "2010-12-31"}));
        let states: Vec<&str> = months.as_array().unwrap().iter().map(|m| m["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["closed", "closed", "open"]);

        assert_eq!(books.refused("ledger.close_period", json!({"through": "2010-10-31", "reason": "x"})), "period.closed_later");
        assert_eq!(books.refused("ledger.close_period", json!({"through": "2011-01-16", "reason": "x"})), "period.future");
        assert_eq!(books.refused("ledger.reopen_period", json!({"until": 5, "reason": "x"})), "period.until_past");
        assert_eq!(books.refused("ledger.reopen_period", json!({"area": "tax", "until": 1_295_179_200_000_i64, "reason": "x"})), "period.not_closed");

        let until = crate::support::START_MS + 60_000;
        books.run("ledger.reopen_period", json!({"until": until, "reason": "Forgotten bill"}));
        post(books, "2010-11-30", "The forgotten bill", &lines);
        let mut later = daybook_core::app::Call::new("ledger.post_entry", entry("2010-11-30", "Too late", &lines));
        later.at = Some(daybook_core::shared::Instant::from_millis(until));
        assert_eq!(books.execute(later).unwrap_err().code(), "period.closed");

        books.run("ledger.close_period", json!({"through": "2010-12-31", "reason": "Audited", "hard": true}));
        assert_eq!(books.ask("ledger.periods", json!({"from": "2010-12-01", "to": "2010-12-31"}))[0]["state"], "locked");
        books.run("ledger.close_period", json!({"through": "2010-12-31", "reason": "too"}));
        assert_eq!(books.refused("ledger.reopen_period", json!({"until": until, "reason": "x"})), "period.locked");
        proven(books);
    });
}

#[test]
fn areas_close_by_themselves() {
    let books = books();
    let buyer = party(&books, "Buyer");
    books.run("ledger.close_period", json!({"through": "2010-12-31", "area": "sales", "reason": "x"}));
    post(&books, "2010-12-20", "General is open", &[("1200", None, 5, 0), ("4000", None, 0, 5)]);
    let sale = || invoice(&buyer, "2010-12-20", "A-1", 120);
    assert_eq!(books.app.rehearse(|tx, cx| api::post(tx, cx, sale())).unwrap_err().code(), "period.closed");
    books
        .app
        .rehearse(|tx, cx| {
            let late = api::post(tx, cx, Posting { late: true, ..sale() })?;
            assert_eq!(late.date, date("2011-01-01"));
            let (entry, _) = api::entry(tx, late.id)?;
            assert_eq!((entry.document_date, entry.year.as_str()), (date("2010-12-20"), "2011"));
            let events = cx.take_events();
            assert_eq!(events[0].name, "ledger.period_moved");
            assert_eq!((&events[0].body["from"], &events[0].body["to"]), (&json!("2010-12-20"), &json!("2011-01-01")));
            Ok(())
        })
        .unwrap();
    books.run("ledger.close_period", json!({"through": "2010-12-31", "area": "tax", "reason": "x"}));
    let taxed = json!([{"account": "1200", "debit": 5, "tax": "S", "tax_base": 5}, {"account": "4000", "credit": 5}]);
    assert_eq!(books.refused("ledger.post_entry", json!({"date": "2010-12-20", "text": "x", "lines": taxed})), "period.closed");
}

#[test]
fn an_entry_made_before_the_lock_was_known_moves_at_replay() {
    let books = books();
    let lines = [("1200", None, 5, 0), ("4000", None, 0, 5)];
    post(&books, "2010-12-30", "Made offline", &lines);
    post(&books, "2010-12-31", "Made offline", &lines);
    let before = books.dump_hash();
    books.app.rebase(2, |_| Ok(())).unwrap();
    assert_eq!(books.dump_hash(), before, "a replay without news changes nothing");
    let lock = daybook_core::ledger::PeriodLock {
        area: daybook_core::ledger::Area::All,
        hard: true,
        locked_through: date("2010-12-31"),
        reason: Name::new("Closed on the server").unwrap(),
        reopen_from: None,
        reopen_until: None,
    };
    books.app.rebase(2, |tx| tx.insert(&lock)).unwrap();
    let rows: Vec<(String, String, String, i64)> =
        books.app.read(|tx, _| tx.all("SELECT date, document_date, year, number FROM journal_entry ORDER BY number", &[])).unwrap();
    let moved = |document: &str, n| ("2011-01-01".to_owned(), document.to_owned(), "2011".to_owned(), n);
    assert_eq!(rows, [moved("2010-12-30", 1), moved("2010-12-31", 2)]);
    assert_eq!(proven(&books), 2);
}

#[test]
fn posted_is_final_even_for_other_programs() {
    let books = books();
    let buyer = party(&books, "Buyer");
    let sale = post(&books, "2010-12-10", "Sale", &[("1100", Some(&buyer), 120_00, 0), ("4000", None, 0, 120_00)]);
    books.run("ledger.reverse_entry", json!({"id": sale, "reason": "x"}));
    let other = rusqlite::Connection::open(books.folder.as_ref().unwrap().path().join("test.books")).unwrap();
    for sql in [
        "UPDATE journal_entry SET text = 'x'",
        "UPDATE journal_entry SET date = '2011-01-01'",
        "DELETE FROM journal_entry",
        "UPDATE journal_line SET debit = debit + 1 WHERE debit > 0",
        "DELETE FROM journal_line",
        "INSERT INTO journal_line SELECT entry, n + 10, account, date, party, debit, credit, currency, foreign_amount, text, tax, tax_base, due_date, counter_account FROM journal_line",
        "INSERT INTO journal_entry SELECT randomblob(16), journal, year, number + 100, date, document_date, recorded_at, source, source_id, reference, text, NULL FROM journal_entry",
        "UPDATE allocation SET amount = 1",
        "DELETE FROM allocation",
    ] {
        assert!(other.execute(sql, []).is_err(), "{sql}");
    }
    assert_eq!(proven(&books), 2);
}

#[test]
fn the_database_refuses_entries_that_do_not_balance_from_daybook_itself() {
    each_database(|books| {
        post(books, "2010-12-10", "Sale", &[("1200", None, 120_00, 0), ("4000", None, 0, 120_00)]);
        for change in [0, 1] {
            let outcome = books.app.rehearse(|tx, cx| {
                let id: Option<(Id<daybook_core::ledger::Entry>,)> = tx.opt("SELECT id FROM journal_entry", &[])?;
                let (mut entry, mut lines) = api::entry(tx, id.unwrap().0)?;
                if change == 0 {
                    lines[0].n = 9;
                    return tx.insert(&lines[0]);
                }
                entry.id = cx.id("journal_entry");
                entry.number = 99;
                tx.insert(&entry)
            });
            assert_eq!(outcome.unwrap_err().code(), "row.final");
        }
    });
}

#[test]
fn verify_names_the_first_bad_row() {
    let books = books();
    let buyer = party(&books, "Buyer");
    post(&books, "2010-12-10", "Sale", &[("1100", Some(&buyer), 120_00, 0), ("4000", None, 0, 120_00)]);
    let path = books.folder.as_ref().unwrap().path().join("test.books");
    for (sql, code) in [
        ("UPDATE journal_line SET credit = credit + 1 WHERE credit > 0", "verify.entry_balance"),
        ("UPDATE entry_series SET last = 7", "verify.entry_numbers"),
        ("UPDATE journal_line SET date = '2010-12-11'", "verify.line_date"),
        ("UPDATE account_balance SET debit = debit + 1", "verify.account_balance"),
        ("DELETE FROM party_balance", "verify.party_balance"),
        ("UPDATE open_item SET open = 1", "verify.open_item"),
    ] {
        let copy = path.with_extension("damaged");
        let _ = std::fs::remove_file(&copy);
        books.app.storage().books().unwrap().backup(&copy).unwrap();
        let other = rusqlite::Connection::open(&copy).unwrap();
        other.execute_batch("DROP TRIGGER journal_line_no_update").unwrap();
        other.execute(sql, []).unwrap();
        drop(other);
        let damaged = daybook_core::app::App::open(&copy, daybook_core::db::Mode::Read, crate::support::clock()).unwrap();
        let error = damaged.read(|tx, _| api::verify(tx)).unwrap_err();
        assert_eq!((error.code(), error.kind()), (code, daybook_core::shared::Kind::Corrupt), "{sql}");
        assert!(!error.message().contains('{') && !error.next().is_empty(), "{error}");
    }
}

#[test]
fn the_chart_keeps_what_was_used() {
    each_database(|books| {
        let save = |args: Value| books.try_run("ledger.save_account", args).map(|o| o.result["id"].as_str().unwrap().to_owned()).map_err(|e| e.code());
        let loans = save(json!({"code": "2301", "name": "Second loan", "kind": "liability"})).unwrap();
        assert_eq!(save(json!({"code": "2301", "name": "Third loan", "kind": "liability"})), Err("account.code_taken"));
        assert_eq!(save(json!({"code": "2302", "name": "Third loan", "kind": "liability", "role": "sales"})), Err("account.role_taken"));
        assert_eq!(save(json!({"code": "2302", "name": "Third loan", "kind": "liability", "parent": loans})), Err("account.parent"));
        assert_eq!(save(json!({"code": "2302", "name": "Third loan"})), Err("account.kind_missing"));
        assert_eq!(save(json!({"code": "2302", "name": "Loans", "kind": "income", "by_party": true})), Err("account.by_party"));
        save(json!({"id": loans, "kind": "equity"})).unwrap();
        save(json!({"id": loans, "kind": "liability"})).unwrap();
        post(books, "2010-12-10", "Loan", &[("1200", None, 5, 0), ("2301", None, 0, 5)]);
        assert_eq!(save(json!({"id": loans, "kind": "equity"})), Err("account.frozen"));
        assert_eq!(save(json!({"id": loans, "role": "suspense"})), Err("account.role_taken"));
        save(json!({"id": loans, "name": "Loan of the bank"})).unwrap();
        assert_eq!(books.refused("ledger.archive_account", json!({"id": loans})), "account.has_balance");
        post(books, "2010-12-11", "Paid back", &[("1200", None, 0, 5), ("2301", None, 5, 0)]);
        books.run("ledger.archive_account", json!({"id": loans}));
        assert_eq!(books.refused("ledger.post_entry", entry("2010-12-12", "x", &[("1200", None, 0, 5), ("2301", None, 5, 0)])), "account.archived");
        books.run("ledger.archive_account", json!({"id": loans, "restore": true}));
        let bank = books.app.read(|tx, _| api::account_of(tx, Role::Bank)).unwrap();
        assert_eq!(books.refused("ledger.archive_account", json!({"id": bank.id})), "account.in_use");
    });
}

#[test]
fn an_account_kept_per_party_has_open_items_of_its_own() {
    let books = books();
    let buyer = party(&books, "Buyer");
    books.run("ledger.save_account", json!({"code": "1150", "name": "Debtors abroad", "kind": "asset", "by_party": true}));
    post(&books, "2010-12-10", "Sale abroad", &[("1150", Some(&buyer), 500, 0), ("4002", None, 0, 500)]);
    let open: i64 = books.app.read(|tx, _| tx.one("SELECT open FROM open_item", &[])).unwrap();
    assert_eq!(open, 500);
    proven(&books);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_posted_adds_up(entries in prop::collection::vec((0..400_i32, 0..3_usize, prop::collection::vec((0..5_usize, -5_000..5_000_i64), 1..6), any::<bool>()), 1..25)) {
        let books = books();
        let parties: Vec<Id<()>> = (0..3).map(|n| Id::parse(&party(&books, &format!("Party {n}"))).unwrap()).collect();
        let roles = [Role::Receivable, Role::Sales, Role::OutputTax, Role::Inventory, Role::Payable];
        books.app.rehearse(|tx, cx| {
            let mut count = 0;
            for (day, who, amounts, reversed) in &entries {
                let day = date("2010-01-01").plus_days(*day)?;
                let mut lines: Vec<_> = amounts.iter().map(|(role, amount)| debit(roles[*role], minor(*amount)).of(parties[*who])).collect();
                lines.push(credit(Role::Bank, minor(amounts.iter().map(|(_, amount)| amount).sum())));
                if lines.iter().filter(|line| !line.amount.is_zero()).count() < 2 {
                    continue;
                }
                let posted = api::post(tx, cx, Posting::new(JournalCode::General, day, "test", lines))?;
                count += 1;
                if *reversed {
                    api::reverse(tx, cx, posted.id, day.plus_days(3)?, Name::new("Back")?)?;
                    assert_eq!(api::open_amount(tx, posted.id)?, Some(Minor::ZERO));
                    count += 1;
                }
            }
            assert_eq!(api::verify(tx)?, count);
            let total: i64 = tx.one("SELECT CAST(coalesce(sum(debit - credit), 0) AS BIGINT) FROM account_balance", &[])?;
            assert_eq!(total, 0);
            Ok(())
        }).unwrap();
    }
}
