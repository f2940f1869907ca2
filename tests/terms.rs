//! Every business term of EN 16931 that a person can give: kept in a draft, frozen at posting, read back,
//! repeated on credit note and reversal; and the rules that a document must keep before it is posted.

use serde_json::{Value, json};

use crate::billing::{customer, item};
use crate::support::{TestBooks, books, books_in, each_database};

/// A customer with contact, identifiers and a delivery address.
fn known_customer(books: &TestBooks) -> Value {
    let args = json!({
        "name": "Museum", "legal_name": "Museum gGmbH", "country": "DE", "is_customer": true, "contact_name": "Frau Kern", "line3": "Hinterhaus",
        "vat_id": "DE 123 456 789", "email": "rechnung@museum.example",
    });
    let party = books.run("parties.save_party", args)["id"].clone();
    for (kind, scheme, value) in [("gln", "", "4012345000009"), ("other", "0060", "987654321"), ("endpoint", "0088", "4012345000009")] {
        books.run("parties.save_identifier", json!({"party": party, "kind": kind, "scheme": scheme, "value": value}));
    }
    party
}

fn known_company(books: &TestBooks) {
    let args = json!({
        "trading_name": "Acme", "registration": "01234567", "registration_scheme": "0130", "line3": "Unit 7", "vat_id": "gb 123 4567 89",
        "iban": "GB29NWBK60161331926819", "endpoint": "acme@acme.example", "endpoint_scheme": "EM",
    });
    books.run("identity.change_company", args);
    books.run("identity.save_identifier", json!({"scheme": "0088", "value": "5012345000008"}));
    books.run("identity.save_identifier", json!({"value": "Supplier 77"}));
}

/// A draft that says everything.
fn everything(party: &Value, bolt: &Value) -> Value {
    let mut draft = json!({"party": party, "lines": lines(bolt)});
    for part in [dates_and_references(), people_and_payment(), notes_and_amounts()] {
        draft.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    draft
}

fn dates_and_references() -> Value {
    json!({
        "type_code": "384", "issue_date": "2011-01-10", "accounting_date": "2011-01-11", "tax_point_code": "35", "due_date": "2011-02-10",
        "delivery_date": "2011-01-08", "period_start": "2011-01-01", "period_end": "2011-01-31", "currency": "EUR", "exchange_rate": "0.85",
        "buyer_reference": "04011000-12345-67", "project": "P1", "contract": "C2", "order_reference": "O3", "sales_order": "S4", "receipt_advice": "R5",
        "despatch_advice": "D6", "tender": "T7", "object_id": "M8", "object_scheme": "ABZ", "buyer_accounting": "K9", "process": "urn:process",
        "profile": "urn:profile",
    })
}

fn people_and_payment() -> Value {
    json!({
        "payment_terms": "30 days", "payment_means": "59",
        "payment": {"text": "Direct debit", "remittance": "INV 77", "card_number": "1234567890", "card_holder": "A. Kern", "mandate": "M-1",
            "creditor_id": "DE98ZZZ09999999999", "debtor_account": "DE02120300000000202051",
            "accounts": [{"account": "DE89370400440532013000", "name": "Acme", "bic": "COBADEFFXXX"}, {"account": "FR7630006000011234567890189"}]},
        "payee": {"name": "Factor plc", "id": "F-1", "id_scheme": "0060", "legal_id": "7654321", "legal_scheme": "0130"},
        "tax_representative": {"name": "Rep GmbH", "vat_id": "de 999999999", "line1": "Weg 1", "line2": "2. OG", "line3": "Tür 3", "city": "Bonn",
            "postcode": "53111", "region": "NRW", "country": "Germany"},
        "deliver_to": {"name": "Depot", "id": "4012345000009", "id_scheme": "0088", "line1": "Tor 1", "line2": "Halle 2", "line3": "Rampe 3",
            "city": "Köln", "postcode": "50667", "region": "NRW", "country": "DE"},
    })
}

fn notes_and_amounts() -> Value {
    json!({
        "note": "Thank you", "notes": [{"subject": "AAI", "text": "General"}, {"text": "Second"}],
        "preceding_references": [{"number": "OLD-1", "date": "2010-12-01"}, {"number": "OLD-2"}],
        "attachments": [{"reference": "Sheet 1", "description": "Time sheet", "url": "https://acme.example/1"}],
        "prepaid": 10_00, "rounding": 1,
        "allowances": [{"percent": "10", "base": 100_00, "reason": "Friend", "reason_code": "95"}],
        "charges": [{"amount": 5_00, "reason": "Freight", "reason_code": "FC"}],
    })
}

fn lines(bolt: &Value) -> Value {
    let mut bolts = json!({
        "item": bolt, "quantity": "3", "gross_price": "12.50", "price_discount": "2.50", "price_base": "1", "note": "Blue ones", "object_id": "L1",
        "object_scheme": "AVE", "order_line": "10", "accounting": "K10", "item_code": "B-1", "buyer_code": "MB-1", "standard_id": "4006381333931",
    });
    let more = json!({
        "classes": [{"code": "73181595", "scheme": "HS", "version": "2022"}, {"code": "31161500", "scheme": "MP"}], "origin": "France",
        "attributes": [{"name": "Colour", "value": "blue"}, {"name": "Length", "value": "5 mm"}], "period_start": "2011-01-01",
        "period_end": "2011-01-05", "allowance_percent": "2", "charges": [{"percent": "1", "reason": "Packing"}],
    });
    bolts.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!([bolts, {"name": "Advice", "description": "One hour", "unit": "HUR", "unit_price": "100"}])
}

/// The text of `value` at `pointer`.
fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or_else(|| panic!("{pointer} in {value:#}"))
}

/// Details of a kind as `line code|text|extra`.
fn details(shown: &Value, kind: &str) -> Vec<String> {
    let rows = shown["details"].as_array().unwrap().iter().filter(|d| d["kind"] == kind);
    let word = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    rows.map(|d| format!("{} {}|{}|{}", d["line"], word(&d["code"]), word(&d["text"]), word(&d["extra"]))).collect()
}

fn party<'a>(shown: &'a Value, role: &str) -> &'a Value {
    shown["parties"].as_array().unwrap().iter().find(|p| p["role"] == role).unwrap_or_else(|| panic!("{role}"))
}

fn identifiers(shown: &Value) -> Vec<String> {
    let word = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    shown["identifiers"].as_array().unwrap().iter().map(|i| format!("{} {}:{}", word(&i["role"]), word(&i["scheme"]), word(&i["value"]))).collect()
}

/// The head, as an invoice, its credit notes and its reversal say it.
const HEAD: &str = "tax_point_code=35 delivery_date=2011-01-08 period_start=2011-01-01 period_end=2011-01-31 currency=EUR exchange_rate=0.85 \
    tax_currency=GBP buyer_reference=04011000-12345-67 project=P1 contract=C2 order_reference=O3 sales_order=S4 receipt_advice=R5 despatch_advice=D6 \
    tender=T7 object_id=M8 object_scheme=ABZ buyer_accounting=K9 process=urn:process profile=urn:profile payment_means=59 card_number=1234567890 \
    mandate=M-1 creditor_id=DE98ZZZ09999999999 debtor_account=DE02120300000000202051";

/// The first line, as all of them say it.
const LINE: &str = "object_id=L1 object_scheme=AVE order_line=10 accounting=K10 item_code=B-1 buyer_code=MB-1 standard_id=4006381333931 \
    standard_scheme=0160 origin=FR price=10 gross_price=12.5 price_discount=2.5 period_start=2011-01-01 period_end=2011-01-05";

/// Everybody, as all of them say it.
const PEOPLE: &[(&str, &str)] = &[
    ("seller", "trading_name=Acme legal_scheme=0130 vat_id=GB123456789 endpoint_scheme=EM"),
    ("buyer", "trading_name=Museum line3=Hinterhaus vat_id=DE123456789 endpoint=4012345000009 endpoint_scheme=0088"),
    ("payee", "code=F-1 code_scheme=0060 legal_id=7654321 legal_scheme=0130"),
    ("tax_representative", "vat_id=DE999999999 city=Bonn postcode=53111 region=NRW country=DE"),
    ("deliver_to", "name=Depot code=4012345000009 code_scheme=0088 city=Köln postcode=50667 region=NRW country=DE"),
];

fn check_fields(shown: &Value, wanted: &str) {
    for (field, value) in wanted.split_whitespace().filter_map(|pair| pair.split_once('=')) {
        assert_eq!(shown[field], value, "{field}");
    }
}

/// What an invoice, its credit notes and its reversal all say.
fn check_common(shown: &Value) {
    check_fields(&shown["invoice"], HEAD);
    check_fields(&shown["lines"][0], LINE);
    PEOPLE.iter().for_each(|(role, wanted)| check_fields(party(shown, role), wanted));
    assert_eq!((&shown["invoice"]["payment_text"], &shown["invoice"]["card_holder"]), (&json!("Direct debit"), &json!("A. Kern")));
    assert_eq!((&party(shown, "buyer")["name"], &party(shown, "buyer")["contact"]), (&json!("Museum gGmbH"), &json!("Frau Kern")));
    assert_eq!((&party(shown, "seller")["line3"], &party(shown, "deliver_to")["line3"]), (&json!("Unit 7"), &json!("Rampe 3")));
    assert_eq!((&shown["lines"][0]["note"], &party(shown, "tax_representative")["line3"]), (&json!("Blue ones"), &json!("Tür 3")));
    assert_eq!(details(shown, "account"), ["0 DE89370400440532013000|Acme|COBADEFFXXX", "0 FR7630006000011234567890189||"]);
    assert_eq!(details(shown, "class"), ["1 73181595|HS|2022", "1 31161500|MP|"]);
    assert_eq!(details(shown, "attribute"), ["1 Colour|blue|", "1 Length|5 mm|"]);
    let mut known = identifiers(shown);
    known.sort();
    assert_eq!(known, ["buyer 0060:987654321", "buyer 0088:4012345000009", "seller 0088:5012345000008", "seller :Supplier 77"]);
}

#[test]
fn every_term_is_kept_frozen_and_repeated() {
    each_database(|books| {
        known_company(books);
        let (museum, bolt) = (known_customer(books), item(books, "BOLT", "1"));
        let id = books.run("billing.save_draft", json!({"draft": everything(&museum, &bolt)}))["id"].clone();
        let typed = books.ask("billing.invoice", json!({"id": id}))["draft"].clone();
        let again = books.run("billing.save_draft", json!({"id": id, "draft": typed}));
        assert_eq!((&again["id"], &books.ask("billing.invoice", json!({"id": id}))["draft"]), (&id, &typed), "what was typed can be typed again");
        let posted = books.run("billing.post_draft", json!({"id": id}));
        let shown = books.ask("billing.invoice", json!({"id": id}));
        assert_eq!(shown["draft"], Value::Null);
        check_common(&shown);
        for (field, value) in [("type_code", "384"), ("remittance", "INV 77"), ("accounting_date", "2011-01-11"), ("payment_terms", "30 days")] {
            assert_eq!(shown["invoice"][field], value, "{field}");
        }
        assert_eq!(details(&shown, "note"), ["0 |Thank you|", "0 AAI|General|", "0 |Second|"]);
        assert_eq!(details(&shown, "preceding"), ["0 OLD-1|2010-12-01|", "0 OLD-2||"]);
        assert_eq!(details(&shown, "attachment"), ["0 Sheet 1|Time sheet|https://acme.example/1"]);
        // 3 × 10.00 = 30.00, less 2 %, plus 1 %; and 100.00.
        assert_eq!((at(&shown, "/lines/0/net"), at(&shown, "/invoice/lines_net")), (&json!(29_70), &json!(129_70)));
        let line_rows = shown["adjustments"].as_array().unwrap().iter().filter(|a| a["line"] == 1).collect::<Vec<_>>();
        assert_eq!((&line_rows[0]["amount"], &line_rows[0]["base"], &line_rows[0]["reason_code"]), (&json!(60), &json!(30_00), &json!("95")));
        assert_eq!((&line_rows[1]["amount"], &line_rows[1]["base"], &line_rows[1]["reason"]), (&json!(30), &json!(30_00), &json!("Packing")));
        let own: i64 =
            shown["adjustments"].as_array().unwrap().iter().filter(|a| a["line"] == 0 && a["charge"] == false).map(|a| a["amount"].as_i64().unwrap()).sum();
        assert_eq!(own, 10_00);
        let (net, tax) = (129_70 - 10_00 + 5_00, shown["invoice"]["tax"].as_i64().unwrap());
        assert_eq!(shown["invoice"]["net"], net);
        assert_eq!(posted["payable"], net + tax - 10_00 + 1);
        assert_eq!(shown["invoice"]["tax_in_currency"], (tax * 85 + 50) / 100, "VAT in pounds");

        let credit = books.run("billing.credit_invoice", json!({"id": id, "reason": "Broken", "lines": [{"line": 1, "quantity": "1"}, {"line": 2}]}));
        let credited = books.ask("billing.invoice", json!({"id": credit["id"]}));
        check_common(&credited);
        assert_eq!(details(&credited, "note"), ["0 |Broken|"]);
        let number = posted["number"].as_str().unwrap();
        assert_eq!(
            details(&credited, "preceding"),
            [format!("0 {number}|2011-01-10|"), format!("1 {number}|2011-01-10|1"), format!("2 {number}|2011-01-10|2")]
        );
        assert_eq!(
            books.refused("billing.credit_invoice", json!({"id": id, "reason": "Twice", "lines": [{"line": 2, "quantity": "1"}]})),
            "document.credited_more"
        );

        let second = books.run("billing.post_invoice", json!({"draft": everything(&museum, &bolt)}));
        let reversal = books.run("billing.reverse_invoice", json!({"id": second["id"], "reason": "Wrong"}));
        check_common(&books.ask("billing.invoice", json!({"id": reversal["id"]})));
        books.app.verify().unwrap();
    });
}

#[test]
fn a_posted_document_keeps_its_identifiers() {
    each_database(|books| {
        known_company(books);
        let museum = known_customer(books);
        let id =
            books.run("billing.post_invoice", json!({"draft": {"party": museum, "lines": [{"description": "Advice", "unit_price": "100"}]}}))["id"].clone();
        for (sql, what) in [("DELETE FROM billing_identifier", "gone"), ("UPDATE billing_identifier SET value = 'x'", "changed")] {
            assert_eq!(books.app.storage().write(|tx| tx.raw(sql)).unwrap_err().code(), "row.final", "{what}");
        }
        assert_eq!(identifiers(&books.ask("billing.invoice", json!({"id": id}))).len(), 4);
    });
}

#[test]
fn numbers_of_the_company_are_checked() {
    let books = books();
    let refused = |args: Value| books.try_run("identity.save_identifier", args).unwrap_err();
    for (args, code, field) in [
        (json!({"scheme": "0088", "value": "5012345000009"}), "party.gln", "value"),
        (json!({"scheme": "88", "value": "5012345000008"}), "party.scheme", "scheme"),
        (json!({"scheme": "0060"}), "text.required", "value"),
    ] {
        let error = refused(args);
        assert_eq!((error.code(), error.field_path()), (code, Some(field)));
    }
    books.run("identity.save_identifier", json!({"scheme": "0060", "value": "1"}));
    assert_eq!(refused(json!({"scheme": "0060", "value": "1"})).code(), "company.identifier_exists");
    for (args, code, field) in [
        (json!({"vat_id": "123"}), "party.vat_prefix", "vat_id"),
        (json!({"registration_scheme": "SIREN"}), "party.scheme", "registration_scheme"),
        (json!({"endpoint": "acme@acme.example", "endpoint_scheme": ""}), "party.scheme", "endpoint_scheme"),
    ] {
        let error = books.try_run("identity.change_company", args).unwrap_err();
        assert_eq!((error.code(), error.field_path()), (code, Some(field)));
    }
}

#[test]
fn goods_go_to_an_address_of_the_customer() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let other = customer(books, "Other", "GB");
        let address = |party: &Value| {
            books.run("parties.save_address", json!({"party": party, "line1": "1 Dock Road", "city": "Hull", "gln": "4012345000009"}))["id"].clone()
        };
        let (own, foreign) = (address(&acme), address(&other));
        let draft = |address: &Value| json!({"draft": {"party": acme, "delivery_address": address, "lines": [{"description": "Advice", "unit_price": "100"}]}});
        let id = books.run("billing.post_invoice", draft(&own))["id"].clone();
        let shown = books.ask("billing.invoice", json!({"id": id}));
        let place = party(&shown, "deliver_to");
        assert_eq!(
            (&place["name"], &place["line1"], &place["code"], &place["code_scheme"]),
            (&json!("ACME"), &json!("1 Dock Road"), &json!("4012345000009"), &json!("0088"))
        );
        assert_eq!(books.refused("billing.post_invoice", draft(&foreign)), "record.not_found");
    });
}

#[test]
fn prices_with_vat_have_gross_prices_without() {
    let books = books();
    let acme = customer(&books, "ACME", "GB");
    let line = json!({"description": "Mug", "unit_price": "12", "price_discount": "1.20", "price_includes_tax": true, "tax": "S"});
    let tax = books
        .app
        .read(|tx, _| tx.one::<daybook_core::shared::Code>("SELECT code FROM tax WHERE category = 'S' AND direction <> 'purchases' ORDER BY code LIMIT 1", &[]))
        .unwrap();
    let mut line = line;
    line["tax"] = json!(tax);
    let id = books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": [line]}}))["id"].clone();
    let shown = books.ask("billing.invoice", json!({"id": id}));
    let rate: f64 = shown["lines"][0]["tax_rate"].as_str().unwrap().parse().unwrap();
    let number = |field: &str| shown["lines"][0][field].as_str().unwrap().parse::<f64>().unwrap();
    assert!((number("gross_price") - 13.2 / (1.0 + rate / 100.0)).abs() < 1e-5);
    assert!((number("gross_price") - number("price_discount") - number("price")).abs() < 1e-9);
    let credit = books.run("billing.credit_invoice", json!({"id": id, "reason": "Broken", "lines": [{"line": 1}]}));
    let credited = books.ask("billing.invoice", json!({"id": credit["id"]}));
    assert_eq!(credited["lines"][0]["gross_price"], shown["lines"][0]["gross_price"]);
}

#[test]
fn what_cannot_be_kept_names_its_field() {
    let books = books();
    let acme = customer(&books, "ACME", "GB");
    let with = |field: &str, value: Value| {
        let mut draft = json!({"party": acme, "lines": [{"description": "Advice", "unit_price": "100"}]});
        draft[field] = value;
        draft
    };
    let line = |field: &str, value: Value| {
        let mut draft = with("note", json!(""));
        draft["lines"][0][field] = value;
        draft
    };
    let twice = {
        let mut draft = with("tax_point_code", json!("3"));
        draft["tax_point_date"] = json!("2011-01-01");
        draft
    };
    let cases = [
        (twice, "document.tax_point_twice", "draft.tax_point_code"),
        (with("tax_point_code", json!("7")), "document.tax_point_code", "draft.tax_point_code"),
        (with("tax_currency", json!("GBP")), "document.tax_currency", "draft.tax_currency"),
        (with("tax_currency", json!("EUR")), "document.tax_in_currency", "draft.tax_in_currency"),
        (with("notes", json!([{"subject": "AAI"}])), "text.required", "draft.notes[0].text"),
        (with("preceding_references", json!([{"date": "2011-01-01"}])), "text.required", "draft.preceding_references[0].number"),
        (with("attachments", json!([{"url": "x"}])), "text.required", "draft.attachments[0].reference"),
        (with("payment", json!({"accounts": [{"name": "x"}]})), "text.required", "draft.payment.accounts[0].account"),
        (with("payee", json!({"id": "1"})), "text.required", "draft.payee.name"),
        (with("tax_representative", json!({"name": "R"})), "text.required", "draft.tax_representative.country"),
        (with("tax_representative", json!({"name": "R", "country": "DE", "vat_id": "99"})), "party.vat_prefix", "draft.tax_representative.vat_id"),
        (with("deliver_to", json!({"name": "D"})), "text.required", "draft.deliver_to.country"),
        (with("deliver_to", json!({"country": "Atlantis"})), "country.unknown", "draft.deliver_to.country"),
        (line("classes", json!([{"code": "1"}])), "text.required", "draft.lines[0].classes[0].scheme"),
        (line("attributes", json!([{"name": "Colour"}])), "text.required", "draft.lines[0].attributes[0].value"),
        (line("origin", json!("Atlantis")), "country.unknown", "draft.lines[0].origin"),
        (line("gross_price", json!("99")), "line.gross_price", "draft.lines[0].gross_price"),
        (line("price_discount", json!("-1")), "line.gross_price", "draft.lines[0].price_discount"),
        (line("allowances", json!([{"amount": 1, "base": 2, "reason": "x"}])), "adjustment.base", "draft.lines[0].allowances[0].base"),
    ];
    let before = books.dump();
    for (draft, code, field) in cases {
        let error = books.try_run("billing.save_draft", json!({"draft": draft})).unwrap_err();
        assert_eq!((error.code(), error.field_path()), (code, Some(field)), "{draft}: {error}");
        assert!(!error.message().contains('{') && !error.next().is_empty(), "{code} lacks words: {error}");
    }
    assert_eq!(books.dump(), before);
}

#[test]
fn rules_are_kept_before_posting_and_named_before_that() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let with = |field: &str, value: Value| {
            let mut draft = json!({"party": acme, "lines": [{"description": "Advice", "unit_price": "100"}]});
            draft[field] = value;
            draft
        };
        let cases = [
            (with("type_code", json!("381")), "document.type_code"),
            (with("payment_means", json!("99")), "document.payment_means"),
            (with("payment_means", json!("30")), "document.account_missing"),
            (with("payment", json!({"card_number": "12345678901"})), "document.card_number"),
            (with("allowances", json!([{"amount": 1}])), "adjustment.reason"),
            (with("charges", json!([{"amount": 1}])), "adjustment.reason"),
            (with("allowances", json!([{"amount": 1, "reason_code": "FC"}])), "adjustment.reason_code"),
        ];
        for (draft, code) in cases {
            let preview = books.ask("billing.preview", json!({"draft": draft}));
            assert_eq!(preview["problems"][0]["code"], code, "{draft}");
            assert!(preview["totals"]["gross"].is_i64());
            let kept = books.run("billing.save_draft", json!({"draft": draft}))["id"].clone();
            let before = books.dump();
            assert_eq!(books.refused("billing.post_draft", json!({"id": kept})), code);
            let error = books.try_run("billing.post_invoice", json!({"draft": draft})).unwrap_err();
            assert!(error.code() == code && !error.message().contains('{') && !error.next().is_empty(), "{error}");
            assert_eq!(books.dump(), before);
        }
    });
}

#[test]
fn supplies_within_the_union_are_known_by_number_day_and_place() {
    let books = books_in("DE", "EUR");
    let bolt = item(&books, "BOLT", "100");
    let buyer = books.run("parties.save_party", json!({"name": "Dupont", "country": "FR", "vat_id": "FR12345678901", "is_customer": true}))["id"].clone();
    let bare = json!({"party": buyer, "lines": [{"item": bolt}]});
    let problems = |draft: &Value| {
        let preview = books.ask("billing.preview", json!({"draft": draft}));
        assert_eq!(preview["tax_rows"][0]["category"], "K");
        preview["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(problems(&bare), ["document.seller_vat_id", "document.delivery_date"]);
    books.run("identity.change_company", json!({"vat_id": "DE123456789"}));
    let full = json!({"party": buyer, "delivery_date": "2011-01-14", "lines": [{"item": bolt}]});
    assert_eq!(problems(&full), Vec::<String>::new());
    let id = books.run("billing.post_invoice", json!({"draft": full}))["id"].clone();
    assert_eq!(party(&books.ask("billing.invoice", json!({"id": id})), "deliver_to")["country"], "FR");
    // Without the buyer's number the tax is chosen by hand only; then it is refused.
    let nameless = customer(&books, "Nameless", "FR");
    let code = books
        .app
        .read(|tx, _| tx.one::<daybook_core::shared::Code>("SELECT code FROM tax WHERE category = 'K' AND direction <> 'purchases' ORDER BY code LIMIT 1", &[]))
        .unwrap();
    let draft = json!({"party": nameless, "delivery_date": "2011-01-14", "lines": [{"item": bolt, "tax": code}]});
    assert_eq!(problems(&draft), ["document.buyer_vat_id"]);
    // What is outside the scope stands alone.
    let outside = books
        .app
        .read(|tx, _| {
            tx.opt::<(daybook_core::shared::Code,)>("SELECT code FROM tax WHERE category = 'O' AND direction <> 'purchases' ORDER BY code LIMIT 1", &[])
        })
        .unwrap();
    let (outside,) = outside.expect("a tax outside the scope");
    let mixed = json!({"party": customer(&books, "Müller", "DE"), "lines": [{"item": bolt}, {"description": "Fine", "unit_price": "5", "tax": outside}]});
    assert_eq!(books.refused("billing.post_invoice", json!({"draft": mixed})), "document.outside_alone");
}

#[test]
fn percentages_of_a_base_are_credited_in_proportion() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let line =
            json!({"description": "Advice", "quantity": "4", "unit_price": "100", "allowances": [{"percent": "10", "base": 200_00, "reason": "Friend"}]});
        let id = books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": [line]}}))["id"].clone();
        assert_eq!(books.ask("billing.invoice", json!({"id": id}))["invoice"]["net"], 380_00);
        let credit = |quantity: &str| {
            let made = books.run("billing.credit_invoice", json!({"id": id, "reason": "Broken", "lines": [{"line": 1, "quantity": quantity}]}));
            books.ask("billing.invoice", json!({"id": made["id"]}))
        };
        let first = credit("1");
        assert_eq!(
            (&first["invoice"]["net"], &first["adjustments"][0]["base"], &first["adjustments"][0]["amount"]),
            (&json!(95_00), &json!(50_00), &json!(5_00))
        );
        assert_eq!(credit("3")["invoice"]["net"], 285_00);
        assert_eq!(books.ask("billing.invoice", json!({"id": id}))["open"], 0);
        books.app.verify().unwrap();
    });
}

#[test]
fn a_document_that_says_everything_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let desk = daybook_rpc::Desk::open(&folder.path().join("firm.books"), daybook_rpc::Access::Write, daybook_rpc::Guard::default()).unwrap();
    let run = |name: &str, args: Value| desk.ask("execute", json!({"name": name, "args": args})).unwrap_or_else(|e| panic!("{name}: {e}"))["result"].clone();
    run("identity.create_company", json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"}));
    let party = run("parties.save_party", json!({"name": "Museum", "country": "DE"}))["id"].clone();
    let bolt = run("catalog.save_item", json!({"code": "BOLT", "name": "Bolt", "kind": "goods"}))["id"].clone();
    let id = run("billing.post_invoice", json!({"draft": everything(&party, &bolt)}))["id"].clone();
    let reply = desk.call("paper.invoice", json!({"id": id}).to_string().as_bytes()).unwrap();
    assert!(reply.bytes.starts_with(b"%PDF-"));
}

#[test]
fn documents_of_other_programs_are_taken_as_they_are_and_can_be_corrected() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let line = json!({"description": "Advice", "quantity": "2", "unit_price": "100", "allowances": [{"amount": 10_00}]});
        let draft = json!({"party": acme, "imported_number": "S-1", "type_code": "71", "payment_means": "30", "lines": [line]});
        let id = books.run("billing.post_invoice", json!({"draft": draft}))["id"].clone();
        books.run("billing.credit_invoice", json!({"id": id, "reason": "Broken", "lines": [{"line": 1, "quantity": "1"}]}));
        assert_eq!(books.ask("billing.invoice", json!({"id": id}))["open"], 114_00);
        books.app.verify().unwrap();
    });
}
