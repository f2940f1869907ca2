//! What other modules and the app ask of identity.

pub use super::identifiers::{eas, gs1_check_digit, iso6523, vat_country, vat_id};
use super::model::{Company, CompanyIdentifier, Device, User};
use crate::db::Tx;
use crate::shared::Permission;
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::vals;

/// The company; `company.missing` before the books are set up.
pub fn company(tx: &mut Tx<'_>) -> Result<Company> {
    find_company(tx)?.ok_or_else(|| Error::new(Kind::State, "company.missing"))
}

/// The company, if the books are set up.
pub fn find_company(tx: &mut Tx<'_>) -> Result<Option<Company>> {
    Ok(tx.whole::<Company>()?.first().cloned())
}

/// The identifiers of the company that are in use (BT-29), in the order they were added.
pub fn identifiers(tx: &mut Tx<'_>) -> Result<Vec<CompanyIdentifier>> {
    Ok(tx.whole::<CompanyIdentifier>()?.iter().filter(|identifier| !identifier.archived).cloned().collect())
}

/// The device that executes.
pub fn device(tx: &mut Tx<'_>, id: DeviceId) -> Result<Device> {
    match tx.whole::<Device>()?.iter().find(|device| device.id == id) {
        Some(device) => Ok(device.clone()),
        None => tx.get(vals![id]),
    }
}

/// The device behind an id, if the books know it.
pub fn find_device(tx: &mut Tx<'_>, id: DeviceId) -> Result<Option<Device>> {
    match tx.whole::<Device>()?.iter().find(|device| device.id == id) {
        Some(device) => Ok(Some(device.clone())),
        None => tx.find(vals![id]),
    }
}

/// The person behind an id, if known.
pub fn user(tx: &mut Tx<'_>, id: UserId) -> Result<Option<User>> {
    Ok(tx.whole::<User>()?.iter().find(|user| user.id == id).cloned())
}

/// `permission.denied` unless the actor's role grants `needs`. Books without a company allow only
/// setting one up.
pub fn authorize(tx: &mut Tx<'_>, actor: UserId, needs: Permission) -> Result<()> {
    let denied = || Error::new(Kind::Denied, "permission.denied").arg("needs", needs);
    let Some(user) = user(tx, actor)? else {
        let fresh = find_company(tx)?.is_none();
        return match (fresh, needs) {
            (true, Permission::Setup | Permission::Read) => Ok(()),
            (true, _) => Err(Error::new(Kind::State, "company.missing")),
            (false, _) => Err(denied()),
        };
    };
    if user.archived || !user.role.grants(needs) { Err(denied()) } else { Ok(()) }
}

/// The country behind a code or a common name (`UK`, `EIRE`); `country.unknown` otherwise.
pub fn country(text: &str) -> Result<crate::shared::Code> {
    crate::identity::country::find(text)
        .and_then(|country| crate::shared::Code::new(&country.code).ok())
        .ok_or_else(|| Error::invalid("country.unknown").arg("value", text).field("country"))
}

/// The chart template of a country: its own, or the generic one.
pub fn chart_of(country: &str) -> crate::shared::Code {
    let chart = match country {
        "GB" | "IE" => "gb",
        "DE" | "AT" => "de",
        "FR" | "BE" | "LU" => "fr",
        "US" => "us",
        _ => "ifrs",
    };
    crate::shared::Code::fitted(chart)
}
