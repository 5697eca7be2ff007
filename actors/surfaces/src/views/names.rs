//! Names of things: from ids to what people call them, and back.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use lares_model::{EntityInfo, NodeId, NodeKind, Property};

use super::titles::Titles;
use super::{ReadError, Source, nearest, table::plain};
use crate::tongue::Tongue;

/// A thing with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    pub id: NodeId,
    pub kind: NodeKind,
    /// How the configuration and the command line call it: `hall-motion.occupancy`.
    pub reference: String,
    pub name: String,
    pub key: Arc<str>,
    /// Key of the room that it says of itself; an entity may be where its device is: [`Names::room`].
    pub room: Option<String>,
    /// An entity's announcement.
    pub info: Option<Arc<EntityInfo>>,
}

/// All names of a household at one moment.
#[derive(Default)]
pub struct Names {
    by_id: BTreeMap<NodeId, Named>,
    by_reference: BTreeMap<String, Vec<NodeId>>,
    /// Names of interlocks, by key.
    pub(super) interlocks: BTreeMap<String, String>,
    /// Names of scenes, by key.
    pub(super) scenes: BTreeMap<String, String>,
    /// Names of browsers at walls, by the key of the person as whom one is logged in.
    pub(super) panels: BTreeMap<String, String>,
    /// What things are called, found when the first one is.
    titles: OnceLock<Titles>,
    /// In which language of the household they are told of.
    pub(crate) tongue: Tongue,
}

/// Nothing has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is called `{wanted}`{}", did_you_mean(.near))]
pub struct NotFound {
    pub wanted: String,
    pub near: Vec<String>,
}

fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(" or ")),
    }
}

/// Owners of the states that say what scenes and browsers at walls are called, each a name as UTF-8 by its key.
const SCENES: &str = "scene";
const PANELS: &str = "panel";

fn labels(source: &dyn Source, owner: &str) -> Result<BTreeMap<String, String>, ReadError> {
    let name = |(key, name): (String, Vec<u8>)| (key, String::from_utf8_lossy(&name).into_owned());
    Ok(source.states(owner)?.into_iter().map(name).collect())
}

/// What a word is taken for, the first fit first.
const ORDER: [NodeKind; 9] = [
    NodeKind::Entity,
    NodeKind::Device,
    NodeKind::Room,
    NodeKind::Person,
    NodeKind::Rule,
    NodeKind::Group,
    NodeKind::Link,
    NodeKind::Floor,
    NodeKind::Zone,
];

impl Names {
    pub fn read(source: &dyn Source) -> Result<Self, ReadError> {
        let mut names = Self::default();
        for node in source.all_nodes()? {
            let reference = match (node.props.get("ref").and_then(|v| v.as_text()), node.kind) {
                (Some(reference), _) => reference.to_owned(),
                (None, NodeKind::Household) => "household".to_owned(),
                (None, _) => node.key.to_string(),
            };
            let info = match node.kind {
                NodeKind::Entity => serde_json::from_slice(&node.detail).ok().map(Arc::new),
                _ => None,
            };
            let room = node.props.get("room").and_then(|v| v.as_text()).map(str::to_owned);
            names.add(Named {
                id: node.id,
                kind: node.kind,
                reference,
                name: node.name,
                key: node.key,
                room,
                info,
            });
        }
        names.interlocks = super::interlocks::names(source)?;
        names.scenes = labels(source, SCENES)?;
        names.panels = labels(source, PANELS)?;
        Ok(names)
    }

    pub(super) fn add(&mut self, named: Named) {
        self.by_reference.entry(named.reference.clone()).or_default().push(named.id);
        self.by_id.insert(named.id, named);
    }

    /// The same, told of in another language.
    pub fn told_in(self, tongue: Tongue) -> Self {
        Self { tongue, titles: OnceLock::new(), ..self }
    }

    pub fn get(&self, id: NodeId) -> Option<&Named> {
        self.by_id.get(&id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Named> {
        self.by_id.values()
    }

    /// How commands and programs call a node; its id if it has no reference.
    pub fn of(&self, id: NodeId) -> String {
        if id == NodeId::household() {
            return "the household".to_owned();
        }
        self.get(id).map_or_else(|| id.to_string(), |n| plain(&n.reference))
    }

    pub(super) fn titles(&self) -> &Titles {
        self.titles.get_or_init(|| Titles::of(self))
    }

    /// Whether anything is referred to so.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.by_reference.contains_key(word)
            || self.interlocks.contains_key(word)
            || self.scenes.contains_key(word)
    }

    /// The room that something is in, or is.
    pub fn room(&self, id: NodeId) -> Option<&str> {
        let named = self.get(id)?;
        if named.kind == NodeKind::Room {
            return Some(&named.key);
        }
        if named.room.is_some() || named.kind != NodeKind::Entity {
            return named.room.as_deref();
        }
        let device = named.reference.split_once('.').map_or(named.reference.as_str(), |(device, _)| device);
        let device = self.by_reference.get(device)?.iter().filter_map(|id| self.get(*id));
        device.filter(|n| n.kind == NodeKind::Device).find_map(|n| n.room.as_deref())
    }

    /// The property that is meant where none is named.
    pub fn main_property(&self, entity: NodeId) -> Property {
        let info = self.get(entity).and_then(|n| n.info.as_ref());
        info.map_or(Property::State, |i| i.component.main_property())
    }

    /// The unit of an entity's property: the household's.
    pub fn unit(&self, entity: NodeId, property: Property) -> Option<Arc<str>> {
        let info = self.get(entity)?.info.as_ref()?;
        let own = info.property(property).and_then(|p| p.unit.clone());
        own.or_else(|| (property == info.component.main_property()).then(|| info.unit.clone()).flatten())
    }

    /// What is called exactly so, of this kind.
    pub(super) fn find_exact(&self, reference: &str, kind: NodeKind) -> Option<&Named> {
        let mut all = self.by_reference.get(reference)?.iter().filter_map(|id| self.get(*id));
        all.find(|named| named.kind == kind)
    }

    /// The entities of a device.
    pub(super) fn parts_of(&self, device: &str) -> impl Iterator<Item = &Named> {
        let first = format!("{device}.");
        let all = self.by_reference.range(first.clone()..).take_while(move |(of, _)| of.starts_with(&first));
        all.flat_map(|(_, ids)| ids).filter_map(|id| self.get(*id)).filter(|n| n.kind == NodeKind::Entity)
    }

    /// What a person means: a reference (`hall-lamp`, `hall-lamp.light`), with its kind where that is not clear
    /// (`room:hall`), a link's own key, a name as it is shown or as only one thing has it, or a node id.
    pub fn find(&self, wanted: &str) -> Result<&Named, NotFound> {
        let (kind, word) = match wanted.split_once(':') {
            Some((kind, rest)) => match NodeKind::parse(kind) {
                Some(kind) => (Some(kind), rest),
                None => (None, wanted),
            },
            None => (None, wanted),
        };
        let fits = |n: &&Named| kind.is_none_or(|k| n.kind == k);
        // What people said comes after what is there.
        let rank =
            |n: &&Named| ORDER.iter().position(|k| *k == n.kind).unwrap_or(ORDER.len() + n.kind as usize);
        let ids = self.by_reference.get(word).into_iter().flatten();
        if let Some(named) = ids.filter_map(|id| self.get(*id)).filter(fits).min_by_key(rank) {
            return Ok(named);
        }
        if let Some(named) = self.all().filter(fits).find(|n| &*n.key == word || n.id.to_string() == word) {
            return Ok(named);
        }
        if let Some(named) = self.titles().find(word).and_then(|id| self.get(id)).filter(fits) {
            return Ok(named);
        }
        let mut labelled = self.all().filter(fits).filter(|n| n.name.to_lowercase() == word.to_lowercase());
        if let (Some(named), None) = (labelled.next(), labelled.next()) {
            return Ok(named);
        }
        let references = self.all().filter(fits).map(|n| n.reference.as_str());
        let near = nearest(word, references).into_iter().map(str::to_owned).collect();
        Err(NotFound { wanted: wanted.to_owned(), near })
    }
}
