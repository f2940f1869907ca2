//! Reports: the figures an accountant reads, the same on both databases.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::ledger::{party, post, proven};
use crate::support::{TestBooks, books, each_database};

/// A report's rows as one line of text each: the shown columns named in `columns`.
fn lines(report: &Value, columns: &[&str]) -> Vec<String> {
    let cell = |row: &Value, column: &&str| match &row[*column] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    report["rows"].as_array().unwrap().iter().map(|row| columns.iter().map(|c| cell(row, c)).collect::<Vec<_>>().join(" | ")).collect()
}

#[track_caller]
fn run(books: &TestBooks, args: Value) -> Value {
    let report = books.ask("reports.run", args);
    let names: Vec<&str> = report["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    for row in report["rows"].as_array().unwrap() {
        assert!(names.iter().all(|name| row.get(*name).is_some()), "{names:?} {row}");
    }
    assert!(!report["title"].as_str().unwrap().contains('.') && report["currency"] == "GBP");
    report
}

/// Two customers, one supplier, two fiscal years.
fn story(books: &TestBooks) -> (String, String) {
    let (ann, bob) = (party(books, "Ann & Co"), party(books, "Bob Ltd"));
    let supplier = books.run("parties.save_party", json!({"name": "Steel plc", "is_supplier": true}))["id"].as_str().unwrap().to_owned();
    post(books, "2009-12-01", "Capital", &[("1200", None, 10_000_00, 0), ("3000", None, 0, 10_000_00)]);
    post(books, "2009-12-15", "Consulting in 2009", &[("1200", None, 500_00, 0), ("4001", None, 0, 500_00)]);
    let due = |day: &str, due: &str, text: &str, party: &str, gross: i64, net: i64| {
        let lines = json!([
            {"account": "1100", "party": party, "debit": gross, "due_date": due},
            {"account": "4000", "credit": net}, {"account": "2200", "credit": gross - net},
        ]);
        books.run("ledger.post_entry", json!({"date": day, "text": text, "reference": text, "lines": lines}));
    };
    due("2010-09-10", "2010-10-10", "INV-1", &ann, 1_200_00, 1_000_00);
    due("2010-11-20", "2010-12-20", "INV-2", &bob, 240_00, 200_00);
    due("2010-12-05", "2011-01-04", "INV-3", &ann, 600_00, 500_00);
    due("2010-12-20", "2011-01-19", "INV-4", &bob, 120_00, 100_00);
    post(books, "2010-12-06", "Steel", &[("5000", None, 300_00, 0), ("2201", None, 60_00, 0), ("2100", Some(&supplier), 0, 360_00)]);
    post(books, "2010-12-07", "Rent", &[("7100", None, 80_00, 0), ("1200", None, 0, 80_00)]);
    (ann, bob)
}

#[test]
fn the_trial_balance_of_december() {
    each_database(|books| {
        story(books);
        let report = run(books, json!({"name": "trial_balance", "from": "2010-12-01", "to": "2010-12-31"}));
        let expected = [
            "1100 | Trade debtors | 144000 | 72000 | 0 | 216000",
            "1200 | Bank current account | 1050000 | 0 | 8000 | 1042000",
            "2100 | Trade creditors | 0 | 0 | 36000 | -36000",
            "2200 | Output VAT (on sales) | -24000 | 0 | 12000 | -36000",
            "2201 | Input VAT (on purchases) | 0 | 6000 | 0 | 6000",
            "3000 | Called up share capital | -1000000 | 0 | 0 | -1000000",
            "4000 | Sales of goods | -120000 | 0 | 60000 | -180000",
            "4001 | Sales of services | -50000 | 0 | 0 | -50000",
            "5000 | Goods and materials purchased | 0 | 30000 | 0 | 30000",
            "7100 | Rent | 0 | 8000 | 0 | 8000",
        ];
        assert_eq!(lines(&report, &["code", "name", "opening", "debit", "credit", "closing"]), expected);
        assert_eq!(report["totals"], json!({"opening": 0, "debit": 116_000, "credit": 116_000, "closing": 0}));
        assert_eq!(report["rows"][0]["_record"], "account");
        assert_eq!(report["drill"]["report"], "account_ledger");
        assert_eq!((&report["title"], &report["columns"][2]), (&json!("Trial balance"), &json!({"name": "opening", "label": "Opening", "kind": "money"})));

        // From the middle of one month to the middle of another.
        let part = run(books, json!({"name": "trial_balance", "from": "2010-11-20", "to": "2010-12-05"}));
        let debtors = lines(&part, &["code", "opening", "debit", "credit", "closing"]);
        assert_eq!(debtors[0], "1100 | 120000 | 84000 | 0 | 204000");
        assert_eq!(part["totals"], json!({"opening": 0, "debit": 84_000, "credit": 84_000, "closing": 0}));
        let within = run(books, json!({"name": "trial_balance", "from": "2010-12-05", "to": "2010-12-06"}));
        assert_eq!(lines(&within, &["code", "opening", "debit", "credit", "closing"])[0], "1100 | 144000 | 60000 | 0 | 204000");
    });
}

#[test]
fn profit_and_loss_and_balance_sheet_agree() {
    each_database(|books| {
        story(books);
        let result = run(books, json!({"name": "profit_and_loss", "from": "2010-01-01", "to": "2010-12-31"}));
        let expected = [
            "PL1 | Turnover | 0 | 180000",
            "4000 | Sales of goods | 1 | 180000",
            " | Total income | 0 | 180000",
            "PL2 | Cost of sales | 0 | 30000",
            "5000 | Goods and materials purchased | 1 | 30000",
            "PL5 | Administrative expenses | 0 | 8000",
            "PL5.2 | Premises | 1 | 8000",
            "7100 | Rent | 2 | 8000",
            " | Total expenses | 0 | 38000",
            " | Result | 0 | 142000",
        ];
        assert_eq!(lines(&result, &["code", "name", "level", "amount"]), expected);
        assert_eq!(result["totals"]["amount"], 142_000);
        let sheet = run(books, json!({"name": "balance_sheet", "as_of": "2010-12-31"}));
        let sums: BTreeMap<String, i64> = sheet["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["code"] == "")
            .map(|row| (row["name"].as_str().unwrap().to_owned(), row["amount"].as_i64().unwrap()))
            .collect();
        assert_eq!(sums["Total assets"], 1_258_000);
        assert_eq!(sums["Total liabilities"], 66_000);
        assert_eq!(sums["Results of earlier years, not closed yet"], 50_000);
        assert_eq!(sums["Result of the year to date"], 142_000);
        assert_eq!(sums["Total liabilities and equity"], sums["Total assets"]);
    });
}

#[test]
fn open_and_aged_items_as_of_a_day() {
    each_database(|books| {
        let (ann, _) = story(books);
        let open = run(books, json!({"name": "open_items", "as_of": "2011-01-10"}));
        let expected = [
            "Ann & Co | INV-1 | 2010-09-10 | 2010-10-10 | 120000 | 120000",
            "Bob Ltd | INV-2 | 2010-11-20 | 2010-12-20 | 24000 | 24000",
            "Ann & Co | INV-3 | 2010-12-05 | 2011-01-04 | 60000 | 60000",
            "Bob Ltd | INV-4 | 2010-12-20 | 2011-01-19 | 12000 | 12000",
        ];
        assert_eq!(lines(&open, &["party", "reference", "date", "due_date", "amount", "open"]), expected);
        assert_eq!(open["totals"]["open"], 216_000);
        assert_eq!(open["rows"][0]["_record"], "journal_entry");
        assert_eq!(run(books, json!({"name": "open_items", "as_of": "2010-11-30"}))["totals"]["open"], 144_000);
        assert_eq!(run(books, json!({"name": "open_items", "as_of": "2011-01-10", "party": ann}))["totals"]["open"], 180_000);
        assert_eq!(run(books, json!({"name": "open_items", "as_of": "2011-01-10", "group": "payable"}))["totals"]["open"], -36_000);
        let aged = run(books, json!({"name": "aged_receivables", "as_of": "2011-01-10"}));
        let buckets = ["name", "not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90", "open"];
        assert_eq!(lines(&aged, &buckets), ["Ann & Co | 0 | 60000 | 0 | 0 | 120000 | 180000", "Bob Ltd | 12000 | 24000 | 0 | 0 | 0 | 36000"]);
        let edges = [
            ("2010-10-10", 0),
            ("2010-10-11", 1),
            ("2010-11-09", 1),
            ("2010-11-10", 2),
            ("2010-12-09", 2),
            ("2010-12-10", 3),
            ("2011-01-08", 3),
            ("2011-01-09", 4),
        ];
        for (day, bucket) in edges {
            let one = run(books, json!({"name": "aged_receivables", "as_of": day, "party": ann}));
            assert!(one["rows"][0][buckets[bucket + 1]].as_i64().unwrap() >= 120_000, "{day}");
            let page = run(books, json!({"name": "aged_receivables", "as_of": day, "limit": 1}));
            assert_eq!((lines(&page, &buckets), page["count"].as_i64()), (lines(&one, &buckets), Some(if day < "2010-11-20" { 1 } else { 2 })), "{day}");
        }
        let totals = &aged["totals"];
        assert_eq!((&totals["open"], &totals["days_over_90"]), (&json!(216_000), &json!(120_000)));
    });
}

#[test]
fn what_was_settled_later_was_still_open_before() {
    each_database(|books| {
        let buyer = party(books, "Buyer");
        let sale = post(books, "2010-12-01", "Sale", &[("1100", Some(&buyer), 500, 0), ("4000", None, 0, 500)]);
        books.run("ledger.reverse_entry", json!({"id": sale, "date": "2010-12-20", "reason": "Returned"}));
        for (day, open) in [("2010-11-30", 0), ("2010-12-19", 500), ("2010-12-20", 0), ("2011-01-15", 0)] {
            for name in ["open_items", "aged_receivables"] {
                assert_eq!(run(books, json!({"name": name, "as_of": day}))["totals"]["open"], open, "{name} {day}");
            }
        }
    });
}

#[test]
fn ledgers_run_on_from_their_opening_balance() {
    each_database(|books| {
        let (ann, _) = story(books);
        let one = run(books, json!({"name": "party_ledger", "party": ann, "from": "2010-12-01", "to": "2010-12-31"}));
        assert_eq!(
            lines(&one, &["date", "reference", "debit", "credit", "balance"]),
            ["2010-12-01 | - | - | - | 120000", "2010-12-05 | INV-3 | 60000 | 0 | 180000"]
        );
        assert_eq!(one["totals"], json!({"debit": 60_000, "credit": 0, "balance": 180_000}));
        let all = run(books, json!({"name": "party_ledger", "from": "2010-12-02", "to": "2010-12-15"}));
        let expected = ["Ann & Co | 1100 | 120000 | 60000 | 0 | 180000", "Bob Ltd | 1100 | 24000 | 0 | 0 | 24000", "Steel plc | 2100 | 0 | 0 | 36000 | -36000"];
        assert_eq!(lines(&all, &["name", "account", "opening", "debit", "credit", "balance"]), expected);
        let bank = books.app.read(|tx, _| daybook_core::ledger::api::account_of(tx, daybook_core::ledger::Role::Bank)).unwrap();
        let bank = run(books, json!({"name": "account_ledger", "account": bank.id, "from": "2010-12-03", "to": "2010-12-31"}));
        assert_eq!(
            lines(&bank, &["date", "text", "counter", "debit", "credit", "balance"]),
            ["2010-12-03 | Opening balance | - | - | - | 1050000", "2010-12-07 | Rent | 7100 | 0 | 8000 | 1042000"]
        );
        let journal = run(books, json!({"name": "journal", "from": "2010-12-06", "to": "2010-12-07"}));
        let expected = [
            "2010-12-06 | GEN | 5000 | - | 30000 | 0",
            "2010-12-06 | GEN | 2201 | - | 6000 | 0",
            "2010-12-06 | GEN | 2100 | Steel plc | 0 | 36000",
            "2010-12-07 | GEN | 7100 | - | 8000 | 0",
            "2010-12-07 | GEN | 1200 | - | 0 | 8000",
        ];
        assert_eq!(lines(&journal, &["date", "journal", "account", "party", "debit", "credit"]), expected);
        assert_eq!(run(books, json!({"name": "journal", "group": "SAL"}))["count"], 0);
        let few = run(books, json!({"name": "journal", "from": "2009-01-01", "to": "2010-12-31", "limit": 2}));
        assert_eq!((few["rows"].as_array().unwrap().len(), &few["truncated"]), (2, &json!(true)));
        assert_eq!(few["totals"]["debit"], few["totals"]["credit"]);
    });
}

#[test]
fn every_report_runs_on_empty_books_and_says_what_is_wrong() {
    each_database(|books| {
        let account = books.app.read(|tx, _| daybook_core::ledger::api::account_of(tx, daybook_core::ledger::Role::Bank)).unwrap().id;
        let list = books.ask("reports.list", json!({}));
        for report in list.as_array().unwrap() {
            let answer = run(books, json!({"name": report["name"], "account": account}));
            assert!(answer["totals"].as_object().unwrap().values().all(|total| *total == 0), "{answer}");
            let labels: Vec<&str> =
                report["columns"].as_array().unwrap().iter().chain(report["parameters"].as_array().unwrap()).map(|c| c["label"].as_str().unwrap()).collect();
            assert!(labels.iter().all(|label| label.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())), "{labels:?}");
            assert!(report["about"].is_string(), "{report}");
        }
        let refused = |args: Value| {
            let error = books.app.query("reports.run", args).unwrap_err();
            assert!(!error.message().contains('{') && !error.next().is_empty(), "{error}");
            error.code()
        };
        assert_eq!(refused(json!({"name": "nonsense"})), "report.unknown");
        assert_eq!(refused(json!({"name": "account_ledger"})), "report.parameter_missing");
        assert_eq!(refused(json!({"name": "open_items", "group": "x"})), "report.group");
        assert_eq!(refused(json!({"name": "journal", "from": "2010-12-31", "to": "2010-12-01"})), "report.from_after_to");
        assert_eq!(refused(json!({"name": "journal", "from": "31.12.2010"})), "date.invalid");
    });
}

#[test]
fn who_may_not_see_the_ledger_sees_none_of_its_figures() {
    let books = books();
    let eve = books.run("identity.save_user", json!({"name": "Eve", "role": "sales"}));
    let actor = daybook_core::shared::Id::parse(eve["id"].as_str().unwrap()).unwrap();
    let ask = |name: &str| {
        let query = daybook_core::app::register().query("reports.run").unwrap();
        books.app.read(|tx, cx| {
            cx.actor = actor;
            (query.run)(json!({"name": name}), tx, cx)
        })
    };
    assert!(ask("stock_on_hand").is_ok());
    for report in ["trial_balance", "open_items", "aged_receivables"] {
        assert_eq!(ask(report).unwrap_err().code(), "permission.denied", "{report}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn between_any_two_days_the_trial_balance_is_what_the_lines_say(
        entries in prop::collection::vec((0..120_i32, 1..100_000_i64, 0..3_usize), 1..20),
        (first, length) in (0..120_i32, 0..90_i32),
    ) {
        let books = books();
        let start = crate::ledger::date("2010-01-01");
        let day = |n: i32| start.plus_days(n).unwrap();
        for (n, amount, account) in &entries {
            post(&books, &day(*n).to_string(), "x", &[("1200", None, *amount, 0), (["4000", "3000", "2300"][*account], None, 0, *amount)]);
        }
        let report = run(&books, json!({"name": "trial_balance", "from": day(first), "to": day(first + length)}));
        let sum = |keep: &dyn Fn(i32) -> bool| entries.iter().filter(|(n, _, _)| keep(*n)).map(|(_, amount, _)| amount).sum::<i64>();
        let (before, within) = (sum(&|n| n < first), sum(&|n| n >= first && n <= first + length));
        let bank = report["rows"].as_array().unwrap().iter().find(|row| row["code"] == "1200");
        let figures = bank.map_or((0, 0), |row| (row["opening"].as_i64().unwrap(), row["debit"].as_i64().unwrap()));
        prop_assert_eq!(figures, (before, within));
        prop_assert_eq!(&report["totals"]["opening"], &json!(0));
        prop_assert_eq!(&report["totals"]["closing"], &json!(0));
        proven(&books);
    }
}

#[test]
fn sales_by_anything_add_up_to_the_same() {
    crate::support::each_database(|books| {
        let acme = crate::billing::customer(books, "ACME", "GB");
        let kiwi = crate::billing::customer(books, "Kiwi", "NZ");
        let bolt = crate::billing::item(books, "BOLT", "2.50");
        for (party, date, quantity) in [(&acme, "2010-12-30", "4"), (&kiwi, "2011-01-05", "10"), (&acme, "2011-01-06", "2")] {
            books.run("billing.post_invoice", json!({"draft": {"party": party, "issue_date": date, "lines": [{"item": bolt, "quantity": quantity}]}}));
        }
        books.run(
            "billing.post_invoice",
            json!({"draft": {"kind": "credit_note", "party": acme, "issue_date": "2011-01-07", "lines": [{"item": bolt, "quantity": "1"}]}}),
        );
        let sales = |group: &str| books.ask("reports.run", json!({"name": "sales", "from": "2010-12-01", "to": "2011-01-31", "group": group}));
        for group in ["customer", "item", "country", "month"] {
            assert_eq!(sales(group)["totals"]["net"], 3750, "{group}");
        }
        let months: Vec<_> = sales("month")["rows"].as_array().unwrap().iter().map(|r| (r["name"].clone(), r["net"].clone())).collect();
        assert_eq!(months, [(json!("2010-12"), json!(1000)), (json!("2011-01"), json!(2750))]);
        let first = &sales("customer")["rows"][0];
        assert_eq!((&first["name"], &first["net"], &first["tax"]), (&json!("Kiwi"), &json!(2500), &json!(0)));
        let item = &sales("item")["rows"][0];
        assert_eq!((&item["code"], &item["quantity"], &item["documents"]), (&json!("BOLT"), &json!("15"), &json!(4)));
        let stock = books.ask("reports.run", json!({"name": "stock_on_hand"}));
        assert_eq!(stock["rows"][0]["quantity"], "-15");
        let places = books.ask("reports.run", json!({"name": "stock_on_hand", "group": "location"}));
        assert_eq!((&places["rows"][0]["location"], &places["rows"][0]["quantity"]), (&json!("STORE"), &json!("-15")));
    });
}
