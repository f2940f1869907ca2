//! Which tax applies, at which rate: the law of several countries, as stories.

use daybook_core::shared::{Date, Id, Rate};
use daybook_core::tax::{Category, Determined, Determiner, ItemKind, Question, Side, TaxClass, api};
use serde_json::json;

use crate::support::{TestBooks, books, books_in, each_database, empty_books};

struct Sale<'a> {
    from: &'a str,
    to: &'a str,
    vat_id: bool,
    class: TaxClass,
    kind: ItemKind,
    side: Side,
    date: &'a str,
}

fn goods<'a>(from: &'a str, to: &'a str, date: &'a str) -> Sale<'a> {
    Sale { from, to, vat_id: false, class: TaxClass::Standard, kind: ItemKind::Goods, side: Side::Sales, date }
}

fn ask(books: &TestBooks, sale: &Sale<'_>) -> Determined {
    let question = Question {
        company_country: sale.from,
        party_country: sale.to,
        party_has_vat_id: sale.vat_id,
        item_class: sale.class,
        item_kind: sale.kind,
        side: sale.side,
        date: Date::parse(sale.date).unwrap(),
    };
    books.app.read(|tx, _| api::determine(tx, &question)).unwrap()
}

fn short(books: &TestBooks, sale: &Sale<'_>) -> (Category, String) {
    let found = ask(books, sale);
    (found.category, found.rate.to_string())
}

#[track_caller]
fn expect(books: &TestBooks, sale: Sale<'_>, category: Category, rate: &str) {
    assert_eq!(short(books, &sale), (category, rate.to_owned()), "{} -> {} on {}", sale.from, sale.to, sale.date);
}

#[test]
fn british_rates_change_on_4_january_2011() {
    each_database(|books| {
        expect(books, goods("GB", "GB", "2009-12-31"), Category::Standard, "15");
        expect(books, goods("GB", "GB", "2010-12-31"), Category::Standard, "17.5");
        expect(books, goods("GB", "GB", "2011-01-03"), Category::Standard, "17.5");
        expect(books, goods("GB", "GB", "2011-01-04"), Category::Standard, "20");
        expect(books, Sale { class: TaxClass::Zero, ..goods("GB", "GB", "2010-12-31") }, Category::Zero, "0");
        expect(books, Sale { class: TaxClass::Reduced, ..goods("GB", "GB", "2010-12-31") }, Category::Standard, "5");
    });
}

#[test]
fn britain_sells_abroad() {
    let books = books();
    expect(&books, goods("GB", "DE", "2010-12-01"), Category::Standard, "17.5");
    expect(&books, Sale { vat_id: true, ..goods("GB", "DE", "2010-12-01") }, Category::IntraCommunity, "0");
    expect(&books, goods("GB", "NO", "2010-12-01"), Category::Export, "0");
    expect(&books, goods("GB", "DE", "2021-01-01"), Category::Export, "0");
    expect(&books, Sale { vat_id: true, ..goods("GB", "DE", "2021-06-01") }, Category::Export, "0");
    expect(&books, goods("GB", "IM", "2010-12-01"), Category::Standard, "17.5");
    expect(&books, goods("GB", "JE", "2010-12-01"), Category::Export, "0");
    let supply = ask(&books, &Sale { vat_id: true, ..goods("GB", "DE", "2010-12-01") });
    assert_eq!((supply.exemption_code.as_str(), supply.exemption_text.as_str()), ("VATEX-EU-IC", "Intra-Community supply"));
    let bought = ask(&books, &Sale { vat_id: true, side: Side::Purchases, ..goods("GB", "DE", "2010-12-01") });
    assert_eq!((bought.rate, bought.self_assessed, bought.account.as_str()), (Rate::parse("17.5").unwrap(), true, "input_tax"));
}

#[test]
fn germany_lowers_its_rates_for_half_a_year() {
    let books = books_in("DE", "EUR");
    let reduced = |date| Sale { class: TaxClass::Reduced, ..goods("DE", "DE", date) };
    expect(&books, reduced("2020-06-30"), Category::Standard, "7");
    expect(&books, reduced("2020-07-01"), Category::Standard, "5");
    expect(&books, reduced("2021-01-01"), Category::Standard, "7");
    expect(&books, goods("DE", "DE", "2020-12-31"), Category::Standard, "16");
    expect(&books, Sale { vat_id: true, ..goods("DE", "GB", "2020-12-31") }, Category::IntraCommunity, "0");
    expect(&books, Sale { vat_id: true, ..goods("DE", "GB", "2021-01-01") }, Category::Export, "0");
    expect(&books, Sale { vat_id: true, kind: ItemKind::Service, ..goods("DE", "FR", "2015-01-01") }, Category::ReverseCharge, "0");
}

#[test]
fn france_has_four_rates_and_monaco() {
    let books = books_in("FR", "EUR");
    let class = |class| Sale { class, ..goods("FR", "FR", "2024-05-01") };
    expect(&books, class(TaxClass::Standard), Category::Standard, "20");
    expect(&books, class(TaxClass::Reduced), Category::Standard, "10");
    expect(&books, class(TaxClass::SecondReduced), Category::Standard, "5.5");
    expect(&books, class(TaxClass::SuperReduced), Category::Standard, "2.1");
    expect(&books, goods("FR", "MC", "2024-05-01"), Category::Standard, "20");
    expect(&books, goods("FR", "FR", "2013-12-31"), Category::Standard, "19.6");
}

#[test]
fn america_charges_what_the_user_says() {
    let books = books_in("US", "USD");
    expect(&books, goods("US", "US", "2024-05-01"), Category::Standard, "0");
    expect(&books, goods("US", "DE", "2024-05-01"), Category::Outside, "0");
    let tax = ask(&books, &goods("US", "US", "2024-05-01")).tax;
    books.run("tax.save_tax_rate", json!({"tax": tax, "valid_from": "2024-01-01", "rate": "8.875"}));
    expect(&books, goods("US", "US", "2024-05-01"), Category::Standard, "8.875");
    expect(&books, goods("US", "US", "2023-12-31"), Category::Standard, "0");
}

#[test]
fn other_countries_have_one_rate() {
    let books = books_in("NZ", "NZD");
    expect(&books, goods("NZ", "NZ", "2024-05-01"), Category::Standard, "0");
    expect(&books, goods("NZ", "AU", "2024-05-01"), Category::Export, "0");
}

#[test]
fn every_combination_finds_a_tax_with_a_rate() {
    for (country, currency) in [("GB", "GBP"), ("DE", "EUR"), ("FR", "EUR"), ("US", "USD"), ("NZ", "NZD")] {
        let books = books_in(country, currency);
        let determiner = books.app.read(|tx, _| Determiner::load(tx)).unwrap();
        let dates = ["2002-01-01", "2009-12-31", "2010-01-01", "2020-12-31", "2021-01-01", "2022-04-01", "2026-01-01"].map(|d| Date::parse(d).unwrap());
        for date in dates {
            for party in ["GB", "DE", "FR", "US", "NZ", "NO"] {
                for class in TaxClass::WORDS.iter().filter_map(|word| TaxClass::from_word(word)) {
                    for (kind, vat_id, side) in every_kind() {
                        let question = Question {
                            company_country: country,
                            party_country: party,
                            party_has_vat_id: vat_id,
                            item_class: class,
                            item_kind: kind,
                            side,
                            date,
                        };
                        determiner.determine(&question).unwrap_or_else(|e| panic!("{question:?}: {e}"));
                    }
                }
            }
        }
    }
}

fn every_kind() -> Vec<(ItemKind, bool, Side)> {
    let mut all = Vec::new();
    for kind in [ItemKind::Goods, ItemKind::Service] {
        for vat_id in [false, true] {
            all.extend([(kind, vat_id, Side::Sales), (kind, vat_id, Side::Purchases)]);
        }
    }
    all
}

#[test]
fn used_rates_are_not_rewritten() {
    each_database(|books| {
        let found = ask(books, &goods("GB", "GB", "2011-02-01"));
        let old = json!({"tax": found.tax, "valid_from": "2011-01-04", "rate": "21"});
        books.run("tax.save_tax_rate", old.clone());
        books.run("tax.save_tax_rate", json!({"tax": found.tax, "valid_from": "2011-01-04", "rate": "20"}));
        books
            .app
            .rehearse(|tx, _| {
                api::mark_rate_used(tx, found.tax, found.rate_from)?;
                api::mark_rate_used(tx, found.tax, found.rate_from)?;
                let error = daybook_core::shared::Command::run(
                    daybook_core::shared::command::read_args::<daybook_core::tax::SaveTaxRate>(old.clone())?,
                    tx,
                    &mut daybook_core::shared::Context::new(
                        daybook_core::shared::id::CommandId::mint(),
                        books.app.actor(),
                        Id::from_bytes([0; 16]),
                        books.app.now(),
                    ),
                );
                assert_eq!(error.err().map(|e| e.code()), Some("tax.rate_used"));
                Ok(())
            })
            .unwrap();
        books.run("tax.save_tax_rate", json!({"tax": found.tax, "valid_from": "2030-01-01", "rate": "22"}));
        expect(books, goods("GB", "GB", "2030-01-01"), Category::Standard, "22");
        expect(books, goods("GB", "GB", "2029-12-31"), Category::Standard, "20");
    });
}

#[test]
fn bad_taxes_are_refused() {
    let books = books();
    let standard = ask(&books, &goods("GB", "GB", "2011-02-01")).tax;
    let exempt = ask(&books, &Sale { class: TaxClass::Exempt, ..goods("GB", "GB", "2011-02-01") }).tax;
    for (name, args, code) in [
        ("tax.install_pack", json!({}), "tax.installed"),
        ("tax.save_tax", json!({"name": "X", "category": "S"}), "text.required"),
        ("tax.save_tax", json!({"code": "S", "name": "Again"}), "tax.code_taken"),
        ("tax.save_tax", json!({"code": "X", "name": "X", "category": "E"}), "tax.reason_missing"),
        ("tax.save_tax", json!({"code": "X", "name": "X", "exemption_text": "why"}), "tax.reason_forbidden"),
        ("tax.save_tax", json!({"code": "X", "name": "X", "category": "E", "exemption_code": "VATEX-XX"}), "tax.exemption_code"),
        ("tax.save_tax", json!({"code": "X", "name": "X", "category": "Q"}), "args.invalid"),
        ("tax.save_tax_rate", json!({"tax": standard, "valid_from": "2030-01-01", "rate": "100.1"}), "tax.rate_range"),
        ("tax.save_tax_rate", json!({"tax": standard, "valid_from": "2030-01-01", "rate": "-1"}), "tax.rate_range"),
        ("tax.save_tax_rate", json!({"tax": exempt, "valid_from": "2030-01-01", "rate": "5"}), "tax.rate_zero"),
        ("tax.save_tax_rate", json!({"tax": standard, "valid_from": "2030-01-02", "valid_to": "2030-01-01", "rate": "5"}), "date.order"),
        ("tax.save_tax_rate", json!({"tax": standard, "valid_from": "2030-02-30", "rate": "5"}), "date.invalid"),
        ("tax.save_tax_rate", json!({"tax": standard, "valid_from": "2030-01-01", "rate": 17.5}), "decimal.float"),
    ] {
        assert_eq!(books.refused(name, args.clone()), code, "{args}");
    }
    books.run("tax.save_tax", json!({"code": "KU", "name": "Small business", "category": "E", "exemption_code": "VATEX-FR-FRANCHISE"}));
    let own = books.app.read(|tx, _| api::by_code(tx, "KU")).unwrap().unwrap();
    assert!(own.exemption_text.contains("293 B"));
}

#[test]
fn a_company_gets_the_taxes_of_its_vat_territory() {
    let books = empty_books();
    books.app.set_up(json!({"name": "Rock", "country": "MC", "currency": "EUR"})).unwrap();
    expect(&books, goods("MC", "FR", "2024-05-01"), Category::Standard, "20");
    expect(&books, Sale { vat_id: true, ..goods("MC", "DE", "2024-05-01") }, Category::IntraCommunity, "0");
}

#[test]
fn many_lines_are_answered_from_memory() {
    let books = books();
    let determiner = books.app.read(|tx, _| Determiner::load(tx)).unwrap();
    let date = Date::parse("2010-12-01").unwrap();
    let started = std::time::Instant::now();
    for n in 0..73_000 {
        let party_country = ["GB", "DE", "FR", "NO", "AU"][n % 5];
        let question = Question {
            company_country: "GB",
            party_country,
            party_has_vat_id: n % 2 == 0,
            item_class: TaxClass::Standard,
            item_kind: ItemKind::Goods,
            side: Side::Sales,
            date,
        };
        determiner.determine(&question).unwrap();
    }
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[test]
fn the_program_explains_its_choice() {
    let books = books();
    let party = books.run("parties.save_party", json!({"name": "Kunde", "country": "DE", "vat_id": "DE123456789"}))["id"].clone();
    let answer = books.ask("tax.determine", json!({"party": party, "item_class": "standard", "item_kind": "goods", "side": "sales", "date": "2010-12-01"}));
    assert_eq!((answer["code"].as_str(), answer["rate"].as_str()), (Some("K"), Some("0")));
    let rates = books.ask("tax.rates", json!({"tax": answer["tax"]}));
    assert_eq!(rates[0]["valid_to"], "2020-12-31");
}
