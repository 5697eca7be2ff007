//! The walk: for a node and a place in the text, every place where it can end and what it caught on the way. Rules and
//! lists are walked once for each place.

use smallvec::{SmallVec, smallvec};

use super::compile::{Language, Node};
use super::lists::{CompiledHouse, List, NameKind};
use super::needs::{NUMBER, has, mark, name};

/// Where a match ends, and what it caught (an index of [`Walk::caught`]; 0: nothing).
pub type End = (u16, u32);
type Ends = SmallVec<[End; 6]>;

/// What was caught: a leaf, or two one after the other.
#[derive(Clone, Copy, Debug)]
pub enum Caught {
    Nothing,
    Leaf(Leaf),
    Both(u32, u32),
}

/// One slot's value with the bytes that it took.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    pub slot: u16,
    pub from: u16,
    pub to: u16,
    pub value: LeafValue,
}

#[derive(Clone, Copy, Debug)]
pub enum LeafValue {
    /// A written value: index of its meaning.
    Meaning(usize),
    Number(f64),
    /// A name of the house.
    Name(super::lists::NameKind, usize),
    /// Any words.
    Words,
}

/// Ends kept for one rule or list at one place are at most so many: a text of many ways cannot take all memory.
const MOST_ENDS: usize = 64;
/// As for ends, of parts in any order.
const MOST_STATES: usize = 256;

/// One sentence being matched.
pub struct Walk<'a> {
    language: &'a Language,
    house: &'a CompiledHouse,
    text: &'a str,
    pub caught: Vec<(Caught, u64)>,
    /// For each rule, then for each list and slot, at each place: 1 + index of its ends.
    memo: Vec<u32>,
    kept: Vec<Ends>,
    /// The words that the text has (see [`super::needs`]).
    present: Vec<u64>,
    /// Of each set of words: whether the text has one of them, once somebody asked.
    met: Vec<Option<bool>>,
}

impl<'a> Walk<'a> {
    pub fn new(language: &'a Language, house: &'a CompiledHouse, text: &'a str) -> Self {
        let places = text.len() + 1;
        let rows = language.rules.len() + language.nodes.len() / 8;
        let mut present = language.needs.present(text);
        let begins = |at: &usize| *at == 0 || matches!(text.as_bytes().get(at - 1), Some(b' ' | b'\''));
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let rest = text.get(at..).unwrap_or("");
            for kind in [NameKind::Thing, NameKind::Area, NameKind::Floor] {
                if !has(&present, name(kind)) && house.names(kind).at(rest).next().is_some() {
                    mark(&mut present, name(kind));
                }
            }
            let digit = rest.as_bytes().first().is_some_and(u8::is_ascii_digit);
            if digit || begins(&at) && !has(&present, NUMBER) && language.number_word(rest) {
                mark(&mut present, NUMBER);
            }
        }
        Self {
            language,
            house,
            text,
            caught: vec![(Caught::Nothing, 0)],
            memo: vec![0; language.rules.len() * places],
            kept: Vec::with_capacity(rows),
            present,
            met: vec![None; language.needs.count()],
        }
    }

    /// Everything caught by a template over the whole text, once each.
    pub fn whole(&mut self, node: u32) -> SmallVec<[u32; 4]> {
        let mut ends = Ends::new();
        self.walk(node, 0, &mut ends);
        let end = self.text.len();
        ends.into_iter().filter(|(at, _)| usize::from(*at) == end).map(|(_, caught)| caught).collect()
    }

    /// The leaves of what was caught, in order.
    pub fn leaves(&self, caught: u32, into: &mut Vec<Leaf>) {
        match self.caught.get(caught as usize).map(|(c, _)| *c) {
            Some(Caught::Leaf(leaf)) => into.push(leaf),
            Some(Caught::Both(a, b)) => {
                self.leaves(a, into);
                self.leaves(b, into);
            }
            _ => {}
        }
    }

    /// Whether the text has what a node needs.
    fn has_all(&mut self, node: u32) -> bool {
        let language = self.language;
        language.needs.node(node).iter().all(|&set| match self.met.get(set as usize).copied().flatten() {
            Some(met) => met,
            None => {
                let met = language.needs.set(set).iter().any(|word| has(&self.present, *word));
                if let Some(kept) = self.met.get_mut(set as usize) {
                    *kept = Some(met);
                }
                met
            }
        })
    }

    fn can_begin(&self, node: u32, at: usize) -> bool {
        let node = node as usize;
        if self.language.nullable.get(node).copied().unwrap_or(true) {
            return true;
        }
        let Some(&byte) = self.text.as_bytes().get(at) else { return false };
        let words = self.language.first.get(node).and_then(|f| f.get(usize::from(byte >> 6)));
        words.is_some_and(|w| w & (1 << (byte & 63)) != 0)
    }

    fn keep(&self, ends: &mut Ends, end: End) {
        let hash = |c: u32| self.caught.get(c as usize).map_or(0, |(_, h)| *h);
        if ends.len() < MOST_ENDS && !ends.iter().any(|e| e.0 == end.0 && hash(e.1) == hash(end.1)) {
            ends.push(end);
        }
    }

    fn keep_if(&self, fits: bool, ends: &mut Ends, end: u16) {
        if fits {
            self.keep(ends, (end, 0));
        }
    }

    fn walk(&mut self, node: u32, at: u16, ends: &mut Ends) {
        let place = usize::from(at);
        if !self.can_begin(node, place) || !self.has_all(node) {
            return;
        }
        let language = self.language;
        match language.nodes.get(node as usize) {
            Some(Node::Word(word)) => {
                let rest = self.text.as_bytes().get(place..).unwrap_or(&[]);
                self.keep_if(rest.starts_with(word), ends, at + word.len() as u16);
            }
            Some(Node::Space) => {
                let bytes = self.text.as_bytes();
                if bytes.get(place) == Some(&b' ') {
                    self.keep(ends, (at + 1, 0));
                } else if place == 0
                    || place == bytes.len()
                    || matches!(bytes.get(place - 1), Some(b' ' | b'\''))
                {
                    self.keep(ends, (at, 0));
                }
            }
            Some(Node::Seq(parts)) => {
                for end in self.sequence(parts.iter().copied(), at) {
                    self.keep(ends, end);
                }
            }
            Some(Node::Either(parts)) => {
                for &part in parts {
                    self.walk(part, at, ends);
                }
            }
            Some(Node::Maybe(part)) => {
                self.walk(*part, at, ends);
                self.keep(ends, (at, 0));
            }
            Some(Node::AnyOrder(parts)) => self.any_order(parts, at, ends),
            Some(Node::Rule(rule)) => self.rule(*rule, at, ends),
            Some(Node::List { list, slot }) => self.list(*list, *slot, at, ends),
            None => {}
        }
    }

    fn sequence(&mut self, parts: impl Iterator<Item = u32>, at: u16) -> Ends {
        let mut states: Ends = smallvec![(at, 0)];
        for part in parts {
            let mut next = Ends::new();
            for (place, caught) in states {
                let mut ends = Ends::new();
                self.walk(part, place, &mut ends);
                for (end, more) in ends {
                    let both = self.both(caught, more);
                    self.keep(&mut next, (end, both));
                }
            }
            if next.is_empty() {
                return next;
            }
            states = next;
        }
        states
    }

    fn both(&mut self, a: u32, b: u32) -> u32 {
        if a == 0 || b == 0 {
            return a.max(b);
        }
        let hash = |c: u32| self.caught.get(c as usize).map_or(0, |(_, h)| *h);
        let joined = hash(a).wrapping_add(hash(b));
        self.caught.push((Caught::Both(a, b), joined));
        (self.caught.len() - 1) as u32
    }

    fn any_order(&mut self, parts: &[u32], at: u16, ends: &mut Ends) {
        let length = self.text.len();
        let nullable = |part: &u32| self.language.nullable.get(*part as usize).copied().unwrap_or(true);
        let free =
            parts.iter().enumerate().filter(|(_, part)| nullable(part)).fold(0, |m, (i, _)| m | 1 << i);
        let all = (1_u32 << parts.len()) - 1;
        // States are (which parts took something, where, what was caught). Parts that may take nothing need not be taken.
        let mut states: SmallVec<[(u32, u16, u32); 16]> = smallvec![(0, at, 0)];
        let mut next = 0;
        while let Some((done, place, caught)) = states.get(next).copied() {
            next += 1;
            if done | free == all {
                self.keep(ends, (place, caught));
            }
            let byte = |at: usize| self.text.as_bytes().get(at).copied();
            let from = if done != 0 && byte(usize::from(place)) == Some(b' ') { place + 1 } else { place };
            let before = usize::from(from).checked_sub(1).and_then(byte);
            // Parts stand apart.
            if usize::from(from) >= length || from != at && !matches!(before, Some(b' ' | b'\'')) {
                continue;
            }
            for (i, &part) in parts.iter().enumerate().filter(|(i, _)| done & (1 << i) == 0) {
                let mut found = Ends::new();
                self.walk(part, from, &mut found);
                for (end, more) in found.into_iter().filter(|(end, _)| *end > from) {
                    let state = (done | (1 << i), end, self.both(caught, more));
                    if states.len() < MOST_STATES && !self.is_known(&states, state) {
                        states.push(state);
                    }
                }
            }
        }
    }

    fn is_known(&self, states: &[(u32, u16, u32)], new: (u32, u16, u32)) -> bool {
        let hash = |c: u32| self.caught.get(c as usize).map_or(0, |(_, h)| *h);
        states.iter().any(|s| s.0 == new.0 && s.1 == new.1 && hash(s.2) == hash(new.2))
    }

    fn rule(&mut self, rule: u32, at: u16, ends: &mut Ends) {
        let Some(&node) = self.language.rules.get(rule as usize) else { return };
        let slot = rule as usize * (self.text.len() + 1) + usize::from(at);
        let found = match self.memo.get(slot).copied() {
            Some(kept) if kept > 0 => kept,
            _ => {
                let mut found = Ends::new();
                self.walk(node, at, &mut found);
                self.kept.push(found);
                let kept = self.kept.len() as u32;
                if let Some(memo) = self.memo.get_mut(slot) {
                    *memo = kept;
                }
                kept
            }
        };
        let count = self.kept.get(found as usize - 1).map_or(0, SmallVec::len);
        for i in 0..count {
            if let Some(end) = self.kept.get(found as usize - 1).and_then(|k| k.get(i)).copied() {
                self.keep(ends, end);
            }
        }
    }

    fn list(&mut self, list: u32, slot: u16, at: u16, ends: &mut Ends) {
        let language = self.language;
        let place = usize::from(at);
        match language.lists.get(list as usize) {
            Some(List::Values(values)) => {
                for &(node, meaning) in values {
                    let mut found = Ends::new();
                    self.walk(node as u32, at, &mut found);
                    for (end, _) in found {
                        self.leaf(slot, at, end, LeafValue::Meaning(meaning), ends);
                    }
                }
            }
            Some(List::Range { from, to, multiplier }) => {
                for (len, number) in self.numbers(place) {
                    if number >= *from && number <= *to {
                        self.leaf(slot, at, at + len as u16, LeafValue::Number(number * multiplier), ends);
                    }
                }
            }
            Some(List::Wildcard { inside }) => {
                let bytes = self.text.as_bytes();
                if bytes.get(place).is_none_or(|b| *b == b' ') {
                    return;
                }
                for end in place + 1..=bytes.len() {
                    let within =
                        *inside && bytes.get(end - 1) != Some(&b' ') && self.text.is_char_boundary(end);
                    if within || bytes.get(end).is_none_or(|b| *b == b' ') {
                        self.leaf(slot, at, end as u16, LeafValue::Words, ends);
                    }
                }
            }
            Some(List::Names(kind)) => {
                let (house, text) = (self.house, self.text);
                for (len, index) in house.names(*kind).at(text.get(place..).unwrap_or("")) {
                    self.leaf(slot, at, at + len as u16, LeafValue::Name(*kind, index), ends);
                }
            }
            None => {}
        }
    }

    fn leaf(&mut self, slot: u16, from: u16, to: u16, value: LeafValue, ends: &mut Ends) {
        let word = match value {
            LeafValue::Meaning(i) => i as u64 | 1 << 40,
            LeafValue::Number(n) => n.to_bits() ^ (1 << 41),
            LeafValue::Name(kind, i) => i as u64 | (2 + kind as u64) << 42,
            LeafValue::Words => u64::from(from) << 16 | u64::from(to) | 1 << 45,
        };
        let hash = (word ^ (u64::from(slot) << 48)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        self.caught.push((Caught::Leaf(Leaf { slot, from, to, value }), hash.rotate_left(23)));
        let caught = (self.caught.len() - 1) as u32;
        self.keep(ends, (to, caught));
    }

    /// The numbers that the text has at a place: bytes taken and value.
    fn numbers(&self, at: usize) -> SmallVec<[(usize, f64); 4]> {
        let text = self.text.get(at..).unwrap_or("");
        let digits = text
            .bytes()
            .enumerate()
            .take_while(|(i, b)| b.is_ascii_digit() || *b == b'.' || *i == 0 && *b == b'-')
            .count();
        if digits > 0 {
            let written = text.get(..digits).unwrap_or("").trim_end_matches('.');
            return written.parse().map(|n| smallvec![(written.len(), n)]).unwrap_or_default();
        }
        let first = text.as_bytes().first().copied().unwrap_or(0);
        let mut found = SmallVec::new();
        for (word, value) in self.language.numbers.get(usize::from(first)).into_iter().flatten() {
            let Some(rest) = text.strip_prefix(word.as_str()) else { continue };
            let counts = self.language.particle.is_none_or(|particle| particle.counts(word, rest));
            if counts {
                found.push((word.len(), *value));
            }
            if let Some(decimal) = rest.strip_prefix(self.language.point) {
                let tenth = decimal.as_bytes().first().copied().unwrap_or(0);
                for (digit, n) in self.language.numbers.get(usize::from(tenth)).into_iter().flatten() {
                    if *n < 10.0 && decimal.starts_with(digit.as_str()) {
                        let len = word.len() + self.language.point.len() + digit.len();
                        found.push((len, value + n / 10.0));
                    }
                }
            }
        }
        found
    }
}

impl Language {
    /// Whether a number in words begins here.
    fn number_word(&self, text: &str) -> bool {
        let first = text.as_bytes().first().copied().unwrap_or(0);
        let bucket = self.numbers.get(usize::from(first));
        bucket.is_some_and(|bucket| bucket.iter().any(|(word, _)| text.starts_with(word.as_str())))
    }
}
