//! Residents and guests.

use jiff::civil::{DateTime, Time};
use serde::Serialize;

use super::{EntityRef, Place};

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
        assert!(one.covers(Some("hall")) && !one.covers(Some("bath")) && !one.covers(None));
    }
}
