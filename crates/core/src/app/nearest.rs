//! The names that somebody may have meant who typed another one.

/// How many are offered.
const OFFERED: usize = 3;

/// The names of `all` that differ least from `name`, as a whole or in the part after the module.
pub fn nearest<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
    let (typed, part) = (name.to_lowercase(), last(&name.to_lowercase()));
    let far = |known: &str| distance(&typed, known).min(distance(&part, &last(known)));
    let mut ranked: Vec<(usize, &str)> = all.map(|known| (far(known), known)).collect();
    ranked.sort_unstable();
    ranked.into_iter().take(OFFERED).map(|(_, known)| known).collect()
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
