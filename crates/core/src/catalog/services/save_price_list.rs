//! Adds a price list or changes one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::model::PriceList;
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Currency, Id, Name, Permission};
use crate::vals;

crate::save_args! {
    /// Adds a price list (no id) or changes one; what is left out stays as it is. A new one is in the
    /// company's currency unless it says otherwise.
    pub struct SavePriceList of PriceList {
        name: Name,
        includes_tax: bool,
        archived: bool,
    } choose {
        currency: Currency,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The list.
    pub id: Id<PriceList>,
}

impl Command for SavePriceList {
    const NAME: &'static str = "catalog.save_price_list";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let old: Option<PriceList> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut list = match &old {
            Some(old) => old.clone(),
            None => {
                let currency = crate::identity::api::company(tx)?.currency;
                PriceList { id: cx.id("price_list"), name: Name::default(), currency, includes_tax: false, archived: false }
            }
        };
        self.put(&mut list);
        list.name.required("name")?;
        match old {
            Some(old) => tx.update(&old, &list)?,
            None => tx.insert(&list)?,
        }
        Ok(Saved { id: list.id })
    }
}
