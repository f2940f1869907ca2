//! The cases where careless arithmetic shows: their proven figures are the ones printed.

use daybook_paper::document::{Adjustment, AdjustmentKind, InvoicePaper, Kind, Line, Totals, VatRow};
use serde_json::Value;

use crate::{figures, print, read, samples, tests_folder};

#[test]
fn proven_figures_are_printed() {
    let file = tests_folder().join("fixtures/rounding_cases.json");
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(cases.len(), 12);
    for case in &cases {
        let name = case["id"].as_str().unwrap();
        let paper = paper(case);
        let Some(text) = read::text(&print(&paper)) else { return };
        figures::check(name, &paper, &text);
    }
}

fn paper(case: &Value) -> InvoicePaper {
    let mut paper = samples::empty();
    let expect = &case["expect"];
    if case["credit"] == true {
        paper.kind = Kind::CreditNote;
    }
    let nets = expect["line_nets"].as_array().unwrap();
    let lines = case["lines"].as_array().unwrap().iter().zip(nets).zip(1..);
    paper.lines = lines.map(|((line, net), position)| self::line(line, net, position)).collect();
    let adjustments = case["doc_allowances_charges"].as_array().unwrap().iter();
    paper.adjustments = adjustments.map(adjustment).collect();
    paper.vat = expect["vat"].as_array().unwrap().iter().map(vat).collect();
    paper.totals = Totals {
        lines: cents(&expect["sum_lines_BT106"]),
        allowances: cents(&expect["allowances_BT107"]),
        charges: cents(&expect["charges_BT108"]),
        net: cents(&expect["net_BT109"]),
        vat: cents(&expect["vat_BT110"]),
        gross: cents(&expect["gross_BT112"]),
        prepaid: cents(&case["prepaid"]),
        rounding: cents(&case["rounding"]),
        payable: cents(&expect["due_BT115"]),
    };
    paper
}

fn line(line: &Value, net: &Value, position: usize) -> Line {
    Line {
        quantity: decimal(&line["qty"], 6),
        unit_price: decimal(&line["price"], 6),
        price_base: decimal(&line["base_qty"], 6),
        net: cents(net),
        vat_category: line["category"].as_str().unwrap().to_owned(),
        vat_rate: decimal(&line["rate"], 4),
        ..samples::line(position)
    }
}

fn adjustment(value: &Value) -> Adjustment {
    let kind = if value["charge"] == true { AdjustmentKind::Charge } else { AdjustmentKind::Allowance };
    Adjustment { kind, text: "Discount".to_owned(), amount: cents(&value["amount"]) }
}

fn vat(row: &Value) -> VatRow {
    VatRow {
        category: row["category"].as_str().unwrap().to_owned(),
        rate: decimal(&row["rate"], 4),
        base: cents(&row["base_BT116"]),
        tax: cents(&row["tax_BT117"]),
        exemption: None,
    }
}

fn cents(value: &Value) -> i64 {
    decimal(value, 2)
}

/// An exact decimal text times a power of ten; nothing is 0.
fn decimal(value: &Value, digits: usize) -> i64 {
    let Some(text) = value.as_str() else { return 0 };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    assert!(fraction.len() <= digits, "{text}");
    format!("{whole}{fraction:0<digits$}").parse().unwrap()
}
