//! Instants as they are typed.

use jiff::civil;
use lares_model::Timestamp;

use super::{Telling, duration};

/// `10m` (ago), `18:00` (today; the day before if that is yet to come), `2026-11-22`, `2026-11-22T18:00`, or RFC 3339.
pub fn instant(text: &str, told: &Telling) -> Result<Timestamp, String> {
    if let Ok(ago) = duration(text) {
        return Ok(told.now - ago);
    }
    if let Ok(exact) = text.parse::<jiff::Timestamp>() {
        return Ok(Timestamp(exact.as_microsecond()));
    }
    let now = jiff::Timestamp::from_microsecond(told.now.0).map_err(|e| e.to_string())?;
    let today = now.to_zoned(told.zone.clone()).date();
    let wrong = || format!("`{text}` is no instant: write 10m, 18:00, 2026-11-22 or 2026-11-22T18:00");
    let at = |c: civil::DateTime| {
        c.to_zoned(told.zone.clone()).map(|z| Timestamp(z.timestamp().as_microsecond())).map_err(|_| wrong())
    };
    // Dates first: a time is also read out of a date with one.
    if let Ok(dated) = text.parse::<civil::DateTime>() {
        return at(dated);
    }
    let time: civil::Time = text.parse().map_err(|_| wrong())?;
    let found = at(today.to_datetime(time))?;
    if found <= told.now {
        return Ok(found);
    }
    at(today.yesterday().map_err(|_| wrong())?.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::Moment;

    #[test]
    fn instants_are_read_in_the_households_zone() {
        let now: Moment = "2026-11-22T15:00:00Z".parse().unwrap();
        let told = Telling::in_zone("Europe/Berlin", now.0, true);
        let cases = [
            ("10m", "2026-11-22T14:50:00.000000Z"),
            ("14:30", "2026-11-22T13:30:00.000000Z"),
            ("23:00", "2026-11-21T22:00:00.000000Z"),
            ("2026-11-20", "2026-11-19T23:00:00.000000Z"),
            ("2026-07-01T12:00", "2026-07-01T10:00:00.000000Z"),
            ("2026-11-22T14:59:00Z", "2026-11-22T14:59:00.000000Z"),
        ];
        for (typed, utc) in cases {
            assert_eq!(Moment(instant(typed, &told).unwrap()).to_string(), utc, "{typed}");
        }
        for bad in ["", "yesterday", "25:00", "2026-13-01"] {
            assert!(instant(bad, &told).is_err(), "{bad}");
        }
    }
}
