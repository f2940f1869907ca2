//! Taking numbers.

use std::collections::HashSet;

use super::claim::{self, Claim};
use super::model::{Held, Issued, Origin, Series};
use crate::db::Tx;
use crate::planted::{self, Defect};
use crate::shared::context::DeviceId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Date, Id, Name};
use crate::vals;

/// The most numbers of a series that may be out in the world and not in the books.
const MISSING_MAX: i64 = 10_000;

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
/// of the first execution again. `number.taken` when an imported number exists already, `number.twice` when
/// the series has given the number to another document, `number.copy` in books that may be a copy of
/// others: the next number may be out in the world.
pub fn issue(tx: &mut Tx<'_>, cx: &mut Context, request: &Request<'_>) -> Result<Name> {
    if cx.copy && !cx.redo {
        return Err(Error::new(Kind::State, "number.copy"));
    }
    cx.keep(&claim::key_of(request.subject), || Claim::encode(request))?;
    take(tx, cx, request).map(|issued| issued.text)
}

/// Holds the places of the numbers that an entry took which does not go through: they are out in the
/// world, and the series goes on after them.
pub fn hold(tx: &mut Tx<'_>, cx: &mut Context) -> Result<()> {
    let kept: Vec<(Id<()>, Vec<u8>)> = cx.all_kept().iter().filter_map(|(key, bytes)| Some((claim::subject_of(key)?, bytes.clone()))).collect();
    for (subject, bytes) in kept {
        let claim = Claim::decode(&bytes)?;
        let issued = take(tx, cx, &claim.request(subject)?)?;
        tx.insert(&Held { series: issued.series, n: issued.n, command: cx.command })?;
    }
    Ok(())
}

fn take(tx: &mut Tx<'_>, cx: &mut Context, request: &Request<'_>) -> Result<Issued> {
    let origin = if request.imported.is_some() { Origin::Imported } else { Origin::Daybook };
    let series = open_series(tx, cx, request, origin)?;
    let n: i64 = cx
        .consume(&claim::key_of(request.subject), || Ok((series.last + 1).to_string()))?
        .parse()
        .map_err(|e| Error::internal("number.consumed").caused_by(e))?;
    let prev = if n <= series.last { fill(tx, &series, n)? } else { wait_until(tx, cx, &series, n)? };
    let text = match request.imported {
        Some(text) => Name::new(text)?,
        None => write_number(tx, &series, request.date, n)?,
    };
    let hash = link(&prev, &text, request);
    let issued = Issued {
        series: series.id,
        n,
        text: text.clone(),
        document: Name::new(request.document)?,
        subject: request.subject,
        issued_on: request.date,
        content: Code::new(request.content)?,
        prev,
        hash: Code::new(&hash)?,
    };
    tx.insert(&issued).map_err(|e| taken(e, &text))?;
    if n > series.last {
        tx.update(&series, &Series { last: n, last_hash: issued.hash.clone(), ..series.clone() })?;
    }
    Ok(issued)
}

/// A number that comes after later ones fills the place that was held for it; gives the hash of the one
/// before it. `number.twice` when another document has it.
fn fill(tx: &mut Tx<'_>, series: &Series, n: i64) -> Result<Code> {
    if let Some(issued) = tx.find::<Issued>(vals![series.id, n])? {
        return Err(Error::new(Kind::Conflict, "number.twice").arg("number", issued.text));
    }
    let held: Held = tx.get(vals![series.id, n])?;
    tx.remove(&held)?;
    let before: Option<(Code,)> = tx.opt("SELECT hash FROM number_issued WHERE series = ?1 AND n < ?2 ORDER BY n DESC LIMIT 1", vals![series.id, n])?;
    Ok(before.unwrap_or_default().0)
}

/// Holds the places between the newest number and `n`, whose entries a restored server has not got
/// again; gives the hash of the newest number. A first execution leaves none out.
fn wait_until(tx: &mut Tx<'_>, cx: &mut Context, series: &Series, n: i64) -> Result<Code> {
    let missing = n - series.last - 1;
    if missing > 0 {
        let conflict = Error::new(Kind::Conflict, "number.conflict").arg("expected", series.last + 1).arg("found", n);
        if missing > MISSING_MAX || planted::has(Defect::HoldNothing) {
            return Err(conflict);
        }
        cx.except(conflict);
    }
    for place in series.last + 1..n {
        tx.insert(&Held { series: series.id, n: place, command: cx.command })?;
    }
    Ok(series.last_hash.clone())
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
    let found: Vec<Series> = tx.find_few(&["document", "device", "year", "origin"], vals![document, cx.device, year, origin])?;
    if let Some(series) = found.into_iter().next() {
        return Ok(series);
    }
    if !cx.redo && crate::identity::api::find_device(tx, cx.device)?.is_none() {
        return Err(Error::new(Kind::State, "number.no_letter"));
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

/// Recomputes every series: places dense from 1, each with its number or held, hashes linked, heads
/// right. A number that came before an earlier one was there links to one before that. The error names
/// the first number that does not fit. Returns how many numbers were checked.
pub fn verify(tx: &mut Tx<'_>) -> Result<i64> {
    let mut checked = 0;
    for series in tx.find_all::<Series>(&[], &[])? {
        let held: HashSet<i64> = tx.find_all::<Held>(&["series"], vals![series.id])?.into_iter().map(|held| held.n).collect();
        let (mut last, mut newest, mut known) = (0, String::new(), HashSet::from([String::new()]));
        for number in tx.find_all::<Issued>(&["series"], vals![series.id])? {
            let broken = |what: &str| Error::new(Kind::Corrupt, "number.chain").arg("number", &number.text).arg("what", what);
            if (last + 1..number.n).any(|place| !held.contains(&place)) {
                return Err(broken("a number is missing before it"));
            }
            let request =
                Request { document: &number.document, pattern: "", date: number.issued_on, subject: number.subject, content: &number.content, imported: None };
            if !known.contains(number.prev.as_str()) || number.hash.as_str() != link(&number.prev, &number.text, &request) {
                return Err(broken("its hash does not fit"));
            }
            (last, newest) = (number.n, number.hash.to_string());
            known.insert(newest.clone());
            checked += 1;
        }
        if series.last != last || series.last_hash.as_str() != newest {
            return Err(Error::new(Kind::Corrupt, "number.chain").arg("number", series.last).arg("what", "the series ends elsewhere"));
        }
    }
    Ok(checked)
}

/// The first number of `documents` whose document none of `subjects` is and that nothing holds: it was
/// given out for nothing.
pub fn without_document(tx: &mut Tx<'_>, documents: &[&str], subjects: &HashSet<Id<()>>) -> Result<Option<Name>> {
    let sql = "SELECT i.document, i.subject, i.text FROM number_issued i LEFT JOIN number_held h ON h.series = i.series AND h.n = i.n \
               WHERE h.command IS NULL ORDER BY i.series, i.n";
    let issued: Vec<(String, Id<()>, Name)> = tx.all(sql, &[])?;
    let lacks = |(document, subject, _): &(String, Id<()>, Name)| documents.contains(&document.as_str()) && !subjects.contains(subject);
    Ok(issued.into_iter().find(lacks).map(|(_, _, text)| text))
}

/// Whether `document` number `text` was given out.
pub fn is_issued(tx: &mut Tx<'_>, document: &str, text: &str) -> Result<bool> {
    let sql = "SELECT count(*) FROM number_issued WHERE document = ?1 AND text = ?2";
    Ok(tx.one::<i64>(sql, vals![document.to_owned(), text.to_owned()])? > 0)
}
