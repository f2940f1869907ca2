//! A device that was away for long gets the newest image of each row: stories with one server and its devices.

use daybook_core::app::{App, Applied, Call};
use daybook_core::daybook::feed::decode_images;
use daybook_core::daybook::wire::Feed;
use daybook_core::shared::Id;
use serde_json::json;

use crate::devices::{each_story, feed, push};
use crate::support::dump_of;

/// Follows to the end, as one step when it is long.
pub fn catch_up(device: &App, seat: usize, server: &App) -> Applied {
    device.follow(&feed(device, seat, server, 2, false)).unwrap()
}

fn first(device: &App, table: &str) -> Id<()> {
    device.read(|tx, _| tx.one(&format!("SELECT id FROM {table} ORDER BY code LIMIT 1"), &[])).unwrap()
}

fn rename(device: &App, name: &str) {
    device.execute(Call::new("parties.save_party", json!({"id": first(device, "party"), "name": name}))).unwrap();
}

fn invoice(device: &App) {
    let draft = json!({"party": first(device, "party"), "lines": [{"item": first(device, "item"), "quantity": "1"}]});
    device.execute(Call::new("billing.post_invoice", json!({"draft": draft}))).unwrap();
}

fn images(feed: &Feed, table: &str) -> usize {
    let rows = feed.steps.iter().flat_map(|step| step.rows.iter().flatten());
    rows.flat_map(|bytes| decode_images(bytes).unwrap()).filter(|image| image.table == table).count()
}

#[test]
fn of_a_row_that_changed_often_the_newest_image_comes() {
    each_story(|server, [owner, accountant, seller]| {
        (0..20).for_each(|n| rename(&owner, &format!("Name {n}")));
        push(&owner, server);
        assert_eq!(images(&feed(&accountant, 1, server, 0, false), "party"), 20);
        assert_eq!(images(&feed(&accountant, 1, server, 21, false), "party"), 20, "not so far behind");
        assert_eq!(images(&feed(&accountant, 1, server, 20, true), "party"), 20, "all rows were asked for");
        let merged = feed(&accountant, 1, server, 20, false);
        assert_eq!((images(&merged, "party"), merged.steps.len(), merged.to), (1, 1, merged.head));
        let applied = accountant.follow(&merged).unwrap();
        assert_eq!((applied.rows, applied.rebased), (1 + 20 + 1, false), "the contact, the steps of who renamed it, and where they end");
        catch_up(&seller, 2, server);
        for device in [&accountant, &seller] {
            assert_eq!(device.read(|tx, _| tx.one::<String>("SELECT name FROM party ORDER BY code LIMIT 1", &[])).unwrap(), "Name 19");
        }
    });
}

#[test]
fn own_work_is_settled_and_the_rest_goes_on() {
    each_story(|server, [owner, accountant, _]| {
        (0..7).for_each(|_| invoice(&owner));
        push(&owner, server);
        (0..2).for_each(|_| invoice(&accountant));
        push(&accountant, server);
        invoice(&accountant);
        let applied = catch_up(&accountant, 1, server);
        assert_eq!((applied.accepted, applied.raised, applied.rebased), (2, 0, true));
        assert!(accountant.waiting().unwrap(), "the third is not sent");
        push(&accountant, server);
        catch_up(&accountant, 1, server);
        catch_up(&owner, 0, server);
        assert_eq!(dump_of(&accountant), dump_of(&owner));
        accountant.verify().unwrap();
    });
}

#[test]
fn rows_that_came_and_went_leave_nothing() {
    each_story(|server, [owner, accountant, _]| {
        let draft = json!({"party": first(&owner, "party"), "lines": [{"item": first(&owner, "item"), "quantity": "1"}]});
        let kept = owner.execute(Call::new("billing.save_draft", json!({"draft": draft}))).unwrap().result;
        owner.execute(Call::new("billing.discard_draft", json!({"id": kept["id"]}))).unwrap();
        push(&owner, server);
        catch_up(&accountant, 1, server);
        catch_up(&owner, 0, server);
        assert_eq!(dump_of(&accountant), dump_of(&owner));
    });
}

/// Two customers exchange their codes: in the order of their newest changes, one takes what the other still holds.
#[test]
fn rows_that_gave_their_codes_to_each_other_come_entry_by_entry() {
    each_story(|server, [owner, accountant, _]| {
        let codes: Vec<(Id<()>, String)> = owner.read(|tx, _| tx.all("SELECT id, code FROM party ORDER BY code LIMIT 2", &[])).unwrap();
        let [(one, first), (two, second)] = codes.as_slice() else { panic!("two customers") };
        for (id, code) in [(one, "AWAY"), (two, first.as_str()), (one, second.as_str())] {
            owner.execute(Call::new("parties.save_party", json!({"id": id, "code": code}))).unwrap();
        }
        push(&owner, server);
        let error = accountant.follow(&feed(&accountant, 1, server, 2, false)).unwrap_err();
        assert_eq!(error.code(), "sync.need_full");
        accountant.follow(&feed(&accountant, 1, server, 2, true)).unwrap();
        let code: String = accountant.read(|tx, _| tx.one("SELECT code FROM party WHERE id = ?1", daybook_core::vals![*one])).unwrap();
        assert_eq!(&code, second);
    });
}
