//! The fields of nodes that can be asked for, by name.

use std::sync::Arc;

use lares_model::{COMMON, Direction, FEATURES, NodeKind, PropType, Property, Timestamp, Value, prop_named};

use super::shape::Detail;
use super::{Datum, Picture, ReadFailed, Shape, Stretch, names, when};

macro_rules! fields {
    ($($variant:ident $name:literal;)*) => {
        /// A field of a node.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum Field {
            $($variant,)*
            /// The last value of this property, if it still counts.
            Property(Property),
            /// What the node carries under this key.
            Prop(Arc<str>),
            /// Seconds until the time that the node carries under this key; negative when it has passed.
            Until(Arc<str>),
        }

        /// The fields that every graph has, without the properties of entities.
        pub(super) const OWN: &[(&str, Field)] = &[$(($name, Field::$variant),)*];
    };
}

fields! {
    Id "id";
    Kind "kind";
    Key "key";
    Ref "ref";
    Name "name";
    Room "room";
    Device "device";
    Link "link";
    Status "status";
    StatusDetail "status_detail";
    Value "value";
    Unit "unit";
    Age "age";
    Stale "stale";
    Removed "removed";
    Component "component";
    DeviceClass "device_class";
    StateClass "state_class";
    Category "category";
    Slug "slug";
    UniqueId "unique_id";
    Manufacturer "manufacturer";
    Model "model";
    SwVersion "sw_version";
    SuggestedArea "suggested_area";
    Edges "edges";
}

impl Field {
    /// A field by its name: a node's own, a property of entities, or what any node of this graph carries.
    pub fn parse(name: &str, shape: &Shape) -> Option<Self> {
        let own = OWN.iter().find(|(n, _)| *n == name).map(|(_, f)| f.clone());
        let property = || Property::parse(name).map(Self::Property);
        let label = || (name == "label").then(|| Self::Prop("labels".into()));
        let said = || {
            let known = prop_named(name).is_some() || shape.props().contains(name);
            known.then(|| Self::Prop(name.into()))
        };
        let until = || {
            let key = name.strip_suffix("_in")?;
            (prop_named(key)?.of == PropType::When).then(|| Self::Until(key.into()))
        };
        own.or_else(property).or_else(label).or_else(said).or_else(until)
    }

    /// The name of one of a node's own fields; empty for the others.
    fn name(&self) -> &'static str {
        OWN.iter().find(|(_, field)| field == self).map_or("", |(name, _)| name)
    }

    /// All names, for who has written another.
    pub fn known(shape: &Shape) -> Vec<String> {
        let mut all: Vec<String> = OWN.iter().map(|(n, _)| (*n).to_owned()).collect();
        let said = FEATURES.iter().flat_map(|(_, kinds)| *kinds).flat_map(|d| d.props).chain(COMMON);
        let others = shape.props().iter().map(String::as_str).chain(said.map(|p| p.name));
        let others = others.chain(["label"]).chain(Property::ALL.iter().map(|p| p.name()));
        for name in others {
            if !all.iter().any(|n| n == name) {
                all.push(name.to_owned());
            }
        }
        all
    }

    /// What a node has there.
    pub fn of(&self, picture: &Picture<'_>, place: u32) -> Result<Datum, ReadFailed> {
        let shape = &*picture.shape;
        let Some(node) = shape.node(place) else { return Ok(Datum::Null) };
        let prop = |key: &str| picture.said(node, key).map(|v| told(key, v)).unwrap_or_default();
        Ok(match self {
            Self::Id => Datum::text(node.id.to_string()),
            Self::Kind => Datum::text(node.kind.name()),
            Self::Key => Datum::Text(node.key.clone()),
            Self::Ref => Datum::text(names::reference(node)),
            Self::Name => Datum::text(node.name.as_str()),
            Self::Room => room(picture, place)?,
            Self::Device => {
                let device = picture.device_of(place).and_then(|d| shape.node(d));
                device.map(|d| Datum::text(names::reference(d))).unwrap_or_default()
            }
            Self::Link => {
                let of = picture.device_of(place).and_then(|d| shape.node(d)).unwrap_or(node);
                of.props.get("link").map(Datum::from).unwrap_or_default()
            }
            Self::Status => match status_word(picture, place)? {
                Datum::Null => prop("status"),
                word => word,
            },
            Self::StatusDetail => {
                let status = picture.status(place)?;
                status.detail().map(|d| Datum::text(d.to_string())).unwrap_or_default()
            }
            Self::Value => datum(picture.value(place, None)?),
            // A message has a direction too, and it is no fan's.
            Self::Property(property) if !node.kind.is_described() => prop(property.name()),
            Self::Property(property) => datum(picture.value(place, Some(*property))?),
            Self::Age => {
                let known = picture.known(place, None)?;
                known.map(|k| Datum::Number(picture.now.since(k.at).as_secs_f64())).unwrap_or_default()
            }
            Self::Stale => {
                let known = picture.known(place, None)?;
                known.map(|k| Datum::Bool(picture.is_stale(place, &k))).unwrap_or_default()
            }
            Self::Removed => Datum::Bool(picture.is_removed(place)),
            Self::Edges => {
                let both = [Direction::Out, Direction::In].map(|d| shape.steps(place, d).len());
                Datum::Number(both.iter().sum::<usize>() as f64)
            }
            Self::Prop(key) => prop(key),
            Self::Until(key) => match picture.said(node, key).and_then(Value::as_text) {
                Some(text) => when(text, shape.zone()).map(|s| until(picture.now, s)).unwrap_or_default(),
                None => Datum::Null,
            },
            announced => match said(shape.detail(place), announced) {
                Datum::Null => prop(announced.name()),
                known => known,
            },
        })
    }
}

/// To the end of a day, to an instant itself.
fn until(now: Timestamp, stretch: Stretch) -> Datum {
    let at = if stretch.to.0 - stretch.from.0 > 1 { stretch.to } else { stretch.from };
    #[allow(clippy::cast_precision_loss, reason = "seconds of a few thousand years")]
    Datum::Number(at.0.saturating_sub(now.0) as f64 / 1e6)
}

/// What has several words is a list.
fn told(key: &str, value: &Value) -> Datum {
    match (value, prop_named(key).map(|p| p.of)) {
        (Value::Text(text), Some(PropType::Words)) => {
            Datum::List(super::column::words(text).map(Datum::text).collect())
        }
        _ => Datum::from(value),
    }
}

/// What the announcement says.
fn said(detail: &Detail, field: &Field) -> Datum {
    let text = |t: Option<&str>| t.map(Datum::text).unwrap_or_default();
    match (detail, field) {
        (Detail::Entity(e), Field::Component) => Datum::text(e.component.name()),
        (Detail::Entity(e), Field::DeviceClass) => text(e.device_class.as_deref()),
        (Detail::Entity(e), Field::StateClass) => text(e.state_class.as_deref()),
        (Detail::Entity(e), Field::Category) => text(e.category.as_deref()),
        (Detail::Entity(e), Field::Unit) => text(e.unit.as_deref()),
        (Detail::Entity(e), Field::Slug) => text(Some(&e.slug)),
        (Detail::Entity(e), Field::UniqueId) => text(Some(&e.unique_id)),
        (Detail::Device(d), Field::Manufacturer) => text(d.manufacturer.as_deref()),
        (Detail::Device(d), Field::Model) => text(d.model.as_deref()),
        (Detail::Device(d), Field::SwVersion) => text(d.sw_version.as_deref()),
        (Detail::Device(d), Field::SuggestedArea) => text(d.suggested_area.as_deref()),
        _ => Datum::Null,
    }
}

/// Key of the room in which it is: its own, its device's, or where a person was last.
fn room(picture: &Picture<'_>, place: u32) -> Result<Datum, ReadFailed> {
    let own = |p: u32| picture.shape.node(p).and_then(|n| n.props.get("room")).map(Datum::from);
    if let Some(room) = own(place).or_else(|| picture.device_of(place).and_then(own)) {
        return Ok(room);
    }
    match picture.shape.node(place) {
        Some(node) if node.kind == NodeKind::Person => Ok(datum(picture.value(place, Some(Property::Room))?)),
        _ => Ok(Datum::Null),
    }
}

/// The status of what can have one.
fn status_word(picture: &Picture<'_>, place: u32) -> Result<Datum, ReadFailed> {
    let can = picture
        .shape
        .node(place)
        .is_some_and(|n| matches!(n.kind, NodeKind::Device | NodeKind::Entity | NodeKind::Link));
    if can { Ok(Datum::text(picture.status(place)?.word())) } else { Ok(Datum::Null) }
}

fn datum(value: Option<Value>) -> Datum {
    value.as_ref().map(Datum::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_filter_may_name_is_what_a_node_has() {
        let own: Vec<&str> = OWN.iter().map(|(name, _)| *name).collect();
        assert_eq!(own, lares_model::NODE_FIELDS);
    }
}
