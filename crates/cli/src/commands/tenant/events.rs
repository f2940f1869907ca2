//! `daybook tenant events`: whom the server tells of what happens at a tenant, beside a server that runs.

use daybook_core::daybook::events;
use daybook_core::shared::error::Result as CoreResult;
use daybook_events::{Settings, administer};
use daybook_server::central::Place;
use serde_json::json;

use crate::args::{ListEvents, Resend, Subscribe, TenantEvents};
use crate::commands::central::timer;
use crate::commands::events::{answer, channel, show, show_made, subscription_id, which};
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Does what is asked.
pub fn run(place: &Place, tenant: &str, events: &TenantEvents, screen: &Screen) -> Result<(), Failure> {
    match events {
        TenantEvents::List(asked) => list(place, tenant, asked, screen),
        TenantEvents::Subscribe(wanted) => subscribe(place, tenant, wanted).at(tenant).and_then(|made| show_made(&made, screen)),
        TenantEvents::Unsubscribe { id } => unsubscribe(place, tenant, id, screen),
        TenantEvents::Resend(again) => resend(place, tenant, again, screen),
    }
}

fn list(place: &Place, tenant: &str, asked: &ListEvents, screen: &Screen) -> Result<(), Failure> {
    let now = timer()();
    let read =
        place.read_beside(tenant, |tx| Ok((events::subscriptions(tx)?, events::list(tx, asked.dead, i64::from(asked.limit))?, events::figures(tx, now)?)));
    let (subscriptions, deliveries, figures) = read.at(tenant)?;
    show(&subscriptions, &deliveries, figures, screen)
}

fn subscribe(place: &Place, tenant: &str, wanted: &Subscribe) -> CoreResult<events::Subscription> {
    let settings = Settings::from_environment()?;
    let wanted = administer::wanted(&settings, channel(&wanted.channel)?, &wanted.names, &wanted.target, timer()())?;
    place.write_beside(tenant, |tx| administer::begin(tx, wanted))
}

fn unsubscribe(place: &Place, tenant: &str, id: &str, screen: &Screen) -> Result<(), Failure> {
    let id = subscription_id(id).at(tenant)?;
    place.write_beside(tenant, |tx| events::unsubscribe(tx, id)).at(tenant)?;
    answer(screen, &json!({ "unsubscribed": id }), format!("ended: {id}"))
}

fn resend(place: &Place, tenant: &str, again: &Resend, screen: &Screen) -> Result<(), Failure> {
    let (event, to) = which(again).at(tenant)?;
    let now = timer()();
    let count = place.write_beside(tenant, |tx| events::resend(tx, event, to, now)).at(tenant)?;
    answer(screen, &json!({ "waiting": count }), format!("{count} to be delivered again"))
}
