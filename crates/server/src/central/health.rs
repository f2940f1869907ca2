//! For whoever watches the server. Nothing here names a tenant; a reverse proxy keeps `/metrics` inside.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::place::Place;
use super::refusal::Answer;
use super::tenants::blocking;
use super::{Shared, reply};

/// `GET /healthz`: the program runs.
pub async fn alive() -> Response {
    reply(&json!({ "state": "alive" }))
}

/// `GET /readyz`: the storage answers.
pub async fn ready(State(central): State<Shared>) -> Answer {
    let place = central.tenants.place().clone();
    blocking(move || place.check_ready()).await?;
    Ok(reply(&json!({ "state": "ready" })))
}

/// `GET /metrics`: counts as Prometheus text.
pub async fn metrics(State(central): State<Shared>) -> Response {
    let whole = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let mut figures = vec![("tenants_open", whole(central.tenants.open_count())), ("connections_open", whole(central.doors.open()))];
    figures.push(("connections_max", whole(central.settings.clients_max)));
    figures.extend(central.watch.figures(central.now()));
    if let Place::Postgres(pool) = central.tenants.place() {
        let usage = pool.usage();
        figures.extend([("pool_connections_open", whole(usage.open)), ("pool_connections_idle", whole(usage.idle))]);
        figures.extend([("pool_connections_max", whole(usage.max)), ("pool_waiting", whole(usage.waiting))]);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], central.metrics.text(&figures)).into_response()
}
