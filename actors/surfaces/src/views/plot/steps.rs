//! How wide a point is.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// Widths that are chosen from: those that people count in. The finest is the finest that is kept.
const WIDTHS_S: [u64; 13] = [
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    30 * DAY,
];

/// How wide the points of a plot are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotStep {
    /// Each sample.
    Sample,
    /// So wide each, at least five minutes.
    Width(Duration),
    /// At most so many points, each sample if they are no more.
    Points(usize),
}

impl Default for PlotStep {
    /// As many as a screen has room for.
    fn default() -> Self {
        Self::Points(400)
    }
}

/// A bar takes the room of so many points of a line.
pub(super) const BAR: usize = 7;

/// The narrowest width of which at most `points` fill `span`; the widest there is, if none does.
pub(super) fn fitting(span: Duration, points: usize) -> Duration {
    let points = u64::try_from(points).unwrap_or(u64::MAX);
    let fits = |width: &&u64| span.as_secs() / **width <= points;
    Duration::from_secs(WIDTHS_S.iter().find(fits).copied().unwrap_or(30 * DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_of_the_dashboard_have_widths_that_people_count_in() {
        let days = |n: u64| Duration::from_secs(n * DAY);
        for (span, points, width_s) in [
            (days(1), 400, 5 * MINUTE),
            (days(7), 400, 30 * MINUTE),
            (days(30), 400, 2 * HOUR),
            (days(365), 400, DAY),
            (days(1), 400 / BAR, 30 * MINUTE),
            (days(7), 400 / BAR, 3 * HOUR),
            (days(30), 400 / BAR, DAY),
            (days(365), 400 / BAR, 7 * DAY),
            (days(365), 2, 30 * DAY),
            (days(36_500), 2, 30 * DAY),
            (Duration::ZERO, 2, 5 * MINUTE),
        ] {
            assert_eq!(fitting(span, points).as_secs(), width_s, "{span:?} in {points}");
        }
    }
}
