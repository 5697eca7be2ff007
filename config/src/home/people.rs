//! Residents and guests.

use jiff::civil::{DateTime, Time};
use serde::Serialize;

use lares_model::Component;

use super::{EntityRef, Place, Thing};

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Person {
    pub place: Place,
    pub name: String,
    pub role: Role,
    /// Entities that tell whether the person is at home, or in which room.
    pub trackers: Vec<EntityRef>,
    /// Ids of what the person carries, as Bluetooth receivers call them: `phone:alex`, `irk:...`, `iBeacon:...`.
    pub beacons: Vec<String>,
    pub grant: Grant,
}

/// What narrows a person's rights, beside the role.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Grant {
    /// From then on the person has no rights; in the household's time.
    pub until: Option<DateTime>,
    /// Keys of the rooms that the person may act in; `None`: all.
    pub rooms: Option<Vec<String>>,
    /// The only things that the person may move: devices, with all their parts, and parts of devices; `None`: all.
    pub entities: Option<Vec<EntityRef>>,
    /// The only kinds of things that the person may move, as Home Assistant's domains; `None`: all.
    pub domains: Option<Vec<Component>>,
    /// From this time of day (within) to that (not within), over midnight where the first is later.
    pub hours: Option<(Time, Time)>,
}

/// What a person may do; a closed list, the most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Adult,
    Child,
    Guest,
}

impl Role {
    pub const NAMES: &[(&str, Self)] =
        &[("owner", Self::Owner), ("adult", Self::Adult), ("child", Self::Child), ("guest", Self::Guest)];

    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, role)| *role == self).map_or("", |(name, _)| name)
    }
}

impl Grant {
    /// Whether the person has rights at all at this moment, in the household's time.
    pub fn holds_at(&self, now: DateTime) -> bool {
        let within = |(from, to): (Time, Time)| {
            let time = now.time();
            if from <= to { from <= time && time < to } else { time >= from || time < to }
        };
        self.until.is_none_or(|until| now < until) && self.hours.is_none_or(within)
    }

    /// Whether the person may move this thing, for all that things and their kinds narrow. `name` is its reference: `hall-lamp.light`.
    pub fn reaches(&self, name: &str, component: Component) -> bool {
        let (device, slug) = name.split_once('.').unwrap_or((name, ""));
        let is = |of: &EntityRef| of.device == device && of.slug.as_deref().is_none_or(|of| of == slug);
        self.entities.as_ref().is_none_or(|all| all.iter().any(is))
            && self.domains.as_ref().is_none_or(|all| all.contains(&component))
    }

    /// Why this thing is not within it, and what is.
    pub(super) fn beyond(&self, who: &str, thing: &Thing<'_>) -> String {
        let of = |all: &[EntityRef]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let things = self.entities.as_deref().filter(|_| {
            let kinds = Self { domains: None, ..self.clone() };
            !kinds.reaches(thing.name, thing.component)
        });
        let kinds = self.domains.iter().flatten().map(|kind| kind.name().to_owned());
        let allowed = things.map_or_else(|| kinds.collect(), of).join(", ");
        format!("{who} may not move {} ({}): allowed are {allowed}", thing.name, thing.component.name())
    }

    /// Whether all things of the house are within it: it may still end, or hold at some hours only.
    pub fn is_whole(&self) -> bool {
        self.rooms.is_none() && self.entities.is_none() && self.domains.is_none()
    }

    /// Whether the person may act in this room; what is in no room only without such a limit.
    pub fn covers(&self, room: Option<&str>) -> bool {
        self.rooms.as_ref().is_none_or(|rooms| room.is_some_and(|room| rooms.iter().any(|r| r == room)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn a_grant_ends_by_itself_and_keeps_its_hours() {
        let day = date(2026, 11, 25);
        let at = |hour| day.at(hour, 0, 0, 0);
        assert!(Grant::default().holds_at(at(3)) && Grant::default().covers(None));
        let guest = Grant { until: Some(at(12)), ..Grant::default() };
        assert!(guest.holds_at(at(11)) && !guest.holds_at(at(12)));
        let day_time = Grant { hours: Some((time(8, 0, 0, 0), time(18, 0, 0, 0))), ..Grant::default() };
        assert!(day_time.holds_at(at(8)) && !day_time.holds_at(at(18)) && !day_time.holds_at(at(3)));
        let night = Grant { hours: Some((time(22, 0, 0, 0), time(6, 0, 0, 0))), ..Grant::default() };
        assert!(night.holds_at(at(23)) && night.holds_at(at(3)) && !night.holds_at(at(12)));
        let one = Grant { rooms: Some(vec!["hall".into()]), ..Grant::default() };
        let lamp = EntityRef { device: "lamp".into(), slug: None };
        let plug = EntityRef { device: "strip".into(), slug: Some("left".into()) };
        let some = Grant { entities: Some(vec![lamp, plug]), ..Grant::default() };
        for (name, reached) in [
            ("lamp.light", true),
            ("lamp", true),
            ("strip.left", true),
            ("strip.right", false),
            ("lamp-2.light", false),
        ] {
            assert_eq!(some.reaches(name, Component::Light), reached, "{name}");
        }
        let lights = Grant { domains: Some(vec![Component::Light]), ..some.clone() };
        assert!(
            lights.reaches("lamp.light", Component::Light)
                && !lights.reaches("lamp.power", Component::Switch)
        );
        assert!(Grant::default().is_whole() && !some.is_whole() && !lights.is_whole());
        assert!(one.covers(Some("hall")) && !one.covers(Some("bath")) && !one.covers(None));
    }
}
