//! What a mail says: of a posted document, with its PDF, or of any other event, in bare facts.

use daybook_core::app::App;
use daybook_core::billing::api::document;
use daybook_core::billing::{Document, Header, Kind as DocumentKind, Party, PartyRole};
use daybook_core::shared::{Error, Id, Kind, Result};
use daybook_rpc::pdf_of;

use super::words;
use crate::Message;

/// The target of a subscription that writes to the customer of each document.
pub const BUYER: &str = "buyer";
/// The event whose subject is a document.
const POSTED: &str = "billing.posted";

/// A mail before it has its form.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The address it goes to.
    pub to: String,
    /// Whose that is.
    pub to_name: Option<String>,
    /// On whose behalf it is sent; the mail server's own name otherwise.
    pub from_name: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// A PDF file that goes with it: name and bytes.
    pub pdf: Option<(String, Vec<u8>)>,
}

/// The letter that tells `target` (an address, or [`BUYER`]) of an event. `delivery.no_address` when the
/// customer has none, `delivery.not_for_people` when the event has no customer.
pub fn letter(app: &App, target: &str, message: &Message) -> Result<Letter> {
    match (message.name == POSTED, target == BUYER) {
        (true, _) => of_document(app, target, message.subject.cast()),
        (false, true) => Err(Error::invalid("delivery.not_for_people").arg("name", &message.name)),
        (false, false) => Ok(of_event(target, message)),
    }
}

fn of_event(target: &str, message: &Message) -> Letter {
    let text = format!("{}\n\nevent {}\nrecord {}\n\n{:#}\n", message.name, message.id, message.subject, message.details);
    Letter { to: target.to_owned(), subject: format!("Daybook: {}", message.name), text, ..Letter::default() }
}

fn of_document(app: &App, target: &str, id: Id<Header>) -> Result<Letter> {
    let document = app.read(|tx, _| document(tx, id))?;
    let (seller, buyer) = (party(&document, PartyRole::Seller), party(&document, PartyRole::Buyer));
    let (to, to_name) = match buyer {
        Some(buyer) if target == BUYER => (buyer.email.to_string(), Some(buyer.name.to_string())),
        _ => (target.to_owned(), None),
    };
    if to.is_empty() || to == BUYER {
        return Err(Error::new(Kind::NotFound, "delivery.no_address").arg("name", to_name.unwrap_or_default()));
    }
    let header = &document.header;
    let words = words::of(&header.language)?;
    let from = seller.map(|seller| seller.name.to_string()).unwrap_or_default();
    let amount = format!("{} {}", header.currency, header.payable.display(header.currency));
    let facts = [("number", header.number.to_string()), ("date", header.issue_date.to_string()), ("amount", amount), ("seller", from.clone())];
    let heading = if header.kind == DocumentKind::Invoice { &words.invoice } else { &words.credit_note };
    Ok(Letter {
        to,
        to_name,
        from_name: Some(from).filter(|name| !name.is_empty()),
        reply_to: seller.map(|seller| seller.email.to_string()).filter(|email| !email.is_empty()),
        subject: words::filled(heading, &facts),
        text: words::filled(&words.text, &facts),
        pdf: Some((file_name(&header.number), pdf_of(app, id)?)),
    })
}

fn party(document: &Document, role: PartyRole) -> Option<&Party> {
    document.parties.iter().find(|party| party.role == role)
}

/// A file name of a legal number: what file systems do not take becomes a dash.
fn file_name(number: &str) -> String {
    let plain: String = number.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect();
    format!("{plain}.pdf")
}
