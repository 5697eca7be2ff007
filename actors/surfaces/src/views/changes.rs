//! What somebody said of the life graph, in words.

use lares_model::{Change, Said};

use super::Names;
use crate::tongue::say;

/// Changes that are told one by one; of more it is told how many.
const TOLD: usize = 3;

pub(super) fn changed(names: &Names, who: &str, said: &Said) -> String {
    let t = names.tongue.phrases();
    if let [change @ Change::Measured { .. }] = said.changes.as_slice() {
        return say!(t.graph_measured, who = who, what = one(names, change), file = said.import);
    }
    if !said.import.is_empty() {
        let changes = if said.count == 1 { t.a_change } else { t.changes };
        return say!(t.graph_import, who = who, n = said.count, changes = changes, file = said.import);
    }
    let mut all: Vec<String> = said.changes.iter().take(TOLD).map(|change| one(names, change)).collect();
    if said.count as usize > all.len() {
        all.push(say!(t.graph_more, n = said.count as usize - all.len()));
    }
    say!(t.graph_says, who = who, changes = all.join(", "))
}

fn one(names: &Names, change: &Change) -> String {
    let (tongue, t) = (names.tongue, names.tongue.phrases());
    match change {
        Change::Made { node, kind, keys } => {
            let (kind, name) = (tongue.kind_called(*kind), names.called(*node));
            match keys.is_empty() {
                true => say!(t.graph_made, kind = kind, name = name),
                false => say!(t.graph_made_with, kind = kind, name = name, keys = said(names, keys)),
            }
        }
        Change::Put { node, keys } => say!(t.graph_put, keys = said(names, keys), name = names.called(*node)),
        Change::Removed { name, .. } => say!(t.graph_removed, name = name),
        Change::Linked { edge } => {
            let (from, to) = (names.called(edge.from), names.called(edge.to));
            say!(t.graph_linked, from = from, edge = tongue.edge_called(edge.kind), to = to)
        }
        Change::Unlinked { edge } => {
            let (from, to) = (names.called(edge.from), names.called(edge.to));
            say!(t.graph_unlinked, from = from, edge = tongue.edge_called(edge.kind), to = to)
        }
        Change::Merged { name, into, .. } => say!(t.graph_merged, name = name, into = names.called(*into)),
        Change::Measured { entity, property, new, corrected, .. } => {
            let whose = names.called_of(*entity, *property);
            let samples = |n: u32| if n == 1 { t.a_sample } else { t.samples };
            match (*new, *corrected) {
                (n, 0) => say!(t.graph_took, n = n, samples = samples(n), whose = whose),
                (0, n) => say!(t.graph_corrected, n = n, samples = samples(n), whose = whose),
                (n, m) => say!(t.graph_took_both, n = n, samples = samples(n), whose = whose, m = m),
            }
        }
    }
}

/// What of a node was said, in the household's words.
fn said(names: &Names, keys: &[impl AsRef<str>]) -> String {
    keys.iter().map(|key| names.tongue.said_called(key.as_ref())).collect::<Vec<_>>().join(", ")
}
