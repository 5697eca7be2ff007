//! What can be said, as phrases: every word of every template at least once, each beside those that stand beside it. Not all sentences:
//! a recogniser that knows which word follows which hears the others too.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::compile::{Language, Node, Sentence};
use super::fold::fold;
use super::lists::{CompiledHouse, List, NameKind};

/// Phrases of one template, or of a part of it.
const MOST: usize = 400;
/// How often the longest part is gone through beside the others, so that more words meet.
const ROUNDS: usize = 6;
/// Words with all their endings: `light[s]`.
const ENDINGS: usize = 32;

impl Language {
    /// Phrases of this house. `spelled` gives a word as a recogniser writes it, or nothing if it does not know it: a phrase with
    /// such a word is left out.
    pub fn phrases(&self, house: &CompiledHouse, spelled: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        let cover = Cover { language: self, house, spelled, known: RefCell::default() };
        let mut all = BTreeSet::new();
        for sentence in self.sentences.iter().filter(|sentence| cover.is_for_house(sentence)) {
            all.extend(cover.node(sentence.node).into_iter().filter_map(|phrase| cover.spell(&phrase)));
        }
        all.remove("");
        all.into_iter().collect()
    }
}

/// What is gone through once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Rule,
    List,
    /// A list of kinds.
    Kinds,
}

struct Cover<'a> {
    language: &'a Language,
    house: &'a CompiledHouse,
    spelled: &'a dyn Fn(&str) -> Option<String>,
    /// Rules and lists stand in many templates: each is gone through once.
    known: RefCell<BTreeMap<(Part, u32), Vec<String>>>,
}

impl Cover<'_> {
    fn node(&self, node: u32) -> Vec<String> {
        match self.language.nodes.get(node as usize) {
            Some(Node::Word(word)) => vec![String::from_utf8_lossy(word).into_owned()],
            Some(Node::Space) => vec![" ".to_owned()],
            Some(Node::Seq(parts)) => self.sequence(parts),
            Some(Node::Either(parts)) => few(parts.iter().flat_map(|part| self.node(*part)).collect()),
            Some(Node::AnyOrder(parts)) => {
                let around: Vec<u32> = parts.iter().rev().copied().collect();
                few([&parts[..], &around].into_iter().flat_map(|parts| self.spaced(parts)).collect())
            }
            Some(Node::Maybe(part)) => {
                let mut all = self.node(*part);
                all.insert(0, String::new());
                few(all)
            }
            Some(Node::List { list, slot }) => {
                let kinds = self.language.slots.get(usize::from(*slot)).is_some_and(|s| s == "device_class");
                let key = (if kinds { Part::Kinds } else { Part::List }, *list);
                self.once(key, || self.list(*list, kinds))
            }
            Some(Node::Rule(rule)) => {
                let body = self.language.rules.get(*rule as usize);
                self.once((Part::Rule, *rule), || body.map(|body| self.node(*body)).unwrap_or_default())
            }
            None => Vec::new(),
        }
    }

    fn once(&self, key: (Part, u32), make: impl FnOnce() -> Vec<String>) -> Vec<String> {
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let mut made = make();
        // What nobody knows would only stand where something else could. A rule may be a part of a word: then nothing is known.
        if made.iter().any(|phrase| self.spell(phrase).is_some()) {
            made.retain(|phrase| phrase.is_empty() || self.spell(phrase).is_some());
        }
        self.known.borrow_mut().insert(key, made.clone());
        made
    }

    /// Parts one after the other. Between spaces there are words, with all their endings; those that nobody knows are left out.
    fn sequence(&self, parts: &[u32]) -> Vec<String> {
        let is_space = |part: &u32| matches!(self.language.nodes.get(*part as usize), Some(Node::Space));
        let words: Vec<&[u32]> = parts.split(is_space).collect();
        if words.len() == 1 {
            return self.together(parts);
        }
        let one = |(n, chunk): (usize, &&[u32])| {
            let mut all = self.together(chunk);
            // At the ends a word may go on outside.
            if n > 0 && n + 1 < words.len() {
                all.retain(|phrase| self.spell(phrase).is_some());
            }
            all
        };
        woven(&words.iter().enumerate().map(one).collect::<Vec<_>>(), " ")
    }

    fn spaced(&self, parts: &[u32]) -> Vec<String> {
        woven(&parts.iter().map(|part| self.node(*part)).collect::<Vec<_>>(), " ")
    }

    /// Parts without a space between them.
    fn together(&self, parts: &[u32]) -> Vec<String> {
        let all: Vec<Vec<String>> = parts.iter().map(|part| self.node(*part)).collect();
        let ways: usize = all.iter().map(Vec::len).product();
        if ways > ENDINGS {
            return woven(&all, "");
        }
        all.iter().fold(vec![String::new()], |begun, ends| {
            begun.iter().flat_map(|b| ends.iter().map(move |end| format!("{b}{end}"))).collect()
        })
    }

    /// Whether the house has what a sentence is about: nobody speaks to a vacuum cleaner that is not there.
    fn is_for_house(&self, sentence: &Sentence) -> bool {
        let block = self.language.blocks.get(sentence.block);
        let Some(wanted) = block.and_then(|block| block.requires_context.get("domain")) else { return true };
        let one = |domain: &str| match wanted {
            Value::String(one) => one == domain,
            Value::Array(some) => some.iter().any(|one| one == domain),
            _ => true,
        };
        self.house.house.things.iter().any(|thing| one(&thing.domain))
    }

    /// `kinds`: only of the kinds that the house has.
    fn list(&self, list: u32, kinds: bool) -> Vec<String> {
        let things = &self.house.house.things;
        let has = |meaning: &usize| {
            let class = self.language.meanings.get(*meaning).and_then(|meaning| meaning.out.as_str());
            !kinds || things.iter().any(|thing| thing.device_class.as_deref() == class)
        };
        let known = |phrase: &String| self.spell(phrase).is_some();
        let all: Vec<String> = match self.language.lists.get(list as usize) {
            Some(List::Values(values)) => {
                let there = values.iter().filter(|(_, meaning)| has(meaning));
                there.flat_map(|(node, _)| self.node(*node as u32)).collect()
            }
            Some(List::Range { from, to, .. }) => {
                let within = |(_, value): &&(String, f64)| (*from..=*to).contains(value);
                let words = self.language.numbers.iter().flatten();
                words.filter(within).map(|(word, _)| word.clone()).collect()
            }
            Some(List::Names(kind)) => self.names(*kind),
            // Any words are no phrase.
            Some(List::Wildcard { .. }) | None => Vec::new(),
        };
        // Every name of the house can be said, however many there are.
        all.into_iter().filter(known).collect()
    }

    fn names(&self, kind: NameKind) -> Vec<String> {
        let house = &self.house.house;
        let all: Vec<&Vec<String>> = match kind {
            NameKind::Thing => house.things.iter().map(|t| &t.names).collect(),
            NameKind::Area => house.areas.iter().map(|a| &a.names).collect(),
            NameKind::Floor => house.floors.iter().map(|f| &f.names).collect(),
        };
        let all: BTreeSet<String> = all.into_iter().flatten().map(|name| fold(name).text).collect();
        all.into_iter().collect()
    }

    /// With single spaces, each word as the recogniser writes it.
    fn spell(&self, phrase: &str) -> Option<String> {
        phrase.split_whitespace().map(self.spelled).collect::<Option<Vec<_>>>().map(|words| words.join(" "))
    }
}

/// One of each part, side by side: the longest is gone through some times, and the others are mixed in.
fn woven(parts: &[Vec<String>], between: &str) -> Vec<String> {
    if parts.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let longest = parts.iter().map(Vec::len).max().unwrap_or(0);
    let rounds = if longest > 1 { ROUNDS } else { 1 };
    let one = |n: usize| {
        let picked = parts.iter().enumerate().map(|(k, part)| {
            let at = if part.len() == longest { n } else { mixed(n, k) };
            part.get(at % part.len()).map_or("", String::as_str)
        });
        picked.collect::<Vec<_>>().join(between)
    };
    at_most(longest.max(MOST), (0..longest * rounds).map(one).collect())
}

/// A number that has little to do with the next: so that in the rounds everything meets everything, and each time alike.
fn mixed(n: usize, part: usize) -> usize {
    let mut x = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (part as u64 + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x >> 33) as usize
}

/// At most so many, from all over.
fn few(all: Vec<String>) -> Vec<String> {
    at_most(MOST, all)
}

fn at_most(most: usize, mut all: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    all.retain(|phrase| seen.insert(phrase.clone()));
    if all.len() <= most {
        return all;
    }
    let every = all.len() as f64 / most as f64;
    (0..most).filter_map(|n| all.get((n as f64 * every) as usize).cloned()).collect()
}
