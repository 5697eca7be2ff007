//! A question as it was written, with the place of everything that can be wrong.

use std::ops::Range;

use lares_model::{Direction, EdgeKind, NodeKind};

use crate::ask::Datum;

pub(super) type Span = Range<usize>;

#[derive(Clone, Debug, Default)]
pub(super) struct Ast {
    pub paths: Vec<Path>,
    pub condition: Option<Expr>,
    pub distinct: bool,
    pub items: Vec<Item>,
    pub order: Vec<Sort>,
    pub skip: usize,
    pub limit: Option<usize>,
    pub as_of: Option<(String, Span)>,
    pub valid_at: Option<(String, Span)>,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Name {
    pub text: String,
    pub at: Span,
}

/// Nodes and what is between them: one edge pattern fewer than nodes.
#[derive(Clone, Debug)]
pub(super) struct Path {
    pub nodes: Vec<NodePattern>,
    pub edges: Vec<EdgePattern>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct NodePattern {
    pub name: Option<Name>,
    /// Any of these; empty: every kind.
    pub kinds: Vec<NodeKind>,
    /// `{key: 'hall'}`
    pub fields: Vec<(Name, Datum)>,
}

#[derive(Clone, Debug)]
pub(super) struct EdgePattern {
    pub name: Option<Name>,
    /// Which edges are followed which way from the node before; `None`: of every kind.
    pub moves: Vec<(Option<EdgeKind>, Direction)>,
    /// `*1..3`; none: exactly one edge.
    pub hops: Option<(u32, u32)>,
}

/// A column of the answer.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub expr: Expr,
    /// Its alias, or its text.
    pub column: String,
    pub alias: Option<Name>,
}

#[derive(Clone, Debug)]
pub(super) struct Sort {
    pub expr: Expr,
    pub down: bool,
}

/// An expression. Two are the same if they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub what: What,
    pub at: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum What {
    Constant(Datum),
    Variable(String),
    /// The name's place is the expression's end.
    Field(String, String),
    List(Vec<Expr>),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Compare(Compare, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    IsNull(Box<Expr>),
    /// `count(*)` has no argument.
    Aggregate {
        function: Function,
        distinct: bool,
        of: Option<Box<Expr>>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Compare {
    Equal,
    Differs,
    Less,
    AtMost,
    More,
    AtLeast,
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Function {
    Count,
    Min,
    Max,
    Avg,
    Sum,
    Collect,
}

impl Function {
    pub const ALL: &[(&str, Self)] = &[
        ("count", Self::Count),
        ("min", Self::Min),
        ("max", Self::Max),
        ("avg", Self::Avg),
        ("sum", Self::Sum),
        ("collect", Self::Collect),
    ];
}

impl Expr {
    /// Everything directly within it.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.what {
            What::Constant(_) | What::Variable(_) | What::Field(..) => Vec::new(),
            What::List(all) => all.iter().collect(),
            What::Not(a) | What::IsNull(a) => vec![a],
            What::And(a, b) | What::Or(a, b) | What::Compare(_, a, b) | What::In(a, b) => vec![a, b],
            What::Aggregate { of, .. } => of.iter().map(|e| &**e).collect(),
        }
    }

    /// The first aggregate in it.
    pub fn aggregate(&self) -> Option<&Expr> {
        if matches!(self.what, What::Aggregate { .. }) {
            return Some(self);
        }
        self.parts().into_iter().find_map(Expr::aggregate)
    }
}
