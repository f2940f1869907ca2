//! Taking numbers.

use super::model::{Issued, Origin, Series};
use crate::db::Tx;
use crate::shared::context::DeviceId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Date, Id, Name};
use crate::vals;

/// A document that needs a number.
pub struct Request<'a> {
    /// The document type; each has series of its own.
    pub document: &'a str,
    /// How a number is written: `{yy}` year, `{yyyy}`, `{device}` letter, `{n}` at least four digits.
    pub pattern: &'a str,
    /// The document's date: its year chooses the series.
    pub date: Date,
    /// The document.
    pub subject: Id<()>,
    /// Hash of what the document says.
    pub content: &'a str,
    /// The number another program gave it, for imports.
    pub imported: Option<&'a str>,
}

/// Takes the next number of the request's series, or enters the imported one. A redo gets the number
/// of the first execution again. `number.taken` when an imported number exists already.
pub fn issue(tx: &mut Tx<'_>, cx: &mut Context, request: &Request<'_>) -> Result<Name> {
    let origin = if request.imported.is_some() { Origin::Imported } else { Origin::Daybook };
    let series = open_series(tx, cx, request, origin)?;
    let key = format!("number:{}", request.subject);
    let n: i64 = cx.consume(&key, || Ok((series.last + 1).to_string()))?.parse().map_err(|e| Error::internal("number.consumed").caused_by(e))?;
    if n != series.last + 1 {
        return Err(Error::new(Kind::Conflict, "number.conflict").arg("expected", series.last + 1).arg("found", n));
    }
    let text = match request.imported {
        Some(text) => Name::new(text)?,
        None => write_number(tx, &series, request.date, n)?,
    };
    let hash = link(&series.last_hash, &text, request);
    let issued = Issued {
        series: series.id,
        n,
        text: text.clone(),
        document: Name::new(request.document)?,
        subject: request.subject,
        issued_on: request.date,
        content: Code::new(request.content)?,
        prev: series.last_hash.clone(),
        hash: Code::new(&hash)?,
    };
    tx.insert(&issued).map_err(|e| taken(e, &text))?;
    tx.update(&series, &Series { last: n, last_hash: issued.hash, ..series.clone() })?;
    Ok(text)
}

fn taken(error: Error, text: &str) -> Error {
    if error.kind() == Kind::Conflict { Error::new(Kind::Conflict, "number.taken").arg("number", text).caused_by(error) } else { error }
}

/// The hash that links a number to the one before it.
fn link(prev: &str, text: &str, request: &Request<'_>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [prev, text, &request.subject.to_string(), &request.date.to_string(), request.content] {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    hasher.finalize().to_hex().to_string()
}

fn open_series(tx: &mut Tx<'_>, cx: &mut Context, request: &Request<'_>, origin: Origin) -> Result<Series> {
    let (document, year) = (Name::new(request.document)?, i64::from(request.date.year()));
    let found: Vec<Series> = tx.find_all(&["document", "device", "year", "origin"], vals![document, cx.device, year, origin])?;
    if let Some(series) = found.into_iter().next() {
        return Ok(series);
    }
    let series = Series {
        id: cx.id("number_series"),
        document,
        device: cx.device,
        year,
        pattern: Name::new(request.pattern)?,
        last: 0,
        last_hash: Code::default(),
        origin,
    };
    tx.insert(&series)?;
    Ok(series)
}

fn write_number(tx: &mut Tx<'_>, series: &Series, date: Date, n: i64) -> Result<Name> {
    let letter = device_letter(tx, series.device)?;
    let year = format!("{:04}", date.year());
    let short = year.get(2..).unwrap_or_default();
    let text = series.pattern.replace("{yyyy}", &year).replace("{yy}", short).replace("{device}", &letter).replace("{n}", &format!("{n:04}"));
    Name::new(&text)
}

fn device_letter(tx: &mut Tx<'_>, device: DeviceId) -> Result<Code> {
    Ok(crate::identity::api::device(tx, device)?.letter)
}

/// Recomputes every series: numbers dense from 1, hashes linked, heads right. The error names the
/// first number that does not fit. Returns how many numbers were checked.
pub fn verify(tx: &mut Tx<'_>) -> Result<i64> {
    let mut checked = 0;
    for series in tx.find_all::<Series>(&[], &[])? {
        let (mut last, mut prev) = (0, String::new());
        for number in tx.find_all::<Issued>(&["series"], vals![series.id])? {
            let broken = |what: &str| Error::new(Kind::Corrupt, "number.chain").arg("number", &number.text).arg("what", what);
            if number.n != last + 1 {
                return Err(broken("a number is missing before it"));
            }
            let request =
                Request { document: &number.document, pattern: "", date: number.issued_on, subject: number.subject, content: &number.content, imported: None };
            if number.prev.as_str() != prev || number.hash.as_str() != link(&prev, &number.text, &request) {
                return Err(broken("its hash does not fit"));
            }
            (last, prev) = (number.n, number.hash.to_string());
            checked += 1;
        }
        if series.last != last || series.last_hash.as_str() != prev {
            return Err(Error::new(Kind::Corrupt, "number.chain").arg("number", series.last).arg("what", "the series ends elsewhere"));
        }
    }
    Ok(checked)
}

/// Whether `document` number `text` was given out.
pub fn is_issued(tx: &mut Tx<'_>, document: &str, text: &str) -> Result<bool> {
    let sql = "SELECT count(*) FROM number_issued WHERE document = ?1 AND text = ?2";
    Ok(tx.one::<i64>(sql, vals![document.to_owned(), text.to_owned()])? > 0)
}
