//! Devices and their entities, with their states as typed JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::{DeviceInfo, EdgeKind, EntityInfo, Node, NodeId, NodeKind, Status, Timestamp, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tongue::Tongue;

use super::{
    Known, ReadError, Source, Telling,
    controls::{ControlView, controls},
    heads::Heads,
    interlocks::active_of,
    table::{plain, table},
    value_json,
};

/// A device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceView {
    /// Its reference: `hall-motion`.
    pub id: String,
    pub name: String,
    /// Key of its room; null while it is unplaced.
    pub room: Option<String>,
    pub identifiers: Vec<String>,
    pub link: String,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    /// A word of the closed list.
    pub status: String,
    /// Why it is not online, where that is known.
    pub status_detail: Option<String>,
    pub entities: Vec<EntityView>,
    /// Interlocks that forbid something of it now, in words.
    #[serde(default)]
    pub interlocks: Vec<String>,
    /// The same without names: for those who do not see all of the household.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub unnamed: Vec<String>,
    /// False if no household runs: all is then as it was when it stopped.
    pub running: bool,
}

impl DeviceView {
    /// Whether it waits for its room. What people carry tells where they are, and is in none by nature.
    pub fn wants_room(&self) -> bool {
        self.room.is_none() && !self.entities.iter().any(|e| e.component == "device_tracker")
    }
}

/// An entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntityView {
    /// Its reference: `hall-motion.occupancy`.
    pub id: String,
    pub unique_id: String,
    pub component: String,
    pub name: String,
    pub room: Option<String>,
    /// True, false, a number, a text; null while it is unknown, stale or its device cannot be reached.
    pub state: serde_json::Value,
    /// The household's (°C, hPa, kWh, ...): that of `state`.
    pub unit: Option<String>,
    /// The device's own, where values were converted from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced_unit: Option<String>,
    pub device_class: Option<String>,
    pub status: String,
    pub stale: bool,
    /// Age of the state, whether or not it still counts.
    pub age_s: Option<f64>,
    /// Every property that has ever been reported.
    pub properties: BTreeMap<String, serde_json::Value>,
    /// `config` or `diagnostic`: not for every day.
    #[serde(default)]
    pub category: Option<String>,
    /// What can be set.
    #[serde(default)]
    pub controls: Vec<ControlView>,
}

/// All devices by reference; with `all` also those that were removed.
pub fn devices(source: &dyn Source, told: &Telling, all: bool) -> Result<Vec<DeviceView>, ReadError> {
    let statuses = Statuses::read(source)?;
    let locks = super::interlocks_now(source, told)?;
    let mut views = Vec::new();
    for node in source.nodes(NodeKind::Device)? {
        let removed = node.props.get("removed").and_then(Value::as_bool) == Some(true);
        if removed && !all {
            continue;
        }
        let status = if removed { Status::Removed } else { statuses.of(node.id).clone() };
        let mut entities = Vec::new();
        for edge in source.edges_to(node.id)?.into_iter().filter(|e| e.kind == EdgeKind::PartOf) {
            if let Some(entity) = source.node(edge.from)?.filter(|n| n.kind == NodeKind::Entity) {
                entities.push(entity_view(source, told.now, &statuses, &node, &status, &entity)?);
            }
        }
        entities.sort_by(|a, b| a.id.cmp(&b.id));
        let mut info = device_info(&node);
        if info.identifiers.is_empty() {
            // The key is the link and the first identifier.
            info.identifiers.extend(node.key.split_once('/').map(|(_, id)| id.to_owned()));
        }
        let id = text(&node, "ref").unwrap_or_else(|| node.key.to_string());
        views.push(DeviceView {
            interlocks: active_of(&locks, &id).map(|lock| lock.words(told.tongue)).collect(),
            unnamed: active_of(&locks, &id).map(|lock| lock.unnamed_words(told.tongue)).collect(),
            id,
            name: node.name.clone(),
            room: text(&node, "room"),
            identifiers: info.identifiers,
            link: text(&node, "link").unwrap_or(info.link),
            manufacturer: info.manufacturer,
            model: info.model,
            status: status.word().to_owned(),
            status_detail: status.detail().map(|d| told.tongue.reason(&d.to_string())),
            entities,
            running: told.running,
        });
    }
    views.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(views)
}

fn entity_view(
    source: &dyn Source,
    now: Timestamp,
    statuses: &Statuses,
    device: &Node,
    device_status: &Status,
    node: &Node,
) -> Result<EntityView, ReadError> {
    let info: Option<EntityInfo> = serde_json::from_slice(&node.detail).ok();
    let status = match statuses.of(node.id) {
        // An entity that says nothing of itself is as its device is.
        Status::Unknown => device_status,
        // An entity cannot be better off than its device.
        Status::Online if !device_status.is_online() => device_status,
        own => own,
    };
    let stale_after = stale_after(node, info.as_ref());
    let main = info.as_ref().map_or(lares_model::Property::State, |i| i.component.main_property());
    let last = source.last(node.id)?;
    let known = last.iter().find(|(p, _)| *p == main).map(|(_, k)| k);
    let gone = matches!(status, Status::Offline(_) | Status::Quarantined(_) | Status::Removed);
    let shown = |known: &Known| {
        let counts = !gone && !is_stale(known, stale_after, now);
        value_json(known.value.as_ref().filter(|_| counts))
    };
    let announced = info.as_ref().and_then(|i| i.unit.clone());
    let unit =
        info.as_ref().and_then(|i| i.property(main)).and_then(|p| p.unit.clone()).or(announced.clone());
    Ok(EntityView {
        id: text(node, "ref").unwrap_or_else(|| node.key.to_string()),
        unique_id: info.as_ref().map(|i| i.unique_id.clone()).unwrap_or_default(),
        component: info.as_ref().map(|i| i.component.name().to_owned()).unwrap_or_default(),
        name: node.name.clone(),
        room: text(node, "room").or_else(|| text(device, "room")),
        state: known.map_or(serde_json::Value::Null, shown),
        announced_unit: announced.as_deref().filter(|_| announced != unit).map(str::to_owned),
        unit: unit.as_deref().map(str::to_owned),
        category: info.as_ref().and_then(|i| i.category.clone()),
        controls: info.as_ref().map(controls).unwrap_or_default(),
        device_class: info.and_then(|i| i.device_class),
        status: status.word().to_owned(),
        stale: known.is_some_and(|k| is_stale(k, stale_after, now)),
        age_s: known.map(|k| (now.since(k.at).as_secs_f64() * 1000.0).round() / 1000.0),
        properties: last.iter().map(|(p, k)| (p.name().to_owned(), shown(k))).collect(),
    })
}

/// How long a reading of this entity counts: what the home says, else what the device promised.
pub(super) fn stale_after(node: &Node, info: Option<&EntityInfo>) -> Option<Duration> {
    let own = node.props.get("stale_after_ms").and_then(Value::as_number).filter(|ms| *ms >= 0.0);
    own.map(|ms| Duration::from_millis(ms as u64)).or_else(|| info.and_then(|i| i.expire_after))
}

fn is_stale(known: &Known, after: Option<Duration>, now: Timestamp) -> bool {
    after.is_some_and(|after| known.at + after < now)
}

pub(super) fn device_info(node: &Node) -> DeviceInfo {
    let detail: Option<serde_json::Value> = serde_json::from_slice(&node.detail).ok();
    let info = detail.and_then(|mut d| d.get_mut("info").map(serde_json::Value::take));
    info.and_then(|i| serde_json::from_value(i).ok()).unwrap_or_default()
}

pub(super) fn text(node: &Node, prop: &str) -> Option<String> {
    node.props.get(prop).and_then(Value::as_text).map(str::to_owned)
}

/// The status of everything that has one.
pub(super) struct Statuses(BTreeMap<String, Status>);

impl Statuses {
    pub fn read(source: &dyn Source) -> Result<Self, ReadError> {
        let states = source.states("status")?.into_iter();
        let read = |(key, bytes): (String, Vec<u8>)| Some((key, serde_json::from_slice(&bytes).ok()?));
        Ok(Self(states.filter_map(read).collect()))
    }

    pub fn of(&self, id: NodeId) -> &Status {
        self.0.get(&id.to_string()).unwrap_or(&Status::Unknown)
    }
}

/// What a device needs of somebody: a closed list, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// The home files do not speak of it.
    New,
    Unplaced,
    /// It cannot be reached, or has fallen silent.
    Ill,
    LowBattery,
    Outdated,
}

impl Attention {
    fn word(self, heads: &Heads) -> &'static str {
        match self {
            Self::New => heads.need_new,
            Self::Unplaced => heads.need_unplaced,
            Self::Ill => heads.need_ill,
            Self::LowBattery => heads.need_battery,
            Self::Outdated => heads.need_outdated,
        }
    }
}

/// Below this a battery is low, percent.
const LOW_PERCENT: f64 = 15.0;

/// What a device needs. `known`: whether the home files speak of it, if that can be told.
pub fn attention(device: &DeviceView, known: Option<bool>) -> Vec<Attention> {
    let entity = |e: &EntityView| {
        let battery = e.device_class.as_deref() == Some("battery") || e.id.ends_with(".battery");
        let low = match (&e.state, e.properties.get("battery")) {
            (serde_json::Value::Bool(low), _) if battery => *low,
            (state, other) => {
                let percent =
                    if battery { state.as_f64() } else { other.and_then(serde_json::Value::as_f64) };
                percent.is_some_and(|p| p < LOW_PERCENT)
            }
        };
        let version = |name: &str| e.properties.get(name).and_then(serde_json::Value::as_str);
        let outdated = e.component == "update"
            && matches!((version("installed_version"), version("latest_version")), (Some(a), Some(b)) if a != b);
        (low, outdated)
    };
    let found: Vec<(bool, bool)> = device.entities.iter().map(entity).collect();
    let ill = matches!(device.status.as_str(), "offline" | "quarantined")
        || device.entities.iter().any(|e| e.stale || e.status == "offline");
    [
        (known == Some(false), Attention::New),
        (device.wants_room(), Attention::Unplaced),
        (ill, Attention::Ill),
        (found.iter().any(|(low, _)| *low), Attention::LowBattery),
        (found.iter().any(|(_, old)| *old), Attention::Outdated),
    ]
    .into_iter()
    .filter_map(|(is, need)| is.then_some(need))
    .collect()
}

/// As a table. `known`: keys in the home files, if those could be read.
pub fn devices_text(
    devices: &[DeviceView],
    told: &Telling,
    known: impl Fn(&DeviceView) -> Option<bool>,
) -> String {
    let (tongue, heads) = (told.tongue, Heads::of(told.tongue));
    if devices.is_empty() {
        return format!("{}\n", heads.no_devices);
    }
    let mut rows = Vec::new();
    for device in devices {
        let room = device.room.clone().unwrap_or_else(|| heads.in_no_room.to_owned());
        let status = tongue.status_word(&device.status);
        let status = match &device.status_detail {
            Some(detail) => format!("{status} ({})", plain(detail)),
            None => status,
        };
        let attention: Vec<&str> = attention(device, known(device))
            .into_iter()
            // These two are said by their columns.
            .filter(|n| !matches!(n, Attention::Unplaced | Attention::Ill))
            .map(|need| need.word(heads))
            .collect();
        rows.push(vec![plain(&device.id), plain(&device.name), room, status, attention.join(", ")]);
        rows.extend(device.interlocks.iter().map(|words| vec!["  !".to_owned(), plain(words)]));
        rows.extend(device.entities.iter().map(|entity| entity_row(&device.id, entity, tongue, heads)));
    }
    table(&rows)
}

fn entity_row(device: &str, entity: &EntityView, tongue: Tongue, heads: &Heads) -> Vec<String> {
    let slug = entity.id.strip_prefix(device).unwrap_or(&entity.id);
    let age = entity.age_s.map(|s| tongue.ago(Duration::from_secs_f64(s.max(0.0)))).unwrap_or_default();
    let kind = lares_model::Component::parse(&entity.component);
    let word = super::word_of(tongue.code(), entity, None, &entity.state);
    vec![
        format!("  {}", plain(slug)),
        kind.map_or_else(|| entity.component.clone(), |kind| tongue.component_called(kind)),
        word.map_or_else(|| state_words(&entity.state, entity.unit.as_deref(), tongue), str::to_owned),
        if entity.stale { format!("{age} {}", heads.stale) } else { age },
    ]
}

fn state_words(state: &serde_json::Value, unit: Option<&str>, tongue: Tongue) -> String {
    let t = tongue.phrases();
    match (state, unit) {
        (serde_json::Value::Null, _) => t.unknown.to_owned(),
        (serde_json::Value::Bool(true), _) => t.on.to_owned(),
        (serde_json::Value::Bool(false), _) => t.off.to_owned(),
        (serde_json::Value::String(text), _) => plain(text),
        (other, Some(unit)) => format!("{other} {}", plain(unit)),
        (other, None) => other.to_string(),
    }
}
