//! Lists, their length and search-as-you-type over a million customers, a million items and a million
//! invoices.

use daybook_core::app::{App, register};
use daybook_core::db::{Filter, ListQuery, count, list, list_near, show_value, sums};
use daybook_core::shared::Id;
use daybook_core::shared::record::{Field, RecordEntry};
use daybook_core::shared::value::{FieldKind, Val};
use daybook_rpc::answer_generic;
use serde_json::{Value, json};

use crate::measure::{Dice, Readings};
use crate::place::{Place, open};
use crate::table::Table;
use crate::{Outcome, Size, scale};

/// Rows of a page on the screen.
const PAGE: u16 = 50;
const TIMES: usize = 1000;

/// Makes the books, turns pages, counts, types.
pub fn run(size: &Size, table: &mut Table) -> Outcome<()> {
    let place = Place::new()?;
    drop(place.books("long.books")?);
    let (books, rows) = (place.file("long.books"), size.of(1_000_000));
    scale::parties(&books, rows)?;
    scale::items(&books, rows)?;
    scale::documents(&books, rows)?;
    let app = open(&books)?;
    table.note("… books", &format!("{rows} customers, {rows} items, {rows} invoices, {} MB", scale::megabytes(&books)?));
    let of_party = |n| format!("{} {}", scale::party_name(n), scale::party_town(n));
    let of_invoice = |n| format!("{} {}", scale::party_name(scale::buyer(n)), scale::order_number(n));
    let kinds = [
        Listed { record: "party", plural: "customers", words: &of_party, code: scale::party_code, rows },
        Listed { record: "item", plural: "items", words: &scale::item_name, code: scale::item_code, rows },
        Listed { record: "billing_invoice", plural: "invoices", words: &of_invoice, code: scale::invoice_number, rows },
    ];
    for listed in &kinds {
        listed.pages(&app, table)?;
        listed.jumps(&app, table)?;
        listed.length(&app, table)?;
        listed.searches(&app, table)?;
        listed.mistyped(&app, table)?;
    }
    anything(&app, &kinds, table)
}

/// What the palette asks: everything that is there, by words of a customer, an item or an invoice, as they are
/// and with a letter wrong.
fn anything(app: &App, kinds: &[Listed<'_>], table: &mut Table) -> Outcome<()> {
    let mut dice = Dice::new(4);
    for (spelt, wrongly) in [("as typed", false), ("with a letter wrong", true)] {
        let (mut readings, mut found) = (Readings::default(), 0);
        for listed in kinds.iter().cycle().take(TIMES) {
            let (typed, wanted) = listed.sought(&mut dice, wrongly)?;
            let asked = json!({ "text": typed });
            let answer = readings.take(|| answer_generic(app, app.actor(), "records.find", &asked).unwrap_or(Ok(Value::Null)))?;
            let hits = answer["hits"].as_array().ok_or("no hits")?;
            found += u32::from(hits.iter().take(5).any(|hit| hit["id"] == wanted.as_str()));
        }
        let more = format!("median {:.2} ms; worst {:.1} ms; {found} of {TIMES} among the first five", readings.median(), readings.worst());
        table.row(&format!("find anything {spelt}, p95"), readings.p95(), 80.0, " ms", &more);
    }
    Ok(())
}

/// What is listed, and how its texts follow from a number.
struct Listed<'w> {
    record: &'static str,
    plural: &'static str,
    words: &'w dyn Fn(i64) -> String,
    code: fn(i64) -> String,
    rows: i64,
}

/// What somebody types who looks for a row of a list.
type Typed<L> = fn(&L, &mut Dice) -> String;

impl Listed<'_> {
    /// What the screen asks for: what is in use, in the record's own order.
    fn query(&self) -> Outcome<(&'static RecordEntry, ListQuery)> {
        let record = register().record(self.record)?;
        let in_use = Filter { field: "archived".to_owned(), op: "=".to_owned(), value: false.into() };
        let conditions = record.columns.contains(&"archived").then_some(in_use).into_iter().collect();
        Ok((record, ListQuery { r#where: conditions, limit: Some(PAGE), ..ListQuery::default() }))
    }

    fn ask(&self, app: &App, readings: &mut Readings, text: Option<String>, after: Option<Value>) -> Outcome<Option<Value>> {
        let (record, query) = self.query()?;
        let query = ListQuery { text, after, ..query };
        Ok(readings.take(|| app.read(|tx, _| list(tx, record, &query)))?.next)
    }

    /// Where a page begins that ends with the `n`-th row.
    fn place(&self, app: &App, n: i64) -> Outcome<Value> {
        let (record, query) = self.query()?;
        let kind = if self.record == "billing_invoice" { "document" } else { self.record };
        let key = Filter { field: "id".to_owned(), op: "=".to_owned(), value: Id::<()>::from_bytes(scale::id(kind, n)).to_string().into() };
        let row = app.read(|tx, _| list(tx, record, &ListQuery { r#where: vec![key], ..query }))?.rows.pop().ok_or("no such row")?;
        let shown = |(field, val): (Field, &Val)| (field.name.to_owned(), show_value(field.kind, val));
        Ok(Value::Object((record.fields)().into_iter().zip(&row).map(shown).collect()))
    }

    /// Pages that begin anywhere.
    fn pages(&self, app: &App, table: &mut Table) -> Outcome<()> {
        let (mut readings, mut dice) = (Readings::default(), Dice::new(1));
        for _ in 0..TIMES {
            let after = self.place(app, dice.below(self.rows) + 1)?;
            self.ask(app, &mut readings, None, Some(after))?;
        }
        tell(table, &format!("page of {PAGE} {}, anywhere, p99", self.plural), &readings, "");
        Ok(())
    }

    /// Pages at any place, from the nearer end: what a screen asks for that knows no place in between yet.
    fn jumps(&self, app: &App, table: &mut Table) -> Outcome<()> {
        let (record, query) = self.query()?;
        let (mut readings, mut dice) = (Readings::default(), Dice::new(3));
        for _ in 0..100 {
            let place = dice.below(self.rows);
            let (skip, descending) = if place * 2 < self.rows { (place, false) } else { (self.rows - place, true) };
            let jump = ListQuery { skip: u32::try_from(skip)?, descending, ..query.clone() };
            readings.take(|| app.read(|tx, _| list(tx, record, &jump)))?;
        }
        let more = format!("median {:.2} ms", readings.median());
        table.row(&format!("jump to any of the {}, p99", self.plural), readings.p99(), 50.0, " ms", &more);
        let money = (record.fields)().iter().filter(|field| field.name == "gross").map(|field| field.name.to_owned()).collect::<Vec<_>>();
        if !money.is_empty() {
            let mut readings = Readings::default();
            for _ in 0..10 {
                readings.take(|| app.read(|tx, _| sums(tx, record, &query, &money)))?;
            }
            table.row(&format!("what all {} come to, p99", self.plural), readings.p99(), 500.0, " ms", &format!("median {:.2} ms", readings.median()));
        }
        Ok(())
    }

    /// The length of the whole list, which is asked after its first page.
    fn length(&self, app: &App, table: &mut Table) -> Outcome<()> {
        let (record, query) = self.query()?;
        let mut readings = Readings::default();
        for _ in 0..25 {
            readings.take(|| app.read(|tx, _| count(tx, record, &query)))?;
        }
        table.row(&format!("length of the list of {}, p99", self.plural), readings.p99(), 100.0, " ms", &format!("median {:.2} ms", readings.median()));
        Ok(())
    }

    /// What people type: the beginnings of one or two words of somebody who is there.
    fn searches(&self, app: &App, table: &mut Table) -> Outcome<()> {
        let mut all = Readings::default();
        let mut worst = (0.0, String::new());
        let mut dice = Dice::new(2);
        let kinds: [(&str, Typed<Self>); 4] =
            [("a word", Self::one_word), ("two words", Self::two_words), ("a code", Self::code_part), ("two letters", Self::two_letters)];
        let mut parts = Vec::new();
        for (kind, text) in kinds {
            let mut readings = Readings::default();
            for _ in 0..TIMES / 2 {
                let typed = text(self, &mut dice);
                let mut one = Readings::default();
                self.ask(app, &mut one, Some(typed.clone()), None)?;
                if one.worst() > worst.0 {
                    worst = (one.worst(), typed);
                }
                readings.add(&one);
            }
            parts.push(format!("{kind} {:.1}", readings.p99()));
            all.add(&readings);
        }
        let more = format!("p99 of {}; worst {:.1} ms for “{}”", parts.join(", "), worst.0, worst.1);
        tell(table, &format!("search {} as typed, p99", self.plural), &all, &more);
        Ok(())
    }

    /// A word of somebody who is there, with one letter wrong: how long it takes, and how often it is among
    /// the first five.
    fn mistyped(&self, app: &App, table: &mut Table) -> Outcome<()> {
        let (mut readings, mut dice, mut found) = (Readings::default(), Dice::new(3), 0);
        for _ in 0..TIMES {
            let (typed, wanted) = self.sought(&mut dice, true)?;
            let (record, query) = self.query()?;
            let query = ListQuery { text: Some(typed), limit: Some(5), ..query };
            let rows = readings.take(|| {
                app.read(|tx, _| {
                    let page = list(tx, record, &query)?.rows;
                    if page.is_empty() { list_near(tx, record, &query) } else { Ok(page) }
                })
            })?;
            found += u32::from(rows.iter().filter_map(|row| row.first()).any(|key| show_value(FieldKind::Id, key) == wanted.as_str()));
        }
        let p95 = readings.p95();
        table.row(
            &format!("search {} with a letter wrong, p95", self.plural),
            p95,
            80.0,
            " ms",
            &format!("median {:.2} ms; {found} of {TIMES} among the first five", readings.median()),
        );
        Ok(())
    }

    /// The words of a row that is there, one of them with a letter wrong if wanted, and its id.
    fn sought(&self, dice: &mut Dice, wrongly: bool) -> Outcome<(String, String)> {
        let n = 1 + dice.below(self.rows);
        let mut words: Vec<String> = self.words_of(n).into_iter().filter(|word| word.chars().count() > 3).collect();
        let place = usize::try_from(dice.below(i64::try_from(words.len())?))?;
        if let Some(word) = words.get_mut(place).filter(|_| wrongly) {
            *word = wrong(dice, word);
        }
        let kind = if self.record == "billing_invoice" { "document" } else { self.record };
        Ok((words.join(" "), Id::<()>::from_bytes(scale::id(kind, n)).to_string()))
    }

    fn words_of(&self, n: i64) -> Vec<String> {
        let text = format!("{} {}", (self.words)(n), (self.code)(n));
        text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).map(str::to_owned).collect()
    }
    fn part(&self, dice: &mut Dice, n: i64) -> String {
        let words = self.words_of(n);
        let word = &words[usize::try_from(dice.below(words.len() as i64)).unwrap_or(0)];
        start(word, 1 + dice.below(8))
    }
    fn one_word(&self, dice: &mut Dice) -> String {
        let n = 1 + dice.below(self.rows);
        self.part(dice, n)
    }
    fn two_words(&self, dice: &mut Dice) -> String {
        let n = 1 + dice.below(self.rows);
        format!("{} {}", self.part(dice, n), self.part(dice, n))
    }
    fn code_part(&self, dice: &mut Dice) -> String {
        start(&(self.code)(1 + dice.below(self.rows)), 1 + dice.below(8))
    }
    fn two_letters(&self, dice: &mut Dice) -> String {
        let letter = |dice: &mut Dice| char::from(b'a' + u8::try_from(dice.below(26)).unwrap_or(0));
        format!("{} {}", letter(dice), letter(dice))
    }
}

/// One letter is left out, doubled by another, replaced, or changes places with the next.
fn wrong(dice: &mut Dice, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let place = usize::try_from(dice.below(i64::try_from(letters.len()).unwrap_or(2) - 1)).unwrap_or(0);
    match dice.below(4) {
        0 => drop(letters.remove(place)),
        1 => letters.insert(place, 'y'),
        2 => letters[place] = 'y',
        _ => letters.swap(place, place + 1),
    }
    letters.into_iter().collect()
}

fn start(word: &str, length: i64) -> String {
    word.chars().take(usize::try_from(length).unwrap_or(1)).collect()
}

fn tell(table: &mut Table, what: &str, readings: &Readings, more: &str) {
    let median = format!("median {:.2} ms", readings.median());
    let more = if more.is_empty() { median } else { format!("{median}; {more}") };
    table.row(what, readings.p99(), 16.0, " ms", &more);
}
