//! Adds a registration or an electronic address of a party, or changes one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Tx;
use crate::identity::api::{eas, iso6523, vat_id};
use crate::parties::model::{Identifier, IdentifierKind, Party};
use crate::parties::{api, check};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Name, Permission};
use crate::vals;

crate::save_args! {
    /// Adds an identifier of a party (no id) or changes one: VAT registration, legal registration, GLN,
    /// electronic address.
    pub struct SaveIdentifier of Identifier {
        scheme: Code,
        value: Name,
        archived: bool,
    } choose {
        party: Id<Party>,
        kind: IdentifierKind,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The identifier.
    pub id: Id<Identifier>,
}

impl Command for SaveIdentifier {
    const NAME: &'static str = "parties.save_identifier";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let old: Option<Identifier> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut identifier = match &old {
            Some(old) => old.clone(),
            None => Identifier {
                id: cx.id("party_identifier"),
                party: self.party.ok_or_else(|| Error::invalid("text.required").field("party"))?,
                kind: IdentifierKind::Other,
                scheme: Code::default(),
                value: Name::default(),
                archived: false,
            },
        };
        self.put(&mut identifier);
        settle(tx, &mut identifier).map_err(|e| e.field("value"))?;
        match old {
            Some(old) => tx.update(&old, &identifier),
            None => tx.insert(&identifier),
        }
        .map_err(|e| if e.kind() == Kind::Conflict { Error::new(Kind::Conflict, "party.identifier_exists").field("value").caused_by(e) } else { e })?;
        Ok(Saved { id: identifier.id })
    }
}

/// Brings the value into its one form and checks it by its kind.
fn settle(tx: &mut Tx<'_>, identifier: &mut Identifier) -> Result<()> {
    let party = api::party(tx, identifier.party).map_err(|e| e.field("party"))?;
    identifier.value.required("value")?;
    identifier.scheme = Code::new(&identifier.scheme.to_uppercase())?;
    let scheme = identifier.scheme.as_str();
    match identifier.kind {
        IdentifierKind::Vat => identifier.value = vat_id(&identifier.value, &party.country)?.resized()?,
        IdentifierKind::Registration => iso6523(scheme).map_err(|e| e.field("scheme"))?,
        IdentifierKind::Endpoint => {
            eas(scheme).map_err(|e| e.field("scheme"))?;
            match scheme {
                "EM" => check::email(&identifier.value)?,
                "0088" => check::gln(&identifier.value, "value")?,
                _ => {}
            }
        }
        IdentifierKind::Gln => check::gln(&identifier.value, "value")?,
        IdentifierKind::Other => {}
    }
    Ok(())
}
