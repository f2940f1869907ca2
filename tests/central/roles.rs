//! The permission matrix over HTTP: every command and query, every role.

use daybook_core::app;
use daybook_core::shared::permission::{Permission, Role};
use serde_json::json;

use super::each_place;

const ROLES: [Role; 7] = [Role::Owner, Role::Admin, Role::Accountant, Role::Sales, Role::Purchasing, Role::Warehouse, Role::Auditor];

#[test]
fn nobody_does_over_http_what_the_role_does_not_grant() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let mut cells = 0;
        for role in ROLES {
            let grant = firm.person(role.word());
            let needs = app::commands().map(|c| (c.name, c.needs)).chain(app::queries().map(|q| (q.name, q.needs)));
            for (name, needs) in needs {
                let reply = served.post(&firm.path(&format!("rpc/{name}")), &grant.access, json!({}));
                let denied = reply.code() == "permission.denied";
                assert_eq!(denied, !role.grants(needs), "{name} as {role}: {reply:?}");
                assert_eq!(denied, reply.status == 403, "{name} as {role}: {reply:?}");
                assert!(![429, 500].contains(&reply.status), "{name} as {role}: {reply:?}");
                cells += 1;
            }
        }
        assert!(cells > 300, "{cells}");
    });
}

#[test]
fn rows_are_listed_for_who_may_see_them() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        for role in [Role::Warehouse, Role::Sales, Role::Auditor] {
            let grant = firm.person(role.word());
            for record in app::records() {
                let reply = served.post(&firm.path("rpc/records.list"), &grant.access, json!({"record": record.table}));
                let seen = if role.grants(record.needs) { 200 } else { 403 };
                assert_eq!(reply.status, seen, "{} as {role}: {reply:?}", record.table);
            }
        }
    });
}

#[test]
fn the_price_at_which_goods_are_bought_is_shown_to_who_may_see_costs() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let buyer = firm.person("purchasing");
        let saved = served.post(&firm.path("rpc/catalog.save_item"), &buyer.access, json!({"code": "A", "name": "Anvil", "purchase_price": "12.5"}));
        let item = &saved.body["result"]["id"];
        for role in ROLES {
            let grant = firm.person(role.word());
            let got = served.post(&firm.path("rpc/records.get"), &grant.access, json!({"record": "item", "id": item}));
            let (seen, may) = (got.body["row"].get("purchase_price").cloned(), role.grants(Permission::SeeCosts));
            assert_eq!(seen, may.then(|| json!("12.5")), "{role}: {got:?}");
            let listed = served.post(&firm.path("rpc/records.list"), &grant.access, json!({"record": "item"}));
            assert!(!listed.body.to_string().contains("12.5"), "{role}");
        }
        let other = served.post(&firm.path("rpc/catalog.save_item"), &buyer.access, json!({"code": "B", "name": "Bolt"}));
        let got = served.post(&firm.path("rpc/records.get"), &buyer.access, json!({"record": "item", "id": other.body["result"]["id"]}));
        assert_eq!(got.body["row"].get("purchase_price"), Some(&json!(null)));
    });
}

#[test]
fn who_administers_is_who_manages_access() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let subject = firm.person("sales");
        for role in ROLES {
            let grant = firm.person(role.word());
            let may = matches!(role, Role::Owner | Role::Admin);
            for tail in [format!("users/{}/invite", subject.user), format!("devices/{}/revoke", subject.user)] {
                let reply = served.post(&firm.path(&tail), &grant.access, json!({}));
                assert_eq!(reply.status == 403, !may, "{tail} as {role}: {reply:?}");
            }
        }
    });
}
