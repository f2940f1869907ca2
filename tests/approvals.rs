//! Asking somebody who may: told as stories, on both databases.

use daybook_core::app::Call;
use daybook_core::shared::Id;
use daybook_core::shared::context::UserId;
use serde_json::{Value, json};

use crate::support::{TestBooks, each_database};

fn person(books: &TestBooks, name: &str, role: &str) -> UserId {
    let saved = books.run("identity.save_user", json!({"name": name, "role": role}));
    Id::parse(saved["id"].as_str().unwrap()).unwrap()
}

fn execute(books: &TestBooks, actor: UserId, name: &str, args: Value) -> Result<Value, String> {
    let call = Call { actor: Some(actor), ..Call::new(name, args) };
    books.app.execute(call).map(|outcome| outcome.result).map_err(|e| e.code().to_owned())
}

fn open(books: &TestBooks, actor: UserId) -> Vec<Value> {
    books.app.query_as(actor, "approvals.open", json!({})).unwrap().as_array().unwrap().clone()
}

#[test]
fn what_a_role_does_not_grant_is_asked_for_and_done_by_who_approves() {
    each_database(|books| {
        let (clerk, seller, buyer) = (person(books, "Wanda", "warehouse"), person(books, "Sam", "sales"), person(books, "Bea", "warehouse"));
        let change = json!({"name": "New customer", "country": "GB", "is_customer": true});
        assert_eq!(execute(books, clerk, "parties.save_party", change.clone()), Err("permission.denied".to_owned()));
        let ask = |command: &str, args: Value, reason: &str| json!({"command": command, "args": args, "reason": reason});
        let asked = execute(books, clerk, "approvals.ask", ask("parties.save_party", change.clone(), "He waits at the counter")).unwrap();
        let seen = open(books, seller);
        assert_eq!((&seen[0]["asker_name"], &seen[0]["reason"], &seen[0]["may_decide"]), (&json!("Wanda"), &json!("He waits at the counter"), &json!(true)));
        assert_eq!(open(books, buyer), Vec::<Value>::new(), "who could not do it is not asked");
        let own = open(books, clerk);
        assert_eq!((own.len(), &own[0]["own"], &own[0]["may_decide"]), (1, &json!(true), &json!(false)));
        let approve = json!({"id": asked["id"], "approve": true});
        assert_eq!(execute(books, clerk, "approvals.decide", approve.clone()), Err("approval.own".to_owned()));
        assert_eq!(execute(books, buyer, "approvals.decide", approve.clone()), Err("permission.denied".to_owned()));
        let done = execute(books, seller, "approvals.decide", approve.clone()).unwrap();
        let made: String = books
            .app
            .read(|tx, _| tx.one("SELECT name FROM party WHERE id = ?1", daybook_core::vals![Id::<()>::parse(done["result"]["id"].as_str().unwrap())?]))
            .unwrap();
        assert_eq!(made, "New customer");
        assert_eq!(execute(books, seller, "approvals.decide", approve), Err("state.transition".to_owned()), "once");
        assert!(open(books, seller).is_empty() && open(books, clerk).is_empty());
    });
}

#[test]
fn what_is_denied_goes_back_with_a_reason() {
    each_database(|books| {
        let (clerk, seller) = (person(books, "Wanda", "warehouse"), person(books, "Sam", "sales"));
        let asked = json!({"command": "parties.save_party", "args": {"name": "Odd", "is_customer": true}, "reason": "Please"});
        let id = execute(books, clerk, "approvals.ask", asked).unwrap()["id"].clone();
        let deny = |remark: &str| execute(books, seller, "approvals.decide", json!({"id": id, "approve": false, "remark": remark}));
        assert_eq!(deny(""), Err("text.required".to_owned()));
        deny("We know them already").unwrap();
        let back = open(books, clerk);
        assert_eq!((&back[0]["state"], &back[0]["remark"], &back[0]["decided_by_name"]), (&json!("denied"), &json!("We know them already"), &json!("Sam")));
        assert_eq!(execute(books, seller, "approvals.withdraw", json!({"id": id})), Err("approval.not_own".to_owned()));
        execute(books, clerk, "approvals.withdraw", json!({"id": id})).unwrap();
        assert!(open(books, clerk).is_empty());
        assert_eq!(execute(books, clerk, "approvals.withdraw", json!({"id": id})), Err("state.transition".to_owned()));
    });
}

#[test]
fn only_sound_decisions_that_one_may_not_take_are_asked_for() {
    each_database(|books| {
        let clerk = person(books, "Wanda", "warehouse");
        let ask =
            |command: &str, args: Value, reason: &str| execute(books, clerk, "approvals.ask", json!({"command": command, "args": args, "reason": reason}));
        let party = json!({"name": "Odd", "is_customer": true});
        for (command, args, reason, code) in [
            ("parties.save_party", party.clone(), " ", "text.required"),
            ("parties.save_partie", party.clone(), "Please", "command.unknown"),
            ("billing.post_invoice", json!({"draft": {}}), "Please", "approval.not_askable"),
            ("identity.save_user", json!({"name": "Eve", "role": "owner"}), "Please", "approval.not_askable"),
            ("approvals.decide", json!({"id": clerk, "approve": true}), "Please", "approval.not_askable"),
            ("parties.save_party", json!({"is_customer": "maybe"}), "Please", "args.invalid"),
            ("inventory.save_location", json!({"code": "A", "name": "A", "kind": "storage"}), "Please", "approval.not_needed"),
        ] {
            assert_eq!(ask(command, args, reason), Err(code.to_owned()), "{command}");
        }
        let id = ask("parties.save_party", json!({"name": "Odd", "country": "Atlantis"}), "Please").unwrap()["id"].clone();
        let refused = books.refused("approvals.decide", json!({"id": id, "approve": true}));
        assert_eq!((refused.as_str(), open(books, clerk).len()), ("country.unknown", 1), "what cannot be done is not approved");
    });
}
