//! What happens after the commit: events of the books travel to whoever subscribed, as mail, as signed
//! webhooks, as messages of a broker.
//!
//! Map: [`Settings`] what this program sends with · [`administer`] subscribing, listing, sending again ·
//! [`worker`] claims what is due and settles it · `outlet` one attempt over one channel: [`mail`],
//! [`webhook`], and a broker where the program was built with one.
//!
//! At least once, with an id that stays the same at every attempt, in order per record. What fails is
//! tried again ([`backoff`]) and in the end given up where people see it. Nothing here holds the books
//! while it waits for the network.
//!
//! Only books that are complete in themselves and those of a server deliver: a device's copy never
//! does, its server will.

pub mod administer;
pub mod backoff;
mod books;
pub mod mail;
mod message;
#[cfg(feature = "nats")]
mod nats;
mod outlet;
#[cfg(feature = "rabbitmq")]
mod rabbitmq;
mod settings;
pub mod webhook;
pub mod worker;

pub use books::Books;
pub use message::Message;
pub use settings::{MailServer, Security, Settings};
pub use worker::{Firms, Stop, Turn, run, run_all, turn};
