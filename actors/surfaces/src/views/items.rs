//! What stands on a list: tasks of the life graph that bear its label.

use lares_model::NodeKind;

use super::{ReadError, Source};
use crate::voice::Item;

/// Label of a project that is a list: what stands on it are tasks with its key as their label.
const LIST: &str = "list";

/// Lists that people made, by their keys, with their names.
pub fn lists(source: &dyn Source) -> Result<Vec<(String, String)>, ReadError> {
    let labels = |node: &lares_model::Node| {
        node.props.get("labels").and_then(|v| v.as_text()).map(str::to_owned).unwrap_or_default()
    };
    let is_list = |node: &lares_model::Node| labels(node).split(',').any(|one| one.trim() == LIST);
    let all = source.nodes(NodeKind::Project)?.into_iter().filter(is_list);
    Ok(all.map(|node| (node.key.to_string(), node.name)).collect())
}

/// The tasks with a label, by name.
pub fn items(source: &dyn Source, label: &str) -> Result<Vec<Item>, ReadError> {
    let text = |node: &lares_model::Node, key: &str| {
        node.props.get(key).and_then(|v| v.as_text()).map(str::to_owned)
    };
    let of = |node: lares_model::Node| {
        let labels = text(&node, "labels")?;
        labels.split(',').any(|one| one.trim() == label).then_some(())?;
        let status = text(&node, "status");
        let done = matches!(status.as_deref(), Some("done" | "cancelled"));
        Some(Item { node: format!("task:{}", node.key), name: node.name, done })
    };
    let mut all: Vec<Item> = source.nodes(NodeKind::Task)?.into_iter().filter_map(of).collect();
    all.sort_by(|a, b| (&a.name, &a.node).cmp(&(&b.name, &b.node)));
    Ok(all)
}
