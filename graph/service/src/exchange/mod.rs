//! The life graph in formats that others read and write. Everything is text in and text out; who writes to a disk is elsewhere.
//!
//! What is read becomes [`Placed`] statements, so that it is checked as what a person types is, and refused whole with file and line.

mod format;
mod graphml;
mod hledger;
mod ical;
mod jsonl;
mod jsonld;
mod lines;
mod markdown;
mod names;
mod own;
mod rest;
#[cfg(test)]
mod tests;
mod vcard;

use std::collections::BTreeMap;

use lares_model::{Edge, EdgeInfo, Node, Placed};

pub use format::Format;

/// Nodes, and edges between them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Content {
    pub nodes: Vec<Node>,
    pub edges: Vec<(Edge, EdgeInfo)>,
}

/// A file as it was found.
#[derive(Clone, PartialEq, Debug)]
pub struct Given {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A file to write; a single one has no name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// What was written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Written {
    pub files: Vec<File>,
    /// What the format cannot hold, in words.
    pub left_out: Vec<String>,
}

/// A file that is not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}{}: {reason}", .line.map(|n| format!(":{n}")).unwrap_or_default())]
pub struct Refused {
    pub file: String,
    /// Counted from 1.
    pub line: Option<usize>,
    pub reason: String,
}

impl Given {
    fn text(&self) -> Result<&str, Refused> {
        let text = std::str::from_utf8(&self.bytes);
        let text = text.map_err(|e| {
            let before = self.bytes.get(..e.valid_up_to()).unwrap_or_default();
            self.refused(before.split(|b| *b == b'\n').count(), "it is not UTF-8")
        })?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    fn refused(&self, line: usize, reason: impl Into<String>) -> Refused {
        Refused { file: self.name.clone(), line: Some(line), reason: reason.into() }
    }

    fn at(&self, line: usize) -> Option<String> {
        Some(format!("{}:{line}", self.name))
    }
}

/// Writes content.
pub fn write(format: Format, content: &Content) -> Written {
    match format {
        Format::Graphml => Written::one(graphml::write(content)),
        Format::Hledger => hledger::write(content),
        Format::Ical => ical::write(content),
        Format::Jsonl => Written::one(jsonl::write(content)),
        Format::Jsonld => Written::one(jsonld::write(content)),
        Format::Markdown => markdown::write(content),
        Format::Vcard => vcard::write(content),
    }
}

/// Reads files; every node comes before the edges that name it.
pub fn read(format: Format, files: &[Given]) -> Result<Vec<Placed>, Refused> {
    let each = |read: fn(&Given) -> Result<Vec<Placed>, Refused>| {
        files.iter().map(read).collect::<Result<Vec<_>, _>>().map(|all| all.concat())
    };
    let all = match format {
        Format::Graphml => each(graphml::read)?,
        Format::Hledger => each(hledger::read)?,
        Format::Ical => each(ical::read)?,
        Format::Jsonl => each(jsonl::read)?,
        Format::Jsonld => each(jsonld::read)?,
        Format::Markdown => markdown::read(files)?,
        Format::Vcard => each(vcard::read)?,
    };
    let (nodes, edges): (Vec<Placed>, Vec<Placed>) =
        all.into_iter().partition(|p| matches!(p.what, lares_model::Statement::Put { .. }));
    Ok(nodes.into_iter().chain(edges).filter(names::can_be_said).collect())
}

impl Written {
    fn one(text: String) -> Self {
        Self { files: vec![File { name: String::new(), text }], left_out: Vec::new() }
    }

    /// Nodes of these kinds, so many of each, are not in it.
    fn without(text: String, kinds: &BTreeMap<&str, usize>, why: &str) -> Self {
        let counts: Vec<String> = kinds.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        let left_out =
            if counts.is_empty() { Vec::new() } else { vec![format!("{why}: {}", counts.join(", "))] };
        Self { left_out, ..Self::one(text) }
    }
}
