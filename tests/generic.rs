//! What every module, command and record gets free, over the register.

use daybook_core::app;
use serde_json::Value;

#[test]
fn names_are_unique_and_belong_to_their_module() {
    let mut seen = std::collections::BTreeSet::new();
    for module in daybook_core::MODULES {
        for name in module.commands.iter().map(|c| c.name).chain(module.queries.iter().map(|q| q.name)) {
            assert!(seen.insert(name), "{name} is declared twice");
            assert!(name.starts_with(&format!("{}.", module.name)), "{name} is in module {}", module.name);
        }
    }
}

#[test]
fn every_command_and_query_describes_its_arguments() {
    for (name, schema) in app::commands().map(|c| (c.name, (c.schema)())).chain(app::queries().map(|q| (q.name, (q.schema)()))) {
        assert_eq!(schema["type"], "object", "{name}");
        assert!(schema["description"].is_string(), "{name} says nothing about itself");
    }
}

#[test]
fn transitions_name_commands_that_exist_and_reach_every_state() {
    for machine in daybook_core::MODULES.iter().flat_map(|m| m.machines) {
        let mut reached = std::collections::BTreeSet::from([machine.states[0]]);
        for _ in machine.states {
            for step in machine.transitions {
                assert!(app::register().command(step.by).is_ok(), "{} {} -> {} by {}", machine.name, step.from, step.to, step.by);
                if reached.contains(step.from) {
                    reached.insert(step.to);
                }
            }
        }
        assert_eq!(reached.len(), machine.states.len(), "{}: {:?}", machine.name, machine.states);
    }
}

#[test]
fn saving_and_archiving_commands_exist() {
    for record in app::records() {
        for name in record.save.into_iter().chain(record.archive) {
            assert!(app::register().command(name).is_ok(), "{}: {name}", record.table);
        }
    }
}

#[test]
fn the_register_is_plain_data() {
    let described = app::describe();
    assert!(described["commands"].as_array().is_some_and(|list| !list.is_empty()));
    assert!(!contains_float(&described));
}

#[test]
fn nobody_does_what_the_role_does_not_grant() {
    use daybook_core::app::Call;
    use daybook_core::shared::permission::Role;
    let books = crate::support::books();
    for role in [Role::Sales, Role::Purchasing, Role::Warehouse, Role::Accountant, Role::Auditor] {
        let person = books.run("identity.save_user", serde_json::json!({"name": role.word(), "role": role}));
        let actor = daybook_core::shared::Id::parse(person["id"].as_str().unwrap()).unwrap();
        for command in app::commands() {
            let mut call = Call::new(command.name, serde_json::json!({}));
            call.actor = Some(actor);
            let refused = books.execute(call).err().is_some_and(|e| e.code() == "permission.denied");
            assert_eq!(refused, !role.grants(command.needs), "{} as {role}", command.name);
        }
    }
}

fn contains_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(list) => list.iter().any(contains_float),
        Value::Object(map) => map.values().any(contains_float),
        _ => false,
    }
}
