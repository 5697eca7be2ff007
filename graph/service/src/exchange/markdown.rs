//! A folder of Markdown notes with front matter, as Obsidian reads it: a note a node, `KIND/KEY.md`, its edges as links between notes.
//!
//! Values are written as JSON, which YAML contains: quotes and line ends need no thought.

use std::collections::BTreeMap;

use lares_model::{EdgeInfo, EdgeKind, Node, NodeKind, Placed, Value};
use serde_json::Value as Json;

use super::jsonl::{json, links, spans, value};
use super::names::{name, put};
use super::{Content, File, Given, Refused, Written};

/// The property that is the text of the note.
fn body_prop(kind: NodeKind) -> &'static str {
    if matches!(kind, NodeKind::Note | NodeKind::Document) { "body" } else { "description" }
}

/// `task/water-plants`: letters that files or links cannot have are written as `%` and two digits.
fn path(node: &Node) -> String {
    let mut out = format!("{}/", node.kind.name());
    for c in node.key.chars() {
        let fits = c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '@' | '+' | ',' | '(' | ')');
        match c {
            '.' if !out.ends_with('/') => out.push('.'),
            c if fits => out.push(c),
            c => {
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|b| out.push_str(&format!("%{b:02X}")));
            }
        }
    }
    out
}

pub(super) fn write(content: &Content) -> Written {
    let paths: BTreeMap<_, _> = content.nodes.iter().map(|n| (n.id, path(n))).collect();
    let mut edges: BTreeMap<_, BTreeMap<&str, Vec<Json>>> = BTreeMap::new();
    let mut facts: BTreeMap<_, Vec<Json>> = BTreeMap::new();
    for (edge, info) in &content.edges {
        let (Some(_), Some(to)) = (paths.get(&edge.from), paths.get(&edge.to)) else { continue };
        let link = Json::from(format!("[[{to}]]"));
        if info.is_empty() {
            edges.entry(edge.from).or_default().entry(edge.kind.name()).or_default().push(link);
        } else {
            facts.entry(edge.from).or_default().push(fact(edge.kind, link, info));
        }
    }
    let file = |node: &Node| {
        let body = body_prop(node.kind);
        let mut text = String::from("---\n");
        let mut line = |key: &str, json: &Json| text.push_str(&format!("{}: {json}\n", quoted(key)));
        line("lares", &name(node).into());
        line("title", &node.name.as_str().into());
        for (key, value) in node.props.iter().filter(|(k, _)| *k != body) {
            match (key.as_str(), value) {
                // What Obsidian searches by.
                ("labels", Value::Text(words)) => line("tags", &words.split(',').map(Json::from).collect()),
                _ => line(key, &json(value)),
            }
        }
        for (kind, links) in edges.get(&node.id).into_iter().flatten() {
            line(&format!("{kind} →"), &Json::Array(links.clone()));
        }
        if let Some(facts) = facts.get(&node.id) {
            line("facts →", &Json::Array(facts.clone()));
        }
        text.push_str("---\n");
        if let Some(Value::Text(body)) = node.props.get(body) {
            text.push_str(body);
            text.push('\n');
        }
        File { name: format!("{}.md", path(node)), text }
    };
    Written { files: content.nodes.iter().map(file).collect(), left_out: Vec::new() }
}

fn quoted(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { key.to_owned() } else { Json::from(key).to_string() }
}

fn fact(kind: EdgeKind, to: Json, info: &EdgeInfo) -> Json {
    let props: serde_json::Map<String, Json> = info.props.iter().map(|(k, v)| (k.clone(), json(v))).collect();
    serde_json::json!({ "edge": kind.name(), "to": to, "valid": spans(&info.valid), "props": props })
}

pub(super) fn read(files: &[Given]) -> Result<Vec<Placed>, Refused> {
    let mut notes = Vec::new();
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    for file in files {
        let (front, body, begin) = parts(file)?;
        let refused = |reason: String| file.refused(2, reason);
        let front: BTreeMap<String, Json> = if front.trim().is_empty() {
            BTreeMap::new()
        } else {
            serde_saphyr::from_str(front).map_err(|e| {
                let line = e.location().map_or(2, |l| l.line() as usize + 1);
                file.refused(
                    line,
                    format!(
                        "its front matter is no YAML: {}",
                        e.to_string().lines().next().unwrap_or_default()
                    ),
                )
            })?
        };
        // A note that was written elsewhere is a note.
        let stem = file.name.trim_end_matches(".md").replace('\\', "/");
        let node = match front.get("lares") {
            Some(Json::String(node)) => node.clone(),
            Some(other) => {
                return Err(refused(format!(
                    "`lares` is {other}, and it is a kind and a key, as in task:dough"
                )));
            }
            None => format!("note:{stem}"),
        };
        targets.insert(stem.clone(), node.clone());
        notes.push((file, front, body, begin, node, stem));
    }
    let mut all = Vec::new();
    for (file, front, body, _, node, stem) in notes {
        let refused = |reason: String| file.refused(2, reason);
        let Some((kind, key)) = node.split_once(':').and_then(|(k, key)| Some((NodeKind::parse(k)?, key)))
        else {
            return Err(refused(format!("`{node}` is no node: it is a kind and a key, as in task:dough")));
        };
        let title = stem.rsplit('/').next().unwrap_or(&stem);
        let (mut name, mut props) = (title.to_owned(), BTreeMap::<String, Value>::new());
        for (key, json) in front {
            match (key.as_str(), json) {
                ("lares", _) => {}
                ("title", Json::String(title)) => name = title,
                ("tags", Json::Array(words)) => {
                    let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
                    if !words.is_empty() {
                        props.insert("labels".into(), Value::text(words.join(",")));
                    }
                }
                ("tags", Json::String(words)) => {
                    drop(props.insert("labels".into(), Value::text(words.replace(' ', ","))))
                }
                ("facts →", Json::Array(facts)) => {
                    for fact in &facts {
                        all.extend(read_fact(file, &node, fact, &targets).map_err(refused)?);
                    }
                }
                (edge, Json::Array(tos)) if edge.ends_with(" →") => {
                    let edge = edge.trim_end_matches(" →");
                    for to in &tos {
                        let to = target(to, &targets).map_err(refused)?;
                        all.extend(links((&node, edge, &to), &[], &BTreeMap::new(), &file.at(2)));
                    }
                }
                (_, Json::Null) => {}
                (own, json) => {
                    let found = value(&json);
                    let found = found.ok_or_else(|| {
                        refused(format!(
                            "`{own}` is {json}, and a property is a text, a number, true or false"
                        ))
                    })?;
                    // Fields of notes that were written elsewhere are a person's own.
                    let known =
                        lares_model::prop(kind, lares_model::dated(own).map_or(own, |(p, _)| p)).is_some();
                    let own = if known || own.starts_with(lares_model::OWN_PREFIX) {
                        own.to_owned()
                    } else {
                        let word: String =
                            own.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
                        format!("{}{word}", lares_model::OWN_PREFIX)
                    };
                    props.insert(own, found);
                }
            }
        }
        if !body.trim().is_empty() {
            props.insert(body_prop(kind).to_owned(), Value::text(body));
        }
        all.push(Placed { at: file.at(1), what: put(kind, key, &name, props) });
    }
    Ok(all)
}

/// Front matter, text, and the line at which that begins.
fn parts(file: &Given) -> Result<(&str, &str, usize), Refused> {
    let text = file.text()?;
    let Some(rest) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else {
        return Ok(("", text.strip_suffix('\n').unwrap_or(text), 1));
    };
    let mut at = 0;
    for (n, line) in rest.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" {
            let body = rest.get(at + line.len()..).unwrap_or_default();
            return Ok((rest.get(..at).unwrap_or_default(), body.strip_suffix('\n').unwrap_or(body), n + 3));
        }
        at += line.len();
    }
    Err(file.refused(1, "its front matter begins and does not end"))
}

fn target(to: &Json, targets: &BTreeMap<String, String>) -> Result<String, String> {
    let text = to.as_str().ok_or_else(|| format!("{to} is no link"))?;
    let inner = text.trim().strip_prefix("[[").and_then(|t| t.strip_suffix("]]"));
    let inner = inner.ok_or_else(|| format!("`{text}` is no link: one looks like [[task/dough]]"))?;
    let path = inner.split(['|', '#']).next().unwrap_or(inner);
    // What is not in the folder may be in the household.
    Ok(targets.get(path).cloned().unwrap_or_else(|| path.replacen('/', ":", 1)))
}

fn read_fact(
    file: &Given,
    from: &str,
    fact: &Json,
    targets: &BTreeMap<String, String>,
) -> Result<Vec<Placed>, String> {
    let edge = fact.get("edge").and_then(Json::as_str).ok_or("a fact names no edge")?;
    let to = target(fact.get("to").unwrap_or(&Json::Null), targets)?;
    let valid = serde_json::from_value(fact.get("valid").cloned().unwrap_or_default());
    let valid: Vec<(Option<String>, Option<String>)> =
        valid.map_err(|e| format!("the times of a fact: {e}"))?;
    let props = fact.get("props").and_then(Json::as_object).cloned().unwrap_or_default();
    let props = super::jsonl::values(props.into_iter().collect())?;
    Ok(links((from, edge, &to), &valid, &props, &file.at(2)))
}
