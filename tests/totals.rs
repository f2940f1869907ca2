//! The totals of documents: the twelve EN 16931 rounding cases, and what must hold for any document.

use daybook_core::billing::totals::{Adjustment, Input, LineInput, TaxKey, Totals, compute};
use daybook_core::identity::TaxRounding;
use daybook_core::shared::{Currency, Minor, Money, Price, Quantity, Rate};
use daybook_core::tax::Category;
use proptest::prelude::*;
use serde_json::Value;

fn eur(text: &str) -> Minor {
    Money::parse(text, Currency::parse("EUR").unwrap()).unwrap().amount
}

fn key(value: &Value) -> TaxKey {
    TaxKey { category: Category::from_word(value["category"].as_str().unwrap()).unwrap(), rate: Rate::parse(value["rate"].as_str().unwrap()).unwrap() }
}

fn adjustment(value: &Value) -> Adjustment {
    let charge = value["charge"].as_bool().unwrap();
    let text = value["value"].as_str().or(value["amount"].as_str()).unwrap();
    match text.strip_suffix('%') {
        Some(percent) => Adjustment { charge, amount: Minor::ZERO, percent: Some(Rate::parse(percent).unwrap()) },
        None => Adjustment { charge, amount: eur(text), percent: None },
    }
}

fn input(case: &Value) -> Input {
    let line = |line: &Value| LineInput {
        quantity: Quantity::parse(line["qty"].as_str().unwrap()).unwrap(),
        price: Price::parse(line["price"].as_str().unwrap()).unwrap(),
        price_base: Quantity::parse(line["base_qty"].as_str().unwrap()).unwrap(),
        adjustments: line["allowances_charges"].as_array().unwrap().iter().map(adjustment).collect(),
        tax: key(line),
        includes_tax: false,
    };
    Input {
        lines: case["lines"].as_array().unwrap().iter().map(line).collect(),
        adjustments: case["doc_allowances_charges"].as_array().unwrap().iter().map(|a| (adjustment(a), key(a))).collect(),
        prepaid: case["prepaid"].as_str().map(eur).unwrap_or_default(),
        rounding: case["rounding"].as_str().map(eur).unwrap_or_default(),
        digits: 2,
        tax_rounding: TaxRounding::Group,
    }
}

#[test]
fn the_twelve_rounding_cases_come_out_exactly() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("fixtures/rounding_cases.json")).unwrap();
    assert_eq!(cases.len(), 12);
    for case in cases {
        let (totals, expect, id) = (compute(&input(&case)).unwrap(), &case["expect"], &case["id"]);
        let want = |name: &str| eur(expect[name].as_str().unwrap());
        let nets: Vec<Minor> = expect["line_nets"].as_array().unwrap().iter().map(|v| eur(v.as_str().unwrap())).collect();
        assert_eq!(totals.lines.iter().map(|l| l.net).collect::<Vec<_>>(), nets, "{id}");
        assert_eq!(
            (totals.lines_net, totals.allowances, totals.charges, totals.net, totals.tax, totals.gross, totals.payable),
            (
                want("sum_lines_BT106"),
                want("allowances_BT107"),
                want("charges_BT108"),
                want("net_BT109"),
                want("vat_BT110"),
                want("gross_BT112"),
                want("due_BT115")
            ),
            "{id}"
        );
        let mut rows: Vec<(TaxKey, Minor, Minor)> = totals.tax_rows.iter().map(|r| (r.key, r.base, r.tax)).collect();
        let mut wanted: Vec<(TaxKey, Minor, Minor)> =
            expect["vat"].as_array().unwrap().iter().map(|v| (key(v), eur(v["base_BT116"].as_str().unwrap()), eur(v["tax_BT117"].as_str().unwrap()))).collect();
        rows.sort_by_key(|row| row.0);
        wanted.sort_by_key(|row| row.0);
        assert_eq!(rows, wanted, "{id}");
    }
}

fn line(quantity: i64, price: i64, rate: i64, includes_tax: bool) -> LineInput {
    LineInput {
        quantity: Quantity::from_micros(quantity),
        price: Price::from_micros(price),
        price_base: Quantity::ONE,
        adjustments: Vec::new(),
        tax: TaxKey { category: Category::Standard, rate: Rate::from_micros(rate) },
        includes_tax,
    }
}

fn totals(lines: Vec<LineInput>, digits: u32, tax_rounding: TaxRounding) -> Totals {
    compute(&Input { lines, adjustments: Vec::new(), prepaid: Minor::ZERO, rounding: Minor::ZERO, digits, tax_rounding }).unwrap()
}

#[test]
fn a_price_with_vat_keeps_its_gross() {
    let one = totals(vec![line(1_000_000, 24_900_000_000, 28_000_000, true)], 2, TaxRounding::Group);
    assert_eq!(one.gross, eur("24900.00"));
    assert_eq!(one.net, eur("19453.13"));
    let shop = totals(vec![line(1_000_000, 9_990_000, 19_000_000, true); 3], 2, TaxRounding::Group);
    assert_eq!((shop.gross, shop.net, shop.tax), (eur("29.97"), eur("25.18"), eur("4.79")));
    assert_eq!(shop.lines.iter().map(|l| l.net).collect::<Vec<_>>(), [eur("8.40"), eur("8.39"), eur("8.39")]);
}

#[test]
fn vat_may_be_rounded_per_line_where_a_country_wants_it() {
    let lines = vec![line(1_000_000, 1_020_000, 19_000_000, false); 10];
    assert_eq!(totals(lines.clone(), 2, TaxRounding::Group).tax, eur("1.94"));
    assert_eq!(totals(lines, 2, TaxRounding::Line).tax, eur("1.90"));
}

proptest! {
    #[test]
    fn totals_are_the_sum_of_their_parts(
        lines in prop::collection::vec((-50_000_000_i64..500_000_000, 0_i64..900_000_000, prop::sample::select(vec![0_i64, 5_000_000, 7_000_000, 17_500_000, 20_000_000]), any::<bool>()), 1..30),
        digits in prop::sample::select(vec![0_u32, 2, 3]),
    ) {
        let lines: Vec<LineInput> = lines.into_iter().map(|(q, p, r, i)| line(q, p, r, i)).collect();
        let sum = totals(lines.clone(), digits, TaxRounding::Group);
        prop_assert_eq!(Minor::sum(sum.lines.iter().map(|l| l.net)).unwrap(), sum.net);
        prop_assert_eq!(Minor::sum(sum.tax_rows.iter().map(|r| r.base)).unwrap(), sum.net);
        prop_assert_eq!(Minor::sum(sum.tax_rows.iter().map(|r| r.tax)).unwrap(), sum.tax);
        prop_assert_eq!(sum.net.plus(sum.tax).unwrap(), sum.gross);
        let mut backwards = lines;
        backwards.reverse();
        let turned = totals(backwards, digits, TaxRounding::Group);
        prop_assert_eq!((sum.net, sum.tax, sum.gross), (turned.net, turned.tax, turned.gross));
    }

    #[test]
    fn prices_with_vat_never_lose_a_cent(lines in prop::collection::vec((1_i64..100, 1_i64..1_000_000), 1..30), rate in prop::sample::select(vec![5_000_000_i64, 7_000_000, 19_000_000, 20_000_000, 28_000_000])) {
        let gross: i64 = lines.iter().map(|(q, p)| q * p).sum();
        let lines = lines.into_iter().map(|(q, p)| line(q * 1_000_000, p * 10_000, rate, true)).collect();
        prop_assert_eq!(totals(lines, 2, TaxRounding::Group).gross.units(), gross);
    }
}
