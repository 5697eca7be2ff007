//! Expressions of a plan, calculated for one match. What is not known makes what depends on it not known.

use std::cmp::Ordering;

use lares_model::{EDGE_PROPS, is_own};

use super::ast::Compare;
use crate::ask::when::instant_text;
use crate::ask::{Datum, Field, Picture, ReadFailed};

/// An expression whose names are places in a [`Frame`].
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Calc {
    Constant(Datum),
    Node(usize),
    Edge(usize),
    Field(usize, Field),
    EdgeField(usize, EdgeField),
    List(Vec<Calc>),
    Not(Box<Calc>),
    And(Box<Calc>, Box<Calc>),
    Or(Box<Calc>, Box<Calc>),
    Compare(Compare, Box<Calc>, Box<Calc>),
    In(Box<Calc>, Box<Calc>),
    IsNull(Box<Calc>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum EdgeField {
    /// `located_in`, ...
    Kind,
    /// The event since which it stands.
    Since,
    /// Seconds since then.
    Age,
    /// From when on it is so in the world, if that was said.
    ValidFrom,
    ValidTo,
    /// What the edge carries under this key.
    Prop(String),
}

impl EdgeField {
    pub const ALL: &[(&str, Self)] = &[
        ("kind", Self::Kind),
        ("since", Self::Since),
        ("age", Self::Age),
        ("valid_from", Self::ValidFrom),
        ("valid_to", Self::ValidTo),
    ];

    /// A field by its name; any other name is a property that edges may carry, if it is a person's own or a note.
    pub fn parse(name: &str) -> Option<Self> {
        let own = Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, field)| field.clone());
        own.or_else(|| (is_own(name) || EDGE_PROPS.contains(&name)).then(|| Self::Prop(name.to_owned())))
    }
}

/// One match: which node and edge each place holds.
pub(super) struct Frame<'a> {
    pub picture: &'a Picture<'a>,
    pub nodes: &'a [u32],
    pub edges: &'a [u32],
    /// So many matches are like this one; more than one only where nothing but their number is told.
    pub weight: u64,
}

impl Calc {
    /// Every node's and every edge's place in it.
    pub fn places(&self, nodes: &mut Vec<usize>, edges: &mut Vec<usize>) {
        match self {
            Self::Constant(_) => {}
            Self::Node(n) | Self::Field(n, _) => nodes.push(*n),
            Self::Edge(n) | Self::EdgeField(n, _) => edges.push(*n),
            Self::List(all) => all.iter().for_each(|c| c.places(nodes, edges)),
            Self::Not(a) | Self::IsNull(a) => a.places(nodes, edges),
            Self::And(a, b) | Self::Or(a, b) | Self::Compare(_, a, b) | Self::In(a, b) => {
                a.places(nodes, edges);
                b.places(nodes, edges);
            }
        }
    }

    /// Whether all nodes and all edges that it asks about are such.
    pub fn asks_only(&self, node: &dyn Fn(usize) -> bool, edge: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::Constant(_) => true,
            Self::Node(n) | Self::Field(n, _) => node(*n),
            Self::Edge(n) | Self::EdgeField(n, _) => edge(*n),
            Self::List(all) => all.iter().all(|c| c.asks_only(node, edge)),
            Self::Not(a) | Self::IsNull(a) => a.asks_only(node, edge),
            Self::And(a, b) | Self::Or(a, b) | Self::Compare(_, a, b) | Self::In(a, b) => {
                a.asks_only(node, edge) && b.asks_only(node, edge)
            }
        }
    }

    pub fn of(&self, frame: &Frame<'_>) -> Result<Datum, ReadFailed> {
        let node = |n: &usize| frame.nodes.get(*n).copied();
        let edge = |n: &usize| frame.edges.get(*n).copied();
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Node(n) => node(n).map_or(Datum::Null, Datum::Node),
            Self::Edge(n) => edge(n).map_or(Datum::Null, Datum::Edge),
            Self::Field(n, field) => match node(n) {
                Some(place) => field.of(frame.picture, place)?,
                None => Datum::Null,
            },
            Self::EdgeField(n, field) => match edge(n) {
                Some(place) => field.of(frame.picture, place)?,
                None => Datum::Null,
            },
            Self::List(all) => Datum::List(all.iter().map(|c| c.of(frame)).collect::<Result<_, _>>()?),
            truth => truth.truth(frame)?.map_or(Datum::Null, Datum::Bool),
        })
    }

    /// Whether it holds, where that is known.
    pub fn truth(&self, frame: &Frame<'_>) -> Result<Option<bool>, ReadFailed> {
        Ok(match self {
            Self::Not(a) => a.truth(frame)?.map(|t| !t),
            Self::And(a, b) => match a.truth(frame)? {
                Some(false) => Some(false),
                known => match (known, b.truth(frame)?) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
            },
            Self::Or(a, b) => match a.truth(frame)? {
                Some(true) => Some(true),
                known => match (known, b.truth(frame)?) {
                    (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                },
            },
            Self::Compare(op, a, b) => compare(*op, &a.of(frame)?, &b.of(frame)?),
            Self::In(a, b) => within(&a.of(frame)?, &b.of(frame)?),
            Self::IsNull(a) => Some(a.of(frame)?.is_null()),
            value => match value.of(frame)? {
                Datum::Bool(b) => Some(b),
                _ => None,
            },
        })
    }
}

fn compare(op: Compare, a: &Datum, b: &Datum) -> Option<bool> {
    let order = |fits: fn(Ordering) -> bool| a.compare(b).map(fits);
    let texts = |fits: fn(&str, &str) -> bool| match (a, b) {
        (Datum::Text(a), Datum::Text(b)) => Some(fits(a, b)),
        _ => None,
    };
    match op {
        Compare::Equal => a.equal(b),
        Compare::Differs => a.equal(b).map(|e| !e),
        Compare::Less => order(Ordering::is_lt),
        Compare::AtMost => order(Ordering::is_le),
        Compare::More => order(Ordering::is_gt),
        Compare::AtLeast => order(Ordering::is_ge),
        Compare::StartsWith => texts(|a, b| a.starts_with(b)),
        Compare::EndsWith => texts(|a, b| a.ends_with(b)),
        Compare::Contains => texts(|a, b| a.contains(b)),
    }
}

fn within(value: &Datum, list: &Datum) -> Option<bool> {
    let Datum::List(all) = list else { return None };
    let found: Vec<Option<bool>> = all.iter().map(|one| value.equal(one)).collect();
    if found.contains(&Some(true)) {
        return Some(true);
    }
    if found.contains(&None) { None } else { Some(false) }
}

impl EdgeField {
    fn of(&self, picture: &Picture<'_>, edge: u32) -> Result<Datum, ReadFailed> {
        let since = picture.shape.since(edge);
        Ok(match self {
            Self::Kind => {
                picture.shape.edge(edge).map(|(_, kind, _)| Datum::text(kind.name())).unwrap_or_default()
            }
            Self::ValidFrom | Self::ValidTo => {
                let fact = picture.shape.fact(edge);
                let at = picture.valid_at.unwrap_or(picture.now);
                let span = fact.and_then(|f| f.valid.iter().find(|s| s.has(at)).or(f.valid.last()));
                let end = span.and_then(|s| if *self == Self::ValidFrom { s.from } else { s.to });
                end.and_then(instant_text).map(Datum::text).unwrap_or_default()
            }
            Self::Prop(key) => {
                picture.shape.fact(edge).and_then(|f| f.props.get(key)).map(Datum::from).unwrap_or_default()
            }
            Self::Since => since.map(|id| Datum::text(id.to_string())).unwrap_or_default(),
            Self::Age => match since {
                Some(id) => {
                    picture.states.seen(id)?.map(|at| Datum::Number(picture.now.since(at).as_secs_f64()))
                }
                None => None,
            }
            .unwrap_or_default(),
        })
    }
}
