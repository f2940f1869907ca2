//! Mail over SMTP: a posted document goes out as its PDF, to the customer or to an address of the firm.

mod letter;
mod words;

use std::time::{Duration, SystemTime};

use daybook_core::daybook::events::EventId;
use daybook_core::shared::{Error, Instant, Kind, Result};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, Message as Mail, SmtpTransport, Transport};

pub use self::letter::{BUYER, Letter, letter};
use crate::{MailServer, Security};

/// Reads an e-mail address. `delivery.header` when it holds control characters, `delivery.email` when it
/// is none.
pub fn address(text: &str) -> Result<Address> {
    let text = head_text(text)?.trim();
    text.parse().map_err(|e: lettre::address::AddressError| Error::invalid("delivery.email").arg("value", text).caused_by(e))
}

/// A text that may stand in the head of a mail: a line break in it would begin a header of its own.
/// `delivery.header` for one that may not.
fn head_text(text: &str) -> Result<&str> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if text.chars().any(breaks) { Err(Error::invalid("delivery.header").arg("value", text.escape_debug())) } else { Ok(text) }
}

/// The mail of a letter. Its `Message-ID` is made from the event's id, so that a mail sent twice is known
/// as one.
pub fn compose(server: &MailServer, letter: &Letter, event: EventId, now: Instant) -> Result<Mail> {
    let failed = |e: lettre::error::Error| Error::internal("delivery.mail").caused_by(e);
    let sender = letter.from_name.as_deref().map(head_text).transpose()?.map(str::to_owned).or_else(|| server.from.name.clone());
    let to_name = letter.to_name.as_deref().map(head_text).transpose()?.map(str::to_owned);
    let millis = u64::try_from(now.millis()).unwrap_or_default();
    let mut head = Mail::builder()
        .message_id(Some(format!("<{event}@{}>", server.from.email.domain())))
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
        .from(Mailbox::new(sender, server.from.email.clone()))
        .to(Mailbox::new(to_name, address(&letter.to)?))
        .subject(head_text(&letter.subject)?);
    if let Some(reply_to) = &letter.reply_to {
        head = head.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    let text = SinglePart::plain(letter.text.clone());
    match &letter.pdf {
        Some((name, bytes)) => {
            let kind = ContentType::parse("application/pdf").map_err(|e| Error::internal("delivery.mail").caused_by(e))?;
            let pdf = Attachment::new(head_text(name)?.to_owned()).body(bytes.clone(), kind);
            head.multipart(MultiPart::mixed().singlepart(text).singlepart(pdf)).map_err(failed)
        }
        None => head.singlepart(text).map_err(failed),
    }
}

/// Hands a mail to the server. `delivery.mail_refused` when it is refused for good, `delivery.mail_later`
/// for everything that may pass, also when one step takes longer than `patience`.
pub fn send(server: &MailServer, patience: Duration, mail: &Mail) -> Result<()> {
    let transport = transport(server, patience).map_err(sorted)?;
    transport.send(mail).map(drop).map_err(sorted)
}

fn transport(server: &MailServer, patience: Duration) -> std::result::Result<SmtpTransport, lettre::transport::smtp::Error> {
    let tls = match server.security {
        Security::Tls => Tls::Wrapper(TlsParameters::new(server.host.clone())?),
        Security::StartTls => Tls::Required(TlsParameters::new(server.host.clone())?),
        Security::None => Tls::None,
    };
    let builder = SmtpTransport::builder_dangerous(&server.host).port(server.port).tls(tls).timeout(Some(patience));
    let builder = match &server.login {
        Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
        None => builder,
    };
    Ok(builder.build())
}

fn sorted(error: lettre::transport::smtp::Error) -> Error {
    // A refused sign-in is a matter of this program's settings: it passes once they are right.
    let sign_in = error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
    let (kind, code) = if error.is_permanent() && !sign_in { (Kind::Invalid, "delivery.mail_refused") } else { (Kind::Busy, "delivery.mail_later") };
    Error::new(kind, code).arg("detail", &error).caused_by(error)
}
