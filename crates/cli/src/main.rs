//! The command line of Daybook. Each subcommand is one file under `commands`; all of them reach the
//! books through the same desk as the window and the browser.

mod args;
mod books;
mod commands;
mod failure;
mod follow;
mod screen;
mod table;
mod values;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::failure::Failure;
use crate::screen::Screen;

fn main() -> ExitCode {
    let args = Args::parse();
    let screen = Screen::new(args.json);
    match run(&args, &screen) {
        Ok(code) => code,
        Err(failure) => failure.report(args.json),
    }
}

fn run(args: &Args, screen: &Screen) -> Result<ExitCode, Failure> {
    let books = &args.books;
    match &args.command {
        Command::Init(init) => commands::init::run(books, init, screen),
        Command::Exec(exec) => commands::exec::run(books, exec, screen),
        Command::Query(query) => commands::query::run(books, query, screen),
        Command::Commands => commands::register::commands(screen),
        Command::Queries => commands::register::queries(screen),
        Command::Register => commands::register::all(screen),
        Command::Import(import) => commands::import::run(books, import, screen),
        Command::List(list) => commands::list::run(books, list, screen),
        Command::Pdf(pdf) => commands::pdf::run(books, pdf, screen),
        Command::Report(report) => commands::report::run(books, report, screen),
        Command::Verify => commands::verify::run(books, screen),
        Command::Backup(backup) => commands::backup::run(books, backup, screen),
        Command::Restore(restore) => commands::restore::run(books, restore, screen),
        Command::Connect(connect) => commands::connect::run(books, connect, screen),
        Command::Disconnect(disconnect) => commands::disconnect::run(books, disconnect, screen),
        Command::SignIn(sign_in) => commands::sign_in::run(books, sign_in, screen),
        Command::Sync(sync) => commands::sync::run(books, sync, screen),
        Command::Attention(attention) => commands::attention::run(books, attention, screen),
        Command::Files(files) => commands::files::run(books, files, screen),
        Command::AcceptLoss => commands::accept_loss::run(books, screen),
        Command::Dump(dump) => commands::dump::run(books, dump, screen),
        Command::Serve(serve) => match &serve.data {
            Some(data) => commands::central::run(data, serve, screen),
            None => commands::serve::run(books, serve, screen),
        },
        Command::Tenant(tenant) => commands::tenant::run(tenant, screen),
        Command::Events(events) => commands::events::run(books, events, screen),
    }
}
