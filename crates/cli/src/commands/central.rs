//! `daybook serve --data DIR`: the central server.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use daybook_core::app::system_clock;
use daybook_core::db::PgPool;
use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_server::central::{Central, CentralServer, Place, Settings, Timer, start_log};
use serde_json::json;

use crate::args::Serve;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Where it listens unless told otherwise.
const PORT: u16 = 8300;

/// Serves until the process is asked to end. The first line printed is the address.
pub fn run(data: &Path, serve: &Serve, screen: &Screen) -> Result<ExitCode, Failure> {
    let listen = serve.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], PORT)));
    start_log();
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
    server.run(central).at(address)?;
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
