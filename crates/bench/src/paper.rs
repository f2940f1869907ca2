//! Printing an invoice as PDF.

use daybook_paper::document::{BankAccount, Buyer, Currency, Date, Kind, Line, MILLION, PageSize, Seller, Totals, VatRow};
use daybook_paper::{Fonts, InvoicePaper, render};

use crate::measure::Readings;
use crate::table::Table;
use crate::{Outcome, Size};

/// Prints a short and a long invoice many times; the fonts are read once, as the program does.
pub fn run(_: &Size, table: &mut Table) -> Outcome<()> {
    let fonts = Fonts::bundled()?;
    for (lines, times, reach) in [(5, 50, 10.0), (500, 20, 150.0)] {
        let paper = invoice(lines)?;
        let mut readings = Readings::default();
        let mut bytes = 0;
        for _ in 0..times {
            bytes = readings.take(|| render(&paper, &fonts))?.len();
        }
        let more = format!("p99 {:.1} ms, CPU {:.1} ms; {} kB", readings.p99(), readings.cpu(), bytes / 1000);
        table.row(&format!("invoice PDF, {lines} lines"), readings.median(), reach, " ms", &more);
    }
    Ok(())
}

fn invoice(lines: i64) -> Outcome<InvoicePaper> {
    let net = (1..=lines).map(|n| n * 250).sum::<i64>();
    let vat = net / 5;
    Ok(InvoicePaper {
        kind: Kind::Invoice,
        language: "en".to_owned(),
        page: PageSize::A4,
        seller: seller(),
        buyer: buyer(),
        deliver_to: None,
        number: "26-A-0042".to_owned(),
        issue_date: Date::new(2026, 1, 15)?,
        due_date: Some(Date::new(2026, 2, 14)?),
        delivery_date: Some(Date::new(2026, 1, 14)?),
        buyer_reference: Some("Ms Okafor".to_owned()),
        order_reference: Some("PO-7781".to_owned()),
        preceding: None,
        currency: Currency { code: "GBP".to_owned(), minor_digits: 2 },
        lines: (1..=lines).map(line).collect(),
        adjustments: Vec::new(),
        vat: vec![VatRow { category: "S".to_owned(), rate: 200_000, base: net, tax: vat, exemption: None }],
        totals: Totals { lines: net, net, vat, gross: net + vat, payable: net + vat, ..Totals::default() },
        payment_terms: Some("Payable within 30 days without deduction.".to_owned()),
        statements: Vec::new(),
        notes: vec!["Thank you for your order.".to_owned()],
        footer: None,
        logo: None,
        marker: None,
    })
}

fn line(n: i64) -> Line {
    Line {
        position: n.to_string(),
        item_code: Some(format!("SH-{n:04}")),
        name: format!("Oak shelf, oiled, number {n}"),
        description: (n % 3 == 0).then(|| "120 × 30 × 2.5 cm, bevelled edges".to_owned()),
        quantity: n * MILLION,
        unit: "pcs".to_owned(),
        unit_price: 2_500_000,
        price_base: MILLION,
        adjustments: Vec::new(),
        net: n * 250,
        vat_category: "S".to_owned(),
        vat_rate: 200_000,
    }
}

fn seller() -> Seller {
    Seller {
        name: "Acme Ltd".to_owned(),
        address: ["8 Mill Lane", "Leeds LS1 4DY", "United Kingdom"].map(str::to_owned).to_vec(),
        vat_id: Some("GB987654321".to_owned()),
        registration: Some("Companies House 01234567".to_owned()),
        tax_number: None,
        contact: Some("Jane Peters".to_owned()),
        email: Some("office@acme.example".to_owned()),
        phone: Some("+44 1632 960001".to_owned()),
        bank: Some(BankAccount { iban: "GB33BUKB20201555555555".to_owned(), bic: Some("BUKBGB22".to_owned()), bank_name: None }),
    }
}

fn buyer() -> Buyer {
    Buyer {
        name: "Brightwater Instruments Ltd".to_owned(),
        address: ["14 Harbour Row", "Bristol BS1 5TY", "United Kingdom"].map(str::to_owned).to_vec(),
        vat_id: Some("GB123456789".to_owned()),
        customer_number: Some("C-10482".to_owned()),
    }
}
