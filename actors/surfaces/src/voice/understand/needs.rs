//! What a text must contain for a template, or a part of one, to fit it: one word of each of a few sets. Most templates are put
//! aside by that before they are walked. A set may be too wide, never too narrow: what is put aside could not have fitted.

use std::collections::BTreeMap;

use super::compile::{Language, Node};
use super::lists::{List, NameKind};

/// In place of a word: a number, or a name of each kind.
pub const NUMBER: u32 = 0;
const NAMES: u32 = 1;
/// The first of the words.
const WORDS: u32 = 4;
/// Sets that are kept of a part: the rarest say enough.
const MOST: usize = 4;

/// Of a node: all of the sets, of each at least one word.
type Sets = Vec<Vec<u32>>;

/// The sets of all parts of a language, and where its words are found.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    trie: Vec<Branch>,
    words: Vec<usize>,
    sets: Vec<Box<[u32]>>,
    of: Vec<Box<[u32]>>,
}

#[derive(Clone, Debug, Default)]
struct Branch {
    next: Vec<(u8, u32)>,
    /// The word that ends here; 0: none.
    word: u32,
}

pub fn name(kind: NameKind) -> u32 {
    NAMES + kind as u32
}

impl Needs {
    pub fn of(language: &Language) -> Self {
        let mut needs = Self { trie: vec![Branch::default()], ..Self::default() };
        let mut by_set: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        let mut all: Vec<Sets> = Vec::with_capacity(language.nodes.len());
        // Children come before their parents.
        for node in &language.nodes {
            let sets = needs.sets(node, language, &all);
            // A word is found sooner than looked up.
            let kept = match node {
                Node::Word(_) | Node::Space | Node::Maybe(_) => Vec::new(),
                _ => sets.clone(),
            };
            let mut numbers = Vec::new();
            for set in kept {
                let next = needs.sets.len() as u32;
                let number = *by_set.entry(set.clone()).or_insert(next);
                if number == next {
                    needs.sets.push(set.into_boxed_slice());
                }
                numbers.push(number);
            }
            needs.of.push(numbers.into_boxed_slice());
            all.push(sets);
        }
        needs
    }

    /// The sets of a node.
    pub fn node(&self, node: u32) -> &[u32] {
        self.of.get(node as usize).map_or(&[], |sets| sets)
    }

    pub fn set(&self, set: u32) -> &[u32] {
        self.sets.get(set as usize).map_or(&[], |words| words)
    }

    /// How many sets there are.
    pub fn count(&self) -> usize {
        self.sets.len()
    }

    /// The words of the templates that a text has anywhere, also inside of words.
    pub fn present(&self, text: &str) -> Vec<u64> {
        let mut found = vec![0; (self.words.len() + WORDS as usize) / 64 + 1];
        let bytes = text.as_bytes();
        for start in 0..bytes.len() {
            let mut at = 0;
            for byte in bytes.iter().skip(start) {
                let Some(branch) = self.trie.get(at) else { break };
                let Some((_, next)) = branch.next.iter().find(|(b, _)| b == byte) else { break };
                at = *next as usize;
                let word = self.trie.get(at).map_or(0, |b| b.word);
                if word > 0 {
                    mark(&mut found, word);
                }
            }
        }
        found
    }

    fn word(&mut self, word: &[u8]) -> u32 {
        let mut at = 0;
        for &byte in word {
            let known = self.trie.get(at).and_then(|b| b.next.iter().find(|(b, _)| *b == byte)).map(|n| n.1);
            at = match known {
                Some(next) => next as usize,
                None => {
                    self.trie.push(Branch::default());
                    let new = self.trie.len() - 1;
                    if let Some(branch) = self.trie.get_mut(at) {
                        branch.next.push((byte, new as u32));
                    }
                    new
                }
            };
        }
        let next = self.words.len() as u32 + WORDS;
        match self.trie.get_mut(at) {
            Some(end) if end.word == 0 => {
                end.word = next;
                self.words.push(word.len());
                next
            }
            Some(end) => end.word,
            None => next,
        }
    }

    fn sets(&mut self, node: &Node, language: &Language, all: &[Sets]) -> Sets {
        let get = |n: u32| all.get(n as usize).cloned().unwrap_or_default();
        match node {
            Node::Word(word) => vec![vec![self.word(word)]],
            Node::Space | Node::Maybe(_) => Vec::new(),
            Node::Seq(parts) | Node::AnyOrder(parts) => {
                self.rarest(parts.iter().flat_map(|part| get(*part)).collect())
            }
            Node::Either(parts) => self.either(parts.iter().map(|part| get(*part))),
            Node::Rule(rule) => get(language.rules.get(*rule as usize).copied().unwrap_or(u32::MAX)),
            Node::List { list, .. } => match language.lists.get(*list as usize) {
                Some(List::Values(values)) => self.either(values.iter().map(|(node, _)| get(*node as u32))),
                Some(List::Range { .. }) => vec![vec![NUMBER]],
                Some(List::Names(kind)) => vec![vec![name(*kind)]],
                Some(List::Wildcard { .. }) | None => Vec::new(),
            },
        }
    }

    /// One set that holds whichever branch is taken: of each branch its rarest.
    fn either(&self, branches: impl Iterator<Item = Sets>) -> Sets {
        let mut one = Vec::new();
        for sets in branches {
            match self.rarest(sets).into_iter().next() {
                Some(set) => one.extend(set),
                None => return Vec::new(),
            }
        }
        one.sort_unstable();
        one.dedup();
        if one.is_empty() { Vec::new() } else { vec![one] }
    }

    fn rarest(&self, mut sets: Sets) -> Sets {
        sets.sort_by(|a, b| self.commonness(a).total_cmp(&self.commonness(b)).then_with(|| a.cmp(b)));
        sets.dedup();
        sets.truncate(MOST);
        sets
    }

    /// How likely a text has one of them, roughly: short words stand in many others.
    fn commonness(&self, set: &[u32]) -> f64 {
        let one = |word: &u32| match word.checked_sub(WORDS).and_then(|w| self.words.get(w as usize)) {
            Some(length) => 0.3_f64.powi(*length as i32),
            None => 0.3,
        };
        set.iter().map(one).sum()
    }
}

pub fn mark(found: &mut [u64], word: u32) {
    if let Some(bits) = found.get_mut(word as usize / 64) {
        *bits |= 1 << (word % 64);
    }
}

pub fn has(found: &[u64], word: u32) -> bool {
    found.get(word as usize / 64).is_some_and(|bits| bits & (1 << (word % 64)) != 0)
}
