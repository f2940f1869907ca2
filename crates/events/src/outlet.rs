//! One attempt to deliver one event, over the channel of its subscription.

use daybook_core::daybook::events::{Channel, Subscription};
use daybook_core::shared::{Error, Instant, Kind, Result};

use crate::{Books, Message, Settings, mail, webhook};

/// Sends `message` to whom the subscription names. Whether trying again may help is in the kind of the
/// error ([`may_pass`]).
pub fn send(books: &impl Books, settings: &Settings, subscription: &Subscription, message: &Message, now: Instant) -> Result<()> {
    match subscription.channel {
        Channel::Mail => {
            let server = settings.mail.as_ref().ok_or_else(|| not_set_up("mail server", "DAYBOOK_SMTP_URL"))?;
            let letter = books.with(|app| mail::letter(app, &subscription.target, message))?;
            mail::send(server, settings.patience, &mail::compose(server, &letter, message.id, now)?)
        }
        Channel::Webhook => webhook::send(settings, &subscription.target, &subscription.secret, message, now),
        Channel::RabbitMq => to_rabbitmq(settings, subscription, message),
        Channel::Nats => to_nats(settings, subscription, message),
    }
}

/// Whether trying again later may help: anything but what the receiver, the address or the event itself
/// rules out.
pub fn may_pass(error: &Error) -> bool {
    !matches!(error.kind(), Kind::Invalid | Kind::Denied | Kind::NotFound)
}

/// Refuses channels that this program was built without.
pub fn check_built(channel: Channel) -> Result<()> {
    match channel {
        Channel::RabbitMq if !cfg!(feature = "rabbitmq") => Err(not_built("RabbitMQ", "rabbitmq")),
        Channel::Nats if !cfg!(feature = "nats") => Err(not_built("NATS", "nats")),
        _ => Ok(()),
    }
}

fn not_set_up(what: &str, setting: &str) -> Error {
    Error::new(Kind::State, "delivery.not_set_up").arg("what", what).arg("setting", setting)
}

fn not_built(what: &str, feature: &str) -> Error {
    Error::new(Kind::State, "delivery.not_built").arg("what", what).arg("feature", feature)
}

#[cfg(feature = "rabbitmq")]
fn to_rabbitmq(settings: &Settings, subscription: &Subscription, message: &Message) -> Result<()> {
    let url = settings.rabbitmq.as_deref().ok_or_else(|| not_set_up("RabbitMQ server", "DAYBOOK_RABBITMQ_URL"))?;
    crate::rabbitmq::publish(url, &subscription.target, message)
}
#[cfg(not(feature = "rabbitmq"))]
fn to_rabbitmq(_: &Settings, subscription: &Subscription, _: &Message) -> Result<()> {
    check_built(subscription.channel)
}

#[cfg(feature = "nats")]
fn to_nats(settings: &Settings, subscription: &Subscription, message: &Message) -> Result<()> {
    let url = settings.nats.as_deref().ok_or_else(|| not_set_up("NATS server", "DAYBOOK_NATS_URL"))?;
    crate::nats::publish(url, &subscription.target, message)
}
#[cfg(not(feature = "nats"))]
fn to_nats(_: &Settings, subscription: &Subscription, _: &Message) -> Result<()> {
    check_built(subscription.channel)
}
