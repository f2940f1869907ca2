//! The central server: many firms' books for their people and devices, over HTTP.
//!
//! A *tenant* is one firm's books: a file, or a schema ([`place`]). Who may come in lies in the tenant's
//! own database (`daybook_core::access`); the server itself keeps nothing but its signing keys. Every
//! handler behind sign-in takes a [`Caller`], who is at one tenant: the path's, which is the token's.
//!
//! Map: `sync`, `snapshots`, `files` what devices send and get · `scan` what is looked into · `sign_in`, `devices`, `users`, `sessions` who comes in · `rpc` what they do ·
//! `deliver` what goes out · `news`, `exchange` who hears of a change · `health`, `metrics`, `watch`, `trail`, `log` how it goes · `openapi`, `docs` what there is · `keys`, `token`, `password`,
//! `secret`, `limits`, `patience`, `descriptors` the locks on the door.

mod arguments;
mod caller;
mod deliver;
mod descriptors;
mod devices;
mod docs;
mod exchange;
mod files;
mod grant;
mod health;
mod kept_copies;
mod keys;
mod limits;
mod log;
mod metrics;
mod news;
mod openapi;
mod password;
mod patience;
mod peer;
pub mod place;
mod private;
mod provision;
mod refusal;
mod rpc;
mod scan;
mod secret;
mod serve;
mod sessions;
mod settings;
mod sign_in;
mod snapshots;
mod sync;
mod tenants;
mod token;
mod trail;
mod users;
mod watch;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use daybook_core::shared::Instant;
use daybook_core::shared::error::{Error, Kind, Result};
use serde::Serialize;

pub use self::caller::Caller;
pub use self::keys::Keys;
pub use self::limits::Rates;
pub use self::log::start as start_log;
pub use self::metrics::{Metrics, Subject};
pub use self::openapi::openapi;
pub use self::password::{check_strength, hash as hash_password};
pub use self::place::{Place, Timer};
pub use self::provision::{NewTenant, new_account, provision};
pub use self::refusal::{Answer, Refusal};
pub use self::scan::Clamd;
pub use self::secret::one_time_password;
pub use self::serve::CentralServer;
pub use self::settings::Settings;
pub use self::snapshots::forget_copies;
pub use self::tenants::{Tenant, Tenants, blocking};

/// What every request sees.
pub type Shared = Arc<Central>;

/// A central server without its network.
pub struct Central {
    settings: Settings,
    timer: Timer,
    tenants: Arc<Tenants>,
    keys: Keys,
    data: std::path::PathBuf,
    passwords: password::Passwords,
    limits: limits::Limits,
    metrics: Metrics,
    watch: watch::Watch,
    doors: serve::Doors,
    /// Whether the server is about to end: streams that have no end of their own end then.
    ending: tokio::sync::watch::Sender<bool>,
}

impl Central {
    /// The tenants at `place`; the signing keys are in the folder `keys` of `data`.
    pub fn new(data: &Path, place: Place, settings: Settings, timer: Timer) -> Result<Shared> {
        let keys = Keys::open(&data.join("keys"), timer())?;
        let limits = limits::Limits::new(settings.rates);
        let tenants = Arc::new(Tenants::new(place, Arc::clone(&timer), settings.tenants_open));
        let passwords = password::Passwords::new()?;
        let doors = serve::Doors::new(settings.clients_max);
        Ok(Arc::new(Central {
            settings,
            timer,
            tenants,
            keys,
            data: data.to_owned(),
            passwords,
            limits,
            metrics: Metrics::default(),
            watch: watch::Watch::default(),
            doors,
            ending: tokio::sync::watch::Sender::new(false),
        }))
    }
    /// The time.
    pub fn now(&self) -> Instant {
        (self.timer)()
    }
    /// The tenants.
    pub fn tenants(&self) -> &Arc<Tenants> {
        &self.tenants
    }
    /// The signing keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }
}

/// Every address of the server.
pub fn router(central: Shared) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .merge(docs::pages())
        .nest("/v1/{tenant}", tenant_routes())
        .fallback(nothing)
        .layer(from_fn_with_state(Arc::clone(&central), patience::bound))
        .layer(from_fn(policy))
        .layer(from_fn_with_state(Arc::clone(&central), trail::observe))
        .with_state(central)
}

fn tenant_routes() -> Router<Shared> {
    Router::new()
        .route("/sign-in", post(sign_in::sign_in))
        .route("/refresh", post(sign_in::refresh))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/devices", get(devices::list).post(devices::register))
        .route("/devices/challenge", post(devices::challenge))
        .route("/devices/{id}/revoke", post(devices::revoke))
        .route("/users/{id}/invite", post(users::invite))
        .route("/users/{id}/password", post(users::change_password))
        .route("/users/{id}/revoke", post(users::revoke))
        .route("/sessions", get(sessions::list))
        .route("/sessions/{id}/revoke", post(sessions::revoke))
        .route("/rpc/{method}", post(rpc::call))
        .route("/sync/hello", post(sync::hello))
        .route("/sync/push", post(sync::push))
        .route("/sync/pull", post(sync::pull))
        .route("/sync/fates", post(sync::fates))
        .route("/sync/poke", get(sync::poke))
        .route("/sync/adopt", post(sync::adopt))
        .route("/sync/files", post(files::words))
        .route("/sync/files/piece", post(files::take))
        .route("/sync/files/get", post(files::give))
        .route("/files/{hash}", get(files::read))
        .route("/sync/snapshot", post(snapshots::make))
        .route("/sync/snapshot/{hash}", get(snapshots::read))
        .route("/openapi.json", get(openapi::document))
}

async fn nothing() -> Refusal {
    Refusal(Error::new(Kind::NotFound, "http.not_found"))
}

/// Answers are data: no browser is to run or to show them.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Gives every answer the headers of [`HEADERS`] that it does not set itself.
async fn policy(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// A value as JSON.
fn reply(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(e) => Refusal(Error::internal("rpc.encode").caused_by(e)).into_response(),
    }
}
