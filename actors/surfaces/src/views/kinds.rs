//! The kinds that the life graph knows.

use lares_model::{EDGES, FEATURES, KindDescriptor, kind_words};

use super::table::table;

/// All kinds with their features, and all kinds of edge, for programs.
pub fn kinds_json() -> serde_json::Value {
    let features: serde_json::Map<String, serde_json::Value> = FEATURES
        .iter()
        .map(|(name, kinds)| ((*name).to_owned(), serde_json::to_value(kinds).unwrap_or_default()))
        .collect();
    serde_json::json!({ "kinds": features, "edges": EDGES })
}

pub fn kinds_text() -> String {
    let kinds = FEATURES.iter().flat_map(|(feature, all)| {
        all.iter().map(|d| vec![d.kind.name().to_owned(), (*feature).to_owned(), d.says.to_owned()])
    });
    let edges =
        EDGES.iter().map(|e| vec![e.kind.name().to_owned(), e.kind.inverse().to_owned(), e.says.to_owned()]);
    format!("{}\n{}", table(&kinds.collect::<Vec<_>>()), table(&edges.collect::<Vec<_>>()))
}

pub fn kind_text(descriptor: &KindDescriptor) -> String {
    let rows: Vec<Vec<String>> = kind_words(descriptor).into_iter().map(|row| row.to_vec()).collect();
    format!("{}: {}\n{}", descriptor.kind.name(), descriptor.says, table(&rows))
}
