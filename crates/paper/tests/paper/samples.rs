//! Documents to print: every shape a real one can have, with sums that are right.

use daybook_paper::document::*;

/// An invoice of `count` plain lines at 19 %.
pub fn invoice(count: usize) -> InvoicePaper {
    let mut paper = empty();
    paper.lines = (1..=count).map(line).collect();
    with_sums(paper)
}

/// The frame of every sample.
pub fn empty() -> InvoicePaper {
    InvoicePaper {
        kind: Kind::Invoice,
        language: "en".to_owned(),
        page: PageSize::A4,
        seller: seller(),
        buyer: Buyer {
            name: "Brightwater Instruments Ltd".to_owned(),
            address: texts(&["Accounts Payable", "14 Harbour Row", "Bristol BS1 5TY", "United Kingdom"]),
            vat_id: Some("GB123456789".to_owned()),
            customer_number: Some("C-10482".to_owned()),
        },
        deliver_to: None,
        number: "INV-2026-0042".to_owned(),
        issue_date: day(2026, 3, 5),
        due_date: Some(day(2026, 4, 4)),
        delivery_date: Some(day(2026, 3, 2)),
        buyer_reference: Some("Ms Okafor".to_owned()),
        order_reference: Some("PO-7781".to_owned()),
        preceding: None,
        currency: Currency { code: "EUR".to_owned(), minor_digits: 2 },
        lines: Vec::new(),
        adjustments: Vec::new(),
        vat: Vec::new(),
        totals: Totals::default(),
        payment_terms: Some("Payable within 30 days without deduction; 2 % discount if paid within 10 days.".to_owned()),
        statements: Vec::new(),
        notes: vec!["Thank you for your order.".to_owned()],
        footer: None,
        logo: None,
        marker: None,
    }
}

fn seller() -> Seller {
    Seller {
        name: "Nordlicht Werkstatt GmbH".to_owned(),
        address: texts(&["Lindenstraße 8", "20099 Hamburg", "Germany"]),
        vat_id: Some("DE123456789".to_owned()),
        registration: Some("Amtsgericht Hamburg HRB 12345".to_owned()),
        tax_number: Some("22/815/08150".to_owned()),
        contact: Some("Jana Petersen".to_owned()),
        email: Some("office@nordlicht.example".to_owned()),
        phone: Some("+49 40 1234567".to_owned()),
        bank: Some(BankAccount { iban: "DE89370400440532013000".to_owned(), bic: Some("COBADEFFXXX".to_owned()), bank_name: Some("Commerzbank".to_owned()) }),
    }
}

const ITEMS: [(&str, &str, &str, &str, i64, i64); 6] = [
    ("Oak shelf, oiled", "SH-0120", "120 × 30 × 2.5 cm, bevelled edges", "pcs", 2_000_000, 89_500_000),
    ("Steel bracket", "BR-220", "", "pcs", 8_000_000, 4_250_000),
    (
        "Assembly on site",
        "",
        "Two fitters, including travel within the city; old shelves taken down and disposed of as agreed on 24 February",
        "h",
        3_500_000,
        62_000_000,
    ),
    ("Wood screws 5 × 60", "SC-5060", "box of 200", "box", 1_000_000, 12_900_000),
    ("Linseed oil", "OI-1", "", "l", 1_250_000, 14_800_000),
    ("Felt pads", "FP-22", "self-adhesive, 22 mm", "set", 4_000_000, 1_335_000),
];

/// A line of the usual kind.
pub fn line(position: usize) -> Line {
    let (name, code, description, unit, quantity, unit_price) = ITEMS[(position - 1) % ITEMS.len()];
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Line {
        position: position.to_string(),
        item_code: some(code),
        name: name.to_owned(),
        description: some(description),
        quantity,
        unit: unit.to_owned(),
        unit_price,
        price_base: MILLION,
        adjustments: Vec::new(),
        net: rounded(i128::from(quantity) * i128::from(unit_price), 10_000_000_000),
        vat_category: "S".to_owned(),
        vat_rate: 190_000,
    }
}

/// Rows and totals as EN 16931 has them: VAT once per category and rate, half away from zero.
pub fn with_sums(mut paper: InvoicePaper) -> InvoicePaper {
    let mut rows: Vec<VatRow> = Vec::new();
    for line in &paper.lines {
        let same = |row: &&mut VatRow| row.category == line.vat_category && row.rate == line.vat_rate;
        match rows.iter_mut().find(same) {
            Some(row) => row.base += line.net,
            None => rows.push(VatRow { category: line.vat_category.clone(), rate: line.vat_rate, base: line.net, tax: 0, exemption: None }),
        }
    }
    let lines = paper.lines.iter().map(|line| line.net).sum();
    let of = |kind| {
        let wanted = paper.adjustments.iter().filter(move |a: &&Adjustment| a.kind == kind);
        wanted.map(|a| a.amount).sum::<i64>()
    };
    let (allowances, charges) = (of(AdjustmentKind::Allowance), of(AdjustmentKind::Charge));
    if let Some(row) = rows.first_mut() {
        row.base += charges - allowances;
    }
    for row in &mut rows {
        row.tax = rounded(i128::from(row.base) * i128::from(row.rate), 1_000_000);
    }
    let net = lines - allowances + charges;
    let vat: i64 = rows.iter().map(|row| row.tax).sum();
    let old = paper.totals;
    paper.totals = Totals { lines, allowances, charges, net, vat, gross: net + vat, payable: net + vat - old.prepaid + old.rounding, ..old };
    paper.vat = rows;
    paper
}

/// Division, half away from zero.
pub fn rounded(value: i128, by: i128) -> i64 {
    let half = by / 2 * value.signum();
    ((value + half) / by).try_into().expect("a sample's amount")
}

/// A date.
pub fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).expect("a sample's date")
}

/// Owned texts.
pub fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Every sample with its name.
pub fn all() -> Vec<(&'static str, InvoicePaper)> {
    vec![
        ("one-line", invoice(1)),
        ("five-lines", invoice(5)),
        ("forty-lines", invoice(40)),
        ("german", german()),
        ("french", french()),
        ("credit-note", credit_note()),
        ("long-texts", long_texts()),
        ("scripts", scripts()),
        ("no-vat", no_vat()),
        ("many-rates", many_rates()),
        ("big-amounts", big_amounts()),
        ("letter-draft", letter_draft()),
        ("logo", with_logo()),
        ("yen", yen()),
    ]
}

/// German, with delivery address, discounts and rounding.
pub fn german() -> InvoicePaper {
    let mut paper = empty();
    paper.language = "de-DE".to_owned();
    paper.number = "RE-2026-0815".to_owned();
    paper.buyer.name = "Blumenhaus Grünwald & Söhne OHG".to_owned();
    paper.buyer.address = texts(&["z. Hd. Frau Müller-Lüdenscheidt", "Königsallee 112", "40212 Düsseldorf"]);
    paper.buyer.vat_id = None;
    paper.deliver_to = Some(Place { name: "Gewächshaus Nord".to_owned(), address: texts(&["Am Feldrain 3", "40489 Düsseldorf"]) });
    paper.lines = (1..=9).map(line).collect();
    let discounted = &mut paper.lines[1];
    discounted.adjustments.push(Adjustment { kind: AdjustmentKind::Allowance, text: "Mengenrabatt 10 %".to_owned(), amount: 340 });
    discounted.net -= 340;
    paper.lines[3].price_base = 1_000 * MILLION;
    paper.lines[3].quantity = 333 * MILLION;
    paper.lines[3].net = 430;
    paper.adjustments.push(Adjustment { kind: AdjustmentKind::Allowance, text: "Treuerabatt 3 %".to_owned(), amount: 2_000 });
    paper.adjustments.push(Adjustment { kind: AdjustmentKind::Charge, text: "Verpackung und Versand".to_owned(), amount: 1_490 });
    paper.totals.prepaid = 20_000;
    paper.totals.rounding = 2;
    paper.payment_terms = Some("Zahlbar innerhalb von 30 Tagen ohne Abzug.\nBei Zahlung innerhalb von 10 Tagen 2 % Skonto.".to_owned());
    paper.notes = texts(&["Vielen Dank für Ihren Auftrag. Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum."]);
    paper.footer = Some("Mitglied der Handwerkskammer Hamburg · Geschäftsführerin: Jana Petersen".to_owned());
    with_sums(paper)
}

fn french() -> InvoicePaper {
    let mut paper = empty();
    paper.language = "fr".to_owned();
    paper.number = "FA-2026-00317".to_owned();
    paper.lines = (1..=60).map(line).collect();
    for line in &mut paper.lines {
        line.vat_rate = 200_000;
        line.unit_price *= 40;
        line.net *= 40;
    }
    paper.payment_terms = Some("Payable à 30 jours fin de mois. Indemnité forfaitaire pour frais de recouvrement : 40 €.".to_owned());
    paper.notes = Vec::new();
    with_sums(paper)
}

/// A credit note.
pub fn credit_note() -> InvoicePaper {
    let mut paper = invoice(2);
    paper.kind = Kind::CreditNote;
    paper.number = "CN-2026-0007".to_owned();
    paper.due_date = None;
    paper.preceding = Some(Preceding { number: "INV-2026-0042".to_owned(), date: Some(day(2026, 3, 5)) });
    paper.payment_terms = Some("The amount is set off against your next invoice.".to_owned());
    paper
}

/// Long names, long words, a description longer than a page.
pub fn long_texts() -> InvoicePaper {
    let mut paper = invoice(6);
    paper.seller.name = "Internationale Handelsgesellschaft für Präzisionswerkzeuge und Sondermaschinenbau Wilhelm Oberhuber & Partner mbH & Co. KG".to_owned();
    paper.seller.registration =
        Some("Amtsgericht Charlottenburg (Berlin) HRA 1234567 B, persönlich haftend: Oberhuber Verwaltungs-GmbH, HRB 7654321 B".to_owned());
    paper.buyer.name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH, Abteilung Rechnungsprüfung".to_owned();
    paper.number = "2026/INTERNATIONAL/0000000000000000123456789/REVISION-17/BRANCH-HAMBURG-ALTONA".to_owned();
    paper.buyer_reference = Some("04011000-12345-03-THE-VERY-LONG-REFERENCE-OF-A-PUBLIC-BUYER-0001".to_owned());
    paper.lines[0].description = Some("Every part was measured, cleaned, oiled and packed. ".repeat(150));
    paper.lines[1].name = "Multifunktionsschraubendreherbitaufnahmemagnetverlängerungsadapterset/Zubehör-Sonderausführung".to_owned();
    paper.lines[2].unit = "Kilowattstunden".to_owned();
    paper.lines[3].item_code = Some("X".repeat(90));
    paper.notes = vec!["Goods remain our property until paid in full. ".repeat(60)];
    paper.payment_terms = Some("Please quote the invoice number with your payment. ".repeat(6));
    with_sums(paper)
}

/// Greek, Cyrillic, and letters built from parts.
pub fn scripts() -> InvoicePaper {
    let mut paper = invoice(3);
    paper.buyer.name = "Παπαδόπουλος & Υιοί Α.Ε.".to_owned();
    paper.buyer.address = texts(&["Οδός Αγίου Δημητρίου 24", "546 31 Θεσσαλονίκη", "Ελλάδα"]);
    paper.deliver_to =
        Some(Place { name: "ООО «Щукин и Ёлкин»".to_owned(), address: texts(&["ул. Большая Садовая, 14", "София"]) });
    paper.lines[0].name = "Ράφι δρυός, λαδωμένο".to_owned();
    paper.lines[1].name = "Кронштейн стальной, чёрный".to_owned();
    paper.lines[2].name = "Zażółć gęślą jaźń – Příliš žluťoučký kůň – Ő Ű ș ț ğ ı".to_owned();
    paper.lines[2].description = Some("Decomposed: a\u{308} e\u{301} – no single letter: x\u{302} q\u{307} m\u{323}\u{302} – kerned: AVATAR To Ye".to_owned());
    paper
}

fn no_vat() -> InvoicePaper {
    let mut paper = invoice(4);
    paper.seller.vat_id = None;
    paper.buyer.vat_id = None;
    for line in &mut paper.lines {
        line.vat_category = "O".to_owned();
        line.vat_rate = 0;
    }
    let mut paper = with_sums(paper);
    paper.vat[0].exemption = Some("No VAT is charged: small business, § 19 UStG.".to_owned());
    paper
}

/// Several rates and an exemption.
pub fn many_rates() -> InvoicePaper {
    let mut paper = invoice(12);
    for (index, line) in paper.lines.iter_mut().enumerate() {
        let (category, rate) = [("S", 190_000), ("S", 70_000), ("S", 55_000), ("Z", 0), ("E", 0)][index % 5];
        line.vat_category = category.to_owned();
        line.vat_rate = rate;
    }
    let mut paper = with_sums(paper);
    paper.vat[4].exemption = Some("Exempt under Article 132 of Directive 2006/112/EC.".to_owned());
    paper
}

/// Amounts near what an integer holds.
pub fn big_amounts() -> InvoicePaper {
    let mut paper = invoice(4);
    paper.currency.code = "IDR".to_owned();
    for line in &mut paper.lines {
        line.unit_price *= 98_765_432;
        line.net *= 98_765_432;
    }
    paper.lines[1].vat_rate = 70_000;
    with_sums(paper)
}

fn letter_draft() -> InvoicePaper {
    let mut paper = invoice(7);
    paper.page = PageSize::Letter;
    paper.language = "en-US".to_owned();
    paper.currency.code = "USD".to_owned();
    paper.marker = Some("DRAFT".to_owned());
    paper
}

fn yen() -> InvoicePaper {
    let mut paper = invoice(3);
    paper.currency = Currency { code: "JPY".to_owned(), minor_digits: 0 };
    paper.totals.prepaid = 1_000;
    with_sums(paper)
}

fn with_logo() -> InvoicePaper {
    let mut paper = invoice(5);
    paper.logo = Some(Logo { bytes: png() });
    paper
}

/// A small picture with transparency.
pub fn png() -> Vec<u8> {
    let (width, height) = (240_u32, 64_u32);
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let inside = (i64::from(x) - 32).pow(2) + (i64::from(y) - 32).pow(2) < 900;
            let bar = x > 76 && (20..44).contains(&y);
            pixels.extend([20, 70 + (x / 3) as u8, 110, if inside || bar { 255 } else { 0 }]);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels)).expect("a picture");
    bytes
}
