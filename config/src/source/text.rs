//! A text that problems point into.

use std::sync::Arc;

use super::secrets;
use crate::Place;

/// A file, or one setting of the environment or the command line as a text of its own.
#[derive(Debug)]
pub(crate) struct SourceText {
    pub name: Arc<str>,
    pub text: Arc<str>,
    /// The same length, with what may be a secret struck out: messages end in logs.
    shown: String,
    /// First byte of each line.
    lines: Vec<usize>,
}

impl SourceText {
    pub fn new(name: Arc<str>, text: Arc<str>) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let shown = secrets::struck_out(&text);
        Self { name, text, shown, lines }
    }

    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Line and column of a byte.
    pub fn place(&self, byte: usize) -> Place {
        let byte = byte.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..byte).unwrap_or("");
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place { file: self.name.clone(), line: number(line), column: number(before.chars().count() + 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = SourceText::new("a.toml".into(), "x = 1\nname = \"Küche\" # y\n".into());
        let y = text.text.find('y').unwrap();
        let place = text.place(y);
        assert_eq!((place.line, place.column), (2, 18));
        assert_eq!(text.place(0).line, 1);
        assert_eq!(text.place(10_000).line, 3, "past the end is the end");
    }
}
