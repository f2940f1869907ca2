//! The canonical dump: every row of every record, in key order, as one line of text; the same books
//! give the same bytes on every machine and on both databases.

use std::io::Write;

use super::records;
use crate::db::{Tx, show_value};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;

/// A writer that hashes what passes.
#[derive(Default)]
pub struct DumpHash(blake3::Hasher);

impl Write for DumpHash {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl DumpHash {
    /// The hash so far, in hexadecimal.
    pub fn finish(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

/// Writes the canonical dump of all records that the books hold to `out`.
pub fn dump(tx: &mut Tx<'_>, out: &mut impl Write) -> Result<()> {
    for record in records().filter(|record| !record.view) {
        if tx.holds_table(record.table) {
            dump_record(tx, record, out)?;
        }
    }
    Ok(())
}

fn dump_record(tx: &mut Tx<'_>, record: &RecordEntry, out: &mut impl Write) -> Result<()> {
    let kinds: Vec<_> = (record.fields)().iter().map(|f| f.kind).collect();
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", "dump").caused_by(e);
    tx.each_row(record.table, record.keys, record.columns, |cells| {
        let values: Vec<_> = kinds.iter().zip(&cells).map(|(kind, val)| show_value(*kind, val)).collect();
        let line = serde_json::Value::Array(values);
        writeln!(out, "{} {line}", record.table).map_err(failed)
    })
}
