//! The log: one JSON object a line on standard error.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::time::SystemTime;

/// Sends what the program notes to standard error, once.
pub fn start() {
    let lines = fmt().json().flatten_event(true).with_target(false).with_timer(SystemTime).with_max_level(LevelFilter::INFO).with_writer(std::io::stderr);
    // Another part of the program may have started one; then that one stays.
    let _ = lines.try_init();
}
