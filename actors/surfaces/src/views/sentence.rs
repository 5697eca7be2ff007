//! One sentence for every kind of event.

use lares_kernel::CountdownId;
use lares_kernel::wire::{CALL_RATE, SOUND_KIND};
use lares_model::{
    Body, Change, ChildChange, Event, NodeId, Origin, Outcome, Presence, Property, Reply, Said, Value,
    Verdict,
};

use super::{Names, length, table::plain};

/// What happened, in one line.
pub fn sentence(names: &Names, event: &Event) -> String {
    let subject = names.of(event.subject);
    let words = match &event.body {
        Body::Boot { version, epoch, after_crash } => {
            let after = if *after_crash { ", after a crash" } else { "" };
            format!("lares {version} started (start {epoch}{after})")
        }
        Body::Stop { reason } => format!("stopped: {reason}"),
        Body::HomeLoaded { snapshot, changed, partly, .. } => {
            let changes = if changed.is_empty() { "no changes".to_owned() } else { changed.join(", ") };
            let partly = if partly.is_empty() {
                String::new()
            } else {
                format!("; not applied: {}", partly.join(", "))
            };
            format!("the home {} took effect: {changes}{partly}", short(snapshot))
        }
        Body::HomeRefused { problems } => format!(
            "a changed home was refused, the old one goes on: {}{}",
            problems.first().map_or("", String::as_str),
            if problems.len() > 1 { format!(" (and {} more)", problems.len() - 1) } else { String::new() }
        ),
        Body::Reading { property, value: Some(value) } => {
            format!(
                "{subject}{} is {}",
                of_property(names, event.subject, *property),
                with_unit(names, event.subject, *property, value)
            )
        }
        Body::Reading { property, value: None } => {
            format!("{subject}{} is unknown", of_property(names, event.subject, *property))
        }
        Body::StatusChanged { status } => format!("{subject} is {status}"),
        Body::DeviceAnnounced { device } => {
            format!("{subject} announced itself: {}, {} entities", device.name, device.entities.len())
        }
        Body::DeviceRemoved { reason } => format!("{subject} was removed: {reason}"),
        Body::RoomOccupied { occupied: true } => format!("{subject} is occupied"),
        Body::RoomOccupied { occupied: false } => format!("{subject} is empty"),
        Body::PersonMoved { presence: Presence::Away, .. } => format!("{subject} is away"),
        Body::PersonMoved { presence: Presence::Unknown, .. } => format!("where {subject} is, is unknown"),
        Body::PersonMoved { room: Some(room), .. } => format!("{subject} is in {room}"),
        Body::PersonMoved { room: None, .. } => format!("{subject} is at home"),
        Body::TimerSet { timer } if is_ours(&timer.owner) => {
            format!("timer {}: {} from now, by {}", timer.name, length(timer.length), who_said(&event.origin))
        }
        Body::TimerFired { owner, name, late_ms: 0..=999 } if is_ours(owner) => format!("timer {name} ended"),
        Body::TimerFired { owner, name, late_ms } if is_ours(owner) => {
            format!("timer {name} ended {} ago", length(std::time::Duration::from_millis(*late_ms)))
        }
        Body::TimerCancelled { owner, name, reason } if is_ours(owner) => {
            format!("timer {name} {reason}, by {}", who_said(&event.origin))
        }
        Body::TimerSet { timer } => {
            format!("timer {} of {} set for {}", timer.name, timer.owner, length(timer.length))
        }
        Body::TimerFired { owner, name, late_ms: 0..=999 } => format!("timer {name} of {owner} fired"),
        Body::TimerFired { owner, name, late_ms } => {
            format!(
                "timer {name} of {owner} fired, {} late",
                length(std::time::Duration::from_millis(*late_ms))
            )
        }
        Body::TimerCancelled { owner, name, reason } => {
            format!("timer {name} of {owner} cancelled: {reason}")
        }
        Body::Decision(verdict) => decision(names, event.subject, verdict),
        Body::RuleSkipped { basis } => match basis.conditions.iter().find(|c| !c.met) {
            Some(fact) => format!(
                "rule {} looked and did nothing: {} was not met (found {})",
                basis.rule.key, fact.text, fact.found
            ),
            None => format!("rule {} looked and did nothing: {}", basis.rule.key, basis.trigger),
        },
        Body::RuleFailed { rule, reason } => {
            format!("rule {} failed at {}:{}: {reason}", rule.key, rule.file, rule.line)
        }
        Body::Receipt { property, receipt, command } => {
            format!(
                "{subject}{}: {receipt} (command {command})",
                of_property(names, event.subject, *property)
            )
        }
        Body::HoldEnded { property, source, reason } => {
            format!(
                "{} no longer holds {subject}{}: {reason}",
                who(source),
                of_property(names, event.subject, *property)
            )
        }
        Body::Child { path, change, reason } => {
            let done = match change {
                ChildChange::Restarted => "was restarted",
                ChildChange::Quarantined => "was quarantined",
                ChildChange::Recovered => "is well again",
                ChildChange::Replaced => "was replaced",
            };
            format!("{path} {done}: {reason}")
        }
        Body::Problem { place, reason } => format!("problem at {place}: {reason}"),
        Body::Notice { text } => match &event.origin {
            Origin::Voice(_) => format!("{} heard \"{text}\"", origin_words(&event.origin)),
            Origin::Person(_) | Origin::Console => format!("{}: {text}", who_said(&event.origin)),
            _ => format!("notice: {text}"),
        },
        Body::InterlockTripped { interlock, reason, latched } => {
            let latched = if *latched { ", and is latched" } else { "" };
            format!("interlock {interlock} tripped for {subject}{latched}: {reason}")
        }
        Body::InterlockCleared { interlock, reason } => {
            format!("interlock {interlock} is clear for {subject}: what it tripped for is over ({reason})")
        }
        Body::InterlockAcknowledged { interlock, reason } => {
            format!("{} acknowledged interlock {interlock} for {subject} ({reason})", who_said(&event.origin))
        }
        Body::Asked(question) => format!("rule {} asks: {}", question.rule, question.text),
        Body::Replied { question, reply } => {
            let who = who_said(&event.origin);
            let asked = &question.text;
            match reply {
                Reply::Yes => format!("{who} said yes to rule {}: {asked}", question.rule),
                Reply::No => format!("{who} said no to rule {}: {asked}", question.rule),
                Reply::Silence => format!("nobody answered rule {}, which is no: {asked}", question.rule),
                Reply::Withdrawn => format!("rule {} does not ask any more: {asked}", question.rule),
            }
        }
        Body::AutonomyChanged { from, to, reason } => {
            format!("{subject} goes from {} to {} by itself: {reason}", from.name(), to.name())
        }
        Body::GraphChanged(said) => changed(names, &event.origin, said),
        Body::Other { kind: SOUND_KIND, bytes, .. } => {
            format!("{subject}: {:.1} s of its sound", bytes.len() as f64 / f64::from(CALL_RATE))
        }
        Body::Other { kind, version, bytes } => {
            format!("{subject}: event of kind {kind} version {version}, {} bytes", bytes.len())
        }
    };
    plain(&words)
}

/// A timer of the household's people, not of a rule or a plan.
fn is_ours(owner: &str) -> bool {
    CountdownId::of(owner, "").is_some()
}

/// What somebody said of the life graph, in words.
fn changed(names: &Names, origin: &Origin, said: &Said) -> String {
    let one = |change: &Change| match change {
        Change::Made { node, kind, keys } if keys.is_empty() => {
            format!("made {} {}", kind.name(), names.of(*node))
        }
        Change::Made { node, kind, keys } => {
            format!("made {} {} with {}", kind.name(), names.of(*node), keys.join(", "))
        }
        Change::Put { node, keys } => format!("put {} of {}", keys.join(", "), names.of(*node)),
        Change::Removed { name, .. } => format!("took {name} away"),
        Change::Linked { edge } => {
            format!("linked {} {} {}", names.of(edge.from), edge.kind.name(), names.of(edge.to))
        }
        Change::Unlinked { edge } => {
            format!("ended {} {} {}", names.of(edge.from), edge.kind.name(), names.of(edge.to))
        }
        Change::Merged { name, into, .. } => format!("merged {name} into {}", names.of(*into)),
        Change::Measured { entity, property, new, corrected, .. } => {
            let of = of_property(names, *entity, *property);
            let whose = format!("{}{of}", names.of(*entity));
            let samples = |n: u32| if n == 1 { "sample" } else { "samples" };
            match (*new, *corrected) {
                (new, 0) => format!("took in {new} {} of {whose}", samples(new)),
                (0, n) => format!("corrected {n} {} of {whose}", samples(n)),
                (new, n) => format!("took in {new} {} of {whose} and corrected {n}", samples(new)),
            }
        }
    };
    let who = who_said(origin);
    if let [change @ Change::Measured { .. }] = said.changes.as_slice() {
        return format!("{who} {}, from {}", one(change), said.import);
    }
    if !said.import.is_empty() {
        let changes = if said.count == 1 { "change" } else { "changes" };
        return format!("{who} took in {} {changes} from {}", said.count, said.import);
    }
    let mut all: Vec<String> = said.changes.iter().take(3).map(one).collect();
    if said.count as usize > all.len() {
        all.push(format!("{} more", said.count as usize - all.len()));
    }
    format!("{who} {}", all.join(", "))
}

/// Who said it, as the one who did something.
fn who_said(origin: &Origin) -> String {
    match origin {
        Origin::Person(key) => key.to_string(),
        Origin::Console => "the command line".to_owned(),
        other => origin_words(other),
    }
}

fn decision(names: &Names, entity: NodeId, verdict: &Verdict) -> String {
    let source = who(&verdict.claim.source);
    let target = names.of(entity);
    let claimed = set_words(names, entity, verdict.property, &verdict.claim.value);
    match &verdict.outcome {
        Outcome::Commanded { value } if *value == verdict.claim.value => {
            format!("{source} set {target} {claimed}")
        }
        Outcome::Commanded { value } => {
            let sent = set_words(names, entity, verdict.property, value);
            format!("{source} wished {target} {claimed}; it was set {sent}")
        }
        Outcome::AlreadySo { .. } => format!("{source} wished {target} {claimed}: it already is"),
        Outcome::Not(receipt) => format!("{source} wished {target} {claimed}: {receipt}"),
    }
}

/// `on`, `to 21.5 °C`, `brightness to 40`.
pub(super) fn set_words(names: &Names, entity: NodeId, property: Property, value: &Value) -> String {
    match (property, value) {
        (Property::On, Value::Bool(_)) => value.to_string(),
        (Property::Locked, Value::Bool(true)) => "locked".to_owned(),
        (Property::Locked, Value::Bool(false)) => "unlocked".to_owned(),
        (Property::Press, _) => "pressed".to_owned(),
        (Property::State, _) => format!("to {}", with_unit(names, entity, property, value)),
        _ => format!("{} to {}", property.name(), with_unit(names, entity, property, value)),
    }
}

/// ` brightness`; nothing for the property that needs no name.
pub(super) fn of_property(names: &Names, entity: NodeId, property: Property) -> String {
    if property == names.main_property(entity) { String::new() } else { format!(" {}", property.name()) }
}

pub(super) fn with_unit(names: &Names, entity: NodeId, property: Property, value: &Value) -> String {
    match (value, names.unit(entity, property)) {
        (Value::Number(_), Some(unit)) => format!("{value} {unit}"),
        _ => value.to_string(),
    }
}

/// The source of a claim in words: `rule hall-light`, `anna`, `the command line`.
pub(super) fn who(source: &str) -> String {
    match source.split_once(':') {
        Some(("person", name)) => name.to_owned(),
        Some((kind, name)) => format!("{kind} {name}"),
        None if source == "console" => "the command line".to_owned(),
        None => source.to_owned(),
    }
}

/// Where an event comes from, in words.
pub(super) fn origin_words(origin: &Origin) -> String {
    match origin {
        Origin::System => "system".to_owned(),
        Origin::Link(key) => format!("link {key}"),
        Origin::Rule(key) => format!("rule {key}"),
        Origin::Person(key) => format!("person {key}"),
        Origin::Console => "console".to_owned(),
        Origin::Timer => "timer".to_owned(),
        Origin::Interlock(key) => format!("interlock {key}"),
        Origin::Voice(key) => format!("voice {key}"),
    }
}

/// The first twelve digits of a hash.
pub(super) fn short(hash: &[u8; 32]) -> String {
    hash.iter().take(6).map(|b| format!("{b:02x}")).collect()
}
