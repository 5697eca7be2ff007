//! Satellites and the voice server as they come, change and go with the configuration.

use lares_config::{HomeDiff, SATELLITES, SatelliteConfig, SectionKey};

use crate::Household;
use crate::children::link;

/// What listens by `[voice]` itself.
const OF_VOICE: [&str; 3] = ["ears", "wyoming", "mdns"];

impl Household {
    /// What is concerned begins anew; says what could not be done in time. All satellites speak by what `[voice]` says.
    pub(crate) async fn voice(&self, difference: &HomeDiff) -> Vec<String> {
        let named = |of: &[SectionKey], table: &str| of.iter().any(|k| k.table == table);
        let all = [&difference.added, &difference.changed, &difference.removed];
        let voice = all.iter().any(|of| named(of, "voice"));
        if !voice && !all.iter().any(|of| named(of, "satellite")) {
            return Vec::new();
        }
        let (Some(surfaces), Some(links)) =
            (self.house.supervisor("surfaces"), self.house.supervisor("links"))
        else {
            return Vec::new();
        };
        let is_new = |key: &str| difference.added.iter().any(|k| k.table == "satellite" && k.key == key);
        let mut late = Vec::new();
        if self.house.home().satellites.is_empty() {
            late.extend(links.remove(SATELLITES).await.err());
        } else if self.house.home().satellites.keys().all(|key| is_new(key)) {
            late.extend(links.add(link(&self.house, SATELLITES)).await.err());
        }
        let touched = |key: &str| {
            let satellite =
                |k: &&SectionKey| k.table == "satellite" && SatelliteConfig::device(&k.key) == key;
            let changed = difference.added.iter().chain(&difference.changed).any(|k| satellite(&k));
            changed || (voice && (OF_VOICE.contains(&key) || key.starts_with("satellite-")))
        };
        for gone in difference.removed.iter().filter(|k| k.table == "satellite") {
            late.extend(surfaces.remove(&SatelliteConfig::device(&gone.key)).await.err());
        }
        let made = self.children_of("surfaces");
        for key in OF_VOICE.iter().filter(|key| voice && !made.iter().any(|child| &*child.key == **key)) {
            late.extend(surfaces.remove(key).await.err());
        }
        for child in made.into_iter().filter(|child| touched(&child.key)) {
            late.extend(surfaces.add(child).await.err());
        }
        late.iter().map(ToString::to_string).collect()
    }
}
