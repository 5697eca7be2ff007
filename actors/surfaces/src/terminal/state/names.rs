//! What things are called, as far as it has been told.

use crate::terminal::rows::{Order, Wish};
use crate::terminal::text::safe;
use crate::tongue::say;
use crate::views::word_of;

use super::State;

impl State {
    /// The name of a room; its key where it is not known.
    pub(in crate::terminal) fn room_name(&self, key: &str) -> String {
        let room = self.home.as_ref().and_then(|home| home.rooms.iter().find(|room| room.key == key));
        safe(room.map_or(key, |room| &room.name))
    }

    /// The name of a device or a part of one, or of what else can be wished of; its reference where none is known.
    pub(in crate::terminal) fn called(&self, target: &str) -> String {
        if let Some(key) = target.strip_prefix("room:").and_then(|rest| rest.strip_suffix("/light")) {
            return say!(self.said().lights_of, room = self.room_name(key));
        }
        let device = target.split_once('.').map_or(target, |(device, _)| device);
        let device = self.devices.iter().flatten().find(|d| d.id == device);
        let part = device.and_then(|d| d.entities.iter().find(|e| e.id == target));
        let daily = |device: &crate::views::DeviceView| {
            device.entities.iter().filter(|e| e.category.is_none() && !e.controls.is_empty()).count()
        };
        let seen = || self.home.iter().flat_map(|home| &home.rooms).flat_map(|room| &room.entities);
        safe(match (device, part) {
            // What there is one of in a device, as the device.
            (Some(device), Some(_)) if daily(device) == 1 => &device.name,
            (_, Some(part)) => &part.name,
            (Some(device), None) => &device.name,
            (None, None) => seen().find(|e| e.id == target).map_or(target, |e| &e.name),
        })
    }

    /// What is wished, in words.
    pub(in crate::terminal) fn wish_words(&self, wish: &Wish) -> String {
        let said = self.said();
        match wish.order {
            Order::Answer if wish.value == serde_json::Value::Bool(true) => {
                return say!(said.yes_to, what = safe(&wish.target));
            }
            Order::Answer => return say!(said.no_to, what = safe(&wish.target)),
            Order::Stop => return say!(said.stop, what = safe(&wish.target)),
            Order::Set => {}
        }
        let entities = self.devices.iter().flatten().flat_map(|d| &d.entities);
        let entity = entities.into_iter().find(|e| e.id == wish.target);
        let word = entity.and_then(|e| word_of(self.tongue().code(), e, Some(&wish.property), &wish.value));
        let value = word
            .map_or_else(|| crate::terminal::pages::value(self.tongue(), &wish.value, None), str::to_owned);
        let called = self.called(&wish.target);
        match lares_model::Property::parse(&wish.property) {
            Some(lares_model::Property::On) | None => format!("{called} {value}"),
            Some(property) if word.is_none() => {
                format!("{called} {} {value}", self.tongue().property_called(property))
            }
            Some(_) => format!("{called} {value}"),
        }
    }
}
