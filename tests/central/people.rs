//! Stories of people and their machines: signing in, inviting, going on, being shut out.

use daybook_core::shared::id::CommandId;
use ed25519_dalek::SigningKey;
use serde_json::json;

use super::{Grant, PASSWORD, each_place};

#[test]
fn the_owner_signs_in_and_works_with_the_books() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let company = served.post(&firm.path("rpc/query"), &firm.owner.access, json!({"name": "identity.company"}));
        assert_eq!((company.status, company.body["name"].as_str()), (200, Some("Acme Ltd")), "{company:?}");
        let same = served.post(&firm.path("rpc/identity.company"), &firm.owner.access, json!({}));
        assert_eq!(same.body, company.body);
        firm.run("parties.save_party", json!({"name": "Ann Customer", "is_customer": true}));
        let listed = served.post(&firm.path("rpc/records.list"), &firm.owner.access, json!({"record": "party"}));
        assert_eq!(listed.body["rows"][0]["name"], "Ann Customer", "{listed:?}");
        let register = served.post(&firm.path("rpc/register"), &firm.owner.access, json!({}));
        assert!(register.body["commands"].as_array().is_some_and(|commands| commands.len() > 20));
        let out = served.post(&firm.path("sign-out"), &firm.owner.access, json!({}));
        assert_eq!((out.status, out.text.as_str()), (204, ""));
        assert_eq!(served.get(&firm.path("sessions"), &firm.owner.access).code(), "access.token");
    });
}

#[test]
fn a_command_tried_again_happens_once() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let id = CommandId::mint().to_string();
        let body = json!({"name": "parties.save_party", "args": {"name": "Ann", "is_customer": true}, "id": id});
        let first = served.post(&firm.path("rpc/execute"), &firm.owner.access, body.clone());
        let again = served.post(&firm.path("rpc/execute"), &firm.owner.access, body);
        assert_eq!((&first.body["replayed"], &again.body["replayed"]), (&json!(false), &json!(true)), "{first:?}");
        assert_eq!(first.body["result"], again.body["result"]);
        let head = format!("POST {} HTTP/1.1\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {id}", firm.path("rpc/parties.save_party"), firm.owner.access);
        let by_header = served.send(&head, br#"{"name": "Ann", "is_customer": true}"#);
        assert_eq!(by_header.body["replayed"], true, "{by_header:?}");
        let other = served.send(&head, br#"{"name": "Bob", "is_customer": true}"#);
        assert_eq!((other.status, other.code()), (409, "command.reused"));
        let no_id = served.send(&head.replace(&id, "not an id"), br#"{"name": "Bob"}"#);
        assert_eq!((no_id.status, no_id.code()), (422, "id.invalid"));
    });
}

#[test]
fn wrong_names_and_passwords_all_sound_the_same() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let wrong = served.sign_in(&firm.name, &firm.email, "not the password");
        let nobody = served.sign_in(&firm.name, "nobody@acme.example", PASSWORD);
        let no_address = served.sign_in(&firm.name, "nobody", PASSWORD);
        for reply in [&wrong, &nobody, &no_address] {
            assert_eq!((reply.status, &reply.body), (401, &wrong.body));
        }
        assert_eq!(wrong.code(), "access.refused");
        let upper = served.sign_in(&firm.name, &firm.email.to_uppercase(), PASSWORD);
        assert_eq!(upper.status, 200, "{upper:?}");
        let unknown = served.sign_in("no-such-tenant", &firm.email, PASSWORD);
        assert_eq!((unknown.status, unknown.code()), (404, "tenant.unknown"));
    });
}

/// Made by the reference implementation of argon2 (RFC 9106): with our parameters and with others.
const BY_THE_REFERENCE: [&str; 2] = [
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$qh544vmJBkxJh9NC9V0d7iO/TCWl2yFknuNRb2zpKto",
    "$argon2id$v=19$m=4096,t=3,p=2$cGVwcGVycGVwcGVy$wbEB0oKjB6YnmLvI4NMdEG6deG3XShTr",
];

#[test]
fn hashes_are_those_of_argon2_itself() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let app = &served.central.tenants().get_now(&firm.name).expect("open").app;
        let kept: String = app.read(|tx, _| tx.one("SELECT hash FROM access_account", &[])).expect("a hash");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        for hash in BY_THE_REFERENCE {
            app.storage().write(|tx| tx.raw(&format!("UPDATE access_account SET hash = '{hash}'"))).expect("kept");
            assert_eq!(served.sign_in(&firm.name, &firm.email, PASSWORD).status, 200, "{hash}");
            assert_eq!(served.sign_in(&firm.name, &firm.email, "seven loud harbours").status, 401, "{hash}");
        }
    });
}

#[test]
fn an_invited_person_chooses_a_password() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let person = firm.run("identity.save_user", json!({"name": "Sam", "role": "sales", "email": "sam@acme.example"}));
        let id = person["id"].as_str().unwrap();
        let invited = served.post(&firm.path(&format!("users/{id}/invite")), &firm.owner.access, json!({}));
        let one_time = invited.body["password"].as_str().unwrap();
        let bare = served.sign_in(&firm.name, "sam@acme.example", one_time);
        assert_eq!((bare.status, bare.code()), (403, "access.choose_password"));
        let choose = |new: &str| {
            let given = json!({"email": "sam@acme.example", "password": one_time, "new_password": new});
            served.request("POST", &firm.path("sign-in"), None, Some(&given))
        };
        for weak in ["aaaaaaaaaaaaaaaa", "sam@acme.example", one_time] {
            let refused = choose(weak);
            assert_eq!((refused.status, refused.code()), (422, "password.weak"), "{weak}");
        }
        let chosen = choose("nine copper lanterns");
        assert_eq!((chosen.status, &chosen.body["user"]["role"]), (200, &json!("sales")), "{chosen:?}");
        let path = firm.path(&format!("users/{id}/invite"));
        let late = served.post(&path, &firm.owner.access, json!({"email": "sam.late@acme.example"}));
        served.wait(8 * 86_400);
        let given = json!({"email": "sam.late@acme.example", "password": late.body["password"], "new_password": PASSWORD});
        assert_eq!(served.request("POST", &firm.path("sign-in"), None, Some(&given)).status, 401);
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let other = Grant::of(&served.sign_in(&firm.name, &firm.email, PASSWORD));
        let path = firm.path(&format!("users/{}/password", firm.owner.user));
        let wrong = served.post(&path, &firm.owner.access, json!({"current": "not it at all", "new": "nine copper lanterns"}));
        assert_eq!((wrong.status, wrong.code()), (401, "access.refused"));
        served.wait(2);
        let changed = served.post(&path, &firm.owner.access, json!({"current": PASSWORD, "new": "nine copper lanterns"}));
        assert_eq!(changed.status, 200, "{changed:?}");
        for old in [&other.access, &firm.owner.access] {
            assert_eq!(served.get(&firm.path("sessions"), old).code(), "access.token");
        }
        let open = served.get(&firm.path("sessions"), changed.body["access_token"].as_str().unwrap());
        assert_eq!(open.body["sessions"].as_array().map(Vec::len), Some(1), "{open:?}");
        assert_eq!(served.sign_in(&firm.name, &firm.email, PASSWORD).status, 401);
        assert_eq!(served.sign_in(&firm.name, &firm.email, "nine copper lanterns").status, 200);
    });
}

#[test]
fn who_is_shut_out_is_out_at_once_until_invited_again() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let clerk = firm.person("warehouse");
        let path = |what: &str| firm.path(&format!("users/{}/{what}", clerk.user));
        assert_eq!(served.post(&path("revoke"), &clerk.access, json!({})).status, 403);
        assert_eq!(served.post(&path("revoke"), &firm.owner.access, json!({})).status, 200);
        assert_eq!(served.get(&firm.path("sessions"), &clerk.access).status, 401);
        let refreshed = served.request("POST", &firm.path("refresh"), None, Some(&json!({"refresh_token": clerk.refresh})));
        assert_eq!(refreshed.status, 401);
        assert_eq!(served.post(&path("invite"), &firm.owner.access, json!({})).status, 200);
        let admin = firm.person("admin");
        let owner = firm.path(&format!("users/{}/revoke", firm.owner.user));
        assert_eq!(served.post(&owner, &admin.access, json!({})).code(), "permission.denied");
        let gone = firm.person("sales");
        firm.run("identity.save_user", json!({"id": gone.user, "name": "Gone", "role": "sales", "archived": true}));
        assert_eq!(served.get(&firm.path("sessions"), &gone.access).status, 401);
    });
}

#[test]
fn a_session_goes_on_and_a_copied_token_ends_it() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let refresh = |token: &str| served.request("POST", &firm.path("refresh"), None, Some(&json!({"refresh_token": token})));
        let second = refresh(&firm.owner.refresh);
        assert_eq!(second.status, 200, "{second:?}");
        served.wait(120);
        let third = refresh(&Grant::of(&second).refresh);
        assert_eq!(third.status, 200);
        let third = Grant::of(&third);
        assert_eq!(served.get(&firm.path("sessions"), &third.access).status, 200);
        // Somebody has a copy of the first token.
        assert_eq!(refresh(&firm.owner.refresh).code(), "access.token");
        assert_eq!(served.get(&firm.path("sessions"), &third.access).status, 401);
        assert_eq!(refresh(&third.refresh).status, 401);
        for bad in ["", "x", &"A".repeat(64), &third.access] {
            assert_eq!((refresh(bad).status, refresh(bad).code()), (401, "access.token"), "{bad}");
        }
        let late = Grant::of(&served.sign_in(&firm.name, &firm.email, PASSWORD));
        served.wait(31 * 86_400);
        assert_eq!(refresh(&late.refresh).status, 401);
    });
}

#[test]
fn a_refresh_that_arrives_twice_ends_nobodys_session() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let refresh = |token: &str| served.request("POST", &firm.path("refresh"), None, Some(&json!({"refresh_token": token})));
        let (first, again) = (Grant::of(&refresh(&firm.owner.refresh)), Grant::of(&refresh(&firm.owner.refresh)));
        assert_eq!(first.refresh, again.refresh, "whichever answer arrives, the next token is the same");
        served.wait(600);
        let next = refresh(&first.refresh);
        assert_eq!(next.status, 200, "{next:?}");
        assert_ne!(Grant::of(&next).refresh, first.refresh);
    });
}

#[test]
fn sessions_are_seen_and_ended() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (sales, other) = (firm.person("sales"), firm.person("auditor"));
        let seen = |grant: &Grant| served.get(&firm.path("sessions"), &grant.access).body["sessions"].as_array().map(Vec::len);
        assert_eq!((seen(&firm.owner), seen(&sales), seen(&other)), (Some(3), Some(1), Some(1)));
        let end = |session: &str, by: &Grant| served.post(&firm.path(&format!("sessions/{session}/revoke")), &by.access, json!({}));
        let random = end(&CommandId::mint().to_string(), &sales);
        let foreign = end(&other.session, &sales);
        assert_eq!((foreign.status, &foreign.body), (404, &random.body));
        assert_eq!(end(&other.session, &firm.owner).status, 200);
        assert_eq!(end(&sales.session, &sales).status, 200);
        assert_eq!((seen(&firm.owner), seen(&sales), seen(&other)), (Some(1), None, None));
    });
}

#[test]
fn a_machine_proves_its_key_and_gets_a_letter() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let sales = firm.person("sales");
        let key = SigningKey::from_bytes(&[7; 32]);
        let (id, first) = firm.device(&sales, &key);
        assert_eq!((first.status, &first.body["letter"]), (200, &json!("B")), "{first:?}");
        let bound = first.body["grant"]["access_token"].as_str().unwrap().to_owned();
        let listed = served.get(&firm.path("devices"), &bound);
        assert_eq!((listed.status, listed.body["devices"].as_array().map(Vec::len)), (200, Some(1)), "{listed:?}");
        // A new session of the same machine: the same letter, no new entry.
        let head =
            |token: &str| served.post(&firm.path("rpc/execute"), token, json!({"name": "parties.save_party", "args": {"name": "X"}})).body["pos"].as_i64();
        let before = head(&firm.owner.access);
        let owner_again = firm.register(&firm.owner, &id, &key);
        assert_eq!((owner_again.status, &owner_again.body["letter"]), (200, &json!("B")), "{owner_again:?}");
        assert_eq!(head(&firm.owner.access), before.map(|pos| pos + 1));
        let stolen = firm.register(&sales, &id, &SigningKey::from_bytes(&[8; 32]));
        assert_eq!((stolen.status, stolen.code()), (409, "device.key_differs"));
        let twin = firm.device(&sales, &key).1;
        assert_eq!((twin.status, twin.code()), (409, "device.key_taken"));
        let revoke = |by: &str| served.post(&firm.path(&format!("devices/{id}/revoke")), by, json!({}));
        assert_eq!(revoke(&bound).code(), "permission.denied");
        assert_eq!(revoke(&firm.owner.access).status, 200);
        assert_eq!(served.get(&firm.path("devices"), &bound).status, 401);
        let owner = Grant::of(&served.sign_in(&firm.name, &firm.email, PASSWORD));
        assert_eq!(firm.register(&owner, &id, &key).code(), "device.revoked");
        assert_eq!(firm.device(&owner, &SigningKey::from_bytes(&[9; 32])).1.body["letter"], "C");
    });
}

#[test]
fn a_machine_without_the_proof_is_refused() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let key = SigningKey::from_bytes(&[7; 32]);
        let id = CommandId::mint().to_string();
        let asked = served.post(&firm.path("devices/challenge"), &firm.owner.access, json!({"id": id}));
        let challenge = asked.body["challenge"].as_str().unwrap();
        let sign = |text: &str| super::encode(&ed25519_dalek::Signer::sign(&key, text.as_bytes()).to_bytes());
        let good = json!({"id": id, "name": "Till", "key": super::encode(key.verifying_key().as_bytes()), "challenge": challenge,
            "signature": sign(&format!("daybook device {challenge}"))});
        let other = CommandId::mint().to_string();
        let zero = super::encode(&[0; 32]);
        for (field, value) in [
            ("id", other.as_str()),
            ("key", "AAAA"),
            ("key", &zero),
            ("challenge", "x.y.z"),
            ("challenge", &firm.owner.access),
            ("signature", "AAAA"),
            ("signature", &sign(challenge)),
        ] {
            let mut bad = good.clone();
            bad[field] = json!(value);
            let reply = served.post(&firm.path("devices"), &firm.owner.access, bad);
            assert_eq!((reply.status, reply.code()), (422, "device.proof"), "{field}: {reply:?}");
        }
        served.wait(7 * 60);
        let late = served.post(&firm.path("devices"), &firm.owner.access, good);
        assert_eq!((late.status, late.code()), (422, "device.proof"));
    });
}
