//! "Did you mean".

/// Up to three of `words` that are near to `wanted`, the nearest first.
pub fn nearest<'a>(wanted: &str, words: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(2);
    let mut near: Vec<(usize, &str)> = words
        .into_iter()
        .filter_map(|word| {
            let lower = word.to_lowercase();
            let within = wanted.len() >= 3 && lower.contains(&wanted);
            let far = if within { 1 } else { distance(&wanted, &lower, limit) };
            (far <= limit).then_some((far, word))
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(3).map(|(_, word)| word).collect()
}

/// Levenshtein's distance, in characters; anything above `limit` is only known to be above it.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let b: Vec<char> = b.chars().collect();
    if a.chars().count().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut diagonal = i;
        for (cb, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let here = (diagonal + usize::from(ca != *cb)).min(left + 1).min(*above + 1);
            (diagonal, left) = (*above, here);
            *above = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found() {
        assert_eq!(distance("kitten", "sitting", 9), 3);
        assert_eq!(distance("", "abc", 9), 3);
        let words = ["hall-lamp", "hall-lamp.light", "hall-motion", "kitchen-lamp"];
        assert_eq!(nearest("hal-lamp", words), ["hall-lamp"]);
        assert_eq!(nearest("hall", words), ["hall-lamp", "hall-lamp.light", "hall-motion"]);
        assert!(nearest("zzz", words).is_empty());
    }
}
