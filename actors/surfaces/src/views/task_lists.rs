//! Lists, with what is to be done on each: what is to be bought, what is to be done, those that people made.

use std::time::Duration;

use lares_model::{Node, NodeKind, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ReadError, Source, Telling, items::lists};

/// Labels of the household's own lists.
const OWN: [&str; 2] = ["shopping", "todo"];
/// What was done is shown for so long, so that a slip can be taken back.
const LATELY: Duration = Duration::from_secs(86_400);
/// Of what was done; a list that lives long has done much.
const MOST_DONE: usize = 20;

/// A list, with what stands on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListView {
    /// `shopping`, `todo`, or the key of a list that somebody made; null: tasks that stand on none.
    pub list: Option<String>,
    /// As somebody called it; null: each surface has a word for it.
    pub name: Option<String>,
    /// What is open (what is due first, then by name), then what was done in the last day.
    pub items: Vec<ListItem>,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListItem {
    /// Its key.
    pub id: String,
    pub name: String,
    pub done: bool,
    /// As it is written: a day, or an instant.
    pub due: Option<String>,
}

/// All lists: the household's own, those that people made by name, and at the end what stands on none of them.
pub fn task_lists(source: &dyn Source, told: &Telling) -> Result<Vec<ListView>, ReadError> {
    let mut made = lists(source)?;
    made.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    let own = OWN.map(|list| (Some(list.to_owned()), None));
    let made = made.into_iter().map(|(list, name)| (Some(list), Some(name)));
    let mut all: Vec<ListView> = own
        .into_iter()
        .chain(made)
        .chain([(None, None)])
        .map(|(list, name)| ListView { list, name, items: Vec::new() })
        .collect();
    let mut tasks: Vec<(Order, Vec<String>, ListItem)> =
        source.nodes(NodeKind::Task)?.into_iter().filter_map(|node| task(node, told.now)).collect();
    tasks.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    for (_, labels, item) in tasks {
        let on = |view: &&mut ListView| view.list.as_ref().is_some_and(|list| labels.contains(list));
        let mut found = false;
        for view in all.iter_mut().filter(|view| on(view)) {
            view.items.push(item.clone());
            found = true;
        }
        if let (false, Some(rest)) = (found, all.last_mut()) {
            rest.items.push(item);
        }
    }
    for view in &mut all {
        let open = view.items.iter().filter(|item| !item.done).count();
        view.items.truncate(open + MOST_DONE);
    }
    // Nobody needs to be told that nothing stands on no list.
    all.retain(|view| view.list.is_some() || !view.items.is_empty());
    Ok(all)
}

/// What is open before what is done; what is due first; then by name. Of what is done the newest first.
type Order = (bool, i64, bool, String, String);

fn task(node: Node, now: Timestamp) -> Option<(Order, Vec<String>, ListItem)> {
    let text = |key: &str| node.props.get(key).and_then(|v| v.as_text()).map(str::to_owned);
    let done = match text("status").as_deref() {
        Some("cancelled") => return None,
        status => status == Some("done"),
    };
    let completed = text("completed").and_then(|at| at.parse::<jiff::Timestamp>().ok());
    let completed = completed.map_or(0, |at| at.as_microsecond());
    if done && Timestamp(completed) + LATELY < now {
        return None;
    }
    let labels = text("labels").unwrap_or_default();
    let labels = labels.split(',').map(|label| label.trim().to_owned()).collect();
    let due = text("due");
    let order = (
        done,
        if done { -completed } else { 0 },
        due.is_none(),
        due.clone().unwrap_or_default(),
        node.name.to_lowercase(),
    );
    Some((order, labels, ListItem { id: node.key.to_string(), name: node.name, done, due }))
}
