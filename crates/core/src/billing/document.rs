//! A whole document: its head and all its rows, moved in and out of the books together.

use super::model::{Adjustment, Detail, Header, Identifier, Line, Party, TaxLine};
use crate::db::Tx;
use crate::files::Attachment;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::Record;
use crate::shared::{Code, Context, Id, Val};
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
    /// The identifiers of seller and buyer.
    pub identifiers: Vec<Identifier>,
    /// The files of supporting documents, each at the place of its detail.
    pub files: Vec<Attachment>,
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
            identifiers: tx.find_all(&["document"], vals![id])?,
            files: crate::files::api::files_of(tx, &subject_kind(), id)?,
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
    /// The same rows under another head.
    #[must_use]
    pub fn under(mut self, header: Header) -> Self {
        let id = header.id;
        self.header = header;
        self.lines.iter_mut().for_each(|row| row.document = id);
        self.adjustments.iter_mut().for_each(|row| row.document = id);
        self.tax_rows.iter_mut().for_each(|row| row.document = id);
        self.parties.iter_mut().for_each(|row| row.document = id);
        self.details.iter_mut().for_each(|row| row.document = id);
        self.identifiers.iter_mut().for_each(|row| row.document = id);
        self.files.iter_mut().for_each(|row| row.subject = id.cast());
        self
    }
    /// The document that the command makes: composed by `make` at the first execution, and the same word
    /// for word at every later one, whatever others changed in between. The customer has the paper.
    pub fn as_said(tx: &mut Tx<'_>, cx: &mut Context, make: impl FnOnce(&mut Tx<'_>, &mut Context) -> Result<Document>) -> Result<Document> {
        if let Some(bytes) = cx.kept(SAID) {
            return Document::decode(bytes);
        }
        let document = make(tx, cx)?;
        cx.keep(SAID, || document.encode())?;
        Ok(document)
    }
    /// Whether the command runs again and what it said is known.
    pub fn is_said(cx: &Context) -> bool {
        cx.kept(SAID).is_some()
    }
    fn encode(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(2048);
        encode_rows(&mut bytes, std::slice::from_ref(&self.header))?;
        encode_rows(&mut bytes, &self.lines)?;
        encode_rows(&mut bytes, &self.adjustments)?;
        encode_rows(&mut bytes, &self.tax_rows)?;
        encode_rows(&mut bytes, &self.parties)?;
        encode_rows(&mut bytes, &self.details)?;
        encode_rows(&mut bytes, &self.identifiers)?;
        encode_rows(&mut bytes, &self.files)?;
        Ok(bytes)
    }
    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let header = decode_rows(&mut decoder)?.into_iter().next().ok_or_else(|| Error::new(Kind::Corrupt, "daybook.envelope"))?;
        Ok(Document {
            header,
            lines: decode_rows(&mut decoder)?,
            adjustments: decode_rows(&mut decoder)?,
            tax_rows: decode_rows(&mut decoder)?,
            parties: decode_rows(&mut decoder)?,
            details: decode_rows(&mut decoder)?,
            identifiers: decode_rows(&mut decoder)?,
            files: decode_rows(&mut decoder)?,
        })
    }
    /// BLAKE3 hash of everything the document says, independent of the database.
    pub fn content_hash(&self) -> String {
        self.hash_as(Header { content_hash: Default::default(), entry: None, ..self.header.clone() })
    }

    fn hash_as(&self, unnamed: Header) -> String {
        let mut bytes = Vec::with_capacity(4096);
        write_rows(&mut bytes, std::slice::from_ref(&unnamed));
        write_rows(&mut bytes, &self.lines);
        write_rows(&mut bytes, &self.adjustments);
        write_rows(&mut bytes, &self.tax_rows);
        write_rows(&mut bytes, &self.parties);
        write_rows(&mut bytes, &self.details);
        write_rows(&mut bytes, &self.identifiers);
        write_rows(&mut bytes, &self.files);
        blake3::hash(&bytes).to_hex().to_string()
    }

    fn insert_rows(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.insert_all(&self.lines)?;
        tx.insert_all(&self.adjustments)?;
        tx.insert_all(&self.tax_rows)?;
        tx.insert_all(&self.parties)?;
        tx.insert_all(&self.details)?;
        tx.insert_all(&self.identifiers)?;
        tx.insert_all(&self.files)
    }
    fn remove_rows(&self, tx: &mut Tx<'_>) -> Result<()> {
        remove_all(tx, &self.files)?;
        remove_all(tx, &self.identifiers)?;
        remove_all(tx, &self.details)?;
        remove_all(tx, &self.parties)?;
        remove_all(tx, &self.tax_rows)?;
        remove_all(tx, &self.adjustments)?;
        remove_all(tx, &self.lines)
    }
}

/// What the files of documents are attached to.
pub fn subject_kind() -> Code {
    Code::fitted(Header::TABLE)
}

/// Under which name a command keeps the document it made.
const SAID: &str = "document";

fn encode_rows<R: Record>(bytes: &mut Vec<u8>, rows: &[R]) -> Result<()> {
    let fail = |e: minicbor::encode::Error<std::convert::Infallible>| Error::internal("command.encode").caused_by(e);
    let mut encoder = minicbor::Encoder::new(bytes);
    encoder.array(u64::try_from(rows.len()).unwrap_or_default()).map_err(fail)?;
    rows.iter().try_for_each(|row| crate::db::encode_row(&mut encoder, Some(&row.to_row())).map_err(fail))
}

fn decode_rows<R: Record>(decoder: &mut minicbor::Decoder<'_>) -> Result<Vec<R>> {
    let fail = |e: minicbor::decode::Error| Error::new(Kind::Corrupt, "daybook.envelope").caused_by(e);
    let count = decoder.array().map_err(fail)?.unwrap_or_default();
    let mut rows = Vec::new();
    for _ in 0..count {
        let row = crate::db::decode_row(decoder).map_err(fail)?.unwrap_or_default();
        rows.push(R::from_row(&mut row.into_iter())?);
    }
    Ok(rows)
}

fn remove_all<R: Record>(tx: &mut Tx<'_>, rows: &[R]) -> Result<()> {
    rows.iter().try_for_each(|row| tx.remove(row))
}

/// Appends what is hashed of `rows`.
fn write_rows<R: Record>(bytes: &mut Vec<u8>, rows: &[R]) {
    let mut rows: Vec<Vec<Val>> = rows.iter().map(Record::to_row).collect();
    rows.sort();
    for row in rows {
        bytes.extend(R::TABLE.as_bytes());
        for val in row {
            match val {
                Val::Null => bytes.push(0),
                Val::Int(int) => put(bytes, 1, &[&int.to_be_bytes()]),
                Val::Text(text) => put(bytes, 2, &[&text.len().to_be_bytes(), text.as_bytes()]),
                Val::Id(id) => put(bytes, 3, &[&id]),
                Val::Bytes(raw) => put(bytes, 4, &[&raw.len().to_be_bytes(), &raw]),
            }
        }
    }
}

fn put(bytes: &mut Vec<u8>, kind: u8, parts: &[&[u8]]) {
    bytes.push(kind);
    parts.iter().for_each(|part| bytes.extend(*part));
}
