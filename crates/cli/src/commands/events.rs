//! `daybook events`: who hears of what happens in the books, and how far they were told.

use std::path::PathBuf;
use std::process::ExitCode;

use daybook_core::daybook::events::{Channel, Figures, Listed, Subscription, SubscriptionId};
use daybook_core::shared::Id;
use daybook_core::shared::error::{Error, Result as CoreResult};
use daybook_events::{Settings, administer, turn};
use serde_json::{Value, json};

use crate::args::{Events, ListEvents, Resend, Subscribe};
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;
use crate::table::{self, Column};
use crate::values::moment;

/// Does what was asked for.
pub fn run(named: &Option<PathBuf>, events: &Events, screen: &Screen) -> Result<ExitCode, Failure> {
    match events {
        Events::List(asked) => list(named, asked, screen)?,
        Events::Subscribe(wanted) => subscribe(named, wanted, screen)?,
        Events::Unsubscribe { id } => unsubscribe(named, id, screen)?,
        Events::Resend(again) => resend(named, again, screen)?,
        Events::Test { id } => test(named, id, screen)?,
        Events::Deliver => deliver(named, screen)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(named: &Option<PathBuf>, asked: &ListEvents, screen: &Screen) -> Result<(), Failure> {
    let desk = books::for_reading(named)?;
    let read = |app: &daybook_core::app::App| {
        Ok((administer::subscriptions(app, app.actor())?, administer::list(app, app.actor(), asked.dead, i64::from(asked.limit))?, administer::figures(app)?))
    };
    let (subscriptions, deliveries, figures) = desk.with(read).at("events")?;
    show(&subscriptions, &deliveries, figures, screen)
}

/// Shows subscriptions, deliveries, and how they stand.
pub fn show(subscriptions: &[Subscription], deliveries: &[Listed], figures: Figures, screen: &Screen) -> Result<(), Failure> {
    if screen.json {
        let subscriptions: Vec<Value> = subscriptions.iter().map(facts).collect();
        return screen.value(&json!({ "subscriptions": subscriptions, "deliveries": deliveries, "figures": figures }));
    }
    let whom: Vec<Vec<String>> = subscriptions.iter().map(|s| vec![s.id.to_string(), s.channel.to_string(), s.names.clone(), s.target.clone()]).collect();
    let what: Vec<Vec<String>> = deliveries.iter().map(delivery_cells).collect();
    screen.write(|out| {
        table::write(out, &["subscription", "channel", "events", "to"].map(Column::whole), &whom)?;
        writeln!(out)?;
        let mut columns: Vec<Column> = ["event", "name", "subscription", "state", "tries", "at"].map(Column::whole).into_iter().collect();
        columns.push(Column::new("reason", false));
        table::write(out, &columns, &what)?;
        writeln!(out, "\n{}", standing(figures))
    })
}

/// What may be shown of a subscription.
fn facts(of: &Subscription) -> Value {
    json!({ "id": of.id, "channel": of.channel, "names": of.names, "target": of.target, "since": of.since, "created_at": of.created_at })
}

/// Position and ordinal of the event name it for `resend`; the time is the next attempt's while it waits.
fn delivery_cells(of: &Listed) -> Vec<String> {
    let at = if of.state == "waiting" { of.next_at } else { of.noted_at };
    vec![format!("{}.{}", of.pos, of.n), of.name.clone(), of.subscription.to_string(), of.state.clone(), of.attempts.to_string(), moment(at), of.error.clone()]
}

fn standing(figures: Figures) -> String {
    let Figures { fresh, waiting, failing, done, dead, lag_ms } = figures;
    format!("{} wait ({failing} failed before, the oldest for {} s), {done} arrived, {dead} given up", fresh + waiting, lag_ms / 1000)
}

fn subscribe(named: &Option<PathBuf>, wanted: &Subscribe, screen: &Screen) -> Result<(), Failure> {
    let desk = books::for_writing(named)?;
    let settings = Settings::from_environment().at("events")?;
    let subscribe = |channel| desk.with(|app| administer::subscribe(app, app.actor(), &settings, channel, &wanted.names, &wanted.target));
    let made = channel(&wanted.channel).and_then(subscribe).at("events")?;
    show_made(&made, screen)
}

/// Shows a new subscription, with its secret.
pub fn show_made(made: &Subscription, screen: &Screen) -> Result<(), Failure> {
    if screen.json {
        let mut shown = facts(made);
        if let (Some(shown), false) = (shown.as_object_mut(), made.secret.is_empty()) {
            shown.insert("secret".to_owned(), made.secret.clone().into());
        }
        return screen.value(&shown);
    }
    screen.say(format!("subscribed: {}", made.id))?;
    if made.secret.is_empty() { Ok(()) } else { screen.say(format!("secret, shown this once: {}", made.secret)) }
}

fn unsubscribe(named: &Option<PathBuf>, id: &str, screen: &Screen) -> Result<(), Failure> {
    let desk = books::for_writing(named)?;
    let id = subscription_id(id).at("events")?;
    desk.with(|app| administer::unsubscribe(app, app.actor(), id)).at("events")?;
    answer(screen, &json!({ "unsubscribed": id }), format!("ended: {id}"))
}

fn resend(named: &Option<PathBuf>, again: &Resend, screen: &Screen) -> Result<(), Failure> {
    let (place, to) = which(again).at("events")?;
    let desk = books::for_writing(named)?;
    let count = desk.with(|app| administer::resend(app, app.actor(), place, to)).at("events")?;
    answer(screen, &json!({ "waiting": count }), format!("{count} to be delivered again"))
}

fn test(named: &Option<PathBuf>, id: &str, screen: &Screen) -> Result<(), Failure> {
    let desk = books::for_writing(named)?;
    let settings = Settings::from_environment().at("events")?;
    let id = subscription_id(id).at("events")?;
    let actor = desk.with(|app| Ok(app.actor())).at("events")?;
    administer::test(&*desk, actor, &settings, id).at(id)?;
    answer(screen, &json!({ "delivered": true }), "arrived".to_owned())
}

fn deliver(named: &Option<PathBuf>, screen: &Screen) -> Result<(), Failure> {
    let desk = books::for_writing(named)?;
    let settings = Settings::from_environment().at("events")?;
    let now = desk.with(|app| Ok(app.now())).at("events")?;
    let done = turn(&*desk, &settings, now).at("events")?;
    answer(screen, &json!({ "delivered": done.delivered, "failed": done.failed }), format!("{} arrived, {} failed", done.delivered, done.failed))
}

/// Answers in the form that was asked for.
pub fn answer(screen: &Screen, value: &Value, words: String) -> Result<(), Failure> {
    if screen.json { screen.value(value) } else { screen.say(words) }
}

/// The channel that a word names.
pub fn channel(word: &str) -> CoreResult<Channel> {
    Channel::from_word(word).ok_or_else(|| Error::invalid("args.invalid").arg("detail", word))
}

/// The id of a subscription.
pub fn subscription_id(text: &str) -> CoreResult<SubscriptionId> {
    Id::parse(text)
}

/// Position and ordinal of an event, and a subscription; all of them where there is none.
pub type Which = (Option<(i64, i64)>, Option<SubscriptionId>);

/// The event and the subscription that are meant.
pub fn which(again: &Resend) -> CoreResult<Which> {
    Ok((again.event.as_deref().map(place).transpose()?, again.to.as_deref().map(subscription_id).transpose()?))
}

/// `412.0`: the second is the ordinal among the events of entry 412.
fn place(text: &str) -> CoreResult<(i64, i64)> {
    let parts = text.split_once('.').and_then(|(pos, n)| Some((pos.parse().ok()?, n.parse().ok()?)));
    parts.ok_or_else(|| Error::invalid("event.place").arg("value", text))
}
