//! Striking out what may be a secret before a text is shown.

/// Words that a secret's key ends with. `password_file` and `password_env` name where it is and are no secret.
const WORDS: [&str; 5] = ["password", "secret", "token", "passphrase", "encryption_key"];

/// The text with the rest of each line after `password =` (and the like) replaced by stars, byte for byte.
pub(crate) fn struck_out(text: &str) -> String {
    text.split_inclusive('\n').map(strike_line).collect()
}

/// Lines (from 1) in which a secret seems to stand: what is struck out there is not to be shown.
pub fn secret_lines(text: &str) -> Vec<usize> {
    let struck = |line: &str| strike_line(line) != line;
    text.lines().enumerate().filter(|(_, line)| struck(line)).map(|(n, _)| n + 1).collect()
}

fn strike_line(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let start = WORDS
        .iter()
        .filter_map(|word| {
            let end = lower.find(word)? + word.len();
            let rest = &lower[end..];
            let gap = rest.len() - rest.trim_start_matches([' ', '\t', '"', '\'']).len();
            rest[gap..].starts_with('=').then_some(end + gap + 1)
        })
        .min();
    match start {
        None => line.to_owned(),
        Some(start) => {
            let hidden = line[start..]
                .bytes()
                .map(|b| if matches!(b, b'\n' | b'\r' | b' ') { b as char } else { '*' });
            line[..start].chars().chain(hidden).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_struck_out_and_references_are_not() {
        let text = "password = \"hünter2\" # x\npassword_file = \"a\"\nx = { password=\"b\" }\n";
        let shown = struck_out(text);
        assert_eq!(shown.len(), text.len());
        assert!(!shown.contains("hünter2") && !shown.contains("\"b\""), "{shown}");
        assert!(shown.contains("password_file = \"a\""));
        assert_eq!(secret_lines(text), [1, 3]);
    }
}
