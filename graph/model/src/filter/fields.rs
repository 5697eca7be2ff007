//! Which fields a filter may name.

use super::{Filter, What};
use crate::{COMMON, FEATURES, OWN_PREFIX, PropType, Property, Slip, Wrong, is_own, one_of, prop_named};

/// The fields that every graph has, without properties of entities and of kinds.
pub const NODE_FIELDS: [&str; 26] = [
    "id",
    "kind",
    "key",
    "ref",
    "name",
    "room",
    "device",
    "link",
    "status",
    "status_detail",
    "value",
    "unit",
    "age",
    "stale",
    "removed",
    "component",
    "device_class",
    "state_class",
    "category",
    "slug",
    "unique_id",
    "manufacturer",
    "model",
    "sw_version",
    "suggested_area",
    "edges",
];

/// Fields that are about where a node is in the graph.
pub const PLACE_FIELDS: [&str; 3] = ["in", "near", "who"];

impl Filter {
    /// Whether each of its fields is one that a household's graph can have: what only its own nodes carry is not known
    /// here, so names of that kind must begin as those do.
    pub fn check(&self) -> Result<(), Wrong> {
        for term in self.terms() {
            let What::Field { name, name_at, .. } = &term.what else { continue };
            if !is_known(name) {
                return Err(unknown(name, name_at.clone()).of(self.text()));
            }
        }
        Ok(())
    }
}

fn is_known(name: &str) -> bool {
    let said = |name: &str| prop_named(name).is_some() || is_own(name);
    let until = || {
        name.strip_suffix("_in").is_some_and(|key| prop_named(key).is_some_and(|p| p.of == PropType::When))
    };
    NODE_FIELDS.contains(&name)
        || PLACE_FIELDS.contains(&name)
        || name == "label"
        || Property::parse(name).is_some()
        || said(name)
        || until()
}

fn unknown(name: &str, at: std::ops::Range<usize>) -> Slip {
    let props =
        FEATURES.iter().flat_map(|(_, kinds)| *kinds).flat_map(|d| d.props).chain(COMMON).map(|p| p.name);
    let own = NODE_FIELDS.into_iter().chain(PLACE_FIELDS).chain(["label"]);
    let mut all: Vec<&str> = own.chain(Property::ALL.iter().map(|p| p.name())).chain(props).collect();
    all.sort_unstable();
    all.dedup();
    let shares = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let begins = |k: &&str| shares(k, name) >= 3.min(name.len());
    let mut near: Vec<&str> = all.iter().copied().filter(begins).collect();
    near.sort_by_key(|k| std::cmp::Reverse(shares(k, name)));
    near.truncate(3);
    let help = if near.is_empty() {
        format!("the fields are {}, and {OWN_PREFIX}...", all.join(", "))
    } else {
        format!("did you mean {}? your own fields begin with {OWN_PREFIX}", one_of(near))
    };
    Slip::new(at, format!("there is no field `{name}`")).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_or_told() {
        for good in [
            "kind:task due<7d status:open",
            "my_shoe:39 in:hall",
            "due_in<60 label:garden brightness>2 dough",
        ] {
            Filter::parse(good).unwrap().check().unwrap();
        }
        let wrong = Filter::parse("kind:task statis:open").unwrap().check().unwrap_err();
        assert_eq!((wrong.at.clone(), wrong.message.as_str()), (10..16, "there is no field `statis`"));
        assert!(wrong.help.unwrap().contains("status"));
    }
}
