//! How people call what is spoken of: things by their titles, people, rooms, rules and interlocks by their names. What is stored
//! speaks of references; they give way to names where something is told, and what has no name any more keeps its reference.

use lares_model::{Component, NodeId, NodeKind, Property};

use super::Names;
use super::table::plain;
use super::titles::OF_IT;
use crate::tongue::{Tongue, say};

/// Parts of a reason that are things, as the rows of the tables call them.
const THINGS: &[&str] = &[
    "thing", "place", "room", "person", "who", "by", "source", "input", "one", "other", "entity", "device",
    "wanted", "part", "what",
];

/// What a bare reference in a reason can be, the first fit first.
const KINDS: [NodeKind; 6] =
    [NodeKind::Entity, NodeKind::Device, NodeKind::Room, NodeKind::Person, NodeKind::Zone, NodeKind::Floor];

/// What people put down in words of their own, which stand in quotes.
const WRITTEN: &[NodeKind] = &[
    NodeKind::Goal,
    NodeKind::Project,
    NodeKind::Task,
    NodeKind::Habit,
    NodeKind::Event,
    NodeKind::Message,
    NodeKind::Document,
    NodeKind::Note,
];

impl Names {
    /// How people call a node; its reference where it has no name, its id where it is gone.
    pub fn called(&self, id: NodeId) -> String {
        if id == NodeId::household() {
            return self.tongue.phrases().household.to_owned();
        }
        let Some(named) = self.get(id) else {
            return self.titles().get(id).map_or_else(|| id.to_string(), str::to_owned);
        };
        let name = match named.kind {
            NodeKind::Device | NodeKind::Entity => self.titles().get(id).unwrap_or(&named.reference),
            NodeKind::Rule => return self.rule_called(&named.key),
            NodeKind::Person => return plain(self.person_called(&named.key)),
            kind if WRITTEN.contains(&kind) => {
                return plain(&self.quoted(Some(&named.name), &named.reference));
            }
            _ => &named.name,
        };
        plain(if name.is_empty() { &named.reference } else { name })
    }

    /// As [`Names::called`], with a property that is not its main one: `Hall lamp · brightness`.
    pub fn called_of(&self, id: NodeId, property: Property) -> String {
        let called = self.called(id);
        if property == self.main_property(id) {
            return called;
        }
        format!("{called}{OF_IT}{}", self.tongue.property_called(property))
    }

    /// The name of the room that something is in.
    pub(super) fn room_title(&self, id: NodeId) -> Option<String> {
        let key = self.room(id)?;
        self.find_exact(key, NodeKind::Room).map(|room| room.name.clone())
    }

    pub(super) fn room_called(&self, key: &str) -> String {
        self.name_of(key, NodeKind::Room).unwrap_or(key).to_owned()
    }

    /// A person's name. A browser at a wall is none: it is called as what hangs there.
    pub(super) fn person_called<'a>(&'a self, key: &'a str) -> &'a str {
        let panel = self.panels.get(key).map(String::as_str).filter(|name| !name.is_empty());
        panel.or_else(|| self.name_of(key, NodeKind::Person)).unwrap_or(key)
    }

    /// Whether somebody is logged in as them at a wall.
    pub(super) fn is_panel(&self, key: &str) -> bool {
        self.panels.contains_key(key)
    }

    /// `“Film evening”`.
    pub(super) fn scene_called(&self, key: &str) -> String {
        self.quoted(self.scenes.get(key).map(String::as_str), key)
    }

    pub(super) fn group_called(&self, key: &str) -> String {
        self.name_of(key, NodeKind::Group).unwrap_or(key).to_owned()
    }

    /// Ears by the name of their device.
    pub(super) fn voice_called(&self, key: &str) -> String {
        let device = self.find_exact(&format!("satellite-{key}"), NodeKind::Device);
        device.map_or_else(|| key.to_owned(), |device| self.called(device.id))
    }

    /// `“Landing at night”`; a rule without a name of its own is called by its key.
    pub(super) fn rule_called(&self, key: &str) -> String {
        self.quoted(self.name_of(key, NodeKind::Rule), key)
    }

    pub(super) fn interlock_called(&self, key: &str) -> String {
        self.quoted(self.interlocks.get(key).map(String::as_str), key)
    }

    fn name_of(&self, key: &str, kind: NodeKind) -> Option<&str> {
        self.find_exact(key, kind).map(|named| named.name.as_str()).filter(|name| !name.is_empty())
    }

    fn quoted(&self, name: Option<&str>, key: &str) -> String {
        match name {
            Some(name) if name != key && !name.is_empty() => {
                say!(self.tongue.phrases().quoted, name = name)
            }
            _ => key.to_owned(),
        }
    }

    /// A timer of a rule by the rule's name: `bedtime#1` is `“Bedtime”`. None: it is no rule's.
    pub(super) fn rule_of_timer(&self, owner: &str, name: &str) -> Option<String> {
        let key = match owner.split_once(':') {
            None if owner == "plan" => name.split('#').next().unwrap_or(name),
            Some(("rule", key)) => key,
            _ => return None,
        };
        self.find_exact(key, NodeKind::Rule).map(|_| self.rule_called(key))
    }

    /// References in a text of the household as people call them, and the text in its language. What stands in quotes is somebody's
    /// own, or is to be typed.
    pub(super) fn in_words(&self, text: &str) -> String {
        // In English nothing else is told in other words.
        if self.tongue == Tongue::English && !self.speaks_of_things(text) {
            return text.to_owned();
        }
        let told = self.tongue.reason_named(text, &|part, word| self.part_called(part, word));
        let told = told.unwrap_or_else(|| text.to_owned());
        // In a language that puts them in quotes they do not stand at the end.
        let own = own_words(text);
        let (told, own) = told.strip_suffix(own).map_or((told.as_str(), ""), |told| (told, own));
        replaced(told, &|word| self.entity_called(word)) + own
    }

    /// Whether any word of it is a reference: most texts have none.
    fn speaks_of_things(&self, text: &str) -> bool {
        let words = text.split(|c: char| !is_of_reference(c));
        words.filter(|word| !word.is_empty()).any(|word| {
            let word = word.trim_end_matches(['.', ':']);
            self.knows(word.rsplit_once(':').map_or(word, |(_, rest)| rest)) || self.with_id(word).is_some()
        })
    }

    /// What has this id, as it is written.
    fn with_id(&self, word: &str) -> Option<NodeId> {
        let id = (word.len() == 16).then(|| u64::from_str_radix(word, 16).ok()).flatten().map(NodeId)?;
        self.get(id).map(|named| named.id)
    }

    /// A part of a reason, where it is all of it a thing.
    fn part_called(&self, part: &str, word: &str) -> Option<String> {
        match part {
            "rule" => self.find_exact(word, NodeKind::Rule).map(|_| self.rule_called(word)),
            "lock" => self.interlocks.get(word).map(|_| self.interlock_called(word)),
            "property" => Property::parse(word).map(|property| self.tongue.property_called(property)),
            "component" => Component::parse(word).map(|kind| self.tongue.component_called(kind)),
            "names" => {
                let all: Option<Vec<String>> = word.split(", ").map(|one| self.thing_called(one)).collect();
                all.map(|all| all.join(", "))
            }
            part if THINGS.contains(&part) => self.thing_called(word),
            _ => None,
        }
    }

    /// What a step of a rule is aimed at, a device or a part of one.
    pub(super) fn aimed(&self, reference: &str) -> String {
        self.thing_called(reference).unwrap_or_else(|| reference.to_owned())
    }

    /// `hall-lamp.light brightness`, `hall`, `anna`, `rule:bedtime`; none: it is no thing.
    fn thing_called(&self, word: &str) -> Option<String> {
        if let Some((kind, _)) = word.split_once(':').filter(|_| !word.contains(' ')) {
            return self.prefixed(kind, word);
        }
        if let Some(id) = self.with_id(word) {
            return Some(self.called(id));
        }
        if let Some((thing, property)) = word.split_once(' ') {
            if let Some(told) = self.aimed_at(thing, property) {
                return Some(told);
            }
            let named = self.find_exact(thing, NodeKind::Entity)?;
            return Some(self.called_of(named.id, Property::parse(property)?));
        }
        KINDS.iter().find_map(|kind| self.find_exact(word, *kind)).map(|named| self.called(named.id))
    }

    /// `person:anna`, `rule:bedtime`, `scene:film`, `group:all-lamps`, `task:milk`.
    fn prefixed(&self, kind: &str, word: &str) -> Option<String> {
        match kind {
            "person" | "rule" | "interlock" | "scene" => {
                let key = word.split_once(':').map_or(word, |(_, key)| key);
                let known = self.knows(key) || self.panels.contains_key(key);
                known.then(|| self.source(word))
            }
            kind => {
                let (kind, key) = (NodeKind::parse(kind)?, word.split_once(':')?.1);
                self.find_exact(key, kind).map(|named| self.called(named.id))
            }
        }
    }

    /// As [`Names::aimed_at`]; as the door says it, where that is known by no name.
    pub(super) fn aim_called(&self, aim: &str) -> String {
        let named = aim.split_once(' ').and_then(|(kind, key)| self.aimed_at(kind, key));
        named.or_else(|| self.thing_called(aim)).unwrap_or_else(|| self.tongue.reason(aim))
    }

    /// What a wish was aimed at, as the door says it: `scene film`, `group all-lamps`, `room hall`.
    fn aimed_at(&self, kind: &str, key: &str) -> Option<String> {
        let t = self.tongue.phrases();
        match kind {
            "scene" => self.scenes.get(key).map(|_| say!(t.scene, name = self.scene_called(key))),
            "interlock" => {
                self.interlocks.get(key).map(|_| say!(t.interlock, name = self.interlock_called(key)))
            }
            "rule" => {
                self.find_exact(key, NodeKind::Rule).map(|_| say!(t.rule, name = self.rule_called(key)))
            }
            "room" => self.name_of(key, NodeKind::Room).map(str::to_owned),
            "group" => self.name_of(key, NodeKind::Group).map(str::to_owned),
            _ => None,
        }
    }

    /// A part of a device is a reference wherever it stands: no other word has a dot within. So is `person:anna`.
    fn entity_called(&self, word: &str) -> Option<String> {
        if let Some((kind, _)) = word.split_once(':') {
            return self.prefixed(kind, word);
        }
        let named = word.contains('.').then(|| self.find_exact(word, NodeKind::Entity)).flatten()?;
        Some(self.called(named.id))
    }
}

/// What somebody said, at the end of the reason of what it was for: `said in the hall: turn on the lamp`.
fn own_words(text: &str) -> &str {
    let said = ["said:", "said in ", "said on ", "said through ", "said by "]
        .iter()
        .any(|said| text.starts_with(said));
    text.split_once(": ").filter(|_| said).map_or("", |(_, own)| own)
}

fn is_of_reference(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':')
}

/// A text with its words replaced, but for those in quotes. Pure.
pub(super) fn replaced(text: &str, called: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let (mut rest, mut quote) = (text, None);
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c| !is_of_reference(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(if end == 0 { c.len_utf8() } else { end });
        match (quote, c) {
            _ if end > 0 => {
                // A full stop ends the sentence.
                let bare = word.trim_end_matches(['.', ':']);
                match called(bare).filter(|_| quote.is_none()) {
                    Some(name) => out.extend([&name, &word[bare.len()..]]),
                    None => out.push_str(word),
                }
            }
            (None, '"' | '`') => (quote = Some(c), out.push(c)).1,
            // In an expression; of "Anna's" it is none.
            (None, '\'') if !out.ends_with(char::is_alphanumeric) => (quote = Some(c), out.push(c)).1,
            (None, '“' | '„') => (quote = Some(if c == '“' { '”' } else { '“' }), out.push(c)).1,
            (Some(closes), c) if c == closes => (quote = None, out.push(c)).1,
            _ => out.push(c),
        }
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_lares_is_called_by_its_place() {
        let names = Names::default();
        assert_eq!(names.called(NodeId::derive("actor", "surfaces/web")), "surfaces/web");
        let gone = NodeId::entity("gone");
        assert_eq!(names.called(gone), gone.to_string());
    }

    #[test]
    fn known_references_give_way_to_names_and_nothing_else_does() {
        let called = |word: &str| match word {
            "hall-lamp.light" => Some("Hall lamp".to_owned()),
            "hall-motion.occupancy" => Some("Hall motion · occupancy".to_owned()),
            _ => None,
        };
        for (text, wanted) in [
            ("hall-lamp.light is on", "Hall lamp is on"),
            ("it waits for hall-lamp.light.", "it waits for Hall lamp."),
            ("hall-lamp.light: hall-motion.occupancy", "Hall lamp: Hall motion · occupancy"),
            // What was removed, what only begins so, and what somebody said or has to type.
            ("gone-lamp.light is on", "gone-lamp.light is on"),
            ("hall-lamp.light2 is on", "hall-lamp.light2 is on"),
            ("said \"hall-lamp.light\", did hall-lamp.light", "said \"hall-lamp.light\", did Hall lamp"),
            ("type `lares why hall-lamp.light`", "type `lares why hall-lamp.light`"),
            ("„hall-lamp.light“ und hall-lamp.light", "„hall-lamp.light“ und Hall lamp"),
            ("was = state('hall-lamp.light')", "was = state('hall-lamp.light')"),
            ("Anna's hall-lamp.light", "Anna's Hall lamp"),
            ("", ""),
            ("21.5 °C, für 5m", "21.5 °C, für 5m"),
        ] {
            assert_eq!(replaced(text, &called), wanted);
        }
    }
}
