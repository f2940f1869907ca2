//! Machines: each proves a key of its own, gets a letter for its numbers, and can be shut out.

use axum::extract::{Path, State};
use daybook_core::access::{self, AccessDevice, Claim, device, session};
use daybook_core::app::{App, Call};
use daybook_core::daybook::{log, reached};
use daybook_core::identity::Device;
use daybook_core::identity::api::{authorize, device as identity, find_company};
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::error::{Error, Result};
use daybook_core::shared::{Instant, Name, Permission};
use ed25519_dalek::{Signature, VerifyingKey};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::caller::Caller;
use super::grant::{Subject, grant, person};
use super::refusal::Answer;
use super::token::{self, Use};
use super::{Central, Shared, reply, secret};

/// Asks for something to sign.
#[derive(Deserialize, JsonSchema)]
pub struct Challenge {
    /// The id that the device minted.
    pub id: DeviceId,
}

/// `POST /v1/{tenant}/devices/challenge`
pub async fn challenge(State(central): State<Shared>, caller: Caller, Arguments(given): Arguments<Challenge>) -> Answer {
    let claim = Claim { user: caller.user, session: caller.session, device: Some(given.id), issued: central.now() };
    let text = token::issue(&central.keys, Use::Challenge, &caller.tenant.name, claim)?;
    Ok(reply(&json!({ "challenge": text })))
}

/// A machine that wants to come in, with the proof that it holds a key.
#[derive(Deserialize, JsonSchema)]
pub struct Register {
    /// The id that the device minted.
    pub id: DeviceId,
    /// What people call it.
    pub name: Name,
    /// Its Ed25519 public key: 32 bytes in unpadded base64 for URLs.
    pub key: String,
    /// The challenge.
    pub challenge: String,
    /// Signature of `daybook device ` and the challenge: 64 bytes in unpadded base64 for URLs.
    pub signature: String,
}

/// `POST /v1/{tenant}/devices`: the first time, and again in every new session of the device.
pub async fn register(State(central): State<Shared>, caller: Caller, Arguments(given): Arguments<Register>) -> Answer {
    let key = proved(&central, &caller, &given)?;
    let (id, user, session, now) = (given.id, caller.user, caller.session, central.now());
    let (letter, person) = caller
        .tenant
        .run(move |app| {
            app.batch(None, |batch| {
                // Books that are about to be sent whole bring their device with them.
                let empty = find_company(batch.tx())?.is_none();
                if !empty && device::find(batch.tx(), id)?.is_none() {
                    let call = Call::new("identity.register_device", json!({ "id": id, "name": given.name }));
                    batch.execute(Call { actor: Some(user), ..call })?;
                }
                device::register(batch.tx(), id, &key, user, now)?;
                session::bind(batch.tx(), session, id)?;
                let letter = if empty { None } else { Some(identity(batch.tx(), id)?.letter) };
                Ok((letter, person(batch.tx(), user)?))
            })
        })
        .await?;
    let subject = Subject { tenant: &caller.tenant.name, session, device: Some(id) };
    let granted = grant(&central, &subject, person, None, now)?;
    Ok(reply(&json!({ "id": id, "letter": letter, "grant": granted })))
}

/// The key, when the challenge is ours, fresh, for this device and person, and signed with the key.
fn proved(central: &Central, caller: &Caller, given: &Register) -> Result<[u8; 32]> {
    let refused = || Error::invalid("device.proof");
    let said = token::read(&central.keys, Use::Challenge, &given.challenge, central.now()).map_err(|_| refused().field("challenge"))?;
    let ours = said.tenant == caller.tenant.name && said.sub == caller.user && said.sid == caller.session && said.device == Some(given.id);
    if !ours {
        return Err(refused().field("challenge"));
    }
    let key: [u8; 32] = secret::decode_exact(&given.key).ok_or_else(|| refused().field("key"))?;
    let signature: [u8; 64] = secret::decode_exact(&given.signature).ok_or_else(|| refused().field("signature"))?;
    let verifying = VerifyingKey::from_bytes(&key).map_err(|_| refused().field("key"))?;
    let message = format!("daybook device {}", given.challenge);
    let signed = verifying.verify_strict(message.as_bytes(), &Signature::from_bytes(&signature));
    signed.map(|()| key).map_err(|_| refused().field("signature"))
}

/// `GET /v1/{tenant}/devices`: all of them for who administers, the caller's own for others.
pub async fn list(caller: Caller) -> Answer {
    let user = caller.user;
    let all = caller.tenant.run(move |app| list_for(app, user)).await?;
    Ok(reply(&json!({ "devices": all })))
}

fn list_for(app: &App, user: UserId) -> Result<Vec<Value>> {
    app.read(|tx, _| {
        let administers = authorize(tx, user, Permission::Administer).is_ok();
        let machines = device::all(tx, Some(user).filter(|_| !administers))?;
        let (head, reached) = (log::head(tx)?, reached::since(tx, Instant::from_millis(0))?);
        let behind = |id: DeviceId| reached.iter().find(|reached| reached.device == id).map(|reached| (head - reached.pulled).max(0));
        machines.iter().map(|machine| Ok(show(&identity(tx, machine.id)?, machine, behind(machine.id)))).collect()
    })
}

/// `behind`: how many entries it lacked when that was noted last, about a minute ago at most; none for a
/// device that has never asked.
fn show(known: &Device, machine: &AccessDevice, behind: Option<i64>) -> Value {
    json!({
        "id": machine.id, "name": known.name, "letter": known.letter, "user": machine.user, "registered_at": machine.registered_at,
        "seen_at": machine.seen_at, "revoked_at": machine.revoked_at, "behind": behind,
    })
}

/// `POST /v1/{tenant}/devices/{id}/revoke`: no answer to it any more; its letter stays taken.
pub async fn revoke(State(central): State<Shared>, caller: Caller, Path((_, id)): Path<(String, String)>) -> Answer {
    caller.must(Permission::Administer).await?;
    let id: DeviceId = access::named(&id, "device.unknown")?;
    let (user, now) = (caller.user, central.now());
    caller.tenant.run(move |app| shut_out(app, id, user, now)).await?;
    Ok(reply(&json!({ "id": id })))
}

fn shut_out(app: &App, id: DeviceId, user: UserId, now: Instant) -> Result<()> {
    app.batch(None, |batch| {
        access::shut_out_device(batch.tx(), id, now)?;
        let call = Call::new("identity.retire_device", json!({ "id": id }));
        batch.execute(Call { actor: Some(user), ..call }).map(drop)
    })
}
