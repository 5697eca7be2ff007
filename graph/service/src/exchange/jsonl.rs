//! JSON Lines: an object a line, first the nodes, then the edges. Nothing is lost in it, so it is the way from one household to another.

use std::collections::BTreeMap;

use lares_model::{Node, NodeKind, Placed, Span, Statement, Timestamp, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::names::{Names, put};
use super::{Content, Given, Refused};
use crate::ask::instant_text;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeLine {
    node: String,
    name: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    props: BTreeMap<String, Json>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EdgeLine {
    edge: String,
    from: String,
    to: String,
    /// Pairs of instants; null is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    valid: Vec<(Option<String>, Option<String>)>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    props: BTreeMap<String, Json>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Node(NodeLine),
    Edge(EdgeLine),
}

pub(super) fn json(value: &Value) -> Json {
    match value {
        Value::Bool(b) => (*b).into(),
        Value::Number(n) => serde_json::Number::from_f64(*n).map_or(Json::Null, Json::Number),
        Value::Text(t) => (&**t).into(),
        rgb @ Value::Rgb(..) => rgb.to_string().into(),
    }
}

/// None for what no property can be.
pub(super) fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Number(n.as_f64()?),
        Json::String(t) => Value::text(t.as_str()),
        _ => return None,
    })
}

pub(super) fn spans(valid: &[Span]) -> Vec<(Option<String>, Option<String>)> {
    let text = |at: Option<Timestamp>| at.and_then(instant_text);
    valid.iter().map(|span| (text(span.from), text(span.to))).collect()
}

pub(super) fn write(content: &Content) -> String {
    let names = Names::new(content);
    let mut out = String::new();
    let mut line = |json: Result<String, serde_json::Error>| {
        out.push_str(&json.unwrap_or_default());
        out.push('\n');
    };
    let props = |all: &BTreeMap<String, Value>| all.iter().map(|(k, v)| (k.clone(), json(v))).collect();
    for node in &content.nodes {
        let Node { name, props: own, .. } = node;
        line(serde_json::to_string(&NodeLine {
            node: super::names::name(node),
            name: name.clone(),
            props: props(own),
        }));
    }
    for (edge, info) in &content.edges {
        let Some((from, to)) = names.ends(edge) else { continue };
        line(serde_json::to_string(&EdgeLine {
            edge: edge.kind.name().to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            valid: spans(&info.valid),
            props: props(&info.props),
        }));
    }
    out
}

pub(super) fn read(file: &Given) -> Result<Vec<Placed>, Refused> {
    let mut all = Vec::new();
    for (n, text) in file.text()?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let refused = |reason: String| file.refused(n + 1, reason);
        let line: Line = serde_json::from_str(text).map_err(|e| {
            // What a line was meant to be is told by its first key.
            let reason = match serde_json::from_str::<Json>(text) {
                Err(e) => format!("it is no JSON: {e}"),
                Ok(json) if json.get("node").is_some() => wrong::<NodeLine>(json),
                Ok(json) if json.get("edge").is_some() => wrong::<EdgeLine>(json),
                Ok(_) => format!("it is neither a node nor an edge ({e})"),
            };
            refused(reason)
        })?;
        let at = || file.at(n + 1);
        match line {
            Line::Node(NodeLine { node, name, props }) => {
                let Some((kind, key)) =
                    node.split_once(':').and_then(|(k, key)| Some((NodeKind::parse(k)?, key)))
                else {
                    return Err(refused(format!(
                        "`{node}` is no node: it is named by its kind and key, as in task:dough"
                    )));
                };
                let props = values(props).map_err(refused)?;
                all.push(Placed { at: at(), what: put(kind, key, &name, props) });
            }
            Line::Edge(EdgeLine { edge, from, to, valid, props }) => {
                let props: BTreeMap<String, Value> = values(props).map_err(refused)?;
                all.extend(links((&from, &edge, &to), &valid, &props, &at()));
            }
        }
    }
    Ok(all)
}

fn wrong<T: for<'de> Deserialize<'de>>(json: Json) -> String {
    serde_json::from_value::<T>(json).err().map(|e| e.to_string()).unwrap_or_default()
}

pub(super) fn values(props: BTreeMap<String, Json>) -> Result<BTreeMap<String, Value>, String> {
    let one = |(key, json): (String, Json)| match value(&json) {
        Some(value) => Ok((key, value)),
        None => Err(format!("`{key}` is {json}, and a property is a text, a number, true or false")),
    };
    props.into_iter().map(one).collect()
}

/// A statement for each time in which an edge was so.
pub(super) fn links(
    (from, edge, to): (&str, &str, &str),
    valid: &[(Option<String>, Option<String>)],
    props: &BTreeMap<String, Value>,
    at: &Option<String>,
) -> Vec<Placed> {
    let always = [(None, None)];
    let times = if valid.is_empty() { &always[..] } else { valid };
    let link = |(since, until): &(Option<String>, Option<String>)| Placed {
        at: at.clone(),
        what: Statement::Link {
            from: from.to_owned(),
            edge: edge.to_owned(),
            to: to.to_owned(),
            since: since.clone(),
            until: until.clone(),
            set: props.clone(),
        },
    };
    times.iter().map(link).collect()
}
