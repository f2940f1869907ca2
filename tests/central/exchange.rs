//! Two servers on one PostgreSQL: whoever listens at one hears of what goes through the other.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use daybook_server::central::Settings;
use ed25519_dalek::SigningKey;
use serde_json::json;

use super::sync::Laptop;
use super::{Firm, Served, postgres, serve_at};
use crate::support::database;

/// A poke takes no longer than this, on a busy machine.
const SOON: Duration = Duration::from_secs(5);
/// The connection that was cut is back after this.
const BACK: Duration = Duration::from_secs(30);

/// Two servers on a database of their own, and its address; nothing without PostgreSQL.
fn two_servers() -> Option<(Served, Served, String)> {
    let (url, folder) = (database()?, Arc::new(tempfile::tempdir().expect("folder")));
    let serve = || serve_at(Arc::clone(&folder), postgres(&url), Settings::default());
    let (one, two) = (serve(), serve());
    listening(&url, 2);
    Some((one, two, url))
}

/// Waits until so many servers listen; a server that listens wakes everybody once.
fn listening(url: &str, count: i64) {
    let mut client = postgres::Client::connect(url, postgres::NoTls).expect("PostgreSQL");
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'daybook listens' AND state = 'idle' AND query LIKE 'LISTEN%'";
    wait("nobody listens", BACK, || client.query_one(sql, &[]).expect("count").get::<_, i64>(0) == count);
}

#[track_caller]
fn wait(what: &str, patience: Duration, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < patience, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A device that listens at a server.
struct Ear(BufReader<TcpStream>);

impl Ear {
    fn at(served: &Served, firm: &Firm<'_>) -> Self {
        let (_, bound) = firm.device(&firm.owner, &SigningKey::from_bytes(&[7; 32]));
        let access = bound.body["grant"]["access_token"].as_str().expect("a token");
        let mut stream = TcpStream::connect(served.address).expect("connection");
        write!(stream, "GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {access}\r\n\r\n", firm.path("sync/poke")).expect("asks");
        let mut ear = Ear(BufReader::new(stream));
        assert!(ear.hears("HTTP/1.1 200", SOON));
        ear
    }
    /// Whether a line with `what` comes in time.
    fn hears(&mut self, what: &str, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        let mut line = String::new();
        while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            self.0.get_ref().set_read_timeout(Some(left)).expect("timeout");
            line.clear();
            match self.0.read_line(&mut line) {
                Ok(read) if read > 0 && line.contains(what) => return true,
                Ok(read) if read > 0 => {}
                _ => return false,
            }
        }
        false
    }
    fn is_poked(&mut self, patience: Duration) -> bool {
        self.hears("event: news", patience)
    }
}

fn party(firm: &Firm<'_>) {
    firm.run("parties.save_party", json!({"name": "Ann", "country": "GB"}));
}

#[test]
fn who_listens_at_one_server_hears_of_a_push_through_the_other() {
    let Some((one, two, _)) = two_servers() else { return };
    let firm = one.firm("Acme Ltd");
    let mut laptop = Laptop::join(&firm, "Laptop");
    let mut ear = Ear::at(&two, &firm);
    for n in 0..3 {
        assert!(!ear.is_poked(Duration::from_millis(100)), "nothing happened");
        laptop.run("parties.save_party", json!({"name": format!("Party {n}"), "country": "GB"}));
        laptop.sync();
        assert!(ear.is_poked(SOON), "push {n}");
    }
}

#[test]
fn a_server_that_was_cut_off_looks_at_everything_and_hears_again() {
    let Some((one, two, url)) = two_servers() else { return };
    let firm = one.firm("Acme Ltd");
    let mut ear = Ear::at(&two, &firm);
    party(&firm);
    assert!(ear.is_poked(SOON));
    let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("PostgreSQL");
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'daybook listens'";
    assert_eq!(client.execute(cut, &[]).expect("cut"), 2);
    assert!(ear.is_poked(BACK), "what was missed is looked for");
    listening(&url, 2);
    while ear.is_poked(Duration::from_millis(300)) {}
    party(&firm);
    assert!(ear.is_poked(SOON), "it hears again");
}

#[test]
fn a_notice_opens_no_books_and_a_server_needs_none_of_its_own() {
    let Some((one, two, _)) = two_servers() else { return };
    let (here, there) = (one.firm("Here Ltd"), one.firm("There Ltd"));
    let here_at_two = two.known(&here.name, &here.email);
    let news = |served: &Served, firm: &Firm<'_>| served.central.tenants().get_now(&firm.name).expect("open").news();
    let (at_one, at_two) = (news(&one, &here), news(&two, &here));
    let (own, other) = (*at_one.borrow(), *at_two.borrow());
    party(&there);
    party(&here);
    wait("the other server hears", SOON, || *at_two.borrow() == other + 1);
    assert_eq!(two.central.tenants().open_count(), 1, "nobody asked for the other firm there");
    // Notices come in their order: once this one is here, the first server has heard its own.
    party(&here_at_two);
    wait("the first server hears", SOON, || *at_one.borrow() >= own + 2);
    assert_eq!(*at_one.borrow(), own + 2, "its own change once, the other's once");
}
