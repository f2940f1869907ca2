//! Books that may be a copy of books that others go on with become those of a device of its own when their
//! person signs in: a new key, a letter for numbers of its own; what waits to be sent goes on under it.

use std::path::Path;
use std::sync::Arc;

use daybook_core::app::{App, system_clock};
use daybook_core::daybook::state::Part;
use daybook_core::daybook::wire::Hello;
use daybook_core::db::Mode;
use daybook_core::identity::api::find_device;
use daybook_core::shared::context::DeviceId;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;
use daybook_sync::Road;
use daybook_sync::connect::{Address, Password};
use daybook_sync::http::{HttpRoad, SignedIn};
use daybook_sync::seat::Seat;

use crate::Desk;

/// Books that may be a copy.
pub(super) struct Copied {
    /// The device that they were of.
    device: DeviceId,
    /// What people call it.
    name: String,
    /// Whether they have a seat beside them.
    pub(super) seated: bool,
}

/// What is known of the books of `desk` as a copy; `None` when they are none, as far as can be told without
/// opening them for writing.
pub(super) fn copied(desk: &Desk) -> Result<Option<Copied>> {
    let path = desk.path();
    let seat = Seat::read(&path)?;
    let elsewhere = seat.as_ref().map_or(Ok(false), |seat| desk.guard().is_elsewhere(seat))?;
    let Ok(app) = App::open(&path, Mode::Read, system_clock()) else { return Ok(None) };
    let facts = app.device();
    if facts.part != Part::Device || !(elsewhere || facts.copy || seat.is_none()) {
        return Ok(None);
    }
    let (name, today) = app.read(|tx, cx| Ok((find_device(tx, facts.device)?.map(|device| device.name.to_string()), cx.today()?)))?;
    let name = name.map_or_else(|| today.to_string(), |name| format!("{name}, {today}"));
    Ok(Some(Copied { device: facts.device, name, seated: seat.is_some() }))
}

/// Signs in at the server of the seat, as a new device.
pub(super) fn sign_in(desk: &Arc<Desk>, copied: &Copied, password: &Password<'_>) -> Result<()> {
    let path = desk.path();
    let seat = Seat::read(&path)?.ok_or_else(|| Error::new(Kind::State, "sync.no_seat"))?;
    let (mut road, _) = enter(desk, &path, copied, seat, password)?;
    road.prove(&copied.name)?;
    begin(desk, &road)
}

/// Signs in at `address`, as a new device, for books whose seat is gone. `sync.other_books` unless it is this
/// person's copy of the books there.
pub(super) fn connect(desk: &Arc<Desk>, copied: &Copied, address: &Address, password: &Password<'_>) -> Result<()> {
    let path = desk.path();
    let seat = daybook_sync::connect::seat(address, String::new())?;
    let (mut road, person) = enter(desk, &path, copied, seat, password)?;
    road.prove(&address.device_name)?;
    let (hello, actor) = desk.with(|app| Ok((app.hello()?, app.actor())))?;
    let device = DeviceId::parse(&road.seat().device)?;
    let welcome = road.hello(&Hello { device: device.bytes(), epoch: 1, ..hello })?;
    if !welcome.same_log || person.user != actor.to_string() {
        return Err(Error::new(Kind::State, "sync.other_books").arg("tenant", &address.tenant));
    }
    begin(desk, &road)
}

fn enter(desk: &Desk, path: &Path, copied: &Copied, seat: Seat, password: &Password<'_>) -> Result<(HttpRoad, SignedIn)> {
    if desk.jobs().any_running() {
        return Err(Error::new(Kind::Busy, "job.running"));
    }
    let device = CommandId::mint().to_string();
    let seat = Seat { device, secret: Seat::new_secret()?, refresh_token: String::new(), home: None, succeeds: Some(copied.device), ..seat };
    let mut road = HttpRoad::new(path, seat);
    let person = road.sign_in(password.current, password.new)?;
    Ok((road, person))
}

/// Keeps the new seat; the books become those of its device when they are opened again.
fn begin(desk: &Arc<Desk>, road: &HttpRoad) -> Result<()> {
    desk.put_aside(|| road.keep())?;
    desk.is_open().map(drop)
}
