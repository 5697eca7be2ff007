//! What is said of music: paused, skipped, louder, kept here. In which rooms it plays stands in `rooms_of_music.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::meaning::{Meaning, Said, Wish, one};
use super::understand::{Thing, Understood};
use super::which_music::Which;

/// So long a guest's "keep it here" stands.
const A_WHILE: Duration = Duration::from_secs(2 * 3_600);
/// Percent that "louder" and "softer" are.
const STEP: f64 = 10.0;

impl Said<'_> {
    /// The meaning of a sentence about music; `None`: it is about something else.
    pub(super) fn music(&self, understood: &Understood) -> Option<Meaning> {
        Some(match self.wish_of_music(understood)? {
            Err(which) if which.is_empty() => Meaning::NoSuchThing,
            Err(which) => Meaning::Which(which),
            Ok(wish) if wish.sets.is_empty() => Meaning::NoSuchThing,
            Ok(wish) => Meaning::Wish(wish),
        })
    }

    fn wish_of_music(&self, understood: &Understood) -> Option<Result<Wish, Which>> {
        let state = |word: &str| one("state", json!(word));
        Some(match understood.intent.as_str() {
            "HassMediaPause" => {
                self.players(understood, "", &|thing| match self.is_one_of_several(thing, understood) {
                    true => one("muted", json!(true)),
                    false => state("paused"),
                })
            }
            "HassMediaUnpause" => {
                self.players(understood, "", &|thing| match self.is_out_of_several(thing, understood) {
                    Some(stream) => one("source", json!(stream)),
                    None => state("playing"),
                })
            }
            "HassMediaNext" => self.players(understood, ".next", &|_| one("press", json!(true))),
            "HassMediaPrevious" => self.players(understood, ".previous", &|_| one("press", json!(true))),
            "HassMediaPlayerMute" => self.players(understood, "", &|_| one("muted", json!(true))),
            "HassMediaPlayerUnmute" => self.players(understood, "", &|_| one("muted", json!(false))),
            "HassSetVolume" => {
                let volume = understood.number("volume_level")?;
                self.players(understood, "", &|_| one("volume", json!(volume)))
            }
            "HassSetVolumeRelative" => {
                let by = match understood.text("volume_step") {
                    Some("up") => STEP,
                    Some("down") => -STEP,
                    _ => understood.number("volume_step")?,
                };
                self.players(understood, "", &|thing| {
                    let now = self.entity(&thing.id)?.properties.get("volume")?.as_f64()?;
                    one("volume", json!((now + by).clamp(0.0, 100.0)))
                })
            }
            "LaresMediaAlso" => self.also(&self.named_rooms(understood), understood),
            "LaresMediaEverywhere" => self.also(&self.loudspeakers(), understood),
            "LaresMediaOnly" => self.only(&self.named_rooms(understood), understood),
            "LaresMediaStay" => Ok(self.follow(understood, false)),
            "LaresMediaFollow" => Ok(self.follow(understood, true)),
            _ => return None,
        })
    }

    /// Players that are meant and can do it. Of a device's other entities (`.next`) the one beside the player.
    fn players(
        &self,
        understood: &Understood,
        beside: &str,
        values: &dyn Fn(&Thing) -> Option<BTreeMap<String, Value>>,
    ) -> Result<Wish, Which> {
        let (mut sets, mut skipped) = (Vec::new(), BTreeSet::new());
        let meant = match self.music_elsewhere(understood)? {
            Some(music) => music,
            None => self.meant(understood, Some("media_player")),
        };
        for thing in meant {
            let device = thing.id.split_once('.').map_or(thing.id.as_str(), |(device, _)| device);
            let id = if beside.is_empty() { thing.id.clone() } else { format!("{device}{beside}") };
            let Some(values) = values(thing) else { continue };
            let can = |e: &&crate::views::EntityView| {
                values.keys().all(|property| e.controls.iter().any(|c| c.property == *property))
            };
            // Without a room, what plays nowhere is not meant: nobody hears it.
            let idle = |id: &str| self.entity(id).is_some_and(|e| e.state == json!("idle"));
            let everywhere = self.here.is_none() && understood.thing().is_none();
            let silent = everywhere && thing.area.is_some() && idle(&thing.id);
            // A stream is skipped once, in however many rooms it is heard.
            let stream = self.stream_of(thing).or_else(|| device.strip_prefix("stream-"));
            let again = !beside.is_empty() && stream.is_some_and(|stream| skipped.contains(stream));
            if !silent && !again && self.entity(&id).filter(can).is_some() {
                skipped.extend(stream);
                sets.push((id, values));
            }
        }
        Ok(Wish { sets, ..Wish::default() })
    }

    /// The streams of the players that are meant follow, or stay. Who does not live here does not say where somebody's music goes: they
    /// hold what plays in their room, for a while and as long as somebody is there.
    fn follow(&self, understood: &Understood, follows: bool) -> Wish {
        if !self.may_list {
            return self.hold_here(understood, follows);
        }
        let meant = self.meant(understood, Some("media_player")).into_iter();
        let source = |thing: &Thing| {
            let entity = self.entity(&thing.id)?;
            let source = entity.properties.get("source").and_then(Value::as_str);
            // A stream itself has no source.
            let stream = match source {
                Some(source) => format!("stream-{source}"),
                None => thing.id.split_once('.')?.0.to_owned(),
            };
            Some(format!("{stream}.follow")).filter(|id| self.entity(id).is_some())
        };
        let mut ids: Vec<String> = meant.filter_map(source).collect();
        ids.sort();
        ids.dedup();
        let set = |id| (id, BTreeMap::from([("on".to_owned(), json!(follows))]));
        Wish { sets: ids.into_iter().map(set).collect(), ..Wish::default() }
    }

    /// What plays where it is said is held, or let go: the same once more, and it does not stand.
    fn hold_here(&self, understood: &Understood, follows: bool) -> Wish {
        let plays = |thing: &Thing| {
            let entity = self.entity(&thing.id)?;
            let source = entity.properties.get("source").and_then(Value::as_str);
            let stream = source.filter(|source| !matches!(*source, "none" | "other"))?;
            Some((thing.id.clone(), BTreeMap::from([("source".to_owned(), json!(stream))])))
        };
        let meant = self.meant(understood, Some("media_player")).into_iter();
        let here = meant.filter(|thing| thing.area.is_some());
        let hold = (!follows).then_some(A_WHILE);
        Wish { sets: here.filter_map(plays).collect(), hold, ..Wish::default() }
    }
}
