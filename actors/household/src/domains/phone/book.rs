//! Numbers: which are the same, which are turned away. Pure.

/// So many digits at the end make two numbers one: the rest is how far away the caller is.
const TELLING: usize = 7;

/// Digits alone.
pub fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Whether two numbers are one telephone, however each exchange writes them: `+43 1 234567`, `0043 1 234567` and `01 234567` are.
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    if one == other {
        return !one.is_empty();
    }
    // What stands before only says how far away it is.
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.len() >= TELLING && long.ends_with(short)
}

/// Whether the home turns a caller away.
pub fn is_blocked(blocked: &[String], number: &str) -> bool {
    blocked.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(begins) => !number.is_empty() && begins_so(number, begins),
        None if pattern == "anonymous" => number.is_empty(),
        None => number == pattern || same(number, pattern),
    })
}

fn begins_so(number: &str, begins: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| !" -/()".contains(*c)).collect::<String>();
    plain(number).starts_with(&plain(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for (one, other, is) in [
            ("+43 1 2345678", "0043-1-2345678", true),
            ("+43 1 2345678", "01 2345678", true),
            ("555", "555", true),
            ("555", "1555", false),
            ("", "", false),
            ("+43 1 2345678", "+43 1 2345679", false),
            ("sarah", "bob", false),
        ] {
            assert_eq!(same(one, other), is, "{one} {other}");
        }
    }

    #[test]
    fn a_number_is_blocked_by_itself_or_by_its_beginning() {
        let blocked =
            ["+49900*".to_owned(), "spam".to_owned(), "anonymous".to_owned(), "0800 1234567".to_owned()];
        for (number, is) in [
            ("+49 900 5", true),
            ("+4990", false),
            ("spam", true),
            ("", true),
            ("08001234567", true),
            ("555", false),
        ] {
            assert_eq!(is_blocked(&blocked, number), is, "{number}");
        }
        assert!(!is_blocked(&[], ""));
    }
}
