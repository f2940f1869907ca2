//! The words of titles and columns.

pub use crate::shared::labels::{label, label_or};
