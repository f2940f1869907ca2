//! Value types: round trips, overflow, digits, rounding, allocation.

use daybook_core::shared::money::MINOR_MAX;
use daybook_core::shared::round::{allocate, round_div};
use daybook_core::shared::{Code, Currency, Date, Minor, Money, Note, Price, Quantity, Rate, Text};
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect(code)
}

#[test]
fn rounding_goes_half_away_from_zero() {
    for (n, d, expected) in [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (15, 10, 2), (25, 10, 3), (-25, 10, -3), (5, -10, -1), (0, 7, 0), (1, 3, 0), (2, 3, 1)] {
        assert_eq!(round_div(n, d), Some(expected), "{n}/{d}");
    }
    assert_eq!(round_div(1, 0), None);
    assert_eq!(round_div(i128::MAX, 1), None);
}

#[test]
fn money_knows_the_digits_of_its_currency() {
    assert_eq!(Money::parse("12.34", currency("GBP")).unwrap().amount.units(), 1234);
    assert_eq!(Money::parse("1234", currency("JPY")).unwrap().amount.units(), 1234);
    assert_eq!(Money::parse("1.234", currency("KWD")).unwrap().amount.units(), 1234);
    assert_eq!(Money::parse("12.340", currency("GBP")).unwrap().to_string(), "12.34 GBP");
    assert_eq!(Money::parse("12.345", currency("GBP")).unwrap_err().code(), "money.digits");
    assert_eq!(Money::parse("1.2", currency("JPY")).unwrap_err().code(), "money.digits");
    assert_eq!(Money::parse("twelve", currency("GBP")).unwrap_err().code(), "money.invalid");
    assert_eq!(Money::parse("1000000000000000000", currency("GBP")).unwrap_err().code(), "money.overflow");
    assert_eq!(Money::parse("1", currency("GBP")).unwrap().plus(Money::parse("1", currency("EUR")).unwrap()).unwrap_err().code(), "money.currency");
    assert_eq!(Currency::parse("GBX").unwrap_err().code(), "currency.unknown");
}

#[test]
fn dates_are_dates_of_the_calendar() {
    for good in ["2010-12-01", "2024-02-29", "1900-01-01", "9999-12-31"] {
        assert_eq!(Date::parse(good).unwrap().to_string(), good);
    }
    for bad in ["2023-02-29", "2010-13-01", "2010-1-1", "01.12.2010", "", "2010-12-01T00:00", "1899-12-31", "20101201", "-010-12-01", "２０１０-12-01"] {
        assert_eq!(Date::parse(bad).unwrap_err().code(), "date.invalid", "{bad}");
    }
    assert_eq!(Date::parse("2011-01-31").unwrap().plus_days(1).unwrap().to_string(), "2011-02-01");
}

#[test]
fn text_is_normalised_and_bounded() {
    assert_eq!(Code::new("  ABC ").unwrap().as_str(), "ABC");
    assert_eq!(Note::new("Cafe\u{301}").unwrap().as_str(), "Café");
    assert_eq!(Code::new("a\0b").unwrap_err().code(), "text.control");
    assert_eq!(Text::<3>::new("abcd").unwrap_err().code(), "text.too_long");
    assert_eq!(Note::new("two\nlines").unwrap().as_str(), "two\nlines");
}

#[test]
fn decimals_never_pass_through_a_float() {
    assert_eq!(Price::parse("2.55").unwrap().micros(), 2_550_000);
    assert_eq!(Price::parse("0.0000001").unwrap_err().code(), "decimal.digits");
    assert_eq!(Quantity::parse("1e3").unwrap_err().code(), "decimal.invalid");
    assert_eq!(Quantity::parse("99999999999999").unwrap_err().code(), "decimal.overflow");
    let float: Result<Price, _> = daybook_core::shared::command::read_args(serde_json::json!(2.5));
    assert_eq!(float.unwrap_err().code(), "decimal.float");
    let whole: Price = daybook_core::shared::command::read_args(serde_json::json!(3)).unwrap();
    assert_eq!(whole.to_string(), "3");
}

#[test]
fn line_amounts_follow_en_16931() {
    let extend = |q: &str, p: &str, base: &str| {
        let parsed = (Quantity::parse(q).unwrap(), Price::parse(p).unwrap(), Quantity::parse(base).unwrap());
        Minor::extend(parsed.0, parsed.1, parsed.2, 2).unwrap().units()
    };
    assert_eq!(extend("1", "0.333", "1"), 33);
    assert_eq!(extend("1", "0.335", "1"), 34);
    assert_eq!(extend("-1", "0.335", "1"), -34);
    assert_eq!(extend("333", "12.50", "1000"), 416);
    assert_eq!(Minor::extend(Quantity::from_micros(i64::MAX), Price::from_micros(i64::MAX), Quantity::ONE, 2).unwrap_err().code(), "money.overflow");
    assert_eq!(Minor::new(50).unwrap().percent(Rate::parse("5").unwrap()).unwrap().units(), 3);
    assert_eq!(Minor::new(999).unwrap().net_of(Rate::parse("19").unwrap()).unwrap().units(), 839);
}

proptest! {
    #[test]
    fn money_text_round_trips(units in -MINOR_MAX..=MINOR_MAX, place in 0_usize..6) {
        let currency = currency(["GBP", "EUR", "JPY", "KWD", "TND", "USD"][place]);
        let text = Minor::new(units).unwrap().display(currency);
        prop_assert_eq!(Money::parse(&text, currency).unwrap().amount.units(), units);
    }

    #[test]
    fn decimal_text_round_trips(micros in any::<i64>()) {
        let text = Price::from_micros(micros).to_string();
        prop_assert_eq!(Price::parse(&text).unwrap().micros(), micros);
    }

    #[test]
    fn amounts_outside_the_range_are_refused(beyond in 1_i64..1_000_000) {
        prop_assert!(Minor::new(MINOR_MAX + beyond).is_err());
        prop_assert!(Minor::new(-MINOR_MAX - beyond).is_err());
        prop_assert!(Minor::new(MINOR_MAX).unwrap().plus(Minor::new(beyond).unwrap()).is_err());
    }

    #[test]
    fn allocation_adds_up_and_is_fair(total in -1_000_000_000_i64..1_000_000_000, weights in prop::collection::vec(0_i64..10_000, 1..40)) {
        let parts = allocate(total, &weights).unwrap();
        prop_assert_eq!(parts.iter().sum::<i64>(), total);
        let sum: i64 = weights.iter().sum();
        if sum > 0 {
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = total as i128 * *weight as i128;
                prop_assert!((*part as i128 * sum as i128 - exact).abs() < sum as i128, "{part} of {weight}/{sum}");
            }
        }
    }

    #[test]
    fn rounding_is_nearest(n in any::<i64>(), d in 1_i64..1_000_000) {
        let rounded = round_div(n as i128, d as i128).unwrap() as i128;
        prop_assert!((rounded * d as i128 - n as i128).abs() * 2 <= d as i128);
    }

    #[test]
    fn dates_round_trip(days in 0_i32..80_000) {
        let date = Date::parse("1900-01-01").unwrap().plus_days(days).unwrap();
        prop_assert_eq!(Date::parse(&date.to_string()).unwrap(), date);
    }
}
