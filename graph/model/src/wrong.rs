//! A place in a written text that cannot be understood.

use std::fmt;
use std::ops::Range;

/// Long lists of what is allowed are broken at this column.
const WIDTH: usize = 100;

/// A place in the text of a question that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub text: String,
    /// Bytes of `text`.
    pub at: Range<usize>,
    pub message: String,
    /// What is allowed there.
    pub help: Option<String>,
}

impl std::error::Error for Wrong {}

/// What is wrong, the line with a caret under the place, what is allowed.
impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let upto = self.text.get(..self.at.start).unwrap_or(&self.text);
        let begin = upto.rfind('\n').map_or(0, |n| n + 1);
        let rest = self.text.get(begin..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        let column = upto.get(begin..).unwrap_or_default().chars().count();
        let part = self.text.get(self.at.clone()).and_then(|p| p.lines().next()).unwrap_or_default();
        let carets = part.chars().count().max(1);
        // Control characters would move the caret, or more.
        let shown: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        write!(f, "{}\n  {shown}\n  {}{}", self.message, " ".repeat(column), "^".repeat(carets))?;
        let Some(help) = &self.help else { return Ok(()) };
        let mut width = WIDTH;
        for word in help.split(' ') {
            width += word.chars().count() + 1;
            let broken = width > WIDTH;
            f.write_str(if broken { "\n  " } else { " " })?;
            if broken {
                width = word.chars().count() + 2;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

/// A [`Wrong`] before the text is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub at: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl Slip {
    pub fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn of(self, text: &str) -> Wrong {
        Wrong { text: text.to_owned(), at: self.at, message: self.message, help: self.help }
    }
}

/// `a, b or c`.
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = words.into_iter().collect();
    match all.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        few => few.join(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        let slip = Slip::new(6..9, "there is no `rom`").help("there are room, name");
        let shown = slip.of("Küche rom:x").to_string();
        assert_eq!(shown, "there is no `rom`\n  Küche rom:x\n       ^^^\n  there are room, name");
        let second = Slip::new(6..7, "no").of("one\na b\nc").to_string();
        assert_eq!(second, "no\n  a b\n    ^");
        let end = Slip::new(3..3, "more is missing").of("abc").to_string();
        assert_eq!(end, "more is missing\n  abc\n     ^");
    }
}
