//! Arbitration of the claims on one property. Pure: who stands, who goes before whom, who is next.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_model::{Claim, Level, Rival, Timestamp, Until, Value};
use serde::{Deserialize, Serialize};

/// Source of the claim that a device's own switch makes.
pub const HAND: &str = "hand";

/// A claim that stays, also as it is kept among the graph's states.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Hold {
    #[serde(flatten)]
    pub claim: Claim,
    /// Its place in the order of arrival on its property: a newer one goes before an older one of the same level.
    #[serde(default)]
    pub order: u64,
}

impl Hold {
    /// As it is kept: what its own serialisation says, written at once instead of by way of a map.
    pub fn kept(&self) -> Option<Vec<u8>> {
        #[derive(Serialize)]
        struct Kept<'a> {
            source: &'a str,
            level: Level,
            value: &'a Value,
            until: Until,
            reason: &'a str,
            order: u64,
        }
        let Claim { source, level, value, until, reason } = &self.claim;
        let kept = Kept { source, level: *level, value, until: *until, reason, order: self.order };
        serde_json::to_vec(&kept).ok()
    }
}

/// The holds on one property, by source.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Holds(BTreeMap<Arc<str>, Hold>);

impl Holds {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Hold> {
        self.0.values()
    }

    /// The hold that decides: the lowest level, among equals the newest.
    pub fn winner(&self) -> Option<&Hold> {
        self.0.values().min_by_key(|h| (h.claim.level, std::cmp::Reverse(h.order)))
    }

    /// The hold that goes before a new claim of `source` at `level`. A hand on the switch gives way to any person
    /// who wishes later: people outrank the memory of a switch.
    pub fn before(&self, source: &str, level: Level) -> Option<&Hold> {
        let yields = |h: &&Hold| &*h.claim.source == HAND && level <= Level::Person;
        self.0
            .values()
            .filter(|h| &*h.claim.source != source && h.claim.level < level && !yields(h))
            .min_by_key(|h| (h.claim.level, std::cmp::Reverse(h.order)))
    }

    /// What else stands on the property, for the record.
    pub fn rivals(&self, source: &str) -> Vec<Rival> {
        let rival = |h: &Hold| Rival {
            source: h.claim.source.clone(),
            level: h.claim.level,
            value: h.claim.value.clone(),
        };
        self.0.values().filter(|h| &*h.claim.source != source).map(rival).collect()
    }

    /// The place of the next hold in the order of arrival.
    pub fn next_order(&self) -> u64 {
        self.0.values().map(|h| h.order + 1).max().unwrap_or(1)
    }

    pub fn put(&mut self, hold: Hold) {
        self.0.insert(hold.claim.source.clone(), hold);
    }

    pub fn remove(&mut self, source: &str) -> Option<Hold> {
        self.0.remove(source)
    }

    /// Sources whose holds have ended by `now`. The one that decides comes last, so that none of the others, which are
    /// over as well, moves anything when it goes.
    pub fn ended(&self, now: Timestamp) -> Vec<Arc<str>> {
        let over = |h: &&Hold| matches!(h.claim.until, Until::At(end) if end <= now);
        let mut ended: Vec<&Hold> = self.0.values().filter(over).collect();
        ended.sort_by_key(|h| (std::cmp::Reverse(h.claim.level), h.order));
        ended.into_iter().map(|h| h.claim.source.clone()).collect()
    }

    /// All that end at an instant end so many microseconds later.
    pub fn shift(&mut self, by: i64) {
        for hold in self.0.values_mut() {
            if let Until::At(end) = &mut hold.claim.until {
                end.0 = end.0.saturating_add(by);
            }
        }
    }

    pub fn next_end(&self) -> Option<Timestamp> {
        let end = |h: &Hold| match h.claim.until {
            Until::At(end) => Some(end),
            _ => None,
        };
        self.0.values().filter_map(end).min()
    }

    pub fn value_of(&self, source: &str) -> Option<&Value> {
        self.0.get(source).map(|h| &h.claim.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(source: &str, level: Level, n: u64) -> Hold {
        let claim = Claim {
            source: source.into(),
            level,
            value: Value::Bool(true),
            until: Until::Released,
            reason: "test".into(),
        };
        Hold { claim, order: n }
    }

    #[test]
    fn a_hold_is_kept_as_it_always_was() {
        let until = [Until::Momentary, Until::Released, Until::At(Timestamp(7))];
        let values = [Value::Bool(true), Value::Number(21.5), Value::text("\"open\""), Value::Rgb(1, 2, 3)];
        for (until, value) in until.iter().flat_map(|u| values.iter().map(move |v| (*u, v.clone()))) {
            let mut hold = hold("rule:a", Level::Rule, 7);
            (hold.claim.until, hold.claim.value) = (until, value);
            assert_eq!(hold.kept(), serde_json::to_vec(&hold).ok());
        }
    }

    #[test]
    fn the_lowest_level_decides_and_among_equals_the_newest() {
        let mut holds = Holds::default();
        holds.put(hold("rule:a", Level::Rule, 1));
        holds.put(hold("rule:b", Level::Rule, 2));
        assert_eq!(&*holds.winner().unwrap().claim.source, "rule:b");
        holds.put(hold("person:anna", Level::Person, 0));
        assert_eq!(&*holds.winner().unwrap().claim.source, "person:anna");
        assert!(holds.before("rule:c", Level::Rule).is_some());
        assert!(holds.before("person:ben", Level::Person).is_none(), "equals may compete");
        assert!(holds.before("person:anna", Level::Rule).is_none(), "nobody stands before himself");
    }

    #[test]
    fn a_hand_on_the_switch_yields_to_people_and_not_to_rules() {
        let mut holds = Holds::default();
        holds.put(hold(HAND, Level::PhysicalSwitch, 1));
        assert!(holds.before("rule:a", Level::Rule).is_some());
        assert!(holds.before("person:anna", Level::Person).is_none());
    }

    #[test]
    fn the_order_in_which_holds_arrive_does_not_matter() {
        let all = [
            hold("a", Level::Rule, 3),
            hold("b", Level::Comfort, 9),
            hold("c", Level::Rule, 5),
            hold("d", Level::Person, 1),
        ];
        let mut orders = vec![all.to_vec()];
        for i in 0..all.len() {
            let mut order = all.to_vec();
            order.rotate_left(i);
            orders.push(order.clone());
            order.reverse();
            orders.push(order);
        }
        for order in orders {
            let mut holds = Holds::default();
            order.into_iter().for_each(|h| holds.put(h));
            assert_eq!(&*holds.winner().unwrap().claim.source, "d");
            holds.remove("d");
            assert_eq!(&*holds.winner().unwrap().claim.source, "c");
        }
    }
}
