//! What people call devices and their parts: the device's name where it says enough, `Hall motion · brightness` where it does not,
//! and with the room where two things share one. Found once for a household, not for each line.

use std::collections::{BTreeMap, BTreeSet};

use lares_model::{NodeId, NodeKind};

use super::{Named, Names};

/// Between a thing and what is meant of it.
pub(super) const OF_IT: &str = " · ";

#[derive(Default)]
pub(super) struct Titles {
    by_id: BTreeMap<NodeId, String>,
    /// In small letters.
    by_word: BTreeMap<String, NodeId>,
}

/// A title with what tells it from another of the same words.
struct Titled<'a> {
    named: &'a Named,
    device: &'a str,
    title: String,
}

impl Titles {
    pub fn of(names: &Names) -> Self {
        let mut all: Vec<Titled<'_>> = Vec::new();
        for named in names.all() {
            match named.kind {
                NodeKind::Device => {
                    all.push(Titled { named, device: &named.reference, title: named.name.clone() });
                    let parts: Vec<&Named> = names.parts_of(&named.reference).collect();
                    let main = main_part(&parts);
                    let title = |part: &Named| match main == Some(part.id) {
                        true => named.name.clone(),
                        false => part_title(names, named, part),
                    };
                    let device = &named.reference;
                    all.extend(parts.iter().map(|part| Titled { named: part, device, title: title(part) }));
                }
                // Of a part whose device is not seen, its own name is all there is.
                NodeKind::Entity => {
                    let device = named.reference.split_once('.').map_or("", |(device, _)| device);
                    if names.find_exact(device, NodeKind::Device).is_none() {
                        all.push(Titled { named, device: &named.reference, title: named.name.clone() });
                    }
                }
                _ => {}
            }
        }
        tell_apart(&mut all, |one| names.room_title(one.named.id));
        tell_apart(&mut all, |one| Some(one.device.to_owned()));
        let mut titles = Self::default();
        for one in all {
            // Of a device and its main part, which share a title, the part can be moved and looked at.
            let is_part = one.named.kind == NodeKind::Entity;
            let word = titles.by_word.entry(one.title.to_lowercase()).or_insert(one.named.id);
            if is_part {
                *word = one.named.id;
            }
            titles.by_id.insert(one.named.id, one.title);
        }
        titles
    }

    pub fn get(&self, id: NodeId) -> Option<&str> {
        self.by_id.get(&id).map(String::as_str)
    }

    /// What is called so.
    pub fn find(&self, title: &str) -> Option<NodeId> {
        self.by_word.get(&title.to_lowercase()).copied()
    }
}

/// The part that a device's name means: the one that can be moved, else the one that is read. Of several it means none.
fn main_part(parts: &[&Named]) -> Option<NodeId> {
    let daily = |n: &&&Named| n.info.as_ref().is_none_or(|info| info.category.is_none());
    let moved = |n: &&&Named| n.info.as_ref().is_some_and(|i| i.properties.iter().any(|p| p.writable));
    let daily: Vec<&&Named> = parts.iter().filter(daily).collect();
    let moved: Vec<&&Named> = daily.iter().copied().filter(moved).collect();
    match (moved.as_slice(), daily.as_slice()) {
        ([one], _) | ([], [one]) => Some(one.id),
        _ => None,
    }
}

fn part_title(names: &Names, device: &Named, part: &Named) -> String {
    let slug = part.reference.split_once('.').map_or("", |(_, slug)| slug);
    let (own, of) = (part.name.to_lowercase(), device.name.to_lowercase());
    if own == of || own == slug.replace(['_', '-'], " ") {
        let info = part.info.as_ref();
        let class = info.and_then(|i| i.device_class.as_deref());
        let word = names.tongue.part(slug, class, info.map_or("", |i| i.component.name()));
        return format!("{}{OF_IT}{word}", device.name);
    }
    // A name that says where it is needs nothing before it.
    let room = names.room_title(part.id).map(|room| room.to_lowercase());
    let first = of.split(' ').next().unwrap_or_default();
    let says_where = room.is_some_and(|room| own.contains(&room)) || own.split(' ').any(|word| word == first);
    if says_where { part.name.clone() } else { format!("{}{OF_IT}{}", device.name, part.name) }
}

/// Adds what tells them apart to titles that several devices share.
fn tell_apart(all: &mut [Titled<'_>], more: impl Fn(&Titled<'_>) -> Option<String>) {
    let mut shared: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for one in all.iter() {
        shared.entry(one.title.to_lowercase()).or_default().insert(one.device);
    }
    for one in all.iter_mut() {
        let several = shared.get(&one.title.to_lowercase()).is_some_and(|devices| devices.len() > 1);
        if let Some(more) = several.then(|| more(one)).flatten() {
            one.title = format!("{} ({more})", one.title);
        }
    }
}
