//! The names that somebody may have meant who typed another one.

/// How many are offered.
const OFFERED: usize = 3;

/// The names of `all` that differ least from `name`, as a whole or in the part after the module; those of
/// the same module first, and of these those that say it in more words.
pub fn nearest<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = name.to_lowercase();
    let (module, part) = typed.rsplit_once('.').unwrap_or(("", &typed));
    let rank = |known: &'a str| {
        let (own_module, own_part) = known.rsplit_once('.').unwrap_or(("", known));
        (own_module != module, part.is_empty() || !own_part.contains(part), distance(&typed, known).min(distance(part, own_part)), known)
    };
    let mut ranked: Vec<(bool, bool, usize, &str)> = all.map(rank).collect();
    ranked.sort_unstable();
    ranked.into_iter().take(OFFERED).map(|(.., known)| known).collect()
}

/// How many letters must be added, left out or changed to make `b` of `a` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (count, x) in (1..).zip(a.chars()) {
        let mut next = vec![count];
        let mut left = count;
        for (y, pair) in b.chars().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            left = (diagonal + usize::from(x != y)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
