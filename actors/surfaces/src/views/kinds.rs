//! The kinds that the life graph knows.

use lares_model::{EDGES, FEATURES, KindDescriptor, NodeKind, OwnProp, OwnType, kind_words};

use super::table::table;

/// All kinds with their features, and all kinds of edge, for programs.
pub fn kinds_json() -> serde_json::Value {
    let features: serde_json::Map<String, serde_json::Value> = FEATURES
        .iter()
        .map(|(name, kinds)| ((*name).to_owned(), serde_json::to_value(kinds).unwrap_or_default()))
        .collect();
    serde_json::json!({ "kinds": features, "edges": EDGES })
}

/// What the household declares itself, a line each; of one kind or of all.
pub fn own_text(own: &[OwnProp], kind: Option<NodeKind>) -> String {
    let fits = |p: &&OwnProp| p.kinds.is_empty() || kind.is_none_or(|k| p.kinds.contains(&k));
    let row = |p: &OwnProp| {
        let kinds: Vec<&str> = p.kinds.iter().map(|k| k.name()).collect();
        let of = if kinds.is_empty() { "any".to_owned() } else { kinds.join(", ") };
        vec![p.name.clone(), own_type(p), of, p.says.clone()]
    };
    table(&own.iter().filter(fits).map(row).collect::<Vec<_>>())
}

fn own_type(prop: &OwnProp) -> String {
    let unit = prop.unit.as_deref().map(|u| format!(" in {u}")).unwrap_or_default();
    match &prop.of {
        OwnType::Text => "text".to_owned(),
        OwnType::Number { .. } => format!("number{unit}"),
        OwnType::Bool => "yes or no".to_owned(),
        OwnType::When => "time".to_owned(),
        OwnType::Choice(words) => words.join(" | "),
        OwnType::Words => "words".to_owned(),
    }
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
