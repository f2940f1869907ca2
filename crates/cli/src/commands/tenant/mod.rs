//! `daybook tenant`: the tenants of a central server, which may run meanwhile.

mod add;
mod events;
mod export;
mod files;
mod list;
mod migrate;
mod revoke;
mod users;

use std::path::Path;
use std::process::ExitCode;

use daybook_core::access::state;
use daybook_core::shared::error::{Error, Kind};
use daybook_server::central::{Place, forget_copies};
use serde_json::json;

use super::central::place;
use crate::args::{Tenant, TenantCommand};
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// So many connections a subcommand needs.
const CONNECTIONS: usize = 2;

/// Does what is asked.
pub fn run(tenant: &Tenant, screen: &Screen) -> Result<ExitCode, Failure> {
    let place = found(tenant)?;
    match &tenant.command {
        TenantCommand::Add(add) => add::run(&place, add, screen)?,
        TenantCommand::List => list::run(&place, screen)?,
        TenantCommand::Migrate => migrate::run(&place, screen)?,
        TenantCommand::Suspend { name } => suspend(&place, name, true, screen)?,
        TenantCommand::Resume { name } => suspend(&place, name, false, screen)?,
        TenantCommand::Export { name, out } => export::run(&place, name, out, screen)?,
        TenantCommand::Files { name, scan_again } => files::run(&place, name, *scan_again, screen)?,
        TenantCommand::Drop { name, yes } => drop_tenant(&place, tenant.data.as_deref(), name, yes, screen)?,
        TenantCommand::User(user) => users::run(&place, user, screen)?,
        TenantCommand::Revoke(revoke) => revoke::run(&place, revoke, screen)?,
        TenantCommand::Events { tenant, events } => events::run(&place, tenant, events, screen)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn found(tenant: &Tenant) -> Result<Place, Failure> {
    match (&tenant.data, &tenant.postgres) {
        (Some(data), url) => place(data, url.as_deref(), CONNECTIONS).at(data.display()),
        (None, Some(url)) => place("".as_ref(), Some(url), CONNECTIONS).at("--postgres"),
        (None, None) => Err(Failure::at("tenant", Error::invalid("tenant.place"))),
    }
}

fn suspend(place: &Place, name: &str, suspended: bool, screen: &Screen) -> Result<(), Failure> {
    place.write_beside(name, |tx| state::suspend(tx, suspended)).at(name)?;
    let words = if suspended { "nobody is let in any more" } else { "people are let in again" };
    if screen.json { screen.value(&json!({ "tenant": name, "suspended": suspended })) } else { screen.say(format!("{name}: {words}")) }
}

fn drop_tenant(place: &Place, data: Option<&Path>, name: &str, yes: &str, screen: &Screen) -> Result<(), Failure> {
    if yes != name {
        return Err(Failure::at(name, Error::new(Kind::Invalid, "tenant.confirm").arg("tenant", name).field("--yes")));
    }
    place.drop(name).at(name)?;
    if let Some(data) = data {
        forget_copies(data, name).at(name)?;
    }
    if screen.json { screen.value(&json!({ "tenant": name, "dropped": true })) } else { screen.say(format!("{name}: deleted with all its books")) }
}
