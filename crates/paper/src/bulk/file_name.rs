//! File names every system accepts, each given once.

use std::collections::HashSet;

const LONGEST: usize = 120;
const ENDING: &str = ".pdf";
/// Names Windows keeps for devices, whatever the ending.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// The names given so far.
#[derive(Default)]
pub(crate) struct Names {
    given: HashSet<String>,
}

impl Names {
    /// A safe name ending in `.pdf`; a number is added if it was given before.
    pub fn unique(&mut self, wanted: &str) -> String {
        let stem = safe_stem(wanted);
        let mut name = format!("{stem}{ENDING}");
        let mut number = 2;
        while !self.given.insert(name.to_lowercase()) {
            name = format!("{stem} ({number}){ENDING}");
            number += 1;
        }
        name
    }
}

fn safe_stem(wanted: &str) -> String {
    let stem = match wanted.char_indices().rev().nth(ENDING.len() - 1) {
        Some((at, _)) if wanted.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(ENDING)) => wanted.get(..at).unwrap_or(wanted),
        _ => wanted,
    };
    let allowed = |c: char| if is_forbidden(c) { '-' } else { c };
    let safe: String = stem.chars().map(allowed).take(LONGEST).collect();
    let safe = safe.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if safe.is_empty() {
        return "document".to_owned();
    }
    if is_device(safe) { format!("_{safe}") } else { safe.to_owned() }
}

fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let port = base.strip_prefix("COM").or_else(|| base.strip_prefix("LPT"));
    let is_port = port.is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()));
    is_port || DEVICES.contains(&base.as_str())
}
