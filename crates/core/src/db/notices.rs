//! What the servers on one PostgreSQL tell each other: short words on a channel of Daybook's own. A word that
//! nobody hears is lost, so nothing may depend on one.

use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, NoTls};

use super::pg::{PgConn, pg_error};
use super::pool::PgPool;
use crate::shared::error::{Error, Kind, Result};

const LISTEN: &str = "LISTEN daybook_notice";
/// PostgreSQL lets one transaction at a time tell until it has committed; without waiting for the disk, that is short.
const BEGIN: &str = "BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '10s'";
const TELL: &str = "SELECT pg_notify('daybook_notice', word) FROM unnest(?1::text[]) AS word";

/// A connection has so long to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// After so long without a word the system asks whether the other end is there …
const ASK_AFTER: Duration = Duration::from_secs(20);
/// … and asks again so often, three times; then the connection is over.
const ASK_EVERY: Duration = Duration::from_secs(5);
const ASK_TIMES: u32 = 3;

/// A connection that hears what is told from its beginning on. It is none of the pool's, because it is held.
pub struct Notices(Client);

impl PgPool {
    /// Tells every server on this PostgreSQL these words, each shorter than 8000 bytes.
    pub fn tell(&self, words: &[String]) -> Result<()> {
        loop {
            let mut borrowed = self.borrow("")?;
            let told = tell_on(borrowed.conn()?, words);
            // A connection that broke while it lay idle is replaced.
            match told {
                Err(error) if error.code() == "server.unreachable" && !borrowed.is_fresh() => {}
                told => return told,
            }
        }
    }
    /// Hears what is told from now on. `server.unreachable` when there is no connection within seconds.
    pub fn listen(&self) -> Result<Notices> {
        let mut config = self.config().clone();
        config.connect_timeout(CONNECT_TIMEOUT).application_name("daybook listens");
        config.keepalives_idle(ASK_AFTER).keepalives_interval(ASK_EVERY).keepalives_retries(ASK_TIMES);
        let mut client = config.connect(NoTls).map_err(pg_error)?;
        client.batch_execute(LISTEN).map_err(pg_error)?;
        Ok(Notices(client))
    }
}

impl Notices {
    /// The next word; waits for one, `patience` at most. `server.unreachable` when the connection is over.
    pub fn next(&mut self, patience: Duration) -> Result<Option<String>> {
        let heard = self.0.notifications().timeout_iter(patience).next().map_err(pg_error)?;
        if heard.is_none() && self.0.is_closed() {
            return Err(Error::new(Kind::Storage, "server.unreachable"));
        }
        Ok(heard.map(|notice| notice.payload().to_owned()))
    }
}

/// A connection that fails on the way is left within its transaction, and so not used again.
fn tell_on(conn: &mut PgConn, words: &[String]) -> Result<()> {
    conn.begin("", BEGIN)?;
    conn.run_bound(TELL, &[&words])?;
    conn.end("COMMIT")
}
