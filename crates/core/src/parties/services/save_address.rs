//! Adds a further address of a party, or changes one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Tx;
use crate::parties::model::{Address, Party, Purpose};
use crate::parties::{api, check};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Id, Name, Permission};
use crate::vals;

crate::save_args! {
    /// Adds a further address of a party (no id) or changes one; what is left out stays as it is.
    pub struct SaveAddress of Address {
        name: Name,
        line1: Name,
        line2: Name,
        postcode: Code,
        city: Name,
        region: Name,
        country: Code,
        gln: Code,
        archived: bool,
    } choose {
        party: Id<Party>,
        purpose: Purpose,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The address.
    pub id: Id<Address>,
}

impl Command for SaveAddress {
    const NAME: &'static str = "parties.save_address";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let old: Option<Address> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut address = match &old {
            Some(old) => old.clone(),
            None => empty(cx.id("party_address"), self.party.ok_or_else(|| Error::invalid("text.required").field("party"))?),
        };
        self.put(&mut address);
        let party = api::party(tx, address.party).map_err(|e| e.field("party"))?;
        if address.country.is_empty() {
            address.country = party.country;
        }
        address.country = crate::identity::api::country(&address.country)?;
        address.line1.required("line1")?;
        check::gln(&address.gln, "gln")?;
        match old {
            Some(old) => tx.update(&old, &address)?,
            None => tx.insert(&address)?,
        }
        Ok(Saved { id: address.id })
    }
}

fn empty(id: Id<Address>, party: Id<Party>) -> Address {
    Address {
        id,
        party,
        purpose: Purpose::Delivery,
        name: Name::default(),
        line1: Name::default(),
        line2: Name::default(),
        postcode: Code::default(),
        city: Name::default(),
        region: Name::default(),
        country: Code::default(),
        gln: Code::default(),
        archived: false,
    }
}
