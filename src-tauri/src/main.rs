//! Daybook in a window of its own. The shell holds no business rule: it opens the books, shows the
//! interface that is part of the program, and passes its calls to the desk.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod deliver;
mod graphics;
mod options;
mod paper;
mod window;

use std::process::ExitCode;

use clap::Parser;

use crate::options::Options;
use crate::window::Counter;

fn main() -> ExitCode {
    let options = Options::parse();
    graphics::choose_renderer();
    match options.desk().map(Counter::new).and_then(|counter| window::run(&options, counter)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}\n  next: {}", error, error.next());
            ExitCode::FAILURE
        }
    }
}
