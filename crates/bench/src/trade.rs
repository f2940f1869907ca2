//! A firm that sells: customers, items with stock, and five-line invoices.

use daybook_core::app::App;
use serde_json::{Value, json};

use crate::Outcome;
use crate::measure::Dice;
use crate::place::run as execute;

const PARTIES: i64 = 200;
const ITEMS: i64 = 400;

/// Whom to sell what.
pub struct Trade {
    parties: Vec<Value>,
    items: Vec<Value>,
}

impl Trade {
    /// Makes customers, items and stock.
    pub fn set_up(app: &App) -> Outcome<Self> {
        let (mut parties, mut items) = (Vec::new(), Vec::new());
        for n in 0..PARTIES {
            let args = json!({"code": format!("C{n:04}"), "name": format!("Customer {n}"), "country": "GB", "is_customer": true, "payment_days": 30,
                "line1": "1 High Street", "city": "Leeds", "postcode": "LS1 1AA", "email": format!("office@customer{n}.example")});
            parties.push(execute(app, "parties.save_party", args)?["id"].take());
        }
        for n in 0..ITEMS {
            let args = json!({"code": format!("I{n:04}"), "name": format!("Item number {n}"), "kind": "goods", "sales_price": format!("{}.95", n % 90 + 1)});
            items.push(execute(app, "catalog.save_item", args)?["id"].take());
        }
        let lines: Vec<Value> = items.iter().map(|item| json!({"item": item, "quantity": "100000", "unit_cost": "0.63"})).collect();
        execute(app, "inventory.receive", json!({"lines": lines, "opening": true}))?;
        Ok(Trade { parties, items })
    }
    /// Five different items for somebody, at the price the item has.
    pub fn draft(&self, dice: &mut Dice) -> Value {
        let first = dice.below(ITEMS);
        let lines: Vec<Value> = (0..5)
            .map(|n| {
                let place = usize::try_from((first + n * 67) % ITEMS).unwrap_or(0);
                json!({"item": self.items[place], "quantity": (dice.below(20) + 1).to_string()})
            })
            .collect();
        let party = usize::try_from(dice.below(PARTIES)).unwrap_or(0);
        json!({"party": self.parties[party], "lines": lines})
    }
}
