//! Looks a host up once, refuses it when any of its addresses is private, and hands the connection those
//! very addresses: a name that answers differently the second time gains nothing.

use std::fmt;
use std::net::SocketAddr;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::address::is_public;

/// A resolver of public addresses.
#[derive(Debug)]
pub struct Pinned {
    inner: DefaultResolver,
    reachable: Vec<SocketAddr>,
}

impl Pinned {
    /// One that lets `reachable` pass too.
    pub fn new(reachable: &[SocketAddr]) -> Self {
        Pinned { inner: DefaultResolver::default(), reachable: reachable.to_vec() }
    }
}

impl Resolver for Pinned {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let passes = |address: &SocketAddr| is_public(address.ip()) || self.reachable.contains(address);
        if found.iter().all(passes) { Ok(found) } else { Err(ureq::Error::Other(Box::new(Refused))) }
    }
}

/// The host has a private address.
#[derive(Debug)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a private address")
    }
}

impl std::error::Error for Refused {}
