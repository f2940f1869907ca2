//! A whole document: its head and all its rows, moved in and out of the books together.

use super::model::{Adjustment, Detail, Header, Line, Party, TaxLine};
use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::record::Record;
use crate::shared::{Id, Val};
use crate::vals;

/// A document with all its rows.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Document {
    /// The head.
    pub header: Header,
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// Allowances and charges.
    pub adjustments: Vec<Adjustment>,
    /// The VAT breakdown.
    pub tax_rows: Vec<TaxLine>,
    /// Everybody on it.
    pub parties: Vec<Party>,
    /// Notes, preceding documents, accounts.
    pub details: Vec<Detail>,
}

impl Document {
    /// Reads the document; `record.not_found` when there is none.
    pub fn read(tx: &mut Tx<'_>, id: Id<Header>) -> Result<Self> {
        Ok(Document {
            header: tx.get(vals![id])?,
            lines: tx.find_all(&["document"], vals![id])?,
            adjustments: tx.find_all(&["document"], vals![id])?,
            tax_rows: tx.find_all(&["document"], vals![id])?,
            parties: tx.find_all(&["document"], vals![id])?,
            details: tx.find_all(&["document"], vals![id])?,
        })
    }
    /// Writes a document that is not in the books yet: its rows first, then the head, because nothing
    /// may be added to a posted one.
    pub fn insert(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.insert_rows(tx)?;
        tx.insert(&self.header)
    }
    /// Puts this document in the place of the draft `old`.
    pub fn replace(&self, tx: &mut Tx<'_>, old: &Document) -> Result<()> {
        old.remove_rows(tx)?;
        self.insert_rows(tx)?;
        tx.update(&old.header, &self.header)
    }
    /// Removes a draft.
    pub fn remove(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.remove_rows(tx)?;
        tx.remove(&self.header)
    }
    /// BLAKE3 hash of everything the document says, independent of the database.
    pub fn content_hash(&self) -> String {
        self.hash_as(Header { content_hash: Default::default(), entry: None, ..self.header.clone() })
    }
    /// The hash it had before it got its number: what the number's chain keeps.
    pub fn unnumbered_hash(&self, accounting_date: crate::shared::Date) -> String {
        let number = crate::shared::Name::default();
        self.hash_as(Header { content_hash: Default::default(), entry: None, number, accounting_date, ..self.header.clone() })
    }

    fn hash_as(&self, unnamed: Header) -> String {
        let mut hasher = blake3::Hasher::new();
        hash_rows(&mut hasher, std::slice::from_ref(&unnamed));
        hash_rows(&mut hasher, &self.lines);
        hash_rows(&mut hasher, &self.adjustments);
        hash_rows(&mut hasher, &self.tax_rows);
        hash_rows(&mut hasher, &self.parties);
        hash_rows(&mut hasher, &self.details);
        hasher.finalize().to_hex().to_string()
    }

    fn insert_rows(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.insert_all(&self.lines)?;
        tx.insert_all(&self.adjustments)?;
        tx.insert_all(&self.tax_rows)?;
        tx.insert_all(&self.parties)?;
        tx.insert_all(&self.details)
    }
    fn remove_rows(&self, tx: &mut Tx<'_>) -> Result<()> {
        remove_all(tx, &self.details)?;
        remove_all(tx, &self.parties)?;
        remove_all(tx, &self.tax_rows)?;
        remove_all(tx, &self.adjustments)?;
        remove_all(tx, &self.lines)
    }
}

fn remove_all<R: Record>(tx: &mut Tx<'_>, rows: &[R]) -> Result<()> {
    rows.iter().try_for_each(|row| tx.remove(row))
}

fn hash_rows<R: Record>(hasher: &mut blake3::Hasher, rows: &[R]) {
    let mut rows: Vec<Vec<Val>> = rows.iter().map(Record::to_row).collect();
    rows.sort();
    for row in rows {
        hasher.update(R::TABLE.as_bytes());
        for val in row {
            match val {
                Val::Null => hasher.update(&[0]),
                Val::Int(int) => hasher.update(&[1]).update(&int.to_be_bytes()),
                Val::Text(text) => hasher.update(&[2]).update(&text.len().to_be_bytes()).update(text.as_bytes()),
                Val::Id(bytes) => hasher.update(&[3]).update(&bytes),
                Val::Bytes(bytes) => hasher.update(&[4]).update(&bytes.len().to_be_bytes()).update(&bytes),
            };
        }
    }
}
