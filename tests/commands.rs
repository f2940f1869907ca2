//! The command bus: idempotency, authorisation, bad input, the daybook and its chain.

use daybook_core::app::Call;
use daybook_core::shared::id::CommandId;
use serde_json::json;

use crate::support::{books, each_database, empty_books};

#[test]
fn the_same_command_twice_has_one_effect_and_one_answer() {
    each_database(|books| {
        let id = CommandId::mint();
        let call = || Call::new("identity.save_user", json!({"name": "Ann", "role": "accountant"})).with_id(id);
        let first = books.execute(call()).unwrap();
        let second = books.execute(call()).unwrap();
        assert!(!first.replayed && second.replayed);
        assert_eq!(first.result, second.result);
        assert_eq!(first.pos, second.pos);
        let other = Call::new("identity.save_user", json!({"name": "Bob", "role": "accountant"})).with_id(id);
        assert_eq!(books.execute(other).unwrap_err().code(), "command.reused");
    });
}

#[test]
fn who_may_not_is_told_so() {
    each_database(|books| {
        let auditor = books.run("identity.save_user", json!({"name": "Eve", "role": "auditor"}));
        let mut call = Call::new("identity.save_user", json!({"name": "Mallory", "role": "owner"}));
        call.actor = Some(daybook_core::shared::Id::parse(auditor["id"].as_str().unwrap()).unwrap());
        assert_eq!(books.execute(call).unwrap_err().code(), "permission.denied");
    });
}

#[test]
fn books_without_a_company_take_only_the_set_up() {
    let books = empty_books();
    assert_eq!(books.refused("identity.save_user", json!({"name": "Ann", "role": "owner"})), "company.missing");
    books.run("identity.create_company", json!({"name": "Acme", "country": "UK", "currency": "GBP"}));
    assert_eq!(books.ask("identity.company", json!({}))["country"], "GB");
    assert_eq!(books.refused("identity.create_company", json!({"name": "Other", "country": "GB", "currency": "GBP"})), "company.exists");
}

#[test]
fn bad_arguments_name_the_field() {
    let books = empty_books();
    let cases = [
        (json!({"name": "A", "country": "GB", "currency": "GBX"}), "currency.unknown", Some("currency")),
        (json!({"name": "A", "country": "Atlantis", "currency": "GBP"}), "country.unknown", Some("country")),
        (json!({"name": "", "country": "GB", "currency": "GBP"}), "text.required", Some("name")),
        (json!({"name": "x".repeat(201), "country": "GB", "currency": "GBP"}), "text.too_long", Some("name")),
        (json!({"name": "nul\u{0}byte", "country": "GB", "currency": "GBP"}), "text.control", Some("name")),
        (json!({"name": 7, "country": "GB", "currency": "GBP"}), "args.invalid", Some("name")),
        (json!({"country": "GB", "currency": "GBP"}), "args.invalid", Some("name")),
        (json!([1, 2]), "args.invalid", None),
    ];
    for (args, code, field) in cases {
        let error = books.try_run("identity.create_company", args.clone()).unwrap_err();
        assert_eq!((error.code(), error.field_path()), (code, field), "{args}");
        assert!(!error.message().is_empty() && !error.next().is_empty(), "{code} has no words");
    }
    assert_eq!(books.refused("identity.create_compny", json!({})), "command.unknown");
    assert_eq!(books.app.query("nothing.here", json!({})).unwrap_err().code(), "query.unknown");
}

#[test]
fn a_failing_command_leaves_nothing() {
    each_database(|books| {
        let before = books.dump();
        let owner = books.app.actor();
        let args = json!({"id": owner, "name": "Owner", "role": "sales"});
        assert_eq!(books.refused("identity.save_user", args), "user.last_owner");
        assert_eq!(books.dump(), before);
    });
}

#[test]
fn the_chain_of_entries_shows_any_change() {
    each_database(|books| {
        for name in ["Ann", "Bob", "Cid"] {
            books.run("identity.save_user", json!({"name": name, "role": "sales"}));
        }
        assert!(books.app.read(|tx, _| daybook_core::daybook::chain::verify(tx)).unwrap() >= 4);
    });
}

#[test]
fn an_entry_cannot_be_edited_by_another_program() {
    let books = books();
    let path = books.folder.as_ref().unwrap().path().join("test.books");
    let other = rusqlite::Connection::open(path).unwrap();
    for sql in ["UPDATE daybook SET envelope = x'00' WHERE pos = 1", "DELETE FROM daybook", "UPDATE number_issued SET text = 'x'"] {
        let outcome = other.execute(sql, []);
        assert!(outcome.is_err() || sql.contains("number_issued") && outcome == Ok(0), "{sql}: {outcome:?}");
    }
}
