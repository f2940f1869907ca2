//! Arguments of the commands that save records. A field that is left out keeps the value it has
//! (or the default of a new record); null, like an empty text, clears it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that the caller gave, or left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given<T>(Option<T>);

impl<T> Given<T> {
    /// This value.
    pub const fn to(value: T) -> Self {
        Given(Some(value))
    }
    /// Whether the caller left it out.
    pub const fn is_absent(&self) -> bool {
        self.0.is_none()
    }
    /// What was given.
    pub const fn value(&self) -> Option<&T> {
        self.0.as_ref()
    }
    /// Puts what was given into `place`; leaves it alone otherwise.
    pub fn put(self, place: &mut T) {
        if let Some(value) = self.0 {
            *place = value;
        }
    }
}

impl<T> Default for Given<T> {
    fn default() -> Self {
        Given(None)
    }
}
impl<T> From<T> for Given<T> {
    fn from(value: T) -> Self {
        Given(Some(value))
    }
}
impl<T: Serialize> Serialize for Given<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}
impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(d).map(|value| Given(Some(value.unwrap_or_default())))
    }
}
impl<T: schemars::JsonSchema> schemars::JsonSchema for Given<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Option::<T>::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Option::<T>::json_schema(generator)
    }
}

/// Declares the arguments of a command that saves a record, with the method that puts them into a row:
/// `save_args! { /// Doc. pub struct SaveUnit of Unit { name: Name, … } choose { kind: Kind, … } }`.
///
/// Without `id` the command makes a new record, with it it changes one. Fields after `choose` have no
/// empty value (choices, links): null leaves them alone too. Fields after `apart` are of another record, which
/// says more of the same thing; the command puts them there itself.
#[macro_export]
macro_rules! save_args {
    (
        $(#[$meta:meta])*
        pub struct $name:ident of $record:ident { $( $field:ident : $type:ty ),* $(,)? }
        $( choose { $( $chosen:ident : $chosen_type:ty ),* $(,)? } )?
        $( apart { $( $apart:ident : $apart_type:ty ),* $(,)? } )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default)]
        pub struct $name {
            /// The record to change; a new one is made when it is left out.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub id: Option<$crate::shared::Id<$record>>,
            $(
                #[doc = concat!("The record's field `", stringify!($field), "`; stays as it is when left out.")]
                #[serde(skip_serializing_if = "crate::shared::Given::is_absent")]
                pub $field: $crate::shared::Given<$type>,
            )*
            $($(
                #[doc = concat!("The record's field `", stringify!($chosen), "`; stays as it is when left out.")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $chosen: Option<$chosen_type>,
            )*)?
            $($(
                #[doc = concat!("The field `", stringify!($apart), "`; stays as it is when left out.")]
                #[serde(skip_serializing_if = "crate::shared::Given::is_absent")]
                pub $apart: $crate::shared::Given<$apart_type>,
            )*)?
        }

        impl $name {
            /// Puts what was given into `row`.
            fn put(self, row: &mut $record) {
                $( self.$field.put(&mut row.$field); )*
                $($( if let Some(value) = self.$chosen { row.$chosen = value; } )*)?
            }
        }
    };
}
