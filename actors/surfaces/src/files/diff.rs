//! What differs between two texts, line by line, as a person reads it before applying a change.

use schemars::JsonSchema;
use serde::Serialize;

/// Lines around a difference.
const AROUND: usize = 3;
/// Pairs of lines that are compared at most; beyond it the whole middle counts as changed.
const MOST_PAIRS: usize = 4_000_000;

/// A line of a comparison.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct DiffLine {
    pub kind: LineKind,
    /// Its number in the old text, from 1.
    pub old: Option<usize>,
    /// Its number in the new text, from 1.
    pub new: Option<usize>,
    pub text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    Same,
    Gone,
    Added,
}

/// The lines that differ, each with what is around it; empty if nothing does.
pub fn diff(old: &str, new: &str) -> Vec<DiffLine> {
    around(whole(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>()))
}

/// Lines that were added and that are gone.
pub fn counts(old: &str, new: &str) -> (usize, usize) {
    let lines = diff(old, new);
    let count = |kind| lines.iter().filter(|l| l.kind == kind).count();
    (count(LineKind::Added), count(LineKind::Gone))
}

fn whole(old: &[&str], new: &[&str]) -> Vec<DiffLine> {
    let before = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(before..).unwrap_or_default(), new.get(before..).unwrap_or_default());
    let after = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let old_middle = old_rest.get(..old_rest.len() - after).unwrap_or_default();
    let new_middle = new_rest.get(..new_rest.len() - after).unwrap_or_default();
    let mut kinds = vec![LineKind::Same; before];
    kinds.extend(script(old_middle, new_middle));
    kinds.extend(vec![LineKind::Same; after]);
    let (mut olds, mut news) = (old.iter().enumerate(), new.iter().enumerate());
    let line = |kind| {
        let old = if kind == LineKind::Added { None } else { olds.next() };
        let new = if kind == LineKind::Gone { None } else { news.next() };
        let text = new.or(old).map(|(_, text)| (*text).to_owned()).unwrap_or_default();
        DiffLine { kind, old: old.map(|(n, _)| n + 1), new: new.map(|(n, _)| n + 1), text }
    };
    kinds.into_iter().map(line).collect()
}

/// The way from one to the other by the longest common subsequence.
fn script(old: &[&str], new: &[&str]) -> Vec<LineKind> {
    let replaced = || [vec![LineKind::Gone; old.len()], vec![LineKind::Added; new.len()]].concat();
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return replaced();
    }
    // `common[i * width + j]`: lines that `old[i..]` and `new[j..]` have in common.
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let at = |common: &[u32], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let best = if a == b {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    loop {
        match (old.get(i), new.get(j)) {
            (None, None) => return out,
            (Some(a), Some(b)) if a == b => {
                out.push(LineKind::Same);
                (i, j) = (i + 1, j + 1);
            }
            (Some(_), b) if b.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                out.push(LineKind::Gone);
                i += 1;
            }
            _ => {
                out.push(LineKind::Added);
                j += 1;
            }
        }
    }
}

fn around(lines: Vec<DiffLine>) -> Vec<DiffLine> {
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, l)| l.kind != LineKind::Same).map(|(n, _)| n).collect();
    let near = |n: usize| {
        let next = changed.partition_point(|c| *c < n);
        let close = |at: Option<&usize>| at.is_some_and(|c| c.abs_diff(n) <= AROUND);
        close(changed.get(next)) || close(next.checked_sub(1).and_then(|p| changed.get(p)))
    };
    lines.into_iter().enumerate().filter(|(n, _)| near(*n)).map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> Vec<String> {
        let sign = |kind| match kind {
            LineKind::Same => ' ',
            LineKind::Gone => '-',
            LineKind::Added => '+',
        };
        diff(old, new).iter().map(|l| format!("{}{}", sign(l.kind), l.text)).collect()
    }

    #[test]
    fn what_differs_is_shown_with_what_is_around_it() {
        assert_eq!(shown("a\nb\nc\n", "a\nb\nc\n"), Vec::<String>::new());
        assert_eq!(shown("a\nb\nc\n", "a\nx\nc\n"), [" a", "-b", "+x", " c"]);
        assert_eq!(shown("", "a\n"), ["+a"]);
        assert_eq!(shown("a\n", ""), ["-a"]);
        assert_eq!(shown("a\nb\nc\nd\n", "b\nc\nx\nd\n"), ["-a", " b", " c", "+x", " d"]);
        let many: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let lines = diff(&many, &many.replace("10\n", "ten\n"));
        assert_eq!(lines.first().map(|l| (l.old, l.new)), Some((Some(7), Some(7))));
        assert_eq!(lines.len(), 8);
        assert_eq!(counts(&many, &many.replace("10\n", "ten\n11\n")), (2, 1));
    }

    #[test]
    fn a_change_leads_from_the_old_text_to_the_new_one() {
        let (old, new) = ("a\nb\nb\nc\na\n", "b\na\nb\nc\nc\n");
        let lines = whole(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
        let of = |without| {
            lines.iter().filter(|l| l.kind != without).map(|l| format!("{}\n", l.text)).collect::<String>()
        };
        assert_eq!((of(LineKind::Added), of(LineKind::Gone)), (old.to_owned(), new.to_owned()));
    }

    #[test]
    fn a_large_change_is_told_as_a_whole() {
        let text = |word: &str| (0..3000).map(|n| format!("{word}{n}\n")).collect::<String>();
        assert_eq!(counts(&text("a"), &text("b")), (3000, 3000));
    }
}
