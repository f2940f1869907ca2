//! Lists under names: whose they are, who sees them.

use daybook_core::app::{Call, register};
use daybook_core::shared::Id;
use daybook_core::shared::context::UserId;
use daybook_rpc::answer_generic;
use serde_json::{Value, json};

use crate::support::{TestBooks, each_database};

fn person(books: &TestBooks, name: &str, role: &str) -> UserId {
    Id::parse(books.run("identity.save_user", json!({"name": name, "role": role}))["id"].as_str().unwrap()).unwrap()
}

fn execute(books: &TestBooks, actor: UserId, name: &str, args: Value) -> Result<Value, String> {
    let call = Call { actor: Some(actor), ..Call::new(name, args) };
    books.app.execute(call).map(|outcome| outcome.result).map_err(|e| e.code().to_owned())
}

/// The names of the views that `actor` sees, by list, length and picker alike.
fn seen(books: &TestBooks, actor: UserId) -> Vec<String> {
    let ask = |name: &str, args: Value| answer_generic(&books.app, actor, name, &args).unwrap().unwrap();
    let asked = json!({"record": "saved_view", "where": [{"field": "record", "op": "=", "value": "party"}]});
    let rows = ask("records.list", asked.clone())["rows"].as_array().unwrap().clone();
    assert_eq!(ask("records.count", asked)["total"], rows.len());
    assert_eq!(ask("records.lookup", json!({"record": "saved_view"}))["hits"].as_array().unwrap().len(), rows.len());
    rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_private_view_is_its_owners_a_shared_one_everybodys() {
    each_database(|books| {
        let (ann, ben) = (person(books, "Ann", "sales"), person(books, "Ben", "auditor"));
        let view = |name: &str, shared: bool| json!({"record": "party", "name": name, "shared": shared, "look": {"text": "leeds", "sort": {"field": "city"}}});
        let own = execute(books, ann, "views.save_view", view("Leeds", false)).unwrap()["id"].clone();
        execute(books, ann, "views.save_view", view("Ours", true)).unwrap();
        execute(books, ben, "views.save_view", view("Audited", false)).unwrap();
        assert_eq!(seen(books, ann), ["Leeds", "Ours"]);
        assert_eq!(seen(books, ben), ["Audited", "Ours"]);
        let get = |actor| answer_generic(&books.app, actor, "records.get", &json!({"record": "saved_view", "id": own})).unwrap();
        assert_eq!(get(ann).unwrap()["row"]["look"], r#"{"text":"leeds","where":[],"sort":{"field":"city","descending":false},"columns":[],"density":null}"#);
        assert_eq!(get(ben).unwrap_err().code(), "record.not_found");
        for (name, args) in [("views.save_view", json!({"id": own, "record": "party", "name": "Mine", "look": {}})), ("views.archive_view", json!({"id": own}))]
        {
            assert_eq!(execute(books, ben, name, args), Err("view.not_own".to_owned()));
        }
        execute(books, ann, "views.archive_view", json!({"id": own})).unwrap();
        assert_eq!(seen(books, ann), ["Ours"]);
        execute(books, ann, "views.archive_view", json!({"id": own, "restore": true})).unwrap();
        assert_eq!(seen(books, ann), ["Leeds", "Ours"]);
    });
}

#[test]
fn a_view_is_of_a_list_that_there_is_and_says_what_is_understood() {
    each_database(|books| {
        let refused = |args: Value| {
            let error = books.try_run("views.save_view", args).unwrap_err();
            (error.code().to_owned(), error.field_path().unwrap_or_default().to_owned())
        };
        let place = |code: &str, field: &str| (code.to_owned(), field.to_owned());
        assert_eq!(refused(json!({"record": "partie", "name": "X", "look": {}})), place("record.unknown", "record"));
        assert_eq!(refused(json!({"record": "party", "name": " ", "look": {}})), place("text.required", "name"));
        let broad = json!({"record": "party", "name": "X", "look": {"columns": [{"name": "city", "broad": 9}]}});
        assert_eq!(refused(broad).0, "args.invalid");
    });
}

#[test]
fn commands_in_bulk_take_the_id_alone() {
    for record in daybook_core::app::records() {
        for bulk in record.bulk {
            let command = register().command(bulk.command).unwrap();
            let schema = (command.schema)();
            assert_eq!(schema["required"], json!(["id"]), "{}", bulk.command);
            let field = (record.fields)().into_iter().find(|field| field.name == bulk.field);
            assert!(field.is_some_and(|field| field.choices.contains(&bulk.word)), "{}.{}", record.table, bulk.field);
        }
    }
}
