//! The road between a device and its server.
//!
//! [`machine`] decides what to do next and never does it: no clock, no network, no disk, so that a
//! test can put every fault at every step. [`driver`] does what it says, with the books on one side
//! and a [`Road`] to the server on the other: [`http`], with the secrets of the device's [`seat`].
//! [`lane`] carries the content of files, behind everything else. [`connect`] gives books a server.
//! [`guard`] tells copies of books from books. [`trace`] writes down what travels.

pub mod backoff;
pub mod connect;
pub mod driver;
pub mod guard;
pub mod http;
pub mod lane;
pub mod machine;
pub mod pack;
pub mod seat;
pub mod trace;

pub use driver::{Driver, Road};
pub use machine::{Action, Event, Failure, Machine, Status};
