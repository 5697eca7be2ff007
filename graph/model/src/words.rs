//! The words by which kinds of node and edge are called: on the command line, in questions, in exports.

use crate::{EdgeKind, NodeKind};

/// Which way an edge is followed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Direction {
    /// From the node in hand to the other.
    Out,
    /// From the other to the node in hand.
    In,
}

impl Direction {
    pub fn turned(self) -> Self {
        match self {
            Self::Out => Self::In,
            Self::In => Self::Out,
        }
    }
}

impl NodeKind {
    pub const ALL: &[Self] = &[
        Self::Household,
        Self::Floor,
        Self::Room,
        Self::Zone,
        Self::Person,
        Self::Device,
        Self::Entity,
        Self::Rule,
        Self::Group,
        Self::Link,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Floor => "floor",
            Self::Room => "room",
            Self::Zone => "zone",
            Self::Person => "person",
            Self::Device => "device",
            Self::Entity => "entity",
            Self::Rule => "rule",
            Self::Group => "group",
            Self::Link => "link",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }
}

impl EdgeKind {
    pub const ALL: &[Self] = &[Self::LocatedIn, Self::PartOf, Self::Via, Self::MemberOf];

    pub fn name(self) -> &'static str {
        match self {
            Self::LocatedIn => "located_in",
            Self::PartOf => "part_of",
            Self::Via => "via",
            Self::MemberOf => "member_of",
        }
    }

    /// What the same edge is called from its other end: an entity is `part_of` a device that `has` it.
    pub fn inverse(self) -> &'static str {
        match self {
            Self::LocatedIn => "holds",
            Self::PartOf => "has",
            Self::Via => "carries",
            Self::MemberOf => "members",
        }
    }

    /// A kind by its name, by its name from the other end (then the direction is turned), or `in` for `located_in`.
    pub fn parse(word: &str) -> Option<(Self, Direction)> {
        if word == "in" {
            return Some((Self::LocatedIn, Direction::Out));
        }
        Self::ALL.iter().find_map(|k| match word {
            w if w == k.name() => Some((*k, Direction::Out)),
            w if w == k.inverse() => Some((*k, Direction::In)),
            _ => None,
        })
    }

    /// Every word that [`EdgeKind::parse`] understands.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().flat_map(|k| [k.name(), k.inverse()]).chain(["in"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_are_unique_and_understood() {
        for kind in NodeKind::ALL {
            assert_eq!(NodeKind::parse(kind.name()), Some(*kind));
        }
        let words: BTreeSet<&str> = EdgeKind::words().collect();
        assert_eq!(words.len(), EdgeKind::ALL.len() * 2 + 1);
        for word in words {
            assert!(EdgeKind::parse(word).is_some(), "{word}");
        }
        assert_eq!(EdgeKind::parse("has"), Some((EdgeKind::PartOf, Direction::In)));
        assert_eq!(EdgeKind::parse("knows"), None);
    }
}
