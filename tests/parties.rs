//! Customers and suppliers.

use daybook_core::parties::{Party, api};
use daybook_core::shared::{Date, Id};
use serde_json::{Value, json};

use crate::support::{TestBooks, books, each_database};

fn save(books: &TestBooks, args: Value) -> Id<Party> {
    Id::parse(books.run("parties.save_party", args)["id"].as_str().unwrap()).unwrap()
}

fn read(books: &TestBooks, id: Id<Party>) -> Party {
    books.app.read(|tx, _| api::party(tx, id)).unwrap()
}

fn refused(books: &TestBooks, args: Value) -> (String, String) {
    let error = books.try_run("parties.save_party", args).unwrap_err();
    assert!(!error.message().contains('{') && !error.next().is_empty(), "{error}");
    (error.code().to_owned(), error.field_path().unwrap_or_default().to_owned())
}

#[test]
fn a_name_is_enough_for_a_customer() {
    each_database(|books| {
        let party = read(books, save(books, json!({"name": "  Müller & Söhne "})));
        assert_eq!((party.name.as_str(), party.country.as_str()), ("Müller & Söhne", "GB"));
        assert!(party.is_customer && !party.is_supplier && !party.on_hold && !party.archived);
        assert_eq!((party.code_key, party.payment_days, party.credit_limit), (None, None, None));
        let supplier = read(books, save(books, json!({"name": "Mill", "is_supplier": true})));
        assert!(supplier.is_supplier && !supplier.is_customer);
    });
}

#[test]
fn what_is_left_out_stays_and_null_clears() {
    each_database(|books| {
        let all = json!({"code": "m-1", "name": "Mill", "country": "eire", "currency": "EUR", "payment_days": 30, "credit_limit": 500_000,
            "city": "Cork", "vat_id": "ie 1234567 fa", "email": "a@example.com; b@example.com", "tags": "wood, paper"});
        let id = save(books, all);
        let first = read(books, id);
        assert_eq!((first.country.as_str(), first.vat_id.as_str()), ("IE", "IE1234567FA"));
        assert_eq!(first.code_key.as_deref(), Some("M-1"));
        save(books, json!({"id": id, "city": "Dublin", "payment_days": null, "tags": null}));
        let second = read(books, id);
        assert_eq!((second.city.as_str(), second.payment_days, second.tags.as_str()), ("Dublin", None, ""));
        assert_eq!((second.code.as_str(), second.credit_limit.map(|m| m.units())), ("m-1", Some(500_000)));
        let unchanged = books.try_run("parties.save_party", json!({"id": id, "city": "Dublin"})).unwrap();
        assert!(unchanged.changed.is_empty());
    });
}

#[test]
fn codes_are_unique_whatever_their_case() {
    each_database(|books| {
        let id = save(books, json!({"code": "ab-1", "name": "One"}));
        assert_eq!(refused(books, json!({"code": "AB-1", "name": "Two"})), ("party.code_taken".into(), "code".into()));
        save(books, json!({"id": id, "code": "Ab-1"}));
        save(books, json!({"name": "No code"}));
        save(books, json!({"name": "No code either"}));
        let found = books.app.read(|tx, _| api::by_code(tx, " aB-1 ")).unwrap().unwrap();
        assert_eq!(found.id, id);
        assert!(books.app.read(|tx, _| api::by_code(tx, "")).unwrap().is_none());
    });
}

#[test]
fn bad_input_names_field_and_reason() {
    let books = books();
    let long = "x".repeat(201);
    for (args, code, field) in [
        (json!({}), "text.required", "name"),
        (json!({"name": "  "}), "text.required", "name"),
        (json!({"name": long}), "text.too_long", "name"),
        (json!({"name": "A\u{0}B"}), "text.control", "name"),
        (json!({"name": 7}), "args.invalid", "name"),
        (json!({"name": "A", "code": "c".repeat(65)}), "text.too_long", "code"),
        (json!({"name": "A", "country": "Atlantis"}), "country.unknown", "country"),
        (json!({"name": "A", "currency": "XYZ"}), "currency.unknown", "currency"),
        (json!({"name": "A", "payment_days": -1}), "party.payment_days", "payment_days"),
        (json!({"name": "A", "payment_days": 99_999}), "party.payment_days", "payment_days"),
        (json!({"name": "A", "credit_limit": -1}), "party.credit_limit", "credit_limit"),
        (json!({"name": "A", "credit_limit": 1.5}), "args.invalid", "credit_limit"),
        (json!({"name": "A", "email": "nobody"}), "party.email", "email"),
        (json!({"name": "A", "is_customer": false}), "party.no_role", "is_customer"),
        (json!({"name": "A", "vat_id": "123456789"}), "party.vat_prefix", "vat_id"),
        (json!({"name": "A", "vat_id": "QQ123"}), "party.vat_prefix", "vat_id"),
        (json!({"name": "A", "vat_id": "DE"}), "party.vat_prefix", "vat_id"),
        (json!({"name": "A", "vat_id": "ä12"}), "party.vat_prefix", "vat_id"),
        (json!({"name": "A", "price_list": "x"}), "id.invalid", "price_list"),
    ] {
        assert_eq!(refused(&books, args.clone()), (code.into(), field.into()), "{args}");
    }
    let unknown = books.refused("parties.save_party", json!({"id": "00000000-0000-0000-0000-000000000000", "name": "A"}));
    assert_eq!(unknown, "record.not_found");
}

#[test]
fn vat_ids_carry_the_country_that_gave_them() {
    let books = books();
    for (typed, kept) in
        [("EL 094259216", "EL094259216"), ("gr094259216", "GR094259216"), ("che-123.456.789 mwst", "CHE123456789MWST"), ("XI123456789", "XI123456789")]
    {
        let id = save(&books, json!({"name": "A", "vat_id": typed}));
        assert_eq!(read(&books, id).vat_id.as_str(), kept);
    }
    let on = |year| Date::ymd(year, 6, 1).unwrap();
    assert!(api::foreign_eu_vat_id("DE123456789", "GB", on(2010)));
    assert!(api::foreign_eu_vat_id("EL094259216", "DE", on(2010)));
    assert!(api::foreign_eu_vat_id("GB123456789", "DE", on(2019)));
    assert!(!api::foreign_eu_vat_id("GB123456789", "DE", on(2021)));
    assert!(!api::foreign_eu_vat_id("DE123456789", "DE", on(2010)));
    assert!(!api::foreign_eu_vat_id("NO974760673MVA", "GB", on(2010)));
    assert!(!api::foreign_eu_vat_id("", "GB", on(2010)));
}

#[test]
fn archived_contacts_come_back() {
    let books = books();
    let id = save(&books, json!({"name": "A"}));
    books.run("parties.archive_party", json!({"id": id}));
    assert!(read(&books, id).archived);
    books.run("parties.archive_party", json!({"id": id, "restore": true}));
    assert!(!read(&books, id).archived);
}

#[test]
fn merging_leaves_one_that_stands_for_both() {
    each_database(|books| {
        let (a, b, c) =
            (save(books, json!({"name": "A", "code": "a"})), save(books, json!({"name": "B", "is_supplier": true})), save(books, json!({"name": "C"})));
        books.run("parties.merge_parties", json!({"loser": a, "winner": b}));
        books.run("parties.merge_parties", json!({"loser": b, "winner": c}));
        let (old, winner) = (read(books, a), books.app.read(|tx, _| api::resolve(tx, a)).unwrap());
        assert_eq!((winner.id, old.merged_into, old.archived), (c, Some(c), true));
        assert!(winner.is_customer && winner.is_supplier);
        assert_eq!(books.app.read(|tx, _| api::by_code(tx, "A")).unwrap().unwrap().id, a);
        assert_eq!(books.refused("parties.merge_parties", json!({"loser": a, "winner": c})), "party.merged");
        assert_eq!(books.refused("parties.merge_parties", json!({"loser": c, "winner": a})), "party.merge_self");
        assert_eq!(books.refused("parties.archive_party", json!({"id": a, "restore": true})), "party.merged");
        assert_eq!(books.refused("parties.save_party", json!({"id": a, "name": "X"})), "party.merged");
    });
}

#[test]
fn documents_freeze_names_address_and_identifiers() {
    each_database(|books| {
        let id =
            save(books, json!({"name": "Acme", "legal_name": "Acme SARL", "country": "FR", "line1": "1 rue A", "city": "Lyon", "vat_id": "FR40303265045"}));
        for args in [
            json!({"party": id, "kind": "registration", "scheme": "0002", "value": "303265045"}),
            json!({"party": id, "kind": "gln", "value": "4006381333931"}),
            json!({"party": id, "kind": "endpoint", "scheme": "0225", "value": "303265045"}),
        ] {
            books.run("parties.save_identifier", args);
        }
        let frozen = books.app.read(|tx, _| api::frozen(tx, id)).unwrap();
        assert_eq!((frozen.legal_name.as_str(), frozen.vat_id.as_str(), frozen.line1.as_str()), ("Acme SARL", "FR40303265045", "1 rue A"));
        assert_eq!((frozen.registration.as_str(), frozen.registration_scheme.as_str()), ("303265045", "0002"));
        assert_eq!((frozen.gln.as_str(), frozen.endpoint.as_str(), frozen.endpoint_scheme.as_str()), ("4006381333931", "303265045", "0225"));
        let plain = save(books, json!({"name": "Plain"}));
        assert_eq!(books.app.read(|tx, _| api::frozen(tx, plain)).unwrap().legal_name.as_str(), "Plain");
    });
}

#[test]
fn identifiers_and_addresses_are_checked() {
    let books = books();
    let id = save(&books, json!({"name": "Acme", "country": "DE"}));
    for (args, code) in [
        (json!({"party": id, "kind": "gln", "value": "4006381333932"}), "party.gln"),
        (json!({"party": id, "kind": "registration", "scheme": "02", "value": "1"}), "party.scheme"),
        (json!({"party": id, "kind": "endpoint", "value": "1"}), "party.scheme"),
        (json!({"party": id, "kind": "endpoint", "scheme": "em", "value": "nobody"}), "party.email"),
        (json!({"party": id, "kind": "endpoint", "scheme": "0088", "value": "1"}), "party.gln"),
        (json!({"party": id, "kind": "vat", "value": "12345"}), "party.vat_prefix"),
        (json!({"party": id, "kind": "other"}), "text.required"),
        (json!({"kind": "other", "value": "1"}), "text.required"),
    ] {
        assert_eq!(books.refused("parties.save_identifier", args.clone()), code, "{args}");
    }
    books.run("parties.save_identifier", json!({"party": id, "kind": "other", "value": "K-17"}));
    assert_eq!(books.refused("parties.save_identifier", json!({"party": id, "kind": "other", "value": "K-17"})), "party.identifier_exists");
    books.run("parties.save_address", json!({"party": id, "purpose": "delivery", "line1": "Tor 3", "city": "Köln"}));
    assert_eq!(books.refused("parties.save_address", json!({"party": id, "city": "Köln"})), "text.required");
    let details = books.ask("parties.party", json!({"id": id}));
    assert_eq!((details["addresses"][0]["country"].as_str(), details["identifiers"].as_array().map(Vec::len)), (Some("DE"), Some(1)));
}

#[test]
fn undo_and_redo_give_the_same_parties() {
    let books = books();
    let (a, b) = (save(&books, json!({"name": "A", "code": "a", "payment_days": 14})), save(&books, json!({"name": "B"})));
    books.run("parties.save_party", json!({"id": a, "payment_days": null, "city": "Bath"}));
    books.run("parties.merge_parties", json!({"loser": a, "winner": b}));
    let before = books.dump();
    books.app.rebase(4, |_| Ok(())).unwrap();
    assert_eq!(books.dump(), before);
}
