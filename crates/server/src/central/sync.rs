//! What devices send and ask: `POST /v1/{tenant}/sync/…`, packed CBOR both ways.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use daybook_core::access::{account, session};
use daybook_core::app::{App, Pusher};
use daybook_core::daybook::wire::{Hello, Pull, Push};
use daybook_core::db::Tx;
use daybook_core::identity::api::{find_company, user};
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::permission::Role;
use daybook_sync::pack::{MEDIA, pack, unpack};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::arguments::{Arguments, bytes};
use super::caller::Caller;
use super::refusal::{Answer, Refusal};
use super::tenants::Tenant;
use super::{Shared, reply};

/// The largest message, unpacked.
const MESSAGE_MAX: usize = 64 * 1024 * 1024;
/// The most entries of a push.
const ENTRIES_MAX: usize = 1_000;
/// The most commands asked after at once.
const FATES_MAX: usize = 10_000;
/// How often an idle event stream shows that it lives.
const ALIVE: Duration = Duration::from_secs(20);

/// A packed message.
pub struct Packed<T>(pub T);

impl<T: for<'b> Decode<'b, ()>> FromRequest<Shared> for Packed<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, central: &Shared) -> std::result::Result<Self, Refusal> {
        let packed = bytes(request, central).await?;
        Ok(Packed(unpack(&packed, MESSAGE_MAX)?))
    }
}

/// A message that may come as JSON too, for whoever looks for a fault.
pub struct Either<T>(pub T);

impl<T: for<'b> Decode<'b, ()> + DeserializeOwned> FromRequest<Shared> for Either<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, central: &Shared) -> std::result::Result<Self, Refusal> {
        if !names_json(request.headers(), header::CONTENT_TYPE) {
            return Packed::from_request(request, central).await.map(|Packed(message)| Either(message));
        }
        Arguments::from_request(request, central).await.map(|Arguments(message)| Either(message))
    }
}

/// How an answer is wanted: packed, or as JSON.
pub struct Wanted {
    json: bool,
}

impl FromRequestParts<Shared> for Wanted {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> std::result::Result<Self, Infallible> {
        Ok(Wanted { json: names_json(&parts.headers, header::ACCEPT) })
    }
}

impl Wanted {
    /// A message as an answer.
    pub fn answer(&self, message: &(impl Encode<()> + Serialize)) -> Answer {
        if self.json {
            return Ok(Json(message).into_response());
        }
        Ok(([(header::CONTENT_TYPE, MEDIA)], pack(message)?).into_response())
    }
}

fn names_json(headers: &HeaderMap, name: HeaderName) -> bool {
    headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("application/json"))
}

/// The scopes that a device may hold: those of the people who work on it. Everything, while its books are
/// about to be sent whole.
pub fn scopes_of(app: &App, device: DeviceId, person: UserId) -> Result<Vec<String>> {
    app.storage().read(|tx| scopes_within(tx, device, person))
}
fn scopes_within(tx: &mut Tx<'_>, device: DeviceId, person: UserId) -> Result<Vec<String>> {
    if find_company(tx)?.is_none() {
        return Ok(App::all_scopes());
    }
    let mut people = session::users_of(tx, device)?;
    people.push(person);
    App::scopes_within(tx, &people)
}

/// The device of a session; `sync.no_device` when it proved none.
pub fn device_of(caller: &Caller) -> Result<DeviceId> {
    caller.device.ok_or_else(|| Error::new(Kind::Denied, "sync.no_device"))
}

/// `POST /v1/{tenant}/sync/hello`
pub async fn hello(caller: Caller, wanted: Wanted, Either(hello): Either<Hello>) -> Answer {
    if device_of(&caller)?.bytes() != hello.device {
        return Err(Error::new(Kind::Denied, "sync.other_device").into());
    }
    let (device, person) = (device_of(&caller)?, caller.user);
    let welcome = caller.tenant.run(move |app| app.greet(&hello, &scopes_of(app, device, person)?)).await?;
    wanted.answer(&welcome)
}

/// `POST /v1/{tenant}/sync/push`
pub async fn push(caller: Caller, wanted: Wanted, Packed(push): Packed<Push>) -> Answer {
    if push.entries.len() > ENTRIES_MAX {
        return Err(Error::invalid("rpc.too_large").arg("max", ENTRIES_MAX).into());
    }
    let (device, person) = (device_of(&caller)?, caller.user);
    let pusher = caller.tenant.run(move |app| pusher(app, device, person)).await?;
    wanted.answer(&caller.tenant.accept(push, pusher).await?)
}

/// Who pushes: owners may send what anybody did, books that are sent whole too; others what those did who
/// have worked on the device.
fn pusher(app: &App, device: DeviceId, person: UserId) -> Result<Pusher> {
    app.storage().read(|tx| {
        let scopes = scopes_within(tx, device, person)?;
        let role = user(tx, person)?.map_or(Role::Owner, |user| user.role);
        let actors = if role == Role::Owner { None } else { Some(session::users_of(tx, device)?) };
        Ok(Pusher { device, actors, scopes })
    })
}

/// `POST /v1/{tenant}/sync/pull`
pub async fn pull(caller: Caller, wanted: Wanted, Either(pull): Either<Pull>) -> Answer {
    let (device, person) = (device_of(&caller)?, caller.user);
    let feed = caller.tenant.run(move |app| app.feed(&pull, device, &scopes_of(app, device, person)?)).await?;
    caller.tenant.note_reached(device, feed.to);
    wanted.answer(&feed)
}

/// `POST /v1/{tenant}/sync/fates`
pub async fn fates(caller: Caller, wanted: Wanted, Packed(commands): Packed<Vec<ByteVec>>) -> Answer {
    device_of(&caller)?;
    if commands.len() > FATES_MAX {
        return Err(Error::invalid("rpc.too_large").arg("max", FATES_MAX).into());
    }
    let commands: Vec<[u8; 16]> = commands.iter().filter_map(|bytes| bytes.as_slice().try_into().ok()).collect();
    wanted.answer(&caller.tenant.run(move |app| app.fates(&commands)).await?)
}

/// `GET /v1/{tenant}/sync/poke`: an event whenever there is something to pull. It says no more. `http.full` when
/// all but those who ask would be listeners: the device looks by the minute then.
pub async fn poke(State(central): State<Shared>, caller: Caller) -> Answer {
    device_of(&caller)?;
    let place = central.doors.listen()?;
    let tenant: Arc<Tenant> = Arc::clone(&caller.tenant);
    let begin = (tenant.news(), central.ending.subscribe(), tenant, place);
    let stream = futures_util::stream::unfold(begin, |(mut news, mut ending, tenant, place)| async move {
        tokio::select! {
            changed = news.changed() => changed.ok()?,
            _ = ending.wait_for(|ending| *ending) => return None,
        }
        Some((Ok::<_, Infallible>(Event::default().event("news").data("")), (news, ending, tenant, place)))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE)).into_response())
}

/// The owner's id in books that are about to be sent whole.
#[derive(Deserialize, JsonSchema)]
pub struct Adopt {
    /// The person in those books who sends them.
    pub actor: UserId,
}

/// `POST /v1/{tenant}/sync/adopt`
pub async fn adopt(caller: Caller, Arguments(given): Arguments<Adopt>) -> Answer<Response> {
    let person = caller.user;
    caller
        .tenant
        .run(move |app| {
            app.storage().write(|tx| {
                if find_company(tx)?.is_some() {
                    return Err(Error::new(Kind::State, "sync.adopted"));
                }
                account::move_to(tx, person, given.actor)
            })
        })
        .await?;
    Ok(reply(&json!({ "user": given.actor })))
}
