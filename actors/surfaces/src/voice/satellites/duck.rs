//! Music is lowered while the house speaks in its room, and is as loud as before afterwards: by two claims, so that a kill in the middle, or
//! somebody who turns the knob meanwhile, ends as it should. Nothing is started, and nothing is paused.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_kernel::{Act, Aim, HoldFor, Intent};
use lares_model::{Causes, Level, Origin, Property, Value};

use crate::control::{Asked, Trouble};
use crate::views::{self, DeviceView, HoldView};

/// Claims are renewed while it speaks, and end by themselves when nobody renews them.
const HOLDS: Duration = Duration::from_secs(20);
pub const RENEW: Duration = Duration::from_secs(10);
/// The source of what holds it low, and of what it was before: that one gives way to everybody, and is what is left when nobody else holds
/// it.
const LOW: &str = "voice:speech";
const BEFORE: &str = "voice:before";

/// Players that are lowered in a household, and how many speak there: two voices in a room lower it once.
#[derive(Default)]
pub struct Ducks(Mutex<BTreeMap<String, usize>>);

impl Ducks {
    fn enter(&self, player: &str) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(player.to_owned()).or_default();
        *count += 1;
        *count == 1
    }

    fn leave(&self, player: &str) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(player.to_owned()).or_default();
        *count = count.saturating_sub(1);
        let last = *count == 0;
        if last {
            all.remove(player);
        }
        last
    }
}

/// A player, how loud it is, and how loud it is to be. Percent.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowered {
    player: String,
    before: f64,
    low: f64,
}

/// Players of a room that are heard. `holds`: one that is held low yet, from before a kill, was louder before.
fn lowered(devices: &[DeviceView], holds: &[HoldView], room: &str, percent: u8) -> Vec<Lowered> {
    let all = devices.iter().flat_map(|device| &device.entities);
    let here = all.filter(|e| e.component == "media_player" && e.room.as_deref() == Some(room));
    let plays = here.filter(|e| {
        let is = |property: &str, what: serde_json::Value| e.properties.get(property) == Some(&what);
        is("state", "playing".into()) && !is("muted", true.into())
    });
    plays
        .filter_map(|e| {
            let held =
                holds.iter().find(|h| h.entity == e.id && h.property == "volume" && h.source == BEFORE);
            let now = e.properties.get("volume")?.as_f64()?;
            let before = held.and_then(|hold| hold.value.as_f64()).unwrap_or(now);
            let low = (before * f64::from(percent) / 100.0).round();
            (low < before).then(|| Lowered { player: e.id.clone(), before, low })
        })
        .collect()
}

/// Music of a room that is low. It is as before when this is dropped.
pub struct Ducked {
    asked: Asked,
    ducks: Arc<Ducks>,
    all: Vec<Lowered>,
}

/// Lowers what is heard in a room to so many percent of what it is.
pub async fn duck(asked: &Asked, ducks: &Arc<Ducks>, room: &str, percent: u8) -> Option<Ducked> {
    if percent >= 100 {
        return None;
    }
    let room = room.to_owned();
    let read = asked.read_as_it_is(move |source, told| {
        let devices = views::devices(source, told, false).map_err(Trouble::failed)?;
        let holds = views::plan(source, told).map_err(Trouble::failed)?.holds;
        Ok(lowered(&devices, &holds, &room, percent))
    });
    let all = match read.await {
        Ok(all) => all,
        Err(trouble) => {
            tracing::warn!(why = trouble.message, "music stays as loud as it is");
            return None;
        }
    };
    let all: Vec<Lowered> = all.into_iter().filter(|one| ducks.enter(&one.player)).collect();
    let ducked = Ducked { asked: asked.clone(), ducks: ducks.clone(), all };
    ducked.renew();
    Some(ducked).filter(|ducked| !ducked.all.is_empty())
}

impl Ducked {
    /// It still speaks.
    pub fn renew(&self) {
        for Lowered { player, before, low } in &self.all {
            // What it was before is held for longer: it is what is left when the other ends by itself.
            for (source, level, volume, length) in
                [(BEFORE, Level::Default, *before, HOLDS * 2), (LOW, Level::Person, *low, HOLDS)]
            {
                let values = [(Property::Volume, Value::Number(volume))].into();
                let act = Act::set(values, HoldFor::For(length));
                self.wish(player, source, level, act, "the house speaks here");
            }
        }
    }

    fn wish(&self, player: &str, source: &str, level: Level, act: Act, reason: &str) {
        self.asked.setup.door.tell(Intent {
            source: source.into(),
            origin: Origin::System,
            level,
            target: Aim::Name(player.to_owned()),
            act,
            reason: reason.into(),
            causes: Causes::new(),
            basis: None,
            reply: None,
            again: false,
            token: None,
        });
    }
}

impl Drop for Ducked {
    fn drop(&mut self) {
        for one in self.all.iter().filter(|one| self.ducks.leave(&one.player)) {
            // What it was before comes into its own, unless somebody else holds it by now; then nobody of ours does.
            for (source, level) in [(LOW, Level::Person), (BEFORE, Level::Default)] {
                let act = Act::Release { properties: vec![Property::Volume] };
                self.wish(&one.player, source, level, act, "the house has spoken");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn player(id: &str, room: &str, properties: serde_json::Value) -> DeviceView {
        let entity = json!({ "id": id, "unique_id": id, "component": "media_player", "name": id, "room": room,
            "state": "playing", "unit": null, "device_class": null, "status": "online", "stale": false, "age_s": null,
            "properties": properties, "controls": [] });
        let device = json!({ "id": id, "name": id, "room": room, "identifiers": [], "link": "mqtt",
            "manufacturer": null, "model": null, "status": "online", "status_detail": null,
            "entities": [entity], "running": true });
        serde_json::from_value(device).unwrap()
    }

    #[test]
    fn what_is_heard_in_the_room_is_lowered_and_what_it_was_before_is_not_forgotten() {
        let devices = [
            player("a.player", "kitchen", json!({ "state": "playing", "volume": 70.0, "muted": false })),
            player("b.player", "kitchen", json!({ "state": "paused", "volume": 70.0 })),
            player("c.player", "kitchen", json!({ "state": "playing", "volume": 70.0, "muted": true })),
            player("d.player", "hall", json!({ "state": "playing", "volume": 70.0 })),
            player("e.player", "kitchen", json!({ "state": "playing", "volume": 0.0 })),
        ];
        let of = |before: f64, low: f64| Lowered { player: "a.player".to_owned(), before, low };
        assert_eq!(lowered(&devices, &[], "kitchen", 20), [of(70.0, 14.0)]);
        // After a kill it is low yet, and was louder.
        let held = HoldView {
            entity: "a.player".to_owned(),
            property: "volume".to_owned(),
            source: BEFORE.to_owned(),
            level: "default".to_owned(),
            value: json!(90.0),
            until: None,
            reason: String::new(),
            text: String::new(),
        };
        assert_eq!(lowered(&devices, &[held], "kitchen", 50), [of(90.0, 45.0)]);
    }

    #[test]
    fn two_voices_lower_it_once_and_the_last_gives_it_back() {
        let ducks = Ducks::default();
        assert!(ducks.enter("a") && !ducks.enter("a"));
        assert!(!ducks.leave("a") && ducks.leave("a"));
        assert!(ducks.enter("a"));
    }
}
