//! Undo and redo: every entry of a busy day taken back, byte for byte, and run again to the same end.

use serde_json::json;

use crate::billing::{customer, item};
use crate::support::{TestBooks, books};

/// A day of work that runs every sort of command; the dump after each entry.
fn busy_day(books: &TestBooks) -> Vec<String> {
    let mut dumps = vec![books.dump()];
    let mut note = |books: &TestBooks| dumps.push(books.dump());
    let acme = customer(books, "ACME", "GB");
    note(books);
    let bolt = item(books, "BOLT", "2.50");
    note(books);
    let mut run = |name: &str, args: serde_json::Value| {
        let result = books.run(name, args);
        note(books);
        result
    };
    run("inventory.receive", json!({"lines": [{"item": bolt, "quantity": "5", "unit_cost": "1.11"}]}));
    let draft = json!({"party": acme, "lines": [{"item": bolt, "quantity": "8"}, {"description": "Freight", "unit_price": "5"}]});
    let kept = run("billing.save_draft", json!({"draft": draft}));
    run("billing.post_draft", json!({"id": kept["id"]}));
    let second = run("billing.post_invoice", json!({"draft": draft}));
    run("inventory.receive", json!({"lines": [{"item": bolt, "quantity": "20", "unit_cost": "1.30"}]}));
    run("billing.credit_invoice", json!({"id": kept["id"], "reason": "Broken", "lines": [{"line": 1, "quantity": "2"}]}));
    run("billing.reverse_invoice", json!({"id": second["id"], "reason": "Twice"}));
    let adjusted = run("inventory.adjust", json!({"item": bolt, "quantity": "-1", "reason": "Rust"}));
    run("inventory.reverse_adjustment", json!({"id": adjusted["id"], "reason": "Found"}));
    let gone = run("billing.save_draft", json!({"draft": draft}));
    run("billing.discard_draft", json!({"id": gone["id"]}));
    run("identity.change_company", json!({"city": "Leeds"}));
    run("parties.save_party", json!({"id": acme, "name": "ACME International", "country": "GB", "is_customer": true}));
    dumps
}

#[test]
fn every_entry_can_be_taken_back_byte_for_byte() {
    let books = books();
    let dumps = busy_day(&books);
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
    let source = books();
    busy_day(&source);
    source.app.replay_into(&postgres.app).unwrap();
    assert_eq!(postgres.dump(), source.dump());
    postgres.app.verify().unwrap();
}
