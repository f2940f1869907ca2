//! Numbers and dates in the language of the document.

use daybook_paper::document::Currency;
use daybook_paper::format::Format;

use crate::samples::day;

fn currency(code: &str, minor_digits: u8) -> Currency {
    Currency { code: code.to_owned(), minor_digits }
}

#[test]
fn money() {
    let euro = currency("EUR", 2);
    for (language, expected) in [
        ("en", "-1,234,567.05"),
        ("de", "-1.234.567,05"),
        ("de_AT", "-1.234.567,05"),
        ("fr-BE", "-1\u{a0}234\u{a0}567,05"),
        ("de-CH", "-1’234’567.05"),
        ("xx", "-1,234,567.05"),
    ] {
        assert_eq!(Format::of(language).money(-123_456_705, &euro), expected, "{language}");
    }
    let english = Format::of("en");
    assert_eq!(english.money(0, &euro), "0.00");
    assert_eq!(english.money(-7, &euro), "-0.07");
    assert_eq!(english.money(999, &euro), "9.99");
    assert_eq!(english.money(100_000, &euro), "1,000.00");
    assert_eq!(english.money(1_234_567, &currency("JPY", 0)), "1,234,567");
    assert_eq!(english.money(1_234_567, &currency("KWD", 3)), "1,234.567");
    assert_eq!(english.money(i64::MIN, &euro), "-92,233,720,368,547,758.08");
    assert_eq!(english.money(i128::from(i64::MAX) * 1000, &euro), "92,233,720,368,547,758,070.00");
}

#[test]
fn money_with_currency() {
    let (euro, dollar) = (currency("EUR", 2), currency("USD", 2));
    assert_eq!(Format::of("en").money_with_currency(123_450, &euro), "€1,234.50");
    assert_eq!(Format::of("en").money_with_currency(-5, &euro), "-€0.05");
    assert_eq!(Format::of("en-US").money_with_currency(123_450, &dollar), "USD\u{a0}1,234.50");
    assert_eq!(Format::of("de").money_with_currency(-123_450, &euro), "-1.234,50\u{a0}€");
    assert_eq!(Format::of("fr").money_with_currency(123_450, &dollar), "1\u{a0}234,50\u{a0}USD");
}

#[test]
fn quantities_prices_and_rates() {
    let (german, english, euro) = (Format::of("de"), Format::of("en"), currency("EUR", 2));
    assert_eq!(german.quantity(1_500_000), "1,5");
    assert_eq!(german.quantity(1_000_000_000), "1.000");
    assert_eq!(german.quantity(-1), "-0,000001");
    assert_eq!(german.price(12_500_000, &euro), "12,50");
    assert_eq!(german.price(335_000, &euro), "0,335");
    assert_eq!(german.price(1_234_000_000, &currency("JPY", 0)), "1.234");
    assert_eq!(german.rate(190_000), "19\u{a0}%");
    assert_eq!(english.rate(55_000), "5.5%");
    assert_eq!(english.rate(81_250), "8.125%");
    assert_eq!(english.rate(0), "0%");
}

#[test]
fn dates() {
    let date = day(2026, 3, 5);
    for (language, expected) in [("en", "5\u{a0}Mar\u{a0}2026"), ("en-US", "Mar\u{a0}5,\u{a0}2026"), ("de", "05.03.2026"), ("fr", "05/03/2026")] {
        assert_eq!(Format::of(language).date(date), expected);
    }
}
