//! Where webhooks may not go.

use std::net::IpAddr;

use daybook_core::daybook::events::Channel;
use daybook_events::webhook::address::is_public;
use daybook_events::{Settings, administer};

use super::{deliver, post, standing};
use crate::support::{books, each_database};

/// Addresses of this machine, of its network, of what is no web, however they are written.
const REFUSED: &[(&str, &str)] = &[
    ("http://127.0.0.1/", "delivery.address"),
    ("http://127.8.9.10:8080/", "delivery.address"),
    ("http://localhost/", "delivery.address"),
    ("http://LOCALHOST./", "delivery.address"),
    ("http://books.localhost/", "delivery.address"),
    ("http://0.0.0.0/", "delivery.address"),
    ("http://0/", "delivery.address"),
    ("http://2130706433/", "delivery.address"),
    ("http://0x7f000001/", "delivery.address"),
    ("http://0x7f.1/", "delivery.address"),
    ("http://0177.0.0.1/", "delivery.address"),
    ("http://127.1/", "delivery.address"),
    ("http://①②⑦.⓪.⓪.①/", "delivery.address"),
    ("http://169.254.169.254/latest/meta-data/", "delivery.address"),
    ("http://metadata.google.internal/", "delivery.address"),
    ("http://10.0.0.1/", "delivery.address"),
    ("http://172.16.0.1/", "delivery.address"),
    ("http://172.31.255.255/", "delivery.address"),
    ("http://192.168.1.1/", "delivery.address"),
    ("http://100.64.0.1/", "delivery.address"),
    ("http://224.0.0.1/", "delivery.address"),
    ("http://255.255.255.255/", "delivery.address"),
    ("http://[::1]/", "delivery.address"),
    ("http://[::]/", "delivery.address"),
    ("http://[::ffff:127.0.0.1]/", "delivery.address"),
    ("http://[::ffff:a00:1]/", "delivery.address"),
    ("http://[fe80::1]/", "delivery.address"),
    ("http://[fd00::1]/", "delivery.address"),
    ("http://[64:ff9b::7f00:1]/", "delivery.address"),
    ("http://[2002:7f00:1::]/", "delivery.address"),
    ("http://router/", "delivery.address"),
    ("http://printer.local/", "delivery.address"),
    ("https://hooks.example.com:22/", "delivery.port"),
    ("https://hooks.example.com:25/", "delivery.port"),
    ("https://hooks.example.com:5432/", "delivery.port"),
    ("https://user:password@hooks.example.com/", "delivery.url"),
    ("file:///etc/passwd", "delivery.url"),
    ("gopher://hooks.example.com/", "delivery.url"),
    ("ftp://hooks.example.com/", "delivery.url"),
    ("https://", "delivery.url"),
    ("hooks.example.com", "delivery.url"),
    ("http://hooks.example.com\\@127.0.0.1/#", "delivery.url"),
];

#[test]
fn private_addresses_are_refused_however_they_are_written() {
    let books = books();
    for (url, code) in REFUSED {
        let refused = administer::subscribe(&books.app, books.app.actor(), &Settings::default(), Channel::Webhook, "*", url);
        assert_eq!(refused.unwrap_err().code(), *code, "{url}");
    }
    for url in ["https://hooks.example.com/in?key=1", "http://hooks.example.com:8080/", "https://93.184.215.14/", "https://[2606:2800:21f:cb07::1]/"] {
        administer::subscribe(&books.app, books.app.actor(), &Settings::default(), Channel::Webhook, "*", url).unwrap_or_else(|e| panic!("{url}: {e}"));
    }
}

#[test]
fn a_name_is_checked_by_what_it_leads_to() {
    let public = |text: &str| is_public(text.parse::<IpAddr>().unwrap());
    for text in ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "2a00::1"] {
        assert!(public(text), "{text}");
    }
    for text in ["198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1", "192.0.0.1", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "3fff::1", "5f00::1"] {
        assert!(!public(text), "{text}");
    }
}

#[test]
fn an_address_that_became_private_is_given_up_unreached() {
    each_database(|books| {
        let receiver = super::receivers::answering(200);
        let settings = Settings { reachable: vec![receiver.address], ..Settings::default() };
        super::subscribe(books, &settings, Channel::Webhook, "*", &receiver.url());
        post(books, "ACME", 1);
        assert_eq!(deliver(books, &Settings::default(), 1).failed, 1);
        let (state, attempts, _) = standing(books).remove(0);
        assert_eq!((state.as_str(), attempts, receiver.arrived().len()), ("dead", 1, 0));
    });
}
