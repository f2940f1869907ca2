//! What devices push says no more than it must: a server finds the words of a document anew, the hash of the run
//! shows whether they are the same, and it asks for them when they are not.

use std::collections::BTreeMap;
use std::path::Path;

use daybook_core::app::{App, Call, Pusher};
use daybook_core::daybook::chain;
use daybook_core::daybook::wire::{Push, PushedEntry, Said};
use daybook_core::db::Mode;
use daybook_core::shared::Id;
use daybook_core::shared::context::DeviceId;
use daybook_core::shared::id::CommandId;
use daybook_core::vals;
use daybook_sync::pack::{pack, unpack};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sim::{found, scopes_of};
use crate::support::{clock, empty_books, empty_postgres};

/// Runs a story with a server on each database and its owner's device.
pub fn each_server(story: impl Fn(&App, &App)) {
    for books in [Some(empty_books()), empty_postgres()].into_iter().flatten() {
        let folder = tempfile::tempdir().unwrap();
        let file = found(&books.app, folder.path()).swap_remove(0);
        story(&books.app, &App::open(Path::new(&file), Mode::Write, clock()).unwrap());
    }
}

pub fn customer(device: &App) -> Value {
    device.execute(Call::new("parties.save_party", json!({"name": "Ann & Sons", "country": "GB", "is_customer": true}))).unwrap().result["id"].clone()
}

fn invoice(device: &App, party: &Value, price: &str) {
    let draft = json!({"draft": {"party": party, "lines": [{"name": "Advice", "quantity": "2", "unit_price": price}]}});
    device.execute(Call::new("billing.post_invoice", draft)).unwrap();
}

pub fn pusher(device: &App) -> Pusher {
    Pusher { device: device.device().device, actors: None, scopes: scopes_of(0) }
}

pub fn next(device: &App, after: u64, whole: bool) -> Push {
    device.next_push(after, 500, 1 << 20, whole).unwrap().unwrap()
}

/// What the documents say.
fn said(app: &App) -> Vec<(String, String)> {
    app.read(|tx, _| tx.all("SELECT number, content_hash FROM billing_document WHERE number <> '' ORDER BY number", &[])).unwrap()
}

/// The hashes of a device's entries.
fn hashes(app: &App, device: DeviceId) -> Vec<(i64, Vec<u8>)> {
    app.read(|tx, _| tx.all("SELECT seq, hash FROM daybook WHERE device = ?1 ORDER BY seq", vals![device])).unwrap()
}

fn head(app: &App) -> i64 {
    app.read(|tx, _| chain::head(tx)).unwrap().0
}

fn bare(push: &Push) -> usize {
    push.entries.iter().filter(|entry| entry.offered().is_some()).count()
}

#[test]
fn a_server_says_the_same_without_being_told() {
    each_server(|server, device| {
        let party = customer(device);
        ["100", "20.50", "3"].iter().for_each(|price| invoice(device, &party, price));
        let push = next(device, 0, false);
        assert_eq!((push.entries.len(), bare(&push)), (4, 3));
        let receipt = server.accept(&push, &pusher(device)).unwrap();
        assert_eq!((receipt.last_seq, receipt.states), (4, vec!["accepted".to_owned(); 4]));
        assert_eq!((said(server), said(device).len()), (said(device), 3));
        let own = device.device().device;
        assert_eq!(hashes(server, own), hashes(device, own));
        server.verify().unwrap();
    });
}

#[test]
fn a_document_of_a_customer_who_was_renamed_comes_word_for_word() {
    each_server(|server, device| {
        let party = customer(device);
        server.accept(&next(device, 0, false), &pusher(device)).unwrap();
        invoice(device, &party, "100");
        let renamed = json!({"id": party, "name": "Ann Ltd", "country": "GB", "is_customer": true});
        server.execute(Call::new("parties.save_party", renamed)).unwrap();
        let before = head(server);
        let refused = server.accept(&next(device, 1, false), &pusher(device)).unwrap_err();
        assert_eq!((refused.code(), head(server)), ("sync.words", before), "nothing is done");
        let receipt = server.accept(&next(device, 1, true), &pusher(device)).unwrap();
        assert_eq!(receipt.states, ["accepted"]);
        assert_eq!(said(server), said(device), "the paper says what it said");
        server.verify().unwrap();
    });
}

#[test]
fn one_that_must_say_more_does_not_hold_up_the_others() {
    each_server(|server, device| {
        let party = customer(device);
        server.accept(&next(device, 0, false), &pusher(device)).unwrap();
        invoice(device, &party, "100");
        let mut altered = next(device, 1, false);
        altered.last = vec![7; 32].into();
        let (pusher, sound) = (pusher(device), next(device, 1, false));
        let outcome = server.accept_all(&[(&altered, &pusher), (&sound, &pusher)]).unwrap();
        assert_eq!(outcome[0].as_ref().unwrap_err().code(), "sync.words");
        assert_eq!(outcome[1].as_ref().unwrap().states, ["accepted"]);
        let again = server.accept(&sound, &pusher).unwrap_err();
        assert_eq!(again.code(), "sync.words", "a run that the server has in part must say its hashes");
        assert_eq!(server.accept(&next(device, 1, true), &pusher).unwrap().states, ["duplicate"]);
    });
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "[a-zß€]{0,40}".prop_map(Value::from),
        any::<[u8; 16]>().prop_map(|bytes| Value::from(Id::<()>::from_bytes(bytes).to_string())),
        any::<[u8; 16]>().prop_map(|bytes| Value::from(Id::<()>::from_bytes(bytes).to_string().to_uppercase())),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-c]{1,3}", inner, 0..6).prop_map(|map| json!(map))
        ]
    })
}

fn entry() -> impl Strategy<Value = PushedEntry> {
    let args = prop_oneof![
        4 => value().prop_map(|value| minicbor_serde::to_vec(value).unwrap()),
        1 => prop::collection::vec(any::<u8>(), 0..60),
    ];
    let values = prop::collection::vec("[0-9a-z ]{0,3}[0-9]{1,4}", 0..3);
    let said = prop_oneof![
        prop::collection::btree_map("[a-c]", values, 0..3)
            .prop_map(|offered| Said::Bare(offered.into_iter().filter(|(_, values)| !values.is_empty()).collect())),
        prop::collection::btree_map("[a-c]", "[0-9]{1,4}", 0..3).prop_map(|consumed| Said::Whole { consumed, kept: BTreeMap::new() }),
    ];
    let head = (prop_oneof![Just("a.one"), Just("b.two")], 1..3_u16, any::<[u8; 16]>(), 0..2_u8, any::<i64>());
    (head, args, said, any::<bool>()).prop_map(|((name, version, command, actor, wall_ms), args, said, batch)| PushedEntry {
        name: name.to_owned(),
        version,
        command,
        actor: [actor; 16],
        wall_ms,
        args: args.into(),
        said,
        batch: batch.then(|| vec![9; 16].into()),
    })
}

fn run(entries: Vec<PushedEntry>) -> Push {
    Push { device: [1; 16], epoch: 1, first: 1, prev: Vec::new().into(), last: vec![2; 32].into(), left: vec![3; 16].into(), entries }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn entries_come_out_of_their_columns_as_they_went_in(entries in prop::collection::vec(entry(), 0..12)) {
        let push = run(entries);
        prop_assert_eq!(unpack::<Push>(&pack(&push).unwrap(), 1 << 20).unwrap(), push);
    }
    #[test]
    fn what_is_no_run_is_refused(entries in prop::collection::vec(entry(), 1..6), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = minicbor::to_vec(run(entries)).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        // Whatever comes of it, it is a run or an error.
        if let Ok(push) = minicbor::decode::<Push>(&bytes) {
            prop_assert!(push.entries.iter().map(|entry| entry.args.len()).sum::<usize>() <= 64 << 20);
        }
    }
}

#[test]
fn an_entry_takes_few_bytes() {
    let ids: Vec<String> = (0..40_u64).map(|n| Id::<()>::from_bytes(some_id(n)).to_string()).collect();
    let entry = |n: u64| {
        let line = |k: u64| json!({"item": ids[usize::try_from((n * 7 + k) % 40).unwrap()], "quantity": (n % 20 + k).to_string()});
        let args = json!({"draft": {"kind": "invoice", "lines": (0..5).map(line).collect::<Vec<_>>()}});
        PushedEntry {
            name: "billing.post_invoice".to_owned(),
            version: 1,
            command: some_id(1_000 + n),
            actor: [7; 16],
            wall_ms: 1_795_687_716_961 + i64::try_from(n).unwrap(),
            args: minicbor_serde::to_vec(args).unwrap().into(),
            said: Said::Bare([("entry".to_owned(), vec![format!("2026 {}", n + 1)])].into()),
            batch: None,
        }
    };
    let push = run((0..200).map(entry).collect());
    let packed = pack(&push).unwrap();
    assert_eq!(unpack::<Push>(&packed, 1 << 20).unwrap(), push);
    assert!(packed.len() / 200 < 30, "{} bytes an entry", packed.len() / 200);
}

/// Sixteen bytes that look like an id of the time of tests.
fn some_id(n: u64) -> [u8; 16] {
    let command: CommandId = Id::from_bytes([1, 0xa2, 0x17, 0x54, 0x18, 0x61, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]);
    Id::<()>::derived(command, "item", u32::try_from(n).unwrap()).bytes()
}

#[test]
fn a_few_bytes_do_not_unfold_to_many() {
    let whole = Said::Whole { consumed: BTreeMap::new(), kept: BTreeMap::new() };
    let many = Said::Bare([("n".repeat(1 << 20), vec!["1".to_owned(); 100])].into());
    let entry = |name: &str, args: Vec<u8>, said: &Said, n: u8| PushedEntry {
        name: name.to_owned(),
        version: 1,
        command: [n; 16],
        actor: [0; 16],
        wall_ms: 0,
        args: args.into(),
        said: said.clone(),
        batch: None,
    };
    let long = "n".repeat(1 << 20);
    let runs = [
        (0..100).map(|n| entry("a.one", vec![0xff; 1 << 20], &whole, n)).collect::<Vec<_>>(),
        (0..100).map(|n| entry(&long, vec![0xa0], &whole, n)).collect(),
        vec![entry("a.one", vec![0xa0], &many, 0)],
    ];
    for entries in runs {
        let packed = pack(&run(entries)).unwrap();
        assert!(packed.len() < 10_000, "{}", packed.len());
        assert_eq!(unpack::<Push>(&packed, 8 << 20).unwrap_err().code(), "sync.altered");
    }
}
