//! What people do with events: subscribe, see how deliveries stand, send again what was given up. Whoever
//! acts must be allowed to administer the firm.

use daybook_core::app::App;
use daybook_core::daybook::chain;
use daybook_core::daybook::events::{self, Channel, Figures, Listed, Subscription, SubscriptionId, event_id};
use daybook_core::daybook::state::Part;
use daybook_core::db::Tx;
use daybook_core::identity::api::authorize;
use daybook_core::shared::context::UserId;
use daybook_core::shared::id::CommandId;
use daybook_core::shared::{Error, Instant, Kind, Permission, Result};
use serde_json::Value;

use crate::webhook::{address, signature};
use crate::{Books, Message, Settings, mail, outlet};

/// Makes a subscription: from the next entry on, events that `names` mean go to `target`. For webhooks the
/// answer has the secret that the receiver needs; nothing shows it again. `event.device` on a device's copy
/// of a server's books.
pub fn subscribe(app: &App, actor: UserId, settings: &Settings, channel: Channel, names: &str, target: &str) -> Result<Subscription> {
    check_delivers(app)?;
    may_administer(app, actor)?;
    let wanted = wanted(settings, channel, names, target, app.now())?;
    app.storage().write(|tx| begin(tx, wanted))
}

/// A subscription as somebody wants it, checked, which hears of nothing yet.
pub fn wanted(settings: &Settings, channel: Channel, names: &str, target: &str, created_at: Instant) -> Result<Subscription> {
    outlet::check_built(channel)?;
    let target = checked_target(settings, channel, target)?;
    let secret = if channel == Channel::Webhook { signature::new_secret()? } else { String::new() };
    let names = names.split([' ', ',']).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    Ok(Subscription { id: CommandId::mint().cast(), channel, names, target, secret, since: i64::MAX, created_at })
}

/// Keeps a subscription that hears of everything from now on. It asks nobody: for the operator of a server.
pub fn begin(tx: &mut Tx<'_>, wanted: Subscription) -> Result<Subscription> {
    let (since, _) = chain::head(tx)?;
    let subscription = Subscription { since, ..wanted };
    events::subscribe(tx, &subscription)?;
    Ok(subscription)
}

/// Ends a subscription and what still waits for it.
pub fn unsubscribe(app: &App, actor: UserId, id: SubscriptionId) -> Result<()> {
    may_administer(app, actor)?;
    app.storage().write(|tx| events::unsubscribe(tx, id))
}

/// All subscriptions; without their secrets.
pub fn subscriptions(app: &App, actor: UserId) -> Result<Vec<Subscription>> {
    may_administer(app, actor)?;
    let all = app.read(|tx, _| events::subscriptions(tx))?;
    Ok(all.into_iter().map(|subscription| Subscription { secret: String::new(), ..subscription }).collect())
}

/// The newest deliveries, `most` at most; with `only_dead` those that were given up.
pub fn list(app: &App, actor: UserId, only_dead: bool, most: i64) -> Result<Vec<Listed>> {
    may_administer(app, actor)?;
    app.read(|tx, _| events::list(tx, only_dead, most))
}

/// How deliveries stand, for metrics.
pub fn figures(app: &App) -> Result<Figures> {
    app.read(|tx, _| events::figures(tx, app.now()))
}

/// Tries again what was given up: the event at `place` (position and ordinal) or all, for one subscription
/// or all. Says how many deliveries that are.
pub fn resend(app: &App, actor: UserId, place: Option<(i64, i64)>, subscription: Option<SubscriptionId>) -> Result<usize> {
    may_administer(app, actor)?;
    app.storage().write(|tx| events::resend(tx, place, subscription, app.now()))
}

/// Sends the event `daybook.test` at once, and says what came of it.
pub fn test(books: &impl Books, actor: UserId, settings: &Settings, id: SubscriptionId) -> Result<()> {
    let (subscription, now) = books.with(|app| {
        check_delivers(app)?;
        may_administer(app, actor)?;
        Ok((app.read(|tx, _| events::subscription(tx, id))?, app.now()))
    })?;
    let message = Message { id: event_id(CommandId::mint(), 0), name: "daybook.test".to_owned(), subject: id.cast(), details: Value::Null, at: now };
    outlet::send(books, settings, &subscription, &message, now)
}

/// `event.device` on a device's copy of a server's books: the server delivers.
fn check_delivers(app: &App) -> Result<()> {
    if app.device().part == Part::Device { Err(Error::new(Kind::State, "event.device")) } else { Ok(()) }
}

fn may_administer(app: &App, actor: UserId) -> Result<()> {
    app.read(|tx, _| authorize(tx, actor, Permission::Administer))
}

/// The target in the form in which it is used.
fn checked_target(settings: &Settings, channel: Channel, target: &str) -> Result<String> {
    let target = target.trim();
    match channel {
        Channel::Webhook => address::read(target, &settings.reachable).map(String::from),
        Channel::Mail if target == mail::BUYER => Ok(target.to_owned()),
        Channel::Mail => mail::address(target).map(|address| address.to_string()).map_err(|e| e.field("target")),
        Channel::RabbitMq | Channel::Nats => place_at_broker(target),
    }
}

/// An exchange, or what subjects begin with: letters, digits, dashes, underscores and dots.
fn place_at_broker(target: &str) -> Result<String> {
    let parts_sound = target.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    if parts_sound && target.len() <= 200 { Ok(target.to_owned()) } else { Err(Error::invalid("delivery.target").arg("value", target).field("target")) }
}
