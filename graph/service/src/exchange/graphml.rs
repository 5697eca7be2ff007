//! GraphML, for programs that draw and measure graphs.

use std::collections::BTreeMap;
use std::fmt::Write;

use lares_model::{Node, NodeKind, Placed, Value};
use roxmltree::{Document, Node as Xml};

use super::jsonl::{links, spans};
use super::names::{Names, name, put};
use super::{Content, Given, Refused};

const NAMESPACE: &str = "http://graphml.graphdrawing.org/xmlns";

fn typed(value: &Value) -> (&'static str, String) {
    match value {
        Value::Bool(b) => ("boolean", b.to_string()),
        Value::Number(n) => ("double", n.to_string()),
        Value::Text(t) => ("string", t.to_string()),
        rgb @ Value::Rgb(..) => ("string", rgb.to_string()),
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Readers turn these into other blanks.
            '\r' | '\n' | '\t' => out.push_str(&format!("&#{};", c as u32)),
            // Not of XML 1.0; no property has one.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Attributes of nodes and edges, each name and type with an id.
#[derive(Default)]
struct Keys(BTreeMap<(&'static str, String, &'static str), usize>);

impl Keys {
    fn of(&mut self, domain: &'static str, name: &str, of: &'static str) -> usize {
        let next = self.0.len();
        *self.0.entry((domain, name.to_owned(), of)).or_insert(next)
    }
}

pub(super) fn write(content: &Content) -> String {
    let (mut keys, mut body) = (Keys::default(), String::new());
    let names = Names::new(content);
    let mut data = |out: &mut String, domain, name: &str, of, text: &str| {
        let id = keys.of(domain, name, of);
        let _ = writeln!(out, "      <data key=\"k{id}\">{}</data>", escape(text));
    };
    for node in &content.nodes {
        let Node { name: label, kind, props, .. } = node;
        let _ = writeln!(body, "    <node id=\"{}\">", escape(&name(node)));
        data(&mut body, "node", "kind", "string", kind.name());
        data(&mut body, "node", "label", "string", label);
        for (key, value) in props {
            let (of, text) = typed(value);
            data(&mut body, "node", key, of, &text);
        }
        body.push_str("    </node>\n");
    }
    for (edge, info) in &content.edges {
        let Some((from, to)) = names.ends(edge) else { continue };
        let _ = writeln!(body, "    <edge source=\"{}\" target=\"{}\">", escape(from), escape(to));
        data(&mut body, "edge", "kind", "string", edge.kind.name());
        if !info.valid.is_empty() {
            let json = serde_json::to_string(&spans(&info.valid)).unwrap_or_default();
            data(&mut body, "edge", "valid", "string", &json);
        }
        for (key, value) in &info.props {
            let (of, text) = typed(value);
            data(&mut body, "edge", key, of, &text);
        }
        body.push_str("    </edge>\n");
    }
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"{NAMESPACE}\">\n");
    for ((domain, name, of), id) in &keys.0 {
        let name = escape(name);
        let _ =
            writeln!(out, "  <key id=\"k{id}\" for=\"{domain}\" attr.name=\"{name}\" attr.type=\"{of}\"/>");
    }
    let _ = write!(out, "  <graph id=\"home\" edgedefault=\"directed\">\n{body}  </graph>\n</graphml>\n");
    out
}

pub(super) fn read(file: &Given) -> Result<Vec<Placed>, Refused> {
    let text = file.text()?;
    let document = Document::parse(text)
        .map_err(|e| file.refused(e.pos().row as usize, format!("it is no XML: {e}")))?;
    let line = |node: Xml<'_, '_>| document.text_pos_at(node.range().start).row as usize;
    let refused = |node: Xml<'_, '_>, reason: String| file.refused(line(node), reason);
    let root = document.root_element();
    if root.tag_name().name() != "graphml" {
        return Err(refused(root, format!("it is `{}`, and no graphml", root.tag_name().name())));
    }
    let mut keys: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for key in root.children().filter(|n| n.has_tag_name((NAMESPACE, "key")) || n.has_tag_name("key")) {
        let of = key.attribute("attr.type").unwrap_or("string");
        if let (Some(id), Some(name)) = (key.attribute("id"), key.attribute("attr.name")) {
            keys.insert(id, (name, of));
        }
    }
    let data = |of: Xml<'_, '_>| -> Result<BTreeMap<String, Value>, Refused> {
        let mut all = BTreeMap::new();
        for data in of.children().filter(|n| n.tag_name().name() == "data") {
            let id = data.attribute("key").unwrap_or_default();
            let (name, of) =
                *keys.get(id).ok_or_else(|| refused(data, format!("key `{id}` is not declared")))?;
            let text = data.text().unwrap_or_default();
            let wrong = || refused(data, format!("`{text}` is no {of}"));
            let value = match of {
                "boolean" => Value::Bool(text.trim().parse().map_err(|_| wrong())?),
                "int" | "long" | "float" | "double" => {
                    Value::Number(text.trim().parse().ok().filter(|n: &f64| n.is_finite()).ok_or_else(wrong)?)
                }
                _ => Value::text(text),
            };
            all.insert(name.to_owned(), value);
        }
        Ok(all)
    };
    let mut all = Vec::new();
    for node in root.descendants().filter(|n| n.tag_name().name() == "node") {
        let id = node.attribute("id").unwrap_or_default();
        let Some((kind, key)) = id.split_once(':').and_then(|(k, key)| Some((NodeKind::parse(k)?, key)))
        else {
            return Err(refused(
                node,
                format!("`{id}` is no node: it is named by its kind and key, as in task:dough"),
            ));
        };
        let mut props = data(node)?;
        props.remove("kind");
        let label = props.remove("label").map_or_else(|| key.to_owned(), |l| l.to_string());
        all.push(Placed { at: file.at(line(node)), what: put(kind, key, &label, props) });
    }
    for edge in root.descendants().filter(|n| n.tag_name().name() == "edge") {
        let end =
            |name: &str| edge.attribute(name).ok_or_else(|| refused(edge, format!("an edge has no {name}")));
        let (from, to) = (end("source")?, end("target")?);
        let mut props = data(edge)?;
        let Some(kind) = props.remove("kind") else {
            return Err(refused(edge, "an edge has no kind".to_owned()));
        };
        let valid = match props.remove("valid") {
            Some(json) => serde_json::from_str(&json.to_string())
                .map_err(|e| refused(edge, format!("its times: {e}")))?,
            None => Vec::new(),
        };
        all.extend(links((from, &kind.to_string(), to), &valid, &props, &file.at(line(edge))));
    }
    Ok(all)
}
