//! From what was typed to a wish for the door.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_kernel::{Act, Aim, HoldFor, Intent};
use lares_model::{Causes, Component, Level, Measured, NodeKind, Origin, Property};

use super::{Request, Trouble};
use crate::views::{Names, Source, nearest, value_from_json};
use crate::voice::SpokenCall;

/// What a target that is a scene begins with.
const SCENE: &str = "scene:";

/// A wish; a person's reason is where it was said (`surface`).
pub(super) fn intent(source: &dyn Source, request: Request, surface: &str) -> Result<Intent, Trouble> {
    let names = Names::read(source).map_err(Trouble::failed)?;
    match request {
        Request::Set { target, values, hold_ms, until_released, transition_ms, person } => {
            let scene = target.starts_with(SCENE);
            if scene && !values.is_empty() {
                return Err(Trouble::input("a scene says itself what is set: leave the properties out"));
            }
            if values.is_empty() && !scene {
                return Err(Trouble::input("nothing to set: name a property and a value, such as `on=true`"));
            }
            let hold = match (hold_ms, until_released) {
                (_, true) => HoldFor::UntilReleased,
                (Some(ms), false) => HoldFor::For(Duration::from_millis(ms)),
                (None, false) => HoldFor::Momentary,
            };
            let set = |(name, json): (&String, &serde_json::Value)| {
                let property = property(name)?;
                Ok((property, value_from_json(property, json).map_err(Trouble::input)?))
            };
            let values = values.iter().map(set).collect::<Result<BTreeMap<_, _>, Trouble>>()?;
            let transition = transition_ms.map(Duration::from_millis);
            wish(
                &names,
                &target,
                (person, surface),
                Act::Set { values, hold, transition, silences: Vec::new() },
            )
        }
        Request::Say { statements, import, person } => {
            let act = Act::Say { statements, samples: Vec::new(), import };
            said(&names, Aim::Graph, (person, surface), act)
        }
        Request::Acknowledge { interlock, person } => {
            said(&names, Aim::Interlock(interlock), (person, surface), Act::Acknowledge)
        }
        Request::Answer { question, yes, person } => {
            said(&names, Aim::Question(question), (person, surface), Act::Answer { yes })
        }
        Request::Timer { timer, act, person } => {
            said(&names, Aim::Timer(timer), (person, surface), Act::Timer(act))
        }
        Request::Release { target, properties, person } => {
            let properties = properties.iter().map(|p| property(p)).collect::<Result<_, _>>()?;
            wish(&names, &target, (person, surface), Act::Release { properties })
        }
        _ => Err(Trouble::input("that is no wish")),
    }
}

/// The same wish, and these players are silent once it is done.
pub(super) fn silencing(
    source: &dyn Source,
    mut intent: Intent,
    players: &[String],
) -> Result<Intent, Trouble> {
    if let (Act::Set { silences, .. }, false) = (&mut intent.act, players.is_empty()) {
        let names = Names::read(source).map_err(Trouble::failed)?;
        for player in players {
            silences.push(names.find(player).map_err(Trouble::input)?.id);
        }
    }
    Ok(intent)
}

/// Something to be said aloud in a room.
pub(super) fn announcement(
    source: &dyn Source,
    call: &SpokenCall,
    person: Option<String>,
    surface: &str,
) -> Result<Intent, Trouble> {
    let names = Names::read(source).map_err(Trouble::failed)?;
    let target = Aim::Room { room: call.room.clone(), component: None };
    said(&names, target, (person, surface), Act::Announce { text: call.text.clone() })
}

/// What properties were in the past, from a file that was checked.
pub(super) fn measured(
    source: &dyn Source,
    samples: Vec<Measured>,
    file: &str,
    by: (Option<String>, &str),
) -> Result<Intent, Trouble> {
    let names = Names::read(source).map_err(Trouble::failed)?;
    let act = Act::Say { statements: Vec::new(), samples, import: format!("{file} (csv)") };
    said(&names, Aim::Graph, by, act)
}

fn property(name: &str) -> Result<Property, Trouble> {
    Property::parse(name).ok_or_else(|| {
        let near = nearest(name, Property::ALL.iter().map(|p| p.name()));
        let hint =
            if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        Trouble::input(format!("`{name}` is no property{hint}"))
    })
}

fn wish(names: &Names, target: &str, by: (Option<String>, &str), act: Act) -> Result<Intent, Trouble> {
    said(names, aim(names, target)?, by, act)
}

fn said(
    names: &Names,
    target: Aim,
    (person, surface): (Option<String>, &str),
    act: Act,
) -> Result<Intent, Trouble> {
    let (who, origin, reason): (Arc<str>, Origin, &str) = match person {
        // Its name says it all.
        None => ("console".into(), Origin::Console, ""),
        Some(name) => {
            let found = names.find(&format!("person:{name}")).map_err(Trouble::input)?;
            (format!("person:{}", found.key).into(), Origin::Person(found.key.clone()), surface)
        }
    };
    // A scene's claims are its own: whoever lets it go means them, not all of their own.
    let (who, level) = match &target {
        Aim::Scene(key) => (format!("scene:{key}").into(), Level::Scene),
        _ => (who, Level::Person),
    };
    Ok(Intent {
        source: who,
        origin,
        level,
        target,
        act,
        reason: reason.into(),
        causes: Causes::new(),
        basis: None,
        reply: None,
        again: false,
        token: None,
    })
}

fn aim(names: &Names, target: &str) -> Result<Aim, Trouble> {
    let (target, component) = match target.split_once('/') {
        Some((room, word)) if room.starts_with("room:") => {
            let component = Component::parse(word).ok_or_else(|| {
                Trouble::input(format!("`{word}` is no kind of entity: try `light` or `switch`"))
            })?;
            (room, Some(component))
        }
        _ => (target, None),
    };
    // Groups and scenes are no nodes of the graph: the door knows them.
    if let Some(scene) = target.strip_prefix(SCENE) {
        return Ok(Aim::Scene(scene.to_owned()));
    }
    if let Some(group) = target.strip_prefix("group:") {
        return Ok(Aim::Group(group.to_owned()));
    }
    let found = names.find(target).map_err(Trouble::input)?;
    match found.kind {
        NodeKind::Entity => Ok(Aim::Entity(found.id)),
        NodeKind::Device => Ok(Aim::Name(found.reference.clone())),
        NodeKind::Group => Ok(Aim::Group(found.key.to_string())),
        NodeKind::Room => Ok(Aim::Room { room: found.key.to_string(), component }),
        _ => Err(Trouble::input(format!(
            "`{target}` cannot be set: name a device, an entity, a group or a room"
        ))),
    }
}
