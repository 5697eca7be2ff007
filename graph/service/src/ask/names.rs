//! What nodes are called.

use std::collections::BTreeMap;

use lares_model::{Node, NodeKind};

use super::{Shape, fold};

/// How the configuration and the command line call a node: `hall-motion.occupancy`.
pub fn reference(node: &Node) -> &str {
    match node.props.get("ref").and_then(|v| v.as_text()) {
        Some(reference) => reference,
        None if node.kind == NodeKind::Household => "household",
        None => &node.key,
    }
}

/// Folded references (also with their kind: `room:hall`), keys, names and ids.
pub(super) fn index(shape: &Shape) -> BTreeMap<String, Vec<u32>> {
    let mut names: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for place in shape.nodes() {
        let Some(node) = shape.node(place) else { continue };
        let reference = fold(reference(node));
        let qualified = format!("{}:{reference}", node.kind.name());
        for name in [reference, qualified, fold(&node.key), fold(&node.name), node.id.to_string()] {
            let places = names.entry(name).or_default();
            if !name_is_listed(places, place) {
                places.push(place);
            }
        }
    }
    names.remove("");
    names
}

/// Words of names, references and keys; each node once under each of its words.
pub(super) fn words_index(shape: &Shape) -> BTreeMap<String, Vec<u32>> {
    let mut all: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for place in shape.nodes() {
        let Some(node) = shape.node(place) else { continue };
        for text in [fold(&node.name), fold(reference(node)), fold(&node.key)] {
            for word in super::fold::words(&text) {
                let places = all.entry(word.to_owned()).or_default();
                if !name_is_listed(places, place) {
                    places.push(place);
                }
            }
        }
    }
    all
}

fn name_is_listed(places: &[u32], place: u32) -> bool {
    places.last() == Some(&place)
}

/// Up to three names that are a slip away from `wanted`, begin as it does or contain it.
pub(super) fn near<'a>(shape: &'a Shape, wanted: &str) -> Vec<&'a str> {
    let wanted = fold(wanted);
    let start: String = wanted.chars().take(3).collect();
    let references =
        shape.names().keys().map(String::as_str).filter(|n| !n.contains(':') && !n.contains('/'));
    let mut near: Vec<&str> =
        references.filter(|n| n.starts_with(&start) || n.contains(&wanted) || one_off(n, &wanted)).collect();
    near.sort_by_key(|n| (!one_off(n, &wanted), n.len(), *n));
    near.truncate(3);
    near
}

/// Up to three names of a graph that are near to `wanted`.
pub fn near_names<'a>(shape: &'a Shape, wanted: &str) -> Vec<&'a str> {
    near(shape, wanted)
}

/// Up to three words that are a slip away from `wanted`, begin as it does or have it in them.
pub fn near_words<'a>(wanted: &str, words: &[&'a str]) -> Vec<&'a str> {
    let wanted = fold(wanted);
    let fits = |w: &&&str| {
        wanted.len() > 1
            && w.len() > 1
            && (one_off(w, &wanted)
                || w.starts_with(&wanted)
                || wanted.starts_with(**w)
                || w.contains(&wanted))
    };
    let mut near: Vec<&str> = words.iter().filter(fits).copied().collect();
    near.sort_by_key(|w| (!one_off(w, &wanted), w.len(), *w));
    near.dedup();
    near.truncate(3);
    near
}

/// One letter is missing, too many or another, or two are turned.
pub(super) fn one_off(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = |v: &[char], skip: usize| v.get(same + skip..).unwrap_or_default().to_vec();
    let turned =
        rest(&a, 2) == rest(&b, 2) && a.get(same) == b.get(same + 1) && a.get(same + 1) == b.get(same);
    rest(&a, 1) == rest(&b, 1) || rest(&a, 1) == rest(&b, 0) || rest(&a, 0) == rest(&b, 1) || turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_one_letter_are_known() {
        for (a, b) in
            [("room", "rom"), ("room", "rooom"), ("room", "roam"), ("room", "romo"), ("kind", "kidn")]
        {
            assert!(one_off(a, b), "{a} {b}");
        }
        assert!(!one_off("room", "name"));
    }
}
