//! How a node and its edges came to be as they are: every change with its event and who said so.

use std::collections::BTreeMap;

use lares_graph::ask::instant_text;
use lares_model::{EdgeInfo, EventId, Node, NodeId, Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    Moment, Names, ReadError, Source, Telling, sentence::sentence, table::plain, teller::origin_words,
    value_json,
};

/// The changes of a node, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryView {
    #[serde(rename = "ref")]
    pub reference: String,
    pub id: String,
    pub changes: Vec<ChangeView>,
}

/// What one event changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeView {
    pub event: String,
    /// When we learned of it; none if the journal has the event no more.
    pub at: Option<Moment>,
    /// Who or what said so.
    pub origin: Option<String>,
    /// What happened, in one line.
    pub what: Option<String>,
    /// In words: `room: "hall" -> "kitchen"`, `-> located_in kitchen`.
    pub changes: Vec<String>,
}

/// A node's id as it is printed: sixteen digits.
pub fn node_id(text: &str) -> Option<NodeId> {
    if text.len() == 16 { u64::from_str_radix(text, 16).ok().map(NodeId) } else { None }
}

/// The history of a node.
pub fn history(source: &dyn Source, names: &Names, id: NodeId) -> Result<HistoryView, ReadError> {
    let mut changes: BTreeMap<EventId, Vec<String>> = BTreeMap::new();
    let mut before: Option<Node> = None;
    for event in source.node_versions(id)? {
        let now = source.node_as_of(id, event)?;
        changes.entry(event).or_default().extend(differences(before.as_ref(), now.as_ref()));
        before = now;
    }
    for change in source.edge_changes(id)? {
        let edge = change.edge;
        let words = match edge.from == id {
            true => format!("-> {} {}", edge.kind.name(), names.of(edge.to)),
            false => format!("<- {} {}", edge.kind.inverse(), names.of(edge.from)),
        };
        let words = match &change.info {
            None => format!("no more {words}"),
            Some(info) => format!("{words}{}", info_words(info)),
        };
        changes.entry(change.event).or_default().push(words);
    }
    let mut view = HistoryView { reference: names.of(id), id: id.to_string(), changes: Vec::new() };
    for (event, changes) in changes {
        let entry = source.event(event)?.map(|stored| stored.event);
        view.changes.push(ChangeView {
            event: event.to_string(),
            at: entry.as_ref().map(|e| Moment(e.seen)),
            origin: entry.as_ref().map(|e| origin_words(&e.origin)),
            what: entry.as_ref().map(|e| sentence(names, e)),
            changes,
        });
    }
    Ok(view)
}

/// When it was so, and what else it says: ` (from 2026-05-01T00:00:00Z; role: guest)`.
pub(super) fn info_words(info: &EdgeInfo) -> String {
    let at = |at: Option<Timestamp>| at.and_then(instant_text);
    let span = |span: &Span| match (at(span.from), at(span.to)) {
        (Some(from), Some(to)) => format!("from {from} until {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "always".to_owned(),
    };
    let mut all: Vec<String> = info.valid.iter().map(span).collect();
    all.extend(info.props.iter().map(|(k, v)| format!("{k}: {v}")));
    if all.is_empty() { String::new() } else { format!(" ({})", all.join("; ")) }
}

fn differences(before: Option<&Node>, now: Option<&Node>) -> Vec<String> {
    let (before, now) = match (before, now) {
        (_, None) => return vec!["removed".to_owned()],
        (None, Some(now)) => {
            let mut all = vec![format!("new {}, name {:?}", now.kind.name(), now.name)];
            all.extend(now.props.iter().map(|(key, v)| format!("{key}: {}", value_json(Some(v)))));
            return all;
        }
        (Some(before), Some(now)) => (before, now),
    };
    let mut all = Vec::new();
    if before.name != now.name {
        all.push(format!("name: {:?} -> {:?}", before.name, now.name));
    }
    let keys = before.props.keys().chain(now.props.keys().filter(|k| !before.props.contains_key(*k)));
    for key in keys {
        let of = |node: &Node| node.props.get(key).map(|v| value_json(Some(v)).to_string());
        match (of(before), of(now)) {
            (a, b) if a == b => {}
            (Some(a), Some(b)) => all.push(format!("{key}: {a} -> {b}")),
            (None, Some(b)) => all.push(format!("{key}: {b}")),
            (a, _) => all.push(format!("{key}: {} -> none", a.unwrap_or_default())),
        }
    }
    if before.detail != now.detail {
        all.push("what it announced of itself changed".to_owned());
    }
    all
}

pub fn history_text(view: &HistoryView, told: &Telling) -> String {
    let mut out = format!("{} ({})\n", plain(&view.reference), view.id);
    for change in &view.changes {
        let when = change.at.map(|at| told.clock(at.0)).unwrap_or_else(|| "(not in the journal)".to_owned());
        let who = change.origin.as_deref().map(|o| format!("  by {o}")).unwrap_or_default();
        let what = change.what.as_deref().map(|w| format!(": {w}")).unwrap_or_default();
        out.push_str(&format!("{when}  {}{}{}\n", change.event, plain(&who), plain(&what)));
        for line in &change.changes {
            out.push_str(&format!("    {}\n", plain(line)));
        }
    }
    out
}
