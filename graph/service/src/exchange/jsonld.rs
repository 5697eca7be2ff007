//! JSON-LD: types and properties of schema.org where they fit, our own words beside them.

use std::collections::BTreeMap;

use lares_model::{EdgeInfo, EdgeKind, Node, NodeKind, Placed, Value, descriptor};
use serde_json::{Map, Value as Json, json};

use super::jsonl::{json as plain, links, spans, value, values};
use super::names::{Names, name, put};
use super::{Content, Given, Refused};

/// Our words; nothing is fetched from there.
const OURS: &str = "urn:lares:word:";
const NODES: &str = "urn:lares:node:";

/// Properties that schema.org has a word for.
const WORDS: &[(&str, &str)] = &[
    ("description", "description"),
    ("url", "url"),
    ("email", "email"),
    ("phone", "telephone"),
    ("birthday", "birthDate"),
    ("start", "startDate"),
    ("end", "endDate"),
    ("barcode", "gtin"),
    ("serial", "serialNumber"),
    ("iban", "accountId"),
    ("body", "text"),
    ("nickname", "alternateName"),
];

/// `urn:lares:node:task:water%20plants`.
fn iri(name: &str) -> String {
    let mut out = NODES.to_owned();
    for b in name.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' => out.push(b as char),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

fn from_iri(iri: &str) -> Option<String> {
    let (mut out, mut rest) = (Vec::new(), iri.strip_prefix(NODES)?.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let hex = std::str::from_utf8(after.get(..2)?).ok()?;
            out.push(u8::from_str_radix(hex, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            out.push(*first);
            rest = after;
        }
    }
    String::from_utf8(out).ok()
}

pub(super) fn write(content: &Content) -> String {
    let names = Names::new(content);
    let mut edges: BTreeMap<&str, BTreeMap<String, Vec<Json>>> = BTreeMap::new();
    let mut facts = Vec::new();
    for (edge, info) in &content.edges {
        let Some((from, to)) = names.ends(edge) else { continue };
        let word = format!("l:{}", edge.kind.name());
        edges.entry(from).or_default().entry(word).or_default().push(json!({ "@id": iri(to) }));
        if !info.is_empty() {
            facts.push(fact(edge.kind, from, to, info));
        }
    }
    let node = |node: &Node| {
        let own = name(node);
        let mut all = Map::new();
        all.insert("@id".into(), iri(&own).into());
        let schema = descriptor(node.kind).and_then(|d| d.schema_org);
        let types: Vec<String> =
            schema.map(str::to_owned).into_iter().chain([format!("l:{}", node.kind.name())]).collect();
        all.insert("@type".into(), types.into());
        all.insert("name".into(), node.name.as_str().into());
        for (key, value) in &node.props {
            let word = WORDS.iter().find(|(ours, _)| ours == key).map(|(_, theirs)| (*theirs).to_owned());
            all.insert(word.unwrap_or_else(|| format!("l:{key}")), plain(value));
        }
        all.extend(
            edges.remove(own.as_str()).into_iter().flatten().map(|(word, ends)| (word, Json::Array(ends))),
        );
        Json::Object(all)
    };
    let nodes: Vec<Json> = content.nodes.iter().map(node).collect();
    let all: Vec<Json> = nodes.into_iter().chain(facts).collect();
    let context = json!({ "@vocab": "https://schema.org/", "l": OURS });
    format!("{:#}\n", json!({ "@context": context, "@graph": all }))
}

/// What an edge says is a node of its own, as RDF has it.
fn fact(kind: EdgeKind, from: &str, to: &str, info: &EdgeInfo) -> Json {
    let mut all = Map::new();
    all.insert("@type".into(), "l:Fact".into());
    all.insert("l:from".into(), json!({ "@id": iri(from) }));
    all.insert("l:edge".into(), kind.name().into());
    all.insert("l:to".into(), json!({ "@id": iri(to) }));
    // A list of pairs is no RDF: the text of one is.
    all.insert("l:valid".into(), serde_json::to_string(&spans(&info.valid)).unwrap_or_default().into());
    for (key, value) in &info.props {
        all.insert(format!("l:says_{key}"), plain(value));
    }
    Json::Object(all)
}

pub(super) fn read(file: &Given) -> Result<Vec<Placed>, Refused> {
    let text = file.text()?;
    let refused = |line: usize, reason: String| file.refused(line, reason);
    let json: Json =
        serde_json::from_str(text).map_err(|e| refused(e.line(), format!("it is no JSON: {e}")))?;
    let graph = json.get("@graph").and_then(Json::as_array);
    let graph = graph.ok_or_else(|| refused(1, "it has no `@graph`".to_owned()))?;
    if json.pointer("/@context/l").and_then(Json::as_str) != Some(OURS) {
        return Err(refused(
            1,
            format!("its context has no `l` that is `{OURS}`: it was not written by Lares"),
        ));
    }
    // JSON keeps no lines: where an id stands, its node does.
    let line = |id: &str| {
        text.find(&Json::from(id).to_string())
            .map_or(1, |at| text.get(..at).unwrap_or_default().matches('\n').count() + 1)
    };
    let (mut nodes, mut facts): (Vec<Placed>, Vec<&Json>) = Default::default();
    let mut edges: Vec<(String, String, String)> = Vec::new();
    for object in graph {
        let types = object.get("@type");
        let is = |word: &str| match types {
            Some(Json::String(t)) => t == word,
            Some(Json::Array(all)) => all.iter().any(|t| t == word),
            _ => false,
        };
        if is("l:Fact") {
            facts.push(object);
            continue;
        }
        let id = object.get("@id").and_then(Json::as_str).unwrap_or_default();
        let here = line(id);
        let own = from_iri(id)
            .ok_or_else(|| refused(here, format!("`{id}` is no node: its id begins with {NODES}")))?;
        let Some((kind, key)) = own.split_once(':').and_then(|(k, key)| Some((NodeKind::parse(k)?, key)))
        else {
            return Err(refused(
                here,
                format!("`{own}` is no node: it is a kind and a key, as in task:dough"),
            ));
        };
        let (mut label, mut props) = (key.to_owned(), BTreeMap::<String, Value>::new());
        for (word, json) in object.as_object().into_iter().flatten() {
            let ours = WORDS.iter().find(|(_, theirs)| theirs == word).map(|(ours, _)| *ours);
            match (word.as_str(), json) {
                ("@id" | "@type", _) => {}
                ("name", Json::String(name)) => label.clone_from(name),
                (word, Json::Array(ends)) => {
                    let edge = word.strip_prefix("l:").unwrap_or(word);
                    for end in ends {
                        let to = end.get("@id").and_then(Json::as_str).and_then(from_iri);
                        let to = to.ok_or_else(|| {
                            refused(here, format!("`{word}` leads to {end}, and that is no node"))
                        })?;
                        edges.push((own.clone(), edge.to_owned(), to));
                    }
                }
                (word, json) => {
                    let ours = ours.or_else(|| word.strip_prefix("l:"));
                    let ours = ours.ok_or_else(|| refused(here, format!("`{word}` means nothing here")))?;
                    let found = value(json).ok_or_else(|| {
                        refused(
                            here,
                            format!("`{word}` is {json}, and a property is a text, a number, true or false"),
                        )
                    })?;
                    props.insert(ours.to_owned(), found);
                }
            }
        }
        nodes.push(Placed { at: file.at(here), what: put(kind, key, &label, props) });
    }
    for object in facts {
        let end =
            |word: &str| object.pointer(&format!("/l:{word}/@id")).and_then(Json::as_str).and_then(from_iri);
        let edge = object.get("l:edge").and_then(Json::as_str);
        let (Some(from), Some(edge), Some(to)) = (end("from"), edge, end("to")) else {
            return Err(refused(1, format!("a fact does not say what it is about: {object}")));
        };
        let here = line(&iri(&from));
        let valid = object.get("l:valid").and_then(Json::as_str).unwrap_or("[]");
        let valid: Vec<(Option<String>, Option<String>)> =
            serde_json::from_str(valid).map_err(|e| refused(here, format!("the times of a fact: {e}")))?;
        let says = object.as_object().into_iter().flatten();
        let says =
            says.filter_map(|(k, v)| Some((k.strip_prefix("l:says_")?.to_owned(), v.clone()))).collect();
        let props = values(says).map_err(|e| refused(here, e))?;
        edges.retain(|known| *known != (from.clone(), edge.to_owned(), to.clone()));
        nodes.extend(links((&from, edge, &to), &valid, &props, &file.at(here)));
    }
    for (from, edge, to) in edges {
        nodes.extend(links((&from, &edge, &to), &[], &BTreeMap::new(), &file.at(line(&iri(&from)))));
    }
    Ok(nodes)
}
