//! Undoing and doing again, told as stories, on both databases and through a server.

use std::collections::BTreeSet;

use daybook_core::app::{self, App, Call};
use daybook_core::shared::context::UserId;
use daybook_core::shared::{Id, Permission};
use serde_json::{Value, json};

use crate::devices::{each_story, push_from};
use crate::merged::catch_up;
use crate::sim::Dice;
use crate::support::{TestBooks, dump_of, each_database, empty_books};

/// The dump without the trail of steps, which tells what was undone and so is never as before.
fn rows(app: &App) -> String {
    dump_of(app).lines().filter(|line| !line.starts_with("history_")).fold(String::new(), |all, line| all + line + "\n")
}

fn run(app: &App, name: &str, args: Value) -> Value {
    app.execute(Call::new(name, args)).unwrap_or_else(|e| panic!("{name}: {e}")).result
}

/// The next step, one way or the other.
fn next(app: &App, way: &str) -> Value {
    app.query("history.steps", json!({})).unwrap()[way][0].clone()
}

/// What came of a step: the code of the refusal, if any.
fn step(app: &App, way: &str) -> Result<Value, String> {
    let command = format!("history.{way}");
    let call = Call::new(&command, json!({"step": next(app, way)["step"]}));
    app.execute(call).map(|outcome| outcome.result).map_err(|e| e.code().to_owned())
}

fn customer(app: &App, name: &str) -> Value {
    run(app, "parties.save_party", json!({"name": name, "country": "GB", "is_customer": true}))["id"].clone()
}

fn person(books: &TestBooks, name: &str, role: &str) -> UserId {
    Id::parse(books.run("identity.save_user", json!({"name": name, "role": role}))["id"].as_str().unwrap()).unwrap()
}

/// One of a hundred edits: contacts, items with their prices, drafts, settings.
fn edit(app: &App, dice: &mut Dice, n: usize) {
    let id = |dice: &mut Dice, table: &str| -> Option<String> {
        let ids: Vec<(Id<()>,)> = app.read(|tx, _| tx.all(&format!("SELECT id FROM {table} ORDER BY id"), &[])).unwrap();
        dice.one(&ids).map(|(id,)| id.to_string())
    };
    let (drafts, party) = ("billing_document WHERE state = 'draft'", "party WHERE archived = 0");
    match dice.below(10) {
        0 => drop(customer(app, &format!("Customer {n}"))),
        1 | 2 => drop(run(app, "parties.save_party", json!({"id": id(dice, "party"), "name": format!("Renamed {n}"), "phone": n.to_string()}))),
        3 => {
            let party = id(dice, "party");
            run(app, "parties.save_address", json!({"party": party, "purpose": "delivery", "line1": format!("{n} Dock Road"), "city": "Hull"}));
        }
        4 => drop(run(app, "catalog.save_item", json!({"code": format!("I{n}"), "name": "Nut", "purchase_price": "1.5"}))),
        5 => drop(run(app, "catalog.save_item", json!({"id": id(dice, "item"), "name": format!("Nut {n}"), "purchase_price": format!("{n}.25")}))),
        6 => drop(run(app, "identity.change_company", json!({"city": format!("Leeds {n}")}))),
        7 | 8 => {
            let old = if dice.chance(50) { id(dice, drafts) } else { None };
            let lines: Vec<Value> = (0..=dice.below(4)).map(|line| json!({"description": format!("Work {line}"), "unit_price": n.to_string()})).collect();
            run(app, "billing.save_draft", json!({"id": old, "draft": {"party": id(dice, party), "lines": lines}}));
        }
        _ => match id(dice, drafts) {
            Some(draft) => drop(run(app, "billing.discard_draft", json!({"id": draft}))),
            None => drop(run(app, "parties.archive_party", json!({"id": customer(app, "Gone")}))),
        },
    }
}

fn begin(app: &App) {
    customer(app, "First");
    run(app, "catalog.save_item", json!({"code": "BOLT", "name": "Bolt"}));
}

/// How many steps may be taken this way.
fn count(app: &App, way: &str) -> usize {
    app.query("history.steps", json!({"limit": 1000})).unwrap()[way].as_array().unwrap().len()
}

#[test]
fn a_hundred_edits_are_undone_and_done_again_to_the_same_rows() {
    for seed in 1..=3 {
        each_database(|books| {
            let (app, mut dice) = (&books.app, Dice::new(seed));
            begin(app);
            let (before, earlier) = (rows(app), count(app, "undo"));
            (0..100).for_each(|n| edit(app, &mut dice, n));
            let (after, made) = (rows(app), count(app, "undo") - earlier);
            assert!(made >= 95 && after != before, "seed {seed}: {made} steps");
            (0..made).for_each(|n| drop(step(app, "undo").unwrap_or_else(|code| panic!("seed {seed}, {n} back: {code}"))));
            assert_eq!(rows(app), before, "seed {seed}");
            (0..made).for_each(|n| drop(step(app, "redo").unwrap_or_else(|code| panic!("seed {seed}, {n} again: {code}"))));
            assert_eq!(rows(app), after, "seed {seed}");
            app.verify().unwrap();
        });
    }
}

#[test]
fn steps_outlive_the_program_and_the_newest_two_hundred_are_kept() {
    let (folder, app) = crate::support::books_in_folder("kept.books");
    let id = customer(&app, "First");
    (0..250).for_each(|n| drop(run(&app, "parties.save_party", json!({"id": id, "phone": n.to_string()}))));
    drop(app);
    let app = App::open(&folder.path().join("kept.books"), daybook_core::db::Mode::Write, crate::support::clock()).unwrap();
    assert_eq!(count(&app, "undo"), 200);
    (0..200).for_each(|_| drop(step(&app, "undo").unwrap()));
    let phone: String = app.read(|tx, _| tx.one("SELECT phone FROM party WHERE name = 'First'", &[])).unwrap();
    assert_eq!(phone, "49");
    assert_eq!(app.execute(Call::new("history.undo", json!({"step": Id::<()>::from_bytes([7; 16])}))).unwrap_err().code(), "history.step_gone");
}

#[test]
fn a_new_step_forgets_what_was_undone() {
    each_database(|books| {
        let app = &books.app;
        let id = customer(app, "First");
        run(app, "parties.save_party", json!({"id": id, "name": "Second"}));
        step(app, "undo").unwrap();
        assert_eq!(next(app, "redo")["label"], "First");
        run(app, "parties.save_party", json!({"id": id, "name": "Third"}));
        assert_eq!((count(app, "redo"), next(app, "undo")["name"].as_str()), (0, Some("parties.save_party")));
        step(app, "undo").unwrap();
        let again = next(app, "redo")["step"].clone();
        step(app, "redo").unwrap();
        assert_eq!(books.refused("history.redo", json!({"step": again})), "history.not_next");
    });
}

#[test]
fn what_somebody_else_changed_since_is_never_overwritten() {
    each_database(|books| {
        let (app, ann) = (&books.app, person(books, "Ann", "sales"));
        let id = customer(app, "First");
        run(app, "parties.save_party", json!({"id": id, "phone": "1", "city": "Hull"}));
        let by_ann = |args: Value| app.execute(Call { actor: Some(ann), ..Call::new("parties.save_party", args) }).unwrap();
        by_ann(json!({"id": id, "email": "ann@example.com"}));
        step(app, "undo").expect("another field does not matter");
        step(app, "redo").unwrap();
        by_ann(json!({"id": id, "phone": "2"}));
        let before = rows(app);
        let refused = app.execute(Call::new("history.undo", json!({"step": next(app, "undo")["step"]}))).unwrap_err();
        assert_eq!(refused.message(), "Ann has changed “Phone” of this contact since. Nothing was undone.");
        assert_eq!(rows(app), before);
        let foreign = app.query_as(ann, "history.steps", json!({})).unwrap()["undo"][0]["step"].clone();
        assert_eq!(books.refused("history.undo", json!({"step": foreign})), "history.step_gone", "steps of others are theirs");
    });
}

#[test]
fn who_may_not_do_it_any_more_may_not_undo_it() {
    each_database(|books| {
        let ann = person(books, "Ann", "sales");
        let as_ann = |name: &str, args: Value| books.app.execute(Call { actor: Some(ann), ..Call::new(name, args) });
        as_ann("parties.save_party", json!({"name": "First", "country": "GB", "is_customer": true})).unwrap();
        books.run("identity.save_user", json!({"id": ann, "name": "Ann", "role": "auditor"}));
        let step = books.app.query_as(ann, "history.steps", json!({})).unwrap()["undo"][0]["step"].clone();
        assert_eq!(as_ann("history.undo", json!({"step": step})).unwrap_err().code(), "permission.denied");
    });
}

#[test]
fn what_is_posted_or_used_stays() {
    each_database(|books| {
        let app = &books.app;
        let id = customer(app, "First");
        let draft = run(app, "billing.save_draft", json!({"draft": {"party": id, "lines": [{"description": "Work", "unit_price": "5"}]}}))["id"].clone();
        run(app, "billing.post_draft", json!({"id": draft}));
        let before = dump_of(app);
        assert_eq!(next(app, "undo")["name"], "billing.save_draft", "posting is no step");
        assert_eq!(step(app, "undo"), Err("history.posted".to_owned()));
        let made = app.query("history.steps", json!({"limit": 2})).unwrap()["undo"][1]["step"].clone();
        assert_eq!(books.refused("history.undo", json!({"step": made})), "history.in_use", "the customer stands on an invoice");
        assert_eq!(dump_of(app), before);
    });
}

#[test]
fn a_code_that_somebody_took_meanwhile_is_not_taken_back() {
    each_database(|books| {
        let app = &books.app;
        let id = run(app, "parties.save_party", json!({"name": "First", "code": "A", "country": "GB"}))["id"].clone();
        run(app, "parties.save_party", json!({"id": id, "code": "B"}));
        let step = next(app, "undo")["step"].clone();
        run(app, "parties.save_party", json!({"name": "Second", "code": "A", "country": "GB"}));
        assert_eq!(books.refused("history.undo", json!({"step": step})), "history.taken");
    });
}

#[test]
fn imports_leave_no_steps() {
    each_database(|books| {
        let file = app::ImportFile { name: "contacts.csv", bytes: b"name,country\nAlpha,GB\nBeta,GB\n", mapping: None, mended: &[] };
        let report = books.app.import_records("parties", &file, &mut |_, _, _| std::ops::ControlFlow::Continue(())).unwrap();
        assert_eq!(count(&books.app, "undo"), 0);
        let batch = Id::parse(&report.batch.unwrap()).unwrap();
        books.app.undo_import(batch, &mut |_, _, _| std::ops::ControlFlow::Continue(())).unwrap();
        assert_eq!(count(&books.app, "undo"), 0);
    });
}

#[test]
fn the_sample_and_what_a_firm_begins_with_are_no_steps() {
    let books = empty_books();
    books.app.create_sample(&mut |_, _, _| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!(count(&books.app, "undo"), 0);
    each_database(|books| assert_eq!(count(&books.app, "undo"), 0));
}

#[test]
fn devices_and_server_come_to_the_same_and_undo_what_was_done_elsewhere() {
    each_story(|server, [owner, accountant, seller]| {
        let id = |app: &App| -> Id<()> { app.read(|tx, _| tx.one("SELECT id FROM party ORDER BY code LIMIT 1", &[])).unwrap() };
        let say = |app: &App, args: Value| drop(run(app, "parties.save_party", args));
        say(&owner, json!({"id": id(&owner), "phone": "1"}));
        say(&owner, json!({"id": id(&owner), "city": "Hull"}));
        push_from(&owner, 0, server);
        catch_up(&owner, 0, server);
        step(&owner, "undo").expect("a confirmed step");
        catch_up(&seller, 2, server);
        say(&seller, json!({"id": id(&seller), "phone": "2"}));
        push_from(&seller, 2, server);
        step(&owner, "undo").expect("the device knows nothing of it yet");
        assert_eq!(push_from(&owner, 0, server), ["accepted", "refused"], "the server does");
        for (device, seat) in [(&owner, 0), (&accountant, 1), (&seller, 2)] {
            catch_up(device, seat, server);
        }
        assert_eq!(dump_of(&owner), dump_of(server));
        let phone: String = owner.read(|tx, _| tx.one("SELECT phone FROM party ORDER BY code LIMIT 1", &[])).unwrap();
        assert_eq!(phone, "2");
        let actor = owner.actor();
        let there = server.query_as(actor, "history.steps", json!({})).unwrap();
        assert_eq!(there, owner.query("history.steps", json!({})).unwrap(), "the browser on the server shows the same steps");
        let redo = Call { actor: Some(actor), ..Call::new("history.redo", json!({"step": there["redo"][0]["step"]})) };
        server.execute(redo).unwrap();
        catch_up(&owner, 0, server);
        assert_eq!(dump_of(&owner), dump_of(server));
    });
}

/// Commands that change records by forms and are not undone by a step, and why.
const NOT_UNDONE: [(&str, &str); 4] = [
    ("identity.save_user", "who may do what is decided, not undone"),
    ("catalog.save_item_unit", "final once its item is used"),
    ("tax.save_tax", "its category is final once a rate is used"),
    ("ledger.save_account", "its kind is final once it is used"),
];

#[test]
fn everything_that_forms_save_may_be_undone_or_says_why_not() {
    let saved: BTreeSet<&str> = app::records().flat_map(|record| record.save.into_iter().chain(record.archive)).collect();
    let fixed: BTreeSet<&str> = saved.into_iter().filter(|name| !app::register().command(name).unwrap().undoable).collect();
    assert_eq!(fixed, NOT_UNDONE.iter().map(|(name, _)| *name).collect());
}

#[test]
fn steps_travel_with_those_who_may_see_them() {
    for record in app::records().filter(|record| record.revisable.is_some()) {
        assert!(matches!(record.needs, Permission::Read | Permission::SeeCosts), "{}: a step has no place for it", record.table);
    }
}
