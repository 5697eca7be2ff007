//! The household now: rooms with what is in them, people, and what needs somebody.

use std::collections::BTreeMap;

use lares_model::{Body, EdgeKind, NodeId, NodeKind, Presence};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    CountdownView, DeviceView, EntityView, InterlockView, LinkView, LogLine, Moment, Names, QuestionView,
    ReadError, RingView, Source, StatusView, Telling,
};
use crate::auth::GUEST;
use crate::tongue::{Tongue, say};

/// All that the first page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HomeNow {
    pub name: String,
    /// IANA name of its zone.
    pub zone: String,
    /// In the order of the floors, then by name.
    pub rooms: Vec<RoomNow>,
    /// Entities that are in no room.
    pub unplaced: Vec<EntityView>,
    pub people: Vec<PersonNow>,
    /// Timers that somebody set, the next one first.
    #[serde(default)]
    pub timers: Vec<CountdownView>,
    /// Timers that are over and that nobody has stopped, the newest first.
    #[serde(default)]
    pub rings: Vec<RingView>,
    /// What is wrong or wants to be seen, the most pressing first.
    pub needs: Vec<Need>,
    /// What is asked and waits for an answer.
    pub questions: Vec<QuestionView>,
}

/// A room and what is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RoomNow {
    pub key: String,
    pub name: String,
    /// Name of its floor.
    pub floor: Option<String>,
    /// Null: nothing here tells.
    pub occupied: Option<bool>,
    pub since: Option<Moment>,
    pub entities: Vec<EntityView>,
}

/// A person and where they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonNow {
    pub key: String,
    pub name: String,
    /// `home`, `away` or `unknown`.
    pub presence: String,
    /// Key of a room.
    pub room: Option<String>,
    pub since: Option<Moment>,
}

/// Something that needs somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Need {
    /// `alarm`, `question`, `trouble` or `notice`.
    pub urgency: String,
    pub text: String,
    /// What it is about: a reference that can be asked for.
    pub about: Option<String>,
    pub at: Option<Moment>,
}

/// What is known beside the graph.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub status: Option<StatusView>,
    /// Words for the household of the last day, the newest last.
    pub notices: Vec<LogLine>,
    pub interlocks: Vec<InterlockView>,
    pub questions: Vec<QuestionView>,
    pub timers: Vec<CountdownView>,
    pub rings: Vec<RingView>,
}

pub fn home(
    source: &dyn Source,
    told: &Telling,
    devices: &[DeviceView],
    facts: &Facts,
) -> Result<HomeNow, ReadError> {
    let household = source.node(NodeId::household())?;
    let unplaced =
        entities(devices).filter(|e| e.room.is_none() && e.component != "device_tracker").cloned().collect();
    Ok(HomeNow {
        name: household.map(|n| n.name).unwrap_or_default(),
        zone: told.zone_name().to_owned(),
        rooms: rooms(source, devices)?,
        unplaced,
        people: people(source)?,
        timers: facts.timers.clone(),
        rings: facts.rings.clone(),
        needs: needs(told.tongue, devices, facts, &failures(source, told, facts)?),
        questions: facts.questions.clone(),
    })
}

fn entities(devices: &[DeviceView]) -> impl Iterator<Item = &EntityView> {
    devices.iter().flat_map(|d| &d.entities)
}

/// All rooms, by floor and name.
pub fn rooms(source: &dyn Source, devices: &[DeviceView]) -> Result<Vec<RoomNow>, ReadError> {
    let mut rooms = Vec::new();
    for node in source.nodes(NodeKind::Room)? {
        let mut floor = None;
        for edge in source.edges_from(node.id)?.into_iter().filter(|e| e.kind == EdgeKind::PartOf) {
            let to = source.node(edge.to)?.filter(|n| n.kind == NodeKind::Floor);
            floor = floor.or(to.map(|n| n.name));
        }
        let told = source.history(node.id, None, 8)?.into_iter().find_map(|stored| match stored.event.body {
            Body::RoomOccupied { occupied } => Some((occupied, Moment(stored.event.at))),
            _ => None,
        });
        rooms.push(RoomNow {
            entities: entities(devices).filter(|e| e.room.as_deref() == Some(&*node.key)).cloned().collect(),
            key: node.key.to_string(),
            name: node.name,
            floor,
            occupied: told.map(|(occupied, _)| occupied),
            since: told.map(|(_, since)| since),
        });
    }
    rooms.sort_by(|a, b| (a.floor.is_none(), &a.floor, &a.name).cmp(&(b.floor.is_none(), &b.floor, &b.name)));
    Ok(rooms)
}

/// Everybody, by name.
pub fn people(source: &dyn Source) -> Result<Vec<PersonNow>, ReadError> {
    let mut people = Vec::new();
    // Nobody looks for a guest by link.
    let people_of = source.nodes(NodeKind::Person)?.into_iter().filter(|n| !n.key.starts_with(GUEST));
    for node in people_of {
        let told = source.history(node.id, None, 8)?.into_iter().find_map(|stored| match stored.event.body {
            Body::PersonMoved { presence, room } => Some((presence, room, Moment(stored.event.at))),
            _ => None,
        });
        let presence = match told {
            Some((Presence::Home, ..)) => "home",
            Some((Presence::Away, ..)) => "away",
            Some((Presence::Unknown, ..)) | None => "unknown",
        };
        people.push(PersonNow {
            key: node.key.to_string(),
            name: node.name,
            presence: presence.to_owned(),
            since: told.as_ref().map(|(_, _, since)| *since),
            room: told.and_then(|(_, room, _)| room).map(|r| r.to_string()),
        });
    }
    people.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(people)
}

/// Device classes of binary sensors whose "on" is an alarm.
pub(crate) const ALARMS: &[&str] =
    &["moisture", "smoke", "gas", "carbon_monoxide", "safety", "tamper", "problem"];

/// Things whose "on" is an alarm, and that are on.
pub(super) fn alarms(tongue: Tongue, devices: &[DeviceView]) -> Vec<Need> {
    let is = |e: &&EntityView| {
        e.device_class.as_deref().is_some_and(|c| ALARMS.contains(&c))
            && e.state == serde_json::Value::Bool(true)
    };
    let need = |e: &EntityView| Need {
        urgency: "alarm".to_owned(),
        text: say!(tongue.phrases().need_on, name = e.name),
        about: Some(e.id.clone()),
        at: None,
    };
    entities(devices).filter(is).map(need).collect()
}

/// Why what was to be done later was not, by the line that says so: all of it is in its reason.
fn failures(
    source: &dyn Source,
    told: &Telling,
    facts: &Facts,
) -> Result<BTreeMap<String, String>, ReadError> {
    let why = |line: &LogLine| Some(line.body.pointer("/Problem/reason")?.as_str()?.to_owned());
    let all: Vec<(String, String)> =
        facts.notices.iter().filter_map(|line| Some((line.id.clone(), why(line)?))).collect();
    if all.is_empty() {
        return Ok(BTreeMap::new());
    }
    let names = Names::read(source)?.told_in(told.tongue);
    Ok(all.into_iter().map(|(id, why)| (id, names.reason(&why))).collect())
}

fn needs(
    tongue: Tongue,
    devices: &[DeviceView],
    facts: &Facts,
    failures: &BTreeMap<String, String>,
) -> Vec<Need> {
    let t = tongue.phrases();
    let because = |why: &Option<String>| why.as_ref().map(|r| say!(t.why, reason = r)).unwrap_or_default();
    let mut needs = alarms(tongue, devices);
    let mut need = |urgency: &str, text: String, about: Option<&str>, at: Option<Moment>| {
        needs.push(Need { urgency: urgency.to_owned(), text, about: about.map(str::to_owned), at });
    };
    for asked in &facts.questions {
        let text = say!(t.need_question, text = asked.text, id = asked.id);
        need("question", text, Some(&asked.rule), Some(asked.asked));
    }
    if let Some(status) = &facts.status {
        let process = status.process.as_ref();
        if let Some(trouble) = process.and_then(|p| p.trouble.as_ref()) {
            need("alarm", say!(t.need_kept, why = trouble), None, None);
        }
        for path in process.iter().flat_map(|p| &p.quarantined) {
            need("trouble", say!(t.need_set_aside, path = path), None, None);
        }
        if let Some(problem) = status.home.as_ref().and_then(|h| h.refused.first()) {
            need("trouble", say!(t.need_refused, problem = problem), None, None);
        }
        for LinkView { link, status, detail } in status.links.iter().filter(|l| l.status == "offline") {
            let (word, why) = (tongue.status_word(status), because(detail));
            need("trouble", say!(t.need_is, name = link, status = word, why = why), None, None);
        }
    }
    for lock in facts.interlocks.iter().filter(|i| i.state == "latched") {
        let why = because(&lock.reason);
        need("trouble", say!(t.need_clear, name = lock.name, why = why), Some(&lock.of), lock.since);
    }
    for device in devices.iter().filter(|d| d.status == "offline" || d.status == "quarantined") {
        let (word, why) = (tongue.status_word(&device.status), because(&device.status_detail));
        let text = say!(t.need_is, name = device.name, status = word, why = why);
        need("trouble", text, Some(&device.id), None);
    }
    for line in facts.notices.iter().rev() {
        let why = failures.get(&line.id).map(String::as_str);
        let text = why.unwrap_or_else(|| Tongue::notice(&line.text)).to_owned();
        need("notice", text, Some(&line.id), Some(line.at));
    }
    needs
}
