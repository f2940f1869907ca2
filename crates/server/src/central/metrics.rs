//! What the server counts, as Prometheus text: requests by endpoint, commands and queries by name. No
//! tenant, person or record is named.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the latency buckets, in milliseconds; 300 ms is what the product promises.
const BOUNDS_MS: [u64; 10] = [5, 10, 25, 50, 100, 300, 1_000, 3_000, 10_000, 30_000];

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An endpoint: its path as the router knows it.
    Endpoint,
    /// A command of the register.
    Command,
    /// A query of the register.
    Query,
}

impl Subject {
    const ALL: [(Subject, &'static str); 3] = [(Subject::Endpoint, "endpoint"), (Subject::Command, "command"), (Subject::Query, "query")];
}

#[derive(Default)]
struct Row {
    count: u64,
    errors: u64,
    micros: u128,
    buckets: [u64; BOUNDS_MS.len()],
}

/// The counts since the server started.
#[derive(Default)]
pub struct Metrics(Mutex<BTreeMap<(Subject, String), Row>>);

impl Metrics {
    /// Counts one use of `name` that took `took`.
    pub fn note(&self, subject: Subject, name: &str, failed: bool, took: Duration) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry((subject, name.to_owned())).or_default();
        row.count += 1;
        row.errors += u64::from(failed);
        row.micros += took.as_micros();
        for (bucket, bound) in row.buckets.iter_mut().zip(BOUNDS_MS) {
            *bucket += u64::from(took <= Duration::from_millis(bound));
        }
    }
    /// The counts, with single figures before them.
    pub fn text(&self, figures: &[(&str, u64)]) -> String {
        let mut out = String::new();
        for (name, value) in figures {
            let _ = writeln!(out, "# TYPE daybook_{name} gauge\ndaybook_{name} {value}");
        }
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (subject, word) in Subject::ALL {
            let _ = writeln!(out, "# TYPE daybook_{word}_errors_total counter");
            for ((_, name), row) in rows.iter().filter(|((kind, _), _)| *kind == subject) {
                let _ = writeln!(out, "daybook_{word}_errors_total{{{word}=\"{name}\"}} {}", row.errors);
            }
            let _ = writeln!(out, "# TYPE daybook_{word}_seconds histogram");
            for ((_, name), row) in rows.iter().filter(|((kind, _), _)| *kind == subject) {
                histogram(&mut out, word, name, row);
            }
        }
        out
    }
}

fn histogram(out: &mut String, word: &str, name: &str, row: &Row) {
    for (bound, count) in BOUNDS_MS.iter().zip(row.buckets) {
        let _ = writeln!(out, "daybook_{word}_seconds_bucket{{{word}=\"{name}\",le=\"{}.{:03}\"}} {count}", bound / 1000, bound % 1000);
    }
    let _ = writeln!(out, "daybook_{word}_seconds_bucket{{{word}=\"{name}\",le=\"+Inf\"}} {}", row.count);
    let _ = writeln!(out, "daybook_{word}_seconds_sum{{{word}=\"{name}\"}} {}.{:06}", row.micros / 1_000_000, row.micros % 1_000_000);
    let _ = writeln!(out, "daybook_{word}_seconds_count{{{word}=\"{name}\"}} {}", row.count);
}
