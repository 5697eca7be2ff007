//! When nothing was known: a device that could not be reached, a value older than it promised to be.

use std::time::Duration;

use lares_model::{Body, NodeId, Status, Stored, Timestamp};

use crate::views::{ReadError, Source};

/// From one instant to another.
pub(super) type Span = (Timestamp, Timestamp);

/// Entries about a thing that are looked through, so many at once: beyond these, the oldest silences are not known.
const MOST: usize = 2_000;
const PAGE: usize = 200;

/// When a thing that is `current` now could not be reached within a span.
pub(super) fn gone(
    source: &dyn Source,
    id: NodeId,
    current: &Status,
    (from, to): Span,
) -> Result<Vec<Span>, ReadError> {
    let (mut found, mut end, mut before) = (Vec::new(), to, None);
    let mut changed = false;
    for _ in 0..MOST / PAGE {
        let page = source.history(id, before, PAGE)?;
        before = page.last().map(|stored| stored.event.id);
        for Stored { event, .. } in &page {
            // Nothing changed in all the span: it has been as it is now.
            if event.at < from && !changed {
                return Ok(if is_away(current) { vec![(from, to)] } else { Vec::new() });
            }
            let Body::StatusChanged { status } = &event.body else { continue };
            changed = true;
            if is_away(status) && event.at < end {
                found.push((event.at.max(from), end));
            }
            end = end.min(event.at);
            if end <= from {
                return Ok(found);
            }
        }
        if page.len() < PAGE {
            break;
        }
    }
    Ok(found)
}

fn is_away(status: &Status) -> bool {
    matches!(status, Status::Offline(_) | Status::Quarantined(_) | Status::Removed)
}

/// Until when a value counts that came at `at` and was followed by the next at `next`.
pub(super) fn counts_until(at: Timestamp, next: Timestamp, at_most: Option<Duration>) -> Timestamp {
    at_most.map_or(next, |most| next.min(at + most))
}

/// What is left of a span without the holes.
pub(super) fn without(span: Span, holes: &[Span]) -> Vec<Span> {
    let mut left = vec![span];
    for hole in holes {
        let cut = |(from, to): Span| [(from, to.min(hole.0)), (from.max(hole.1), to)];
        left = left.into_iter().flat_map(cut).filter(|(from, to)| from < to).collect();
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_cut_out() {
        let span = |from, to| (Timestamp(from), Timestamp(to));
        let cases = [
            (vec![], vec![span(0, 10)]),
            (vec![span(3, 5)], vec![span(0, 3), span(5, 10)]),
            (vec![span(-5, 2), span(8, 20)], vec![span(2, 8)]),
            (vec![span(-5, 20)], vec![]),
            (vec![span(3, 6), span(5, 7)], vec![span(0, 3), span(7, 10)]),
            (vec![span(20, 30)], vec![span(0, 10)]),
        ];
        for (holes, left) in cases {
            assert_eq!(without(span(0, 10), &holes), left, "{holes:?}");
        }
    }
}
