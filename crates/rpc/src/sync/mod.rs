//! A device and its server, as clients of the desk see them: how it stands, connecting, signing in, and
//! the work that needs somebody.

mod beside;
mod inbox;
mod own_device;
mod runner;
mod sign_out;

use std::path::Path;
use std::sync::Arc;

use daybook_core::app::App;
use daybook_core::approvals;
use daybook_core::daybook::state::{self, Part};
use daybook_core::daybook::{attention, outbox};
use daybook_core::files::lane;
use daybook_core::identity::api::authorize;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::{Instant, Permission};
use daybook_sync::connect::{Address, Password, found, join};
use daybook_sync::http::HttpRoad;
use daybook_sync::seat::Seat;
use daybook_sync::{Failure, Status};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use inbox::{ask_approval, discard, discard_chain, list, resubmit, resubmit_chain};
pub(crate) use runner::Runner;
pub use sign_out::{sign_out, unsent, unsent_text};

use crate::{Access, Desk};

/// How a device stands.
#[derive(Debug, Serialize)]
pub struct Standing {
    /// `alone` or `device`.
    pub part: &'static str,
    /// Address of the server.
    pub server: String,
    /// The firm's name there.
    pub tenant: String,
    /// The name to sign in with.
    pub email: String,
    /// `alone`, `in_step`, `waiting`, `offline` or `needs_you`.
    pub state: &'static str,
    /// Since when the server could not be reached (ms).
    pub since_ms: Option<i64>,
    /// When the device last had everything of the server (ms); none before the first time.
    pub as_of_ms: Option<i64>,
    /// Entries that the server has not confirmed.
    pub pending: i64,
    /// Items and requests that need somebody.
    pub attention: i64,
    /// Files that wait to be sent or fetched.
    pub files_waiting: i64,
    /// Files in which the server found malware.
    pub files_infected: i64,
    /// What went wrong last, while it is not over.
    pub problem: Option<Value>,
}

/// How the books stand to their server.
pub fn status(desk: &Arc<Desk>) -> Result<Standing> {
    let alone = |state| Standing {
        part: "alone",
        server: String::new(),
        tenant: String::new(),
        email: String::new(),
        state,
        since_ms: None,
        as_of_ms: None,
        pending: 0,
        attention: 0,
        files_waiting: 0,
        files_infected: 0,
        problem: None,
    };
    if !desk.is_open()? {
        return Ok(alone("alone"));
    }
    let (part, (pending, raised, files_waiting, files_infected)) = desk.with(|app| Ok((app.device().part, counts(app)?)))?;
    if part != Part::Device {
        return Ok(alone("alone"));
    }
    let seat = Seat::read(&desk.path())?;
    let (said, problem) = desk.runner().standing();
    let (state, since_ms) = match said {
        Status::NeedsYou(_) => ("needs_you", None),
        _ if raised > 0 => ("needs_you", None),
        Status::Offline { since_ms } => ("offline", Some(since_ms)),
        Status::InStep if pending == 0 && files_waiting == 0 => ("in_step", None),
        Status::InStep | Status::Waiting => ("waiting", None),
    };
    let place = seat.map(|seat| (seat.server, seat.tenant, seat.email)).unwrap_or_default();
    let as_of_ms = match desk.runner().in_step() {
        Some(at) => Some(at),
        None => desk.with(|app| app.read(|tx, _| state::in_step_at(tx)))?.map(Instant::millis),
    };
    let (server, tenant, email) = place;
    let part = "device";
    Ok(Standing { part, server, tenant, email, state, since_ms, as_of_ms, pending, attention: raised, files_waiting, files_infected, problem })
}

/// Entries that the server has not confirmed, what needs whoever sits here (items and requests), files that
/// wait, files with malware.
type Counts = (i64, i64, i64, i64);

fn counts(app: &App) -> Result<Counts> {
    app.read(|tx, cx| {
        let files = lane::counts(tx)?;
        let raised = attention::count(tx)? + approvals::api::waiting_for(tx, cx.actor)?;
        Ok((outbox::count(tx)?, raised, files.waiting, files.infected))
    })
}

/// The rows that the server does not have as they are here, by record. An invoice goes by its own record and by
/// that of its list.
pub fn pending_rows(desk: &Arc<Desk>) -> Result<Value> {
    let mut rows = desk.with(|app| app.read(|tx, _| outbox::touched(tx)))?;
    if let Some(documents) = rows.get("billing_document").cloned() {
        rows.insert("billing_invoice".to_owned(), documents);
    }
    Ok(json!({ "rows": rows }))
}

/// Where to, and as whom.
#[derive(Deserialize)]
pub struct Connect {
    server: String,
    tenant: String,
    email: String,
    password: String,
    new_password: Option<String>,
    device_name: String,
    mode: Mode,
}

/// What becomes of which books.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// The server's books come here.
    Join,
    /// The books here become those of an empty tenant; books of a device whose seat is gone get another.
    Found,
}

/// Gives the books a server.
pub fn connect(desk: &Arc<Desk>, wish: &Connect) -> Result<()> {
    if desk.access() == Access::Read {
        return Err(Error::new(Kind::Storage, "books.opened_read_only"));
    }
    let address = Address { server: wish.server.clone(), tenant: wish.tenant.clone(), email: wish.email.clone(), device_name: wish.device_name.clone() };
    let password = Password { current: &wish.password, new: wish.new_password.as_deref() };
    let path = desk.path();
    match wish.mode {
        Mode::Join => {
            make_folder(&path)?;
            join(&path, &address, &password)?;
        }
        Mode::Found => match own_device::copied(desk)?.filter(|copied| !copied.seated) {
            Some(copied) => own_device::connect(desk, &copied, &address, &password)?,
            None => desk.with(|app| {
                may_connect(app)?;
                found(app, &path, &address, &password)?;
                Seat::read(&path)?.map_or(Ok(()), |mut seat| desk.guard().settle(&mut seat, &path))
            })?,
        },
    }
    desk.is_open()?;
    desk.start_sync();
    Ok(())
}

/// Only who administers the firm sends its books to a server, and only books that have none.
fn may_connect(app: &App) -> Result<()> {
    app.read(|tx, cx| authorize(tx, cx.actor, Permission::Administer))?;
    if app.device().part == Part::Alone { Ok(()) } else { Err(Error::new(Kind::State, "sync.connected")) }
}

fn make_folder(books: &Path) -> Result<()> {
    let Some(folder) = books.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", folder.display()).caused_by(e))
}

/// The password of the person of the seat.
#[derive(Deserialize)]
pub struct SignIn {
    password: String,
    new_password: Option<String>,
}

/// Signs in again after a session ended; a copy signs in as a device of its own.
pub fn sign_in(desk: &Arc<Desk>, given: &SignIn) -> Result<()> {
    let password = Password { current: &given.password, new: given.new_password.as_deref() };
    if let Some(copied) = own_device::copied(desk)? {
        own_device::sign_in(desk, &copied, &password)?;
    } else {
        let mut road = HttpRoad::open(&desk.path())?;
        road.sign_in(password.current, password.new)?;
        road.prove("")?;
        road.keep()?;
    }
    desk.start_sync();
    Ok(())
}

/// Whether somebody must act before anything more happens.
fn stands_still(status: Status) -> bool {
    matches!(status, Status::NeedsYou(Failure::SignedOut | Failure::Version | Failure::Refused))
}
