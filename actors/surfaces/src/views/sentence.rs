//! One sentence for every kind of event.

use lares_kernel::CountdownId;
use lares_kernel::wire::{CALL_RATE, SOUND_KIND};
use lares_model::{
    Body, ChildChange, Event, NodeId, Origin, Outcome, Presence, Property, Reply, Value, Verdict,
};

use super::{Names, changes::changed, table::plain};
use crate::tongue::say;

/// What happened, in one line.
pub fn sentence(names: &Names, event: &Event) -> String {
    let (tongue, t) = (names.tongue, names.tongue.phrases());
    let subject = names.called(event.subject);
    let by = || names.who_said(&event.origin);
    let of = |property: Property| names.called_of(event.subject, property);
    let words = match &event.body {
        Body::Boot { version, epoch, after_crash } => {
            say!(if *after_crash { t.boot_after_crash } else { t.boot }, version = version, epoch = epoch)
        }
        Body::Stop { reason } => say!(t.stopped, reason = tongue.reason(reason)),
        Body::HomeLoaded { snapshot, changed, partly, .. } => {
            let changes = if changed.is_empty() { t.no_changes.to_owned() } else { changed.join(", ") };
            let phrase = if partly.is_empty() { t.home_loaded } else { t.home_partly };
            say!(phrase, snapshot = short(snapshot), changes = changes, partly = partly.join(", "))
        }
        Body::HomeRefused { problems } => {
            let more = problems.len().saturating_sub(1);
            let more = if more > 0 { say!(t.and_more, n = more) } else { String::new() };
            let problem = problems.first().map(|problem| tongue.reason(problem)).unwrap_or_default();
            say!(t.home_refused, problem = problem, more = more)
        }
        Body::Reading { property, value: Some(value) } => {
            say!(t.is, subject = of(*property), value = with_unit(names, event.subject, *property, value))
        }
        Body::Reading { property, value: None } => say!(t.is_unknown, subject = of(*property)),
        Body::StatusChanged { status } => say!(t.is, subject = subject, value = tongue.status(status)),
        Body::DeviceAnnounced { device } => {
            say!(t.announced, subject = subject, name = device.name, n = device.entities.len())
        }
        Body::DeviceRemoved { reason } => {
            say!(t.was_removed, subject = subject, reason = tongue.reason(reason))
        }
        Body::RoomOccupied { occupied: true } => say!(t.occupied, subject = subject),
        Body::RoomOccupied { occupied: false } => say!(t.empty, subject = subject),
        Body::PersonMoved { presence: Presence::Away, .. } => say!(t.away, subject = subject),
        Body::PersonMoved { presence: Presence::Unknown, .. } => say!(t.somewhere, subject = subject),
        Body::PersonMoved { room: Some(room), .. } => {
            say!(t.in_room, subject = subject, room = names.room_called(room))
        }
        Body::PersonMoved { room: None, .. } => say!(t.at_home, subject = subject),
        Body::TimerSet { .. } | Body::TimerFired { .. } | Body::TimerCancelled { .. } => {
            timer(names, &event.body, &by)
        }
        Body::Decision(verdict) => decision(names, event.subject, verdict),
        Body::RuleSkipped { basis } => match basis.conditions.iter().find(|c| !c.met) {
            Some(fact) => {
                let (text, found) = names.fact(&fact.text, &fact.found);
                let rule = names.rule_called(&basis.rule.key);
                say!(t.skipped_for, rule = rule, text = text, found = found)
            }
            None => {
                let (rule, trigger) = (names.rule_called(&basis.rule.key), names.reason(&basis.trigger));
                say!(t.skipped, rule = rule, trigger = trigger)
            }
        },
        Body::RuleFailed { rule, reason } => {
            let (name, reason) = (names.rule_called(&rule.key), names.reason(reason));
            say!(t.rule_failed, rule = name, file = rule.file, line = rule.line, reason = reason)
        }
        Body::Receipt { property, receipt, command } => {
            let receipt = names.receipt(event.subject, *property, receipt);
            say!(t.receipt, subject = of(*property), receipt = receipt, command = command)
        }
        Body::HoldEnded { property, source, reason } => {
            let reason = names.reason(reason);
            say!(t.hold_ended, who = names.source(source), subject = of(*property), reason = reason)
        }
        Body::Child { path, change, reason } => {
            let phrase = match change {
                ChildChange::Restarted => t.restarted,
                ChildChange::Quarantined => t.set_aside,
                ChildChange::Recovered => t.recovered,
                ChildChange::Replaced => t.replaced,
            };
            say!(phrase, path = path, reason = tongue.reason(reason))
        }
        Body::Problem { place, reason } => {
            say!(t.problem, place = names.in_words(place), reason = names.in_words(reason))
        }
        Body::Notice { text } => match &event.origin {
            Origin::Voice(_) => say!(t.heard, who = names.teller(&event.origin), text = text),
            Origin::Person(_) | Origin::Console => {
                let (who, text) = (by(), names.in_words(text));
                // Most of them say themselves who it was.
                if text.starts_with(&format!("{who} ")) {
                    text
                } else {
                    say!(t.somebody_says, who = who, text = text)
                }
            }
            // Of a rule and a timer they are words for people, as people want them.
            Origin::Rule(_) | Origin::Timer => say!(t.notice, text = text),
            _ => say!(t.notice, text = names.in_words(text)),
        },
        Body::InterlockTripped { interlock, reason, latched } => {
            let phrase = if *latched { t.tripped_latched } else { t.tripped };
            say!(
                phrase,
                name = names.interlock_called(interlock),
                subject = subject,
                reason = names.reason(reason)
            )
        }
        Body::InterlockCleared { interlock, reason } => {
            let (name, reason) = (names.interlock_called(interlock), names.reason(reason));
            say!(t.cleared, name = name, subject = subject, reason = reason)
        }
        Body::InterlockAcknowledged { interlock, reason } => {
            let (name, reason) = (names.interlock_called(interlock), names.reason(reason));
            say!(t.acknowledged, who = by(), name = name, subject = subject, reason = reason)
        }
        Body::Asked(question) => say!(t.asks, rule = names.rule_called(&question.rule), text = question.text),
        Body::Replied { question, reply } => {
            let phrase = match reply {
                Reply::Yes => t.said_yes,
                Reply::No => t.said_no,
                Reply::Silence => t.silence,
                Reply::Withdrawn => t.withdrawn,
            };
            let rule = names.rule_called(&question.rule);
            say!(phrase, who = by(), rule = rule, text = question.text)
        }
        Body::AutonomyChanged { from, to, reason } => {
            let reason = names.reason(reason);
            say!(
                t.autonomy,
                subject = subject,
                from = tongue.autonomy_called(*from),
                to = tongue.autonomy_called(*to),
                reason = reason
            )
        }
        Body::GraphChanged(said) => changed(names, &by(), said),
        Body::Other { kind: SOUND_KIND, bytes, .. } => {
            let seconds = format!("{:.1}", bytes.len() as f64 / f64::from(CALL_RATE));
            say!(t.its_sound, subject = subject, n = seconds)
        }
        Body::Other { kind, version, bytes } => {
            say!(t.other, subject = subject, kind = kind, version = version, n = bytes.len())
        }
    };
    plain(&words)
}

/// Timers of the household's people, and those of rules and plans.
fn timer(names: &Names, body: &Body, by: &dyn Fn() -> String) -> String {
    let (tongue, t) = (names.tongue, names.tongue.phrases());
    let of_rule = |owner: &str, name: &str| {
        let rule = names.rule_of_timer(owner, name)?;
        Some(say!(t.rule, name = rule))
    };
    match body {
        Body::TimerSet { timer } if is_ours(&timer.owner) => {
            say!(t.our_timer_set, name = timer.name, length = tongue.length(timer.length), who = by())
        }
        Body::TimerSet { timer } => {
            let owner = of_rule(&timer.owner, &timer.name).unwrap_or_else(|| timer.owner.to_string());
            say!(t.timer_set, name = timer.name, owner = owner, length = tongue.length(timer.length))
        }
        Body::TimerFired { owner, name, late_ms } => {
            let late = tongue.length(std::time::Duration::from_millis(*late_ms));
            let phrase = match (is_ours(owner), *late_ms >= 1000) {
                (true, false) => t.our_timer_ended,
                (true, true) => t.our_timer_late,
                (false, false) => t.timer_fired,
                (false, true) => t.timer_late,
            };
            let owner = of_rule(owner, name).unwrap_or_else(|| owner.to_string());
            say!(phrase, name = name, owner = owner, length = late)
        }
        Body::TimerCancelled { owner, name, reason } if is_ours(owner) => {
            say!(t.our_timer_rests, name = name, reason = tongue.reason(reason), who = by())
        }
        Body::TimerCancelled { owner, name, reason } => {
            let owner = of_rule(owner, name).unwrap_or_else(|| owner.to_string());
            say!(t.timer_cancelled, name = name, owner = owner, reason = names.reason(reason))
        }
        _ => String::new(),
    }
}

/// A timer of the household's people, not of a rule or a plan.
fn is_ours(owner: &str) -> bool {
    CountdownId::of(owner, "").is_some()
}

fn decision(names: &Names, entity: NodeId, verdict: &Verdict) -> String {
    let t = names.tongue.phrases();
    let who = names.source(&verdict.claim.source);
    let target = names.called(entity);
    let wish = set_words(names, entity, verdict.property, &verdict.claim.value);
    match &verdict.outcome {
        Outcome::Commanded { value } if *value == verdict.claim.value => {
            say!(t.set_target, who = who, target = target, wish = wish)
        }
        Outcome::Commanded { value } => {
            let sent = set_words(names, entity, verdict.property, value);
            say!(t.wished_otherwise, who = who, target = target, wish = wish, sent = sent)
        }
        Outcome::AlreadySo { .. } => say!(t.wished_is_so, who = who, target = target, wish = wish),
        Outcome::Not(receipt) => {
            let receipt = names.receipt(entity, verdict.property, receipt);
            say!(t.wished, who = who, target = target, wish = wish, receipt = receipt)
        }
    }
}

/// `on`, `locked`, `to 21.5 °C`, `brightness to 40`.
pub(super) fn set_words(names: &Names, entity: NodeId, property: Property, value: &Value) -> String {
    let (tongue, t) = (names.tongue, names.tongue.phrases());
    if let Some(word) = names.word(entity, property, value) {
        return word.to_owned();
    }
    match (property, value) {
        (Property::On, Value::Bool(_)) => tongue.value(value),
        (Property::Press, _) => t.pressed.to_owned(),
        (Property::State, _) => say!(t.to, value = with_unit(names, entity, property, value)),
        _ => {
            let value = with_unit(names, entity, property, value);
            say!(t.property_to, property = tongue.property_called(property), value = value)
        }
    }
}

pub(super) fn with_unit(names: &Names, entity: NodeId, property: Property, value: &Value) -> String {
    if let Some(word) = names.word(entity, property, value) {
        return word.to_owned();
    }
    let told = names.bare(entity, property, value);
    match (value, names.unit(entity, property)) {
        (Value::Number(_), Some(unit)) => say!(names.tongue.phrases().unit, value = told, unit = unit),
        _ => told,
    }
}

/// The first twelve digits of a hash.
pub(super) fn short(hash: &[u8; 32]) -> String {
    hash.iter().take(6).map(|b| format!("{b:02x}")).collect()
}
