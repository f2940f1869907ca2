//! The plan of an import of records: what each row says, and which rows the books have already. Reads
//! the books, writes nothing.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::columns::{Column, columns};
use super::links::{Link, Names, NewLink};
use super::target::Target;
use crate::db::Tx;
use crate::importing::issues::Issues;
use crate::importing::mapping::Mapping;
use crate::importing::model::Issue;
use crate::importing::table::{OrWrong, Table, WrongCell};
use crate::shared::Id;
use crate::shared::error::{Error, Result};
use crate::shared::record::RecordEntry;

/// A row and what it becomes.
#[derive(Debug)]
pub struct PlannedRecord {
    /// Row of the file; the header is 1.
    pub n: i64,
    /// Its code, where it has one.
    pub code: String,
    /// Arguments of the saving command.
    pub args: Map<String, Value>,
    /// Arguments that are records to make first: field, place in [`RecordPlan::links`].
    pub made: Vec<(&'static str, usize)>,
    /// Whether it is out of use.
    pub archived: bool,
    /// Whether the books, or an earlier row, have it already: the row is left out.
    pub known: bool,
    /// The record that came of such a row before and went out of use when that import was undone: it is
    /// brought back as the row says.
    pub restores: Option<Id<()>>,
}

/// Everything that an import of records would do.
#[derive(Debug)]
pub struct RecordPlan {
    /// The rows.
    pub records: Vec<PlannedRecord>,
    /// Records that rows link to, to be made first.
    pub links: Vec<NewLink>,
    /// What a person should know.
    pub issues: Vec<Issue>,
    /// Cells that cannot be read; their rows are left out of the plan.
    pub wrong: Vec<WrongCell>,
}

/// What was seen so far, to find the rows that double another record.
struct Seen {
    books: Names,
    undone: HashSet<Id<()>>,
    codes: HashSet<String>,
    names: HashSet<String>,
}

impl RecordPlan {
    /// Plans the import of `table` under `mapping`; `record` finds the records that fields refer to.
    pub fn make(tx: &mut Tx<'_>, target: &Target, table: &Table, mapping: &Mapping, record: &dyn Fn(&str) -> Result<&'static RecordEntry>) -> Result<Self> {
        let specs = target.specs();
        target.check_seen(mapping)?;
        mapping.check(table, &specs)?;
        let required: Vec<&str> = specs.iter().filter(|spec| spec.required).map(|spec| spec.name).collect();
        let columns = columns(tx, target, table, mapping, record)?;
        let preset = target.preset(mapping);
        let mut seen = Seen { books: Names::read(tx, target.record)?, undone: undone(tx, target.record)?, codes: HashSet::new(), names: HashSet::new() };
        let names_countries = target.record.table == "party" && mapping.columns.contains_key("country");
        let (mut issues, mut links, mut wrong) = (Issues::of_file(table), Vec::new(), Vec::new());
        let mut records = Vec::with_capacity(table.rows.len());
        for row in 0..table.rows.len() {
            let reading = Reading { table, columns: &columns, required: &required, target, preset: &preset };
            let Some(mut record) = reading.row(row, &mut links, &mut wrong) else { continue };
            seen.settle(&mut record, &mut issues);
            if names_countries && !record.known && !record.args.contains_key("country") {
                issues.note("import.no_country", "country", called(&record).1, record.n);
            }
            records.push(record);
        }
        drop_unused(&mut links, &records);
        Ok(RecordPlan { records, links, issues: issues.into_list(), wrong })
    }
    /// The first cell that cannot be read, as the refusal of the file.
    pub fn check(&self) -> Result<()> {
        self.wrong.first().map_or(Ok(()), |wrong| Err(wrong.error()))
    }
    /// How many records it makes or brings back.
    pub fn fresh(&self) -> i64 {
        self.count(false)
    }
    /// How many rows it leaves out.
    pub fn known(&self) -> i64 {
        self.count(true)
    }
    fn count(&self, known: bool) -> i64 {
        i64::try_from(self.records.iter().filter(|record| record.known == known).count()).unwrap_or(i64::MAX)
    }
}

/// What reading the rows of a file needs.
struct Reading<'r> {
    table: &'r Table,
    columns: &'r [Column],
    required: &'r [&'r str],
    target: &'r Target,
    preset: &'r Map<String, Value>,
}

impl Reading<'_> {
    /// The `row`-th record; none when a cell of it is wrong: all that are so are noted.
    fn row(&self, row: usize, links: &mut Vec<NewLink>, wrong: &mut Vec<WrongCell>) -> Option<PlannedRecord> {
        let (n, args) = (Table::number(row), self.preset.clone());
        let mut record = PlannedRecord { n, code: String::new(), args, made: Vec::new(), archived: false, known: false, restores: None };
        let before = wrong.len();
        for column in self.columns {
            if let Err(cell) = self.cell(column, row, &mut record, links) {
                wrong.push(cell);
            }
        }
        settle_code(&mut record, self.target.prefix);
        split_lines(&mut record.args);
        if wrong.len() == before { Some(record) } else { None }
    }
    fn cell(&self, column: &Column, row: usize, record: &mut PlannedRecord, links: &mut Vec<NewLink>) -> OrWrong<()> {
        let name = column.field.name;
        if name == "archived" && self.target.record.archive.is_some() {
            record.archived = column.says_yes(self.table, row)?;
            return Ok(());
        }
        match column.read(self.table, row, links)? {
            Some(Link::Ready(value)) => drop(record.args.insert(name.to_owned(), value)),
            Some(Link::Made(place)) => record.made.push((name, place)),
            None if self.required.contains(&name) => return Err(column.wrong(self.table, row, Error::invalid("text.required"))),
            None => {}
        }
        Ok(())
    }
}

fn settle_code(record: &mut PlannedRecord, prefix: &str) {
    if let Some(Value::String(code)) = record.args.get_mut("code") {
        code.insert_str(0, prefix);
        record.code = code.clone();
    }
}

/// An address of several lines in one cell: the first is the street, the others stand below it.
fn split_lines(args: &mut Map<String, Value>) {
    let Some((first, rest)) = args.get("line1").and_then(Value::as_str).and_then(|text| text.split_once('\n')) else { return };
    if args.contains_key("line2") {
        return;
    }
    let rest: Vec<&str> = rest.lines().map(str::trim).collect();
    let (first, rest) = (first.trim().to_owned(), rest.join(", "));
    args.insert("line1".to_owned(), first.into());
    args.insert("line2".to_owned(), rest.into());
}

impl Seen {
    /// Decides whether the record is there already, or there but out of use since its import was undone,
    /// and notes so.
    fn settle(&mut self, record: &mut PlannedRecord, issues: &mut Issues) {
        let (field, key) = called(record);
        if key.is_empty() {
            return;
        }
        let (earlier, in_books) = match field {
            "code" => (&mut self.codes, self.books.of_code(key)),
            _ => (&mut self.names, self.books.of_name(key)),
        };
        let doubled = !earlier.insert(key.to_uppercase());
        let restores = in_books.filter(|id| !doubled && self.undone.contains(id));
        match (in_books, restores) {
            _ if doubled => issues.note("import.doubled_record", field, key, record.n),
            (Some(_), Some(_)) => issues.note("import.restored_record", field, key, record.n),
            (Some(_), None) => issues.note("import.known_record", field, key, record.n),
            (None, _) => {}
        }
        record.known = doubled || in_books.is_some() && restores.is_none();
        record.restores = restores;
    }
}

/// What a record goes by, and the field that says so: its code, else its name.
fn called(record: &PlannedRecord) -> (&'static str, &str) {
    match record.code.as_str() {
        "" => ("name", record.args.get("name").and_then(Value::as_str).unwrap_or_default()),
        code => ("code", code),
    }
}

/// The records that an import made, that were put out of use when it was undone, and are so still.
fn undone(tx: &mut Tx<'_>, record: &RecordEntry) -> Result<HashSet<Id<()>>> {
    if record.archive.is_none() {
        return Ok(HashSet::new());
    }
    let not_merged = if record.columns.contains(&"merged_into") { " AND t.merged_into IS NULL" } else { "" };
    let sql = format!(
        "SELECT DISTINCT r.subject FROM import_batch b JOIN import_row r ON r.batch = b.id JOIN {} t ON t.id = r.subject \
         WHERE b.undone_at IS NOT NULL AND r.outcome = 'record' AND t.archived = 1{not_merged}",
        record.table
    );
    Ok(tx.all::<(Id<()>,)>(&sql, &[])?.into_iter().map(|(id,)| id).collect())
}

/// Links that only rows left out would need are not made.
fn drop_unused(links: &mut [NewLink], records: &[PlannedRecord]) {
    let used: HashSet<usize> = records.iter().filter(|record| !record.known).flat_map(|record| &record.made).map(|(_, place)| *place).collect();
    for (place, link) in links.iter_mut().enumerate() {
        link.unused = !used.contains(&place);
    }
}
