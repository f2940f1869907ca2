//! Giving books a server, in three cases: a new device joins a tenant, books made alone become a new
//! tenant, a device that was set up again joins anew (which is the first case: its old seat is gone with
//! its secrets).

use std::path::Path;

use daybook_core::app::{App, system_clock};
use daybook_core::db::{Books, Mode};
use daybook_core::planted;
use daybook_core::shared::Id;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;

use crate::driver::{Driver, Road, remove, sync_entries_once};
use crate::http::HttpRoad;
use crate::seat::Seat;

/// Where to, and as whom.
#[derive(Clone, Debug)]
pub struct Address {
    /// Address of the server.
    pub server: String,
    /// The firm's name there.
    pub tenant: String,
    /// The name to sign in with.
    pub email: String,
    /// What people call this device.
    pub device_name: String,
}

/// The password, and another to take its place.
pub struct Password<'a> {
    /// The password.
    pub current: &'a str,
    /// To take its place; needed with a one-time password.
    pub new: Option<&'a str>,
}

/// A new device joins: the books at `path`, which must not exist, come from the server. They are there, with
/// their seat, once this succeeds; what a join that was cut short left is removed by the next.
pub fn join(path: &Path, address: &Address, password: &Password<'_>) -> Result<()> {
    if path.exists() {
        return Err(Error::new(Kind::Conflict, "books.exists").arg("books", path.display()));
    }
    let device: CommandId = CommandId::mint();
    let mut road = road(path, address, device.to_string())?;
    let person = road.sign_in(password.current, password.new)?;
    road.prove(&address.device_name)?;
    let fresh = path.with_extension("joining");
    remove(&fresh);
    road.copy(&fresh, true)?;
    planted::step("join.snapshot")?;
    let app = App::open(&fresh, Mode::Write, system_clock())?;
    app.take_seat(device.cast(), Id::parse(&person.user)?)?;
    // The copy may be of a while ago.
    sync_entries_once(&mut Driver::new(app.followed()?.cursor), &app, &mut road)?;
    app.storage().books().map_or(Ok(()), Books::fold_log)?;
    drop(app);
    planted::step("join.seated")?;
    road.keep()?;
    planted::step("join.kept")?;
    std::fs::rename(&fresh, path).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", path.display()).caused_by(e))?;
    remove(&fresh);
    Ok(())
}

/// Books made alone become those of an empty tenant: everything in them is pending from now on, and is
/// sent by the next sync.
pub fn found(app: &App, path: &Path, address: &Address, password: &Password<'_>) -> Result<()> {
    let device = app.device();
    let mut road = road(path, address, device.device.to_string())?;
    road.sign_in(password.current, password.new)?;
    road.adopt(&device.actor.to_string())?;
    road.prove(&address.device_name)?;
    let welcome = road.hello(&app.hello()?)?;
    if welcome.head > 0 {
        return Err(Error::new(Kind::State, "sync.tenant_not_empty").arg("tenant", &address.tenant));
    }
    road.keep()?;
    app.become_first_device(&welcome.scopes)
}

fn road(path: &Path, address: &Address, device: String) -> Result<HttpRoad> {
    Ok(HttpRoad::new(path, seat(address, device)?))
}

/// A seat for `device` at `address`, with a new key and no tokens yet.
pub fn seat(address: &Address, device: String) -> Result<Seat> {
    Ok(Seat {
        server: address.server.clone(),
        tenant: address.tenant.clone(),
        email: address.email.clone(),
        device,
        secret: Seat::new_secret()?,
        refresh_token: String::new(),
        locked: false,
        home: None,
        succeeds: None,
    })
}
