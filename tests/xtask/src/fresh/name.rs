//! What is to be made, and the forms of its name.

use std::str::FromStr;

use super::NotMade;

/// Kinds of feature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Protocol,
    Domain,
    System,
}

impl Kind {
    /// The folder that holds such features.
    pub fn parent(self) -> &'static str {
        match self {
            Self::Protocol => "devices/src",
            Self::Domain => "actors/household/src/domains",
            Self::System => "actors/household/src/production",
        }
    }
}

impl FromStr for Kind {
    type Err = NotMade;

    fn from_str(text: &str) -> Result<Self, NotMade> {
        match text {
            "protocol" => Ok(Self::Protocol),
            "domain" => Ok(Self::Domain),
            "system" => Ok(Self::System),
            other => Err(NotMade::Kind(other.into())),
        }
    }
}

/// A feature to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fresh {
    pub kind: Kind,
    /// In snake case: the folder's and module's name.
    pub name: String,
}

/// Words that no module can be called.
const TAKEN: &[&str] = &[
    "as", "async", "await", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match",
    "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
    "yield",
];

impl Fresh {
    /// # Errors
    /// If `name` is not in snake case or is a word of the language. A `-` is taken for a `_`.
    pub fn new(kind: Kind, name: &str) -> Result<Self, NotMade> {
        let name = name.replace('-', "_");
        let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let good = name.split('_').all(part)
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && !TAKEN.contains(&name.as_str());
        if good { Ok(Self { kind, name }) } else { Err(NotMade::Name(name)) }
    }

    /// The name in the form of a type.
    fn camel(&self) -> String {
        let word = |part: &str| {
            let mut chars = part.chars();
            chars.next().map_or(String::new(), |c| c.to_ascii_uppercase().to_string() + chars.as_str())
        };
        self.name.split('_').map(word).collect()
    }

    /// Fills a template in. `kinds`: the first number of its block.
    pub(super) fn fill(&self, template: &str, kinds: u16) -> String {
        let kinds = format!("{kinds}..{}", kinds.saturating_add(super::registry::BLOCK));
        template
            .replace("{{name}}", &self.name)
            .replace("{{Name}}", &self.camel())
            .replace("{{words}}", &self.name.replace('_', " "))
            .replace("{{kinds}}", &kinds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_snake_case() {
        let fresh = Fresh::new(Kind::Domain, "deep-sleep").unwrap();
        assert_eq!((fresh.name.as_str(), fresh.camel().as_str()), ("deep_sleep", "DeepSleep"));
        for bad in ["", "Sleep", "a__b", "_a", "a_", "9a", "a b", "../a", "match", "é"] {
            assert!(Fresh::new(Kind::Domain, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_template_is_filled_in_whole() {
        let fresh = Fresh::new(Kind::System, "hen_house").unwrap();
        let filled = fresh.fill("{{name}} {{Name}} {{words}} {{kinds}}", 1000);
        assert_eq!(filled, "hen_house HenHouse hen house 1000..1100");
    }
}
