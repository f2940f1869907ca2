//! Rows written behind on PostgreSQL: whatever commands do, they hear and leave the same as those that write
//! a statement at a time.

use std::sync::Arc;

use daybook_core::db::{PgBooks, PgPool, Tx};
use daybook_core::importing::Mapped;
use daybook_core::ledger::ExchangeRate;
use daybook_core::shared::decimal::Rate;
use daybook_core::shared::error::{Error, Result};
use daybook_core::shared::{Code, Currency, Date, Id, Name, Note};
use daybook_core::vals;
use proptest::prelude::*;

use crate::support::{pool, tenant_name};

/// One thing that a command does. Keys are small, so that commands meet each other's rows.
#[derive(Clone, Debug)]
enum Op {
    /// A new mapping; its key may be taken.
    Map(u8),
    /// Another text for a mapping, if it is there.
    Remap(u8, u8),
    /// A mapping goes, if it is there.
    Unmap(u8),
    /// A new rate: its id, or its day, may be taken, and 0 is no rate.
    Rate(u8, u8, u8),
    /// Another rate, if it is there; 0 is none.
    Change(u8, u8),
    /// Reads one by its key.
    Find(u8),
    /// Reads all by a statement.
    List,
    /// Reads a small table as a whole.
    Few(u8),
    /// Fails after all of it.
    Fail,
    /// A savepoint within the command, which may fail.
    Within(Vec<Op>),
}

fn op() -> impl Strategy<Value = Op> {
    let leaf = prop_oneof![
        4 => (0..6_u8).prop_map(Op::Map),
        4 => (0..6_u8, 0..9_u8).prop_map(|(key, text)| Op::Remap(key, text)),
        2 => (0..6_u8).prop_map(Op::Unmap),
        4 => (0..6_u8, 0..9_u8, 0..9_u8).prop_map(|(id, day, rate)| Op::Rate(id, day, rate)),
        4 => (0..6_u8, 0..9_u8).prop_map(|(id, rate)| Op::Change(id, rate)),
        3 => (0..6_u8).prop_map(Op::Find),
        2 => Just(Op::List),
        2 => (0..9_u8).prop_map(Op::Few),
        1 => Just(Op::Fail),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| prop::collection::vec(inner, 1..4).prop_map(Op::Within))
}

fn text<T>(made: Result<T>) -> T {
    made.expect("text")
}
fn mapping(tx: &mut Tx<'_>, key: u8) -> Result<Option<Mapped>> {
    tx.find(vals![text(Code::new("items")), text(Code::new(&format!("H{key}")))])
}
fn rate_id(id: u8) -> Id<ExchangeRate> {
    Id::from_bytes([id + 1; 16])
}
fn rate_of(rate: u8) -> Rate {
    Rate::from_micros(i64::from(rate) * 1_000_000)
}

/// Does it; what it reads is told in words.
fn run(tx: &mut Tx<'_>, op: &Op, told: &mut Vec<String>) -> Result<()> {
    match op {
        Op::Map(key) => {
            let (kind, header) = (text(Code::new("items")), text(Code::new(&format!("H{key}"))));
            tx.insert(&Mapped { kind, header, mapping: text(Note::new("{}")) })
        }
        Op::Remap(key, to) => match mapping(tx, *key)? {
            Some(old) => tx.update(&old, &Mapped { mapping: text(Note::new(&format!("{to}"))), ..old.clone() }),
            None => Ok(()),
        },
        Op::Unmap(key) => match mapping(tx, *key)? {
            Some(old) => tx.remove(&old),
            None => Ok(()),
        },
        Op::Rate(id, day, rate) => {
            let valid_on = text(Date::parse(&format!("2026-01-0{}", day + 1)));
            let currency = text(Currency::parse("USD"));
            tx.insert(&ExchangeRate { id: rate_id(*id), currency, valid_on, rate: rate_of(*rate), source: text(Name::new("bank")) })
        }
        Op::Change(id, rate) => match tx.find::<ExchangeRate>(vals![rate_id(*id)])? {
            Some(old) => tx.update(&old, &ExchangeRate { rate: rate_of(*rate), ..old.clone() }),
            None => Ok(()),
        },
        Op::Find(key) => {
            told.push(format!(
                "{:?} {:?}",
                mapping(tx, *key)?.map(|found| found.mapping),
                tx.find::<ExchangeRate>(vals![rate_id(*key)])?.map(|found| found.rate)
            ));
            Ok(())
        }
        Op::List => {
            told.push(format!("{:?}", state(tx)?));
            Ok(())
        }
        Op::Few(day) => {
            let valid_on = text(Date::parse(&format!("2026-01-0{}", day + 1)));
            told.push(format!("{:?}", tx.find_few::<ExchangeRate>(&["valid_on"], vals![valid_on])?.len()));
            Ok(())
        }
        Op::Fail => Err(Error::invalid("number.year")),
        Op::Within(ops) => {
            let before = told.len();
            if tx.savepoint(|tx| ops.iter().try_for_each(|op| step(tx, op, told))).is_err() {
                told.truncate(before);
                told.push("within: failed".to_owned());
            }
            Ok(())
        }
    }
}

/// A command of its own: what one does wrong is judged before the next begins, not before it ends.
fn step(tx: &mut Tx<'_>, op: &Op, told: &mut Vec<String>) -> Result<()> {
    tx.savepoint(|tx| run(tx, op, told))
}

type State = (Vec<(String, String)>, Vec<(Id<ExchangeRate>, i64)>);

fn state(tx: &mut Tx<'_>) -> Result<State> {
    Ok((tx.all("SELECT header, mapping FROM import_mapping ORDER BY header", &[])?, tx.all("SELECT id, rate FROM exchange_rate ORDER BY id", &[])?))
}

/// What came of every command of a transaction.
fn commands(tx: &mut Tx<'_>, commands: &[Vec<Op>]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for ops in commands {
        let mut told = Vec::new();
        let outcome = tx.savepoint(|tx| ops.iter().try_for_each(|op| step(tx, op, &mut told)));
        // One that fails in two ways may say either.
        all.push(if outcome.is_ok() { told.join("; ") } else { "failed".to_owned() });
    }
    Ok(all)
}

fn fresh(pool: &Arc<PgPool>) -> PgBooks {
    let tenant = tenant_name();
    pool.add_tenant(&tenant).expect("tenant");
    PgBooks::open(Arc::clone(pool), &tenant).expect("books")
}

#[test]
fn what_is_written_behind_is_what_would_have_been_written_at_once() {
    let Some(pool) = pool() else { return };
    let (at_once, behind) = (fresh(&pool), fresh(&pool));
    let clear = |tx: &mut Tx<'_>| tx.raw("DELETE FROM import_mapping; DELETE FROM exchange_rate");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() });
    let worlds = prop::collection::vec(prop::collection::vec(prop::collection::vec(op(), 1..5), 1..6), 1..4);
    runner
        .run(&worlds, |transactions| {
            at_once.write(clear).expect("clear");
            behind.write_behind(clear).expect("clear");
            for transaction in &transactions {
                let expected = at_once.write(|tx| commands(tx, transaction)).expect("at once");
                let found = behind.write_behind(|tx| commands(tx, transaction)).expect("behind");
                prop_assert_eq!(found, expected);
                prop_assert_eq!(behind.read(state).expect("read"), at_once.read(state).expect("read"));
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
