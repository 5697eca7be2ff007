//! From text to terms.

use std::ops::Range;

use super::{Alternative, Op, Term, What, Written};
use crate::Slip;

/// Longer ones are no questions of a person.
const LONGEST: usize = 4_096;

pub(super) fn terms(text: &str) -> Result<Vec<Term>, Slip> {
    if text.len() > LONGEST {
        return Err(Slip::new(0..1, format!("a filter has at most {LONGEST} bytes")));
    }
    let mut reader = Reader { text, at: 0 };
    let mut terms = Vec::new();
    loop {
        reader.skip(char::is_whitespace);
        if reader.rest().is_empty() {
            return Ok(terms);
        }
        terms.push(reader.term()?);
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, token: &str) -> bool {
        let there = self.rest().starts_with(token);
        if there {
            self.at += token.len();
        }
        there
    }

    fn skip(&mut self, while_: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !while_(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn term(&mut self) -> Result<Term, Slip> {
        let start = self.at;
        let negated = self.take("-");
        let what = match self.peek() {
            Some('"') => What::Words { text: self.quoted()?, quoted: true },
            Some(c @ ('(' | ')')) => {
                let slip = Slip::new(self.at..self.at + 1, format!("`{c}` has no meaning in a filter"));
                return Err(slip.help("everything must fit; write alternatives as kind:room,device"));
            }
            None | Some(' ') => {
                return Err(Slip::new(start..self.at, "`-` stands before what must not fit: -kind:entity"));
            }
            Some(_) => match self.field()? {
                Some(field) => field,
                None => self.words()?,
            },
        };
        Ok(Term { negated, what, at: start..self.at })
    }

    /// A name with an operator behind it; none if there is no operator.
    fn field(&mut self) -> Result<Option<What>, Slip> {
        let start = self.at;
        let name = self.skip(|c| c.is_alphanumeric() || c == '_');
        let name_at = start..self.at;
        let op = match self.op() {
            Some(op) if !name.is_empty() => op,
            Some(_) => {
                return Err(Slip::new(start..self.at, "a field's name is missing")
                    .help("write a field before it, such as kind:device or brightness>20"));
            }
            None => {
                self.at = start;
                return Ok(None);
            }
        };
        let mut alternatives = vec![self.alternative(name)?];
        while self.take(",") {
            alternatives.push(self.alternative(name)?);
        }
        if let (Op::Less | Op::AtMost | Op::More | Op::AtLeast, [_, second, ..]) =
            (op, alternatives.as_slice())
        {
            return Err(Slip::new(second.at.clone(), "only `:`, `=` and `!=` take a list"));
        }
        Ok(Some(What::Field { name: name.to_owned(), name_at, op, alternatives }))
    }

    fn op(&mut self) -> Option<Op> {
        let ops = [
            ("!=", Op::IsNot),
            ("<=", Op::AtMost),
            (">=", Op::AtLeast),
            ("<", Op::Less),
            (">", Op::More),
            (":", Op::Is),
            ("=", Op::Is),
        ];
        ops.into_iter().find(|(token, _)| self.take(token)).map(|(_, op)| op)
    }

    fn alternative(&mut self, field: &str) -> Result<Alternative, Slip> {
        let start = self.at;
        let (text, bare) = match self.peek() {
            Some('"') => (self.quoted()?, false),
            _ => (self.skip(|c| !c.is_whitespace() && !matches!(c, ',' | '"' | '*')).to_owned(), true),
        };
        let star = self.take("*");
        let at = start..self.at;
        let after = self.rest();
        if !(after.is_empty() || after.starts_with([',', ' ', '\t', '\n', '\r'])) {
            let end = self.at + after.chars().next().map_or(0, char::len_utf8);
            return Err(Slip::new(self.at..end, format!("the value of `{field}` goes on after its end"))
                .help("`*` and a closing quote end a value; put a space after it"));
        }
        let value = match (text.as_str(), star) {
            ("", true) if bare => Written::Any,
            ("", false) if bare => {
                return Err(Slip::new(at, format!("a value of `{field}` is missing"))
                    .help("such as kind:device, name:\"hall lamp\", name:lam*, brightness:10..20"));
            }
            (_, true) => Written::Prefix(text),
            (range, false) if bare && range.contains("..") => range_of(range, &at)?,
            (_, false) => Written::Word(text),
        };
        Ok(Alternative { value, at })
    }

    fn words(&mut self) -> Result<What, Slip> {
        let start = self.at;
        let text = self.skip(|c| !c.is_whitespace() && c != '"');
        if text.is_empty() {
            let end = start + self.peek().map_or(0, char::len_utf8);
            return Err(Slip::new(start..end, "this cannot stand here"));
        }
        let text = text.trim_end_matches('*');
        if text.chars().any(char::is_alphanumeric) {
            Ok(What::Words { text: text.to_owned(), quoted: false })
        } else {
            Err(Slip::new(start..self.at, "there is neither a letter nor a digit in it"))
        }
    }

    fn quoted(&mut self) -> Result<String, Slip> {
        let start = self.at;
        self.take("\"");
        let mut text = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((n, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += n + 1;
                    return Ok(text);
                }
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c => text.push(c),
            }
        }
        let end = self.text.len();
        Err(Slip::new(start..end, "the quote is not closed").help("a quote within quotes is written \\\""))
    }
}

fn range_of(text: &str, at: &Range<usize>) -> Result<Written, Slip> {
    let wrong = |what: String| {
        Slip::new(at.clone(), what).help("a range is written 10..20, 10.., ..20 or 2026-11-25..2026-12-01")
    };
    let end = |text: &str| match text {
        "" => Ok(None),
        text => number(text).map(Some).ok_or_else(|| wrong(format!("`{text}` is no number"))),
    };
    let Some((from, to)) = text.split_once("..") else { return Err(wrong("this is no range".to_owned())) };
    let dated = |end: &str| end.is_empty() || is_time(end);
    if dated(from) && dated(to) && !(from.is_empty() && to.is_empty()) {
        let end = |end: &str| (!end.is_empty()).then(|| end.to_owned());
        return Ok(Written::During(end(from), end(to)));
    }
    match (end(from)?, end(to)?) {
        (None, None) => Err(wrong("a range needs an end".to_owned())),
        (Some(from), Some(to)) if from > to => Err(wrong(format!("{from} is more than {to}"))),
        (from, to) => Ok(Written::Range(from, to)),
    }
}

/// `2026-11-25`, `today`: not what could be a number too.
fn is_time(text: &str) -> bool {
    matches!(text, "now" | "today" | "tomorrow" | "yesterday")
        || text
            .split_once('-')
            .is_some_and(|(year, _)| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
}

/// A number, or a length (`90s`, `10m`, `2h`, `7d`) in seconds.
pub fn number(text: &str) -> Option<f64> {
    let units = [("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("d", 86_400.0)];
    let plain = |t: &str| t.parse::<f64>().ok().filter(|n| n.is_finite());
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if !starts {
        return None;
    }
    plain(text)
        .or_else(|| units.iter().find_map(|(unit, seconds)| Some(plain(text.strip_suffix(unit)?)? * seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Filter;

    fn of(text: &str) -> Vec<Term> {
        terms(text).unwrap_or_else(|slip| panic!("{}", slip.of(text)))
    }

    #[test]
    fn every_form_is_read() {
        let text = "kind:room,device name:\"hall lamp\" name:lam* brightness>=20 state:10..20 age<2h -kind:entity free \"two words\" link:*";
        let found = of(text);
        assert_eq!(found.len(), 10);
        let field = |n: usize| match &found[n].what {
            What::Field { name, op, alternatives, .. } => {
                (name.as_str(), *op, alternatives.iter().map(|a| a.value.clone()).collect::<Vec<_>>())
            }
            other => panic!("{other:?}"),
        };
        let word = |w: &str| Written::Word(w.into());
        assert_eq!(field(0), ("kind", Op::Is, vec![word("room"), word("device")]));
        assert_eq!(field(1), ("name", Op::Is, vec![word("hall lamp")]));
        assert_eq!(field(2), ("name", Op::Is, vec![Written::Prefix("lam".into())]));
        assert_eq!(field(3), ("brightness", Op::AtLeast, vec![word("20")]));
        assert_eq!(field(4), ("state", Op::Is, vec![Written::Range(Some(10.0), Some(20.0))]));
        assert_eq!(field(5), ("age", Op::Less, vec![word("2h")]));
        assert!(found[6].negated);
        assert_eq!(found[7].what, What::Words { text: "free".into(), quoted: false });
        assert_eq!(found[8].what, What::Words { text: "two words".into(), quoted: true });
        assert_eq!(field(9), ("link", Op::Is, vec![Written::Any]));
        assert!(of("").is_empty() && of("  \n ").is_empty());
        assert_eq!(number("7d"), Some(604_800.0));
        assert_eq!(number("-1.5"), Some(-1.5));
        assert!(number("nan").is_none() && number("inf").is_none() && number("m").is_none());
    }

    #[test]
    fn mistakes_are_shown_where_they_are() {
        // Each with the part that the caret stands under.
        let cases = [
            ("kind:", "", "is missing"),
            ("kind:room,", "", "is missing"),
            ("kind:room (name:x)", "(", "no meaning"),
            ("name:\"hall", "\"hall", "not closed"),
            ("size:5..1", "5..1", "5 is more than 1"),
            ("size:a..b", "a..b", "`a` is no number"),
            ("size:..", "..", "needs an end"),
            ("brightness>1,2", "2", "only `:`"),
            (":device", ":", "name is missing"),
            ("kind:room - x", "-", "must not fit"),
            ("name:lam*p", "p", "goes on"),
            ("name:\"a\"b", "b", "goes on"),
            ("a !! b", "!!", "neither a letter"),
        ];
        for (text, part, message) in cases {
            let wrong = Filter::parse(text).unwrap_err();
            assert!(wrong.message.contains(message), "{text}: {}", wrong.message);
            assert_eq!(&text[wrong.at.clone()], part, "{text}");
        }
    }
}
