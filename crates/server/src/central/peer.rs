//! From where a request comes.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::Shared;

/// The other end of the connection, noted by whoever accepted it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The client's address: the other end, or what the reverse proxy says of it.
#[derive(Clone, Copy, Debug)]
pub struct Client(Option<IpAddr>);

impl Client {
    /// As text, for counting.
    pub fn address(self) -> String {
        self.0.map(|address| address.to_string()).unwrap_or_default()
    }
}

impl FromRequestParts<Shared> for Client {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, central: &Shared) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map(|Peer(address)| address.ip());
        // A client may have written the first values; the last one is the proxy's own.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let said = forwarded.and_then(|text| text.rsplit(',').next()?.trim().parse().ok());
        Ok(Client(said.filter(|_| central.settings.behind_proxy).or(peer)))
    }
}
