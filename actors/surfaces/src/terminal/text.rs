//! Text in columns: made harmless, measured, cut and broken.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::views::plain;

/// Characters that say nothing themselves and turn or hide what stands beside them.
const TURNING: [(char, char); 5] = [
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{2069}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
];

/// What came from outside, made harmless: nothing in it moves the cursor, colours, or turns the line around.
pub(super) fn safe(text: &str) -> String {
    let show = |c: char| -> String {
        if TURNING.iter().any(|(from, to)| (*from..=*to).contains(&c)) {
            c.escape_default().collect()
        } else {
            c.to_string()
        }
    };
    plain(text).chars().map(show).collect()
}

pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// In exactly so many columns: padded, or cut with a mark.
pub(super) fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(&out))));
    out
}

/// In at most so many columns.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 0);
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > columns {
            break;
        }
        out.push(c);
        used += wide;
    }
    if columns > 0 {
        out.push('~');
    }
    out
}

/// Broken into lines at spaces; all but the first begin with `indent` spaces.
pub(super) fn wrap(text: &str, columns: usize, indent: usize) -> Vec<String> {
    let indent = if indent + 20 > columns { 0 } else { indent };
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in pieces(text, columns.saturating_sub(indent).max(1)) {
        let begins = line.trim().is_empty() && !lines.is_empty();
        if !line.is_empty() && !begins && width(&line) + width(word.trim_end()) > columns {
            lines.push(line.trim_end().to_owned());
            line = " ".repeat(indent);
        }
        line.push_str(word);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Words with the spaces behind them; what is longer than a line is broken anywhere.
fn pieces(text: &str, columns: usize) -> Vec<&str> {
    let mut found = Vec::new();
    for word in text.split_inclusive(' ') {
        let mut rest = word;
        while width(rest.trim_end()) > columns {
            let mut used = 0;
            let end = rest.char_indices().find(|(_, c)| {
                used += c.width().unwrap_or(0);
                used > columns
            });
            let Some((at, _)) = end.filter(|(at, _)| *at > 0) else { break };
            found.push(&rest[..at]);
            rest = &rest[at..];
        }
        found.push(rest);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_moves_the_cursor() {
        let shown = safe("a\u{1b}[2Jb\r\n\u{9b}31m\u{202e}c\u{7f}");
        assert_eq!(shown, "a\\u{1b}[2Jb\\r\\n\\u{9b}31m\\u{202e}c\\u{7f}");
        assert_eq!(safe("Küche 21,5 °C 雨"), "Küche 21,5 °C 雨");
    }

    #[test]
    fn columns_are_kept_also_with_wide_characters() {
        assert_eq!(fit("lamp", 6), "lamp  ");
        assert_eq!(fit("living room", 6), "livin~");
        assert_eq!(fit("雨雨雨", 4), "雨~ ");
        assert_eq!(fit("x", 0), "");
        for columns in 0..12 {
            assert_eq!(width(&fit("雨a雨b", columns)), columns);
        }
    }

    #[test]
    fn lines_break_at_words_and_nothing_is_lost() {
        assert_eq!(wrap("it was on at dusk", 9, 0), ["it was on", "at dusk"]);
        assert_eq!(wrap("", 9, 0), [""]);
        assert_eq!(wrap("abcdefgh", 3, 0), ["abc", "def", "gh"]);
        let long = "  when  the motion sensor in the hall saw somebody";
        let lines = wrap(long, 30, 8);
        assert_eq!(lines, ["  when  the motion sensor in", "        the hall saw somebody"]);
    }
}
