//! Rules about numbers that others give to parties.

use crate::identity::api::gs1_check_digit;
use crate::shared::Name;
use crate::shared::error::{Error, Result};

/// `party.gln` unless `text` is a global location number: 13 digits of which the last is right.
pub fn gln(text: &str, field: &str) -> Result<()> {
    if text.is_empty() || (text.len() == 13 && gs1_check_digit(text)) {
        return Ok(());
    }
    Err(Error::invalid("party.gln").arg("value", text).field(field))
}

/// `party.email` unless `text` is empty or looks like an e-mail address.
pub fn email(text: &Name) -> Result<()> {
    let whole = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    let good = text.split([',', ';']).map(str::trim).all(|one| one.rsplit_once('@').is_some_and(|(user, host)| whole(user) && whole(host)));
    if text.is_empty() || good { Ok(()) } else { Err(Error::invalid("party.email").arg("value", text)) }
}
