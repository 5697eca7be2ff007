//! Statements on edges.

use std::collections::BTreeMap;

use lares_model::{
    Change, Direction, EDGE_PROPS, Edge, EdgeKind, NodeKind, OWN_PREFIX, Span, Value, Write, edge_descriptor,
    is_own,
};

use super::stage::Stage;
use super::value::{Here, instant};
use super::{Outcome, SayError};

pub(super) struct Between<'a> {
    pub from: &'a str,
    pub edge: &'a str,
    pub to: &'a str,
}

/// Both ends are there, and the kind may lie between them.
fn resolve(stage: &Stage, between: &Between<'_>) -> Result<Edge, SayError> {
    let (kind, direction) = EdgeKind::parse(between.edge).ok_or_else(|| {
        SayError::new(format!("`{}` is no kind of edge", between.edge))
            .allowed(between.edge, EdgeKind::words())
    })?;
    let (a, b) = (stage.find(between.from)?, stage.find(between.to)?);
    let (from, to) = if direction == Direction::Out { (&a, &b) } else { (&b, &a) };
    if let Some(said) = edge_descriptor(kind) {
        let ends = [("leaves", said.from, from), ("leads to", said.to, to)];
        for (word, allowed, node) in ends {
            if !allowed.is_empty() && !allowed.contains(&node.kind) {
                let words: Vec<&str> = allowed.iter().map(|k| k.name()).collect();
                let message = format!("`{}` {word} no {}", kind.name(), node.kind.name());
                return Err(SayError::new(message).help(format!("it {word} {}", words.join(", "))));
            }
        }
    }
    let described = [from.kind, to.kind].iter().all(|k| k.is_described());
    let structure =
        matches!(kind, EdgeKind::LocatedIn | EdgeKind::PartOf | EdgeKind::Via | EdgeKind::MemberOf);
    if described && structure && from.kind != NodeKind::Person {
        let message = format!("where a {} is and belongs stands in the home folder", from.kind.name());
        return Err(SayError::new(message));
    }
    if from.id == to.id {
        return Err(SayError::new(format!("`{}` cannot lead to itself", between.from)));
    }
    Ok(Edge { from: from.id, kind, to: to.id })
}

pub(super) fn link(
    stage: &mut Stage,
    here: Here<'_>,
    between: &Between<'_>,
    (since, until): (Option<&str>, Option<&str>),
    set: &BTreeMap<String, Value>,
    out: &mut Outcome,
) -> Result<(), SayError> {
    let edge = resolve(stage, between)?;
    let at = |text: Option<&str>| text.map(|t| instant(t, here)).transpose();
    let span = Span { from: at(since)?, to: at(until)? };
    if let (Some(from), Some(to)) = (span.from, span.to)
        && from >= to
    {
        return Err(SayError::new("it would end before it begins"));
    }
    let known = stage.edge(edge)?;
    let mut info = known.clone().unwrap_or_default();
    if span != (Span { from: None, to: None }) {
        // An edge without a time has always been so: now it has one.
        info.valid.retain(|s| *s != span);
        info.valid.push(span);
        info.valid.sort();
    }
    for (key, value) in set {
        if !is_own(key) && !EDGE_PROPS.contains(&key.as_str()) {
            let error = SayError::new(format!("an edge has no property `{key}`"));
            let error = error.allowed(key, EDGE_PROPS.iter().copied());
            let help = error.help.unwrap_or_default();
            return Err(SayError {
                help: Some(format!("{help}; properties of your own begin with {OWN_PREFIX}")),
                ..error
            });
        }
        info.props.insert(key.clone(), value.clone());
    }
    if known.as_ref() == Some(&info) {
        return Ok(());
    }
    out.writes.push(if info.is_empty() {
        Write::PutEdge(edge)
    } else {
        Write::PutFact { edge, info: info.clone() }
    });
    stage.link(edge, Some(info));
    out.change(edge.from, Change::Linked { edge });
    Ok(())
}

pub(super) fn unlink(
    stage: &mut Stage,
    here: Here<'_>,
    between: &Between<'_>,
    since: Option<&str>,
    out: &mut Outcome,
) -> Result<(), SayError> {
    let edge = resolve(stage, between)?;
    let Some(mut info) = stage.edge(edge)? else {
        let Between { from, edge, to } = between;
        return Err(SayError::new(format!("`{from}` is not linked to `{to}` by {edge}")));
    };
    match since {
        None => {
            stage.link(edge, None);
            out.writes.push(Write::RemoveEdge(edge));
        }
        Some(since) => {
            let end = instant(since, here)?;
            if info.valid.is_empty() {
                info.valid.push(Span { from: None, to: None });
            }
            info.valid.retain(|span| span.from.is_none_or(|from| from < end));
            for span in &mut info.valid {
                span.to = Some(span.to.map_or(end, |to| to.min(end)));
            }
            if info.valid.is_empty() {
                // It was never so.
                stage.link(edge, None);
                out.writes.push(Write::RemoveEdge(edge));
            } else {
                stage.link(edge, Some(info.clone()));
                out.writes.push(Write::PutFact { edge, info });
            }
        }
    }
    out.change(edge.from, Change::Unlinked { edge });
    Ok(())
}
