//! Sunrise and sunset, after the equations of NOAA's solar calculator (Meeus, Astronomical Algorithms), with `libm` so
//! that every machine gets the same instant.

use jiff::civil::Date;
use lares_config::SunEvent;
use lares_model::Timestamp;
use libm::{acos, asin, cos, sin, tan};

/// Degrees below the horizon at which the sun's upper limb is seen on it: 34' of refraction and 16' of radius.
const HORIZON: f64 = -0.833;

fn radians(degrees: f64) -> f64 {
    degrees * std::f64::consts::PI / 180.0
}

/// Days since 2000-01-01T12:00Z, in fractions.
#[allow(clippy::cast_precision_loss, reason = "microseconds of centuries fit 53 bits closely enough")]
fn days(at: Timestamp) -> f64 {
    (at.0 as f64 / 1e6 - 946_728_000.0) / 86_400.0
}

/// The sun's declination (radians) and the equation of time (minutes).
fn position(days: f64) -> (f64, f64) {
    let t = days / 36_525.0;
    let mean_longitude = radians((280.466_46 + t * (36_000.769_83 + t * 0.000_303_2)).rem_euclid(360.0));
    let anomaly = radians(357.529_11 + t * (35_999.050_29 - 0.000_153_7 * t));
    let eccentricity = 0.016_708_634 - t * (0.000_042_037 + 0.000_000_126_7 * t);
    let centre = sin(anomaly) * (1.914_602 - t * (0.004_817 + 0.000_014 * t))
        + sin(2.0 * anomaly) * (0.019_993 - 0.000_101 * t)
        + sin(3.0 * anomaly) * 0.000_289;
    let omega = radians(125.04 - 1_934.136 * t);
    let apparent = mean_longitude + radians(centre) - radians(0.005_69 + 0.004_78 * sin(omega));
    let obliquity = radians(23.439_291 - t * 0.013_004_2 + 0.002_56 * cos(omega));
    let declination = asin(sin(obliquity) * sin(apparent));
    let y = tan(obliquity / 2.0) * tan(obliquity / 2.0);
    let equation = y * sin(2.0 * mean_longitude) - 2.0 * eccentricity * sin(anomaly)
        + 4.0 * eccentricity * y * sin(anomaly) * cos(2.0 * mean_longitude)
        - 0.5 * y * y * sin(4.0 * mean_longitude)
        - 1.25 * eccentricity * eccentricity * sin(2.0 * anomaly);
    (declination, 4.0 * equation * 180.0 / std::f64::consts::PI)
}

/// Whether the sun's upper limb is above the horizon. Coordinates in degrees north and east.
pub fn sun_is_up(at: Timestamp, latitude: f64, longitude: f64) -> bool {
    let d = days(at);
    let (declination, equation) = position(d);
    let minutes = (d + 0.5).rem_euclid(1.0) * 1_440.0;
    let hour_angle = radians((minutes + equation + 4.0 * longitude) / 4.0 - 180.0);
    let latitude = radians(latitude);
    let elevation =
        asin(sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour_angle));
    elevation > radians(HORIZON)
}

/// Sunrise or sunset of a local calendar day; `None` where the sun does not cross the horizon on it.
#[allow(clippy::cast_possible_truncation, reason = "minutes of a day")]
pub fn sun_event(event: SunEvent, date: Date, latitude: f64, longitude: f64) -> Option<Timestamp> {
    let midnight = date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond();
    let mut minutes = 720.0 - 4.0 * longitude;
    for _ in 0..3 {
        let at = Timestamp(midnight + (minutes * 60e6) as i64);
        let (declination, equation) = position(days(at));
        let latitude = radians(latitude);
        let cosine = cos(radians(90.0 - HORIZON)) / (cos(latitude) * cos(declination))
            - tan(latitude) * tan(declination);
        if !(-1.0..=1.0).contains(&cosine) {
            return None;
        }
        let angle = acos(cosine) * 180.0 / std::f64::consts::PI;
        let side = if event == SunEvent::Sunrise { -angle } else { angle };
        minutes = 720.0 - 4.0 * longitude + 4.0 * side - equation;
    }
    Some(Timestamp(midnight + (minutes * 60.0) as i64 * 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn minutes_from(at: Timestamp, text: &str) -> f64 {
        let told: jiff::Timestamp = text.parse().unwrap();
        (at.0 - told.as_microsecond()) as f64 / 60e6
    }

    /// Published times: US Naval Observatory's for Greenwich 2024-06-20 (03:43, 20:21 UTC) and Quito at the equinox.
    #[test]
    fn sunrise_and_sunset_are_within_two_minutes_of_almanacs() {
        let day = date(2024, 6, 20);
        let rise = sun_event(SunEvent::Sunrise, day, 51.4779, 0.0).unwrap();
        let set = sun_event(SunEvent::Sunset, day, 51.4779, 0.0).unwrap();
        assert!(minutes_from(rise, "2024-06-20T03:43:00Z").abs() < 2.0, "{rise:?}");
        assert!(minutes_from(set, "2024-06-20T20:21:00Z").abs() < 2.0, "{set:?}");
        assert!(!sun_is_up(Timestamp(rise.0 - 120_000_000), 51.4779, 0.0));
        assert!(sun_is_up(Timestamp(rise.0 + 120_000_000), 51.4779, 0.0));
    }

    #[test]
    fn in_the_far_north_there_are_days_without_either() {
        assert_eq!(sun_event(SunEvent::Sunrise, date(2024, 6, 20), 75.0, 20.0), None);
        assert_eq!(sun_event(SunEvent::Sunset, date(2024, 12, 20), 75.0, 20.0), None);
    }

    #[test]
    fn a_local_day_far_from_greenwich_has_its_own_sunset() {
        let set = sun_event(SunEvent::Sunset, date(2011, 6, 15), 46.73, -117.18).unwrap();
        // Pullman, Washington: noon by the sun at 19:49 UTC, a day of 15 h 50 min; its end is on the next day of UTC.
        assert!(minutes_from(set, "2011-06-16T03:44:00Z").abs() < 2.0, "{set:?}");
    }
}
