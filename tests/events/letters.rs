//! Mail as stories: what customers get, what must not be sent, what is tried again.

use daybook_core::daybook::events::{Channel, event_id};
use daybook_core::shared::id::CommandId;
use daybook_events::mail::{Letter, address, compose};
use daybook_events::{MailServer, Security, Settings, administer};
use serde_json::json;

use super::receivers::{Receiver, smtp};
use super::{at, deliver, post, standing, subscribe};
use crate::billing::item;
use crate::support::{TestBooks, each_database};

fn server(receiver: &Receiver) -> MailServer {
    MailServer {
        host: "127.0.0.1".to_owned(),
        port: receiver.address.port(),
        security: Security::None,
        login: None,
        from: "Daybook <books@acme.example>".parse().unwrap(),
    }
}

fn sending(receiver: &Receiver) -> Settings {
    Settings { mail: Some(server(receiver)), ..Settings::default() }
}

/// Posts an invoice to a customer with this e-mail address.
fn post_to(books: &TestBooks, name: &str, email: &str) -> String {
    let party = books.run("parties.save_party", json!({"name": name, "country": "GB", "is_customer": true, "email": email}))["id"].clone();
    let bolt = item(books, &format!("B{name}"), "10.00");
    let posted = books.run("billing.post_invoice", json!({"draft": {"party": party, "lines": [{"item": bolt, "quantity": "2"}]}}));
    posted["number"].as_str().unwrap().to_owned()
}

#[test]
fn the_customer_gets_the_invoice_as_pdf() {
    each_database(|books| {
        let receiver = smtp(|_| "250 taken");
        let settings = sending(&receiver);
        subscribe(books, &settings, Channel::Mail, "billing.posted", "buyer");
        let number = post_to(books, "Zoë & Söhne", "zoe@buyer.example");
        assert_eq!(deliver(books, &settings, 1).delivered, 1);
        let (envelope, mail) = receiver.arrived().remove(0);
        assert!(envelope.contains("<books@acme.example>") && envelope.contains("<zoe@buyer.example>"), "{envelope}");
        assert!(mail.contains(&format!("Subject: Invoice {number} from Acme Ltd")), "{mail}");
        assert!(mail.contains("GBP 24.00") && mail.contains("From: \"Acme Ltd\" <books@acme.example>"), "{mail}");
        let event = administer::list(&books.app, books.app.actor(), false, 1).unwrap()[0].event;
        assert!(mail.contains(&format!("Message-ID: <{event}@acme.example>")), "{mail}");
        assert!(mail.contains(&format!("filename=\"{number}.pdf\"")) && mail.contains("application/pdf"), "{mail}");
        // "%PDF-" in base64.
        assert!(mail.contains("JVBERi0"), "the attachment is a PDF file");
    });
}

#[test]
fn the_mail_speaks_the_language_of_the_document() {
    let books = crate::support::books_in("DE", "EUR");
    let receiver = smtp(|_| "250 taken");
    subscribe(&books, &sending(&receiver), Channel::Mail, "billing.posted", "archiv@acme.example");
    let number = post_to(&books, "Kunde", "kunde@buyer.example");
    assert_eq!(deliver(&books, &sending(&receiver), 1).delivered, 1);
    let (envelope, mail) = receiver.arrived().remove(0);
    assert!(envelope.contains("<archiv@acme.example>") && !envelope.contains("kunde"), "{envelope}");
    let german = books.ask("billing.invoice", json!({"number": number}))["invoice"]["language"] == "de";
    assert_eq!(mail.contains(&format!("Subject: Rechnung {number} von Acme Ltd")), german, "{mail}");
}

#[test]
fn only_what_somebody_does_is_mailed_not_what_an_import_brings() {
    each_database(|books| {
        let receiver = smtp(|_| "250 taken");
        let settings = sending(&receiver);
        subscribe(books, &settings, Channel::Mail, "billing.posted", "buyer");
        let party = books.run("parties.save_party", json!({"name": "Old", "country": "GB", "is_customer": true, "email": "old@buyer.example"}))["id"].clone();
        let draft = json!({"draft": {"party": party, "lines": [{"description": "Past", "quantity": "1", "unit_price": "5"}]}});
        let post = daybook_core::app::Call::new("billing.post_invoice", draft);
        books.app.batch(Some(CommandId::mint().cast()), |batch| batch.execute(post)).unwrap();
        assert_eq!(deliver(books, &settings, 1), daybook_events::Turn::default());
        assert!(standing(books).is_empty() && receiver.arrived().is_empty());
    });
}

#[test]
fn what_cannot_be_mailed_is_given_up_and_says_why() {
    each_database(|books| {
        let receiver = smtp(|_| "250 taken");
        let settings = sending(&receiver);
        subscribe(books, &settings, Channel::Mail, "*", "buyer");
        post(books, "Without", 1);
        post_to(books, "Refused", "nobody@buyer.example");
        books.run("ledger.close_period", json!({"through": "2010-12-31", "reason": "Year end"}));
        deliver(books, &settings, 1);
        let mut reasons: Vec<String> = standing(books).into_iter().map(|(state, attempts, reason)| format!("{state} {attempts} {reason}")).collect();
        assert!(reasons[1].contains("550"), "{reasons:?}");
        reasons.remove(1);
        assert_eq!(reasons, ["dead 1 Without has no e-mail address.", "dead 1 Only posted documents are mailed to the customer, not ledger.period_closed."]);
        assert!(receiver.arrived().is_empty());
    });
}

#[test]
fn a_server_that_is_busy_or_missing_gets_the_mail_later() {
    each_database(|books| {
        let busy = smtp(|_| "451 4.3.0 later");
        subscribe(books, &sending(&busy), Channel::Mail, "billing.posted", "buyer");
        post_to(books, "Ann", "ann@buyer.example");
        assert_eq!(deliver(books, &sending(&busy), 1).failed, 1);
        assert_eq!(deliver(books, &Settings::default(), 100).failed, 1);
        let (state, attempts, reason) = standing(books).remove(0);
        assert_eq!((state.as_str(), attempts, reason.as_str()), ("waiting", 2, "This program has no mail server to send with."));
        let gone = Settings { mail: Some(MailServer { port: 1, ..server(&busy) }), ..Settings::default() };
        assert_eq!(deliver(books, &gone, 200).failed, 1);
        let taking = smtp(|_| "250 taken");
        assert_eq!(deliver(books, &sending(&taking), 1000).delivered, 1);
        let id = |receiver: &Receiver| receiver.arrived()[0].1.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
        assert_eq!(id(&busy), id(&taking));
    });
}

/// Texts that would begin a header, a second mail or a command of their own.
const PAYLOADS: &[&str] = &[
    "a\r\nBcc: victim@evil.example",
    "a\nBcc: victim@evil.example",
    "a\rBcc: victim@evil.example",
    "\r\nBcc: victim@evil.example",
    "a\r\n\r\nbody",
    "a\n\nbody",
    "a\r\n.\r\nMAIL FROM:<x@evil.example>",
    "a\r\nRCPT TO:<x@evil.example>",
    "a\r\nSubject: other",
    "a\r\n Subject: folded",
    "a\r\n\tSubject: folded",
    "a\u{0}b",
    "a\u{b}Bcc: x",
    "a\u{c}Bcc: x",
    "a\u{85}Bcc: x",
    "a\u{2028}Bcc: x",
    "a\u{2029}Bcc: x",
    "a\u{1b}[2J",
    "a\u{7f}b",
    "a\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x",
    "a\u{8}b",
    "\n",
];

#[test]
fn nothing_in_a_name_becomes_a_header() {
    let receiver = smtp(|_| "250 taken");
    let event = event_id(CommandId::mint(), 0);
    let plain = || Letter { to: "ann@buyer.example".to_owned(), subject: "Invoice".to_owned(), text: "Text".to_owned(), ..Letter::default() };
    let composed = |letter: Letter| compose(&server(&receiver), &letter, event, at(0)).map(|mail| String::from_utf8(mail.formatted()).unwrap());
    for payload in PAYLOADS {
        let text = (*payload).to_owned();
        let letters = [
            Letter { to: format!("{text}@buyer.example"), ..plain() },
            Letter { to: format!("ann@{text}"), ..plain() },
            Letter { to_name: Some(text.clone()), ..plain() },
            Letter { from_name: Some(text.clone()), ..plain() },
            Letter { reply_to: Some(text.clone()), ..plain() },
            Letter { subject: text.clone(), ..plain() },
            Letter { pdf: Some((text.clone(), b"%PDF".to_vec())), ..plain() },
        ];
        for letter in letters {
            assert_eq!(composed(letter.clone()).unwrap_err().code(), "delivery.header", "{letter:?}");
        }
        let body = composed(Letter { text: format!("Dear\r\n{text}"), ..plain() }).unwrap();
        let head = body.split("\r\n\r\n").next().unwrap();
        assert!(!head.contains("evil") && head.matches("Subject:").count() == 1, "{head}");
    }
    for harmless in ["Ann \"the boss\" <x@y>", "Zoë, Ltd", "=?utf-8?q?=0D=0ABcc:_x?=", "a; b=c"] {
        let mail = composed(Letter { to_name: Some(harmless.to_owned()), subject: harmless.to_owned(), ..plain() }).unwrap();
        assert!(!mail.to_lowercase().contains("\nbcc:"), "{mail}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for bad in
        ["", "ann", "@buyer.example", "ann@", "a b@buyer.example", "ann@buyer.example, bob@buyer.example", "Ann <ann@buyer.example>", "ann@buyer@example"]
    {
        assert_eq!(address(bad).unwrap_err().code(), "delivery.email", "{bad:?}");
    }
    assert_eq!(address(" ann@buyer.example ").unwrap().to_string(), "ann@buyer.example");
}

#[test]
fn settings_say_how_mail_is_sent_and_keep_the_password() {
    let read = |pairs: &[(&str, &str)]| {
        let found: std::collections::HashMap<String, String> = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Settings::read(|name| found.get(name).cloned())
    };
    let (from, user) = (("DAYBOOK_SMTP_FROM", "Books <books@acme.example>"), ("DAYBOOK_SMTP_USER", "books"));
    let settings = read(&[("DAYBOOK_SMTP_URL", "smtps://mail.acme.example"), from, user, ("DAYBOOK_SMTP_PASSWORD", "hunter2")]).unwrap();
    let mail = settings.mail.clone().unwrap();
    assert_eq!((mail.host.as_str(), mail.port, mail.security), ("mail.acme.example", 465, Security::Tls));
    assert!(!format!("{settings:?} {mail:?}").contains("hunter2"));
    let mail = read(&[("DAYBOOK_SMTP_URL", "smtp://mail.acme.example:2525"), from]).unwrap().mail.unwrap();
    assert_eq!((mail.port, mail.security), (2525, Security::StartTls));
    let mail = read(&[("DAYBOOK_SMTP_URL", "smtp+plain://[::1]"), from]).unwrap().mail.unwrap();
    assert_eq!((mail.host.as_str(), mail.security), ("::1", Security::None));
    assert!(read(&[]).unwrap().mail.is_none());
    let bad: &[&[(&str, &str)]] = &[
        &[("DAYBOOK_SMTP_URL", "smtp+plain://mail.acme.example"), from],
        &[("DAYBOOK_SMTP_URL", "smtps://books:hunter2@mail.acme.example"), from],
        &[("DAYBOOK_SMTP_URL", "http://mail.acme.example"), from],
        &[("DAYBOOK_SMTP_URL", "mail.acme.example"), from],
        &[("DAYBOOK_SMTP_URL", "smtps://mail.acme.example")],
        &[("DAYBOOK_SMTP_URL", "smtps://mail.acme.example"), ("DAYBOOK_SMTP_FROM", "books")],
        &[("DAYBOOK_SMTP_URL", "smtps://mail.acme.example"), from, user],
        &[("DAYBOOK_SMTP_URL", "smtps://mail.acme.example"), from, user, ("DAYBOOK_SMTP_PASSWORD_FILE", "/nowhere/at/all")],
    ];
    for pairs in bad {
        let error = read(pairs).unwrap_err();
        assert!(error.code() == "event.setting" && !error.message().contains("hunter2"), "{pairs:?}: {error}");
    }
}
