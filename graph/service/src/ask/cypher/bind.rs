//! From a question to a plan for one graph: names are found, fields are known, every clause is checked.

use std::collections::BTreeMap;

use super::ast::{Ast, Compare, EdgePattern, Expr, Function, Item, NodePattern, Span, What};
use super::calc::{Calc, EdgeField};
use super::order::{self, EdgeUse, How, NodeUse, PathUse, Step};
use crate::ask::{Field, Shape, filter::unknown};
use lares_model::{Slip, one_of};

/// Places in a row (columns, then hidden), and whether the largest is first.
type Sorts = Vec<(usize, bool)>;

/// What is walked and what is told.
#[derive(Debug)]
pub(super) struct Plan {
    /// Places for nodes and for edges.
    pub nodes: usize,
    pub edges: usize,
    pub steps: Vec<Step>,
    pub ending: Ending,
    /// All that is told beside aggregates is about the node here, and no other node is told the same.
    pub by: Option<usize>,
    pub columns: Vec<Column>,
    /// Calculated for sorting only.
    pub hidden: Vec<Calc>,
    pub distinct: bool,
    pub sorts: Sorts,
    pub skip: usize,
    pub limit: Option<usize>,
}

/// How the last steps are taken. All but the first are for questions that only ask how many matches there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    Walked,
    /// Of the last step only the number of nodes it leads to is needed.
    Counted,
    /// As well the step before it is only one of many ways: their numbers are summed.
    Summed,
    /// The last two steps lead away from one node: their numbers are multiplied.
    Forked,
}

#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    pub value: Told,
    pub at: Span,
}

#[derive(Debug)]
pub(super) enum Told {
    Plain(Calc),
    Aggregate { function: Function, distinct: bool, of: Option<Calc> },
}

impl Plan {
    pub fn is_aggregated(&self) -> bool {
        self.columns.iter().any(|c| matches!(c.value, Told::Aggregate { .. }))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Node(usize),
    Edge(usize),
}

struct Binder<'a> {
    shape: &'a Shape,
    names: BTreeMap<&'a str, Place>,
    nodes: usize,
    edges: usize,
    /// What must hold, each by itself.
    conditions: Vec<Calc>,
}

pub(super) fn plan(ast: &Ast, shape: &Shape) -> Result<Plan, Slip> {
    let mut binder = Binder { shape, names: BTreeMap::new(), nodes: 0, edges: 0, conditions: Vec::new() };
    let mut paths = Vec::new();
    for path in &ast.paths {
        let nodes = path.nodes.iter().map(|n| binder.node(n)).collect::<Result<_, _>>()?;
        let edges = path.edges.iter().map(|e| binder.edge(e)).collect::<Result<_, _>>()?;
        paths.push(PathUse { nodes, edges });
    }
    if let Some(condition) = &ast.condition {
        if let Some(inner) = condition.aggregate() {
            return Err(Slip::new(inner.at.clone(), "an aggregate stands in RETURN, not in WHERE"));
        }
        binder.condition(condition)?;
    }
    let columns: Vec<Column> = ast.items.iter().map(|i| binder.column(i)).collect::<Result<_, _>>()?;
    let (sorts, hidden) = binder.sorts(ast)?;
    let (mut told, mut ends) = (Vec::new(), Vec::new());
    for column in &columns {
        if let Told::Plain(calc) = &column.value {
            calc.places(&mut told, &mut ends);
        }
    }
    let numbers = only_numbers(&columns);
    let by = grouped_by(&columns, &told, &ends, &paths);
    let steps = order::steps(paths, std::mem::take(&mut binder.conditions), &told, numbers, shape);
    let ending = if numbers { ending(&steps, &told) } else { Ending::Walked };
    Ok(Plan {
        nodes: binder.nodes,
        edges: binder.edges,
        steps,
        ending,
        by,
        columns,
        hidden,
        distinct: ast.distinct,
        sorts,
        skip: ast.skip,
        limit: ast.limit,
    })
}

/// The one node that is told, if what is told tells it from all others.
fn grouped_by(columns: &[Column], told: &[usize], ends: &[usize], paths: &[PathUse]) -> Option<usize> {
    let by = *told.first().filter(|by| ends.is_empty() && told.iter().all(|t| t == *by))?;
    let single = paths.iter().flat_map(|p| &p.nodes).any(|n| n.place == by && n.kinds.len() == 1);
    let unique = columns.iter().any(|c| match &c.value {
        Told::Plain(Calc::Node(_) | Calc::Field(_, Field::Id | Field::Ref)) => true,
        Told::Plain(Calc::Field(_, Field::Key)) => single,
        _ => false,
    });
    unique.then_some(by)
}

/// Whether there are aggregates, and all of them are numbers of matches.
fn only_numbers(columns: &[Column]) -> bool {
    let mut aggregates = columns.iter().filter_map(|c| match &c.value {
        Told::Aggregate { function, distinct, of } => Some((function, distinct, of)),
        Told::Plain(_) => None,
    });
    let number = |(function, distinct, of): (&Function, &bool, &Option<Calc>)| {
        *function == Function::Count && !distinct && matches!(of, None | Some(Calc::Node(_)))
    };
    aggregates.clone().count() > 0 && aggregates.all(number)
}

/// A step over one edge to a node that is new, that nobody asks for, and that its checks are about.
fn is_blind(step: &Step, told: &[usize]) -> Option<(usize, usize)> {
    match &step.how {
        How::Go { from, to, edge: None, least: 1, most: 1, joined: false, .. }
            if step.own && !told.contains(to) =>
        {
            Some((*from, *to))
        }
        _ => None,
    }
}

fn ending(steps: &[Step], told: &[usize]) -> Ending {
    let blind = |back: usize| steps.len().checked_sub(back).and_then(|n| is_blind(steps.get(n)?, told));
    match (blind(2), blind(1)) {
        (_, None) => Ending::Walked,
        (Some((_, middle)), Some((from, _))) if middle == from => Ending::Summed,
        (Some((a, _)), Some((b, _))) if a == b => Ending::Forked,
        _ => Ending::Counted,
    }
}

impl<'a> Binder<'a> {
    fn node(&mut self, pattern: &'a NodePattern) -> Result<NodeUse, Slip> {
        let known = pattern.name.as_ref().and_then(|name| self.names.get(&*name.text).copied());
        let place = match (known, &pattern.name) {
            (Some(Place::Node(place)), _) => place,
            (Some(Place::Edge(_)), Some(name)) => {
                return Err(Slip::new(name.at.clone(), format!("`{}` is an edge already", name.text)));
            }
            _ => {
                self.nodes += 1;
                let place = self.nodes - 1;
                if let Some(name) = &pattern.name {
                    self.names.insert(&name.text, Place::Node(place));
                }
                place
            }
        };
        for (name, value) in &pattern.fields {
            let field = self.field(&name.text, &name.at)?;
            let (field, value) = (Calc::Field(place, field), Calc::Constant(value.clone()));
            self.conditions.push(Calc::Compare(Compare::Equal, Box::new(field), Box::new(value)));
        }
        Ok(NodeUse { place, kinds: pattern.kinds.clone() })
    }

    fn edge(&mut self, pattern: &'a EdgePattern) -> Result<EdgeUse, Slip> {
        let mut place = None;
        if let Some(name) = &pattern.name {
            if self.names.contains_key(&*name.text) {
                return Err(Slip::new(
                    name.at.clone(),
                    format!("`{}` stands for something already", name.text),
                ));
            }
            place = Some(self.edges);
            self.names.insert(&name.text, Place::Edge(self.edges));
            self.edges += 1;
        }
        Ok(EdgeUse { place, moves: pattern.moves.clone(), hops: pattern.hops })
    }

    fn field(&self, name: &str, at: &Span) -> Result<Field, Slip> {
        Field::parse(name, self.shape).ok_or_else(|| unknown(name, at, self.shape, &[]))
    }

    /// Each part of a conjunction is a condition of its own.
    fn condition(&mut self, expr: &Expr) -> Result<(), Slip> {
        if let What::And(a, b) = &expr.what {
            self.condition(a)?;
            return self.condition(b);
        }
        let calc = self.calc(expr)?;
        self.conditions.push(calc);
        Ok(())
    }

    fn column(&self, item: &Item) -> Result<Column, Slip> {
        let value = match &item.expr.what {
            What::Aggregate { function, distinct, of } => {
                let of = of.as_ref().map(|e| self.calc(e)).transpose()?;
                Told::Aggregate { function: *function, distinct: *distinct, of }
            }
            _ => Told::Plain(self.calc(&item.expr)?),
        };
        Ok(Column { name: item.column.clone(), value, at: item.expr.at.clone() })
    }

    fn sorts(&self, ast: &Ast) -> Result<(Sorts, Vec<Calc>), Slip> {
        let grouped = ast.distinct || ast.items.iter().any(|i| i.expr.aggregate().is_some());
        let (mut sorts, mut hidden) = (Vec::new(), Vec::new());
        for sort in &ast.order {
            let is_alias = |i: &Item| match (&i.alias, &sort.expr.what) {
                (Some(alias), What::Variable(name)) => alias.text == *name,
                _ => false,
            };
            let column = ast.items.iter().position(is_alias);
            let column = column.or_else(|| ast.items.iter().position(|i| i.expr == sort.expr));
            match column {
                Some(column) => sorts.push((column, sort.down)),
                None if grouped => {
                    let slip = Slip::new(sort.expr.at.clone(), "only what is returned can be sorted by here");
                    let columns = ast.items.iter().map(|i| i.column.as_str());
                    return Err(slip.help(format!("the columns are {}", one_of(columns))));
                }
                None => {
                    sorts.push((ast.items.len() + hidden.len(), sort.down));
                    hidden.push(self.calc(&sort.expr)?);
                }
            }
        }
        Ok((sorts, hidden))
    }

    fn calc(&self, expr: &Expr) -> Result<Calc, Slip> {
        let boxed = |e: &Expr| self.calc(e).map(Box::new);
        Ok(match &expr.what {
            What::Constant(value) => Calc::Constant(value.clone()),
            What::Variable(name) => match self.place(name, expr)? {
                Place::Node(place) => Calc::Node(place),
                Place::Edge(place) => Calc::Edge(place),
            },
            What::Field(name, field) => {
                let at = expr.at.end - field.len()..expr.at.end;
                match self.place(name, expr)? {
                    Place::Node(place) => Calc::Field(place, self.field(field, &at)?),
                    Place::Edge(place) => {
                        let field = EdgeField::parse(field).ok_or_else(|| {
                            let slip = Slip::new(at, format!("an edge has no field `{field}`"));
                            slip.help(format!("there are {}", one_of(EdgeField::ALL.iter().map(|(n, _)| *n))))
                        })?;
                        Calc::EdgeField(place, field)
                    }
                }
            }
            What::List(all) => Calc::List(all.iter().map(|e| self.calc(e)).collect::<Result<_, _>>()?),
            What::Not(a) => Calc::Not(boxed(a)?),
            What::And(a, b) => Calc::And(boxed(a)?, boxed(b)?),
            What::Or(a, b) => Calc::Or(boxed(a)?, boxed(b)?),
            What::Compare(op, a, b) => Calc::Compare(*op, boxed(a)?, boxed(b)?),
            What::In(a, b) => Calc::In(boxed(a)?, boxed(b)?),
            What::IsNull(a) => Calc::IsNull(boxed(a)?),
            What::Aggregate { .. } => {
                let slip = Slip::new(expr.at.clone(), "an aggregate is a column of its own");
                return Err(slip.help("such as RETURN r.name, count(d) AS devices"));
            }
        })
    }

    fn place(&self, name: &str, expr: &Expr) -> Result<Place, Slip> {
        self.names.get(name).copied().ok_or_else(|| {
            let at = expr.at.start..expr.at.start + name.len();
            let slip = Slip::new(at, format!("nothing in the pattern is called `{name}`"));
            if self.names.is_empty() {
                slip.help("name a node: MATCH (d:device)")
            } else {
                slip.help(format!("there are {}", one_of(self.names.keys().copied())))
            }
        })
    }
}
