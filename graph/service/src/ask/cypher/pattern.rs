//! Patterns: `(a:room)<-[:in]-(d:device)-[:has*1..3]->(e)`.

use lares_model::{Direction, EdgeKind, NodeKind};

use super::ast::{EdgePattern, Name, NodePattern, Path, What};
use super::lex::Token;
use super::parse::Parser;
use lares_model::{Slip, one_of};

/// The longest way over edges of variable length.
const FARTHEST: u32 = 32;
/// Nodes of one path. Walking a step is a call on the stack.
const LONGEST: usize = 32;

impl Parser<'_> {
    pub fn path(&mut self) -> Result<Path, Slip> {
        if matches!(self.peek_at(1), Token::Symbol("=")) && matches!(self.peek(), Token::Word(_)) {
            return Err(Slip::new(self.here(), "a path has no name here"));
        }
        let mut path = Path { nodes: vec![self.node()?], edges: Vec::new() };
        while self.is_symbol("-") || self.is_symbol("<") {
            if path.nodes.len() >= LONGEST {
                return Err(Slip::new(self.here(), format!("a path has at most {LONGEST} nodes")));
            }
            path.edges.push(self.edge()?);
            path.nodes.push(self.node()?);
        }
        Ok(path)
    }

    fn node(&mut self) -> Result<NodePattern, Slip> {
        if !self.symbol("(") {
            return Err(self.wanted("a node: (d:device)"));
        }
        let mut node = NodePattern { name: self.name()?, ..NodePattern::default() };
        if self.symbol(":") {
            node.kinds.push(self.node_kind()?);
            while self.symbol("|") {
                self.symbol(":");
                node.kinds.push(self.node_kind()?);
            }
            if self.is_symbol(":") {
                return Err(Slip::new(self.here(), "a node has one kind")
                    .help("either of two is written (n:room|device)"));
            }
        }
        if self.symbol("{") {
            node.fields.push(self.field_is()?);
            while self.symbol(",") {
                node.fields.push(self.field_is()?);
            }
            self.need("}")?;
        }
        self.need(")")?;
        Ok(node)
    }

    fn node_kind(&mut self) -> Result<NodeKind, Slip> {
        let Token::Word(word) = *self.peek() else { return Err(self.wanted("a kind of node")) };
        // The public examples write `Room`.
        let kind = NodeKind::parse(&word.to_lowercase()).ok_or_else(|| {
            let kinds = NodeKind::ALL.iter().map(|k| k.name());
            let slip = Slip::new(self.here(), format!("`{word}` is no kind of node"));
            slip.help(format!("there are {}", one_of(kinds)))
        })?;
        self.advance();
        Ok(kind)
    }

    fn field_is(&mut self) -> Result<(Name, crate::ask::Datum), Slip> {
        let Some(name) = self.name()? else { return Err(self.wanted("a field: {key: 'hall'}")) };
        self.need(":")?;
        let value = self.expression()?;
        match value.what {
            What::Constant(value) => Ok((name, value)),
            _ => Err(Slip::new(value.at, "only a value can stand here").help("compare with others in WHERE")),
        }
    }

    fn edge(&mut self) -> Result<EdgePattern, Slip> {
        let start = self.here().start;
        let left = self.symbol("<");
        self.need("-")?;
        let mut edge = EdgePattern { name: None, moves: Vec::new(), hops: None };
        let mut kinds = Vec::new();
        if self.symbol("[") {
            edge.name = self.name()?;
            if self.symbol(":") {
                kinds.push(self.edge_kind()?);
                while self.symbol("|") {
                    self.symbol(":");
                    kinds.push(self.edge_kind()?);
                }
            }
            let at = self.here();
            if self.symbol("*") {
                edge.hops = Some(self.hops()?);
                if let Some(name) = &edge.name {
                    return Err(Slip::new(name.at.clone(), "edges of variable length have no name here"));
                }
            }
            if self.is_symbol("{") {
                return Err(Slip::new(self.here(), "edges have no fields in a pattern")
                    .help("ask for their kind: [:in|has]"));
            }
            if !self.symbol("]") {
                let last = if at == self.here() { "`*`, " } else { "" };
                return Err(self.wanted(&format!("{last}`|` or `]`")));
            }
        }
        self.need("-")?;
        let right = self.symbol(">");
        if left && right {
            return Err(Slip::new(start..self.end(), "an edge has one direction")
                .help("either is written (a)-[:in]-(b)"));
        }
        edge.moves = moves(&kinds, left, right);
        Ok(edge)
    }

    fn edge_kind(&mut self) -> Result<(EdgeKind, Direction), Slip> {
        let Token::Word(word) = *self.peek() else { return Err(self.wanted("a kind of edge")) };
        let kind = EdgeKind::parse(&word.to_lowercase()).ok_or_else(|| {
            let slip = Slip::new(self.here(), format!("`{word}` is no kind of edge"));
            slip.help(format!("there are {}", one_of(EdgeKind::words())))
        })?;
        self.advance();
        Ok(kind)
    }

    /// `*`, `*2`, `*1..3`, `*..3`, `*2..`
    fn hops(&mut self) -> Result<(u32, u32), Slip> {
        let from = self.here();
        let least = self.steps()?;
        let (least, most) = if self.symbol("..") {
            (least.unwrap_or(1), self.steps()?.unwrap_or(FARTHEST))
        } else {
            (least.unwrap_or(1), least.unwrap_or(FARTHEST))
        };
        if least > most {
            return Err(Slip::new(from.start..self.end(), format!("{least} is more than {most}")));
        }
        Ok((least, most))
    }

    fn steps(&mut self) -> Result<Option<u32>, Slip> {
        match self.peek() {
            Token::Number(n) if n.fract() == 0.0 && *n <= f64::from(FARTHEST) => {
                let n = *n as u32;
                self.advance();
                Ok(Some(n))
            }
            Token::Number(_) => {
                Err(Slip::new(self.here(), format!("a whole number up to {FARTHEST} is wanted")))
            }
            _ => Ok(None),
        }
    }
}

/// A kind that is named from its other end turns the arrow.
fn moves(kinds: &[(EdgeKind, Direction)], left: bool, right: bool) -> Vec<(Option<EdgeKind>, Direction)> {
    let ways: &[Direction] = match (left, right) {
        (true, _) => &[Direction::In],
        (_, true) => &[Direction::Out],
        _ => &[Direction::Out, Direction::In],
    };
    let mut all = Vec::new();
    for way in ways {
        if kinds.is_empty() {
            all.push((None, *way));
        }
        all.extend(
            kinds.iter().map(|(kind, named)| {
                (Some(*kind), if *named == Direction::Out { *way } else { way.turned() })
            }),
        );
    }
    all.sort();
    all.dedup();
    all
}
