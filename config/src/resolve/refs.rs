//! References to other sections, and groups of them.

use std::collections::{BTreeMap, BTreeSet};

use lares_model::{Filter, Wrong};

use super::Scope;
use super::names::{name_or_key, sections, unique_names};
use crate::decode::{Fields, Node};
use crate::home::{EntityRef, Group, Target};

/// What a target that is a group begins with.
pub(crate) const GROUP: &str = "group:";

impl<'a> Node<'a> {
    /// A filter whose fields a household's graph can have.
    pub fn filter(&self) -> Option<Filter> {
        let text = self.label()?;
        let read = Filter::parse(&text).and_then(|filter| filter.check().map(|()| filter));
        let Wrong { at, message, help, .. } = match read {
            Ok(filter) => return Some(filter),
            Err(wrong) => wrong,
        };
        let part = text.get(at).unwrap_or_default();
        let place = if part.is_empty() { String::new() } else { format!("at `{part}`: ") };
        self.error("bad-filter", format!("{place}{message}"), help.unwrap_or_default());
        None
    }

    /// A key that must be in this set.
    pub fn key_of(&self, what: &str, known: &BTreeSet<String>) -> Option<String> {
        let text = self.text()?;
        if !known.contains(text) {
            self.dangling(what, text, known.iter().map(String::as_str));
            return None;
        }
        Some(text.to_owned())
    }

    /// A list that holds something.
    pub fn filled_list(&self, without: &str) -> Vec<Node<'a>> {
        let Some(items) = self.list() else { return Vec::new() };
        if items.is_empty() {
            self.error(
                "empty-list",
                format!("`{}` is empty: {without} does nothing", self.path.last_key()),
                "",
            );
        }
        items
    }

    /// A device of this home.
    pub fn device_key(&self, scope: &Scope<'_>) -> Option<String> {
        let text = self.text()?;
        if !scope.names.devices.contains_key(text) {
            self.dangling("device", text, scope.names.devices.keys().map(String::as_str));
            return None;
        }
        Some(text.to_owned())
    }

    /// `device` or `device.slug`, of this home.
    pub fn entity(&self, scope: &Scope<'_>) -> Option<EntityRef> {
        let text = self.text()?;
        self.entity_in(text, scope)
    }

    /// `device` or `device.slug`, told as text.
    pub fn entity_in(&self, text: &str, scope: &Scope<'_>) -> Option<EntityRef> {
        let (device, slug) = match text.split_once('.') {
            Some((device, slug)) => (device, Some(slug)),
            None => (text, None),
        };
        let Some(known) = scope.names.devices.get(device) else {
            self.dangling("device", device, scope.names.devices.keys().map(String::as_str));
            return None;
        };
        if let (Some(slug), Some(slugs)) = (slug, &known.slugs)
            && !slugs.iter().any(|s| s == slug)
        {
            let what = format!("entity of {device:?} called");
            self.dangling(&what, slug, slugs.iter().map(String::as_str));
            return None;
        }
        if slug == Some("") {
            self.error("dangling-reference", format!("{text:?} ends with a dot"), "write device.entity");
            return None;
        }
        Some(EntityRef { device: device.to_owned(), slug: slug.map(str::to_owned) })
    }

    /// What an action may move: an entity or `group:<key>`.
    pub fn target(&self, scope: &Scope<'_>) -> Option<Target> {
        let text = self.text()?;
        let Some(key) = text.strip_prefix(GROUP) else {
            return self.entity_in(text, scope).map(Target::Entity);
        };
        if !scope.names.groups.contains(key) {
            self.dangling("group", key, scope.names.groups.iter().map(String::as_str));
            return None;
        }
        Some(Target::Group(key.to_owned()))
    }
}

/// `[group.*]`.
pub(crate) fn groups(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Group> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "group") {
        let place = fields.node.place();
        let name = name_or_key(&fields, &key);
        let members =
            fields.required("members", "name its members: members = [\"hall-lamp\", \"porch.light\"]");
        let members = members.map(|node| node.filled_list("a group without members")).unwrap_or_default();
        let members = members.iter().filter_map(|node| member(node, scope)).collect();
        fields.finish();
        out.insert(key, Group { place, name, members });
    }
    unique_names(top, "group", out.iter().map(|(key, group)| (key.as_str(), group.name.as_str())));
    out
}

fn member(node: &Node<'_>, scope: &Scope<'_>) -> Option<Target> {
    if node.value.as_str().is_some_and(|text| text.starts_with(GROUP)) {
        node.error("conflict", "a group can't be a member of a group", "name its devices instead");
        return None;
    }
    node.entity(scope).map(Target::Entity)
}
