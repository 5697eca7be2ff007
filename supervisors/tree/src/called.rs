//! What the home calls that which is no node of the life graph: scenes, and browsers at walls, which log in as persons and are none.
//! Surfaces tell of them by these names, also when nothing runs.

use std::collections::{BTreeMap, BTreeSet};

use lares_config::Home;
use lares_graph::{Reader, StoreError};
use lares_model::Write;

/// Owner of the scenes' names among the graph's states; the key is the scene's, the value its name as UTF-8.
pub(crate) const SCENES: &str = "scene";
/// Owner of the names of browsers at walls; the key is that of the person as whom one logs in, the value the display's name as UTF-8.
pub(crate) const PANELS: &str = "panel";

/// What makes the kept names be those of the home: also without those that were taken out while nothing ran.
pub(crate) fn called(home: &Home, reader: &Reader) -> Result<Vec<Write>, StoreError> {
    let scenes = home.scenes.iter().map(|(key, scene)| (key.as_str(), scene.name.as_str())).collect();
    let browsers = home.displays.values().filter(|display| display.plate.is_none());
    let panels = browsers.filter_map(|display| Some((display.person.as_deref()?, display.name.as_str())));
    let mut writes = changes(SCENES, &scenes, reader.states(SCENES)?);
    writes.extend(changes(PANELS, &panels.collect(), reader.states(PANELS)?));
    Ok(writes)
}

/// Only what is another than it is kept.
fn changes(owner: &str, named: &BTreeMap<&str, &str>, kept: Vec<(String, Vec<u8>)>) -> Vec<Write> {
    let kept: BTreeMap<String, Vec<u8>> = kept.into_iter().collect();
    let all: BTreeSet<&str> = named.keys().copied().chain(kept.keys().map(String::as_str)).collect();
    let changed = all.into_iter().filter(|key| {
        named.get(key).map(|name| name.as_bytes()) != kept.get(*key).map(|bytes| bytes.as_slice())
    });
    let write = |key: &str| {
        let value = named.get(key).map(|name| name.as_bytes().to_vec());
        Write::PutState { owner: owner.into(), key: key.into(), value }
    };
    changed.map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_named_and_what_is_gone_is_forgotten() {
        let named = BTreeMap::from([("film", "Film"), ("guests", "Guests"), ("night", "Good night")]);
        let kept = [("film", "Film"), ("guests", "Visitors"), ("party", "Party")];
        let kept = kept.map(|(key, name)| (key.to_owned(), name.as_bytes().to_vec())).to_vec();
        let told: Vec<(String, Option<String>)> = changes(SCENES, &named, kept)
            .into_iter()
            .map(|write| match write {
                Write::PutState { key, value, .. } => {
                    (key.to_string(), value.map(|name| String::from_utf8(name).unwrap()))
                }
                other => panic!("{other:?}"),
            })
            .collect();
        let wanted = [("guests", Some("Guests")), ("night", Some("Good night")), ("party", None)];
        assert_eq!(told, wanted.map(|(key, name)| (key.to_owned(), name.map(str::to_owned))));
    }
}
