//! What the operator may set.

use std::time::Duration;

use super::limits::Rates;
use super::scan::Clamd;

/// Settings of a central server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The largest body of a request, in bytes.
    pub body_max: usize,
    /// A request has to arrive within this time.
    pub body_timeout: Duration,
    /// A request's first line and headers have to arrive within this time; so long an idle connection is kept.
    pub headers_timeout: Duration,
    /// The longest that an answer may take; ten times as long for a snapshot of the books.
    pub answer_timeout: Duration,
    /// So many connections are served at a time; event streams are all but a tenth of them at most.
    pub clients_max: usize,
    /// Requests that take longer are logged as slow.
    pub slow: Duration,
    /// So many tenants are open at a time.
    pub tenants_open: usize,
    /// Whether the address of a client is what a reverse proxy says of it (the last of
    /// `X-Forwarded-For`). Without a proxy a client could say anything there.
    pub behind_proxy: bool,
    /// How often somebody may ask.
    pub rates: Rates,
    /// The largest file, in bytes; devices keep none above 20 MiB.
    pub file_max: u64,
    /// The most bytes of all files of a tenant.
    pub files_max: u64,
    /// Who looks for malware in files; without it files are given out as they came.
    pub clamd: Option<Clamd>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            body_max: 8 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            headers_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(60),
            clients_max: 10_000,
            slow: Duration::from_millis(300),
            tenants_open: 200,
            behind_proxy: false,
            rates: Rates::default(),
            file_max: 20 * 1024 * 1024,
            files_max: 10 * 1024 * 1024 * 1024,
            clamd: None,
        }
    }
}
