//! Numbers that are out in the world while their documents are not in the books, and programs that die
//! between two steps: stories with one server and its devices.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use daybook_core::app::{App, Call, Pusher};
use daybook_core::daybook::attention;
use daybook_core::daybook::wire::Said;
use daybook_core::db::Mode;
use daybook_core::planted::{self, Fault};
use daybook_core::shared::id::CommandId;
use serde_json::{Value, json};

use crate::devices::{each_server, feed, open, push};
use crate::sim::{found, scopes_of};
use crate::support::{clock, empty_books};

/// Runs a story with a server and the file of its owner's device.
fn each_file(story: impl Fn(&App, &Path)) {
    each_server(|server, files| story(server, &files[0]));
}

fn pull(device: &App, server: &App) {
    device.follow(&feed(device, 0, server, 0, true)).unwrap();
}

fn sync(device: &App, server: &App) -> Vec<String> {
    let states = push(device, server);
    pull(device, server);
    states
}

/// Posts an invoice: its command and its number.
fn invoice(device: &App) -> (CommandId, String) {
    let rows: Vec<(daybook_core::shared::Id<()>,)> = device.read(|tx, _| tx.all("SELECT id FROM party UNION ALL SELECT id FROM item", &[])).unwrap();
    let (party, item) = (rows.first().unwrap().0, rows.last().unwrap().0);
    let call = Call::new("billing.post_invoice", json!({"draft": {"party": party, "lines": [{"item": item, "quantity": "1"}]}}));
    let command = call.id;
    let posted: Value = device.execute(call).unwrap().result;
    (command, posted["number"].as_str().unwrap().to_owned())
}

fn count(app: &App, sql: &str) -> i64 {
    app.read(|tx, _| tx.one(sql, &[])).unwrap()
}

#[test]
fn the_number_of_an_entry_that_does_not_go_through_keeps_its_place() {
    each_file(|server, file| {
        let device = open(file);
        let numbers: Vec<_> = (0..3).map(|_| invoice(&device)).collect();
        planted::poison(numbers[1].0.bytes());
        assert_eq!(sync(&device, server), ["accepted", "deferred", "accepted"]);
        assert_eq!(invoice(&device).1, "11-B-0004", "the series goes on");
        assert_eq!(sync(&device, server), ["accepted"]);
        for app in [server, &device] {
            assert_eq!(count(app, "SELECT count(*) FROM number_issued"), 4);
            assert_eq!(count(app, "SELECT n FROM number_held"), 2);
            app.verify().unwrap();
        }
        assert_eq!(device.read(|tx, _| attention::count(tx)).unwrap(), 1);
    });
}

#[test]
fn numbers_that_a_restored_device_gave_out_twice_are_one_matter() {
    each_file(|server, file| {
        let copy = file.with_extension("copy");
        std::fs::copy(file, &copy).unwrap();
        let device = open(file);
        invoice(&device);
        invoice(&device);
        assert_eq!(sync(&device, server), ["accepted", "accepted"]);
        drop(device);
        std::fs::copy(&copy, file).unwrap();
        let device = open(file);
        assert_eq!(device.lost(), 2);
        device.accept_loss().unwrap();
        let twice: Vec<_> = (0..3).map(|_| invoice(&device).1).collect();
        assert_eq!(twice, ["11-B-0001", "11-B-0002", "11-B-0003"]);
        assert_eq!(sync(&device, server), ["deferred", "deferred", "accepted"]);
        let items = device.read(|tx, _| attention::open(tx)).unwrap();
        assert_eq!(items.len(), 2);
        assert!(items.iter().all(|item| item.root == items[0].root && item.reason["code"] == "number.twice"), "{items:?}");
        assert_eq!(invoice(&device).1, "11-B-0004");
        server.verify().unwrap();
        device.verify().unwrap();
    });
}

/// The books of `old` on rows that came anew, in a file of their own.
fn renewed(old: App, server: &App, file: &Path) -> App {
    let new = file.with_extension("new");
    server.snapshot(&new, &scopes_of(0)).unwrap();
    let new = open(&new);
    let fates = server.fates(&old.own_commands().unwrap()).unwrap();
    let epoch = server.greet(&old.hello().unwrap(), &scopes_of(0)).unwrap().epoch.max(old.device().epoch) + 1;
    new.carry_over(&old, &fates, epoch).unwrap();
    new
}

#[test]
fn a_restored_server_takes_later_numbers_before_earlier_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (path, backup) = (folder.path().join("server.books"), folder.path().join("backup.books"));
    let server = App::open(&path, Mode::Create, clock()).unwrap();
    let files = found(&server, folder.path());
    server.storage().books().unwrap().backup(&backup).unwrap();
    let twin_file = folder.path().join("twin.books");
    std::fs::copy(&files[0], &twin_file).unwrap();
    let (device, twin) = (open(&files[0]), open(&twin_file));
    invoice(&device);
    assert_eq!(sync(&device, &server), ["accepted"]);
    pull(&twin, &server);
    assert_eq!(invoice(&twin).1, "11-B-0002");
    drop(server);

    let server = open(&backup);
    let twin = renewed(twin, &server, &twin_file);
    assert_eq!(sync(&twin, &server), ["excepted"], "the paper is out in the world");
    assert_eq!(count(&server, "SELECT n FROM number_held"), 1);
    server.verify().unwrap();
    assert_eq!(invoice(&twin).1, "11-B-0003");
    let device = renewed(device, &server, &files[0]);
    assert_eq!(sync(&device, &server), ["accepted"]);
    assert_eq!(count(&server, "SELECT count(*) FROM number_held"), 0);
    assert_eq!(sync(&twin, &server), ["accepted"]);
    pull(&device, &server);
    for app in [&server, &device, &twin] {
        app.verify().unwrap();
    }
}

#[test]
fn a_number_that_no_series_can_reach_is_deferred() {
    each_file(|server, file| {
        let device = open(file);
        invoice(&device);
        let mut push = device.next_push(0, 500, 1 << 20, true).unwrap().unwrap();
        let Said::Whole { consumed, .. } = &mut push.entries[0].said else { panic!("the entry came bare") };
        consumed.values_mut().for_each(|n| *n = "1000000".to_owned());
        let envelope = push.entries[0].envelope(1, Vec::new());
        push.last = daybook_core::daybook::chain::hash(&device.device().device, push.epoch, &envelope.encode().unwrap()).into();
        let pusher = Pusher { device: device.device().device, actors: None, scopes: scopes_of(0) };
        assert_eq!(server.accept(&push, &pusher).unwrap().states, ["deferred"]);
        assert_eq!(count(server, "SELECT count(*) FROM number_held"), 0);
    });
}

/// Something during which the program dies or its disk is full after so many steps.
fn struck<T>(steps: u32, fault: Fault, work: impl FnOnce() -> T) -> Option<T> {
    planted::arm(steps, fault);
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    assert!(!planted::disarm(), "it did not come so far");
    outcome
}

#[test]
fn a_server_whose_work_panics_between_two_steps_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = empty_books();
    let files = found(&server, folder.path());
    let device = open(&files[0]);
    invoice(&device);
    assert!(struck(2, Fault::Kill, || push(&device, &server)).is_none());
    assert_eq!(count(&server, "SELECT count(*) FROM billing_document"), 0);
    assert_eq!(sync(&device, &server), ["accepted"], "the next one finds no transaction left open");
}

#[test]
fn a_new_epoch_is_there_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let files = found(&empty_books(), folder.path());
    let device = open(&files[0]);
    invoice(&device);
    let full = struck(0, Fault::Full, || device.begin_epoch(2)).unwrap();
    assert_eq!(full.unwrap_err().code(), "disk.full");
    assert_eq!(device.device().epoch, 1, "nothing here knows of an epoch that is not in the books");
    assert!(struck(1, Fault::Kill, || device.begin_epoch(2)).is_none());
    drop(device);
    let device = open(&files[0]);
    assert_eq!((device.device().epoch, device.lost()), (2, 0), "the head file knows the entry by its former hash");
    device.verify().unwrap();
}

#[test]
fn an_older_copy_under_the_head_of_another_life_opens_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let files = found(&empty_books(), folder.path());
    let device = open(&files[0]);
    invoice(&device);
    drop(device);
    let copy = files[0].with_extension("copy");
    std::fs::copy(&files[0], &copy).unwrap();
    let device = open(&files[0]);
    device.begin_epoch(2).unwrap();
    drop(device);
    std::fs::copy(&copy, &files[0]).unwrap();
    let device = open(&files[0]);
    assert_eq!(device.lost(), 1);
    device.accept_loss().unwrap();
    invoice(&device);
}
