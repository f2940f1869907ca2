//! What the operator does beside a running server: tenants made, suspended, exported, dropped, evicted.

use std::sync::Arc;

use daybook_core::access::{account, state};
use daybook_core::daybook::chain;
use daybook_core::shared::id::CommandId;
use daybook_server::central::{NewTenant, Settings, provision};
use serde_json::json;

use super::{PASSWORD, each_place, places, serve, serve_at};
use crate::support::tenant_name;

#[test]
fn a_suspended_tenant_lets_nobody_in_at_once() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        served.place.write_beside(&firm.name, |tx| state::suspend(tx, true)).unwrap();
        for reply in [
            served.get(&firm.path("sessions"), &firm.owner.access),
            served.sign_in(&firm.name, &firm.email, PASSWORD),
            served.request("POST", &firm.path("refresh"), None, Some(&json!({"refresh_token": firm.owner.refresh}))),
        ] {
            assert_eq!((reply.status, reply.code()), (403, "tenant.suspended"), "{reply:?}");
        }
        served.place.write_beside(&firm.name, |tx| state::suspend(tx, false)).unwrap();
        assert_eq!(served.get(&firm.path("sessions"), &firm.owner.access).status, 200);
    });
}

#[test]
fn tenants_are_made_whole_or_not_at_all() {
    each_place(|served| {
        let name = tenant_name();
        let new = |country: &str, email: &str, password: Option<&str>| NewTenant {
            name: name.clone(),
            company: Some(json!({"name": "Acme", "country": country, "currency": "GBP"})),
            owner_email: email.to_owned(),
            password: password.map(str::to_owned),
        };
        let made = |new| provision(&served.place, &served.timer, new);
        assert_eq!(made(new("Atlantis", "a@b.example", None)).unwrap_err().code(), "country.unknown");
        assert_eq!(made(new("GB", "no address", None)).unwrap_err().code(), "sign_in.email");
        assert_eq!(made(new("GB", "a@b.example", Some("short"))).unwrap_err().code(), "password.weak");
        assert!(!served.place.list().unwrap().contains(&name));
        let one_time = made(new("GB", "a@b.example", None)).unwrap().unwrap();
        assert_eq!((one_time.len(), one_time.matches('-').count()), (24, 4));
        assert_eq!(made(new("GB", "a@b.example", None)).unwrap_err().code(), "tenant.exists");
        assert!(served.place.list().unwrap().contains(&name));
        for bad in ["", "a", "A-b", "a_b", "-ab", "1ab", "a b", "../ab", &"a".repeat(41)] {
            let refused = served.place.add(bad, &served.timer).err().map(|e| e.code());
            assert_eq!(refused, Some("tenant.name"), "{bad}");
        }
    });
}

#[test]
fn the_owner_may_set_the_books_up() {
    each_place(|served| {
        let name = tenant_name();
        let new = NewTenant { name: name.clone(), company: None, owner_email: "a@b.example".to_owned(), password: Some(PASSWORD.to_owned()) };
        provision(&served.place, &served.timer, new).unwrap();
        let owner = super::Grant::of(&served.sign_in(&name, "a@b.example", PASSWORD));
        let early = served.post(&format!("/v1/{name}/rpc/parties.save_party"), &owner.access, json!({"name": "Ann"}));
        assert_eq!((early.status, early.code()), (409, "company.missing"));
        let facts = json!({"name": "Acme", "country": "DE", "currency": "EUR", "owner": "Olga"});
        let made = served.post(&format!("/v1/{name}/rpc/identity.create_company"), &owner.access, facts);
        assert_eq!(made.status, 200, "{made:?}");
        let accounts = served.post(&format!("/v1/{name}/rpc/records.list"), &owner.access, json!({"record": "account"}));
        assert!(accounts.body["rows"].as_array().is_some_and(|rows| rows.len() > 20), "{accounts:?}");
    });
}

#[test]
fn a_dropped_tenant_leaves_nothing() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        served.central.tenants().forget(&firm.name);
        served.place.drop(&firm.name).unwrap();
        assert!(!served.place.list().unwrap().contains(&firm.name));
        assert_eq!(served.place.drop(&firm.name).unwrap_err().code(), "tenant.unknown");
        let reply = served.get(&firm.path("sessions"), &firm.owner.access);
        assert_eq!((reply.status, reply.code()), (404, "tenant.unknown"));
        let left = std::fs::read_dir(served.folder.path().join("tenants")).map(|found| found.count()).unwrap_or_default();
        assert_eq!(left, 0);
    });
}

#[test]
fn a_tenant_dropped_under_a_server_is_unknown_from_then_on() {
    let probe = tempfile::tempdir().unwrap();
    if places(probe.path()).len() < 2 {
        return;
    }
    let served = serve(1, Settings::default());
    let firm = served.firm("Acme Ltd");
    served.place.drop(&firm.name).unwrap();
    for _ in 0..2 {
        let reply = served.get(&firm.path("sessions"), &firm.owner.access);
        assert_eq!((reply.status, reply.code()), (404, "tenant.unknown"), "{reply:?}");
    }
}

#[test]
fn files_that_a_server_has_open_are_not_dropped() {
    let served = serve(0, Settings::default());
    let firm = served.firm("Acme Ltd");
    assert_eq!(served.place.drop(&firm.name).unwrap_err().code(), "books.locked");
    assert_eq!(served.get(&firm.path("sessions"), &firm.owner.access).status, 200);
}

#[test]
fn many_tenants_take_turns_in_being_open() {
    let probe = tempfile::tempdir().unwrap();
    for number in 0..places(probe.path()).len() {
        let served = serve(number, Settings { tenants_open: 2, ..Settings::default() });
        let firms: Vec<_> = (0..5).map(|n| served.firm(&format!("Firm {n}"))).collect();
        for turn in 0..3 {
            for firm in &firms {
                firm.run("parties.save_party", json!({"name": format!("Customer {turn}"), "is_customer": true}));
            }
        }
        assert!(served.central.tenants().open_count() <= 3);
        for (n, firm) in firms.iter().enumerate() {
            let company = served.post(&firm.path("rpc/identity.company"), &firm.owner.access, json!({}));
            assert_eq!(company.body["name"], format!("Firm {n}"));
        }
    }
}

#[test]
fn two_servers_share_one_postgres() {
    let probe = tempfile::tempdir().unwrap();
    if places(probe.path()).len() < 2 {
        return;
    }
    let first = serve(1, Settings::default());
    let second = serve_at(Arc::clone(&first.folder), places(first.folder.path()).swap_remove(1), Settings::default());
    let firm = first.firm("Acme Ltd");
    std::thread::scope(|threads| {
        for lane in 0..4 {
            let (served, firm) = (if lane % 2 == 0 { &first } else { &second }, &firm);
            threads.spawn(move || {
                for turn in 0..25 {
                    let args = json!({"name": format!("Customer {lane}-{turn}"), "is_customer": true});
                    let reply = served.post(&firm.path("rpc/parties.save_party"), &firm.owner.access, args);
                    assert_eq!(reply.status, 200, "{reply:?}");
                }
            });
        }
    });
    let app = second.place.open(&firm.name, &second.timer).unwrap();
    let (parties, entries) = app.read(|tx, _| Ok((tx.one::<i64>("SELECT count(*) FROM party", &[])?, chain::head(tx)?.0))).unwrap();
    let proof = app.verify().unwrap();
    assert_eq!((parties, proof.daybook_entries), (100, entries));
    // A key that one of them made is found by the other.
    first.central.keys().rotate(first.central.now()).unwrap();
    let fresh = super::Grant::of(&first.sign_in(&firm.name, &firm.email, PASSWORD));
    let seen = || second.get(&firm.path("sessions"), &fresh.access).status;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(15);
    while seen() != 200 {
        assert!(std::time::Instant::now() < deadline, "the new key is not found");
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
}

#[test]
fn the_dump_of_a_tenant_is_the_same_beside_a_server() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let dump = || {
            let mut out = Vec::new();
            served.place.read_beside(&firm.name, |tx| daybook_core::app::dump(tx, &mut out)).unwrap();
            String::from_utf8(out).unwrap()
        };
        let first = dump();
        assert!(first.contains("Acme Ltd") && !first.contains("argon2") && !first.contains("access_"));
        assert_eq!(first, dump());
        firm.run("parties.save_party", json!({"name": "Ann", "is_customer": true}));
        assert_ne!(first, dump());
        let accounts = served.place.read_beside(&firm.name, account::all).unwrap();
        assert!(accounts.iter().all(|account| account.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")));
        assert_eq!(served.place.read_beside(&CommandId::mint().to_string(), account::all).unwrap_err().code(), "tenant.unknown");
    });
}
