//! `daybook serve --data DIR`: the central server.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use daybook_core::app::system_clock;
use daybook_core::db::PgPool;
use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_events::Stop;
use daybook_server::central::{Central, CentralServer, Place, Settings, Timer, start_log};
use serde_json::json;

use crate::args::Serve;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Where it listens unless told otherwise.
const PORT: u16 = 8300;

/// Serves until the process is asked to end, and delivers events of all tenants meanwhile. The first line
/// printed is the address.
pub fn run(data: &Path, serve: &Serve, screen: &Screen) -> Result<ExitCode, Failure> {
    let listen = serve.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], PORT)));
    start_log();
    let outlets = daybook_events::Settings::from_environment().at("events")?;
    let settings = settings(serve);
    let place = place(data, serve.postgres.as_deref(), serve.connections).at(data.display())?;
    let central = Central::new(data, place, settings, timer()).at(data.display())?;
    let refused = |error| Failure::at("--listen", Error::new(Kind::Invalid, "server.listen").arg("address", listen).caused_by(error));
    let server = CentralServer::bind(listen).map_err(refused)?;
    let address = server.address();
    if !address.ip().is_loopback() {
        screen.warn(format!("{address} speaks plain HTTP: let it be reached through a reverse proxy with TLS only"));
    }
    let url = format!("http://{address}/");
    if screen.json {
        screen.value(&json!({ "url": url }))?;
    } else {
        screen.say(&url)?;
    }
    let stop = Stop::default();
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().name("events".to_owned()).spawn_scoped(scope, || central.deliver(&outlets, &stop));
        let served = server.run(Arc::clone(&central)).at(address);
        stop.ask();
        worker.map_err(|e| Failure::at("events", Error::internal("event.thread").caused_by(e)))?;
        served
    })?;
    Ok(ExitCode::SUCCESS)
}

fn settings(serve: &Serve) -> Settings {
    Settings {
        slow: Duration::from_millis(serve.slow_ms),
        tenants_open: serve.open,
        behind_proxy: serve.behind_proxy,
        file_max: serve.file_mib << 20,
        files_max: serve.files_mib.saturating_mul(1 << 20),
        clamd: serve.clamd.clone(),
        clients_max: serve.clients,
        answer_timeout: Duration::from_secs(serve.answer_s),
        ..Settings::default()
    }
}

/// Where the tenants of a server are: on PostgreSQL, or in files under `data`.
pub fn place(data: &Path, postgres: Option<&str>, connections: usize) -> CoreResult<Place> {
    match postgres {
        Some(url) => PgPool::new(url, connections).map(Place::Postgres),
        None => Place::files(data),
    }
}

/// The system's clock, for all tenants.
pub fn timer() -> Timer {
    Arc::from(system_clock())
}
