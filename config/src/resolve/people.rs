//! `[person.*]`.

use std::collections::BTreeMap;

use super::Scope;
use super::names::{name_or_key, sections, unique_names};
use crate::decode::Fields;
use crate::home::{Person, Role};

pub(crate) fn people(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Person> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "person") {
        let role = fields.required("role", "write role = \"owner\", \"adult\", \"child\" or \"guest\"");
        let person = Person {
            place: fields.node.place(),
            name: name_or_key(&fields, &key),
            // Least rights where it can't be read; the home is refused anyway.
            role: role.and_then(|n| n.word(Role::NAMES)).unwrap_or(Role::Guest),
            trackers: fields.list("trackers").iter().filter_map(|n| n.entity(scope)).collect(),
        };
        fields.finish();
        out.insert(key, person);
    }
    unique_names(top, "person", out.iter().map(|(key, person)| (key.as_str(), person.name.as_str())));
    out
}
