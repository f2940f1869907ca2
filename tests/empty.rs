//! Nothing: the tests live in `main.rs`.
