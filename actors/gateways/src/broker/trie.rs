//! Who subscribed to what. Pure.

use std::collections::BTreeMap;

use super::topics;

/// One session's wish.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Wish {
    pub session: u32,
    pub qos: u8,
    pub no_local: bool,
    pub retain_as_published: bool,
    /// The subscription identifier of MQTT 5.
    pub id: Option<u32>,
}

/// Subscriptions by the levels of their filters.
#[derive(Default)]
pub struct Trie {
    root: Level,
}

#[derive(Default)]
struct Level {
    below: BTreeMap<Box<str>, Level>,
    /// Of filters that end here.
    here: Vec<Wish>,
    /// Of filters that end here with `#`.
    all_below: Vec<Wish>,
}

impl Trie {
    /// Adds a wish; it replaces the session's earlier one under the same filter.
    pub fn add(&mut self, filter: &str, wish: Wish) {
        let (levels, all) = split(filter);
        let level = levels.fold(&mut self.root, |level, name| level.below.entry(name.into()).or_default());
        let list = if all { &mut level.all_below } else { &mut level.here };
        list.retain(|other| other.session != wish.session);
        list.push(wish);
    }

    pub fn remove(&mut self, filter: &str, session: u32) {
        let (levels, all) = split(filter);
        let levels: Vec<&str> = levels.collect();
        self.root.remove(&levels, all, session);
    }

    /// All wishes whose filter matches, those of a session side by side.
    pub fn matching(&self, topic: &str, found: &mut Vec<Wish>) {
        found.clear();
        let hidden = topics::is_hidden(topic);
        self.root.collect(Some(topic), hidden, found);
        if found.len() > 1 {
            found.sort_unstable();
        }
    }

    #[cfg(test)]
    fn is_empty(&self) -> bool {
        self.root.is_empty()
    }
}

/// The levels before a final `#`, and whether there is one.
fn split(filter: &str) -> (impl Iterator<Item = &str>, bool) {
    let (front, all) = match filter.strip_suffix('#') {
        Some("") => (None, true),
        Some(front) => (Some(front.strip_suffix('/').unwrap_or(front)), true),
        None => (Some(filter), false),
    };
    (front.into_iter().flat_map(|front| front.split('/')), all)
}

impl Level {
    fn is_empty(&self) -> bool {
        self.below.is_empty() && self.here.is_empty() && self.all_below.is_empty()
    }

    fn remove(&mut self, levels: &[&str], all: bool, session: u32) {
        match levels.split_first() {
            None if all => self.all_below.retain(|wish| wish.session != session),
            None => self.here.retain(|wish| wish.session != session),
            Some((name, rest)) => {
                if let Some(level) = self.below.get_mut(*name) {
                    level.remove(rest, all, session);
                    if level.is_empty() {
                        self.below.remove(*name);
                    }
                }
            }
        }
    }

    /// `rest` is what of the topic lies below this level; `hidden` if wildcards do not count at this level.
    fn collect(&self, rest: Option<&str>, hidden: bool, found: &mut Vec<Wish>) {
        if !hidden {
            found.extend(&self.all_below);
        }
        let Some(rest) = rest else {
            found.extend(&self.here);
            return;
        };
        let (name, below) = match rest.split_once('/') {
            Some((name, below)) => (name, Some(below)),
            None => (rest, None),
        };
        if let Some(level) = self.below.get(name) {
            level.collect(below, false, found);
        }
        if !hidden && let Some(level) = self.below.get("+") {
            level.collect(below, false, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wish(session: usize, qos: u8) -> Wish {
        Wish { session: session as u32, qos, no_local: false, retain_as_published: false, id: None }
    }

    proptest! {
        #[test]
        fn the_trie_finds_whom_a_walk_over_all_filters_finds(
            filters in proptest::collection::vec("([ab$+]|)(/[ab+]){0,2}(/#)?|#", 1..12),
            topic in "([ab$]|)(/[ab]){0,3}",
        ) {
            prop_assume!(!topic.is_empty());
            let filters: Vec<_> = filters.into_iter().filter(|f| topics::is_filter(f)).collect();
            let mut trie = Trie::default();
            for (session, filter) in filters.iter().enumerate() {
                trie.add(filter, wish(session, 1));
                trie.add(filter, wish(session, 2));
            }
            let mut found = Vec::new();
            trie.matching(&topic, &mut found);
            let expected: Vec<_> = (0..filters.len())
                .filter(|n| topics::matches(&filters[*n], &topic))
                .map(|n| wish(n, 2))
                .collect();
            prop_assert_eq!(found, expected);
            for (session, filter) in filters.iter().enumerate() {
                trie.remove(filter, session as u32);
            }
            prop_assert!(trie.is_empty());
        }
    }
}
