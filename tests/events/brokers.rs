//! NATS with JetStream, by a broker of a few lines: what is kept, what is confirmed, what is tried again.

use std::io::{BufRead, BufReader, Read, Write};
use std::time::Duration;

use daybook_core::daybook::events::Channel;
use daybook_events::{Settings, administer};

use super::receivers::Receiver;
use super::{deliver, post, standing, subscribe};
use crate::support::each_database;

const INFO: &str = r#"INFO {"server_id":"one","version":"2.10.0","proto":1,"max_payload":1048576,"headers":true}"#;

/// A broker that keeps what is published and answers with `confirmation`.
fn broker(confirmation: &'static str) -> Receiver {
    Receiver::start(move |mut stream, kept| {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut listener = String::new();
        write!(stream, "{INFO}\r\n").unwrap();
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["PING"] => write!(stream, "PONG\r\n").unwrap(),
                ["SUB", _, id] => listener = (*id).to_owned(),
                ["HPUB", subject, reply, head, whole] => {
                    let (head, whole): (usize, usize) = (head.parse().unwrap(), whole.parse().unwrap());
                    let mut bytes = vec![0; whole + 2];
                    reader.read_exact(&mut bytes).unwrap();
                    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                    kept.lock().unwrap().push((format!("{subject}\n{}", text(&bytes[..head])), text(&bytes[head..whole])));
                    write!(stream, "MSG {reply} {listener} {}\r\n{confirmation}\r\n", confirmation.len()).unwrap();
                }
                _ => {}
            }
            line.clear();
        }
    })
}

fn sending(receiver: &Receiver) -> Settings {
    Settings { nats: Some(format!("nats://{}", receiver.address)), patience: Duration::from_secs(2), ..Settings::default() }
}

#[test]
fn an_event_is_kept_by_a_stream_under_its_id() {
    each_database(|books| {
        let receiver = broker(r#"{"stream":"BOOKS","seq":1}"#);
        subscribe(books, &sending(&receiver), Channel::Nats, "billing.posted", "acme.books");
        post(books, "ACME", 1);
        assert_eq!(deliver(books, &sending(&receiver), 1).delivered, 1);
        let (head, body) = receiver.arrived().remove(0);
        let event = administer::list(&books.app, books.app.actor(), false, 1).unwrap()[0].event;
        assert!(head.starts_with("acme.books.billing.posted\n") && head.contains(&format!("Nats-Msg-Id: {event}")), "{head}");
        assert!(body.contains("\"type\":\"billing.posted\""), "{body}");
    });
}

#[test]
fn what_no_stream_keeps_waits() {
    each_database(|books| {
        let refusing = broker(r#"{"error":{"code":503,"err_code":10077,"description":"maximum messages exceeded"}}"#);
        subscribe(books, &sending(&refusing), Channel::Nats, "*", "acme");
        post(books, "ACME", 1);
        assert_eq!(deliver(books, &sending(&refusing), 1).failed, 1);
        assert_eq!(deliver(books, &Settings::default(), 100).failed, 1);
        let (state, attempts, reason) = standing(books).remove(0);
        assert_eq!((state.as_str(), attempts, reason.as_str()), ("waiting", 2, "This program has no NATS server to send with."));
        for place in ["", "acme.", ".acme", "a b", "a.*", "a.>", "a\r\nPUB x 1"] {
            let refused = administer::subscribe(&books.app, books.app.actor(), &Settings::default(), Channel::Nats, "*", place);
            assert_eq!(refused.unwrap_err().code(), "delivery.target", "{place:?}");
        }
    });
}
