//! Lists and search-as-you-type over a million customers and a million items.

use daybook_core::app::{App, register};
use daybook_core::db::{ListQuery, list};
use daybook_core::shared::Id;
use serde_json::{Value, json};

use crate::measure::{Dice, Readings};
use crate::place::{Place, open};
use crate::table::Table;
use crate::{Outcome, Size, scale};

/// Rows of a page on the screen.
const PAGE: u16 = 50;
const TIMES: usize = 1000;

/// Makes the books, turns pages, types.
pub fn run(size: &Size, table: &mut Table) -> Outcome<()> {
    let place = Place::new()?;
    drop(place.books("long.books")?);
    let (books, count) = (place.file("long.books"), size.of(1_000_000));
    scale::parties(&books, count)?;
    scale::items(&books, count)?;
    let app = open(&books)?;
    table.note("… books", &format!("{count} customers, {count} items, {} MB", scale::megabytes(&books)?));
    let parties = Listed { record: "party", name: scale::party_name, code: scale::party_code, town: Some(scale::party_town), count };
    let items = Listed { record: "item", name: scale::item_name, code: scale::item_code, town: None, count };
    for (listed, plural) in [(parties, "customers"), (items, "items")] {
        listed.pages(&app, table, plural)?;
        listed.searches(&app, table, plural)?;
    }
    Ok(())
}

/// What is listed, and how its texts follow from a number.
struct Listed {
    record: &'static str,
    name: fn(i64) -> String,
    code: fn(i64) -> String,
    town: Option<fn(i64) -> String>,
    count: i64,
}

impl Listed {
    fn ask(&self, app: &App, readings: &mut Readings, text: Option<String>, after: Option<Value>) -> Outcome<usize> {
        let record = register().record(self.record)?;
        let query = ListQuery { text, r#where: Vec::new(), sort: Some("name".to_owned()), descending: false, after, limit: Some(PAGE) };
        Ok(readings.take(|| app.read(|tx, _| list(tx, record, &query)))?.rows.len())
    }

    /// Pages that begin anywhere, in the order of names.
    fn pages(&self, app: &App, table: &mut Table, plural: &str) -> Outcome<()> {
        let (mut readings, mut dice) = (Readings::default(), Dice::new(1));
        for _ in 0..TIMES {
            let n = dice.below(self.count) + 1;
            let key = Id::<()>::from_bytes(scale::id(self.record, n)).to_string();
            self.ask(app, &mut readings, None, Some(json!({"name": (self.name)(n), "id": key})))?;
        }
        tell(table, &format!("page of {PAGE} {plural} by name, anywhere, p99"), &readings, "");
        Ok(())
    }

    /// What people type: the beginnings of one or two words of somebody who is there.
    fn searches(&self, app: &App, table: &mut Table, plural: &str) -> Outcome<()> {
        let mut all = Readings::default();
        let mut worst = (0.0, String::new());
        let mut dice = Dice::new(2);
        let kinds: [(&str, fn(&Self, &mut Dice) -> String); 4] =
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
        tell(table, &format!("search {plural} as typed, p99"), &all, &more);
        Ok(())
    }

    fn words(&self, n: i64) -> Vec<String> {
        let mut text = format!("{} {}", (self.name)(n), (self.code)(n));
        if let Some(town) = self.town {
            text = format!("{text} {}", town(n));
        }
        text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).map(str::to_owned).collect()
    }
    fn part(&self, dice: &mut Dice, n: i64) -> String {
        let words = self.words(n);
        let word = &words[usize::try_from(dice.below(words.len() as i64)).unwrap_or(0)];
        start(word, 1 + dice.below(8))
    }
    fn one_word(&self, dice: &mut Dice) -> String {
        let n = 1 + dice.below(self.count);
        self.part(dice, n)
    }
    fn two_words(&self, dice: &mut Dice) -> String {
        let n = 1 + dice.below(self.count);
        format!("{} {}", self.part(dice, n), self.part(dice, n))
    }
    fn code_part(&self, dice: &mut Dice) -> String {
        start(&(self.code)(1 + dice.below(self.count)), 1 + dice.below(8))
    }
    fn two_letters(&self, dice: &mut Dice) -> String {
        let letter = |dice: &mut Dice| char::from(b'a' + u8::try_from(dice.below(26)).unwrap_or(0));
        format!("{} {}", letter(dice), letter(dice))
    }
}

fn start(word: &str, length: i64) -> String {
    word.chars().take(usize::try_from(length).unwrap_or(1)).collect()
}

fn tell(table: &mut Table, what: &str, readings: &Readings, more: &str) {
    let median = format!("median {:.2} ms", readings.median());
    let more = if more.is_empty() { median } else { format!("{median}; {more}") };
    table.row(what, readings.p99(), 16.0, " ms", &more);
}
