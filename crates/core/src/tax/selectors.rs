//! Questions about taxes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::determine::{Determined, Question};
use super::model::{ItemKind, Side, Tax, TaxClass, TaxRate};
use crate::db::Tx;
use crate::parties::{self, Party};
use crate::shared::{Context, Date, Id, Permission, Query, Result};
use crate::vals;

/// The tax that the rules give for a party and a kind of item on a date.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Determine {
    /// The other party.
    pub party: Id<Party>,
    /// The item's class.
    pub item_class: TaxClass,
    /// Goods or service.
    pub item_kind: ItemKind,
    /// Sale or purchase.
    pub side: Side,
    /// Tax date.
    pub date: Date,
}

impl Query for Determine {
    const NAME: &'static str = "tax.determine";
    const NEEDS: Permission = Permission::Read;
    type Output = Determined;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Determined> {
        let home = crate::identity::api::company(tx)?.country;
        let party = parties::api::resolve(tx, self.party)?;
        let question = Question {
            company_country: &home,
            party_country: &party.country,
            party_has_vat_id: parties::api::foreign_eu_vat_id(&party.vat_id, &home, self.date),
            item_class: self.item_class,
            item_kind: self.item_kind,
            side: self.side,
            date: self.date,
        };
        super::api::determine(tx, &question)
    }
}

/// The rates of a tax, oldest first.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Rates {
    /// The tax.
    pub tax: Id<Tax>,
}

impl Query for Rates {
    const NAME: &'static str = "tax.rates";
    const NEEDS: Permission = Permission::Read;
    type Output = Vec<TaxRate>;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Vec<TaxRate>> {
        tx.find_all(&["tax"], vals![self.tax])
    }
}
