//! What a question works with: values, nodes and edges, and how they compare.

use std::cmp::Ordering;
use std::hash::Hasher;
use std::sync::Arc;

use lares_model::Value;

/// A value in an answer.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Datum {
    /// Not known, or not there.
    #[default]
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    /// A node, by its place in the [`Shape`](super::Shape).
    Node(u32),
    /// An edge, by its place in the shape.
    Edge(u32),
    List(Vec<Datum>),
}

impl Datum {
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether two are the same; not known if either is not.
    pub fn equal(&self, other: &Self) -> Option<bool> {
        if self.is_null() || other.is_null() { None } else { Some(self == other) }
    }

    /// The order of two of one kind that has one: numbers, texts, truth values.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Node(_) => 0,
            Self::Edge(_) => 1,
            Self::List(_) => 2,
            Self::Text(_) => 3,
            Self::Bool(_) => 4,
            Self::Number(_) => 5,
            Self::Null => 6,
        }
    }

    /// The same for what [`Datum::total`] takes for the same.
    pub(super) fn hash(&self, to: &mut impl Hasher) {
        to.write_u8(self.rank());
        match self {
            Self::Null => {}
            Self::Bool(b) => to.write_u8(u8::from(*b)),
            Self::Number(n) => to.write_u64(n.to_bits()),
            Self::Text(text) => to.write(text.as_bytes()),
            Self::Node(place) | Self::Edge(place) => to.write_u32(*place),
            Self::List(all) => all.iter().for_each(|datum| datum.hash(to)),
        }
    }

    /// An order of everything, for sorting and for telling rows apart: as openCypher's, what is not known last.
    pub fn total(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Node(a), Self::Node(b)) | (Self::Edge(a), Self::Edge(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => {
                let differ = a.iter().zip(b).map(|(x, y)| x.total(y)).find(|o| o.is_ne());
                differ.unwrap_or_else(|| a.len().cmp(&b.len()))
            }
            _ => self.compare(other).unwrap_or_else(|| self.rank().cmp(&other.rank())),
        }
    }
}

impl From<&Value> for Datum {
    fn from(value: &Value) -> Self {
        match value {
            Value::Bool(b) => Self::Bool(*b),
            // Minus zero would sort apart from zero.
            Value::Number(n) => Self::Number(n + 0.0),
            Value::Text(t) => Self::Text(t.clone()),
            rgb @ Value::Rgb(..) => Self::text(rgb.to_string()),
        }
    }
}

impl From<bool> for Datum {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

/// A row that can be told from others.
#[derive(Clone, Debug)]
pub(super) struct Key(pub Vec<Datum>);

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let differ = self.0.iter().zip(&other.0).map(|(x, y)| x.total(y)).find(|o| o.is_ne());
        differ.unwrap_or_else(|| self.0.len().cmp(&other.0.len()))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_equals_nothing_and_sorts_last() {
        assert_eq!(Datum::Null.equal(&Datum::Null), None);
        assert_eq!(Datum::text("a").equal(&Datum::Number(1.0)), Some(false));
        assert_eq!(Datum::text("a").compare(&Datum::Number(1.0)), None);
        let mut all =
            [Datum::Null, Datum::Number(2.0), Datum::Bool(true), Datum::text("b"), Datum::Number(-1.0)];
        all.sort_by(Datum::total);
        let sorted =
            [Datum::text("b"), Datum::Bool(true), Datum::Number(-1.0), Datum::Number(2.0), Datum::Null];
        assert_eq!(all, sorted);
        assert_eq!(Key(vec![Datum::Null]), Key(vec![Datum::Null]));
    }
}
