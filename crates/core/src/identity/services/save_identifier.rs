//! Adds a number by which others know the company, or changes one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Tx;
use crate::identity::identifiers::{gs1_check_digit, iso6523};
use crate::identity::model::CompanyIdentifier;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Name, Permission};
use crate::vals;

/// ISO 6523 code of global location numbers.
const GLN: &str = "0088";

crate::save_args! {
    /// Adds an identifier of the company (no id) or changes one: GLN, DUNS, a number that customers gave it.
    pub struct SaveIdentifier of CompanyIdentifier {
        scheme: Code,
        value: Name,
        archived: bool,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct IdentifierSaved {
    /// The identifier.
    pub id: Id<CompanyIdentifier>,
}

impl Command for SaveIdentifier {
    const NAME: &'static str = "identity.save_identifier";
    const NEEDS: Permission = Permission::Administer;
    const CLASS: Class = Class::Decision;
    type Output = IdentifierSaved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<IdentifierSaved> {
        let old: Option<CompanyIdentifier> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut new = match &old {
            Some(old) => old.clone(),
            None => CompanyIdentifier { id: cx.id("company_identifier"), scheme: Code::default(), value: Name::default(), archived: false },
        };
        self.put(&mut new);
        check(&new)?;
        let taken = |e: Error| if e.kind() == Kind::Conflict { Error::new(Kind::Conflict, "company.identifier_exists").field("value").caused_by(e) } else { e };
        match &old {
            Some(old) => tx.update(old, &new),
            None => tx.insert(&new),
        }
        .map_err(taken)?;
        Ok(IdentifierSaved { id: new.id })
    }
}

fn check(new: &CompanyIdentifier) -> Result<()> {
    new.value.required("value")?;
    iso6523(&new.scheme).map_err(|e| e.field("scheme"))?;
    if new.scheme.as_str() == GLN && !(new.value.len() == 13 && gs1_check_digit(&new.value)) {
        return Err(Error::invalid("party.gln").arg("value", &new.value).field("value"));
    }
    Ok(())
}
