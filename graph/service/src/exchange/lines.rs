//! Content lines, as calendars (RFC 5545) and cards (RFC 6350) are made of: unfolded, split and escaped.
//!
//! We work on lines and not on a parsed calendar, since whatever means nothing here must go back as it came.

use super::{Given, Refused};

/// A line without its folds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    /// Of the file, counted from 1.
    pub at: usize,
    pub text: String,
}

/// `item1.TEL;TYPE=home:+49 1`, taken apart. Name and parameter names are in capitals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    pub name: String,
    /// As they were written: `TYPE=home,voice`.
    pub params: Vec<String>,
    pub value: String,
}

impl Entry {
    /// The value of a parameter, without quotes.
    pub fn param(&self, name: &str) -> Option<&str> {
        let of = |p: &'_ String| p.split_once('=').map(|(k, v)| (k.to_ascii_uppercase(), v.len()));
        let found = self.params.iter().find(|p| of(p).is_some_and(|(k, _)| k == name))?;
        found.split_once('=').map(|(_, v)| v.trim_matches('"'))
    }
}

pub(super) fn unfold(file: &Given) -> Result<Vec<Line>, Refused> {
    let text = file.text()?;
    let mut lines: Vec<Line> = Vec::new();
    // A soft break of quoted-printable text goes on without a blank.
    let mut soft = false;
    for (n, raw) in text.split('\n').enumerate() {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        let folded = raw.strip_prefix([' ', '\t']);
        match (lines.last_mut(), folded) {
            (Some(last), _) if soft => {
                last.text.pop();
                last.text.push_str(raw);
            }
            (Some(last), Some(rest)) => last.text.push_str(rest),
            (None, Some(rest)) if !rest.trim().is_empty() => {
                return Err(file.refused(n + 1, "it begins with the rest of a line"));
            }
            _ if raw.trim().is_empty() => {}
            _ => lines.push(Line { at: n + 1, text: raw.to_owned() }),
        }
        let quoted = lines.last().is_some_and(|l| l.text.to_ascii_uppercase().contains("QUOTED-PRINTABLE"));
        soft = quoted && raw.ends_with('=');
    }
    Ok(lines)
}

/// None if it is no content line.
pub(super) fn split(text: &str) -> Option<Entry> {
    let end = text.find([';', ':'])?;
    let (name, mut rest) = text.split_at(end);
    let name = name.rsplit('.').next().unwrap_or(name);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        return None;
    }
    let mut params = Vec::new();
    while let Some(param) = rest.strip_prefix(';') {
        let mut quoted = false;
        let end = param.find(|c: char| {
            quoted ^= c == '"';
            !quoted && matches!(c, ';' | ':')
        })?;
        let (param, after) = param.split_at(end);
        params.push(param.to_owned());
        rest = after;
    }
    Some(Entry { name: name.to_ascii_uppercase(), params, value: rest.strip_prefix(':')?.to_owned() })
}

pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}

pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(c) => out.push(c),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

/// The parts of a value between separators that are not escaped; still escaped.
pub(super) fn parts(value: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (n, c) in value.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == separator {
            parts.push(value.get(start..n).unwrap_or_default());
            start = n + separator.len_utf8();
        }
    }
    parts.push(value.get(start..).unwrap_or_default());
    parts
}

/// Appends a line with its end, folded at 75 bytes.
pub(super) fn push(out: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Given {
        Given { name: "x".into(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn lines_are_unfolded_and_split() {
        let lines = unfold(&given("A:1\r\n 2\r\n\r\nitem1.tel;TYPE=\"a:b;c\";x=1:v:w\n\t!\n")).unwrap();
        assert_eq!(
            lines.iter().map(|l| (l.at, l.text.as_str())).collect::<Vec<_>>(),
            [(1, "A:12"), (4, "item1.tel;TYPE=\"a:b;c\";x=1:v:w!")]
        );
        let entry = split(&lines[1].text).unwrap();
        assert_eq!((entry.name.as_str(), entry.value.as_str()), ("TEL", "v:w!"));
        assert_eq!(
            (entry.param("TYPE"), entry.param("X"), entry.param("Y")),
            (Some("a:b;c"), Some("1"), None)
        );
        for bad in ["", "no colon", ":x", "A B:1", "A;x=\"1:2"] {
            assert_eq!(split(bad), None, "{bad}");
        }
        let soft = unfold(&given("N;ENCODING=QUOTED-PRINTABLE:a=\nb\nX:1")).unwrap();
        assert_eq!(soft[0].text, "N;ENCODING=QUOTED-PRINTABLE:ab");
    }

    #[test]
    fn texts_survive_escaping_and_long_lines_folding() {
        let text = "a;b,c\\d\nüber";
        assert_eq!(unescape(&escape(text)), text);
        assert_eq!(parts("a\\,b,c", ','), ["a\\,b", "c"]);
        let line = format!("X:{}", "ü".repeat(100));
        let mut out = String::new();
        push(&mut out, &line);
        assert!(out.lines().all(|l| l.len() <= 75));
        assert_eq!(unfold(&given(&out)).unwrap()[0].text, line);
    }
}
