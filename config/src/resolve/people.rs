//! `[person.*]`.

use std::collections::BTreeMap;

use super::Scope;
use super::names::{name_or_key, sections, unique_names};
use crate::Place;
use crate::decode::Fields;
use crate::home::{Person, Role};

pub(crate) fn people(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Person> {
    let mut out = BTreeMap::new();
    let mut carried: BTreeMap<String, (String, Place)> = BTreeMap::new();
    for (key, fields) in sections(top, "person") {
        let role = fields.required("role", "write role = \"owner\", \"adult\", \"child\" or \"guest\"");
        let person = Person {
            place: fields.node.place(),
            name: name_or_key(&fields, &key),
            // Least rights where it can't be read; the home is refused anyway.
            role: role.and_then(|n| n.word(Role::NAMES)).unwrap_or(Role::Guest),
            trackers: fields.list("trackers").iter().filter_map(|n| n.entity(scope)).collect(),
            beacons: fields.list("beacons").iter().map(|n| n.label().unwrap_or_default()).collect(),
        };
        for (at, node) in fields.list("beacons").iter().enumerate() {
            let Some(id) = person.beacons.get(at) else { continue };
            if let Some((other, place)) = carried.insert(id.clone(), (key.clone(), node.place())) {
                let message = format!("beacon {id:?} is already carried by person {other:?} at {place}");
                node.clash("duplicate-binding", message, "one person carries a beacon", place);
            }
        }
        fields.finish();
        out.insert(key, person);
    }
    unique_names(top, "person", out.iter().map(|(key, person)| (key.as_str(), person.name.as_str())));
    out
}
