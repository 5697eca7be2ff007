//! The nearest right name.

/// The candidate that a person most likely meant, if any is near enough.
pub(crate) fn nearest<'a>(seen: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(seen);
    // Two slips in five letters are still a slip.
    let limit = |c: &str| (wanted.chars().count().max(c.chars().count()) * 2 / 5).max(1);
    candidates
        .into_iter()
        .map(|c| (rank(&wanted, &fold(c)), c))
        .filter(|(distance, c)| *distance <= limit(c))
        .min_by_key(|(distance, c)| (*distance, c.len()))
        .map(|(_, c)| c)
}

/// `a, b or c`; long lists are cut.
pub(crate) fn one_of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 22;
    let all: Vec<&str> = words.into_iter().collect();
    match all.as_slice() {
        [] => "nothing".into(),
        [one] => (*one).into(),
        // One more word is shorter than saying that there is one more.
        [rest @ .., last] if all.len() <= SHOWN + 1 => format!("{} or {last}", rest.join(", ")),
        many => format!("{} and {} more", many[..SHOWN].join(", "), many.len() - SHOWN),
    }
}

fn fold(text: &str) -> String {
    text.to_lowercase().replace(['_', ' '], "-")
}

/// Words that begin alike are near even if one is much longer (`temp`, `temperature`).
fn rank(a: &str, b: &str) -> usize {
    let alike = a.len().min(b.len()) >= 3 && (a.starts_with(b) || b.starts_with(a));
    if alike { 1 } else { distance(a, b) }
}

/// Edits (insert, remove, replace, swap of neighbours) from one text to the other: optimal string alignment.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_a_stranger_is_not() {
        let names = ["brightness", "color_temp", "on"];
        assert_eq!(nearest("brigthness", names), Some("brightness"));
        assert_eq!(nearest("color-temp", names), Some("color_temp"));
        assert_eq!(nearest("no", names), Some("on"));
        assert_eq!(nearest("elephant", names), None);
        assert_eq!(nearest("temp", ["temperature"]), Some("temperature"));
    }

    #[test]
    fn distance_counts_edits() {
        for (a, b, d) in [("", "", 0), ("abc", "", 3), ("abc", "acb", 1), ("kitchen", "kichen", 1)] {
            assert_eq!(distance(a, b), d, "{a} {b}");
        }
    }
}
