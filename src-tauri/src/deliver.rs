//! Events on their way out while the window is open, as `daybook serve` delivers them.

use std::sync::Arc;

use daybook_core::shared::error::{Error, Result};
use daybook_events::{Settings, Stop};
use daybook_rpc::Desk;

/// Delivers in the background until the answered sign is put up. Settings that cannot be read are told on
/// standard error and stop nothing else: the events wait.
pub fn in_background(desk: &Arc<Desk>) -> Result<Stop> {
    let stop = Stop::default();
    let settings = match Settings::from_environment() {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("events wait: {}\n  next: {}", error, error.next());
            return Ok(stop);
        }
    };
    let (desk, sign) = (Arc::clone(desk), stop.clone());
    let worker = std::thread::Builder::new().name("events".to_owned()).spawn(move || daybook_events::run(&desk, &settings, &sign));
    worker.map(|_| stop).map_err(|e| Error::internal("event.thread").caused_by(e))
}
