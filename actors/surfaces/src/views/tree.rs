//! The tree of a running household, from what its supervisors report.

use std::collections::BTreeMap;

use lares_kernel::{ChildReport, ChildState};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::{plain, table};

/// A place in the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TreeView {
    /// The last part of its path; `household` for the root.
    pub key: String,
    pub path: String,
    /// None for a place that only groups others.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub report: Option<ChildReport>,
    pub children: Vec<TreeView>,
}

impl TreeView {
    fn new(key: &str, path: &str) -> Self {
        Self { key: key.to_owned(), path: path.to_owned(), report: None, children: Vec::new() }
    }

    fn place(&mut self, rest: &str, report: ChildReport) {
        let (key, below) = match rest.split_once('/') {
            Some((key, below)) => (key, Some(below)),
            None => (rest, None),
        };
        let at = match self.children.iter().position(|c| c.key == key) {
            Some(at) => at,
            None => {
                let path = if self.path.is_empty() { key.to_owned() } else { format!("{}/{key}", self.path) };
                self.children.push(Self::new(key, &path));
                self.children.len() - 1
            }
        };
        let Some(child) = self.children.get_mut(at) else { return };
        match below {
            Some(below) => child.place(below, report),
            None => child.report = Some(report),
        }
    }

    fn is_well(&self) -> bool {
        let own = self
            .report
            .as_ref()
            .is_none_or(|r| r.state == ChildState::Running && r.restarts == 0 && r.waiting < 64);
        own && self.children.iter().all(Self::is_well)
    }

    fn count(&self) -> usize {
        usize::from(self.report.is_some()) + self.children.iter().map(Self::count).sum::<usize>()
    }
}

/// The tree; `order` gives the keys of the top branches as they are started, others follow by name.
pub fn tree(report: Vec<ChildReport>, order: &[String]) -> TreeView {
    let mut root = TreeView::new("household", "");
    for child in report {
        let path = child.path.clone();
        root.place(&path, child);
    }
    let rank = |c: &TreeView| order.iter().position(|k| *k == c.key).unwrap_or(usize::MAX);
    root.children.sort_by(|a, b| (rank(a), &a.key).cmp(&(rank(b), &b.key)));
    root
}

/// More well children than this are told by their number, unless all are asked for.
const MANY: usize = 12;

/// Drawn, with state, restarts, waiting messages and the last error of each.
pub fn tree_text(tree: &TreeView, all: bool) -> String {
    let mut rows = vec![vec![tree.key.clone()]];
    draw(&mut rows, tree, "", all);
    table(&rows)
}

fn draw(rows: &mut Vec<Vec<String>>, tree: &TreeView, indent: &str, all: bool) {
    let fold = !all && tree.children.len() > MANY;
    let shown: Vec<&TreeView> = tree.children.iter().filter(|c| !fold || !c.is_well()).collect();
    let folded: Vec<&TreeView> = tree.children.iter().filter(|c| fold && c.is_well()).collect();
    let last = shown.len() + usize::from(!folded.is_empty());
    for (n, child) in shown.iter().enumerate() {
        let end = n + 1 == last;
        let mut row = vec![format!("{indent}{}{}", if end { "└─ " } else { "├─ " }, plain(&child.key))];
        if let Some(report) = &child.report {
            row.extend(columns(report));
        }
        rows.push(row);
        draw(rows, child, &format!("{indent}{}", if end { "   " } else { "│  " }), all);
    }
    if !folded.is_empty() {
        let count: usize = folded.iter().map(|c| c.count()).sum();
        rows.push(vec![format!("{indent}└─ {count} more"), "running".to_owned()]);
    }
}

fn columns(report: &ChildReport) -> Vec<String> {
    let state = match report.state {
        ChildState::Starting => "starting",
        ChildState::Running => "running",
        ChildState::Restarting => "restarting",
        ChildState::Quarantined => "quarantined",
        ChildState::Stopped => "stopped",
        ChildState::Absent => "absent",
    };
    let restarts = match report.restarts {
        0 => String::new(),
        1 => "1 restart".to_owned(),
        n => format!("{n} restarts"),
    };
    let refused = if report.refused > 0 { format!(", {} refused", report.refused) } else { String::new() };
    let traffic = if report.state == ChildState::Absent {
        String::new()
    } else {
        format!("{} waiting, {} handled{refused}", report.waiting, report.handled)
    };
    vec![state.to_owned(), restarts, traffic, report.last_error.as_deref().map(plain).unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(path: &str, restarts: u32) -> ChildReport {
        ChildReport {
            path: path.to_owned(),
            state: if restarts > 5 { ChildState::Quarantined } else { ChildState::Running },
            restarts,
            last_error: (restarts > 0).then(|| "it \u{1b}[31mpanicked".to_owned()),
            waiting: 0,
            handled: 7,
            refused: 0,
        }
    }

    #[test]
    fn the_tree_is_drawn_in_its_order_and_trouble_is_never_folded() {
        let mut children: Vec<_> = (0..40).map(|n| report(&format!("devices/d{n:02}"), 0)).collect();
        children.push(report("devices/lamp", 6));
        children.push(report("core/clock", 0));
        children.push(report("extra", 0));
        let view = tree(children, &["core".to_owned(), "devices".to_owned()]);
        let text = tree_text(&view, false);
        let expected = "\
household
├─ core
│  └─ clock    running                  0 waiting, 7 handled
├─ devices
│  ├─ lamp     quarantined  6 restarts  0 waiting, 7 handled  it \\u{1b}[31mpanicked
│  └─ 40 more  running
└─ extra       running                  0 waiting, 7 handled
";
        assert_eq!(text, expected);
        assert_eq!(tree_text(&view, true).lines().count(), 46);
    }
}
