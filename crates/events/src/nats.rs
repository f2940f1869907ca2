//! Messages to a NATS stream, confirmed by JetStream: plain NATS forgets what nobody listens to.

use std::time::Duration;

use async_nats::ConnectOptions;
use async_nats::jetstream::context::Context;
use async_nats::jetstream::message::PublishMessage;
use daybook_core::shared::{Error, Kind, Result};

use crate::Message;

/// The longest one message may take.
const TAKES_MAX: Duration = Duration::from_secs(10);

/// Publishes `message` to the subject `prefix.name`, with its id in `Nats-Msg-Id`, by which a stream drops
/// what it has already. Delivered means that a stream has kept it.
pub fn publish(url: &str, prefix: &str, message: &Message) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async { tokio::time::timeout(TAKES_MAX, kept(url, prefix, message)).await }).map_err(failed)?
}

async fn kept(url: &str, prefix: &str, message: &Message) -> Result<()> {
    let body = message.to_json()?;
    let client = ConnectOptions::new().connect(url).await.map_err(failed)?;
    let outgoing = PublishMessage::build().payload(body.into()).message_id(message.id.to_string());
    let stream = async_nats::jetstream::new(client);
    let sent = Context::send_publish(&stream, format!("{prefix}.{}", message.name), outgoing).await.map_err(failed)?;
    sent.await.map(drop).map_err(failed)
}

fn failed(detail: impl std::fmt::Display) -> Error {
    Error::new(Kind::Busy, "delivery.broker").arg("detail", detail)
}
