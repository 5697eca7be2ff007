//! Triggers on what the journal tells of.

use lares_model::{BodyKind, NodeId};

use super::Scope;
use crate::decode::{Fields, Node};
use crate::home::{About, AboutNodes, Trigger};

/// Events that a rule can be set off by. What changes all the time (readings, decisions, receipts) is not among them:
/// that is what the other triggers are for.
pub const EVENTS: [BodyKind; 18] = [
    BodyKind::Boot,
    BodyKind::HomeLoaded,
    BodyKind::HomeRefused,
    BodyKind::DeviceAnnounced,
    BodyKind::DeviceRemoved,
    BodyKind::RuleFailed,
    BodyKind::HoldEnded,
    BodyKind::Child,
    BodyKind::Problem,
    BodyKind::Notice,
    BodyKind::GraphChanged,
    BodyKind::InterlockTripped,
    BodyKind::InterlockCleared,
    BodyKind::InterlockAcknowledged,
    BodyKind::Asked,
    BodyKind::Replied,
    BodyKind::AutonomyChanged,
    // Of a room: rules have many timers of their own.
    BodyKind::TimerFired,
];

pub(crate) fn event(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Trigger> {
    let node = fields.get("event")?;
    let words: Vec<(&str, BodyKind)> = EVENTS.iter().map(|k| (k.name(), *k)).collect();
    let kind = node.word(&words);
    let about = match fields.get("about") {
        Some(node) => Some(about(&node, scope)?),
        None if kind == Some(BodyKind::TimerFired) => {
            fields.missing_for("about", "event", "say in which room it was set: about = \"room:kitchen\"");
            return None;
        }
        None => None,
    };
    Some(Trigger::Event { kind: kind?, about })
}

/// `room:kitchen`, `person:anna`, `rule:x`, `interlock:x`, a device or `device.entity`.
fn about(node: &Node<'_>, scope: &Scope<'_>) -> Option<About> {
    let text = node.text()?;
    let names = &scope.names;
    let nodes = match text.split_once(':') {
        Some(("room", key)) => AboutNodes::Node(NodeId::room(known(node, "room", key, &names.rooms)?)),
        Some(("person", key)) => AboutNodes::Node(NodeId::person(known(node, "person", key, &names.people)?)),
        Some(("rule", key)) => AboutNodes::Node(NodeId::rule(known(node, "rule", key, &names.rules)?)),
        Some(("interlock", key)) => {
            AboutNodes::Interlock(known(node, "interlock", key, &names.interlocks)?.to_owned())
        }
        Some((kind, _)) => {
            node.unknown_word(kind, ["room", "person", "rule", "interlock"].into_iter());
            return None;
        }
        None => AboutNodes::Entity(node.entity_in(text, scope)?),
    };
    Some(About { text: text.to_owned(), nodes })
}

fn known<'k>(
    node: &Node<'_>,
    what: &str,
    key: &'k str,
    all: &std::collections::BTreeSet<String>,
) -> Option<&'k str> {
    if !all.contains(key) {
        node.dangling(what, key, all.iter().map(String::as_str));
        return None;
    }
    Some(key)
}
