//! How instants and lengths are told to people.

use std::time::Duration;

use jiff::tz::TimeZone;
use lares_model::{NodeId, Timestamp};

use super::{ReadError, Source};
use crate::tongue::{Tongue, say};

/// When and where something is told.
#[derive(Clone, Debug)]
pub struct Telling {
    pub now: Timestamp,
    pub zone: TimeZone,
    /// Whether the household runs: if not, all states are as old as they are.
    pub running: bool,
    /// The language of the household's own words.
    pub tongue: Tongue,
}

impl Telling {
    /// In the household's zone as the graph knows it; UTC if it does not.
    pub fn of(source: &dyn Source, now: Timestamp, running: bool) -> Result<Self, ReadError> {
        let node = source.node(NodeId::household())?;
        let name = node.as_ref().and_then(|n| n.props.get("time_zone")).and_then(|v| v.as_text());
        Ok(Self::in_zone(name.unwrap_or("UTC"), now, running))
    }

    pub fn in_zone(name: &str, now: Timestamp, running: bool) -> Self {
        let tongue = Tongue::default();
        Self { now, zone: TimeZone::get(name).unwrap_or(TimeZone::UTC), running, tongue }
    }

    /// The same in another language.
    pub fn spoken_in(self, tongue: Tongue) -> Self {
        Self { tongue, ..self }
    }

    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// What a clock in the household says now.
    pub fn time_of_day(&self) -> jiff::civil::Time {
        self.local(self.now).map_or(jiff::civil::Time::midnight(), |local| local.time())
    }

    fn local(&self, at: Timestamp) -> Option<jiff::Zoned> {
        Some(jiff::Timestamp::from_microsecond(at.0).ok()?.to_zoned(self.zone.clone()))
    }

    /// `19:04:12`, with its date if that is not today's.
    pub fn clock(&self, at: Timestamp) -> String {
        self.formatted(at, "%H:%M:%S")
    }

    /// As [`Telling::clock`], to the minute.
    pub fn hour(&self, at: Timestamp) -> String {
        self.formatted(at, "%H:%M")
    }

    /// As [`Telling::clock`], to the millisecond.
    pub fn fine_clock(&self, at: Timestamp) -> String {
        self.formatted(at, "%H:%M:%S%.3f")
    }

    fn formatted(&self, at: Timestamp, time: &str) -> String {
        let Some(local) = self.local(at) else { return format!("{}us", at.0) };
        let today = self.local(self.now).is_some_and(|now| now.date() == local.date());
        let date = if today { "" } else { "%Y-%m-%d " };
        local.strftime(&format!("{date}{time}")).to_string()
    }

    /// `4 s ago`; `in 5 min` if it is yet to come.
    pub fn ago(&self, at: Timestamp) -> String {
        if at <= self.now {
            return self.tongue.ago(self.now.since(at));
        }
        say!(self.tongue.phrases().yet_to_come, length = self.tongue.length(at.since(self.now)))
    }
}

/// `4 s ago`.
pub fn ago(age: Duration) -> String {
    Tongue::English.ago(age)
}

/// A length in its largest fitting unit: `4 s`, `12 min`, `3 h`, `9 d`.
pub fn length(length: Duration) -> String {
    Tongue::English.length(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_clocks_read_well() {
        let words = [(0, "0 ms"), (59, "59 s"), (180, "3 min"), (7_200, "2 h"), (200_000, "2 d")];
        for (s, text) in words {
            assert_eq!(length(Duration::from_secs(s)), text);
        }
        let now = Timestamp(1_763_824_800_123_456);
        let told = Telling::in_zone("Europe/Berlin", now, true);
        assert_eq!(told.fine_clock(now), "16:20:00.123");
        assert_eq!(told.clock(now - Duration::from_secs(86_400)), "2025-11-21 16:20:00");
        assert_eq!(told.ago(now + Duration::from_secs(300)), "in 5 min");
    }
}
