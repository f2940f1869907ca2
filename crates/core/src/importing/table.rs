//! From bytes to a table of text: packing, encoding, delimiter, quotes, columns. What cannot be read is
//! refused with the row and the reason; nothing is guessed silently.

use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::shared::error::{Error, Result};

/// The largest file, unpacked.
pub const BYTES_MAX: usize = 200 * 1024 * 1024;
/// The most rows.
pub const ROWS_MAX: usize = 1_000_000;
/// The longest cell, in bytes.
const CELL_MAX: usize = 32_767;

/// A table of text with a header.
#[derive(Debug)]
pub struct Table {
    /// The column names.
    pub header: Vec<String>,
    /// The rows, each as long as the header.
    pub rows: Vec<csv::StringRecord>,
    /// The encoding that was assumed because the file is not UTF-8.
    pub guessed_encoding: Option<&'static str>,
    /// BLAKE3 hash of the bytes, in hexadecimal.
    pub hash: String,
    /// Cells that say something else than the file.
    pub mended: Vec<Mended>,
}

impl Table {
    /// Reads a CSV or TSV file, gzipped or not.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let hash = blake3::hash(bytes).to_hex().to_string();
        let unpacked = unpack(bytes)?;
        let (text, guessed_encoding) = decode(&unpacked)?;
        if text.trim().is_empty() {
            return Err(Error::invalid("import.empty"));
        }
        check_quotes(&text)?;
        let delimiter = sniff(&text);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
        let (mut header, mut rows) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let mut record = record.map_err(|e| Error::invalid("import.unreadable").arg("row", rows.len() + 2).caused_by(e))?;
            record.trim();
            if header.is_empty() {
                header = read_header(&record)?;
                continue;
            }
            check_row(&record, header.len(), rows.len() + 2)?;
            rows.push(record);
            if rows.len() > ROWS_MAX {
                return Err(Error::invalid("import.too_many_rows").arg("max", ROWS_MAX));
            }
        }
        if rows.is_empty() {
            return Err(Error::invalid("import.no_rows"));
        }
        Ok(Table { header, rows, guessed_encoding, hash, mended: Vec::new() })
    }

    /// Puts mended cells in the place of those of the file. `import.unknown_column` and `import.no_rows` when there is
    /// no such cell.
    pub fn mend(&mut self, mended: &[Mended]) -> Result<()> {
        for cell in mended {
            let unknown = || Error::invalid("import.unknown_column").arg("name", &cell.column);
            let column = self.header.iter().position(|name| *name == cell.column).ok_or_else(unknown)?;
            let place = usize::try_from(cell.row - 2).ok();
            let record = place.and_then(|place| self.rows.get_mut(place)).ok_or_else(|| Error::invalid("import.no_rows"))?;
            let value = cell.value.trim();
            if value.len() > CELL_MAX {
                return Err(Error::invalid("import.cell_too_long").arg("row", cell.row));
            }
            *record = record.iter().enumerate().map(|(n, text)| if n == column { value } else { text }).collect();
        }
        self.mended = mended.to_vec();
        Ok(())
    }
    /// The cell of row `n` (the header is 1) in the column called `header`.
    pub fn says(&self, n: i64, header: &str) -> &str {
        let column = self.header.iter().position(|name| name == header);
        usize::try_from(n - 2).ok().zip(column).map(|(row, column)| self.cell(row, column)).unwrap_or_default()
    }

    /// The row of the file (the header is 1) of the `place`-th record.
    pub fn number(place: usize) -> i64 {
        i64::try_from(place).unwrap_or_default() + 2
    }
    /// The cells of a column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &str> + Clone {
        (0..self.rows.len()).map(move |row| self.cell(row, column))
    }
    /// The cell of `row` (from 0) in `column`.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|record| record.get(column)).unwrap_or_default()
    }
    /// The first few different values of a column, for the person who checks the mapping.
    pub fn samples(&self, column: usize) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for record in self.rows.iter().take(200) {
            let cell = record.get(column).unwrap_or_default();
            if !cell.is_empty() && !found.iter().any(|known| known == cell) {
                found.push(cell.to_owned());
            }
            if found.len() == 3 {
                break;
            }
        }
        found
    }
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"%PDF") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Error::invalid("import.not_csv"));
    }
    let mut unpacked = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX) + 1;
        let read = flate2::read::GzDecoder::new(bytes).take(limit).read_to_end(&mut unpacked);
        read.map_err(|e| Error::invalid("import.damaged").caused_by(e))?;
    } else {
        unpacked.extend_from_slice(bytes);
    }
    if unpacked.len() > BYTES_MAX { Err(Error::invalid("import.too_large").arg("max_mib", BYTES_MAX / 1_048_576)) } else { Ok(unpacked) }
}

/// UTF-8 or UTF-16 by their marks, UTF-8 by its shape, Windows-1252 otherwise, which the report says.
fn decode(bytes: &[u8]) -> Result<(String, Option<&'static str>)> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return if broken { Err(Error::invalid("import.encoding").arg("encoding", encoding.name())) } else { Ok((text.into_owned(), None)) };
    }
    if bytes.contains(&0) {
        return Err(Error::invalid("import.not_csv"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), None)),
        Err(_) => Ok((encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), Some("Windows-1252"))),
    }
}

/// The delimiter that cuts the first lines into the most columns of equal number.
fn sniff(text: &str) -> u8 {
    let head: Vec<&str> = text.lines().take(5).collect();
    let columns = |delimiter: char| head.iter().map(|line| line.matches(delimiter).count()).min().unwrap_or_default();
    let best = [',', ';', '\t', '|'].into_iter().max_by_key(|delimiter| columns(*delimiter));
    best.filter(|delimiter| columns(*delimiter) > 0).and_then(|delimiter| u8::try_from(delimiter).ok()).unwrap_or(b',')
}

/// A quote that never ends would swallow the rest of the file: the number of quotes is even.
fn check_quotes(text: &str) -> Result<()> {
    if text.matches('"').count().is_multiple_of(2) {
        return Ok(());
    }
    let mut open = None;
    for (place, line) in text.lines().enumerate() {
        if line.matches('"').count() % 2 == 1 {
            open = if open.is_none() { Some(place + 1) } else { None };
        }
    }
    Err(Error::invalid("import.quote").arg("row", open.unwrap_or(1)))
}

fn read_header(record: &csv::StringRecord) -> Result<Vec<String>> {
    let header: Vec<String> = record.iter().map(str::to_owned).collect();
    if header.len() < 2 {
        return Err(Error::invalid("import.one_column"));
    }
    for (place, name) in header.iter().enumerate() {
        if !name.is_empty() && header.iter().take(place).any(|other| other.eq_ignore_ascii_case(name)) {
            return Err(Error::invalid("import.same_column").arg("name", name));
        }
    }
    Ok(header)
}

fn check_row(record: &csv::StringRecord, columns: usize, row: usize) -> Result<()> {
    if record.len() != columns {
        return Err(Error::invalid("import.columns").arg("row", row).arg("found", record.len()).arg("expected", columns));
    }
    if record.iter().any(|cell| cell.len() > CELL_MAX) {
        return Err(Error::invalid("import.cell_too_long").arg("row", row));
    }
    Ok(())
}

/// The error of one cell: `import.cell` with row (the header is 1), column and reason.
pub fn cell_error(row: i64, column: &str, error: &Error) -> Error {
    Error::invalid("import.cell").arg("row", row).arg("column", column).arg("reason", error.message())
}

/// A cell as a person mended it, in the place of what the file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// Its row; the header is 1.
    pub row: i64,
    /// The name of its column.
    pub column: String,
    /// What it says instead.
    pub value: String,
}

/// A cell that cannot be read, or whose row the books refuse.
#[derive(Debug)]
pub struct WrongCell {
    /// Its row; the header is 1.
    pub row: i64,
    /// The name of its column; empty where it is the row as a whole.
    pub column: String,
    /// What it says.
    pub value: String,
    /// The field that it was read into.
    pub field: String,
    /// Why that is wrong.
    pub reason: Error,
}

/// What reading a cell gives.
pub type OrWrong<T> = std::result::Result<T, WrongCell>;

impl WrongCell {
    /// As the refusal of a whole file.
    pub fn error(&self) -> Error {
        if self.column.is_empty() {
            return Error::invalid("import.row").arg("row", self.row).arg("reason", self.reason.message());
        }
        cell_error(self.row, &self.column, &self.reason).field(self.field.clone())
    }
    /// With the reason in the wire form, which clients say in their own language.
    pub fn shown(&self) -> serde_json::Value {
        serde_json::json!({ "row": self.row, "column": self.column, "value": self.value, "reason": self.reason.to_json() })
    }
}
