//! Words as search compares them, and those that differ by one letter: too many, too few, another, or two the
//! wrong way round (Damerau 1964: four of five misspellings).

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::stmt::sqlite_error;
use crate::shared::error::Result;

/// Shorter words are not corrected: too many others are near.
pub const SHORTEST: usize = 4;
/// Longer ones are no words.
const LONGEST: usize = 24;
/// Combining diacritical marks.
const ACCENTS: RangeInclusive<char> = '\u{300}'..='\u{36f}';
/// Unicode counts them as letters and as symbols.
const ENCLOSED: [RangeInclusive<char>; 2] = ['\u{24b6}'..='\u{24e9}', '\u{1f130}'..='\u{1f189}'];
const DIGITS: &str = "0123456789";
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";

/// In small letters without accents. Signs that make another syllable (in Hindi, Thai, Korean …) are no accents.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|c| !ACCENTS.contains(c)).nfc().flat_map(char::to_lowercase).collect()
}

/// The words of a text: runs of letters, signs and digits, folded.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty()).map(folded)
}

/// Whether a character is part of a word, as the search indexes see it (0036): a letter, a digit, or a mark on one.
/// Letters in circles and squares are symbols.
pub fn is_of_word(c: char) -> bool {
    (c.is_alphanumeric() && !ENCLOSED.iter().any(|range| range.contains(&c))) || is_combining_mark(c)
}

/// Whether a word is corrected by the words that are there; one with a digit may be near any number.
pub fn has_letters_only(word: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}

/// A word, and what is left of it without one letter. Two words that differ by one letter have one of these
/// in common.
pub fn cuts(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let without = |place| letters.iter().enumerate().filter(move |(n, _)| *n != place).map(|(_, c)| *c).collect();
    (0..letters.len()).map(without).chain([word.to_owned()]).collect()
}

/// Everything that differs from a word by one letter of the alphabet. In a number that is a digit; a letter that
/// stands in it may be one that was meant to be another, or a digit (O for 0).
pub fn variants(word: &str, letters_too: bool) -> BTreeSet<String> {
    let given: Vec<char> = word.chars().collect();
    let alphabet = if letters_too { LETTERS } else { DIGITS };
    let mut all = cuts(word);
    for place in 0..=given.len() {
        let (head, tail) = given.split_at(place);
        let mut put = |middle: &[char], rest: &[char]| {
            all.insert([head, middle, rest].concat().into_iter().collect());
        };
        if let [one, two, rest @ ..] = tail {
            put(&[*two, *one], rest);
        }
        for letter in alphabet.chars() {
            put(&[letter], tail);
            if let [_, rest @ ..] = tail {
                put(&[letter], rest);
            }
        }
        if let [old, rest @ ..] = tail
            && !letters_too
            && old.is_alphabetic()
        {
            LETTERS.chars().for_each(|letter| put(&[letter], rest));
        }
    }
    all.remove(word);
    all
}

/// Whether two words differ by one letter at most.
pub fn are_near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (rest, other) = (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default());
    match (rest, other) {
        ([], [] | [_]) => true,
        ([x1, x2, rest @ ..], [y1, y2, other @ ..]) if x1 == y2 && x2 == y1 && rest == other => true,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        (_, [_, other @ ..]) => rest == other,
        _ => false,
    }
}

/// Gives the triggers of the search copies what they need: `daybook_words(text)`, the words that may be
/// misspelt, and `daybook_cuts(word)`, each as a JSON array.
pub fn register(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let array = |words: BTreeSet<String>| serde_json::to_string(&words).map_err(|e| rusqlite::Error::UserFunctionError(e.into()));
    conn.create_scalar_function("daybook_words", 1, flags, move |cx| array(words(cx.get_raw(0).as_str()?).filter(|word| has_letters_only(word)).collect()))
        .map_err(sqlite_error)?;
    conn.create_scalar_function("daybook_cuts", 1, flags, move |cx| array(cuts(cx.get_raw(0).as_str()?))).map_err(sqlite_error)
}
