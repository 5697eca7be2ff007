//! When something comes again, by a rule of RFC 5545: FREQ, INTERVAL, COUNT, UNTIL, BYDAY (of weeks), BYMONTHDAY. A rule with other parts
//! has no repetitions here: a wrong day would be worse than none.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use lares_model::Timestamp;

use super::when;

/// As many periods are looked at: a daily habit of a hundred years.
const MOST: usize = 40_000;

struct Rule {
    step: Span,
    unit: Unit,
    count: Option<usize>,
    until: Option<Timestamp>,
    days: Vec<Weekday>,
    month_days: Vec<i8>,
}

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// The times in `[from, to)`, each as an instant and as it would be written; the first is what `begin` says.
pub(super) fn repetitions(
    rule: &str,
    begin: &str,
    zone: &TimeZone,
    (from, to): (Timestamp, Timestamp),
) -> Vec<(Timestamp, String)> {
    let Some((first, is_day)) = civil(begin, zone) else { return Vec::new() };
    let Some(rule) = parse(rule, zone) else { return Vec::new() };
    let instant =
        |at: DateTime| at.to_zoned(zone.clone()).ok().map(|z| Timestamp(z.timestamp().as_microsecond()));
    let mut found = Vec::new();
    let mut told = 0_usize;
    for n in 0..MOST {
        let Some(period) = span(rule.step, n).and_then(|s| first.date().checked_add(s).ok()) else { break };
        for day in days(&rule, first.date(), period) {
            let Some(at) = instant(day.to_datetime(first.time())) else { continue };
            if rule.until.is_some_and(|until| at > until)
                || rule.count.is_some_and(|count| told >= count)
                || at >= to
            {
                return found;
            }
            told += 1;
            if at >= from {
                let text = if is_day { day.to_string() } else { day.to_datetime(first.time()).to_string() };
                found.push((at, text));
            }
        }
    }
    found
}

fn span(step: Span, n: usize) -> Option<Span> {
    step.checked_mul(i64::try_from(n).ok()?).ok()
}

/// In the zone; and whether it is a day without an hour.
fn civil(text: &str, zone: &TimeZone) -> Option<(DateTime, bool)> {
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return Some((day.to_datetime(jiff::civil::Time::midnight()), true));
    }
    let at = jiff::Timestamp::from_microsecond(when(text, zone)?.from.0).ok()?;
    Some((at.to_zoned(zone.clone()).datetime(), false))
}

fn parse(rule: &str, zone: &TimeZone) -> Option<Rule> {
    let mut parsed = Rule {
        step: Span::new(),
        unit: Unit::Day,
        count: None,
        until: None,
        days: vec![],
        month_days: vec![],
    };
    let mut interval = 1_i64;
    let mut unit = None;
    for part in rule.trim().split(';').filter(|p| !p.is_empty()) {
        let (key, value) = part.split_once('=')?;
        match key {
            "FREQ" => {
                unit = Some(match value {
                    "DAILY" => Unit::Day,
                    "WEEKLY" => Unit::Week,
                    "MONTHLY" => Unit::Month,
                    "YEARLY" => Unit::Year,
                    _ => return None,
                });
            }
            "INTERVAL" => interval = value.parse().ok().filter(|n| *n > 0)?,
            "COUNT" => parsed.count = Some(value.parse().ok()?),
            "UNTIL" => parsed.until = Some(until(value, zone)?),
            "BYDAY" => parsed.days = value.split(',').map(weekday).collect::<Option<_>>()?,
            "BYMONTHDAY" => {
                parsed.month_days = value
                    .split(',')
                    .map(|d| d.parse().ok().filter(|d| (1..=31).contains(d)))
                    .collect::<Option<_>>()?;
            }
            "WKST" if value == "MO" => {}
            _ => return None,
        }
    }
    parsed.unit = unit?;
    parsed.step = match parsed.unit {
        Unit::Day => interval.days(),
        Unit::Week => interval.weeks(),
        Unit::Month => interval.months(),
        Unit::Year => interval.years(),
    };
    let fits = (parsed.days.is_empty() || matches!(parsed.unit, Unit::Week | Unit::Day))
        && (parsed.month_days.is_empty() || parsed.unit == Unit::Month);
    fits.then_some(parsed)
}

/// `20261231` or `20261231T220000Z`.
fn until(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let at = |format: &str| DateTime::strptime(format, text.trim_end_matches('Z')).ok();
    if text.len() == 8 {
        let day = Date::strptime("%Y%m%d", text).ok()?;
        return Some(when(&day.to_string(), zone)?.to);
    }
    let zone = if text.ends_with('Z') { TimeZone::UTC } else { zone.clone() };
    at("%Y%m%dT%H%M%S")?.to_zoned(zone).ok().map(|z| Timestamp(z.timestamp().as_microsecond()))
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

/// The days of one period, not before the first.
fn days(rule: &Rule, first: Date, period: Date) -> Vec<Date> {
    let mut all: Vec<Date> = match rule.unit {
        Unit::Week if !rule.days.is_empty() => {
            let back = i64::from(period.weekday().to_monday_zero_offset());
            let Ok(monday) = period.checked_sub(back.days()) else { return Vec::new() };
            let day = |d: &Weekday| monday.checked_add(i64::from(d.to_monday_zero_offset()).days()).ok();
            rule.days.iter().filter_map(day).collect()
        }
        Unit::Day if !rule.days.is_empty() => {
            [period].into_iter().filter(|d| rule.days.contains(&d.weekday())).collect()
        }
        Unit::Month if !rule.month_days.is_empty() => {
            rule.month_days.iter().filter_map(|d| Date::new(period.year(), period.month(), *d).ok()).collect()
        }
        // The 31st does not come in every month, the 29th of February not in every year.
        Unit::Month | Unit::Year if period.day() != first.day() => Vec::new(),
        _ => vec![period],
    };
    all.sort();
    all.retain(|d| *d >= first);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(rule: &str, begin: &str) -> Vec<String> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let end = |t: &str| when(t, &zone).unwrap().from;
        let found = repetitions(rule, begin, &zone, (end("2026-10-20"), end("2026-12-01")));
        found.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn rules_come_again_in_the_zone() {
        // Over the night in which clocks go back: at the same hour.
        let weekly = days("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4", "2026-10-22T18:00");
        let told =
            ["2026-10-22T18:00:00", "2026-10-26T18:00:00", "2026-10-29T18:00:00", "2026-11-02T18:00:00"];
        assert_eq!(weekly, told);
        assert_eq!(days("FREQ=MONTHLY", "2026-08-31"), ["2026-10-31"]);
        assert_eq!(days("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-01-01"), ["2026-11-01", "2026-11-15"]);
        assert_eq!(days("FREQ=DAILY;INTERVAL=10;UNTIL=20261101", "2026-10-01"), ["2026-10-21", "2026-10-31"]);
        assert_eq!(days("FREQ=YEARLY", "1980-11-25"), ["2026-11-25"]);
        // What is not understood has no wrong days.
        assert!(days("FREQ=MONTHLY;BYDAY=2MO", "2026-01-01").is_empty());
        assert!(days("nonsense", "2026-01-01").is_empty());
    }
}
