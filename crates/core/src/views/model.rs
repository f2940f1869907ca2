//! The rows of views, and what a list looks like.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Filter;
use crate::shared::context::UserTag;
use crate::shared::{Code, Id, Name, Text, field};
use crate::{choice, record};

record! {
    /// A list under a name.
    pub struct SavedView in "saved_view" key 1 {
        /// The id.
        id: Id<SavedView>,
        /// Whose list.
        record: Code = field().wide(20).listed().readonly(),
        /// What it is called.
        name: Name = field().wide(30).required().listed(),
        /// Who made it.
        owner: Id<UserTag> = field().to("app_user").listed().readonly(),
        /// Whether everybody sees it.
        shared: bool = field().listed(),
        /// What it looks like: a [`Look`] as JSON.
        look: Text<16000>,
        /// Whether it is out of use.
        archived: bool,
    }
}

choice! {
    /// How close the rows stand.
    pub enum Density {
        /// Many rows.
        Compact = "compact",
        /// Room around them.
        Comfortable = "comfortable",
    }
}

/// What a list looks like. What a client does not know, a column of a newer program for one, it leaves out.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Words searched for.
    #[serde(default)]
    pub text: String,
    /// Conditions, all of which hold.
    #[serde(default)]
    pub r#where: Vec<Filter>,
    /// The order; the record's own when absent.
    pub sort: Option<Order>,
    /// The columns in their order; the record's own when there are none.
    #[serde(default)]
    pub columns: Vec<Shown>,
    /// How close the rows stand; as everywhere else when absent.
    pub density: Option<Density>,
}

/// The order of a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The column.
    pub field: String,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
}

/// A column that is shown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Its width in pixels; what it needs when absent.
    pub width: Option<u16>,
}
