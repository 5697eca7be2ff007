//! A text in sentences: the first is heard while the others are made. Pure.

/// Sentences end at a stop with a space behind it: `21.5` has none, and a text of one sentence is one.
pub fn sentences(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut ended = false;
    for c in text.chars() {
        if ended && c.is_whitespace() {
            all.push(String::new());
        } else if let Some(last) = all.last_mut() {
            last.push(c);
        }
        ended = matches!(c, '.' | '!' | '?' | ';' | '…');
    }
    all.iter().map(|sentence| sentence.trim()).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_ends_a_sentence_and_a_point_in_a_number_does_not() {
        let all = sentences("Done: lamp. It is 21.5 °C there!  Shall I?\n");
        assert_eq!(all, ["Done: lamp.", "It is 21.5 °C there!", "Shall I?"]);
        assert_eq!(sentences("dinner is ready"), ["dinner is ready"]);
        assert!(sentences("  ").is_empty());
    }
}
