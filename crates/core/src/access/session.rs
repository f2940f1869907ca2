//! Sessions: a sign-in and everything refreshed from it. The refresh token is used once and replaced;
//! one that was replaced already is a copy in other hands, and ends the whole session.

use crate::db::Tx;
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::{Cells, FromRow, take};
use crate::shared::{Id, Instant};
use crate::vals;

/// Marks the ids of sessions.
#[derive(Debug)]
pub enum SessionTag {}
/// The id of a session.
pub type SessionId = Id<SessionTag>;

/// For so long the token before the newest one is taken too, because the answer with the newest may
/// have been lost on its way.
const LOST_ANSWER_MS: i64 = 60_000;

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// The machine it is bound to, once one proved its key.
    pub device: Option<DeviceId>,
    /// Hash of the refresh token that is good now.
    pub current: Vec<u8>,
    /// Hash of the one before it; empty at first.
    pub previous: Vec<u8>,
    /// When the person signed in.
    pub started_at: Instant,
    /// When the token was replaced last.
    pub rotated_at: Instant,
    /// When the session ends unless it is refreshed.
    pub expires: Instant,
    /// When it was ended.
    pub revoked_at: Option<Instant>,
}

impl FromRow for Session {
    fn from_row(cells: &mut Cells) -> Result<Self> {
        Ok(Session {
            id: take(cells)?,
            user: take(cells)?,
            device: take(cells)?,
            current: take(cells)?,
            previous: take(cells)?,
            started_at: take(cells)?,
            rotated_at: take(cells)?,
            expires: take(cells)?,
            revoked_at: take(cells)?,
        })
    }
}

/// What came of a refresh token.
#[derive(Debug)]
pub enum Rotation {
    /// It was good; the session goes on with the next one.
    Fresh(Session),
    /// It is unknown, late or of an ended session.
    Refused,
    /// It had been replaced before: the session is ended.
    Reused,
}

/// Begins a session.
pub fn begin(tx: &mut Tx<'_>, session: &Session) -> Result<()> {
    tx.run(
        "INSERT INTO access_session (id, user_id, device_id, current, previous, started_at, rotated_at, expires, revoked_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        vals![
            session.id,
            session.user,
            session.device,
            session.current,
            session.previous,
            session.started_at,
            session.rotated_at,
            session.expires,
            session.revoked_at
        ],
    )
    .map(drop)
}

/// The session with this id.
pub fn find(tx: &mut Tx<'_>, id: SessionId) -> Result<Option<Session>> {
    tx.opt("SELECT id, user_id, device_id, current, previous, started_at, rotated_at, expires, revoked_at FROM access_session WHERE id = ?1", vals![id])
}

/// The sessions that go on, newest first: of one person, or of all.
pub fn open(tx: &mut Tx<'_>, user: Option<UserId>, now: Instant) -> Result<Vec<Session>> {
    tx.all(
        "SELECT id, user_id, device_id, current, previous, started_at, rotated_at, expires, revoked_at FROM access_session \
         WHERE revoked_at IS NULL AND expires > ?1 AND (user_id = ?2 OR ?3 = 1) ORDER BY started_at DESC, id",
        vals![now, user, user.is_none()],
    )
}

/// The people who have worked on a machine.
pub fn users_of(tx: &mut Tx<'_>, device: DeviceId) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = tx.all("SELECT DISTINCT user_id FROM access_session WHERE device_id = ?1 ORDER BY user_id", vals![device])?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Replaces the refresh token whose hash is `given` by the one whose hash is `next`, until `expires`.
pub fn rotate(tx: &mut Tx<'_>, id: SessionId, given: &[u8], next: &[u8], now: Instant, expires: Instant) -> Result<Rotation> {
    let Some(session) = find(tx, id)? else {
        return Ok(Rotation::Refused);
    };
    if session.revoked_at.is_some() || session.expires <= now {
        return Ok(Rotation::Refused);
    }
    let lost_answer = session.previous == given && now.millis() - session.rotated_at.millis() <= LOST_ANSWER_MS;
    if session.current != given && !lost_answer {
        revoke(tx, id, now)?;
        return Ok(Rotation::Reused);
    }
    tx.run(
        "UPDATE access_session SET current = ?1, previous = ?2, rotated_at = ?3, expires = ?4 WHERE id = ?5",
        vals![next.to_vec(), given.to_vec(), now, expires, id],
    )?;
    Ok(Rotation::Fresh(session))
}

/// Binds a session to a machine that proved its key. `session.bound` when it belongs to another.
pub fn bind(tx: &mut Tx<'_>, id: SessionId, device: DeviceId) -> Result<()> {
    let bound = tx.run("UPDATE access_session SET device_id = ?1 WHERE id = ?2 AND (device_id IS NULL OR device_id = ?1)", vals![device, id])?;
    if bound == 1 { Ok(()) } else { Err(Error::new(Kind::Conflict, "session.bound")) }
}

/// Ends a session; one that ended before stays as it is. Says whether there is one.
pub fn revoke(tx: &mut Tx<'_>, id: SessionId, now: Instant) -> Result<bool> {
    tx.run("UPDATE access_session SET revoked_at = coalesce(revoked_at, ?1) WHERE id = ?2", vals![now, id]).map(|changed| changed == 1)
}

/// Ends all sessions of a person but `kept`.
pub fn revoke_of_user(tx: &mut Tx<'_>, user: UserId, kept: Option<SessionId>, now: Instant) -> Result<()> {
    let kept = kept.unwrap_or(Id::from_bytes([0; 16]));
    tx.run("UPDATE access_session SET revoked_at = ?1 WHERE user_id = ?2 AND id <> ?3 AND revoked_at IS NULL", vals![now, user, kept]).map(drop)
}

/// Ends all sessions of a machine.
pub fn revoke_of_device(tx: &mut Tx<'_>, device: DeviceId, now: Instant) -> Result<()> {
    tx.run("UPDATE access_session SET revoked_at = ?1 WHERE device_id = ?2 AND revoked_at IS NULL", vals![now, device]).map(drop)
}

/// Forgets sessions that ended before `before`.
pub fn forget(tx: &mut Tx<'_>, before: Instant) -> Result<()> {
    tx.run("DELETE FROM access_session WHERE expires < ?1 OR revoked_at < ?1", vals![before]).map(drop)
}
