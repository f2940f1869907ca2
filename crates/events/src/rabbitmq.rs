//! Messages to a RabbitMQ exchange (AMQP 0-9-1), confirmed by the broker.

use std::time::Duration;

use daybook_core::shared::{Error, Kind, Result};
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Confirmation, Connection, ConnectionProperties};

use crate::Message;

/// The longest one message may take.
const TAKES_MAX: Duration = Duration::from_secs(10);
/// AMQP's word for a message that outlives a restart of the broker.
const PERSISTENT: u8 = 2;

/// Publishes `message` to `exchange`, with its name as routing key and its id as message id. Delivered means
/// that the broker has put it into at least one queue.
pub fn publish(url: &str, exchange: &str, message: &Message) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let confirmed = runtime.block_on(async { tokio::time::timeout(TAKES_MAX, confirmed(url, exchange, message)).await }).map_err(failed)??;
    match confirmed {
        Confirmation::Ack(None) => Ok(()),
        Confirmation::Ack(Some(_)) => Err(failed("no queue takes it")),
        Confirmation::Nack(_) | Confirmation::NotRequested => Err(failed("it was not confirmed")),
    }
}

async fn confirmed(url: &str, exchange: &str, message: &Message) -> Result<Confirmation> {
    let body = message.to_json()?;
    let connection = Connection::connect(url, ConnectionProperties::default()).await.map_err(failed)?;
    let channel = connection.create_channel().await.map_err(failed)?;
    channel.confirm_select(ConfirmSelectOptions::default()).await.map_err(failed)?;
    let facts =
        BasicProperties::default().with_message_id(message.id.to_string().into()).with_content_type("application/json".into()).with_delivery_mode(PERSISTENT);
    let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let sent = channel.basic_publish(exchange.into(), message.name.as_str().into(), options, &body, facts).await.map_err(failed)?;
    sent.await.map_err(failed)
}

fn failed(detail: impl std::fmt::Display) -> Error {
    Error::new(Kind::Busy, "delivery.broker").arg("detail", detail)
}
