//! From what the walk caught to what was meant, the likeliest first.

use std::collections::BTreeMap;

use serde_json::Value;

use super::apart::apart;
use super::compile::Language;
use super::fold::{Folded, fold};
use super::grammar::Block;
use super::house::{House, Thing};
use super::lists::{CompiledHouse, NameKind};
use super::matcher::{Leaf, LeafValue, Walk};

/// The value of a slot.
#[derive(Clone, Debug, PartialEq)]
pub enum SlotValue {
    Text(String),
    Number(f64),
    /// Index into [`House::things`].
    Thing(usize),
    /// Index into [`House::areas`].
    Area(usize),
    /// Index into [`House::floors`].
    Floor(usize),
}

/// What a sentence can mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    pub intent: String,
    pub slots: BTreeMap<String, SlotValue>,
    /// Higher is likelier; equal ones cannot be told apart.
    rank: (i32, i32, i32),
}

impl Understood {
    pub fn thing(&self) -> Option<usize> {
        match self.slots.get("name") {
            Some(SlotValue::Thing(i)) => Some(*i),
            _ => None,
        }
    }

    pub fn text(&self, slot: &str) -> Option<&str> {
        match self.slots.get(slot) {
            Some(SlotValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self, slot: &str) -> Option<f64> {
        match self.slots.get(slot) {
            Some(SlotValue::Number(n)) => Some(*n),
            _ => None,
        }
    }

    /// A meaning that was not found in a sentence of its own.
    pub fn of(intent: &str, slots: BTreeMap<String, SlotValue>) -> Self {
        Self { intent: intent.to_owned(), slots, rank: (0, 0, 0) }
    }

    /// Whether any words at all could stand where some of them do.
    pub fn is_wild(&self) -> bool {
        self.rank.0 < 0
    }

    /// Whether nothing in the sentence makes the one likelier than the other.
    pub fn ties_with(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

/// More than a name weighs.
const SOME: i32 = 10;
/// Longer ones are not commands.
const LONGEST: usize = 400;

impl Language {
    /// What a sentence can mean in a house, the likeliest first; empty: nothing that this language has a sentence for.
    pub fn understand(&self, sentence: &str, house: &CompiledHouse) -> Vec<Understood> {
        let mut folded = fold(sentence);
        if folded.text.len() > LONGEST {
            return Vec::new();
        }
        self.without_skipped(&mut folded);
        let all = self.read(&folded, house);
        if !all.is_empty() {
            return all;
        }
        let apart = apart(&folded, house).map(|apart| self.read(&apart, house)).unwrap_or_default();
        if !apart.is_empty() {
            return apart;
        }
        // What any words could mean is not guessed at from half a sentence.
        let mut bare = self.without_loose(&folded).map(|bare| self.read(&bare, house)).unwrap_or_default();
        bare.retain(|meant| !meant.is_wild());
        bare
    }

    fn read(&self, folded: &Folded, house: &CompiledHouse) -> Vec<Understood> {
        let mut walk = Walk::new(self, house, &folded.text);
        let mut all: Vec<Understood> = Vec::new();
        let mut leaves = Vec::new();
        for template in &self.sentences {
            for caught in walk.whole(template.node) {
                leaves.clear();
                walk.leaves(caught, &mut leaves);
                let Some(block) = self.blocks.get(template.block) else { continue };
                let Some(meant) = self.meant(template.intent, block, &leaves, folded, &house.house) else {
                    continue;
                };
                match all.iter_mut().find(|u| u.intent == meant.intent && u.slots == meant.slots) {
                    Some(same) => same.rank = same.rank.max(meant.rank),
                    None => all.push(meant),
                }
            }
        }
        // "Lights on" can ask or order: without a word that asks, it orders.
        all.sort_by_key(|u| (std::cmp::Reverse(u.rank), u.intent == "HassGetState"));
        all
    }

    fn meant(
        &self,
        intent: usize,
        block: &Block,
        leaves: &[Leaf],
        folded: &Folded,
        house: &House,
    ) -> Option<Understood> {
        let mut slots: BTreeMap<String, SlotValue> = BTreeMap::new();
        for (slot, value) in &block.slots {
            slots.insert(slot.clone(), plain(value));
        }
        let (mut wild, mut named, mut some) = (0, 0, 0);
        for leaf in leaves {
            let value = match leaf.value {
                LeafValue::Number(n) => SlotValue::Number(n),
                LeafValue::Name(NameKind::Thing, i) => SlotValue::Thing(i),
                LeafValue::Name(NameKind::Area, i) => SlotValue::Area(i),
                LeafValue::Name(NameKind::Floor, i) => SlotValue::Floor(i),
                LeafValue::Words => {
                    wild += i32::from(leaf.to - leaf.from);
                    SlotValue::Text(folded.original(leaf.from.into(), leaf.to.into()).to_owned())
                }
                LeafValue::Meaning(i) => {
                    let meaning = self.meanings.get(i)?;
                    for (slot, value) in &meaning.slots {
                        slots.insert(slot.clone(), plain(value));
                    }
                    plain(&meaning.out)
                }
            };
            let slot = self.slots.get(usize::from(leaf.slot))?;
            named += i32::from(leaf.to - leaf.from)
                * match leaf.value {
                    LeafValue::Name(NameKind::Thing, _) => 2,
                    LeafValue::Name(..) => 1,
                    // Of the garage door and the door of the garage the former is said by more of its letters.
                    LeafValue::Meaning(_) if slot == "device_class" => 1,
                    _ => 0,
                };
            // `{x:_}` is read over; `{x:_some}` says that any of a kind is meant, not the one that is called so.
            match slot.as_str() {
                "_" => {}
                "_some" => some = SOME,
                _ => drop(slots.insert(slot.clone(), value)),
            }
        }
        let mut fits = some;
        if let Some(SlotValue::Thing(thing)) = slots.get("name") {
            let thing = house.things.get(*thing)?;
            let class = thing.device_class.as_deref();
            let wants = |key: &str, has: Option<&str>| match block.requires_context.get(key) {
                Some(wanted) => one_of(wanted, has),
                None => true,
            };
            if !wants("domain", Some(&thing.domain)) || !wants("device_class", class) {
                return None;
            }
            let not = |key: &str, has: Option<&str>| {
                block.excludes_context.get(key).is_some_and(|unwanted| one_of(unwanted, has))
            };
            if not("domain", Some(&thing.domain)) || not("device_class", class) {
                return None;
            }
            // A slot that says what kind the thing is must be true.
            for (slot, has) in [("domain", Some(thing.domain.as_str())), ("device_class", class)] {
                if let Some(SlotValue::Text(said)) = slots.get(slot)
                    && Some(said.as_str()) != has
                {
                    return None;
                }
            }
            fits += 6 + 2 * i32::from(!block.requires_context.is_empty());
            if let Some(SlotValue::Area(area)) = slots.get("area") {
                let here = house.areas.get(*area).map(|a| a.id.as_str()) == thing.area.as_deref();
                fits += if here { 2 } else { -6 };
            }
        } else {
            fits += known(&slots, house);
        }
        let intent = self.intents.get(intent)?.clone();
        Some(Understood { intent, slots, rank: (-wild, fits, named) })
    }
}

/// Of a kind that is told and nothing named: 2 if the house has such where they are looked for, else 0; 1 if it has such of a finer kind
/// elsewhere: in a room without windows those are meant that can be somewhere, sensors or such that move.
fn known(slots: &BTreeMap<String, SlotValue>, house: &House) -> i32 {
    let text = |slot: &str| match slots.get(slot) {
        Some(SlotValue::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let Some(domain) = text("domain") else { return 0 };
    let class = text("device_class");
    let area = match slots.get("area") {
        Some(SlotValue::Area(area)) => house.areas.get(*area).map(|a| a.id.as_str()),
        _ => None,
    };
    let such = |t: &Thing| t.domain == domain && (class.is_none() || t.device_class.as_deref() == class);
    let there = |t: &Thing| area.is_none() || t.area.as_deref() == area;
    let all = || house.things.iter().filter(|thing| such(thing));
    if all().any(there) { 2 } else { i32::from(class.is_some() && all().next().is_some()) }
}

fn one_of(wanted: &Value, has: Option<&str>) -> bool {
    match wanted {
        Value::String(one) => has == Some(one),
        Value::Array(some) => some.iter().any(|one| one.as_str() == has && has.is_some()),
        Value::Object(slot) => slot.get("value").is_none_or(|value| one_of(value, has)),
        _ => true,
    }
}

fn plain(value: &Value) -> SlotValue {
    match value {
        Value::String(text) => SlotValue::Text(text.clone()),
        Value::Number(n) => SlotValue::Number(n.as_f64().unwrap_or(0.0)),
        other => SlotValue::Text(other.to_string()),
    }
}
