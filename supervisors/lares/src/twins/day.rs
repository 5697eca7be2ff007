//! A recorded day, played to the simulated devices at a chosen speed, and over again when it ends.
//!
//! Only what tells is played: a lamp that was switched that day was switched by that day's household. The day begins at the time
//! of day that it is now, so that at speed 1 its evening is the evening.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use lares_devices::Send;
use lares_devices::twins::{Twin, TwinKind};
use lares_model::Timestamp;
use lares_sim::recording::{Entry, Recording};
use lares_sim::twins::BASE_TOPIC;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A day that is being played.
pub(super) struct Day {
    /// In the order of their times.
    entries: Vec<Entry>,
    /// Names of the twins that it plays.
    plays: BTreeSet<String>,
    /// The instant of the day that it began with, and when that was.
    from: Timestamp,
    begun: Timestamp,
    speed: f64,
    /// Entries that are told, counted over all rounds.
    told: u64,
}

impl Day {
    /// # Errors
    /// It cannot be read, or holds nothing of these twins.
    pub fn open(
        path: &Path,
        speed: f64,
        twins: &BTreeMap<String, Twin>,
        zone: TimeZone,
        now: Timestamp,
    ) -> Result<Self, String> {
        let tell = |kind| {
            matches!(
                kind,
                TwinKind::Motion
                    | TwinKind::Door
                    | TwinKind::Climate
                    | TwinKind::Air
                    | TwinKind::Leak
                    | TwinKind::Smoke
                    | TwinKind::Phone
                    | TwinKind::Visitor
            )
        };
        let mut recording = Recording::open(path).map_err(|e| e.to_string())?;
        let (mut entries, mut plays) = (Vec::new(), BTreeSet::new());
        while let Some(entry) = recording.next_entry().map_err(|e| e.to_string())? {
            let entry = entry.map_err(|t| format!("{}, line {}: {}", path.display(), t.line, t.reason))?;
            let twin = entry.topic.strip_prefix(BASE_TOPIC).and_then(|rest| rest.strip_prefix('/'));
            if let Some(name) = twin.filter(|name| twins.get(*name).is_some_and(|t| tell(t.kind()))) {
                plays.insert(name.to_owned());
                entries.push(entry);
            }
        }
        entries.sort_by_key(|e| e.at);
        let Some(first) = entries.first().map(|e| e.at) else {
            return Err(format!("{} has nothing of this home's simulated devices", path.display()));
        };
        let of_day = |at: Timestamp| time_of_day(at, &zone);
        let ahead = of_day(now)?.checked_sub(of_day(first)?).unwrap_or_else(|| {
            // Its first line was told later in the day than it is now.
            of_day(now).unwrap_or_default() + DAY - of_day(first).unwrap_or_default()
        });
        let from = first + ahead;
        let told = entries.iter().take_while(|e| e.at <= from).count() as u64;
        Ok(Self { entries, plays, from, begun: now, speed, told })
    }

    pub fn plays(&self, twin: &str) -> bool {
        self.plays.contains(twin)
    }

    /// What time it is in the day; it goes on over all rounds.
    pub fn time(&self, now: Timestamp) -> Timestamp {
        self.from + now.since(self.begun).mul_f64(self.speed)
    }

    /// What is to be told by now.
    pub fn due(&mut self, now: Timestamp) -> Vec<Send> {
        let time = self.time(now);
        let mut due = Vec::new();
        while let Some((at, entry)) = self.nth(self.told).filter(|(at, _)| *at <= time) {
            tracing::debug!(at = at.0, topic = entry.topic, "recorded");
            due.push(send(entry));
            self.told += 1;
        }
        due
    }

    /// What each of them told last: how things stood where the day begins.
    pub fn last(&self) -> Vec<Send> {
        let mut last: BTreeMap<&str, &Entry> = BTreeMap::new();
        let before = self.told.checked_rem(self.entries.len() as u64).unwrap_or_default();
        let (earlier, later) = self.entries.split_at(before as usize);
        // What comes later today was so yesterday, too.
        for entry in later.iter().chain(earlier) {
            last.insert(&entry.topic, entry);
        }
        last.into_values().map(send).collect()
    }

    /// The entry with this number, and its time over all rounds.
    fn nth(&self, number: u64) -> Option<(Timestamp, &Entry)> {
        let length = self.entries.len() as u64;
        let (round, at) = (number.checked_div(length)?, number.checked_rem(length)?);
        let entry = self.entries.get(at as usize)?;
        Some((entry.at + DAY.saturating_mul(u32::try_from(round).ok()?), entry))
    }
}

fn send(entry: &Entry) -> Send {
    Send { topic: entry.topic.clone(), payload: entry.bytes.to_vec(), retain: true, qos: 1, expires: None }
}

fn time_of_day(at: Timestamp, zone: &TimeZone) -> Result<Duration, String> {
    let at = jiff::Timestamp::from_microsecond(at.0).map_err(|e| e.to_string())?.to_zoned(zone.clone());
    let hours = Duration::from_secs(3600) * u32::from(at.hour().unsigned_abs());
    let minutes = Duration::from_secs(60) * u32::from(at.minute().unsigned_abs());
    Ok(hours + minutes + Duration::from_secs(at.second().unsigned_abs().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    /// 2026-06-01T06:00:00Z
    const NOW: Timestamp = Timestamp(1_780_293_600_000_000);

    fn twins() -> BTreeMap<String, Twin> {
        let of = |name: &str, kind| (name.to_owned(), Twin::new(kind, name, BASE_TOPIC, "homeassistant"));
        [of("motion", TwinKind::Motion), of("lamp", TwinKind::Light), of("leak", TwinKind::Leak)].into()
    }

    /// Lines at these hours of 2026-01-13, in UTC.
    fn day(lines: &[(u8, &str, &str)], speed: f64) -> Result<Day, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("day.jsonl");
        let mut text = "{\"lares_recording\":1,\"zone\":\"UTC\"}\n".to_owned();
        for (hour, name, payload) in lines {
            text += &format!(
                "{{\"t\":\"2026-01-13T{hour:02}:00:00Z\",\"link\":\"mqtt\",\"topic\":\"lares-twins/{name}\",\"payload\":\"{payload}\"}}\n"
            );
        }
        std::fs::write(&file, text).unwrap();
        Day::open(&file, speed, &twins(), TimeZone::UTC, NOW)
    }

    fn told(sends: Vec<Send>) -> Vec<String> {
        sends.into_iter().map(|s| String::from_utf8(s.payload).unwrap()).collect()
    }

    #[test]
    fn it_begins_at_this_time_of_day_goes_as_fast_as_is_wanted_and_begins_anew() {
        let lines = [(1, "motion", "a"), (5, "motion", "b"), (9, "motion", "c"), (20, "lamp", "no")];
        let mut day = day(&lines, 60.0).unwrap();
        assert!(day.plays("motion") && !day.plays("lamp") && !day.plays("leak"));
        assert_eq!(told(day.last()), ["b"], "as it stands at six");
        assert!(day.due(NOW).is_empty());
        let minutes = |n: u32| NOW + Duration::from_secs(60) * n;
        assert!(day.due(minutes(2)).is_empty());
        assert_eq!(told(day.due(minutes(3))), ["c"], "three hours are three minutes");
        assert_eq!(told(day.last()), ["c"]);
        assert_eq!(told(day.due(minutes(24))), ["a", "b"], "and over again");
        assert_eq!(day.time(minutes(24)).since(day.time(NOW)), HOUR * 24);
    }

    #[test]
    fn a_day_that_is_none_is_said() {
        assert!(day(&[(1, "lamp", "x")], 1.0).err().unwrap().contains("nothing of this home"));
        assert!(Day::open("/nowhere".as_ref(), 1.0, &twins(), TimeZone::UTC, NOW).is_err());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("day.jsonl");
        std::fs::write(&file, "{\"lares_recording\":1,\"zone\":\"UTC\"}\nnonsense\n").unwrap();
        assert!(Day::open(&file, 1.0, &twins(), TimeZone::UTC, NOW).err().unwrap().contains("line 2"));
    }
}
