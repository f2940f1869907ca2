//! What the amounts of a list come to: one sum for each currency, never across them.

use std::collections::BTreeMap;

use sea_query::{Alias, Expr};

use super::{ListQuery, fetch, rows, unknown_field};
use crate::db::tx::Tx;
use crate::shared::error::Result;
use crate::shared::record::{Field, RecordEntry};
use crate::shared::value::{Column, FieldKind, Val};
use crate::shared::{Currency, Minor};

/// What one column comes to in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The column.
    pub field: &'static str,
    /// Of this currency; none: the base currency.
    pub currency: Option<Currency>,
    /// The sum.
    pub total: Minor,
}

/// Where a row says which currency its amounts are in.
const CURRENCY: &str = "currency";

/// Sums the columns `names`, which hold money, over all pages of `query`, in the order of the record's columns and
/// of the currencies. `list.unknown_field` for a column of another kind.
pub fn sums(tx: &mut Tx<'_>, record: &RecordEntry, query: &ListQuery, names: &[String]) -> Result<Vec<Sum>> {
    let fields = (record.fields)();
    let summed = names.iter().map(|name| money_field(&fields, name)).collect::<Result<Vec<&Field>>>()?;
    if summed.is_empty() {
        return Ok(Vec::new());
    }
    let by_currency = record.columns.contains(&CURRENCY);
    let mut statement = rows(tx.dialect(), record, &fields, query)?;
    for field in &summed {
        statement.expr(Expr::cust(total_of(record, field)));
    }
    if by_currency {
        statement.column(Alias::new(CURRENCY)).group_by_col(Alias::new(CURRENCY));
    }
    let mut totals: BTreeMap<(&'static str, Option<Currency>), Minor> = BTreeMap::new();
    for mut found in fetch(tx, &statement)? {
        let currency = if by_currency { found.pop().map(Option::<Currency>::from_val).transpose()?.flatten() } else { None };
        for (field, val) in summed.iter().zip(&found) {
            let Val::Int(part) = val else { continue };
            let total = totals.entry((field.name, currency.filter(|_| !field.base))).or_insert(Minor::ZERO);
            *total = total.plus(Minor::new(*part)?)?;
        }
    }
    let place = |sum: &Sum| record.columns.iter().position(|column| *column == sum.field);
    let mut sums: Vec<Sum> = totals.into_iter().map(|((field, currency), total)| Sum { field, currency, total }).collect();
    sums.sort_by_key(place);
    Ok(sums)
}

fn money_field<'f>(fields: &'f [Field], name: &str) -> Result<&'f Field> {
    let money: Vec<&Field> = fields.iter().filter(|field| field.kind == FieldKind::Money).collect();
    let unknown = || unknown_field(name, money.iter().copied()).field("fields");
    money.iter().copied().find(|field| field.name == name).ok_or_else(unknown)
}

/// The sum of a column as SQL. What gives back is taken off.
fn total_of(record: &RecordEntry, field: &Field) -> String {
    let column = format!("\"{}\"", field.name);
    let amount = match record.gives_back.filter(|_| !field.base) {
        Some((mark, word)) => format!("CASE WHEN \"{mark}\" = '{word}' THEN -{column} ELSE {column} END"),
        None => column,
    };
    format!("CAST(SUM({amount}) AS BIGINT)")
}
