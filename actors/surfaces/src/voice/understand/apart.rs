//! A space that was forgotten after the name of a thing or a room: "the ceiling fanin the hall".

use super::fold::Folded;
use super::lists::{CompiledHouse, NameKind};

/// So short a word is stuck to a name: shorter is an ending ("lamps"), longer another word ("lampshade").
const STUCK: std::ops::RangeInclusive<usize> = 2..=4;

/// The sentence with a space after the name that a short word is stuck to; `None`: there is none such.
pub(super) fn apart(folded: &Folded, house: &CompiledHouse) -> Option<Folded> {
    let text = folded.text.as_str();
    let begins = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    let kinds = [NameKind::Thing, NameKind::Area];
    let ends = begins.flat_map(|from| {
        let names =
            kinds.into_iter().flat_map(move |kind| house.names(kind).at(text.get(from..).unwrap_or("")));
        names.map(move |(length, _)| from + length).filter(|end| is_stuck(text.get(*end..).unwrap_or("")))
    });
    // Of "lamp" and "lamp in" the longer one was meant.
    let at = ends.max()?;
    let mut apart = folded.clone();
    apart.part(at);
    Some(apart)
}

/// Whether what comes right after a name is a short word.
fn is_stuck(rest: &str) -> bool {
    let short = rest.split(' ').next().unwrap_or_default();
    STUCK.contains(&short.len()) && short.bytes().all(|b| b.is_ascii_lowercase())
}
