//! Signed HTTP requests, as the Standard Webhooks specification has them (standardwebhooks.com):
//! `webhook-id`, `webhook-timestamp`, `webhook-signature`.
//!
//! The address is a stranger's choice, so the request may go nowhere but out: see [`address`].

pub mod address;
mod pinned;
pub mod signature;

use daybook_core::shared::{Error, Instant, Kind, Result};
use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

use self::pinned::{Pinned, Refused};
use crate::{Message, Settings};

/// The largest body, in bytes.
pub const BODY_MAX: usize = 64 * 1024;

/// Posts `message` to `target`, signed with `secret`. Any answer of 200 to 299 counts as delivered; its body
/// is not read.
pub fn send(settings: &Settings, target: &str, secret: &str, message: &Message, now: Instant) -> Result<()> {
    let url = address::read(target, &settings.reachable)?;
    let body = message.to_json()?;
    if body.len() > BODY_MAX {
        return Err(Error::invalid("delivery.too_large").arg("bytes", body.len()).arg("max", BODY_MAX));
    }
    let (id, seconds) = (message.id.to_string(), now.millis().div_euclid(1000));
    let signature = signature::sign(secret, &id, seconds, &body)?;
    let request = agent(settings)
        .post(url.as_str())
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", seconds.to_string())
        .header("webhook-signature", signature);
    let answer = request.send(body.as_slice()).map_err(|error| failed(&url, error))?;
    judge(&url, answer.status().as_u16())
}

/// A client for one request: no proxy, no redirects, only addresses that passed the check.
fn agent(settings: &Settings) -> Agent {
    let config = Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_global(Some(settings.patience))
        .user_agent(concat!("Daybook/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Pinned::new(&settings.reachable))
}

fn judge(url: &Url, status: u16) -> Result<()> {
    let host = url.host_str().unwrap_or_default();
    match status {
        200..=299 => Ok(()),
        300..=399 => Err(Error::new(Kind::Busy, "delivery.redirect").arg("host", host)),
        410 => Err(Error::new(Kind::NotFound, "delivery.gone").arg("host", host)),
        _ => Err(Error::new(Kind::Busy, "delivery.answer").arg("host", host).arg("status", status)),
    }
}

fn failed(url: &Url, error: ureq::Error) -> Error {
    let host = url.host_str().unwrap_or_default();
    match error {
        ureq::Error::Other(other) if other.is::<Refused>() => Error::new(Kind::Denied, "delivery.address").arg("host", host),
        error => Error::new(Kind::Busy, "delivery.unreachable").arg("host", host).arg("detail", &error).caused_by(error),
    }
}
