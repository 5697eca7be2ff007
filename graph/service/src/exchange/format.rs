//! Which formats there are.

use std::path::Path;

/// A format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Graphml,
    Hledger,
    Ical,
    Jsonl,
    Jsonld,
    /// A folder.
    Markdown,
    Vcard,
}

impl Format {
    pub const ALL: &[Self] =
        &[Self::Graphml, Self::Hledger, Self::Ical, Self::Jsonl, Self::Jsonld, Self::Markdown, Self::Vcard];

    pub fn name(self) -> &'static str {
        match self {
            Self::Graphml => "graphml",
            Self::Hledger => "hledger",
            Self::Ical => "ical",
            Self::Jsonl => "jsonl",
            Self::Jsonld => "jsonld",
            Self::Markdown => "markdown",
            Self::Vcard => "vcard",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.name() == name)
    }

    /// What can be said for a format.
    pub fn words() -> Vec<&'static str> {
        Self::ALL.iter().map(|f| f.name()).collect()
    }

    /// By the end of a file's name.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "graphml" => Some(Self::Graphml),
            "journal" | "hledger" | "ledger" => Some(Self::Hledger),
            "ics" | "ical" => Some(Self::Ical),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "jsonld" => Some(Self::Jsonld),
            "md" => Some(Self::Markdown),
            "vcf" => Some(Self::Vcard),
            _ => None,
        }
    }
}
