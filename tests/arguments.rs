//! Names that nothing reads: refused when somebody says them, passed over when they are in the books already.

use daybook_core::app::{self, App};
use daybook_core::daybook::chain;
use daybook_core::daybook::wire::Push;
use daybook_core::shared::command::Names;
use serde_json::{Value, json};

use crate::support::{books, each_database};
use crate::words::{customer, each_server, next, pusher};

const NOWHERE: &str = "no_such_name";

fn cbor(args: &Value) -> Vec<u8> {
    minicbor_serde::to_vec(args).unwrap()
}

#[test]
fn no_command_and_no_question_drops_what_it_does_not_understand() {
    let books = books();
    for command in app::commands() {
        let error = books.try_run(command.name, json!({NOWHERE: 1})).unwrap_err();
        assert_eq!((error.code(), error.field_path()), ("args.unknown", Some(NOWHERE)), "{}", command.name);
    }
    for query in app::queries() {
        let error = books.app.query(query.name, json!({NOWHERE: 1})).unwrap_err();
        assert_eq!((error.code(), error.field_path()), ("args.unknown", Some(NOWHERE)), "{}", query.name);
    }
}

#[test]
fn what_is_in_the_books_is_read_in_spite_of_a_name_that_went_away() {
    each_database(|books| {
        let before = books.dump();
        for (name, args) in [("parties.archive_party", json!({"id": books.app.actor()})), ("parties.save_party", json!({"name": "Ann", "shoe_size": 44}))] {
            let mut kept = args.clone();
            kept[NOWHERE] = json!([{"deep": true}]);
            let known = app::register().command(name).unwrap();
            let refused = (known.from_cbor)(&cbor(&kept), Names::Known).err().expect("refused");
            assert_eq!(refused.code(), "args.unknown", "{name}");
            let read = (known.from_cbor)(&cbor(&kept), Names::Any).unwrap();
            let plain = (known.from_json)(args, Names::Any).unwrap();
            assert_eq!(read.encode().unwrap(), plain.encode().unwrap(), "{name}");
        }
        assert_eq!(books.dump(), before);
    });
}

#[test]
fn the_name_that_was_meant_is_offered_with_the_place_where_it_belongs() {
    let books = books();
    let line =
        |line: Value| json!({"draft": {"party": books.app.actor(), "issue_date": "2011-01-10", "lines": [{"description": "Tea", "unit_price": "1"}, line]}});
    let cases = [
        ("catalog.save_item", json!({"code": "A", "name": "A", "sale_price": "1"}), "sale_price", "sales_price"),
        ("catalog.save_item", json!({"code": "A", "name": "A", "price": "1"}), "price", "sales_price"),
        ("parties.save_party", json!({"nmae": "Ann"}), "nmae", "name"),
        ("parties.archive_party", json!({"di": books.app.actor()}), "di", "id"),
        ("billing.post_invoice", line(json!({"description": "Tea", "qantity": "2"})), "draft.lines[1].qantity", "quantity"),
        ("billing.post_invoice", json!({"draft": {"partei": null}}), "draft.partei", "party"),
    ];
    for (name, args, field, meant) in cases {
        let error = books.try_run(name, args).unwrap_err();
        assert_eq!((error.code(), error.field_path()), ("args.unknown", Some(field)), "{name}");
        assert!(error.next().contains(meant), "{name}: {}", error.next());
        assert!(!error.message().contains('{') && error.message().contains(field.rsplit('.').next().unwrap()), "{}", error.message());
    }
}

#[test]
fn what_is_asked_for_is_read_as_strictly() {
    let books = books();
    let ask = json!({"command": "parties.archive_party", "args": {"id": books.app.actor(), NOWHERE: 1}, "reason": "Old"});
    let error = books.try_run("approvals.ask", ask).unwrap_err();
    assert_eq!((error.code(), error.field_path()), ("args.unknown", Some("args.no_such_name")));
}

/// The first entry of `push` says `args` instead, as a program would send it that knows more.
fn say(device: &App, push: &mut Push, args: &Value) {
    push.entries.truncate(1);
    push.entries[0].args = cbor(args).into();
    seal(device, push);
}

/// Gives `push` the hash that its entries come to.
fn seal(device: &App, push: &mut Push) {
    let mut hash = push.prev.to_vec();
    for (seq, entry) in (push.first..).zip(&push.entries) {
        hash = chain::hash(&device.device().device, push.epoch, &entry.envelope(seq, hash).encode().unwrap());
    }
    push.last = hash.into();
}

#[test]
fn a_server_says_so_when_a_newer_device_knows_more_than_it_does() {
    each_server(|server, device| {
        customer(device);
        let mut push = next(device, 0, true);
        say(device, &mut push, &json!({"name": "Ann", "country": "GB", NOWHERE: "12.50"}));
        assert_eq!(server.accept(&push, &pusher(device)).unwrap().states, ["refused"]);
        let reason: String = server.read(|tx, _| tx.one("SELECT reason FROM daybook WHERE state = 'refused'", &[])).unwrap();
        assert!(reason.contains("args.unknown") && reason.contains(NOWHERE), "{reason}");
        server.verify().unwrap();
    });
}

#[test]
fn a_run_with_an_id_that_said_something_else_leaves_nothing() {
    each_server(|server, device| {
        for _ in 0..3 {
            customer(device);
        }
        let mut push = next(device, 0, true);
        push.entries[2].command = push.entries[0].command;
        push.entries[2].args = cbor(&json!({"name": "Somebody else"})).into();
        seal(device, &mut push);
        let before = server.read(|tx, _| chain::head(tx)).unwrap();
        assert_eq!(server.accept(&push, &pusher(device)).unwrap_err().code(), "command.reused");
        assert_eq!(server.read(|tx, _| chain::head(tx)).unwrap(), before, "nothing is done");

        server.accept(&next(device, 0, true), &pusher(device)).unwrap();
        customer(device);
        customer(device);
        let mut later = next(device, 3, true);
        later.entries[1].command = push.entries[1].command;
        later.entries[1].args = cbor(&json!({"name": "Somebody else"})).into();
        seal(device, &mut later);
        let before = server.read(|tx, _| chain::head(tx)).unwrap();
        assert_eq!(server.accept(&later, &pusher(device)).unwrap_err().code(), "command.reused");
        assert_eq!(server.read(|tx, _| chain::head(tx)).unwrap(), before, "nothing is done");
    });
}
