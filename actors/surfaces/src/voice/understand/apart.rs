//! A space that was forgotten after the name of a thing or a room: "the ceiling fanin the hall".

use super::fold::{Folded, fold};
use super::house::House;

/// So short a word is stuck to a name: shorter is an ending ("lamps"), longer another word ("lampshade").
const STUCK: std::ops::RangeInclusive<usize> = 2..=4;

/// The sentence with a space after the name that a short word is stuck to; `None`: there is none such.
pub(super) fn apart(folded: &Folded, house: &House) -> Option<Folded> {
    let things = house.things.iter().flat_map(|thing| &thing.names);
    let names = things.chain(house.areas.iter().flat_map(|area| &area.names));
    let ends = names.filter_map(|name| stuck(&folded.text, &fold(name).text));
    // Of "lamp" and "lamp in" the longer one was meant.
    let at = ends.max()?;
    let mut apart = folded.clone();
    apart.part(at);
    Some(apart)
}

/// Where a name ends that something short is stuck to.
fn stuck(text: &str, name: &str) -> Option<usize> {
    let found = text.match_indices(name).find(|(at, _)| {
        let begins = text.as_bytes().get(at.wrapping_sub(1)).is_none_or(|b| *b == b' ');
        let rest = text.get(at + name.len()..).unwrap_or_default();
        let short = rest.split(' ').next().unwrap_or_default();
        begins && STUCK.contains(&short.len()) && short.bytes().all(|b| b.is_ascii_lowercase())
    });
    found.filter(|_| !name.is_empty()).map(|(at, _)| at + name.len())
}
