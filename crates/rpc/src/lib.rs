//! One door to open books. The window, the browser, the command line and the tests all call
//! [`Desk::call`] with a method and a JSON body, and get bytes back.
//!
//! Map: [`Desk`] the books, open or not yet made · `methods` the table of methods · `status`,
//! `register`, `texts`, `records`, `changes` what they answer · [`Uploads`] files on their way in ·
//! [`jobs`] long work on threads of its own · `paper` documents as PDF ·
//! `attachments` files of the books.
//!
//! No business rule lives here: commands and queries of the core do the work and authorise it.

mod attachments;
mod caption;
mod changes;
mod desk;
mod files;
mod find;
pub mod jobs;
mod methods;
mod paper;
mod records;
mod register;
mod reply;
mod sample;
mod status;
mod sync;
mod texts;
mod uploads;

pub use daybook_sync::guard::Guard;
pub use desk::{Access, Desk, default_books, sample_books};
pub use files::{unescaped, write_whole};
pub use paper::pdf_of;
pub use records::{QUERIES as GENERIC_QUERIES, answer as answer_generic};
pub use register::{register, reply as register_reply};
pub use reply::{Media, Reply};
pub use sample::fill as fill_sample;
pub use texts::{Refusal, Texts, languages, texts};
pub use uploads::{Incoming, UPLOAD_MAX, Upload, Uploads};
