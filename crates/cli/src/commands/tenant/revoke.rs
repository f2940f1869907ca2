//! `daybook tenant revoke`: a person, a device or a session is shut out at once.

use daybook_core::access::{self, account, session};
use daybook_core::shared::error::{Error, Kind};
use daybook_server::central::Place;
use serde_json::json;

use crate::args::Revoke;
use crate::commands::central::timer;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Shuts out.
pub fn run(place: &Place, revoke: &Revoke, screen: &Screen) -> Result<(), Failure> {
    let now = timer()();
    let whom = &revoke.whom;
    place
        .write_beside(&revoke.tenant, |tx| {
            if let Some(email) = &whom.user {
                let known = account::find_by_email(tx, &account::normal_email(email)?)?;
                let known = known.ok_or_else(|| Error::new(Kind::NotFound, "user.unknown"))?;
                access::shut_out(tx, known.user, true, None, now)?;
            }
            if let Some(id) = &whom.device {
                access::shut_out_device(tx, access::named(id, "device.unknown")?, now)?;
            }
            if let Some(id) = &whom.session {
                let unknown = || Error::new(Kind::NotFound, "session.unknown");
                let there = session::revoke(tx, access::named(id, "session.unknown")?, now)?;
                return if there { Ok(()) } else { Err(unknown()) };
            }
            Ok(())
        })
        .at(&revoke.tenant)?;
    if screen.json { screen.value(&json!({ "tenant": revoke.tenant, "revoked": true })) } else { screen.say(format!("{}: shut out", revoke.tenant)) }
}
