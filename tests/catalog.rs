//! Items, units, barcodes and prices.

use daybook_core::catalog::{Item, PriceList, api};
use daybook_core::db::{ListQuery, list};
use daybook_core::shared::{Code, Currency, Date, Id, Quantity};
use serde_json::{Value, json};

use crate::support::{TestBooks, books, each_database};

fn save(books: &TestBooks, args: Value) -> Item {
    let id = Id::parse(books.run("catalog.save_item", args)["id"].as_str().unwrap()).unwrap();
    books.app.read(|tx, _| api::item(tx, id)).unwrap()
}

fn base(books: &TestBooks, item: &Item, unit: &str, quantity: &str) -> Result<String, String> {
    let (unit, quantity) = (Code::new(unit).unwrap(), Quantity::parse(quantity).unwrap());
    books.app.read(|tx, _| api::to_base(tx, item, &unit, quantity)).map(|q| q.to_string()).map_err(|e| e.code().to_owned())
}

#[test]
fn code_and_name_are_enough_for_an_item() {
    each_database(|books| {
        let item = save(books, json!({"code": "85123A", "name": "White hanging heart", "sales_price": "2.55"}));
        assert_eq!((item.base_unit.as_str(), item.kind.word(), item.tracking.word(), item.tax_class.word()), ("C62", "goods", "none", "standard"));
        assert_eq!((item.sales_price.to_string().as_str(), item.used), ("2.55", false));
        let changed = save(
            books,
            json!({"id": item.id, "description": "T-light holder", "sales_unit": "DZN", "standard_id": "4006381333931", "origin_country": "china"}),
        );
        assert_eq!((changed.sales_unit.as_deref(), changed.origin_country.as_str(), changed.code.as_str()), (Some("DZN"), "CN", "85123A"));
        assert_eq!(save(books, json!({"id": item.id, "sales_unit": ""})).sales_unit, None);
        assert_eq!(books.app.read(|tx, _| api::by_code(tx, "85123a")).unwrap().unwrap().id, item.id);
    });
}

#[test]
fn bad_items_are_refused_by_field() {
    let books = books();
    save(&books, json!({"code": "Ab", "name": "A"}));
    let item = |more: Value| {
        let mut args = json!({"code": "X", "name": "X"});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    };
    for (args, code, field) in [
        (json!({"name": "X"}), "text.required", "code"),
        (json!({"code": "X"}), "text.required", "name"),
        (item(json!({"code": "aB"})), "item.code_taken", "code"),
        (item(json!({"code": "c".repeat(65)})), "text.too_long", "code"),
        (item(json!({"description": "a\u{0}"})), "text.control", "description"),
        (item(json!({"description": "d".repeat(4001)})), "text.too_long", "description"),
        (item(json!({"base_unit": "QQQ"})), "unit.unknown", "base_unit"),
        (item(json!({"sales_unit": "QQQ"})), "unit.unknown", "sales_unit"),
        (item(json!({"sales_price": "-1"})), "price.negative", "sales_price"),
        (item(json!({"sales_price": "1.1234567"})), "decimal.digits", "sales_price"),
        (item(json!({"sales_price": 2.55})), "decimal.float", "sales_price"),
        (item(json!({"purchase_price": "-0.01"})), "price.negative", "purchase_price"),
        (item(json!({"standard_id": "4006381333932"})), "item.standard_id", "standard_id"),
        (item(json!({"origin_country": "Atlantis"})), "country.unknown", "origin_country"),
        (item(json!({"kind": "service", "tracking": "lot"})), "item.service_tracking", "tracking"),
        (item(json!({"kind": "thing"})), "args.invalid", "kind"),
        (item(json!({"category": "00000000-0000-0000-0000-000000000000"})), "record.not_found", "category"),
    ] {
        let error = books.try_run("catalog.save_item", args.clone()).unwrap_err();
        assert_eq!((error.code(), error.field_path()), (code, Some(field)), "{args}");
        assert!(!error.message().contains('{') && !error.next().is_empty(), "{error}");
    }
}

#[test]
fn units_convert_exactly_or_not_at_all() {
    each_database(|books| {
        let piece = save(books, json!({"code": "P", "name": "Piece"}));
        assert_eq!(base(books, &piece, "DZN", "2.5"), Ok("30".into()));
        assert_eq!(base(books, &piece, "C62", "0.333333"), Ok("0.333333".into()));
        assert_eq!(base(books, &piece, "KGM", "1"), Err("unit.no_ratio".into()));
        assert_eq!(base(books, &piece, "XBX", "1"), Err("unit.no_ratio".into()));
        assert_eq!(base(books, &piece, "QQQ", "1"), Err("unit.unknown".into()));
        assert_eq!(base(books, &piece, "MIL", "9000000000000"), Err("decimal.overflow".into()));
        books.run("catalog.save_item_unit", json!({"item": piece.id, "unit": "XBX", "numerator": 144}));
        assert_eq!(base(books, &piece, "XBX", "-3"), Ok("-432".into()));
        let gram = save(books, json!({"code": "G", "name": "By weight", "base_unit": "GRM"}));
        assert_eq!(base(books, &gram, "LBR", "1"), Ok("453.59237".into()));
        assert_eq!(base(books, &gram, "LBR", "0.01"), Err("unit.inexact".into()));
        let pound = save(books, json!({"code": "L", "name": "By pound", "base_unit": "LBR"}));
        assert_eq!(base(books, &pound, "GRM", "1"), Err("unit.inexact".into()));
        assert_eq!(base(books, &pound, "STI", "1"), Ok("14".into()));
        let third = save(books, json!({"code": "T", "name": "Thirds"}));
        books.run("catalog.save_item_unit", json!({"item": third.id, "unit": "XPK", "numerator": 1, "denominator": 3}));
        assert_eq!((base(books, &third, "XPK", "3"), base(books, &third, "XPK", "1")), (Ok("1".into()), Err("unit.inexact".into())));
    });
}

#[test]
fn kind_unit_and_tracking_freeze_at_first_use() {
    let books = books();
    let item = save(&books, json!({"code": "P", "name": "Piece"}));
    save(&books, json!({"id": item.id, "base_unit": "KGM", "kind": "service"}));
    save(&books, json!({"id": item.id, "base_unit": "C62", "kind": "goods"}));
    books.run("catalog.save_item_unit", json!({"item": item.id, "unit": "XBX", "numerator": 10}));
    books.app.storage().write(|tx| api::mark_used(tx, item.id).and_then(|_| api::mark_used(tx, item.id))).unwrap();
    for change in [json!({"base_unit": "KGM"}), json!({"kind": "service"}), json!({"tracking": "lot"})] {
        let mut args = change.clone();
        args["id"] = json!(item.id);
        assert_eq!(books.refused("catalog.save_item", args), "item.frozen", "{change}");
    }
    assert_eq!(books.refused("catalog.save_item_unit", json!({"item": item.id, "unit": "XBX", "numerator": 12})), "item.frozen");
    books.run("catalog.save_item_unit", json!({"item": item.id, "unit": "XCT", "numerator": 100}));
    assert!(save(&books, json!({"id": item.id, "name": "Renamed", "sales_price": "3"})).used);
    books.run("catalog.archive_item", json!({"id": item.id}));
    assert!(books.app.read(|tx, _| api::item(tx, item.id)).unwrap().archived);
    books.run("catalog.archive_item", json!({"id": item.id, "restore": true}));
}

#[test]
fn barcodes_lead_to_item_unit_and_quantity() {
    each_database(|books| {
        let item = save(books, json!({"code": "P", "name": "Piece", "standard_id": "4006381333931"}));
        let other = save(books, json!({"code": "Q", "name": "Other"}));
        let code = books.run("catalog.save_barcode", json!({"code": "BOX-1", "item": item.id, "unit": "DZN", "quantity": "2"}))["id"].clone();
        let hit = books.app.read(|tx, _| api::by_barcode(tx, " BOX-1")).unwrap().unwrap();
        assert_eq!((hit.item.id, hit.unit.as_str(), hit.quantity.to_string().as_str()), (item.id, "DZN", "2"));
        let gtin = books.ask("catalog.scan", json!({"code": "4006381333931"}));
        assert_eq!((gtin["item"]["code"].as_str(), gtin["unit"].as_str(), gtin["quantity"].as_str()), (Some("P"), Some("C62"), Some("1")));
        assert!(books.ask("catalog.scan", json!({"code": "none"})).is_null());
        assert_eq!(books.refused("catalog.save_barcode", json!({"code": "BOX-1", "item": other.id})), "item.barcode_taken");
        assert_eq!(books.refused("catalog.save_barcode", json!({"code": "B", "item": item.id, "unit": "XBX"})), "unit.no_ratio");
        assert_eq!(books.refused("catalog.save_barcode", json!({"code": "B", "item": item.id, "quantity": "0"})), "quantity.not_positive");
        assert_eq!(books.refused("catalog.save_barcode", json!({"code": "B"})), "text.required");
        books.run("catalog.save_barcode", json!({"id": code, "archived": true}));
        assert!(books.ask("catalog.scan", json!({"code": "BOX-1"})).is_null());
        let details = books.ask("catalog.item", json!({"id": item.id}));
        assert_eq!(details["barcodes"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn categories_give_new_items_their_tax_class() {
    let books = books();
    let category = books.run("catalog.save_category", json!({"name": "Books", "tax_class": "zero", "revenue_account": "4100"}))["id"].clone();
    assert_eq!(save(&books, json!({"code": "A", "name": "A", "category": category})).tax_class.word(), "zero");
    assert_eq!(save(&books, json!({"code": "B", "name": "B", "category": category, "tax_class": "standard"})).tax_class.word(), "standard");
    assert_eq!(books.refused("catalog.save_category", json!({})), "text.required");
}

struct Shop<'a> {
    books: &'a TestBooks,
    item: Item,
    list: Id<PriceList>,
}

impl Shop<'_> {
    fn price(&self, list: bool, unit: &str, quantity: &str, date: &str, currency: &str) -> Result<(String, bool, bool), String> {
        let (unit, quantity, date) = (Code::new(unit).unwrap(), Quantity::parse(quantity).unwrap(), Date::parse(date).unwrap());
        let list = list.then_some(self.list);
        let found = self.books.app.read(|tx, _| api::price_for(tx, &self.item, list, &unit, quantity, date, Currency::parse(currency)?));
        found.map(|f| (f.price.to_string(), f.includes_tax, f.row.is_some())).map_err(|e| e.code().to_owned())
    }
}

#[test]
fn prices_follow_list_quantity_date_and_unit() {
    each_database(|books| {
        let item = save(books, json!({"code": "P", "name": "Piece", "sales_price": "2.55"}));
        let list = books.run("catalog.save_price_list", json!({"name": "Wholesale"}))["id"].clone();
        for row in [
            json!({"price": "2.10", "valid_from": "2010-01-01"}),
            json!({"price": "1.85", "valid_from": "2010-01-01", "from_quantity": "32"}),
            json!({"price": "2.25", "valid_from": "2011-01-01"}),
            json!({"price": "1.50", "valid_from": "2010-06-01", "valid_to": "2010-06-30", "from_quantity": "10"}),
            json!({"price": "3", "valid_from": "2010-01-01", "currency": "EUR", "includes_tax": true}),
        ] {
            let mut args = row.clone();
            (args["list"], args["item"]) = (list.clone(), json!(item.id));
            books.run("catalog.save_price", args);
        }
        let shop = Shop { books, list: Id::parse(list.as_str().unwrap()).unwrap(), item };
        let found = |price: &str, gross, row| Ok((price.to_owned(), gross, row));
        assert_eq!(shop.price(true, "C62", "1", "2010-12-01", "GBP"), found("2.1", false, true));
        assert_eq!(shop.price(true, "C62", "31.999999", "2010-12-01", "GBP"), found("2.1", false, true));
        assert_eq!(shop.price(true, "C62", "32", "2010-12-01", "GBP"), found("1.85", false, true));
        assert_eq!(shop.price(true, "C62", "-32", "2010-12-01", "GBP"), found("1.85", false, true));
        assert_eq!(shop.price(true, "C62", "1", "2011-01-01", "GBP"), found("2.25", false, true));
        assert_eq!(shop.price(true, "C62", "10", "2010-06-30", "GBP"), found("1.5", false, true));
        assert_eq!(shop.price(true, "C62", "10", "2010-07-01", "GBP"), found("2.1", false, true));
        assert_eq!(shop.price(true, "DZN", "1", "2010-12-01", "GBP"), found("25.2", false, true));
        assert_eq!(shop.price(true, "DZN", "3", "2010-12-01", "GBP"), found("22.2", false, true));
        assert_eq!(shop.price(true, "C62", "1", "2010-12-01", "EUR"), found("3", true, true));
        assert_eq!(shop.price(true, "C62", "1", "2009-12-31", "GBP"), found("2.55", false, false));
        assert_eq!(shop.price(false, "DZN", "1", "2010-12-01", "GBP"), found("30.6", false, false));
        assert_eq!(shop.price(true, "C62", "1", "2010-12-01", "USD"), Err("price.missing".into()));
        let row = |more: Value| {
            let mut args = json!({"list": shop.list, "item": shop.item.id, "price": "1", "valid_from": "2010-01-01"});
            args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            books.refused("catalog.save_price", args)
        };
        assert_eq!(row(json!({})), "price.exists");
        assert_eq!(row(json!({"price": "-1"})), "price.negative");
        assert_eq!(row(json!({"from_quantity": "-1"})), "quantity.negative");
        assert_eq!(row(json!({"valid_to": "2009-01-01"})), "date.order");
        assert_eq!(row(json!({"unit": "KGM"})), "unit.no_ratio");
        let asked = books.ask("catalog.price", json!({"item": shop.item.id, "list": shop.list, "date": "2010-12-01", "quantity": "40"}));
        assert_eq!(asked["price"], "1.85");
    });
}

fn hits(books: &TestBooks, record: &str, text: &str) -> Vec<String> {
    let query: ListQuery = serde_json::from_value(json!({"text": text, "sort": "name"})).unwrap();
    let entry = daybook_core::app::register().record(record).unwrap();
    let page = books.app.read(|tx, _| list(tx, entry, &query)).unwrap();
    let place = entry.columns.iter().position(|c| *c == "name").unwrap();
    page.rows
        .iter()
        .map(|row| match &row[place] {
            daybook_core::shared::Val::Text(name) => name.clone(),
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn search_finds_words_as_they_are_typed_and_follows_changes() {
    each_database(|books| {
        let id = books.run("parties.save_party", json!({"name": "Northwind Traders", "code": "NW-7", "city": "Seattle", "email": "orders@northwind.example"}))
            ["id"]
            .clone();
        books.run("parties.save_party", json!({"name": "Southwind"}));
        for text in ["nor", "trad north", "nw-7", "seat", "ORDERS@NORTHWIND.EXAMPLE", "n"] {
            assert_eq!(hits(books, "party", text), ["Northwind Traders"], "{text}");
        }
        assert!(hits(books, "party", "northwind oslo").is_empty());
        books.run("parties.save_party", json!({"id": id, "city": "Oslo"}));
        assert_eq!(hits(books, "party", "northwind oslo"), ["Northwind Traders"]);
        assert!(hits(books, "party", "seattle").is_empty());
        save(books, json!({"code": "85123A", "name": "White heart", "description": "T-light holder"}));
        assert_eq!(hits(books, "item", "light hol"), ["White heart"]);
        assert_eq!(hits(books, "item", "8512"), ["White heart"]);
        assert!(hits(books, "item", "\" OR *").is_empty());
    });
}

#[test]
fn search_ignores_accents_and_survives_undo() {
    let books = books();
    books.run("parties.save_party", json!({"name": "Škoda Müller"}));
    assert_eq!(hits(&books, "party", "skoda"), ["Škoda Müller"]);
    let id = books.run("parties.save_party", json!({"name": "Zebra"}))["id"].clone();
    books.run("parties.save_party", json!({"id": id, "name": "Yak"}));
    books.app.rebase(2, |_| Ok(())).unwrap();
    assert_eq!((hits(&books, "party", "yak"), hits(&books, "party", "zebra").len()), (vec!["Yak".to_owned()], 0));
    books.app.storage().read(|tx| tx.one::<i64>("SELECT count(*) FROM party_search", &[])).map(|n| assert_eq!(n, 2)).unwrap();
    books.app.storage().write(|tx| tx.all::<(i64,)>("SELECT 1 FROM party_fts WHERE party_fts MATCH 'yak'", &[])).unwrap();
}
