//! Copies that a server keeps for devices to come: handed out again while the log can be followed from them, to
//! devices that may hold what is in them, and to no others.

use std::path::PathBuf;

use daybook_server::central::forget_copies;
use serde_json::{Value, json};

use super::sync::{Laptop, dump_on_server};
use super::{Firm, Served, each_place};
use crate::support::dump_of;

/// The copies that `firm` keeps: where it stands what each is of.
fn kept(served: &Served, firm: &Firm<'_>) -> Vec<PathBuf> {
    let folder = served.folder.path().join("snapshots").join(&firm.name);
    let entries = std::fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path());
    entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
}

/// Says something else about a copy.
fn retell(path: &PathBuf, change: impl Fn(&mut Value)) {
    let mut about: Value = serde_json::from_slice(&std::fs::read(path).expect("about")).expect("JSON");
    change(&mut about);
    std::fs::write(path, about.to_string()).expect("written");
}

fn customer(laptop: &Laptop, name: &str) {
    laptop.run("parties.save_party", json!({"name": name, "country": "GB", "is_customer": true}));
}

#[test]
fn the_next_device_begins_with_the_copy_that_is_there_and_ends_in_step() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let mut first = Laptop::join(&firm, "First");
        let copies = kept(served, &firm);
        assert_eq!(copies.len(), 1);
        customer(&first, "Ann");
        first.sync();
        let next = Laptop::join(&firm, "Next");
        assert_eq!(kept(served, &firm), copies, "no other copy was made");
        let truth = dump_on_server(served, &firm.name);
        assert_eq!(dump_of(&next.app), truth, "it has followed what came since, without another sync");
        next.app.verify().expect("sound");
    });
}

/// After each of `changes` to what is said of the copies a device that joins gets one of its own.
fn gets_its_own(changes: &[fn(&mut Value)]) {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        drop(Laptop::join(&firm, "First"));
        for (n, change) in changes.iter().enumerate() {
            let before = kept(served, &firm);
            before.iter().for_each(|path| retell(path, change));
            let next = Laptop::join(&firm, &format!("Next {n}"));
            assert_ne!(kept(served, &firm), before, "{n}: a copy of its own");
            assert_eq!(dump_of(&next.app), dump_on_server(served, &firm.name), "{n}");
        }
    });
}

#[test]
fn a_copy_of_another_log_is_not_handed_out() {
    gets_its_own(&[|about| about["chain"] = json!([1, 2, 3]), |about| about["pos"] = json!(1_000_000)]);
}

#[test]
fn a_copy_for_other_devices_or_of_another_schema_is_not_handed_out() {
    gets_its_own(&[|about| about["schema"] = json!(1), |about| about["scopes"] = json!(["read"]), |about| *about = json!("nonsense")]);
}

#[test]
fn devices_that_come_at_once_share_one_copy() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let laptops: Vec<Laptop> = std::thread::scope(|scope| {
            let names = ["One", "Two", "Three"];
            let joining = names.map(|name| {
                scope.spawn({
                    let firm = &firm;
                    move || Laptop::join(firm, name)
                })
            });
            joining.into_iter().map(|laptop| laptop.join().expect("joined")).collect()
        });
        assert_eq!(kept(served, &firm).len(), 1);
        let truth = dump_on_server(served, &firm.name);
        laptops.iter().for_each(|laptop| assert_eq!(dump_of(&laptop.app), truth));
    });
}

#[test]
fn copies_go_with_their_tenant() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        drop(Laptop::join(&firm, "First"));
        assert_eq!(kept(served, &firm).len(), 1);
        for _ in 0..2 {
            forget_copies(served.folder.path(), &firm.name).expect("forgotten, or not there");
            assert!(!served.folder.path().join("snapshots").join(&firm.name).exists());
        }
        drop(Laptop::join(&firm, "Next"));
        assert_eq!(kept(served, &firm).len(), 1, "a new one was made");
    });
}
