//! What is written on a list, and ticked off it: which task that is. Pure.

use super::errands::{Item, SpokenTask};
use super::understand::fold;

/// A longer key is no key of the graph.
const KEY: usize = 60;

/// The task that some words are on a list: the one that is there, else a new one. `None`: it is to be ticked off, and is not there.
pub fn noted(list: &str, words: &str, items: &[Item], adds: bool) -> Option<SpokenTask> {
    let folded = fold(words).text;
    let known = items.iter().find(|item| fold(&item.name).text == folded && (adds || !item.done));
    let (task, name) = match known {
        Some(item) => (item.node.clone(), item.name.clone()),
        None if !adds => return None,
        None => (new_key(list, &folded, items), words.to_owned()),
    };
    let status = if adds { "open" } else { "done" }.to_owned();
    let was = known.map(|item| if item.done { "done" } else { "open" }.to_owned());
    Some(SpokenTask { task, name, status, list: list.to_owned(), known: known.is_some(), was })
}

/// Words of which nothing is left in a key are told apart by a number.
fn new_key(list: &str, folded: &str, items: &[Item]) -> String {
    let first = key(list, folded);
    let taken = |key: &str| items.iter().any(|item| item.node == key);
    let others = (2..).map(|n: usize| format!("{first}-{n}"));
    std::iter::once(first.clone()).chain(others).find(|key| !taken(key)).unwrap_or_else(|| key(list, folded))
}

/// `task:shopping-milk`.
pub(super) fn key(list: &str, folded: &str) -> String {
    format!("task:{list}-{}", plain_key(folded))
}

pub(super) fn plain_key(folded: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    folded.chars().map(plain).take(KEY).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_the_same_task_and_others_are_not() {
        let item = |node: &str, name: &str, done| Item { node: node.into(), name: name.into(), done };
        let items = [item("task:shopping-milk", "Milk", true), item("task:shopping---", "牛乳", false)];
        let milk = noted("shopping", "milk", &items, true).unwrap();
        assert_eq!(
            (milk.task.as_str(), milk.known, milk.was.as_deref()),
            ("task:shopping-milk", true, Some("done"))
        );
        assert_eq!(noted("shopping", "milk", &items, false), None, "it is ticked off already");
        let bread = noted("shopping", "パン", &items, true).unwrap();
        assert_eq!((bread.task.as_str(), bread.known), ("task:shopping----2", false));
        assert_eq!(key("shopping", "creme fraiche 30 %"), "task:shopping-creme-fraiche-30--");
    }
}
