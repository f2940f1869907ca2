//! Undo and redo: every entry of a day that runs every command there is, taken back byte for byte, and
//! run again to the same end.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{START_MS, TestBooks, empty_books};

/// A day of work; the dump before it and after each entry.
struct Day<'a> {
    books: &'a TestBooks,
    dumps: Vec<String>,
}

impl Day<'_> {
    /// Runs a command, which must succeed.
    #[track_caller]
    fn run(&mut self, name: &str, args: Value) -> Value {
        let result = self.books.run(name, args);
        self.dumps.push(self.books.dump());
        result
    }
    /// Runs a command that makes or changes something, and gives its id.
    #[track_caller]
    fn make(&mut self, name: &str, args: Value) -> Value {
        self.run(name, args)["id"].clone()
    }
    /// The same as somebody else.
    #[track_caller]
    fn make_as(&mut self, actor: &Value, name: &str, args: Value) -> Value {
        let actor = daybook_core::shared::Id::parse(actor.as_str().unwrap()).unwrap();
        let call = daybook_core::app::Call { actor: Some(actor), ..daybook_core::app::Call::new(name, args) };
        let outcome = self.books.app.execute(call).unwrap_or_else(|e| panic!("{name}: {e}"));
        self.dumps.push(self.books.dump());
        outcome.result["id"].clone()
    }
    /// The id of the row of `table` whose `column` says `word`.
    fn find(&self, table: &str, column: &str, word: &str) -> Value {
        let sql = format!("SELECT id FROM {table} WHERE {column} = ?1");
        let id: daybook_core::shared::Id<()> = self.books.app.read(|tx, _| tx.one(&sql, daybook_core::vals![word.to_owned()])).unwrap();
        json!(id)
    }
}

/// Runs every command of the register, from the set-up of the firm to its imports.
fn whole_day(books: &TestBooks) -> Vec<String> {
    let mut day = Day { books, dumps: vec![books.dump()] };
    set_up(&mut day);
    let (acme, bolt) = master_data(&mut day);
    taxes(&mut day);
    ledger(&mut day);
    stock(&mut day, &bolt);
    billing(&mut day, &acme, &bolt);
    importing(&mut day, &acme, &bolt);
    approvals(&mut day, &acme);
    views(&mut day);
    steps(&mut day, &acme);
    day.dumps
}

fn set_up(day: &mut Day<'_>) {
    day.run("identity.create_company", json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"}));
    for name in ["tax.install_pack", "catalog.install_units", "ledger.install_chart", "inventory.install_locations"] {
        day.run(name, json!({}));
    }
    day.run("identity.change_company", json!({"city": "Leeds", "iban": "GB29NWBK60161331926819"}));
    day.run("identity.save_identifier", json!({"scheme": "0060", "value": "123456789"}));
    day.run("identity.save_user", json!({"name": "Ann", "role": "sales"}));
    let laptop = "018d3f1c-7c1e-7000-8000-000000000001";
    day.run("identity.register_device", json!({"id": laptop, "name": "Laptop"}));
    day.run("identity.retire_device", json!({"id": laptop}));
}

fn master_data(day: &mut Day<'_>) -> (Value, Value) {
    let acme = day.make("parties.save_party", json!({"code": "ACME", "name": "ACME", "country": "GB", "is_customer": true}));
    let twin = day.make("parties.save_party", json!({"name": "Acme again", "country": "GB", "is_customer": true}));
    let gone = day.make("parties.save_party", json!({"name": "Gone", "country": "FR", "is_supplier": true}));
    day.run("parties.save_address", json!({"party": acme, "purpose": "delivery", "line1": "1 Dock Road", "city": "Hull"}));
    day.run("parties.save_identifier", json!({"party": acme, "kind": "registration", "value": "01234567"}));
    day.run("parties.save_party", json!({"id": acme, "name": "ACME International"}));
    let contract = json!(day.books.app.store_file("contract.pdf", None, b"%PDF-1.7 contract").unwrap());
    day.run("files.attach", json!({"kind": "party", "id": acme, "file": contract}));
    day.run("files.detach", json!({"kind": "party", "id": acme, "n": 1}));
    day.run("parties.archive_party", json!({"id": gone}));
    day.run("parties.merge_parties", json!({"loser": twin, "winner": acme}));

    let category = day.make("catalog.save_category", json!({"name": "Hardware", "tax_class": "standard"}));
    let bolt = day.make("catalog.save_item", json!({"code": "BOLT", "name": "Bolt", "kind": "goods", "sales_price": "2.50", "category": category}));
    let nut = day.make("catalog.save_item", json!({"code": "NUT", "name": "Nut", "kind": "goods"}));
    day.run("catalog.archive_item", json!({"id": nut}));
    day.run("catalog.save_item_unit", json!({"item": bolt, "unit": "DZN", "numerator": 12}));
    day.run("catalog.save_barcode", json!({"item": bolt, "code": "96385074"}));
    let list = day.make("catalog.save_price_list", json!({"name": "Friends", "currency": "GBP"}));
    day.run("catalog.save_price", json!({"list": list, "item": bolt, "valid_from": "2011-01-01", "price": "2.25"}));
    (acme, bolt)
}

/// Somebody who may do nothing but read asks twice; the one is approved, the other denied and withdrawn.
fn views(day: &mut Day<'_>) {
    let look = |text: &str| json!({"text": text, "columns": [{"name": "name", "width": 240}], "density": "compact"});
    let view = day.make("views.save_view", json!({"record": "party", "name": "Leeds", "look": look("leeds")}));
    day.run("views.save_view", json!({"id": view, "record": "party", "name": "Hull", "shared": true, "look": look("hull")}));
    day.run("views.archive_view", json!({"id": view}));
    day.run("views.archive_view", json!({"id": view, "restore": true}));
}

fn approvals(day: &mut Day<'_>, acme: &Value) {
    let auditor = day.make("identity.save_user", json!({"name": "Audrey", "role": "auditor"}));
    let change = json!({"id": acme, "phone": "0113 496 0000"});
    let asked = json!({"command": "parties.save_party", "args": change, "reason": "They moved"});
    let (first, second) = (day.make_as(&auditor, "approvals.ask", asked.clone()), day.make_as(&auditor, "approvals.ask", asked));
    day.run("approvals.decide", json!({"id": first, "approve": true}));
    day.run("approvals.decide", json!({"id": second, "approve": false, "remark": "Once is enough"}));
    day.make_as(&auditor, "approvals.withdraw", json!({"id": second}));
}

/// A change is undone and done again.
fn steps(day: &mut Day<'_>, acme: &Value) {
    day.run("parties.save_party", json!({"id": acme, "note": "Rings before noon"}));
    let step = day.books.ask("history.steps", json!({}))["undo"][0]["step"].clone();
    day.run("history.undo", json!({"step": step}));
    day.run("history.redo", json!({"step": step}));
}

fn taxes(day: &mut Day<'_>) {
    let tax = day.make("tax.save_tax", json!({"code": "LUX", "name": "Luxury", "category": "S", "direction": "sales", "sales_account": "output_tax"}));
    day.run("tax.save_tax_rate", json!({"tax": tax, "valid_from": "2011-01-01", "rate": "33"}));
}

fn ledger(day: &mut Day<'_>) {
    let rent = day.make("ledger.save_account", json!({"code": "9990", "name": "Rent of the barn", "kind": "expense"}));
    day.run("ledger.save_account", json!({"code": "9991", "name": "Old safe", "kind": "asset"}));
    let lines = json!([{"account": "9990", "debit": 50_00}, {"account": "9991", "credit": 50_00}]);
    let entry = day.make("ledger.post_entry", json!({"date": "2010-12-31", "text": "Rent", "lines": lines}));
    day.run("ledger.reverse_entry", json!({"id": entry, "reason": "Paid by the neighbour"}));
    day.run("ledger.save_exchange_rate", json!({"currency": "EUR", "valid_on": "2011-01-01", "rate": "0.86", "source": "ECB"}));
    day.run("ledger.archive_account", json!({"id": rent}));
    day.run("ledger.close_period", json!({"through": "2010-12-31", "reason": "Year end"}));
    day.run("ledger.reopen_period", json!({"until": START_MS + 3_600_000, "reason": "A late bill"}));
}

fn stock(day: &mut Day<'_>, bolt: &Value) {
    day.run("inventory.save_location", json!({"code": "SHELF", "name": "Shelf", "kind": "storage", "parent": day.find("location", "code", "STORE")}));
    day.run("inventory.receive", json!({"lines": [{"item": bolt, "quantity": "5", "unit_cost": "1.11"}]}));
    day.run("inventory.move_stock", json!({"item": bolt, "quantity": "2", "from": "STORE", "to": "SHELF"}));
    let adjusted = day.make("inventory.adjust", json!({"item": bolt, "quantity": "-1", "reason": "Rust"}));
    day.run("inventory.reverse_adjustment", json!({"id": adjusted, "reason": "Found"}));
}

fn billing(day: &mut Day<'_>, acme: &Value, bolt: &Value) {
    let draft = json!({"party": acme, "lines": [{"item": bolt, "quantity": "8"}, {"description": "Freight", "unit_price": "5"}]});
    let kept = day.make("billing.save_draft", json!({"draft": draft}));
    day.run("billing.post_draft", json!({"id": kept}));
    let sheet = json!(day.books.app.store_file("sheet.csv", None, b"hours;8").unwrap());
    let mut with_sheet = draft.clone();
    with_sheet["attachments"] = json!([{"reference": "Sheet 1", "file": sheet}]);
    let second = day.make("billing.post_invoice", json!({"draft": with_sheet}));
    day.run("inventory.receive", json!({"lines": [{"item": bolt, "quantity": "20", "unit_cost": "1.30"}]}));
    day.run("billing.credit_invoice", json!({"id": kept, "reason": "Broken", "lines": [{"line": 1, "quantity": "2"}]}));
    day.run("billing.reverse_invoice", json!({"id": second, "reason": "Twice"}));
    let gone = day.make("billing.save_draft", json!({"draft": draft}));
    day.run("billing.save_draft", json!({"id": gone, "draft": {"party": acme, "lines": [{"item": bolt}]}}));
    day.run("billing.discard_draft", json!({"id": gone}));
}

fn importing(day: &mut Day<'_>, acme: &Value, bolt: &Value) {
    let file = json!({"kind": "sales", "file_name": "sales.csv", "file_hash": "a1", "header": "b2", "mapping": "{}", "row_count": 4});
    let batch = day.make("importing.start_batch", file);
    let new = day.make("parties.save_party", json!({"code": "NEW", "name": "Newcomer", "country": "GB", "is_customer": true}));
    day.run("importing.trace_records", json!({"batch": batch, "rows": [{"n": 2, "subject": new}]}));
    let draft = json!({"party": acme, "imported_number": "S-77", "issue_date": "2011-01-10", "lines": [{"item": bolt, "unit_price": "2"}]});
    let document = day.make("importing.import_document", json!({"batch": batch, "draft": draft, "rows": [3]}));
    let adjustment = json!({"item": bolt, "quantity": "-1", "reason": "Lost"});
    let adjusted = day.make("importing.import_adjustment", json!({"batch": batch, "adjustment": adjustment, "row": 4}));
    let issue = json!({"row": 5, "rows": 1, "field": "price", "code": "import.known_record", "value": "?"});
    day.run("importing.note_issues", json!({"batch": batch, "after": 0, "issues": [issue], "skipped": [5]}));
    let counts = json!({"batch": batch, "invoices": 1, "credit_notes": 0, "adjustments": 1, "new_parties": 1, "new_items": 0, "net": 2_00, "credit_net": 0});
    day.run("importing.finish_batch", counts);
    day.run("billing.reverse_invoice", json!({"id": document, "reason": "Import undone"}));
    day.run("inventory.reverse_adjustment", json!({"id": adjusted, "reason": "Import undone"}));
    day.run("importing.close_undo", json!({"batch": batch}));
}

#[test]
fn the_day_runs_every_command_of_the_register() {
    let books = empty_books();
    whole_day(&books);
    let ran: Vec<(String,)> = books.app.read(|tx, _| tx.all("SELECT DISTINCT name FROM daybook", &[])).unwrap();
    let ran: BTreeSet<String> = ran.into_iter().map(|(name,)| name).collect();
    let left: Vec<&str> = daybook_core::app::commands().map(|command| command.name).filter(|name| !ran.contains(*name)).collect();
    assert!(left.is_empty(), "the day of tests/undo.rs does not run: {left:?}");
}

#[test]
fn every_entry_can_be_taken_back_byte_for_byte() {
    let books = empty_books();
    let dumps = whole_day(&books);
    for (count, wanted) in dumps.iter().rev().enumerate() {
        let mut seen = String::new();
        books
            .app
            .rebase(count as i64, |tx| {
                let mut out = Vec::new();
                daybook_core::app::dump(tx, &mut out)?;
                seen = String::from_utf8(out).expect("utf-8");
                Ok(())
            })
            .unwrap_or_else(|e| panic!("{count} entries back: {e}"));
        assert_eq!(&seen, wanted, "{count} entries back");
        assert_eq!(books.dump(), dumps[dumps.len() - 1], "after {count} entries were run again");
    }
    books.app.verify().unwrap();
}

#[test]
fn the_same_day_on_the_other_database_gives_the_same_books() {
    let Some(postgres) = crate::support::empty_postgres() else { return };
    let source = empty_books();
    whole_day(&source);
    source.app.replay_into(&postgres.app).unwrap();
    assert_eq!(postgres.dump(), source.dump());
    postgres.app.verify().unwrap();
}

#[test]
fn entries_of_an_earlier_schema_stay() {
    let books = empty_books();
    books.run("identity.create_company", json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"}));
    books.app.storage().write(|tx| tx.raw("UPDATE daybook_undo SET schema = schema - 1")).unwrap();
    assert_eq!(books.app.rebase(1, |_| Ok(())).unwrap_err().code(), "undo.no_journal");
}
