//! The rows of importing.

use serde::{Deserialize, Serialize};

use crate::shared::{Code, Currency, Id, Instant, Minor, Name, Note, field};
use crate::{choice, record};

choice! {
    /// What became of a source row.
    pub enum Outcome {
        /// A line of a document.
        Line = "line",
        /// A stock adjustment.
        Adjustment = "adjustment",
        /// A customer, item or other record.
        Record = "record",
        /// Nothing, for a reason in the report.
        Skipped = "skipped",
    }
}

record! {
    /// A file that was imported.
    pub struct Batch in "import_batch" key 1 {
        /// The id.
        id: Id<Batch>,
        /// What was imported: `sales`, `parties`, `items` …
        kind: Code = field().listed(),
        /// Name of the file.
        file_name: Name = field().wide(30).listed(),
        /// BLAKE3 hash of its bytes.
        file_hash: Code,
        /// The column mapping, as JSON.
        mapping: Note,
        /// Rows of data.
        row_count: i64 = field().listed(),
        /// Invoices posted.
        invoices: i64 = field().listed(),
        /// Credit notes posted.
        credit_notes: i64 = field().listed(),
        /// Stock adjustments made.
        adjustments: i64 = field().listed(),
        /// Customers made.
        new_parties: i64,
        /// Items made.
        new_items: i64,
        /// Σ net of the invoices.
        net: Minor = field().listed(),
        /// Σ net of the credit notes.
        credit_net: Minor = field().listed(),
        /// The currency of both.
        currency: Currency,
        /// When.
        imported_at: Instant = field().listed(),
        /// When it was undone.
        undone_at: Option<Instant> = field().listed(),
    }
}

record! {
    /// What became of a source row.
    pub struct RowTrace in "import_row" key 2 {
        /// The batch.
        batch: Id<Batch> = field().to("import_batch"),
        /// Row of the file; the header is 1.
        n: i64,
        /// What became of it.
        outcome: Outcome,
        /// The document, adjustment or record.
        subject: Option<Id<()>>,
        /// The line of the document.
        line: i64,
    }
}

record! {
    /// A line of the import report.
    pub struct IssueRow in "import_issue" key 2 {
        /// The batch.
        batch: Id<Batch> = field().to("import_batch"),
        /// Its place.
        n: i64,
        /// The first row it is about.
        row_n: i64,
        /// How many rows it is about.
        rows: i64,
        /// The field.
        field: Code,
        /// What it is, a text id.
        code: Code,
        /// The value it is about.
        value: Name,
    }
}

record! {
    /// A column mapping that was used.
    pub struct Mapped in "import_mapping" key 2 removable {
        /// What was imported.
        kind: Code,
        /// Hash of the header.
        header: Code,
        /// The mapping, as JSON.
        mapping: Note,
    }
}

/// Something about the file that a person should know: what it is, where, and how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Issue {
    /// The first row it is about; the header is row 1.
    pub row: i64,
    /// How many rows it is about.
    pub rows: i64,
    /// The field.
    pub field: Code,
    /// What it is, a text id.
    pub code: Code,
    /// The value it is about.
    pub value: Name,
}

impl Issue {
    /// What it says, and what Daybook does about it.
    pub fn told(&self) -> crate::shared::Error {
        crate::shared::Error::invalid(known_code(&self.code)).arg("value", &self.value).arg("rows", self.rows)
    }
}

/// The codes a report may hold.
const CODES: &[&str] = &[
    "import.code_case",
    "import.descriptions",
    "import.no_customer",
    "import.not_goods",
    "import.free_goods",
    "import.no_description",
    "import.adjustment",
    "import.known_document",
    "import.countries",
    "import.dates",
    "import.encoding_guessed",
    "import.known_record",
    "import.doubled_record",
    "import.restored_record",
    "import.no_country",
    "import.mended",
];

fn known_code(code: &str) -> &'static str {
    CODES.iter().find(|known| **known == code).copied().unwrap_or("import.note")
}
