//! The supervision tree: what is well is folded where there is much of it, what is not never is.

use lares_kernel::{ChildReport, ChildState};

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row, cells, columns, head};
use crate::terminal::state::{Slot, State};
use crate::terminal::text::safe;
use crate::views::TreeView;

use super::words;

/// More well children than this are told by their number at first.
const MANY: usize = 8;

pub(super) fn page(state: &State, width: usize) -> Page {
    let keys = vec![("enter", "open, close a branch"), ("w", "why")];
    let Some(tree) = &state.tree else {
        let rows = super::missing(state, &Slot::Tree);
        return Page { title: "Tree".to_owned(), rows, keys, ..Page::default() };
    };
    let widths = columns(width, &[30, 12, 8, 8, 0]);
    let mut rows = Vec::new();
    branch(&mut rows, state, tree, "", &widths);
    let count = Count::of(tree);
    let told = [(count.restarts, "restarts"), (count.quarantined, "in quarantine")];
    let told: String = told.iter().map(|(n, what)| format!(", {n} {what}")).collect();
    Page {
        title: format!("{} actors{told}", count.actors),
        head: Some(head(&["Actor", "State", "Restarts", "Waiting", "Last error"], &widths)),
        rows,
        keys,
    }
}

#[derive(Default)]
struct Count {
    actors: usize,
    restarts: u64,
    quarantined: u64,
}

impl Count {
    fn of(tree: &TreeView) -> Self {
        let mut count = Self::default();
        count.add(tree);
        count
    }

    fn add(&mut self, tree: &TreeView) {
        if let Some(report) = &tree.report {
            self.actors += 1;
            self.restarts += u64::from(report.restarts);
            self.quarantined += u64::from(report.state == ChildState::Quarantined);
        }
        tree.children.iter().for_each(|c| self.add(c));
    }
}

fn is_well(tree: &TreeView) -> bool {
    let fine = |r: &ChildReport| {
        matches!(r.state, ChildState::Running | ChildState::Absent) && r.restarts == 0 && r.waiting < 64
    };
    tree.report.as_ref().is_none_or(fine) && tree.children.iter().all(is_well)
}

fn branch(rows: &mut Vec<Row>, state: &State, tree: &TreeView, indent: &str, widths: &[usize]) {
    let turned = state.turned.contains(&tree.path);
    // The first branches are few and always shown.
    let fold = !tree.path.is_empty() && (tree.children.len() > MANY) != turned;
    let shown: Vec<&TreeView> = tree.children.iter().filter(|c| !fold || !is_well(c)).collect();
    let folded = tree.children.len() - shown.len();
    let last = shown.len() + usize::from(folded > 0);
    for (n, child) in shown.iter().enumerate() {
        let (mark, below) = if n + 1 == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        rows.push(row(child, &format!("{indent}{mark}"), widths));
        branch(rows, state, child, &format!("{indent}{below}"), widths);
    }
    if folded > 0 {
        let count: usize = tree.children.iter().filter(|c| is_well(c)).map(|c| Count::of(c).actors).sum();
        let words = format!("{indent}└─ {count} more, all well (enter)");
        let mut row = Row::new(format!("more {}", tree.path), vec![Piece::new(words, Tone::Faint)]);
        row.open = Some(Open::Fold(tree.path.clone()));
        rows.push(row);
    }
}

fn row(tree: &TreeView, indent: &str, widths: &[usize]) -> Row {
    let name = format!("{indent}{}", safe(&tree.key));
    let mut pieces = vec![Piece::plain(name)];
    let mut note = String::new();
    if let Some(report) = &tree.report {
        let word = word(&report.state);
        let error = report.last_error.as_deref().map(safe).unwrap_or_default();
        let restarts = if report.restarts == 0 { String::new() } else { report.restarts.to_string() };
        let busy = report.waiting > 0 || report.refused > 0;
        let refused =
            if report.refused > 0 { format!(", {} refused", report.refused) } else { String::new() };
        pieces.extend([
            Piece::new(word, words::status(word)),
            Piece::new(restarts, Tone::Warn),
            Piece::new(
                if report.waiting > 0 { report.waiting.to_string() } else { String::new() },
                Tone::Warn,
            ),
            Piece::new(error.clone(), Tone::Bad),
        ]);
        let handled = format!("{} handled", report.handled);
        let waiting = if busy { format!(", {} waiting{refused}", report.waiting) } else { String::new() };
        let error = if error.is_empty() { String::new() } else { format!("; {error}") };
        note = format!("{}: {word}, {handled}{waiting}{error}", safe(&tree.path));
    }
    let mut row = Row::new(tree.path.clone(), cells(pieces, widths));
    row.note = note;
    if !tree.children.is_empty() {
        row.open = Some(Open::Fold(tree.path.clone()));
    }
    // Devices, rules, rooms have their names in their paths.
    row.why = match tree.path.split_once('/') {
        Some(("devices" | "household/devices", key)) => Some(key.to_owned()),
        Some(("rules", key)) => Some(format!("rule:{key}")),
        Some(("rooms", key)) => Some(format!("room:{key}")),
        Some(("people", key)) => Some(format!("person:{key}")),
        _ => None,
    };
    row
}

fn word(state: &ChildState) -> &'static str {
    match state {
        ChildState::Starting => "starting",
        ChildState::Running => "running",
        ChildState::Restarting => "restarting",
        ChildState::Quarantined => "quarantined",
        ChildState::Stopped => "stopped",
        ChildState::Absent => "absent",
    }
}
