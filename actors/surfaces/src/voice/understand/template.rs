//! One template: `turn on [the] {name}`, `(a|b)` either, `(a;b)` both in any order, `[a]` or nothing, `{list}`,
//! `{list:slot}`, `<rule>`.

use super::fold::fold;

/// A template's parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Folded, without spaces.
    Word(String),
    /// Between words.
    Space,
    Seq(Vec<Part>),
    Either(Vec<Part>),
    /// All of them, in any order, with spaces between.
    AnyOrder(Vec<Part>),
    Maybe(Box<Part>),
    List {
        list: String,
        slot: String,
    },
    Rule(String),
}

/// Reads one template.
///
/// # Errors
/// A bracket that is not closed, or one that closes nothing: says which and where (bytes).
pub fn parse(text: &str) -> Result<Part, String> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let part = reader.group(None)?;
    if reader.at < text.len() {
        return Err(format!("`{}` closes nothing, at byte {}", &text[reader.at..], reader.at));
    }
    Ok(part)
}

/// Deeper nesting than people write.
const DEEPEST: usize = 40;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    fn group(&mut self, close: Option<char>) -> Result<Part, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("more than {DEEPEST} brackets in each other"));
        }
        let opened = self.at;
        let (mut branches, mut seq, mut any_order) = (Vec::new(), Vec::new(), false);
        loop {
            let Some(c) = self.next() else {
                if let Some(close) = close {
                    return Err(format!("the bracket before byte {opened} lacks its `{close}`"));
                }
                break;
            };
            match c {
                '(' => {
                    self.at += 1;
                    seq.push(self.group(Some(')'))?);
                }
                '[' => {
                    self.at += 1;
                    seq.push(Part::Maybe(Box::new(self.group(Some(']'))?)));
                }
                '{' | '<' => seq.push(self.named(c)?),
                '|' | ';' => {
                    self.at += 1;
                    any_order |= c == ';';
                    branches.push(Part::Seq(std::mem::take(&mut seq)));
                }
                ')' | ']' if Some(c) == close => {
                    self.at += 1;
                    break;
                }
                ')' | ']' => break,
                c if c.is_whitespace() => {
                    self.at += c.len_utf8();
                    if seq.last() != Some(&Part::Space) {
                        seq.push(Part::Space);
                    }
                }
                _ => self.words(&mut seq),
            }
        }
        self.depth -= 1;
        if branches.is_empty() {
            return Ok(Part::Seq(seq));
        }
        branches.push(Part::Seq(seq));
        Ok(if any_order { Part::AnyOrder(branches) } else { Part::Either(branches) })
    }

    fn named(&mut self, open: char) -> Result<Part, String> {
        let close = if open == '{' { '}' } else { '>' };
        let start = self.at + 1;
        let rest = self.text.get(start..).unwrap_or("");
        let end =
            rest.find(close).ok_or_else(|| format!("`{open}` at byte {} lacks its `{close}`", self.at))?;
        self.at = start + end + 1;
        let name = rest.get(..end).unwrap_or("").trim();
        if open == '<' {
            return Ok(Part::Rule(name.to_owned()));
        }
        let (list, slot) = name.split_once(':').unwrap_or((name, name));
        Ok(Part::List { list: list.to_owned(), slot: slot.to_owned() })
    }

    fn words(&mut self, seq: &mut Vec<Part>) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let special = |c: char| "()[]{}<>|;".contains(c) || c.is_whitespace();
        let word = rest.get(..rest.find(special).unwrap_or(rest.len())).unwrap_or("");
        self.at += word.len().max(1);
        let folded = fold(word).text;
        // A hyphen folds to a space, also at the word's ends.
        let dash = |c: Option<char>| matches!(c, Some('-'));
        if dash(word.chars().next()) {
            seq.push(Part::Space);
        }
        for (i, piece) in folded.split(' ').filter(|p| !p.is_empty()).enumerate() {
            if i > 0 {
                seq.push(Part::Space);
            }
            seq.push(Part::Word(piece.to_owned()));
        }
        if dash(word.chars().last()) && word.len() > 1 {
            seq.push(Part::Space);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(w: &str) -> Part {
        Part::Word(w.to_owned())
    }

    #[test]
    fn each_bracket_has_its_meaning() {
        assert_eq!(
            parse("(a|b) [c]{x:y}<r>").unwrap(),
            Part::Seq(vec![
                Part::Either(vec![Part::Seq(vec![word("a")]), Part::Seq(vec![word("b")])]),
                Part::Space,
                Part::Maybe(Box::new(Part::Seq(vec![word("c")]))),
                Part::List { list: "x".into(), slot: "y".into() },
                Part::Rule("r".into()),
            ])
        );
        assert_eq!(
            parse("a|b").unwrap(),
            Part::Either(vec![Part::Seq(vec![word("a")]), Part::Seq(vec![word("b")])])
        );
        assert!(matches!(parse("(a;b)").unwrap(), Part::Seq(s) if matches!(s[0], Part::AnyOrder(_))));
    }

    #[test]
    fn a_bracket_that_is_not_closed_is_told() {
        assert!(parse("turn (on").unwrap_err().contains("lacks its `)`"));
        assert!(parse("turn on]").unwrap_err().contains("closes nothing"));
        assert!(parse("turn {name").unwrap_err().contains("lacks its `}`"));
        assert!(parse(&"(".repeat(100)).is_err());
    }
}
