//! Reads printed documents back with pdftotext.

use std::process::Command;

/// The text of every page as it stands there, no-break spaces as plain ones.
///
/// `None` where the tool is missing: the test says so and passes.
pub fn pages(pdf: &[u8]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    let Ok(output) = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&file).arg("-").output() else {
        eprintln!("skipped: pdftotext (poppler-utils) is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap().replace('\u{a0}', " ");
    Some(text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect())
}

/// The same as one text.
pub fn text(pdf: &[u8]) -> Option<String> {
    pages(pdf).map(|pages| pages.join("\n"))
}

/// A text as [`pages`] returns it.
pub fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// Whether the words stand in one line, in this order.
pub fn has_line(text: &str, words: &[&str]) -> bool {
    text.lines().any(|line| {
        let mut rest = line;
        words.iter().all(|word| match find_word(rest, &plain(word)) {
            Some(end) => {
                rest = &rest[end..];
                true
            }
            None => false,
        })
    })
}

/// The end of the first occurrence that is not part of a longer word or figure.
fn find_word(line: &str, word: &str) -> Option<usize> {
    line.match_indices(word).map(|(at, _)| (at, at + word.len())).find_map(|(start, end)| {
        let free = |c: Option<char>| c.is_none_or(char::is_whitespace);
        (free(line[..start].chars().last()) && free(line[end..].chars().next())).then_some(end)
    })
}
