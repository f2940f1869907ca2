//! The rows of files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::media::MediaType;
use crate::shared::{Code, Id, Name, field};
use crate::{choice, record};

choice! {
    /// What a person may attach files to. Documents have theirs in their drafts.
    pub enum Subject {
        /// The company.
        Company = "company",
        /// A customer or supplier.
        Party = "party",
        /// An item.
        Item = "item",
        /// A journal entry; it is posted, so its files stay.
        Entry = "journal_entry",
    }
}

impl Subject {
    /// Whether it is posted from the start: what is attached to it stays for good.
    pub const fn is_final(self) -> bool {
        matches!(self, Subject::Entry)
    }
}

/// Content of the books, named by its hash, with what it is called: what storing a file answers and what
/// attaching one takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StoredFile {
    /// BLAKE3 hash of the content, in hexadecimal.
    pub hash: Code,
    /// Name of the file.
    pub name: Name,
    /// What it is.
    pub media_type: MediaType,
    /// Bytes.
    pub size: i64,
}

record! {
    /// A file attached to something (BT-125 on documents). The content is kept apart, under its hash.
    pub struct Attachment in "file_attachment" key 3 removable {
        /// The table of what it is attached to.
        subject_kind: Code = field().listed(),
        /// What it is attached to.
        subject: Id<()>,
        /// Its place there.
        n: i64,
        /// BLAKE3 hash of the content.
        hash: Code,
        /// Name of the file.
        name: Name = field().wide(30).listed(),
        /// What it is.
        media_type: MediaType = field().listed(),
        /// Bytes.
        size: i64 = field().listed(),
        /// Whether it is on something posted: it stays for good.
        kept: bool = field().readonly().listed(),
    }
}

impl Attachment {
    /// A file at place `n` of something.
    pub fn of<T>(subject_kind: Code, subject: Id<T>, n: i64, file: &StoredFile, kept: bool) -> Self {
        Attachment {
            subject_kind,
            subject: subject.cast(),
            n,
            hash: file.hash.clone(),
            name: super::media::clean_name(&file.name, file.media_type),
            media_type: file.media_type,
            size: file.size,
            kept,
        }
    }
}
