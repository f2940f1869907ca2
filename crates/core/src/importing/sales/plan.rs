//! The plan of a sales import: which customers and items to make, which documents to post, and what a
//! person should know. Reads the books, writes nothing: the dry run is this plan.

use std::collections::HashMap;

use serde::Serialize;

use super::rows::{FIELDS, Row, read};
use crate::billing::Kind;
use crate::catalog::Item;
use crate::db::Tx;
use crate::importing::issues::Issues;
use crate::importing::mapping::Mapping;
use crate::importing::model::Issue;
use crate::importing::table::{Table, WrongCell};
use crate::parties::Party;
use crate::shared::error::Result;
use crate::shared::{Code, Currency, Date, Id, Minor, Name, Price, Quantity};
use crate::tax::ItemKind;

/// A customer that the file names.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedParty {
    /// Its code.
    pub code: Code,
    /// Its name.
    pub name: Name,
    /// Its country.
    pub country: Code,
    /// The customer in the books, when there is one.
    pub known: Option<Id<Party>>,
}

/// An item that the file names.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedItem {
    /// Its code.
    pub code: Code,
    /// Its name: the description used most.
    pub name: Name,
    /// Its price: the one used most.
    pub price: Price,
    /// Goods, or a service such as postage.
    pub kind: ItemKind,
    /// The group it belongs to.
    pub group: Group,
    /// The item in the books, when there is one.
    pub known: Option<Id<Item>>,
}

/// Where an item's revenue goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// What the firm trades in.
    Goods,
    /// Postage and carriage charged to customers.
    Carriage,
    /// Fees of banks and marketplaces that were passed through the sales file.
    Fees,
    /// Manual amounts, discounts, samples.
    Other,
}

/// A document to post: one of the file's numbers.
#[derive(Clone, Debug)]
pub struct PlannedDocument {
    /// Its number in the file.
    pub number: Name,
    /// Its date: that of its first row.
    pub date: Date,
    /// Place in [`Plan::parties`].
    pub party: usize,
    /// Country of its rows.
    pub country: Code,
    /// What it becomes; `None` for stock adjustments.
    pub kind: Option<Kind>,
    /// Its rows, in order: place in [`Plan::rows`], place in [`Plan::items`].
    pub lines: Vec<(usize, usize)>,
    /// Whether the books have a document with this number: its rows are skipped.
    pub known: bool,
}

/// How much of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Counts {
    /// Invoices.
    pub invoices: i64,
    /// Credit notes.
    pub credit_notes: i64,
    /// Stock adjustments.
    pub adjustments: i64,
    /// Documents that the books have already.
    pub known_documents: i64,
    /// Customers to make.
    pub new_parties: i64,
    /// Items to make.
    pub new_items: i64,
    /// Records to make, of an import of records.
    pub new_records: i64,
    /// Rows whose record the books have already.
    pub known_records: i64,
    /// Σ net of the invoices, before VAT.
    pub net: Minor,
    /// Σ net of the credit notes, below zero.
    pub credit_net: Minor,
}

/// Everything that an import would do.
#[derive(Debug)]
pub struct Plan {
    /// The rows, as read.
    pub rows: Vec<Row>,
    /// The customers.
    pub parties: Vec<PlannedParty>,
    /// The items.
    pub items: Vec<PlannedItem>,
    /// The documents, in the order of the file.
    pub documents: Vec<PlannedDocument>,
    /// What a person should know.
    pub issues: Vec<Issue>,
    /// How much of what.
    pub counts: Counts,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Cells that cannot be read; their rows are left out of the plan.
    pub wrong: Vec<WrongCell>,
}

impl Plan {
    /// Plans the import of `table` under `mapping`. The numbers of an earlier import of the same file are
    /// taken for good, even when it was undone; the next one marks its numbers: `536365/2`.
    pub fn make(tx: &mut Tx<'_>, table: &Table, mapping: &Mapping) -> Result<Self> {
        let attempt: i64 = tx.one("SELECT count(*) FROM import_batch WHERE file_hash = ?1 AND undone_at IS NOT NULL", crate::vals![table.hash])?;
        let (rows, wrong) = read(table, mapping)?;
        let company = crate::identity::api::company(tx)?;
        let mut issues = Issues::of_file(table);
        let (items, item_of) = plan_items(tx, &rows, &mut issues)?;
        let mut documents = group(&rows, &item_of);
        let priced = priced(&documents, rows.len());
        let (parties, party_of) = plan_parties(tx, &rows, &priced, &company.country, &mut issues)?;
        for document in &mut documents {
            if attempt > 0 {
                document.number = Name::new(&format!("{}/{}", document.number, attempt + 1))?;
            }
            finish(tx, document, &rows, &party_of, &mut issues)?;
        }
        let counts = count(&documents, &rows, &parties, &items, company.currency.digits())?;
        Ok(Plan { rows, parties, items, documents, issues: issues.into_list(), counts, currency: company.currency, wrong })
    }
    /// The first cell that cannot be read, as the refusal of the file.
    pub fn check(&self) -> Result<()> {
        self.wrong.first().map_or(Ok(()), |wrong| Err(wrong.error()))
    }
    /// The fields of a sales file.
    pub fn fields() -> &'static [crate::importing::mapping::FieldSpec] {
        FIELDS
    }
}

/// Groups rows by number, in the order of the file.
fn group(rows: &[Row], item_of: &[usize]) -> Vec<PlannedDocument> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut documents: Vec<PlannedDocument> = Vec::new();
    for (place, (row, item)) in rows.iter().zip(item_of).enumerate() {
        let index = *places.entry(row.number.as_str()).or_insert_with(|| {
            let document = PlannedDocument {
                number: row.number.clone(),
                date: row.date,
                party: 0,
                country: row.country.clone(),
                kind: None,
                lines: Vec::new(),
                known: false,
            };
            documents.push(document);
            documents.len() - 1
        });
        if let Some(document) = documents.get_mut(index) {
            document.lines.push((place, *item));
        }
    }
    for document in &mut documents {
        let own = || document.lines.iter().filter_map(|(place, _)| rows.get(*place));
        document.kind = match () {
            () if own().all(|row| row.price.is_zero()) => None,
            () if own().all(|row| row.quantity.is_negative()) => Some(Kind::CreditNote),
            () => Some(Kind::Invoice),
        };
    }
    documents
}

/// Which rows belong to a document with prices, hence with a customer.
fn priced(documents: &[PlannedDocument], rows: usize) -> Vec<bool> {
    let mut priced = vec![false; rows];
    for (place, _) in documents.iter().filter(|document| document.kind.is_some()).flat_map(|document| &document.lines) {
        if let Some(flag) = priced.get_mut(*place) {
            *flag = true;
        }
    }
    priced
}

/// Finds a document's customer, and notes what is odd about it.
fn finish(tx: &mut Tx<'_>, document: &mut PlannedDocument, rows: &[Row], party_of: &[usize], issues: &mut Issues) -> Result<()> {
    let own = || document.lines.iter().filter_map(|(place, _)| rows.get(*place));
    let Some(first) = own().next() else { return Ok(()) };
    let place = document.lines.first().map(|(place, _)| *place).unwrap_or_default();
    document.party = party_of.get(place).copied().unwrap_or_default();
    for row in own() {
        match document.kind {
            None => issues.note("import.adjustment", "price", &row.number, row.n),
            Some(_) if row.price.is_zero() => issues.note("import.free_goods", "price", "", row.n),
            Some(_) => {}
        }
        if row.date != first.date {
            issues.note("import.dates", "date", &row.number, row.n);
        }
    }
    if document.kind.is_some() && first.customer.is_empty() && first.customer_name.is_empty() {
        issues.note("import.no_customer", "customer", &first.country, first.n);
    }
    if let Some(kind) = document.kind {
        document.known = crate::numbering::api::is_issued(tx, kind.word(), &document.number)?;
        if document.known {
            issues.note("import.known_document", "number", &document.number, first.n);
        }
    }
    Ok(())
}

/// The customers of the rows; a row without one belongs to its country's customers without account.
fn plan_parties(tx: &mut Tx<'_>, rows: &[Row], priced: &[bool], home: &Code, issues: &mut Issues) -> Result<(Vec<PlannedParty>, Vec<usize>)> {
    let mut parties: Vec<PlannedParty> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut party_of = Vec::with_capacity(rows.len());
    for (row, priced) in rows.iter().zip(priced) {
        if !priced {
            party_of.push(0);
            continue;
        }
        let country = if row.country.is_empty() { home } else { &row.country };
        let (code, name) = match (row.customer.is_empty(), row.customer_name.is_empty()) {
            (false, false) => (row.customer.clone(), row.customer_name.clone()),
            (false, true) => (row.customer.clone(), Name::new(&format!("Customer {}", row.customer))?),
            (true, false) => (Code::fitted(&row.customer_name), row.customer_name.clone()),
            (true, true) => (Code::new(&format!("NONE-{country}"))?, Name::new(&format!("Customers without account ({country})"))?),
        };
        let key = code.to_uppercase();
        let place = match places.get(&key) {
            Some(place) => *place,
            None => {
                let known = crate::parties::api::by_code(tx, &code)?.map(|party| party.id);
                parties.push(PlannedParty { code: code.clone(), name, country: country.clone(), known });
                places.insert(key, parties.len() - 1);
                parties.len() - 1
            }
        };
        if parties.get(place).is_some_and(|party| party.country != *country) {
            issues.note("import.countries", "country", &code, row.n);
        }
        party_of.push(place);
    }
    Ok((parties, party_of))
}

/// What is known of a code while its rows are read.
struct Candidate {
    code: Code,
    first: i64,
    names: Vec<(Name, i64)>,
    prices: Vec<(Price, i64)>,
}

/// The items of the rows: codes that differ only in case are one item.
fn plan_items(tx: &mut Tx<'_>, rows: &[Row], issues: &mut Issues) -> Result<(Vec<PlannedItem>, Vec<usize>)> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut item_of = Vec::with_capacity(rows.len());
    for row in rows {
        let place = *places.entry(row.item.to_uppercase()).or_insert_with(|| {
            candidates.push(Candidate { code: row.item.clone(), first: row.n, names: Vec::new(), prices: Vec::new() });
            candidates.len() - 1
        });
        item_of.push(place);
        let Some(candidate) = candidates.get_mut(place) else { continue };
        if candidate.code != row.item {
            issues.note("import.code_case", "item", &row.item, row.n);
        }
        if row.description.is_empty() {
            issues.note("import.no_description", "description", &candidate.code, row.n);
        } else {
            tally(&mut candidate.names, &row.description);
        }
        if !row.price.is_zero() {
            tally(&mut candidate.prices, &row.price);
        }
    }
    let items = candidates.into_iter().map(|candidate| settle(tx, candidate, issues)).collect::<Result<Vec<_>>>()?;
    Ok((items, item_of))
}

/// The item of a candidate: its most used description and price.
fn settle(tx: &mut Tx<'_>, candidate: Candidate, issues: &mut Issues) -> Result<PlannedItem> {
    if candidate.names.len() > 1 {
        issues.note("import.descriptions", "description", &candidate.code, candidate.first);
    }
    let name = most(&candidate.names).cloned().unwrap_or(Name::fitted(&candidate.code));
    let group = group_of(&candidate.code, &name);
    if group != Group::Goods {
        issues.note("import.not_goods", "item", &candidate.code, candidate.first);
    }
    let known = crate::catalog::api::by_code(tx, &candidate.code)?.map(|item| item.id);
    let kind = if group == Group::Goods { ItemKind::Goods } else { ItemKind::Service };
    Ok(PlannedItem { price: most(&candidate.prices).copied().unwrap_or_default(), code: candidate.code, name, kind, group, known })
}

fn tally<T: PartialEq + Clone>(list: &mut Vec<(T, i64)>, value: &T) {
    match list.iter_mut().find(|(known, _)| known == value) {
        Some((_, count)) => *count += 1,
        None => list.push((value.clone(), 1)),
    }
}

/// The most frequent value; the earlier one of equals.
fn most<T>(list: &[(T, i64)]) -> Option<&T> {
    list.iter().rev().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

/// Postage, fees, discounts and the like hide among the items: their codes have no stock number, or
/// their names say what they are.
fn group_of(code: &str, name: &str) -> Group {
    let (code, name) = (code.to_uppercase(), name.to_uppercase());
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let digits = code.chars().filter(char::is_ascii_digit).count();
    match () {
        () if digits >= 3 && !says(&["GIFT VOUCHER"]) => Group::Goods,
        () if says(&["POSTAGE", "CARRIAGE", "SHIPPING", "FREIGHT"]) => Group::Carriage,
        () if says(&["BANK CHARGE", "AMAZON FEE", "FEE", "COMMISSION"]) => Group::Fees,
        () if says(&["MANUAL", "DISCOUNT", "SAMPLE", "VOUCHER"]) || digits == 0 => Group::Other,
        () => Group::Goods,
    }
}

fn count(documents: &[PlannedDocument], rows: &[Row], parties: &[PlannedParty], items: &[PlannedItem], digits: u32) -> Result<Counts> {
    let mut counts = Counts {
        new_parties: number(parties.iter().filter(|p| p.known.is_none()).count()),
        new_items: number(items.iter().filter(|i| i.known.is_none()).count()),
        ..Counts::default()
    };
    for document in documents {
        if document.known {
            counts.known_documents += 1;
            continue;
        }
        let own = document.lines.iter().filter_map(|(place, _)| rows.get(*place));
        match document.kind {
            None => counts.adjustments += number(document.lines.len()),
            Some(kind) => {
                let net = Minor::sum(own.map(|row| Minor::extend(row.quantity, row.price, Quantity::ONE, digits)).collect::<Result<Vec<_>>>()?)?;
                if kind == Kind::Invoice {
                    counts.invoices += 1;
                    counts.net = counts.net.plus(net)?;
                } else {
                    counts.credit_notes += 1;
                    counts.credit_net = counts.credit_net.plus(net)?;
                }
            }
        }
    }
    Ok(counts)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
