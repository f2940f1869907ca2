//! Webhooks as stories: signed, repeated until taken, never led astray.

use std::io::Write;
use std::time::{Duration, Instant as Moment};

use daybook_core::daybook::events::{Channel, event_id};
use daybook_core::shared::Id;
use daybook_core::shared::id::CommandId;
use daybook_events::webhook::{BODY_MAX, send, signature};
use daybook_events::{Message, Settings, administer};
use serde_json::{Value, json};

use super::receivers::{Receiver, answering, header, reply, web};
use super::{at, deliver, post, standing, subscribe};
use crate::support::each_database;

fn reaching(receivers: &[&Receiver]) -> Settings {
    Settings { reachable: receivers.iter().map(|receiver| receiver.address).collect(), ..Settings::default() }
}

fn message(details: Value) -> Message {
    Message { id: event_id(CommandId::mint(), 0), name: "daybook.test".to_owned(), subject: Id::from_bytes([7; 16]), details, at: at(0) }
}

#[test]
fn a_posted_invoice_arrives_signed() {
    each_database(|books| {
        let receiver = answering(204);
        let made = subscribe(books, &reaching(&[&receiver]), Channel::Webhook, "billing.posted", &receiver.url());
        let number = post(books, "ACME", 1).remove(0);
        assert_eq!(deliver(books, &reaching(&[&receiver]), 5).delivered, 1);
        let (head, body) = receiver.arrived().remove(0);
        let said: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((said["type"].as_str(), said["data"]["details"]["number"].as_str()), (Some("billing.posted"), Some(number.as_str())));
        assert!(said["timestamp"].as_str().unwrap().starts_with("2011-01-15T12:"), "{said}");
        assert_eq!((header(&head, "webhook-id"), header(&head, "content-type")), (said["id"].as_str().unwrap().to_owned(), "application/json".to_owned()));
        let seconds: i64 = header(&head, "webhook-timestamp").parse().unwrap();
        assert_eq!(seconds, at(5).millis() / 1000);
        assert_eq!(header(&head, "webhook-signature"), signature::sign(&made.secret, &header(&head, "webhook-id"), seconds, body.as_bytes()).unwrap());
        assert_eq!(deliver(books, &reaching(&[&receiver]), 6).delivered, 0);
        assert_eq!(standing(books), [("done".to_owned(), 1, String::new())]);
    });
}

/// The example of the specification (standardwebhooks.com, "Verifying signatures").
#[test]
fn signatures_are_those_of_the_specification() {
    let body = br#"{"test": 2432232314}"#;
    let signed = signature::sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body).unwrap();
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    for bad in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_?"] {
        assert_eq!(signature::sign(bad, "id", 0, body).unwrap_err().code(), "delivery.secret");
    }
}

#[test]
fn what_fails_is_tried_again_with_the_same_id() {
    each_database(|books| {
        let receiver =
            web(|(head, _), stream| reply(stream, if header(head, "webhook-timestamp") < (at(100).millis() / 1000).to_string() { 503 } else { 200 }));
        let settings = reaching(&[&receiver]);
        subscribe(books, &settings, Channel::Webhook, "*", &receiver.url());
        post(books, "ACME", 1);
        assert_eq!((deliver(books, &settings, 1).failed, deliver(books, &settings, 12).failed), (1, 1));
        let (state, attempts, reason) = standing(books).remove(0);
        assert_eq!((state.as_str(), attempts, reason.as_str()), ("waiting", 2, "127.0.0.1 answered 503."));
        assert_eq!(administer::figures(&books.app).unwrap().failing, 1);
        assert_eq!(deliver(books, &settings, 200).delivered, 1);
        let ids: std::collections::BTreeSet<String> = receiver.arrived().iter().map(|(head, _)| header(head, "webhook-id")).collect();
        assert_eq!((receiver.arrived().len(), ids.len()), (3, 1));
    });
}

#[test]
fn answers_are_taken_for_what_they_are() {
    let outcome = |receiver: &Receiver, details: Value| {
        let secret = signature::new_secret().unwrap();
        send(&reaching(&[receiver]), &receiver.url(), &secret, &message(details), at(0)).err().map(|error| error.code())
    };
    for (status, code) in [
        (200, None),
        (299, None),
        (301, Some("delivery.redirect")),
        (404, Some("delivery.answer")),
        (410, Some("delivery.gone")),
        (500, Some("delivery.answer")),
    ] {
        assert_eq!(outcome(&answering(status), Value::Null), code, "{status}");
    }
    let large = answering(200);
    assert_eq!(outcome(&large, json!("x".repeat(BODY_MAX))), Some("delivery.too_large"));
    assert_eq!(outcome(&large, json!("x".repeat(BODY_MAX - 300))), None);
    assert_eq!(large.arrived().len(), 1);
    let rubbish = web(|_, stream| drop(stream.write_all(b"\x00\x01 not the web \r\n\r\n")));
    assert_eq!(outcome(&rubbish, Value::Null), Some("delivery.unreachable"));
}

#[test]
fn a_redirect_is_not_followed() {
    let inner = answering(200);
    let target = inner.url();
    let outer = web(move |_, stream| drop(write!(stream, "HTTP/1.1 307 So\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n")));
    let secret = signature::new_secret().unwrap();
    let refused = send(&reaching(&[&outer, &inner]), &outer.url(), &secret, &message(Value::Null), at(0)).unwrap_err();
    assert_eq!((refused.code(), outer.arrived().len(), inner.arrived().len()), ("delivery.redirect", 1, 0));
}

#[test]
fn a_receiver_that_takes_its_time_or_sends_without_end_is_left() {
    let endless = web(|_, stream| {
        let _ = write!(stream, "HTTP/1.1 200 So\r\ncontent-length: 10000000000\r\n\r\n");
        while stream.write_all(&[0; 65536]).is_ok() {}
    });
    let silent = web(|_, _| std::thread::sleep(Duration::from_secs(30)));
    let secret = signature::new_secret().unwrap();
    let began = Moment::now();
    let settings = Settings { patience: Duration::from_secs(2), ..reaching(&[&endless, &silent]) };
    send(&settings, &endless.url(), &secret, &message(Value::Null), at(0)).unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "the body is not read");
    let late = send(&settings, &silent.url(), &secret, &message(Value::Null), at(0)).unwrap_err();
    assert_eq!(late.code(), "delivery.unreachable");
    assert!((2..10).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert_eq!(Settings::default().patience, Duration::from_secs(10));
}
