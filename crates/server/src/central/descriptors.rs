//! Open files: every connection is one, and systems let a program have few until it asks for more.

/// Asks the system for as many as it gives, and says in the log when `clients` connections do not fit.
#[cfg(unix)]
pub fn raise(clients: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let may = getrlimit(Resource::Nofile).current;
    if may.is_some_and(|may| u64::try_from(clients).is_ok_and(|clients| may < clients)) {
        tracing::warn!(may, clients, "the system lets the server open fewer files than it may have clients");
    }
}

/// Asks the system for as many as it gives; others have no such limit.
#[cfg(not(unix))]
pub fn raise(_: usize) {}
