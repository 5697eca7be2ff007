//! Which nodes fit a filter, the best first.

use lares_model::Node;

use super::filter::{Score, Test};
use super::{AskError, Filter, Picture, names};

/// A node that fits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    pub place: u32,
    /// How well the free words fit its names; 0 without such words.
    pub score: Score,
}

/// Nodes that fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The best first; then by kind and reference.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
}

/// The nodes that fit, at most `limit`. What was removed is left out unless the filter speaks of `status` or `removed`.
pub fn find(picture: &Picture<'_>, filter: &Filter, limit: usize) -> Result<Found, AskError> {
    let shape = &*picture.shape;
    let test = Test::new(filter, picture).map_err(|slip| slip.of(filter.text()))?;
    let removed_too = filter.names("status") || filter.names("removed");
    let mut hits = Vec::new();
    let mut each = |place: u32| {
        if (!removed_too && picture.is_removed(place)) || !picture.is_valid(place) {
            return Ok::<_, AskError>(());
        }
        if let Some(score) = test.score(picture, place)? {
            hits.push(Hit { place, score });
        }
        Ok(())
    };
    match test.candidates(shape) {
        Some(places) => places.into_iter().try_for_each(&mut each)?,
        None => shape.nodes().try_for_each(&mut each)?,
    }
    let called = |n: &Node| (n.kind, names::reference(n).to_owned());
    hits.sort_by_cached_key(|hit| (std::cmp::Reverse(hit.score), shape.node(hit.place).map(called)));
    let total = hits.len();
    hits.truncate(limit);
    Ok(Found { hits, total })
}
