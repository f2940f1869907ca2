//! Records: one Rust struct per table. `record!` yields the struct, its columns, its row mapping and
//! its field descriptors (presentation facts only, never logic).

use serde::Serialize;

use super::error::Result;
use super::value::{Column, FieldKind, FromRow, Val};

/// A row type that may pass the record door.
pub trait Record: Clone + FromRow + Serialize + 'static {
    /// The table.
    const TABLE: &'static str;
    /// How many of the leading columns form the primary key.
    const KEYS: usize;
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];
    /// Whether rows may be removed. Only working rows (lines of a draft, aggregates) may.
    const REMOVABLE: bool;
    /// The descriptors of the columns, in order.
    fn fields() -> Vec<Field>;
    /// The values of the columns, in order.
    fn to_row(&self) -> Vec<Val>;
}

/// What generic lists, forms, filters, import and export know of a column.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// The column.
    pub name: &'static str,
    /// How it is shown and edited.
    pub kind: FieldKind,
    /// Text id of its label.
    pub label: String,
    /// Width in characters.
    pub width: u16,
    /// Text id of the group it stands in on a form.
    pub group: &'static str,
    /// Whether a form must have it.
    pub required: bool,
    /// The record a reference points to.
    pub references: Option<&'static str>,
    /// The words a choice allows.
    pub choices: &'static [&'static str],
    /// Whether lists show it.
    pub listed: bool,
    /// Whether only the program writes it.
    pub readonly: bool,
    /// Whether its amounts are in the base currency, whatever currency the row names.
    pub base: bool,
    /// Whether it may be empty in the database (NULL).
    #[serde(skip)]
    pub optional: bool,
}

/// Options of one field inside `record!`: `= field().wide(30).listed()`.
#[derive(Clone, Copy, Debug)]
pub struct FieldOptions {
    width: u16,
    group: &'static str,
    required: bool,
    references: Option<&'static str>,
    listed: bool,
    readonly: bool,
    base: bool,
    country: bool,
}

/// A field that forms show in the main group and lists do not show.
pub const fn field() -> FieldOptions {
    FieldOptions { width: 12, group: "main", required: false, references: None, listed: false, readonly: false, base: false, country: false }
}

impl FieldOptions {
    /// Width in characters.
    pub const fn wide(self, width: u16) -> Self {
        FieldOptions { width, ..self }
    }
    /// Stands in this group of the form.
    pub const fn group(self, group: &'static str) -> Self {
        FieldOptions { group, ..self }
    }
    /// Must be filled.
    pub const fn required(self) -> Self {
        FieldOptions { required: true, ..self }
    }
    /// Points to a record of this table.
    pub const fn to(self, table: &'static str) -> Self {
        FieldOptions { references: Some(table), ..self }
    }
    /// Lists show it.
    pub const fn listed(self) -> Self {
        FieldOptions { listed: true, ..self }
    }
    /// Only the program writes it.
    pub const fn readonly(self) -> Self {
        FieldOptions { readonly: true, ..self }
    }
    /// Amounts in the base currency, whatever currency the row names.
    pub const fn in_base(self) -> Self {
        FieldOptions { base: true, ..self }
    }
    /// Holds an ISO 3166-1 code.
    pub const fn country(self) -> Self {
        FieldOptions { country: true, ..self }
    }
    /// The descriptor of column `name` of `table` with Rust type `C`.
    pub fn describe<C: Column>(self, table: &str, name: &'static str) -> Field {
        let kind = match C::KIND {
            FieldKind::Reference if self.references.is_none() => FieldKind::Id,
            FieldKind::Text if self.country => FieldKind::Country,
            kind => kind,
        };
        Field {
            name,
            kind,
            label: format!("{table}.{name}"),
            width: self.width,
            group: self.group,
            required: self.required,
            references: self.references,
            choices: C::CHOICES,
            listed: self.listed,
            readonly: self.readonly,
            base: self.base,
            optional: C::OPTIONAL,
        }
    }
}

/// Declares a record: `record! { /// Doc. pub struct Party in "party" key 1 { id: Id<Party>, … } }`.
///
/// `key N` says how many leading columns form the primary key. `removable` after it allows the door
/// to remove rows. A field may carry options: `name: Name = field().wide(30).required().listed(),`.
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $table:literal key $keys:literal $($removable:ident)? {
            $( $(#[$field_meta:meta])* $field:ident : $type:ty $(= $options:expr)? ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        impl $crate::shared::value::FromRow for $name {
            fn from_row(cells: &mut $crate::shared::value::Cells) -> $crate::shared::error::Result<Self> {
                Ok($name { $( $field: $crate::shared::value::take(cells)?, )* })
            }
        }

        impl $crate::shared::record::Record for $name {
            const TABLE: &'static str = $table;
            const KEYS: usize = $keys;
            const COLUMNS: &'static [&'static str] = &[$( $crate::shared::record::column_name(stringify!($field)) ),*];
            const REMOVABLE: bool = $crate::record!(@removable $($removable)?);
            fn fields() -> Vec<$crate::shared::record::Field> {
                vec![$({
                    let options = $crate::shared::record::field();
                    $( let _ = options; let options = $options; )?
                    options.describe::<$type>($table, $crate::shared::record::column_name(stringify!($field)))
                }),*]
            }
            fn to_row(&self) -> Vec<$crate::shared::value::Val> {
                vec![$( $crate::shared::value::Column::to_val(&self.$field) ),*]
            }
        }
    };
    (@removable) => { false };
    (@removable removable) => { true };
}

/// The column of a field: Rust's raw names (`r#type`) lose their prefix.
pub const fn column_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// The order of lists that ask for none: columns that are never empty, all in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ListOrder {
    /// The columns; those of the key follow. None at all: the order of the key.
    pub columns: &'static [&'static str],
    /// Whether the largest stand first.
    pub descending: bool,
}

/// Finds the key of the row that a code stands for.
pub type ByCode = fn(&mut crate::db::Tx<'_>, &str) -> Result<Option<Val>>;

/// A command that may be run over many rows of a record.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Bulk {
    /// The command.
    pub command: &'static str,
    /// The column that a row must have `word` in, so that the command may succeed.
    pub field: &'static str,
    /// What must stand there.
    pub word: &'static str,
}

/// How far rows may be put back to what they said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revisable {
    /// The table of documents of which the rows are, and the key column that names theirs: only while it is a draft.
    pub draft_of: Option<(&'static str, &'static str)>,
    /// A column that says 1 once a row stands, and the columns that change no more then. Such a row does not go.
    pub stands: Option<(&'static str, &'static [&'static str])>,
    /// Columns that change no more once another row points to theirs.
    pub fixed: &'static [&'static str],
}

impl Revisable {
    /// Always and altogether.
    const FREELY: Revisable = Revisable { draft_of: None, stands: None, fixed: &[] };
}

/// What the register keeps of a record.
#[derive(Clone, Copy)]
pub struct RecordEntry {
    /// The table.
    pub table: &'static str,
    /// How many of the leading columns form the primary key.
    pub keys: usize,
    /// The columns, in order.
    pub columns: &'static [&'static str],
    /// The descriptors of the columns.
    pub fields: fn() -> Vec<Field>,
    /// Turns one row into its JSON form.
    pub to_json: fn(Vec<Val>) -> Result<serde_json::Value>,
    /// Name of the command that creates or changes a row, if forms may.
    pub save: Option<&'static str>,
    /// Name of the command that archives a row.
    pub archive: Option<&'static str>,
    /// Columns that a search looks into; the first is also the label of references.
    pub search: &'static [&'static str],
    /// A column with an index in which an amount that is typed is looked for, in minor units, with either sign.
    pub amount: Option<&'static str>,
    /// Finds the row that a scanned code stands for, beside its own code or number; gives its key.
    pub by_code: Option<ByCode>,
    /// The order of its lists.
    pub order: ListOrder,
    /// Further columns that long lists may be ordered by: an index has that order.
    pub sorted: &'static [&'static str],
    /// Whether the books keep a full-text index of it (`<table>_fts` on SQLite, `<table>_found` on PostgreSQL).
    pub full_text: bool,
    /// Whether a search over everything finds it: with a full-text index, or few.
    pub found: bool,
    /// Whether it is a view: listed like a table, but neither dumped nor written.
    pub view: bool,
    /// The record of which it says more, under the same key, to those who may see that. Forms, imports and
    /// whoever gets one row have both together.
    pub more_of: Option<&'static str>,
    /// The column and its word that mark rows which give back what others ask for: sums take their amounts off,
    /// but for those in the base currency, which carry their sign.
    pub gives_back: Option<(&'static str, &'static str)>,
    /// The column that names whose a row is, and the one that says whether everybody sees it; lists and look-ups show nobody
    /// the private rows of others.
    pub private: Option<(&'static str, &'static str)>,
    /// Commands that may be run over many rows: each takes the row's id alone.
    pub bulk: &'static [Bulk],
    /// Whether and how far people may undo what they changed.
    pub revisable: Option<Revisable>,
    /// The permission that reading needs.
    pub needs: super::permission::Permission,
}

impl RecordEntry {
    /// The entry of `R`, readable with `needs`, which must be a permission to read.
    pub const fn of<R: Record>(needs: super::permission::Permission) -> Self {
        assert!(needs.is_reading(), "a record is read with one of Permission::READING");
        RecordEntry {
            table: R::TABLE,
            keys: R::KEYS,
            columns: R::COLUMNS,
            fields: R::fields,
            to_json: to_json::<R>,
            save: None,
            archive: None,
            search: &[],
            amount: None,
            by_code: None,
            order: ListOrder { columns: &[], descending: false },
            sorted: &[],
            full_text: false,
            found: false,
            view: false,
            more_of: None,
            gives_back: None,
            private: None,
            bulk: &[],
            revisable: None,
            needs,
        }
    }
    /// The scope its rows travel in: who may read it may hold it. A device holds the scopes of the
    /// people who work on it.
    pub const fn scope(&self) -> &'static str {
        self.needs.word()
    }
    /// Names the commands that save and archive rows.
    pub const fn saved_by(self, save: &'static str, archive: Option<&'static str>) -> Self {
        RecordEntry { save: Some(save), archive, ..self }
    }
    /// Searched through a full-text index.
    pub const fn indexed(self) -> Self {
        RecordEntry { full_text: true, found: true, ..self }
    }
    /// Found by a search over everything, though it has no index: there are few.
    pub const fn found(self) -> Self {
        RecordEntry { found: true, ..self }
    }
    /// Also found by the amount in this column.
    pub const fn amounting(self, amount: &'static str) -> Self {
        RecordEntry { amount: Some(amount), ..self }
    }
    /// Also found by codes that stand elsewhere.
    pub const fn coded(self, by_code: ByCode) -> Self {
        RecordEntry { by_code: Some(by_code), ..self }
    }
    /// Lists begin with the smallest of these columns.
    pub const fn ordered(self, columns: &'static [&'static str]) -> Self {
        RecordEntry { order: ListOrder { columns, descending: false }, ..self }
    }
    /// Lists begin with the newest, by these columns.
    pub const fn newest_first(self, columns: &'static [&'static str]) -> Self {
        RecordEntry { order: ListOrder { columns, descending: true }, ..self }
    }
    /// Names further columns whose order an index has.
    pub const fn sorted(self, columns: &'static [&'static str]) -> Self {
        RecordEntry { sorted: columns, ..self }
    }
    /// A view over other tables.
    pub const fn viewed(self) -> Self {
        RecordEntry { view: true, ..self }
    }
    /// Says more of the rows of `table`, under the same key.
    pub const fn more_of(self, table: &'static str) -> Self {
        RecordEntry { more_of: Some(table), ..self }
    }
    /// Rows with `word` in `column` give back what the others ask for.
    pub const fn giving_back(self, column: &'static str, word: &'static str) -> Self {
        RecordEntry { gives_back: Some((column, word)), ..self }
    }
    /// Rows are their `owner`'s, but for those that are `shared`.
    pub const fn private(self, owner: &'static str, shared: &'static str) -> Self {
        RecordEntry { private: Some((owner, shared)), ..self }
    }
    /// Names the commands that may be run over many rows.
    pub const fn in_bulk(self, bulk: &'static [Bulk]) -> Self {
        RecordEntry { bulk, ..self }
    }
    /// What people change in it they may undo.
    pub const fn revisable(self) -> Self {
        RecordEntry { revisable: Some(Revisable::FREELY), ..self }
    }
    /// The same while the document of `table` that the column `by` names is a draft.
    pub const fn revisable_in_draft(self, table: &'static str, by: &'static str) -> Self {
        RecordEntry { revisable: Some(Revisable { draft_of: Some((table, by)), ..Revisable::FREELY }), ..self }
    }
    /// The same, but for `columns` once `flag` is set.
    pub const fn revisable_until(self, flag: &'static str, columns: &'static [&'static str]) -> Self {
        RecordEntry { revisable: Some(Revisable { stands: Some((flag, columns)), ..Revisable::FREELY }), ..self }
    }
    /// The same, but for the columns `fixed` once another row points to theirs.
    pub const fn revisable_but(self, fixed: &'static [&'static str]) -> Self {
        RecordEntry { revisable: Some(Revisable { fixed, ..Revisable::FREELY }), ..self }
    }
    /// Names the columns that a search looks into, the label first.
    pub const fn searched(self, search: &'static [&'static str]) -> Self {
        RecordEntry { search, ..self }
    }
}

fn to_json<R: Record>(row: Vec<Val>) -> Result<serde_json::Value> {
    let record = R::from_row(&mut row.into_iter())?;
    serde_json::to_value(record).map_err(|e| super::error::Error::internal("record.json").caused_by(e))
}
