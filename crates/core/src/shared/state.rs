//! State machines as data: an enum, its stored words, and the table of transitions with the command
//! that makes each. One function advances.

use super::error::{Error, Kind, Result};

/// One allowed step of a state machine.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Transition {
    /// The state before.
    pub from: &'static str,
    /// The state after.
    pub to: &'static str,
    /// The command that makes the step.
    pub by: &'static str,
}

/// A state machine as the register shows it.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Machine {
    /// What it is the state of.
    pub name: &'static str,
    /// All states; the first is where records begin.
    pub states: &'static [&'static str],
    /// All steps.
    pub transitions: &'static [Transition],
}

impl Machine {
    /// Checks the step `from` → `to` made by `command`; `state.transition` when there is none.
    pub fn check(&self, from: &'static str, to: &'static str, command: &str) -> Result<()> {
        if self.transitions.iter().any(|t| t.from == from && t.to == to && t.by == command) {
            return Ok(());
        }
        Err(Error::new(Kind::State, "state.transition").arg("what", self.name).arg("from", from).arg("to", to))
    }
    /// The commands that lead out of `state`.
    pub fn commands_from(&self, state: &str) -> impl Iterator<Item = &'static str> {
        self.transitions.iter().filter(move |t| t.from == state).map(|t| t.by)
    }
}

/// Declares an enum that is stored as a word: `choice! { /// Doc. pub enum Kind { Goods = "goods", … } }`.
#[macro_export]
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $( $(#[$variant_meta])* #[serde(rename = $word)] $variant ),* }

        impl $name {
            /// Every word, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),*];
            /// The stored word.
            pub const fn word(self) -> &'static str {
                match self { $( $name::$variant => $word ),* }
            }
            /// The value of a stored word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some($name::$variant), )* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl $crate::shared::value::Column for $name {
            const KIND: $crate::shared::value::FieldKind = $crate::shared::value::FieldKind::Choice;
            const CHOICES: &'static [&'static str] = $name::WORDS;
            fn to_val(&self) -> $crate::shared::value::Val {
                $crate::shared::value::Val::Text(self.word().to_owned())
            }
            fn from_val(val: $crate::shared::value::Val) -> $crate::shared::error::Result<Self> {
                match &val {
                    $crate::shared::value::Val::Text(text) => $name::from_word(text),
                    _ => None,
                }
                .ok_or_else(|| $crate::shared::value::misfit(stringify!($name), &val))
            }
        }
    };
}
