//! What must hold, by the names of the design: I1 no loss, I2 exactly once, I3 order, I4 gapless log, I5
//! convergence, I6 atomicity, I7 nothing vanishes without a word, I8 facts are final, I9 numbers, I10
//! entitlement, I11 liveness (`World::heal`), I12 undo is exact (`Device::rebase`), I13 forks are safe, I14 files are
//! never lost.

use std::collections::{BTreeSet, HashMap};

use daybook_core::app::{App, records, register};
use daybook_core::daybook::{chain, entry, log};
use daybook_core::files::api as files;
use daybook_core::shared::context::UserId;
use daybook_core::shared::id::CommandId;
use daybook_core::shared::permission::{Permission, Role};
use daybook_core::shared::{Class, Id};
use serde_json::Value;

use super::device::Device;
use super::template::{dump, scopes_of};
use super::{World, work};
use crate::support::search_follows;

impl World {
    /// What must hold in the end.
    pub fn check(&self) {
        let server = self.server.app();
        server.verify().unwrap_or_else(|e| panic!("I9: the server's books: {e}"));
        check_log(server);
        check_facts(server);
        let waited = count(server, "SELECT count(*) FROM daybook WHERE reason LIKE '%\"number.conflict\"%'");
        assert!(waited == 0 || self.server.restored > 0, "I9: numbers came out of their order");
        check_people(server);
        let truth = dump(server);
        for device in &self.devices {
            assert_eq!(device.pending(), 0, "I11: device {} has something pending", device.n);
            device.check_rows(server, &truth);
            device.check_attention();
            device.check_files(server);
        }
        self.check_commands();
        if self.kind.is_steady() {
            let rejoined: Vec<_> = self.devices.iter().map(|device| device.rejoined).collect();
            assert!(rejoined.iter().all(|times| *times == 0), "I11: rows came anew without need: {rejoined:?}");
        }
    }

    /// I1, I13: every command that a device committed has its place in the log, and its state there is its
    /// state here. I2: what it says there is what its paper says.
    fn check_commands(&self) {
        let on_server = self.server.states();
        for device in &self.devices {
            for (command, state) in device.states() {
                assert_eq!(on_server.get(&command), Some(&state), "I7: {command} of device {}", device.n);
            }
            for committed in &device.committed {
                let state = on_server.get(&committed.command).unwrap_or_else(|| panic!("I1: {} of device {} is lost", committed.command, device.n));
                if let (Some((document, said)), "accepted" | "excepted") = (&committed.paper, state.as_str()) {
                    let says = work::said(self.server.app(), document);
                    assert_eq!(says.as_ref(), Some(said), "I2: {document} says something else than its paper");
                }
            }
        }
    }
}

impl Device {
    /// What holds at every moment: I6 a reader sees whole entries; I10 no rows of foreign scopes but what
    /// its own pending entries made.
    pub fn check_now(&self, server: &App) {
        if self.app().followed().expect("followed").scopes.iter().any(|scope| scope == Permission::SeeLedger.word()) {
            let sums = "SELECT coalesce(sum(debit), 0) - coalesce(sum(credit), 0) FROM journal_line";
            let difference: i64 = self.app().read(|tx, _| tx.one(sums, &[])).expect("sums");
            assert_eq!(difference, 0, "I6: device {} sees half an entry", self.n);
        }
        let (ours, head) = (self.app().followed().expect("followed").cursor, count(server, "SELECT coalesce(max(pos), 0) FROM log_entry"));
        assert!(ours <= head || self.rejoined > 0 || self.last_error.is_some(), "I4: device {} is ahead of the log", self.n);
    }

    /// I5: the same rows and digests as the server; I10: of its own scopes only.
    fn check_rows(&self, server: &App, truth: &str) {
        let scopes = scopes_of(self.seat);
        let held: BTreeSet<&str> = records().filter(|record| scopes.iter().any(|scope| scope == record.scope())).map(|record| record.table).collect();
        let ours = dump(self.app());
        let theirs: BTreeSet<&str> = truth.lines().filter(|line| held.contains(table_of(line))).collect();
        let foreign = ours.lines().find(|line| !held.contains(table_of(line)));
        assert_eq!(foreign, None, "I10: device {} holds what it may not", self.n);
        let ours: BTreeSet<&str> = ours.lines().collect();
        let only_here = ours.difference(&theirs).map(|line| format!("- {line}"));
        let differing: Vec<String> = only_here.chain(theirs.difference(&ours).map(|line| format!("+ {line}"))).take(12).collect();
        assert!(differing.is_empty(), "I5: device {} differs from the server:\n{}", self.n, differing.join("\n"));
        let digests = |app: &App| app.read(|tx, _| log::digests(tx)).expect("digests");
        let (mine, all) = (digests(self.app()), digests(server));
        for scope in &scopes {
            assert_eq!(mine.get(scope), all.get(scope), "I5: the digest of {scope} on device {}", self.n);
        }
        // Its rows are proved with the server's, which are the same.
        self.app().read(|tx, _| chain::verify(tx)).unwrap_or_else(|e| panic!("I3: the daybook of device {}: {e}", self.n));
        search_follows(self.app());
    }

    /// I14: content is never lost and never another than its name says; the server has what a device has
    /// and its books name.
    fn check_files(&self, server: &App) {
        self.app().read(|tx, _| files::verify(tx)).unwrap_or_else(|e| panic!("I14: files of device {}: {e}", self.n));
        let has = |app: &App, hash: &str| app.read(|tx, _| files::find(tx, &files::hash_of(hash)?)).expect("files").is_some();
        for hash in &self.stored {
            assert!(has(self.app(), hash), "I14: device {} lost {hash}", self.n);
        }
        for file in self.standings() {
            let there = has(server, file.hash.as_str());
            assert!(!file.here || there, "I14: the server has no {} of device {}: {file:?}", file.hash, self.n);
            assert!(file.here || !file.wanted || !there, "I14: {} does not come to device {}: {file:?}", file.hash, self.n);
        }
    }

    /// I7: what did not go through stands in the inbox, and nothing else does. A number that one life of
    /// the device gave out twice is one matter.
    fn check_attention(&self) {
        let sql = "SELECT d.command, d.pos FROM daybook d LEFT JOIN attention a ON a.command = d.command \
                   WHERE (d.state IN ('refused', 'deferred')) <> (a.command IS NOT NULL)";
        let wrong: Vec<(CommandId, i64)> = self.app().read(|tx, _| tx.all(sql, &[])).expect("attention");
        assert!(wrong.is_empty(), "I7: device {}: the inbox is not what did not go through: {wrong:?}", self.n);
        let twice = "SELECT d.epoch, count(DISTINCT a.root) FROM attention a JOIN daybook d ON d.pos = a.pos \
                     WHERE d.reason LIKE '%\"number.twice\"%' GROUP BY d.epoch HAVING count(DISTINCT a.root) > 1";
        let scattered: Vec<(i64, i64)> = self.app().read(|tx, _| tx.all(twice, &[])).expect("attention");
        assert!(scattered.is_empty(), "I9: device {}: numbers given out twice are not one matter: {scattered:?}", self.n);
    }
}

/// I2, I3, I4: every command once, in the order in which its device made it, at dense positions.
fn check_log(server: &App) {
    let (entries, last) = (count(server, "SELECT count(*) FROM log_entry"), count(server, "SELECT coalesce(max(pos), 0) FROM log_entry"));
    assert_eq!(entries, last, "I4: the log has gaps");
    assert_eq!(count(server, "SELECT count(*) FROM daybook"), last, "I4: the log and the daybook differ");
    assert_eq!(count(server, "SELECT count(DISTINCT command) FROM daybook"), last, "I2: a command stands there twice");
    let back = "SELECT count(*) FROM daybook a JOIN daybook b ON b.device = a.device AND b.epoch = a.epoch AND b.seq > a.seq AND b.pos < a.pos";
    assert_eq!(count(server, back), 0, "I3: entries of a device stand in another order");
}

/// I8: no fact is refused. I9: no number waits for one that did not come.
fn check_facts(server: &App) {
    let rows: Vec<(String, String, Option<String>)> =
        server.read(|tx, _| tx.all("SELECT name, state, reason FROM daybook WHERE state IN ('refused', 'deferred')", &[])).expect("states");
    for (name, state, reason) in rows {
        let fact = register().command(&name).is_ok_and(|known| known.class == Class::Fact);
        assert!(!fact || state == "deferred", "I8: {name} was refused: {reason:?}");
        assert!(!reason.as_deref().unwrap_or_default().contains("\"number.conflict\""), "I9: a number was left out: {name}: {reason:?}");
    }
}

/// I10: nobody did what the role that he had then did not let him do. Roles change on the server alone,
/// in the order of its log.
fn check_people(server: &App) {
    let last = count(server, "SELECT coalesce(max(pos), 0) FROM daybook");
    let mut people: HashMap<UserId, (Role, bool)> = HashMap::new();
    for pos in 1..=last {
        let stored = server.read(|tx, _| entry::at(tx, pos)).expect("an entry").expect("an entry");
        if !matches!(stored.state.as_str(), "accepted" | "excepted") {
            continue;
        }
        let (name, actor) = (&stored.envelope.name, Id::from_bytes(stored.envelope.actor));
        let needs = register().command(name).expect("a command").needs;
        if let Some((role, archived)) = people.get(&actor) {
            assert!(!archived && role.grants(needs), "I10: {name} at {pos} by somebody who may not");
        }
        if name == "identity.save_user" {
            let args: Value = minicbor_serde::from_slice(&stored.envelope.args).expect("arguments");
            let saved: Value = serde_json::from_slice(&stored.result).expect("an answer");
            let role = args["role"].as_str().and_then(Role::from_word).expect("a role");
            people.insert(Id::parse(saved["id"].as_str().expect("an id")).expect("an id"), (role, args["archived"] == true));
        }
    }
}

fn table_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

fn count(app: &App, sql: &str) -> i64 {
    app.read(|tx, _| tx.one(sql, &[])).expect("count")
}
