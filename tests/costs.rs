//! What goods cost is seen, held and said only by those who may see it; books of before come to that too.

use daybook_core::app::{self, App, Call, ImportFile};
use daybook_core::catalog::{Item, PurchasePrice};
use daybook_core::daybook::digest::{Digests, of_rows};
use daybook_core::daybook::log;
use daybook_core::daybook::wire::digests_out;
use daybook_core::db::{Books, Dialect, Mode, row_digest};
use daybook_core::history::{Step, Trail};
use daybook_core::importing::{Mapped, Mapping};
use daybook_core::shared::context::UserId;
use daybook_core::shared::permission::{Permission, Role};
use daybook_core::shared::record::Record;
use daybook_core::shared::value::{FieldKind, Val};
use daybook_core::shared::{Code, Id, Note, Price};
use daybook_core::vals;
use daybook_sync::Failure;
use serde_json::{Value, json};

use crate::scopes::{Away, Device, Firm, each_server};
use crate::support::{TestBooks, books, clock, each_database, pool, search_follows, tenant_name};

/// Figures, and fields by whose name one might think of costs, that everybody may see: why.
const SEEN_BY_ALL: &[(&str, &str)] = &[
    ("billing_", "what customers are asked for is no cost"),
    ("item.sales_price", "what customers are asked for"),
    ("price.price", "what customers are asked for"),
    ("party.credit_limit", "how far customers may owe"),
    ("import_batch.", "what customers were asked for, in a file"),
    ("import_issue.value", "codes, names and numbers of documents, never a figure"),
    ("tax.purchase_account", "the code of an account"),
    ("tax_rule.purchases", "a choice of rules"),
    ("item.purchase_unit", "in what goods are bought, not for how much"),
    ("item_category.cost_account", "the code of an account"),
    ("item_category.valuation", "a method"),
    ("company.valuation", "a method"),
    ("company_identifier.value", "a number by which others know the firm"),
    ("party_identifier.value", "a number by which others know a contact"),
];

#[test]
fn whatever_tells_what_goods_cost_needs_a_permission() {
    let says_cost = |name: &str| ["cost", "purchase", "value", "valuation", "margin", "profit", "worth"].iter().any(|word| name.contains(word));
    let is_like = |known: &str, column: &str| if known.ends_with(['_', '.']) { column.starts_with(known) } else { column == known };
    let read_by_all = app::records().filter(|record| record.needs == Permission::Read);
    let telling = read_by_all.flat_map(|record| (record.fields)().into_iter().map(|field| (format!("{}.{}", record.table, field.name), field)));
    let telling = telling.filter(|(_, field)| matches!(field.kind, FieldKind::Money | FieldKind::Price) || says_cost(field.name));
    let telling: Vec<String> = telling.map(|(column, _)| column).collect();
    let unknown: Vec<&String> = telling.iter().filter(|column| !SEEN_BY_ALL.iter().any(|(known, _)| is_like(known, column))).collect();
    assert!(unknown.is_empty(), "these reach the device of everybody: {unknown:?}");
    let stale = SEEN_BY_ALL.iter().filter(|(known, _)| !telling.iter().any(|column| is_like(known, column)));
    assert_eq!(stale.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "not there any more");
}

#[test]
fn what_says_more_of_a_record_has_its_key_and_is_saved_with_it() {
    for more in app::records().filter(|record| record.more_of.is_some()) {
        let of = app::register().record(more.more_of.unwrap()).unwrap();
        assert_eq!((more.keys, of.keys), (1, 1), "{}", more.table);
        assert_eq!((more.fields)()[0].references, Some(of.table), "{}", more.table);
        let schema = (app::register().command(of.save.unwrap()).unwrap().schema)();
        for column in &more.columns[1..] {
            assert!(schema["properties"].get(column).is_some(), "{}.{column}", more.table);
            assert!(!of.columns.contains(column), "{}.{column}", more.table);
        }
    }
}

fn person(books: &TestBooks, role: Role) -> UserId {
    let saved = books.run("identity.save_user", json!({"name": role.word(), "role": role}));
    Id::parse(saved["id"].as_str().unwrap()).unwrap()
}

fn price_of(app: &App, item: &Value) -> Option<String> {
    let id: Id<Item> = Id::parse(item.as_str().unwrap()).unwrap();
    app.read(|tx, _| tx.find::<PurchasePrice>(vals![id])).unwrap().map(|known| known.purchase_price.to_string())
}

#[test]
fn who_may_not_see_costs_neither_sees_nor_says_them() {
    each_database(|books| {
        let (buyer, seller) = (person(books, Role::Purchasing), person(books, Role::Sales));
        let save = |actor: UserId, args: Value| books.app.execute(Call { actor: Some(actor), ..Call::new("catalog.save_item", args) });
        let item = save(buyer, json!({"code": "A", "name": "Anvil", "purchase_price": "12.5"})).unwrap().result["id"].clone();
        assert_eq!(price_of(&books.app, &item).as_deref(), Some("12.5"));
        let seen = |actor: UserId| books.app.query_as(actor, "catalog.item", json!({"id": item})).unwrap();
        assert_eq!((&seen(buyer)["purchase_price"], &seen(seller)["purchase_price"]), (&json!("12.5"), &Value::Null));

        save(seller, json!({"id": item, "name": "Anvil, large"})).unwrap();
        assert_eq!((price_of(&books.app, &item).as_deref(), &seen(seller)["item"]["name"]), (Some("12.5"), &json!("Anvil, large")));
        for price in [json!("13"), Value::Null] {
            let error = save(seller, json!({"id": item, "name": "Renamed", "purchase_price": price})).unwrap_err();
            assert_eq!((error.code(), error.field_path()), ("permission.denied", Some("purchase_price")));
        }
        assert_eq!((price_of(&books.app, &item).as_deref(), &seen(seller)["item"]["name"]), (Some("12.5"), &json!("Anvil, large")));

        save(buyer, json!({"id": item, "purchase_price": "13"})).unwrap();
        assert_eq!(price_of(&books.app, &item).as_deref(), Some("13"));
        save(buyer, json!({"id": item, "name": "Anvil"})).unwrap();
        assert_eq!(price_of(&books.app, &item).as_deref(), Some("13"), "what is left out stays");
        save(buyer, json!({"id": item, "purchase_price": null})).unwrap();
        assert_eq!(price_of(&books.app, &item), None);
    });
}

#[test]
fn a_request_that_everybody_reads_says_no_costs() {
    each_database(|books| {
        let clerk = person(books, Role::Warehouse);
        let ask = |args: Value| {
            let args = json!({"command": "catalog.save_item", "args": args, "reason": "It came without a label"});
            books.app.execute(Call { actor: Some(clerk), ..Call::new("approvals.ask", args) })
        };
        let error = ask(json!({"code": "A", "name": "Anvil", "purchase_price": "12.5"})).unwrap_err();
        assert_eq!((error.code(), error.field_path()), ("approval.secret", Some("args.purchase_price")));
        ask(json!({"code": "A", "name": "Anvil"})).unwrap();
    });
}

#[test]
fn a_column_of_costs_is_read_for_those_who_may_see_costs() {
    let file = |mapping: Option<Mapping>| ImportFile { name: "items.csv", bytes: b"SKU,Product name,Unit cost\nA,Anvil,12.50\n", mapping, mended: &[] };
    let columns = [("code", "SKU"), ("name", "Product name"), ("purchase_price", "Unit cost")];
    let all = Mapping { columns: columns.map(|(field, column)| (field.to_owned(), column.to_owned())).into(), dates: None };
    let books = books();
    let owner = serde_json::to_value(books.app.plan_record_import("items", &file(None)).unwrap()).unwrap();
    assert_eq!(owner["columns"][2]["mapped_to"], json!("purchase_price"));
    let seller = person(&books, Role::Sales);
    books.app.take_seat(books.app.device().device, seller).unwrap();
    let planned = serde_json::to_value(books.app.plan_record_import("items", &file(None)).unwrap()).unwrap();
    assert_eq!(planned["columns"][2]["mapped_to"], Value::Null);
    let error = books.app.plan_record_import("items", &file(Some(all.clone()))).unwrap_err();
    assert_eq!((error.code(), error.field_path()), ("permission.denied", Some("purchase_price")));
    books.app.take_seat(books.app.device().device, person_who_owns(&books)).unwrap();
    let report = books.app.import_records("items", &file(Some(all)), &mut |_, _, _| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!(report.counts.new_items, 1);
    let known: Vec<(Id<Item>, Price)> = books.app.read(|tx, _| tx.all("SELECT item, purchase_price FROM purchase_price", &[])).unwrap();
    assert_eq!(known.iter().map(|(_, price)| price.to_string()).collect::<Vec<_>>(), ["12.5"]);
}

fn person_who_owns(books: &TestBooks) -> UserId {
    books.app.read(|tx, _| tx.one("SELECT id FROM app_user WHERE role = 'owner'", &[])).unwrap()
}

#[test]
fn a_buyer_who_sells_meanwhile_leaves_the_cost_alone_and_is_told() {
    each_server(|firm| {
        let mut device = firm.device(Role::Purchasing);
        let before = price_of(&firm.server.app, &firm.item);
        assert_eq!(price_of(device.app(), &firm.item), before);
        device.run("catalog.save_item", json!({"id": firm.item, "name": "Canary, yellow", "purchase_price": "1"}));
        firm.give_role(device.user, Role::Sales);
        device.sync();
        device.check_entitled(Role::Sales);
        assert_eq!(device.prices(), 0, "nothing given up stays in the file");
        assert_eq!(price_of(&firm.server.app, &firm.item), before);
        let state: Vec<(String, String)> = device.app().read(|tx, _| tx.all("SELECT state, reason FROM daybook", &[])).unwrap();
        assert_eq!(state.len(), 1);
        assert!(state[0].0 == "excepted" && state[0].1.contains("permission.denied"), "{state:?}");
        assert_eq!(firm.server.ask("catalog.item", json!({"id": firm.item}))["item"]["name"], json!("Canary, yellow"));
    });
}

#[test]
fn what_stock_is_worth_is_not_told_to_who_moves_it() {
    each_database(|books| {
        let clerk = person(books, Role::Warehouse);
        let item = books.run("catalog.save_item", json!({"code": "A", "name": "Anvil"}))["id"].clone();
        let received = books.run("inventory.receive", json!({"lines": [{"item": item, "quantity": "5", "unit_cost": "7"}]}));
        assert_eq!(received["value"], json!(35_00));
        let lost = Call { actor: Some(clerk), ..Call::new("inventory.adjust", json!({"item": item, "quantity": "-1", "reason": "Fell"})) };
        assert_eq!(books.app.execute(lost).unwrap().result["value"], Value::Null);
    });
}

/// Where a server's books are, to be opened again.
enum Place {
    File(tempfile::TempDir),
    Tenant(String),
}

impl Place {
    fn all() -> Vec<Place> {
        let mut places = vec![Place::File(tempfile::tempdir().unwrap())];
        if let Some(pool) = pool() {
            let tenant = tenant_name();
            pool.add_tenant(&tenant).unwrap();
            places.push(Place::Tenant(tenant));
        }
        places
    }
    fn open(&self, mode: Mode) -> TestBooks {
        let app = match self {
            Place::File(folder) => {
                let path = folder.path().join("server.books");
                if mode == Mode::Write {
                    // A program that dies between the migration and what follows it.
                    drop(Books::open(&path, mode).unwrap());
                }
                App::open(&path, mode, clock())
            }
            Place::Tenant(tenant) => App::open_postgres(pool().unwrap(), tenant, clock()),
        };
        TestBooks { app: app.unwrap(), folder: None }
    }
}

/// The prices of a server's items, in millionths.
fn prices_of(app: &App) -> Vec<(Id<Item>, i64)> {
    app.read(|tx, _| tx.all("SELECT item, purchase_price FROM purchase_price", &[])).unwrap()
}

/// Takes away what migration 36 made, as far as it would be in its own way.
const LATER_SQLITE: &str = "\
    DROP INDEX billing_document_payable; DROP TABLE journal_entry_fts; DROP TABLE journal_entry_search; \
    DROP TABLE party_cut; DROP TABLE item_cut; DROP TABLE billing_invoice_cut; DROP TABLE journal_entry_cut; \
    DROP VIEW party_searched; DROP VIEW item_searched; DROP VIEW billing_invoice_searched; DROP VIEW journal_entry_searched;";
/// Its triggers.
const SEARCHING: &str =
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND (name LIKE '%\\_search\\_%' ESCAPE '\\' OR name LIKE '%\\_cut\\_%' ESCAPE '\\')";
const LATER_POSTGRES: &str = "\
    DROP FUNCTION party_found; DROP FUNCTION item_found; DROP FUNCTION billing_invoice_found; DROP FUNCTION journal_entry_found; \
    DROP INDEX party_said; DROP INDEX item_said; DROP INDEX item_barcode_said; DROP INDEX billing_document_said; DROP INDEX billing_document_payable; DROP INDEX journal_entry_said; \
    DROP FUNCTION search_words;";
/// Takes away what migrations after that one make, the newest first.
const MADE_LATER: &[&str] = &["DROP TABLE history_cost; DROP TABLE history_step; DROP TABLE history_trail;", "DROP TABLE saved_view;"];

/// Makes books what they were before prices had a record of their own: the same rows in the old shape, which
/// every device had, digests over these, and images and journals that no program of today reads.
fn turn_back(app: &App, prices: &[(Id<Item>, i64)]) {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    app.storage()
        .write(|tx| {
            let sqlite = tx.dialect() == Dialect::Sqlite;
            let bytes = |bytes: &[u8]| if sqlite { format!("x'{}'", hex(bytes)) } else { format!("'\\x{}'::bytea", hex(bytes)) };
            let id = |id: Id<Item>| if sqlite { format!("x'{}'", hex(&id.bytes())) } else { format!("'{id}'") };
            let items: Vec<Item> = tx.find_all(&[], &[])?;
            let mut digests = log::digests(tx)?;
            digests.remove(Permission::SeeCosts.word());
            let place = Item::COLUMNS.iter().position(|column| *column == "standard_id").unwrap();
            for item in items {
                let price = prices.iter().find(|(of, _)| *of == item.id).map_or(Val::Null, |(_, price)| Val::Int(*price));
                let (new, mut old) = (item.to_row(), item.to_row());
                old.insert(place, price);
                let digest = digests.entry(Permission::Read.word().to_owned()).or_default();
                *digest = digest.wrapping_sub(row_digest("item", &new)?).wrapping_add(row_digest("item", &old)?);
            }
            let triggers: Vec<(String,)> = if sqlite { tx.all(SEARCHING, &[])? } else { Vec::new() };
            let triggers: String = triggers.iter().map(|(name,)| format!("DROP TRIGGER {name};")).collect();
            let trails = tx.find_all::<Trail>(&[], &[])?.iter().map(|trail| row_digest("history_trail", &trail.to_row())).collect::<Result<Vec<_>, _>>()?;
            let steps = tx.find_all::<Step>(&[], &[])?.iter().map(|step| row_digest("history_step", &step.to_row())).collect::<Result<Vec<_>, _>>()?;
            let digest = digests.entry(Permission::Read.word().to_owned()).or_default();
            *digest = trails.into_iter().chain(steps).fold(*digest, u128::wrapping_sub);
            let int = if sqlite { "INTEGER" } else { "BIGINT" };
            let kept = bytes(&minicbor::to_vec(digests_out(&digests)).unwrap());
            let heads = digests.iter().map(|(scope, digest)| format!("INSERT INTO scope_head VALUES ('{scope}', {});", bytes(&digest.to_be_bytes())));
            let set = prices.iter().map(|(item, price)| format!("UPDATE item SET purchase_price = {price} WHERE id = {};", id(*item)));
            let journal = bytes(&prices.iter().flat_map(|(_, price)| price.to_be_bytes()).collect::<Vec<u8>>());
            tx.raw(&format!(
                "ALTER TABLE item ADD COLUMN purchase_price {int} CHECK (purchase_price >= 0); {set}
                 DROP TABLE purchase_price;
                 {triggers} {rest} {later}
                 DELETE FROM schema_migration WHERE number >= 35;
                 DELETE FROM scope_head; {heads}
                 UPDATE log_entry SET digests = {kept};
                 UPDATE log_rows SET images = {images};
                 UPDATE daybook_undo SET schema = 34, journal = {journal};
                 UPDATE device_state SET value = 'read see_ledger' WHERE name = 'scopes' AND value = 'read see_costs see_ledger';
                 UPDATE device_state SET value = 'read' WHERE name = 'scopes' AND value = 'read see_costs';",
                later = MADE_LATER.concat(),
                set = set.collect::<String>(),
                heads = heads.collect::<String>(),
                images = bytes(&[0xff]),
                rest = if sqlite { LATER_SQLITE } else { LATER_POSTGRES },
            ))
        })
        .unwrap();
}

/// The digests that books keep are those of their rows.
#[track_caller]
fn check_digests(app: &App) {
    let held = app.followed().unwrap().scopes;
    let records = app::records().filter(|record| held.is_empty() || held.iter().any(|scope| scope == record.scope()));
    let (kept, by_rows): (Digests, Digests) = app.read(|tx, _| Ok((log::digests(tx)?, of_rows(tx, records)?))).unwrap();
    for (scope, digest) in by_rows {
        assert_eq!(kept.get(&scope).copied().unwrap_or_default(), digest, "{scope}");
    }
}

#[test]
fn digests_of_long_tables_are_read_in_parts() {
    let mapped = |n: usize| Mapped { kind: Code::new(&format!("k{}", n % 3)).unwrap(), header: Code::new(&format!("h{n}")).unwrap(), mapping: Note::default() };
    each_database(|books| {
        for count in [10_000, 10_001, 20_001] {
            let rows: Vec<Mapped> = (0..count).map(mapped).collect();
            let sum = rows.iter().fold(0_u128, |sum, row| sum.wrapping_add(row_digest(Mapped::TABLE, &row.to_row()).unwrap()));
            let record = app::register().record(Mapped::TABLE).unwrap();
            let by_rows = books.app.rehearse(|tx, _| tx.insert_all(&rows).and_then(|()| of_rows(tx, [record].into_iter()))).unwrap();
            assert_eq!(by_rows[record.scope()], sum, "{count} rows");
        }
    });
}

#[test]
fn books_of_before_come_in_step_and_give_clerks_no_prices() {
    for place in Place::all() {
        let books = place.open(Mode::Create);
        let firm = Firm::found(&books);
        firm.work();
        let (item, party) = (firm.item.clone(), firm.party.clone());
        // In step, with work that waits, behind.
        let mut devices: Vec<(Role, &'static str, Device<'_>)> =
            [Role::Warehouse, Role::Sales, Role::Accountant].map(|role| (role, "behind", firm.device(role))).into();
        firm.work();
        devices.extend([Role::Warehouse, Role::Accountant].map(|role| (role, "busy", firm.device(role))));
        devices.extend([Role::Warehouse, Role::Sales, Role::Accountant, Role::Purchasing].map(|role| (role, "in step", firm.device(role))));
        for (_, how, device) in &mut devices {
            if *how != "behind" {
                device.sync_anew();
            }
            if *how == "busy" {
                device.run("inventory.adjust", json!({"item": item, "quantity": "-1", "reason": "Flown away"}));
            }
        }
        let prices = prices_of(&books.app);
        let put_away = |(role, how, device): (Role, &'static str, Device<'_>)| {
            turn_back(device.app(), &prices);
            (role, how, device.put_away())
        };
        let away: Vec<(Role, &str, Away)> = devices.into_iter().map(put_away).collect();
        turn_back(&books.app, &prices);
        drop(books);

        let books = place.open(Mode::Write);
        let firm = Firm { server: &books, item, party };
        assert_eq!(prices_of(&books.app), prices);
        check_digests(&books.app);
        for (role, how, away) in away {
            let mut device = firm.open(away);
            assert_eq!(device.one("SELECT count(*) FROM daybook_undo"), 0, "journals of the old rows");
            device.sync();
            device.check_entitled(role);
            check_digests(device.app());
            assert_eq!(device.prices() > 0, role.grants(Permission::SeeCosts), "{role}");
            let anew = device.failures.contains(&Failure::Lost);
            assert_eq!(anew, how != "in step" || role == Role::Purchasing, "{role}, {how}: {:?}", device.failures);
        }
    }
}

/// The dump without what people may undo: there were no steps then.
pub fn without_steps(books: &TestBooks) -> Vec<String> {
    books.dump().lines().filter(|line| !line.starts_with("history_")).map(str::to_owned).collect()
}

#[test]
fn books_of_before_that_nobody_shares_keep_their_prices() {
    for place in Place::all() {
        let books = place.open(Mode::Create);
        books.app.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"})).unwrap();
        let save = |code: &str, price: Value| books.run("catalog.save_item", json!({"code": code, "name": code, "purchase_price": price}))["id"].clone();
        let (anvil, bolt) = (save("ANVIL", json!("12.5")), save("BOLT", Value::Null));
        let (dump, prices) = (without_steps(&books), prices_of(&books.app));
        turn_back(&books.app, &prices);
        drop(books);
        let books = place.open(Mode::Write);
        assert_eq!((price_of(&books.app, &anvil).as_deref(), price_of(&books.app, &bolt)), (Some("12.5"), None));
        assert_eq!(without_steps(&books), dump);
        books.run("catalog.save_item", json!({"id": bolt, "purchase_price": "0.5"}));
        books.app.verify().unwrap();
        search_follows(&books.app);
    }
}
