//! What Rust's privacy cannot hold: the order of the modules, banned calls with their replacement, file
//! and function lengths as a ratchet, words for every code and label.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file under `folder`, with its path from the root.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn core() -> Vec<(String, String)> {
    sources("crates/core/src")
}

fn module_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/core/src/")?.split('/').next().filter(|part| !part.ends_with(".rs"))
}

#[test]
fn modules_call_only_what_stands_before_them() {
    let order: Vec<&str> = daybook_core::MODULES.iter().map(|m| m.name).collect();
    for (path, text) in core() {
        let Some(place) = module_of(&path).and_then(|m| order.iter().position(|o| *o == m)) else { continue };
        for later in &order[place + 1..] {
            assert!(!text.contains(&format!("crate::{later}::")), "{path} reaches up to {later}: send an event instead");
        }
        for private in ["::model::", "::services::"] {
            for earlier in &order[..place] {
                assert!(!text.contains(&format!("crate::{earlier}{private}")), "{path} reaches past the api of {earlier}");
            }
        }
    }
}

#[test]
fn banned_calls_name_their_replacement() {
    let bans = [
        (".unwrap()", "`?` with a typed error", ""),
        (".expect(", "`?` with a typed error", ""),
        ("panic!(", "a typed error", ""),
        ("todo!(", "the code", ""),
        (" f64", "Minor, Price, Quantity or Rate", "crates/core/src/shared/decimal.rs"),
        (" f32", "Minor, Price, Quantity or Rate", ""),
        ("SystemTime", "Context::now", ""),
        ("Instant::now", "Context::now", ""),
        ("rusqlite", "Tx", "crates/core/src/db/"),
        ("postgres::", "Tx", "crates/core/src/db/"),
        ("axum", "a leaf crate", ""),
        ("tauri::", "a leaf crate", ""),
    ];
    for (path, text) in core() {
        for (call, instead, allowed) in bans {
            if !allowed.is_empty() && path.starts_with(allowed) || call == "postgres::" && path.starts_with("crates/core/src/app/") {
                continue;
            }
            for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                assert!(!line.contains(call), "{path}:{}: `{call}`: use {instead}", n + 1);
            }
        }
    }
}

#[test]
fn files_fit_a_sitting_and_functions_a_screen() {
    for folder in ["crates", "src-tauri/src", "tests"] {
        for (path, text) in sources(folder) {
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.len() <= FILE_LINES_MAX, "{path} has {} lines", lines.len());
            assert!(text.starts_with("//!"), "{path} does not say what it is for");
            let mut started: Option<(usize, &str)> = None;
            for (n, line) in lines.iter().enumerate() {
                let indent = line.len() - line.trim_start().len();
                let code = line.trim_start();
                let begins = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "pub const fn ", "const fn "].iter().any(|word| code.starts_with(word));
                if begins && indent <= 8 && line.ends_with('{') {
                    started = Some((n, &line[..indent]));
                }
                if let Some((first, margin)) = started
                    && *line == format!("{margin}}}")
                {
                    assert!(n - first <= FUNCTION_LINES_MAX, "{path}:{}: a function of {} lines", first + 1, n - first);
                    started = None;
                }
            }
        }
    }
}

/// Text ids in `Error::x("code")`, `Error::new(Kind::X, "code")` and the like.
fn codes_in(text: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for start in ["Error::invalid(", "Error::internal(", "Error::new(", "invalid(", "Kind::"] {
        for (place, _) in text.match_indices(start) {
            let tail: String = text[place..].chars().take(120).collect();
            let mut parts = tail.split('"').skip(1);
            let (Some(quoted), Some(_)) = (parts.next(), parts.next()) else { continue };
            let before = tail.split('"').next().unwrap_or_default();
            if before.contains(';') || before.contains('{') || before.contains("arg(") || before.contains("field(") {
                continue;
            }
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
            if quoted.contains('.') && quoted.chars().all(plain) && !quoted.ends_with(".rs") {
                codes.insert(quoted.to_owned());
            }
        }
    }
    codes
}

#[test]
fn every_error_code_has_words() {
    let worded: BTreeSet<&str> = daybook_core::shared::error::worded_codes().into_iter().collect();
    assert!(worded.len() > 100, "the texts cannot be read");
    let mut missing = BTreeSet::new();
    for (path, text) in sources("crates") {
        let command = |code: &str| daybook_core::app::register().command(code).is_ok();
        for code in codes_in(&text).into_iter().filter(|code| !worded.contains(code.as_str()) && !command(code)) {
            missing.insert(format!("{code} ({path})"));
        }
    }
    assert!(missing.is_empty(), "no words in assets/texts/errors.en.toml for: {missing:#?}");
}

/// The `{places}` of a text.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_language_has_every_word_of_the_core() {
    let english = daybook_rpc::texts("en").unwrap();
    let mut wrong = Vec::new();
    for language in daybook_rpc::languages().skip(1) {
        let own = daybook_rpc::texts(language).unwrap();
        wrong.extend(english.labels.keys().filter(|key| !own.labels.contains_key(*key)).map(|key| format!("labels.{language}.toml lacks {key}")));
        wrong.extend(own.labels.keys().filter(|key| !english.labels.contains_key(*key)).map(|key| format!("labels.{language}.toml: {key} is not in English")));
        wrong.extend(
            own.errors.keys().filter(|code| !english.errors.contains_key(*code)).map(|code| format!("errors.{language}.toml: {code} is not in English")),
        );
        for (code, words) in &english.errors {
            let Some(said) = own.errors.get(code) else {
                wrong.push(format!("errors.{language}.toml lacks {code}"));
                continue;
            };
            let differs = places(&words.message) != places(&said.message) || places(&words.next) != places(&said.next);
            wrong.extend(differs.then(|| format!("errors.{language}.toml: {code} has other places than English")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_field_and_command_has_a_label() {
    let text = fs::read_to_string(root().join("assets/texts/labels.en.toml")).unwrap();
    let labels: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix('"')?.split('"').next()).collect();
    let mut missing: Vec<String> = Vec::new();
    for record in daybook_core::app::records() {
        missing.extend((record.fields)().into_iter().filter(|f| f.listed && !labels.contains(f.label.as_str())).map(|f| f.label));
        let name = format!("record.{}", record.table);
        if !labels.contains(name.as_str()) {
            missing.push(name);
        }
    }
    for command in daybook_core::app::commands() {
        let name = format!("command.{}", command.name);
        if !labels.contains(name.as_str()) {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "no label in assets/texts/labels.en.toml for: {missing:#?}");
}

#[test]
fn no_shipped_program_has_planted_faults() {
    for manifest in ["crates/sync", "crates/rpc", "crates/server", "crates/cli", "crates/bench", "crates/paper", "src-tauri", "."] {
        let text = fs::read_to_string(root().join(manifest).join("Cargo.toml")).unwrap();
        assert!(!text.contains("\"planted\""), "{manifest}/Cargo.toml turns on planted faults");
    }
    for script in fs::read_dir(root().join("scripts")).unwrap().flatten().filter(|script| script.path().extension().is_some_and(|e| e == "sh")) {
        let text = fs::read_to_string(script.path()).unwrap();
        assert!(!text.contains("planted\"") && !text.contains("--features planted"), "{} turns on planted faults", script.path().display());
    }
    let guard = fs::read_to_string(root().join("crates/core/src/planted.rs")).unwrap();
    assert!(guard.contains("#[cfg(all(feature = \"planted\", not(debug_assertions)))]\ncompile_error!"), "a release build takes planted faults");
}
