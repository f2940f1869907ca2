//! `daybook serve`: the user interface in a browser on this computer.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use daybook_core::shared::error::{Error, Kind};
use daybook_events::{Settings, Stop};
use daybook_rpc::{Access, fill_sample, sample_books};
use daybook_server::{Server, Token};
use serde_json::json;

use crate::args::Serve;
use crate::books::{self, Open};
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Serves until the process is asked to end, and delivers events meanwhile. The first line printed is the
/// address to open.
pub fn run(named: &Option<PathBuf>, serve: &Serve, screen: &Screen) -> Result<ExitCode, Failure> {
    let settings = Settings::from_environment().at("events")?;
    let desk = desk(named, serve)?;
    let listen = serve.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
    let refused = |error| Failure::at("--listen", Error::new(Kind::Invalid, "server.address").arg("address", listen).caused_by(error));
    let usual = usual_address(&books_path(named, serve)?);
    let server = match serve.listen {
        None => Server::bind(usual, Token::random()).or_else(|_| Server::bind(listen, Token::random())),
        Some(listen) => Server::bind(listen, Token::random()),
    };
    let server = server.map_err(refused)?;
    let url = server.url();
    if screen.json {
        screen.value(&json!({ "url": url }))?
    } else {
        screen.say(&url)?
    }
    desk.sync_in_background();
    let stop = Stop::default();
    std::thread::scope(|scope| {
        let (books, settings, stop) = (&*desk, &settings, &stop);
        let worker = std::thread::Builder::new().name("events".to_owned()).spawn_scoped(scope, move || daybook_events::run(books, settings, stop));
        let served = server.run(Arc::clone(books)).at(listen);
        stop.ask();
        worker.map_err(|e| Failure::at("events", Error::internal("event.thread").caused_by(e)))?;
        served
    })?;
    Ok(ExitCode::SUCCESS)
}

fn books_path(named: &Option<PathBuf>, serve: &Serve) -> Result<PathBuf, Failure> {
    if serve.sample { sample_books().at("books") } else { books::path(named) }
}

/// The same books are found at the same address, if it is free: a browser keeps what was typed there under it.
fn usual_address(books: &Path) -> SocketAddr {
    let path = std::path::absolute(books).unwrap_or_else(|_| books.to_owned());
    let sum = path.as_os_str().as_encoded_bytes().iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    let port = u16::try_from(20_000 + sum % 10_000).unwrap_or_default();
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn desk(named: &Option<PathBuf>, serve: &Serve) -> Result<Open, Failure> {
    let path = books_path(named, serve)?;
    let access = if serve.read_only { Access::Read } else { Access::Write };
    let desk = books::desk(&path, access).at(path.display())?;
    if serve.sample {
        fill_sample(&desk).at(path.display())?;
    }
    Ok(desk)
}
