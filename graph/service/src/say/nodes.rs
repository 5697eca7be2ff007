//! Statements on nodes.

use std::collections::BTreeMap;

use lares_model::{
    Change, Edge, Node, NodeId, NodeKind, PropType, Timestamp, UNTIL, Value, Write, dated, descriptor, prop,
};

use super::stage::{Stage, kinded};
use super::value::{Here, instant, value};
use super::{Outcome, SayError};
use crate::ask::{instant_text, when};

/// A key is part of index keys.
const LONGEST_KEY: usize = 250;
const LONGEST_NAME: usize = 2_000;

pub(super) fn put(
    stage: &mut Stage,
    here: Here<'_>,
    (name, label): (&str, Option<&str>),
    set: &BTreeMap<String, Option<Value>>,
    since: Option<&str>,
    out: &mut Outcome,
) -> Result<(), SayError> {
    let (before, fresh) = match stage.find(name) {
        Ok(node) => (node, false),
        Err(unknown) => (new_node(name, unknown)?, true),
    };
    let mut node = before.clone();
    if let Some(label) = label.filter(|label| *label != before.name) {
        if before.kind.is_described() {
            let message = format!("the name of a {} stands in the home folder", before.kind.name());
            return Err(SayError::new(message));
        }
        if label.trim().is_empty() || label.len() > LONGEST_NAME {
            return Err(SayError::new(format!("a name has 1 to {LONGEST_NAME} bytes")));
        }
        label.trim().clone_into(&mut node.name);
    }
    let since = since.map(|text| instant(text, here)).transpose()?;
    for (key, given) in set {
        put_one(&mut node, key, given.as_ref(), since, here)?;
    }
    required(&node)?;
    let mut changed: BTreeMap<String, Option<Value>> = BTreeMap::new();
    for key in before.props.keys().chain(node.props.keys()) {
        if before.props.get(key) != node.props.get(key) {
            changed.insert(key.clone(), node.props.get(key).cloned());
        }
    }
    let renamed = (fresh || node.name != before.name).then(|| node.name.clone());
    if changed.is_empty() && renamed.is_none() {
        return Ok(());
    }
    let mut keys: Vec<String> = renamed.iter().filter(|_| !fresh).map(|_| "name".to_owned()).collect();
    keys.extend(changed.keys().map(|k| dated(k).map_or(k.as_str(), |(prop, _)| prop).to_owned()));
    keys.dedup();
    out.change(
        node.id,
        if fresh {
            Change::Made { node: node.id, kind: node.kind, keys }
        } else {
            Change::Put { node: node.id, keys }
        },
    );
    let (id, kind, key) = (node.id, node.kind, node.key.clone());
    out.writes.push(Write::Amend { id, kind, key, name: renamed, set: changed });
    stage.put(id, Some(node));
    Ok(())
}

/// A node that is not there: it needs a kind and a key, and must be one that people make.
fn new_node(name: &str, unknown: SayError) -> Result<Node, SayError> {
    let Some((kind, key)) = kinded(name) else {
        return match name.split_once(':') {
            Some((kind, _)) if !kind.contains(char::is_whitespace) => {
                let words = NodeKind::ALL.iter().filter(|k| !k.is_described()).map(|k| k.name());
                Err(SayError::new(format!("`{kind}` is no kind of node")).allowed(kind, words))
            }
            _ => {
                let help = unknown.help.map(|h| format!("{h} ")).unwrap_or_default();
                let help = format!("{help}to make it, say its kind and a key, such as task:water-plants");
                Err(SayError { help: Some(help), ..unknown })
            }
        };
    };
    if kind.is_described() {
        let help = unknown.help.map(|h| format!("; {h}")).unwrap_or_default();
        let message = format!(
            "there is no {} `{key}`, and only the home folder or a wire makes one{help}",
            kind.name()
        );
        return Err(SayError::new(message));
    }
    if key.trim() != key || key.is_empty() || key.len() > LONGEST_KEY || key.chars().any(char::is_control) {
        let message = format!("`{}` is no key", key.escape_debug());
        return Err(
            SayError::new(message).help(format!("one has 1 to {LONGEST_KEY} bytes and no blanks around it"))
        );
    }
    let id = NodeId::derive(kind.name(), key);
    Ok(Node { id, kind, key: key.into(), name: key.to_owned(), props: BTreeMap::new(), detail: Vec::new() })
}

fn put_one(
    node: &mut Node,
    key: &str,
    given: Option<&Value>,
    since: Option<Timestamp>,
    here: Here<'_>,
) -> Result<(), SayError> {
    // What was so until some instant is written as it is told: in exports.
    if let Some((name, until)) = dated(key) {
        let at = when(until, here.zone).map(|s| s.from).and_then(instant_text);
        let at = at.ok_or_else(|| SayError::new(format!("`{until}` in `{key}` is no instant")))?;
        let found = match given {
            Some(Value::Text(text)) if text.is_empty() => Some(Value::text("")),
            Some(given) => Some(value(node.kind, name, given, here)?),
            None => None,
        };
        set(node, format!("{name}{UNTIL}{at}"), found);
        return Ok(());
    }
    let new = match given {
        Some(given) => Some(value(node.kind, key, given, here)?),
        // Whether it may be named at all.
        None if prop(node.kind, key).is_none_or(|p| p.made) && !node.props.contains_key(key) => {
            value(node.kind, key, &Value::text("-"), here)?;
            None
        }
        None => None,
    };
    let Some(since) = since else {
        set(node, key.to_owned(), new);
        return Ok(());
    };
    let text = instant_text(since).ok_or_else(|| SayError::new("that is too long ago, or too far"))?;
    let until = |k: &str| match dated(k) {
        Some((prop, until)) if prop == key => when(until, here.zone).map(|s| s.from),
        _ => None,
    };
    let next = node
        .props
        .keys()
        .filter_map(|k| until(k).map(|at| (at, k.clone())))
        .filter(|(at, _)| *at > since)
        .min();
    // The stretch in which it changed is split.
    let (whole, old) = match next {
        Some((_, next)) => (next.clone(), node.props.get(&next).cloned()),
        None => (key.to_owned(), node.props.get(key).cloned()),
    };
    let before = format!("{key}{UNTIL}{text}");
    node.props.entry(before).or_insert_with(|| old.unwrap_or_else(|| Value::text("")));
    let new = if whole == key { new } else { Some(new.unwrap_or_else(|| Value::text(""))) };
    set(node, whole, new);
    Ok(())
}

fn set(node: &mut Node, key: String, value: Option<Value>) {
    match value {
        Some(value) => node.props.insert(key, value),
        None => node.props.remove(&key),
    };
}

fn required(node: &Node) -> Result<(), SayError> {
    let props = descriptor(node.kind).map(|d| d.props).unwrap_or_default();
    let missing: Vec<&str> =
        props.iter().filter(|p| p.required && !node.props.contains_key(p.name)).map(|p| p.name).collect();
    match missing.as_slice() {
        [] => Ok(()),
        names => Err(SayError::new(format!("a {} needs {}", node.kind.name(), names.join(" and ")))),
    }
}

pub(super) fn remove(stage: &mut Stage, name: &str, out: &mut Outcome) -> Result<(), SayError> {
    let node = theirs(stage, name, "taken away")?;
    for edge in stage.edges_of(node.id)? {
        stage.link(edge, None);
    }
    stage.put(node.id, None);
    out.writes.push(Write::RemoveNode(node.id));
    out.change(node.id, Change::Removed { node: node.id, name: node.name });
    Ok(())
}

/// A node that people made.
fn theirs(stage: &Stage, name: &str, done: &str) -> Result<Node, SayError> {
    let node = stage.find(name)?;
    if node.kind.is_described() {
        let message = format!(
            "{} `{name}` stands in the home folder or on a wire: it cannot be {done} here",
            node.kind.name()
        );
        return Err(SayError::new(message));
    }
    Ok(node)
}

pub(super) fn merge(stage: &mut Stage, from: &str, into: &str, out: &mut Outcome) -> Result<(), SayError> {
    let from = theirs(stage, from, "merged into another")?;
    let into = stage.find(into)?;
    if from.id == into.id {
        return Err(SayError::new("both are the same already"));
    }
    let fits = from.kind == into.kind || (from.kind == NodeKind::Contact && into.kind == NodeKind::Person);
    if !fits {
        let message = format!("a {} cannot be merged into a {}", from.kind.name(), into.kind.name());
        return Err(SayError::new(message).help("both must be of one kind"));
    }
    for edge in stage.edges_of(from.id)? {
        let info = stage.edge(edge)?.unwrap_or_default();
        let turn = |id: NodeId| if id == from.id { into.id } else { id };
        let moved = Edge { from: turn(edge.from), kind: edge.kind, to: turn(edge.to) };
        stage.link(edge, None);
        out.writes.push(Write::RemoveEdge(edge));
        if moved.from != moved.to && stage.edge(moved)?.is_none() {
            stage.link(moved, Some(info.clone()));
            out.writes.push(Write::PutFact { edge: moved, info });
        }
    }
    let mut whole = into.clone();
    let mut set: BTreeMap<String, Option<Value>> = BTreeMap::new();
    for (key, value) in &from.props {
        let both = whole.props.get(key).cloned();
        let value = match (both, prop(into.kind, key).map(|p| p.of)) {
            (None, _) => value.clone(),
            (Some(Value::Text(own)), Some(PropType::Words)) => {
                let mut words: Vec<String> = format!("{own},{value}").split(',').map(str::to_owned).collect();
                words.sort_unstable();
                words.dedup();
                Value::text(words.join(","))
            }
            // What `into` says of itself counts.
            (Some(_), _) => continue,
        };
        whole.props.insert(key.clone(), value.clone());
        set.insert(key.clone(), Some(value));
    }
    let (id, kind, key) = (into.id, into.kind, into.key.clone());
    if !set.is_empty() {
        out.writes.push(Write::Amend { id, kind, key, name: None, set });
    }
    stage.put(id, Some(whole));
    stage.put(from.id, None);
    out.writes.push(Write::RemoveNode(from.id));
    out.change(id, Change::Merged { from: from.id, name: from.name, into: id });
    Ok(())
}
