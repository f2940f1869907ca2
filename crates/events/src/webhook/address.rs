//! Which addresses a webhook may go to: http and https, ordinary ports, hosts on the public internet.
//! A request that the books' server makes on somebody's word must not reach its own network (server-side
//! request forgery, OWASP A10:2021).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use daybook_core::shared::{Error, Kind, Result};
use url::{Host, Url};

/// Ports of services that speak something else than HTTP and must not be spoken to by mistake.
const SERVICE_PORTS: &[u16] = &[1433, 1521, 2049, 2375, 2376, 3306, 3389, 4222, 5432, 5671, 5672, 5900, 6379, 6443, 8125, 9042, 9092, 9200, 11211, 27017];

/// Names that never lead to the public internet (RFC 6761, RFC 6762, RFC 8375 and the like).
const LOCAL_NAMES: &[&str] = &["localhost", "local", "internal", "intranet", "lan", "home.arpa", "test", "invalid", "onion"];

/// Reads an address in the form in which it will be used. `delivery.url` when it is none, `delivery.port`
/// and `delivery.address` when it may not be reached; a host that must be looked up is checked again then.
/// `reachable` are private addresses that may be reached.
pub fn read(text: &str, reachable: &[SocketAddr]) -> Result<Url> {
    let bad = |detail: &str| Error::invalid("delivery.url").arg("url", text).arg("detail", detail).field("target");
    let url = Url::parse(text).map_err(|e| bad(&e.to_string()))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(bad("only https and http are spoken"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("user and password cannot be sent"));
    }
    if url.fragment().is_some() {
        return Err(bad("what follows # is never sent"));
    }
    let host = url.host().ok_or_else(|| bad("it names no host"))?;
    let port = url.port_or_known_default().unwrap_or_default();
    let address = match host {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    };
    if address.is_some_and(|address| reachable.contains(&SocketAddr::new(address, port))) {
        return Ok(url);
    }
    if !is_web_port(port) {
        return Err(Error::new(Kind::Denied, "delivery.port").arg("port", port).field("target"));
    }
    let outside = address.map_or_else(|| url.domain().is_some_and(is_outside_name), is_public);
    if outside { Ok(url) } else { Err(Error::new(Kind::Denied, "delivery.address").arg("host", url.host_str().unwrap_or_default()).field("target")) }
}

fn is_web_port(port: u16) -> bool {
    matches!(port, 80 | 443) || (port >= 1024 && !SERVICE_PORTS.contains(&port))
}

/// Whether a name may lead outside: it has a dot, and its end is not reserved for local use.
fn is_outside_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_lowercase();
    let local = LOCAL_NAMES.iter().any(|end| name == *end || name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')));
    name.contains('.') && !local
}

/// Whether an address lies on the public internet (IANA special-purpose address registries).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let reserved = match address.octets() {
        [0 | 10 | 127, ..] | [224..=255, ..] => true,
        [100, second, ..] => (64..128).contains(&second),
        [169, 254, ..] | [192, 168, ..] | [198, 18 | 19, ..] => true,
        [172, second, ..] => (16..32).contains(&second),
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        _ => false,
    };
    !reserved
}

/// Only global unicast (2000::/3), without what is reserved in it or carries an IPv4 address within.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Teredo, ORCHID, benchmarking and the rest of 2001::/23; documentation.
        [0x2001, second, ..] => second >= 0x0200 && second != 0x0db8,
        // 6to4.
        [0x2002, ..] => false,
        // Documentation (RFC 9637).
        [0x3fff, second, ..] => second >= 0x1000,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}
