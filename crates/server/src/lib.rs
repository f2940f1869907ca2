//! The books over HTTP, in two ways that share nothing but their errors' form: [`desk`] serves one
//! firm's books to a browser on the same computer, [`central`] serves many firms to their devices.

mod answer;
pub mod central;
pub mod desk;

pub use desk::{Server, Token};
