//! The desk: what window, browser and command line share. Books made and found, lists, news, files, jobs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use daybook_rpc::{Access, Desk, Guard, Media};
use serde_json::{Value, json};

/// A desk in a folder of its own, without books yet.
fn bare() -> (Arc<Desk>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("folder");
    (Desk::open(&folder.path().join("firm.books"), Access::Write, Guard::default()).expect("desk"), folder)
}

/// A desk with a British company.
fn firm() -> (Arc<Desk>, tempfile::TempDir) {
    let (desk, folder) = bare();
    run(&desk, "identity.create_company", json!({ "name": "Acme Ltd", "country": "GB", "currency": "GBP" }));
    (desk, folder)
}

#[track_caller]
fn ask(desk: &Arc<Desk>, method: &str, body: Value) -> Value {
    desk.ask(method, body).unwrap_or_else(|e| panic!("{method}: {e}"))
}

#[track_caller]
fn run(desk: &Arc<Desk>, name: &str, args: Value) -> Value {
    ask(desk, "execute", json!({ "name": name, "args": args }))["result"].clone()
}

#[track_caller]
fn query(desk: &Arc<Desk>, name: &str, args: Value) -> Value {
    ask(desk, "query", json!({ "name": name, "args": args }))
}

#[track_caller]
fn refused(desk: &Arc<Desk>, method: &str, body: Value) -> String {
    match desk.ask(method, body) {
        Ok(answer) => panic!("{method} should be refused, but gave {answer}"),
        Err(e) => e.code().to_owned(),
    }
}

fn party(desk: &Arc<Desk>, code: &str, name: &str) -> Value {
    run(desk, "parties.save_party", json!({ "code": code, "name": name, "is_customer": true }))["id"].clone()
}

fn invoice(desk: &Arc<Desk>, party: &Value) -> Value {
    let line = json!({ "description": "Work", "quantity": "2", "unit_price": "50" });
    run(desk, "billing.post_invoice", json!({ "draft": { "kind": "invoice", "party": party, "issue_date": "2026-03-01", "lines": [line] } }))
}

/// Waits for the end of a job.
fn end_of(desk: &Arc<Desk>, job: Value) -> Value {
    let started = Instant::now();
    loop {
        let status = ask(desk, "job.status", job.clone());
        if status["state"] != "running" {
            return status;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "{status}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn books_are_made_when_a_company_is_set_up() {
    let (desk, folder) = bare();
    let file = folder.path().join("firm.books");
    let before = ask(&desk, "status", json!({}));
    assert_eq!(before["company"], Value::Null);
    assert!(!file.exists());
    assert_eq!(refused(&desk, "execute", json!({ "name": "parties.save_party", "args": { "name": "Ann" } })), "company.missing");
    run(&desk, "identity.create_company", json!({ "name": "Acme Ltd", "country": "GB", "currency": "GBP" }));
    let after = ask(&desk, "status", json!({}));
    assert!(file.exists());
    assert_eq!(after["company"]["name"], "Acme Ltd");
    assert_eq!(after["user"]["role"], "owner");
    assert!(after["user"]["grants"].as_array().expect("grants").contains(&json!("see_costs")));
    assert!(!query(&desk, "records.list", json!({ "record": "account" }))["rows"].as_array().expect("rows").is_empty());
}

#[test]
fn the_same_call_id_happens_once() {
    let (desk, _folder) = firm();
    let call = json!({ "name": "parties.save_party", "args": { "name": "Ann" }, "id": "01890a5d-ac96-774b-bcce-b302099a8057" });
    let first = ask(&desk, "execute", call.clone());
    let second = ask(&desk, "execute", call);
    assert_eq!((&first["result"], &first["pos"]), (&second["result"], &second["pos"]));
    assert_eq!(query(&desk, "records.list", json!({ "record": "party" }))["rows"].as_array().expect("rows").len(), 1);
}

#[test]
fn pages_continue_where_they_ended_and_archived_rows_stay_away() {
    let (desk, _folder) = firm();
    for n in 0..7 {
        party(&desk, &format!("C{n}"), &format!("Customer {n}"));
    }
    let gone = party(&desk, "C9", "Customer 9");
    run(&desk, "parties.archive_party", json!({ "id": gone }));
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = query(&desk, "records.list", json!({ "record": "party", "sort": { "field": "name", "descending": true }, "limit": 3, "after": after }));
        seen.extend(page["rows"].as_array().expect("rows").iter().map(|row| row["code"].as_str().expect("code").to_owned()));
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
        assert!(after.is_string());
    }
    assert_eq!(seen, ["C6", "C5", "C4", "C3", "C2", "C1", "C0"]);
    let total = |args: Value| query(&desk, "records.list", args)["total"].clone();
    assert_eq!(total(json!({ "record": "party", "text": "", "limit": 7 })), 7, "a page that shows all tells how many");
    assert_eq!(total(json!({ "record": "party", "limit": 6 })), Value::Null);
    assert_eq!(query(&desk, "records.count", json!({ "record": "party" })), json!({ "total": 7, "more": false }));
    assert_eq!(query(&desk, "records.count", json!({ "record": "party", "text": "customer 3" }))["total"], 1);
    assert_eq!(refused(&desk, "query", json!({ "name": "records.count", "args": { "record": "pigeon" } })), "record.unknown");
    let archived = query(&desk, "records.list", json!({ "record": "party", "where": [{ "field": "archived", "op": "=", "value": true }] }));
    assert_eq!(archived["rows"][0]["id"], gone);
    assert_eq!(refused(&desk, "query", json!({ "name": "records.list", "args": { "record": "party", "after": "elsewhere" } })), "list.cursor");
}

#[test]
fn references_come_with_their_words() {
    let (desk, _folder) = firm();
    let ann = party(&desk, "ANN", "Ann’s Café");
    let posted = invoice(&desk, &ann);
    let got = query(&desk, "records.get", json!({ "record": "billing_document", "id": posted["id"] }));
    assert_eq!(got["row"]["party_label"], "Ann’s Café");
    assert_eq!(got["row"]["reverses_label"], Value::Null);
    assert_eq!(refused(&desk, "query", json!({ "name": "records.get", "args": { "record": "party", "id": posted["id"] } })), "record.not_found");
}

#[test]
fn pickers_find_by_code_first() {
    let (desk, _folder) = firm();
    party(&desk, "X1", "W1 Trading");
    party(&desk, "W1", "Zebra");
    let hits = query(&desk, "records.lookup", json!({ "record": "party", "text": "W1" }))["hits"].clone();
    assert_eq!((&hits[0]["code"], &hits[0]["label"], &hits[1]["label"]), (&json!("W1"), &json!("Zebra"), &json!("W1 Trading")));
    let units = query(&desk, "records.lookup", json!({ "record": "unit", "text": "kilogram" }));
    assert_eq!(units["hits"][0]["id"], "KGM");
}

#[test]
fn news_wakes_who_waits() {
    let (desk, _folder) = firm();
    let pos = ask(&desk, "status", json!({}))["head"]["pos"].clone();
    // The news of the set-up may still be on its way; after it there is silence.
    let mut quiet = ask(&desk, "changes", json!({ "after": pos, "wait_ms": 300 }));
    while quiet["changed"] != json!([]) {
        quiet = ask(&desk, "changes", json!({ "after": quiet["n"], "wait_ms": 300 }));
    }
    let waiting = Arc::clone(&desk);
    let heard = std::thread::spawn(move || waiting.ask("changes", json!({ "after": quiet["n"], "wait_ms": 20_000 })).expect("changes"));
    let id = party(&desk, "A", "Ann");
    let news = heard.join().expect("listener");
    let tags = news["changed"].as_array().expect("tags");
    assert!(tags.contains(&json!("party")) && tags.contains(&json!(format!("party:{}", id.as_str().expect("id")))));
    let elsewhere = ask(&desk, "changes", json!({ "after": 9_999_999, "wait_ms": 20_000 }));
    assert!(elsewhere["changed"].as_array().expect("tags").contains(&json!("billing_document")), "a listener from another life reads everything again");
}

#[test]
fn a_second_program_is_told_and_may_read() {
    let (desk, folder) = firm();
    let file = folder.path().join("firm.books");
    let late = Desk::at(&file, Access::Write, Guard::default());
    assert_eq!(refused(&late, "status", json!({})), "books.locked");
    let reader = Desk::open(&file, Access::Read, Guard::default()).expect("reading");
    assert_eq!(ask(&reader, "status", json!({}))["read_only"], true);
    assert_eq!(refused(&reader, "execute", json!({ "name": "parties.save_party", "args": { "name": "Ann" } })), "books.opened_read_only");
    drop(desk);
    assert_eq!(ask(&late, "status", json!({}))["company"]["name"], "Acme Ltd");
}

#[test]
fn the_sample_company_never_touches_the_firm() {
    let (desk, folder) = firm();
    party(&desk, "A", "Ann");
    ask(&desk, "sample.create", json!({}));
    assert_eq!(ask(&desk, "status", json!({}))["company"]["sample"], true);
    assert!(query(&desk, "records.list", json!({ "record": "billing_invoice" }))["rows"].as_array().is_some_and(|rows| rows.len() > 50));
    ask(&desk, "sample.remove", json!({}));
    assert_eq!(ask(&desk, "status", json!({}))["company"]["name"], "Acme Ltd");
    assert_eq!(query(&desk, "records.list", json!({ "record": "party" }))["rows"].as_array().expect("rows").len(), 1);
    assert!(!folder.path().join("sample.books").exists());
    assert_eq!(refused(&desk, "sample.remove", json!({})), "sample.real_books");
}

const SALES: &str = "Invoice,Date,Customer,Item,Description,Quantity,Price\n\
    1,2026-03-01,C1,W1,Widget,2,1.50\n\
    1,2026-03-01,C1,W2,Gadget,1,4.00\n\
    2,2026-03-02,C2,W1,Widget,10,1.50\n";

#[test]
fn files_are_imported_by_jobs_after_a_dry_run() {
    let (desk, _folder) = firm();
    let file = desk.uploads().receive(SALES.as_bytes(), "sales.csv").expect("upload");
    assert_eq!(file.size, u64::try_from(SALES.len()).expect("size"));
    let body = json!({ "kind": "import", "file": file.file, "import": "sales", "dry_run": true });
    let dry = end_of(&desk, ask(&desk, "job.start", body.clone()));
    assert_eq!((&dry["state"], &dry["result"]["documents"]["invoices"], &dry["result"]["net"]), (&json!("done"), &json!(2), &json!(22_00)), "{dry}");
    assert_eq!(dry["result"]["batch"], Value::Null);
    let mapping: serde_json::Map<String, Value> = dry["result"]["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .map(|column| (column["name"].as_str().expect("name").to_owned(), column["mapped_to"].clone()))
        .collect();
    let real = json!({ "kind": "import", "file": file.file, "import": "sales", "mapping": mapping, "dry_run": false });
    let done = end_of(&desk, ask(&desk, "job.start", real));
    assert_eq!(done["state"], "done", "{done}");
    let list = json!({ "record": "billing_invoice", "where": [{ "field": "state", "op": "=", "value": "posted" }] });
    assert_eq!(query(&desk, "records.list", list.clone())["rows"].as_array().expect("rows").len(), 2);
    run(&desk, "importing.undo_batch", json!({ "batch": done["result"]["batch"] }));
    assert_eq!(query(&desk, "reports.run", json!({ "name": "trial_balance" }))["totals"]["closing"], 0);
}

#[test]
fn a_job_that_fails_says_why_and_unknown_ones_are_told() {
    let (desk, _folder) = firm();
    let file = desk.uploads().receive(b"only one column\n1\n", "x.csv").expect("upload");
    let failed = end_of(&desk, ask(&desk, "job.start", json!({ "kind": "import", "file": file.file, "import": "nonsense" })));
    assert_eq!(failed["state"], "failed");
    assert!(failed["error"]["message"].is_string(), "{failed}");
    assert_eq!(refused(&desk, "job.status", json!({ "job": "?" })), "job.unknown");
    let gone = end_of(&desk, ask(&desk, "job.start", json!({ "kind": "import", "file": "?", "import": "sales" })));
    assert_eq!(gone["error"]["code"], "upload.unknown");
}

#[test]
fn documents_become_pdf_files() {
    let (desk, folder) = firm();
    let ann = party(&desk, "ANN", "Ann");
    let posted = invoice(&desk, &ann);
    let draft = json!({ "draft": { "kind": "invoice", "party": ann, "lines": [{ "description": "Idea", "quantity": "1", "unit_price": "1" }] } });
    let draft = run(&desk, "billing.save_draft", draft);
    for id in [&posted["id"], &draft["id"]] {
        let reply = desk.call("paper.invoice", json!({ "id": id }).to_string().as_bytes()).expect("pdf");
        assert_eq!(reply.media, Media::Pdf);
        assert!(reply.bytes.starts_with(b"%PDF-"));
    }
    let print = |output: &Path, zip| {
        let day = |text| daybook_core::shared::Date::parse(text).expect("date");
        let task =
            daybook_rpc::jobs::PrintInvoices { from: Some(day("2026-01-01")), to: Some(day("2026-12-31")), rows: None, zip, output: Some(output.to_owned()) };
        let job = daybook_rpc::jobs::start(&desk, daybook_rpc::jobs::Task::PrintInvoices(task)).expect("job");
        end_of(&desk, json!({ "job": job }))
    };
    let zipped = print(&folder.path().join("all.zip"), true);
    assert_eq!((&zipped["state"], &zipped["result"]["count"]), (&json!("done"), &json!(1)), "{zipped}");
    assert!(std::fs::read(folder.path().join("all.zip")).expect("zip").starts_with(b"PK"));
    print(&folder.path().join("all"), false);
    invoice(&desk, &ann);
    let rows = serde_json::from_value(json!({ "record": "billing_invoice", "ids": [posted["id"], draft["id"]] })).expect("rows");
    let task = daybook_rpc::jobs::PrintInvoices { from: None, to: None, rows: Some(rows), zip: true, output: Some(folder.path().join("chosen.zip")) };
    let job = daybook_rpc::jobs::start(&desk, daybook_rpc::jobs::Task::PrintInvoices(task)).expect("job");
    let chosen = end_of(&desk, json!({ "job": job }));
    assert_eq!((&chosen["state"], &chosen["result"]["count"]), (&json!("done"), &json!(1)), "the draft is left out: {chosen}");
    let number = posted["number"].as_str().expect("number");
    assert!(folder.path().join("all").join(format!("{number}.pdf")).exists());
}

#[test]
fn a_draft_is_previewed_without_being_kept() {
    let (desk, _folder) = firm();
    let ann = party(&desk, "ANN", "Ann");
    let draft = json!({ "party": ann, "issue_date": "2026-03-01", "lines": [{ "name": "Idea", "unit_price": "100" }],
        "allowances": [{ "percent": "10", "reason": "Friends" }], "order_reference": "PO 7" });
    let head = || ask(&desk, "status", json!({}))["head"].clone();
    let before = head();
    let reply = desk.call("paper.preview", json!({ "draft": draft }).to_string().as_bytes()).expect("pdf");
    assert_eq!(reply.media, Media::Pdf);
    assert!(reply.bytes.starts_with(b"%PDF-"));
    assert_eq!(head(), before);
    assert!(query(&desk, "records.list", json!({ "record": "billing_invoice" }))["rows"].as_array().expect("rows").is_empty());
    let wrong = |change: Value| {
        let mut bad = draft.clone();
        bad.as_object_mut().expect("draft").extend(change.as_object().expect("change").clone());
        let error = desk.ask("paper.preview", json!({ "draft": bad })).expect_err("refused");
        (error.code().to_owned(), error.to_json()["field"].clone())
    };
    assert_eq!(wrong(json!({ "lines": [] })), ("document.no_lines".to_owned(), json!("draft.lines")));
    assert_eq!(wrong(json!({ "currency": "EUR" })), ("rate.missing".to_owned(), json!("draft.exchange_rate")));
    assert_eq!(wrong(json!({ "allowances": [{}] })).1, json!("draft.allowances[0].amount"));
    assert_eq!(refused(&desk, "paper.preview", json!({})), "args.invalid");
}

#[test]
fn strange_calls_are_told_what_is_wrong() {
    let (desk, _folder) = firm();
    let code = |method: &str, body: &[u8]| desk.call(method, body).expect_err("refused").code().to_owned();
    assert_eq!(code("nothing", b"{}"), "rpc.unknown_method");
    assert_eq!(code("query", b"{"), "rpc.not_json");
    assert_eq!(code("query", b"\xff"), "rpc.not_json");
    assert_eq!(code("query", b"[]"), "args.invalid");
    assert_eq!(code("query", b"{\"name\": 3}"), "args.invalid");
    assert_eq!(code("execute", b"{\"name\": \"no.such\"}"), "command.unknown");
    assert_eq!(code("execute", b"{\"name\": \"parties.save_party\", \"id\": \"x\"}"), "id.invalid");
    assert_eq!(code("query", b"{\"name\": \"records.list\", \"args\": {\"record\": \"sqlite_schema\"}}"), "record.unknown");
    let filter = json!({ "name": "records.list", "args": { "record": "party", "where": [{ "field": "1=1 --", "op": "=", "value": 1 }] } });
    assert_eq!(refused(&desk, "query", filter), "list.unknown_field");
}

#[test]
fn the_register_names_everything_a_client_needs() {
    let (desk, _folder) = bare();
    let register = ask(&desk, "register", json!({}));
    for part in ["commands", "queries", "records", "reports", "currencies", "countries"] {
        assert!(register[part].as_array().is_some_and(|list| !list.is_empty()), "{part}");
    }
    let labels = register["labels"].as_object().expect("labels");
    for record in register["records"].as_array().expect("records").iter().filter(|record| !record["save"].is_null()) {
        for field in record["fields"].as_array().expect("fields").iter().filter(|field| field["kind"] != "id") {
            let label = field["label"].as_str().expect("label");
            assert!(labels.contains_key(label), "no words for {label}");
        }
    }
}

/// What a job over many rows came to: rows asked for, done, failed.
fn counts(status: &Value) -> (u64, usize, u64) {
    let result = &status["result"];
    (result["asked"].as_u64().expect("asked"), result["done"].as_array().expect("done").len(), result["failed"].as_u64().expect("failed"))
}

#[test]
fn drafts_are_posted_in_bulk_and_what_fails_is_named() {
    let (desk, _folder) = firm();
    let acme = party(&desk, "ACME", "ACME");
    let draft = |day: &str| {
        let lines = json!([{ "description": "Work", "quantity": "2", "unit_price": "50" }]);
        run(&desk, "billing.save_draft", json!({ "draft": { "party": acme, "issue_date": day, "lines": lines } }))["id"].clone()
    };
    let drafts = ["2026-03-01", "2026-03-02", "2026-03-03"].map(draft);
    let late = draft("2025-12-31");
    run(&desk, "ledger.close_period", json!({ "through": "2025-12-31", "area": "all", "reason": "Year end" }));
    let mine = json!([{ "field": "state", "op": "=", "value": "draft" }]);
    let bulk = |rows: Value| {
        let mut task = json!({ "kind": "bulk", "record": "billing_invoice", "command": "billing.post_draft" });
        task.as_object_mut().expect("object").extend(rows.as_object().expect("object").clone());
        end_of(&desk, ask(&desk, "job.start", task))
    };
    let status = bulk(json!({ "matching": true, "where": mine, "except": [drafts[2]] }));
    assert_eq!((status["state"].as_str(), counts(&status)), (Some("done"), (3, 2, 1)), "{status}");
    assert_eq!(status["result"]["failures"][0]["id"], late);
    assert!(status["result"]["failures"][0]["error"]["message"].as_str().is_some_and(|words| !words.is_empty()), "{status}");
    let again = bulk(json!({ "ids": [drafts[0], drafts[2]] }));
    assert_eq!(counts(&again), (2, 1, 1));
    assert_eq!(again["result"]["failures"][0]["error"]["code"], "document.posted");
    let left = query(&desk, "records.count", json!({ "record": "billing_invoice", "where": mine }));
    assert_eq!(left["total"], 1);
    let other = json!({ "kind": "bulk", "record": "billing_invoice", "command": "billing.reverse_invoice", "ids": [drafts[0]] });
    assert_eq!(end_of(&desk, ask(&desk, "job.start", other))["error"]["code"], "bulk.not_allowed");
}

#[test]
fn work_over_many_rows_stops_when_asked_says_how_far_it_came_and_goes_back() {
    let (desk, _folder) = firm();
    for n in 0..120 {
        party(&desk, &format!("C{n}"), &format!("Customer {n}"));
    }
    let archive = |restore: bool, rows: Value| {
        let mut task = json!({ "kind": "bulk", "record": "party", "command": "parties.archive_party", "restore": restore });
        task.as_object_mut().expect("object").extend(rows.as_object().expect("object").clone());
        ask(&desk, "job.start", task)
    };
    let in_use = || query(&desk, "records.count", json!({ "record": "party" }))["total"].as_u64().expect("total");
    let job = archive(false, json!({ "matching": true }));
    while ask(&desk, "job.status", job.clone())["done"].as_u64() < Some(5) {
        std::thread::yield_now();
    }
    let asked = Instant::now();
    ask(&desk, "job.cancel", job.clone());
    let status = end_of(&desk, job);
    assert!(asked.elapsed() < Duration::from_millis(300), "it stopped after {:?}", asked.elapsed());
    let (all, done, failed) = counts(&status);
    assert_eq!((status["state"].as_str(), all, failed), (Some("cancelled"), 120, 0));
    assert!((5..120).contains(&done), "{done}");
    assert_eq!(in_use(), 120 - u64::try_from(done).expect("count"));
    let back = end_of(&desk, archive(true, json!({ "ids": status["result"]["done"] })));
    assert_eq!((back["state"].as_str(), in_use()), (Some("done"), 120));
}
