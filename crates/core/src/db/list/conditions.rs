//! Conditions of a list as SQL.

use sea_query::{Alias, Expr, ExprTrait, SelectStatement};

use super::values::{read_value, to_sea};
use super::{Filter, unknown_field};
use crate::shared::error::{Error, Result};
use crate::shared::record::Field;
use crate::shared::value::{FieldKind, Val};

/// Adds the condition; `list.unknown_field`, `list.unknown_operator` or `list.not_choice` when it fits no
/// column, no comparison, or none of the words that the column may hold.
pub(super) fn add(statement: &mut SelectStatement, fields: &[Field], filter: &Filter) -> Result<()> {
    let unknown = || unknown_field(&filter.field, fields).field("where");
    let field = fields.iter().find(|f| f.name == filter.field).ok_or_else(unknown)?;
    let column = || Expr::col(Alias::new(field.name));
    if filter.value.is_null() {
        statement.and_where(if filter.op == "<>" { column().is_not_null() } else { column().is_null() });
        return Ok(());
    }
    let val = read_value(field, &filter.value)?;
    if let (FieldKind::Choice, Val::Text(word), "=" | "<>") = (field.kind, &val, filter.op.as_str())
        && !field.choices.contains(&word.as_str())
    {
        return Err(Error::invalid("list.not_choice").arg("value", word).arg("choices", field.choices.join(", ")).field(field.name));
    }
    if let (FieldKind::Bool, "=", Val::Int(yes)) = (field.kind, filter.op.as_str(), &val) {
        // Written out, not bound: only so does it fit the indices of what is in use.
        statement.and_where(column().eq(Expr::cust(yes.to_string())));
        return Ok(());
    }
    if filter.op == "starts" {
        let Val::Text(prefix) = val else { return Err(unknown()) };
        statement.and_where(column().gte(prefix.clone())).and_where(column().lt(format!("{prefix}\u{10ffff}")));
        return Ok(());
    }
    let value = to_sea(val);
    statement.and_where(match filter.op.as_str() {
        "=" => column().eq(value),
        "<>" => column().ne(value),
        "<" => column().lt(value),
        "<=" => column().lte(value),
        ">" => column().gt(value),
        ">=" => column().gte(value),
        _ => return Err(Error::invalid("list.unknown_operator").arg("name", &filter.op).field("where")),
    });
    Ok(())
}
