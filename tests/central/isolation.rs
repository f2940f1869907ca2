//! Nobody reaches another tenant: every address of the OpenAPI document, with every place an id can sit.

use daybook_core::app;
use daybook_core::shared::id::CommandId;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use super::{Firm, Grant, PASSWORD, Reply, Served, each_place};

/// A word that stands in every text field of the other tenant.
const CANARY: &str = "Zzyzxcanary";

/// Ids of the other tenant.
struct Foreign {
    ids: Vec<String>,
}

fn other_firm(served: &Served) -> (Firm<'_>, Foreign) {
    let firm = served.firm(CANARY);
    let (device, _) = firm.device(&firm.owner, &SigningKey::from_bytes(&[3; 32]));
    let clerk = firm.person("sales");
    let party = firm.run("parties.save_party", json!({"name": CANARY, "is_customer": true}));
    let id = |value: &Value| value["id"].as_str().unwrap_or_default().to_owned();
    let ids = vec![device, clerk.user, clerk.session, id(&party), firm.owner.user.clone(), firm.owner.session.clone()];
    (firm, Foreign { ids })
}

/// The answer without what the caller sent or what differs every time.
fn plain(reply: &Reply, sent: &str) -> (u16, String) {
    assert!(!reply.text.contains(CANARY) && !reply.head.contains(CANARY), "{reply:?}");
    assert_ne!(reply.status, 429, "an answer that says nothing: {reply:?}");
    (reply.status, reply.text.replace(sent, "ID"))
}

#[test]
fn ids_of_another_tenant_are_as_unknown_as_any() {
    each_place(|served| {
        let ours = served.firm("Acme Ltd");
        let (_, foreign) = other_firm(served);
        let paths = daybook_server::central::openapi()["paths"].as_object().unwrap().clone();
        let mut cells = 0;
        for path in paths.keys().filter(|path| path.contains("{id}")) {
            let ask = |id: &str| {
                let body = json!({"current": "x", "new": "y"});
                served.post(&path.replace("{tenant}", &ours.name).replace("{id}", id), &ours.owner.access, body)
            };
            let random = CommandId::mint().to_string();
            let unknown = ask(&random);
            assert_eq!(unknown.status, 404, "{path}: {unknown:?}");
            for id in &foreign.ids {
                assert_eq!(plain(&ask(id), id), plain(&unknown, &random), "{path}");
                cells += 1;
            }
            assert_eq!(plain(&ask("no-id"), "no-id"), plain(&unknown, &random), "{path}");
        }
        assert!(cells >= 24, "{cells}");
    });
}

#[test]
fn ids_of_another_tenant_in_arguments_are_as_unknown_as_any() {
    each_place(|served| {
        let ours = served.firm("Acme Ltd");
        let (_, foreign) = other_firm(served);
        let mut cells = 0;
        for command in app::commands() {
            let schema = (command.schema)();
            for field in id_fields(&schema) {
                let ask = |id: &str| served.post(&ours.path(&format!("rpc/{}", command.name)), &ours.owner.access, json!({"name": "x", (field.clone()): id}));
                let (foreign, random) = (&foreign.ids[cells % foreign.ids.len()], CommandId::mint().to_string());
                if command.name == "identity.register_device" || command.name == "identity.save_user" {
                    continue;
                }
                let (ours, unknown) = (plain(&ask(foreign), foreign), plain(&ask(&random), &random));
                // A link that is not looked at makes a record of our own, with an id of its own.
                assert!(ours == unknown || (ours.0, unknown.0) == (200, 200), "{}.{field}: {ours:?} {unknown:?}", command.name);
                cells += 1;
            }
        }
        // A session of its own: one may ask 600 times a minute.
        let owner = Grant::of(&served.sign_in(&ours.name, &ours.email, PASSWORD));
        for record in app::records() {
            let ask = |id: &str| served.post(&ours.path("rpc/records.get"), &owner.access, json!({"record": record.table, "id": id}));
            let random = CommandId::mint().to_string();
            let unknown = plain(&ask(&random), &random);
            for id in &foreign.ids {
                assert_eq!(plain(&ask(id), id), unknown, "{}", record.table);
                cells += 1;
            }
        }
        assert!(cells > 100, "{cells}");
    });
}

fn id_fields(schema: &Value) -> Vec<String> {
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    properties.into_iter().filter(|(_, field)| field.to_string().contains("\"uuid\"")).map(|(name, _)| name).collect()
}

#[test]
fn a_token_opens_no_other_tenant() {
    each_place(|served| {
        let ours = served.firm("Acme Ltd");
        let (theirs, _) = other_firm(served);
        let document = daybook_server::central::openapi();
        let mut cells = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if operation["security"].is_null() {
                    continue;
                }
                let ask = |tenant: &str, token: Option<&str>| {
                    let path = path.replace("{tenant}", tenant).replace("{id}", &theirs.owner.user);
                    served.request(&method.to_uppercase(), &path, token, Some(&json!({})))
                };
                let foreign = ask(&theirs.name, Some(&ours.owner.access));
                let nowhere = ask("no-such-tenant", Some(&ours.owner.access));
                assert_eq!((foreign.status, foreign.code()), (404, "tenant.unknown"), "{path}");
                assert_eq!(foreign.text, nowhere.text, "{path}");
                for (tenant, token) in [(theirs.name.as_str(), None), ("no-such-tenant", None), ("no-such-tenant", Some("x"))] {
                    assert_eq!(ask(tenant, token).status, 401, "{path}");
                }
                cells += 5;
                if cells % 500 == 0 {
                    served.wait(1);
                }
            }
        }
        assert!(cells > 300, "{cells}");
    });
}

#[test]
fn a_tenant_in_the_body_names_nothing() {
    each_place(|served| {
        let ours = served.firm("Acme Ltd");
        let (theirs, _) = other_firm(served);
        let body = |args: Value| json!({"name": "identity.company", "tenant": theirs.name, "args": args});
        let reply = served.post(&ours.path("rpc/query"), &ours.owner.access, body(json!({})));
        assert_eq!((reply.status, reply.body["name"].as_str()), (200, Some("Acme Ltd")), "{reply:?}");
        for args in [json!({"tenant": theirs.name}), json!({"actor": theirs.owner.user})] {
            let reply = served.post(&ours.path("rpc/query"), &ours.owner.access, body(args));
            assert_eq!((reply.status, reply.code()), (422, "args.unknown"), "{reply:?}");
        }
        let made = served.post(
            &ours.path("rpc/execute"),
            &ours.owner.access,
            json!({"name": "parties.save_party", "args": {"name": "Ann"}, "actor": theirs.owner.user}),
        );
        assert_eq!(made.status, 200, "{made:?}");
        let names = ["..%2F..%2Fetc", "%2e%2e", "A", "acme%00", "public", "daybook_x", &"a".repeat(500)];
        for name in names {
            let reply = served.sign_in(name, "a@b.example", "x");
            assert!([400, 404].contains(&reply.status), "{name}: {reply:?}");
        }
    });
}
