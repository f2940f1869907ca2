//! What a report is: data, and SQL or a function for its rows.

use serde_json::{Value, json};

use super::figures::Figures;
use super::words::{label, label_or};
use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::value::{Column as _, FieldKind, Val};
use crate::shared::{Currency, Date, Id, Permission};

/// A report.
pub struct Report {
    /// Name; `report.<name>` is the label of its title.
    pub name: &'static str,
    /// What the reader must be allowed.
    pub needs: Permission,
    /// What may be asked.
    pub parameters: &'static [Parameter],
    /// The ways it can be looked at; the first one unless `pick` says otherwise.
    pub views: &'static [View],
    /// Chooses the view, by its place.
    pub pick: fn(&Asked) -> Result<usize>,
    /// Where a row leads, beside the record it is of.
    pub drill: Option<Drill>,
}

/// Something that may be asked of a report.
pub struct Parameter {
    /// Name: `from`, `to`, `as_of`, `party`, `account` or `group`.
    pub name: &'static str,
    /// How it is entered.
    pub kind: FieldKind,
    /// Whether there is no answer without it.
    pub required: bool,
    /// The words that may be chosen.
    pub choices: &'static [&'static str],
}

/// One way to look at a report.
pub struct View {
    /// The columns, in the order of the cells. Names that begin with `_` are not shown: `_entry`,
    /// `_source`, `_source_id` become the record that a row opens, as do `_record`, `_id`.
    pub columns: &'static [Column],
    /// Where the rows come from.
    pub rows: Rows,
}

/// A column.
pub struct Column {
    /// Name; `column.<name>` is its label.
    pub name: &'static str,
    /// How its values are shown.
    pub kind: FieldKind,
    /// Whether the rows are added up.
    pub total: bool,
}

/// A column that is shown and not added up.
pub const fn column(name: &'static str, kind: FieldKind) -> Column {
    Column { name, kind, total: false }
}

/// A column of money that is added up.
pub const fn amount(name: &'static str) -> Column {
    Column { name, kind: FieldKind::Money, total: true }
}

/// A cell that is not shown.
pub const fn hidden(name: &'static str) -> Column {
    Column { name, kind: FieldKind::Id, total: false }
}

/// Where rows come from.
pub enum Rows {
    /// A fixed SQL text, with the values of its parameters `?1`, `?2` …
    Sql(&'static str, &'static [Bind]),
    /// A function.
    Code(fn(&mut Tx<'_>, &Asked, &mut Figures) -> Result<()>),
}

/// A value that SQL may ask for.
#[derive(Clone, Copy)]
pub enum Bind {
    /// First day.
    From,
    /// Last day.
    To,
    /// The day that open items are looked at.
    AsOf,
    /// `AsOf` less so many days.
    AsOfLess(i32),
    /// The party, or NULL.
    Party,
    /// The account, or NULL.
    Account,
    /// The word in `group`, or NULL.
    Group,
}

/// Where a row leads: to another report, asked for the record that the row is of.
pub struct Drill {
    /// The report.
    pub report: &'static str,
    /// Its parameter that takes the row's `_id`.
    pub parameter: &'static str,
}

/// What is asked, defaults filled in.
pub struct Asked {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The day at which things are looked at; today when nothing was said.
    pub as_of: Date,
    /// Only this party.
    pub party: Option<Id<()>>,
    /// Only this account.
    pub account: Option<Id<()>>,
    /// How to group, or which part.
    pub group: Option<String>,
    /// First month of the fiscal year.
    pub fiscal_month: i64,
    /// Base currency.
    pub currency: Currency,
    /// Whether the reader may see what goods cost, and the books hold it.
    pub sees_costs: bool,
}

impl Asked {
    /// The values for SQL.
    pub fn bind(&self, binds: &[Bind]) -> Result<Vec<Val>> {
        let value = |bind: &Bind| {
            Ok(match bind {
                Bind::From => self.from.to_val(),
                Bind::To => self.to.to_val(),
                Bind::AsOf => self.as_of.to_val(),
                Bind::AsOfLess(days) => self.as_of.plus_days(days.saturating_neg())?.to_val(),
                Bind::Party => self.party.to_val(),
                Bind::Account => self.account.to_val(),
                Bind::Group => self.group.to_val(),
            })
        };
        binds.iter().map(value).collect()
    }
}

impl Column {
    /// Whether readers see it.
    pub fn is_shown(&self) -> bool {
        !self.name.starts_with('_')
    }
    /// `{name, label, kind}`.
    pub fn describe(&self) -> Value {
        json!({"name": self.name, "label": label_or(&format!("column.{}", self.name), self.name), "kind": self.kind})
    }
}

impl Report {
    /// The first view, whatever is asked.
    pub const fn first(_: &Asked) -> Result<usize> {
        Ok(0)
    }
    /// The title in words.
    pub fn title(&self) -> String {
        label_or(&format!("report.{}", self.name), self.name)
    }
    /// What the register says of it.
    pub fn describe(&self) -> Value {
        let parameter = |p: &Parameter| json!({"name": p.name, "kind": p.kind, "required": p.required, "choices": p.choices, "label": label_or(&format!("parameter.{}", p.name), p.name)});
        let parameters: Vec<Value> = self.parameters.iter().map(parameter).collect();
        let columns = self.views.first().map(|view| view.columns).unwrap_or_default();
        let columns: Vec<Value> = columns.iter().filter(|column| column.is_shown()).map(Column::describe).collect();
        let about = label(&format!("report.{}.about", self.name));
        json!({"name": self.name, "title": self.title(), "about": about, "needs": self.needs, "parameters": parameters, "columns": columns})
    }
}

/// Parameters that many reports share.
pub mod ask {
    use super::{FieldKind, Parameter};

    /// First day.
    pub const FROM: Parameter = Parameter { name: "from", kind: FieldKind::Date, required: false, choices: &[] };
    /// Last day.
    pub const TO: Parameter = Parameter { name: "to", kind: FieldKind::Date, required: false, choices: &[] };
    /// The day at which things are looked at.
    pub const AS_OF: Parameter = Parameter { name: "as_of", kind: FieldKind::Date, required: false, choices: &[] };
    /// One customer or supplier.
    pub const PARTY: Parameter = Parameter { name: "party", kind: FieldKind::Reference, required: false, choices: &[] };
    /// Receivable or payable.
    pub const SIDE: Parameter = Parameter { name: "group", kind: FieldKind::Choice, required: false, choices: &["receivable", "payable"] };
}
