//! What travels, as JSON for people who look for a fault: the same as the packed messages say.

use daybook_core::daybook::wire::{Feed, Pull};
use daybook_sync::Road;
use daybook_sync::driver::sync_once;
use daybook_sync::pack::{MEDIA, pack, unpack};
use daybook_sync::trace::Traced;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use super::sync::Laptop;
use super::{Firm, Reply, each_place};

/// Asks in JSON, and for JSON.
fn ask(firm: &Firm<'_>, token: &str, path: &str, body: &Value) -> Reply {
    let head = format!("POST {} HTTP/1.1\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nAccept: application/json", firm.path(path), token);
    firm.served.send(&head, body.to_string().as_bytes())
}

/// The token of a session of the owner on a device.
fn bound(firm: &Firm<'_>) -> String {
    let (_, bound) = firm.device(&firm.owner, &SigningKey::from_bytes(&[7; 32]));
    assert_eq!(bound.status, 200, "{bound:?}");
    bound.body["grant"]["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn a_pull_in_json_says_what_a_packed_one_says() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let token = bound(&firm);
        let mut laptop = Laptop::join(&firm, "One");
        firm.run("parties.save_party", json!({"name": "Ann Ames", "country": "GB", "is_customer": true}));
        let followed = laptop.app.followed().unwrap();
        let pull = Pull { cursor: followed.cursor, chain: followed.chain.into(), full: true, schema: laptop.app.schema(), most: u64::MAX, merge: 0 };
        let told = ask(&firm, &token, "sync/pull", &json!(pull));
        assert_eq!((told.status, told.header("content-type")), (200, Some("application/json")), "{told:?}");
        let rows: Vec<&Value> = told.body["steps"].as_array().unwrap().iter().flat_map(|step| step["rows"].as_array().unwrap()).collect();
        assert!(rows.iter().any(|row| row["table"] == "party" && row["row"].as_array().unwrap().contains(&json!("Ann Ames"))), "{rows:?}");
        assert!(told.body["chain"].as_str().is_some_and(|chain| chain.len() == 64));

        let feed: Feed = laptop.road.pull(&pull).expect("a feed");
        assert_eq!(json!(feed), told.body);
        let document = daybook_server::central::openapi();
        let described = &document["paths"]["/v1/{tenant}/sync/pull"]["post"]["responses"]["2XX"]["content"];
        let keys = |value: &Value| value.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
        assert_eq!(keys(&described["application/json"]["schema"]["properties"]), keys(&told.body), "the document says so");
        assert!(described[MEDIA].is_object(), "{described}");
        assert_eq!(unpack::<Feed>(&pack(&feed).unwrap(), usize::MAX).unwrap(), feed);
    });
}

#[test]
fn json_that_is_no_message_is_refused_by_its_field() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let token = bound(&firm);
        for (body, named) in [
            (json!({"cursor": 0, "chain": "xyz", "full": true, "schema": 1, "most": 1}), "chain"),
            (json!({"cursor": "now", "chain": "", "full": true, "schema": 1, "most": 1}), "cursor"),
            (json!({"chain": "", "full": true, "schema": 1, "most": 1}), "cursor"),
        ] {
            let reply = ask(&firm, &token, "sync/pull", &body);
            assert_eq!((reply.status, reply.code()), (422, "args.invalid"), "{reply:?}");
            assert!(reply.text.contains(named), "{reply:?}");
        }
        // What is not JSON is packed, whatever else the request says.
        let head = format!("POST {} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Type: {MEDIA}", firm.path("sync/pull"));
        assert_eq!(served.send(&head, b"{}").code(), "sync.altered");
    });
}

#[test]
fn a_traced_device_writes_down_every_message() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let mut laptop = Laptop::join(&firm, "One");
        laptop.run("parties.save_party", json!({"name": "Ben Bolt", "country": "GB", "is_customer": true}));
        let mut lines = Vec::new();
        sync_once(&mut laptop.driver, &laptop.app, &mut Traced::new(&mut laptop.road, &mut lines)).expect("syncs");
        let lines: Vec<Value> = String::from_utf8(lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let sent: Vec<&str> = lines.iter().filter_map(|line| line["to"].as_str()).collect();
        assert_eq!(sent[..3], ["hello", "push", "pull"], "{sent:?}");
        let push = lines.iter().find(|line| line["to"] == "push").unwrap();
        assert_eq!(push["said"]["entries"][0]["name"], "parties.save_party");
        assert_eq!(push["said"]["entries"][0]["args"]["name"], "Ben Bolt");
        assert_eq!(lines.iter().find(|line| line["from"] == "push").unwrap()["said"]["states"], json!(["accepted"]));
    });
}
