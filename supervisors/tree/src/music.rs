//! Players, streams and what moves them, as they come, change and go with the configuration.

use lares_config::{HomeDiff, MEDIA, MUSIC_ASSISTANT};

use crate::Household;
use crate::children::{link, link_keys, media};

/// Sections that music is made of.
const OF_MUSIC: [&str; 3] = ["media", "player", "stream"];

impl Household {
    /// The wire and the domain begin anew when anything of them changed; says what could not be done in time.
    pub(crate) async fn music(&self, difference: &HomeDiff) -> Vec<String> {
        let mut all = difference.added.iter().chain(&difference.changed).chain(&difference.removed);
        if !all.any(|section| OF_MUSIC.contains(&section.table)) {
            return Vec::new();
        }
        let supervisors = (
            self.house.supervisor("gateways"),
            self.house.supervisor("links"),
            self.house.supervisor("domains"),
        );
        let (Some(gateways), Some(links), Some(domains)) = supervisors else { return Vec::new() };
        let mut late = Vec::new();
        late.extend(gateways.remove(MEDIA).await.err());
        for key in [MEDIA, MUSIC_ASSISTANT] {
            match link_keys(&self.house).iter().any(|there| there == key) {
                true => late.extend(links.add(link(&self.house, key)).await.err()),
                false => late.extend(links.remove(key).await.err()),
            }
        }
        if let Some(gateway) = self.children_of("gateways").into_iter().find(|child| &*child.key == MEDIA) {
            late.extend(gateways.add(gateway).await.err());
        }
        match self.house.home().streams.is_empty() {
            true => late.extend(domains.remove("media").await.err()),
            false => late.extend(domains.add(media(&self.house)).await.err()),
        }
        late.iter().map(ToString::to_string).collect()
    }
}
