//! Invoices and credit notes, with every business term of EN 16931. A draft may change freely; posting
//! takes the number, freezes everybody on the paper, enters the ledger and moves the goods, all in one
//! transaction. What is posted is final: it is corrected by another document.
//!
//! draft → posted; *paid*, *overdue* and *reversed* are derived.

pub mod api;
mod compose;
mod document;
mod draft;
mod freeze;
mod model;
mod post;
mod price;
mod proof;
mod rules;
mod selectors;
mod services;
pub mod totals;
mod typed;

pub use document::Document;
pub use draft::{
    AccountDraft, AdjustmentDraft, AttachmentDraft, AttributeDraft, ClassDraft, Draft, LineDraft, NoteDraft, PartyDraft, PaymentDraft, PrecedingDraft,
};
pub use model::{Adjustment, Detail, DetailKind, Header, Identifier, InvoiceRow, Kind, Line, Party, PartyRole, State, TaxLine};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::{Bulk, RecordEntry};
use crate::shared::state::{Machine, Transition};

/// The states of a document.
pub const DOCUMENT: Machine = Machine {
    name: "billing_document",
    states: &["draft", "posted"],
    transitions: &[
        Transition { from: "draft", to: "posted", by: "billing.post_draft" },
        Transition { from: "draft", to: "posted", by: "billing.post_invoice" },
    ],
};

/// The table of contents.
pub const MODULE: Module = Module {
    name: "billing",
    commands: &[
        command::<services::SaveDraft>().undoable(),
        command::<services::DiscardDraft>().undoable(),
        command::<services::PostDraft>(),
        command::<services::PostInvoice>(),
        command::<services::ReverseInvoice>(),
        command::<services::CreditInvoice>(),
    ],
    queries: &[query::<selectors::Preview>(), query::<selectors::Invoice>()],
    records: &[
        RecordEntry::of::<Header>(Permission::Read).revisable_in_draft("billing_document", "id").newest_first(&["issue_date", "number"]),
        RecordEntry::of::<Line>(Permission::Read).revisable_in_draft("billing_document", "document"),
        RecordEntry::of::<Adjustment>(Permission::Read).revisable_in_draft("billing_document", "document"),
        RecordEntry::of::<TaxLine>(Permission::Read).revisable_in_draft("billing_document", "document"),
        RecordEntry::of::<Party>(Permission::Read).revisable_in_draft("billing_document", "document"),
        RecordEntry::of::<Detail>(Permission::Read).revisable_in_draft("billing_document", "document"),
        RecordEntry::of::<Identifier>(Permission::Read).revisable_in_draft("billing_document", "document"),
        RecordEntry::of::<InvoiceRow>(Permission::Read)
            .viewed()
            .searched(&["number", "party_name", "buyer_reference", "project", "contract", "order_reference", "sales_order"])
            .indexed()
            .amounting("payable")
            .giving_back("kind", "credit_note")
            .in_bulk(&[Bulk { command: "billing.post_draft", field: "state", word: "draft" }])
            .newest_first(&["issue_date", "number"])
            .sorted(&["number", "party_name"]),
        RecordEntry::of::<model::TypedDraft>(Permission::Read).revisable_in_draft("billing_document", "document"),
    ],
    machines: &[DOCUMENT],
};
