//! What is noted of a request while it is worked on, and the lines it leaves in the log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::Error;
use daybook_core::shared::id::CommandId;
use uuid::Uuid;

use super::Shared;
use super::metrics::Subject;
use super::refusal::{Cause, Refusal};

/// The header that names a request, in questions and answers.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Notes about one request.
#[derive(Clone, Default)]
pub struct Trail(Arc<Mutex<Notes>>);

#[derive(Clone, Debug, Default)]
struct Notes {
    tenant: String,
    user: String,
    command: String,
    command_id: String,
}

impl Trail {
    /// Who calls.
    pub fn caller(&self, tenant: &str, user: UserId) {
        let mut notes = self.lock();
        tenant.clone_into(&mut notes.tenant);
        notes.user = user.to_string();
    }
    /// The tenant whose door is knocked at.
    pub fn tenant(&self, name: &str) {
        name.clone_into(&mut self.lock().tenant);
    }
    /// Which command or query of the register.
    pub fn command(&self, name: &str, id: Option<CommandId>) {
        let mut notes = self.lock();
        name.clone_into(&mut notes.command);
        notes.command_id = id.map(|id| id.to_string()).unwrap_or_default();
    }
    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts and logs every request, and gives it an id: the client's own when it is a UUID.
pub async fn observe(State(central): State<Shared>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let trail = Trail::default();
    request.extensions_mut().insert(trail.clone());
    let given = request.headers().get(&REQUEST_ID).and_then(|value| Uuid::try_parse(value.to_str().ok()?).ok());
    let id = given.unwrap_or_else(Uuid::new_v4).to_string();
    let endpoint = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().to_string();
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.extensions().get::<Cause>().is_none() {
        response = axum::response::IntoResponse::into_response(Refusal(Error::invalid("http.method")));
    }
    let took = started.elapsed();
    central.metrics.note(Subject::Endpoint, &endpoint, response.status().is_server_error(), took);
    let line = Line {
        id: &id,
        method: &method,
        endpoint: &endpoint,
        status: response.status().as_u16(),
        ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        notes: trail.lock().clone(),
    };
    line.write(response.extensions().get::<Cause>(), took > central.settings.slow);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// One line of the log. Paths, bodies and headers are not in it: they may hold secrets.
struct Line<'a> {
    id: &'a str,
    method: &'a str,
    endpoint: &'a str,
    status: u16,
    ms: u64,
    notes: Notes,
}

impl Line<'_> {
    fn write(&self, cause: Option<&Cause>, slow: bool) {
        let Line { id, method, endpoint, status, ms, notes } = self;
        let Notes { tenant, user, command, command_id } = notes;
        let code = cause.map_or("", |cause| cause.code);
        if let Some(detail) = cause.and_then(|cause| cause.detail.as_deref()) {
            tracing::error!(request_id = id, method, endpoint, status, tenant, user, command, command_id, code, detail, "failed");
        }
        tracing::info!(request_id = id, method, endpoint, status, ms, tenant, user, command, command_id, code, "request");
        if slow {
            tracing::warn!(request_id = id, method, endpoint, status, ms, tenant, user, command, command_id, "slow");
        }
    }
}
