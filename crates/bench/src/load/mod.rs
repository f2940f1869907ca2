//! Many devices and many firms on one server, which is a process of its own.

mod bare;
pub mod connected;
pub mod house;
pub mod large;
mod older;
mod rounds;
pub mod tenants;
mod wire;

use std::time::Duration;

use serde_json::Value;

use self::wire::Wire;
use crate::Outcome;

/// What fails within a task.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The places to measure: files, and PostgreSQL when `DAYBOOK_TEST_POSTGRES` names a server.
fn kinds() -> Vec<(&'static str, Option<String>)> {
    let postgres = std::env::var("DAYBOOK_TEST_POSTGRES").ok();
    [Some(("files", None)), postgres.map(|url| ("PostgreSQL", Some(url)))].into_iter().flatten().collect()
}

/// Runs tasks to their end.
fn run<T>(work: impl Future<Output = Result<T, Fault>>) -> Outcome<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(work).map_err(|fault| fault.to_string().into())
}

/// The access token that a refresh token gets.
async fn enter(wire: &mut Wire, tenant: &str, refresh: &str) -> Result<String, Fault> {
    let body = serde_json::json!({ "refresh_token": refresh }).to_string();
    let answer = wire.post(&format!("/v1/{tenant}/refresh"), "", "application/json", body.as_bytes()).await?;
    let granted: Value = serde_json::from_slice(&answer)?;
    Ok(granted["access_token"].as_str().ok_or("no token")?.to_owned())
}

/// A contact is saved through the server.
async fn change(wire: &mut Wire, tenant: &str, token: &str, n: usize) -> Result<(), Fault> {
    let body = serde_json::json!({ "name": format!("Customer {n}"), "country": "GB", "is_customer": true }).to_string();
    wire.post(&format!("/v1/{tenant}/rpc/parties.save_party"), token, "application/json", body.as_bytes()).await.map(drop)
}

/// What so many of a hundred stay below, in milliseconds.
fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).map_or(0.0, |time| crate::measure::millis(*time))
}
