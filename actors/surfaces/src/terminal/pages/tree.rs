//! The supervision tree: what is well is folded where there is much of it, what is not never is.

use lares_kernel::{ChildReport, ChildState};

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row, cells, columns, head};
use crate::terminal::said::Said;
use crate::terminal::state::{Slot, State};
use crate::terminal::text::safe;
use crate::tongue::say;
use crate::views::TreeView;

/// More well children than this are told by their number at first.
const MANY: usize = 8;

pub(super) fn page(state: &State, width: usize) -> Page {
    let said = state.said();
    let keys = vec![("enter", said.key_branch), ("w", said.key_why)];
    let Some(tree) = &state.tree else {
        let rows = super::missing(state, &Slot::Tree);
        return Page { title: said.tree.to_owned(), rows, keys, ..Page::default() };
    };
    let widths = columns(width, &[30, 12, 8, 8, 0]);
    let mut rows = Vec::new();
    branch(&mut rows, state, tree, "", &widths);
    let count = Count::of(tree);
    let (n, restarts, quarantined) = (count.actors, count.restarts, count.quarantined);
    Page {
        title: say!(said.actors, n = n, restarts = restarts, quarantined = quarantined),
        head: Some(head(
            &[said.actor, said.state_head, said.restarts, said.waiting, said.last_error],
            &widths,
        )),
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
        rows.push(row(state, child, &format!("{indent}{mark}"), widths));
        branch(rows, state, child, &format!("{indent}{below}"), widths);
    }
    if folded > 0 {
        let count: usize = tree.children.iter().filter(|c| is_well(c)).map(|c| Count::of(c).actors).sum();
        let words = format!("{indent}└─ {}", say!(state.said().more_well, n = count));
        let mut row = Row::new(format!("more {}", tree.path), vec![Piece::new(words, Tone::Faint)]);
        row.open = Some(Open::Fold(tree.path.clone()));
        rows.push(row);
    }
}

fn row(state: &State, tree: &TreeView, indent: &str, widths: &[usize]) -> Row {
    let said = state.said();
    let name = format!("{indent}{}", safe(&tree.key));
    let mut pieces = vec![Piece::plain(name)];
    let mut note = String::new();
    if let Some(report) = &tree.report {
        let word = word(said, &report.state);
        let error = report.last_error.as_deref().map(safe).unwrap_or_default();
        let restarts = if report.restarts == 0 { String::new() } else { report.restarts.to_string() };
        let busy = report.waiting > 0 || report.refused > 0;
        let refused = if report.refused > 0 {
            format!(", {}", say!(said.n_refused, n = report.refused))
        } else {
            String::new()
        };
        pieces.extend([
            Piece::new(word, tone(&report.state)),
            Piece::new(restarts, Tone::Warn),
            Piece::new(
                if report.waiting > 0 { report.waiting.to_string() } else { String::new() },
                Tone::Warn,
            ),
            Piece::new(error.clone(), Tone::Bad),
        ]);
        let handled = say!(said.handled, n = report.handled);
        let waiting = say!(said.n_waiting, n = report.waiting);
        let waiting = if busy { format!(", {waiting}{refused}") } else { String::new() };
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

fn word(said: &'static Said, state: &ChildState) -> &'static str {
    match state {
        ChildState::Starting => said.starting,
        ChildState::Running => said.running,
        ChildState::Restarting => said.restarting,
        ChildState::Quarantined => said.quarantined,
        ChildState::Stopped => said.stopped,
        ChildState::Absent => said.absent,
    }
}

fn tone(state: &ChildState) -> Tone {
    match state {
        ChildState::Running => Tone::Good,
        ChildState::Quarantined => Tone::Bad,
        ChildState::Starting | ChildState::Restarting => Tone::Warn,
        ChildState::Stopped | ChildState::Absent => Tone::Faint,
    }
}
