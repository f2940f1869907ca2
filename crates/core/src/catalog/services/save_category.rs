//! Adds an item category or changes one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::model::ItemCategory;
use crate::db::Tx;
use crate::identity::Valuation;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Code, Context, Id, Name, Permission};
use crate::tax::TaxClass;
use crate::vals;

crate::save_args! {
    /// Adds an item category (no id) or changes one; what is left out stays as it is.
    pub struct SaveCategory of ItemCategory {
        name: Name,
        tax_class: Option<TaxClass>,
        revenue_account: Code,
        inventory_account: Code,
        cost_account: Code,
        valuation: Option<Valuation>,
        archived: bool,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The category.
    pub id: Id<ItemCategory>,
}

impl Command for SaveCategory {
    const NAME: &'static str = "catalog.save_category";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let old: Option<ItemCategory> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut category = match &old {
            Some(old) => old.clone(),
            None => empty(cx.id("item_category")),
        };
        self.put(&mut category);
        category.name.required("name")?;
        match old {
            Some(old) => tx.update(&old, &category)?,
            None => tx.insert(&category)?,
        }
        Ok(Saved { id: category.id })
    }
}

fn empty(id: Id<ItemCategory>) -> ItemCategory {
    ItemCategory {
        id,
        name: Name::default(),
        tax_class: None,
        revenue_account: Code::default(),
        inventory_account: Code::default(),
        cost_account: Code::default(),
        valuation: None,
        archived: false,
    }
}
