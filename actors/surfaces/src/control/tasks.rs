//! What is said of the life graph when something is written on a list or ticked off it.

use std::collections::BTreeMap;

use lares_model::{Placed, Statement, Value};

use crate::voice::SpokenTask;

/// A new task bears its list's label. One that is done says since when, and one that is open again does not.
pub(crate) fn task_said(task: &SpokenTask) -> Placed {
    let text = |text: &str| Some(Value::text(text));
    let mut set = BTreeMap::from([("status".to_owned(), text(&task.status))]);
    match task.status.as_str() {
        "done" => drop(set.insert("completed".to_owned(), text("now"))),
        _ if task.known => drop(set.insert("completed".to_owned(), None)),
        _ => drop(set.insert("labels".to_owned(), text(&task.list))),
    }
    let name = (!task.known).then(|| task.name.clone());
    Placed::from(Statement::Put { node: task.task.clone(), name, set, since: None })
}
