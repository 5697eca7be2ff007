//! Days, times and instants as people write them in properties and questions.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use lares_model::Timestamp;

/// What a written time stands for: from its first instant to its end, which is not in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stretch {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Stretch {
    pub fn instant(at: Timestamp) -> Self {
        Self { from: at, to: Timestamp(at.0.saturating_add(1)) }
    }

    fn between(from: Date, length: Span, zone: &TimeZone) -> Option<Self> {
        let at = |d: Date| d.to_zoned(zone.clone()).ok().map(|z| Timestamp(z.timestamp().as_microsecond()));
        Some(Self { from: at(from)?, to: at(from.checked_add(length).ok()?)? })
    }
}

/// `2026-11-25`, `2026-11`, `2026`, `2026-11-25T18:00`, RFC 3339, or RFC 3339 with a zone in brackets. Without a zone it is
/// meant in `zone`.
pub fn when(text: &str, zone: &TimeZone) -> Option<Stretch> {
    // Most texts in properties are no times, and this is asked of many.
    let bytes = text.as_bytes();
    if bytes.len() < 4 || !bytes.iter().take(4).all(u8::is_ascii_digit) {
        return None;
    }
    let exact = |at: jiff::Timestamp| Stretch::instant(Timestamp(at.as_microsecond()));
    match bytes.len() {
        4 => Stretch::between(format!("{text}-01-01").parse().ok()?, 1.year(), zone),
        7 => Stretch::between(format!("{text}-01").parse().ok()?, 1.month(), zone),
        // jiff reads `20261125` too; here that is a number.
        8 => None,
        10 => Stretch::between(text.parse().ok()?, 1.day(), zone),
        _ if text.ends_with(']') => text.parse::<jiff::Zoned>().ok().map(|z| exact(z.timestamp())),
        _ => match text.parse::<jiff::Timestamp>() {
            Ok(at) => Some(exact(at)),
            // The date comes first: jiff also reads a time out of other texts.
            Err(_) => {
                text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok().map(|z| exact(z.timestamp()))
            }
        },
    }
}

/// RFC 3339 in UTC, to the second if it is a whole one.
pub fn instant_text(at: Timestamp) -> Option<String> {
    jiff::Timestamp::from_microsecond(at.0).ok().map(|at| at.to_string())
}

/// `today`, `tomorrow`, `yesterday`, `now`, or as [`when`].
pub fn spoken(word: &str, now: Timestamp, zone: &TimeZone) -> Option<Stretch> {
    let day = |off: i64| {
        let now = jiff::Timestamp::from_microsecond(now.0).ok()?;
        let today = now.to_zoned(zone.clone()).date();
        Stretch::between(today.checked_add(off.days()).ok()?, 1.day(), zone)
    };
    match word {
        "now" => Some(Stretch::instant(now)),
        "today" => day(0),
        "tomorrow" => day(1),
        "yesterday" => day(-1),
        written => when(written, zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn at(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn written_times_stand_for_stretches_in_the_zone() {
        let cases = [
            ("2026-11-25", "2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z"),
            // A day of 23 hours.
            ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("2026-11", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
            ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
        ];
        for (text, from, to) in cases {
            let found = when(text, &berlin()).unwrap();
            assert_eq!((found.from.0, found.to.0), (at(from), at(to)), "{text}");
        }
        for text in ["2026-11-25T18:00", "2026-11-25T17:00:00Z", "2026-11-25T18:00:00+01:00[Europe/Berlin]"] {
            assert_eq!(
                when(text, &berlin()).unwrap(),
                Stretch::instant(Timestamp(at("2026-11-25T17:00:00Z"))),
                "{text}"
            );
        }
        for bad in ["", "soon", "20261125", "2026-13-01", "2026-11-25T25:00", "1234567890", "2026-11-2x"] {
            assert_eq!(when(bad, &berlin()), None, "{bad}");
        }
        let now = Timestamp(at("2026-11-25T23:30:00Z"));
        assert_eq!(spoken("today", now, &berlin()), when("2026-11-26", &berlin()));
        assert_eq!(spoken("tomorrow", now, &berlin()), when("2026-11-27", &berlin()));
    }
}
