//! What a `{list}` can be: written values, a range of numbers, any words, or names of the house.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fold::fold;
use super::house::House;

/// A list, ready to match.
#[derive(Clone, Debug)]
pub enum List {
    /// Written values: the node of each one's template, and what it means.
    Values(Vec<(usize, usize)>),
    Range {
        from: f64,
        to: f64,
        multiplier: f64,
    },
    /// Any words; `inside`: they may end within a word.
    Wildcard {
        inside: bool,
    },
    Names(NameKind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    Thing,
    Area,
    Floor,
}

/// What a written value means: for its own slot, and for others.
#[derive(Clone, Debug)]
pub struct Meaning {
    pub out: Value,
    pub slots: BTreeMap<String, Value>,
}

/// The names of a house by their first byte.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_first: Vec<Vec<(String, usize)>>,
}

impl Names {
    fn of<'a>(all: impl Iterator<Item = &'a Vec<String>>) -> Self {
        let mut by_first = vec![Vec::new(); 256];
        for (index, names) in all.enumerate() {
            for name in names {
                let folded = fold(name).text;
                let Some(first) = folded.as_bytes().first().copied() else { continue };
                if let Some(bucket) = by_first.get_mut(usize::from(first))
                    && !bucket.contains(&(folded.clone(), index))
                {
                    bucket.push((folded, index));
                }
            }
        }
        Self { by_first }
    }

    /// The names that `text` begins with.
    pub fn at<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let first = text.as_bytes().first().copied().unwrap_or(0);
        let bucket = self.by_first.get(usize::from(first)).map_or(&[][..], Vec::as_slice);
        bucket.iter().filter(|(name, _)| text.starts_with(name.as_str())).map(|(name, i)| (name.len(), *i))
    }
}

/// A house, ready to match.
#[derive(Clone, Debug)]
pub struct CompiledHouse {
    pub house: House,
    things: Names,
    areas: Names,
    floors: Names,
}

impl CompiledHouse {
    pub fn new(house: House) -> Self {
        Self {
            things: Names::of(house.things.iter().map(|t| &t.names)),
            areas: Names::of(house.areas.iter().map(|a| &a.names)),
            floors: Names::of(house.floors.iter().map(|f| &f.names)),
            house,
        }
    }

    pub fn names(&self, kind: NameKind) -> &Names {
        match kind {
            NameKind::Thing => &self.things,
            NameKind::Area => &self.areas,
            NameKind::Floor => &self.floors,
        }
    }
}
