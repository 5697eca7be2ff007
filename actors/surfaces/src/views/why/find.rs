//! Which event answers the question.

use lares_model::{
    Body, EdgeKind, Event, EventId, Level, NodeId, NodeKind, Outcome, Property, Receipt, Status,
};

use super::chain::Teller;
use super::rule_text::targets;
use super::{Answer, WhyError};
use crate::tongue::say;
use crate::views::countdowns::newest_of;
use crate::views::devices::Statuses;
use crate::views::interlocks::active_of;
use crate::views::plan::{HoldView, holds};
use crate::views::{Named, Names, ReadError, Source, Telling, sentence};

/// How far an entity's past is looked at for the event that made it what it is.
const LOOK_BACK: usize = 512;

/// Why `what` (an event, or the name of an entity, device, room, person or rule) is as it is.
pub fn why(source: &dyn Source, told: &Telling, what: &str) -> Result<Answer, WhyError> {
    let teller = Teller::new(source, told.tongue)?;
    if let Ok(id) = what.parse::<EventId>() {
        let stored = source.event(id)?.ok_or_else(|| WhyError::NoEvent(what.to_owned()))?;
        return Ok(of_event(&teller, what, &stored.event)?);
    }
    if let Some(id) = what.strip_prefix("timer:") {
        let newest = newest_of(source, id)?.ok_or_else(|| WhyError::NoTimer(id.to_owned()))?;
        return Ok(of_event(&teller, what, &newest)?);
    }
    let named = teller.names.find(what).or_else(|e| place(&teller.names, what).ok_or(e))?.clone();
    let asker = Asker { teller: &teller, told, id: named.id, of: named.reference.clone() };
    Ok(match named.kind {
        NodeKind::Entity => asker.entity(&named)?,
        NodeKind::Device => asker.device(&named)?,
        NodeKind::Rule => asker.rule(&named)?,
        _ => asker.newest(&named)?,
    })
}

/// A room or person by one of its facts: `hall.occupied`, `anna.home`.
fn place<'a>(names: &'a Names, what: &str) -> Option<&'a Named> {
    let (name, fact) = what.rsplit_once('.')?;
    let kind = match fact {
        "occupied" => "room",
        "home" | "room" => "person",
        _ => return None,
    };
    names.find(&format!("{kind}:{name}")).ok()
}

fn of_event(teller: &Teller<'_>, of: &str, event: &Event) -> Result<Answer, ReadError> {
    // A receipt is part of its command's story.
    let command = match &event.body {
        Body::Receipt { command, .. } => teller.source.event(*command)?.map(|s| s.event),
        _ => None,
    };
    let root = command.as_ref().unwrap_or(event);
    let cause = teller.with_causes(root)?;
    let t = teller.names.tongue.phrases();
    let because = cause.because.first().map(|c| say!(t.because, text = c.text)).unwrap_or_default();
    let mut led_to = Vec::new();
    for effect in teller.effects(root.id)? {
        if !matches!(effect.body, Body::Receipt { .. }) {
            led_to.push(teller.alone(&effect)?);
        }
    }
    let line = format!("{}{because}", sentence(&teller.names, event));
    let (since, holds, hints) = Default::default();
    Ok(Answer { of: of.to_owned(), called: None, line, root: Some(cause), led_to, since, holds, hints })
}

pub(super) struct Asker<'a> {
    pub(super) teller: &'a Teller<'a>,
    pub(super) told: &'a Telling,
    id: NodeId,
    of: String,
}

impl Asker<'_> {
    fn answer(&self, line: String, event: Option<&Event>) -> Result<Answer, ReadError> {
        let root = event.map(|e| self.teller.with_causes(e)).transpose()?;
        let (led_to, since, holds, hints) = Default::default();
        let called = Some(self.teller.names.called(self.id));
        Ok(Answer { of: self.of.clone(), called, line, root, led_to, since, holds, hints })
    }

    /// A room, person, link ...: the newest that is known of it.
    fn newest(&self, named: &Named) -> Result<Answer, ReadError> {
        let about = self.teller.source.history(named.id, None, 1)?.pop().map(|s| s.event);
        // What was said of several things at once is about the household, and changed this one as well.
        let changed = self.teller.source.node_versions(named.id)?.pop();
        let newest = match (about, changed) {
            (Some(about), Some(changed)) if changed <= about.id => Some(about),
            (about, Some(changed)) => {
                let said = self.teller.source.event(changed)?.map(|s| s.event);
                said.filter(|e| matches!(e.body, Body::GraphChanged(_))).or(about)
            }
            (about, None) => about,
        };
        let line = match &newest {
            Some(event) => {
                let words = sentence(&self.teller.names, event);
                format!("{words}{}", self.since(event.at))
            }
            None => {
                say!(self.told.tongue.phrases().nothing_known_of, name = self.teller.names.called(named.id))
            }
        };
        self.answer(line, newest.as_ref())
    }

    /// What a rule did last, or why it did not.
    fn rule(&self, named: &Named) -> Result<Answer, ReadError> {
        let own = self.teller.source.history(named.id, None, 1)?.pop().map(|s| s.event);
        let acted = self.last_decision_of(&named.key)?;
        let newest = [own, acted].into_iter().flatten().max_by_key(|e| e.id);
        let line = match &newest {
            Some(e) => {
                let words = sentence(&self.teller.names, e);
                say!(self.told.tongue.phrases().rule_ago, sentence = words, ago = self.told.ago(e.at))
            }
            None => say!(self.told.tongue.phrases().rule_not_yet, name = self.teller.names.called(named.id)),
        };
        self.answer(line, newest.as_ref())
    }

    fn last_decision_of(&self, rule: &str) -> Result<Option<Event>, ReadError> {
        let mut to = EventId(u64::MAX);
        for _ in 0..64 {
            let page = self.teller.source.journal(EventId(0), to, true, LOOK_BACK)?;
            let Some(oldest) = page.last().map(|s| s.event.id) else { return Ok(None) };
            let of_rule = |e: &Event| match &e.body {
                Body::Decision(v) => v.basis.as_ref().is_some_and(|b| &*b.rule.key == rule),
                _ => false,
            };
            if let Some(stored) = page.into_iter().find(|s| of_rule(&s.event)) {
                return Ok(Some(stored.event));
            }
            if oldest.0 == 0 {
                return Ok(None);
            }
            to = EventId(oldest.0 - 1);
        }
        Ok(None)
    }

    /// A device stands for the entity that can be moved; without one, for the one that spoke last.
    fn device(&self, named: &Named) -> Result<Answer, ReadError> {
        let source = self.teller.source;
        let parts = source.edges_to(named.id)?.into_iter().filter(|e| e.kind == EdgeKind::PartOf);
        let mut entities: Vec<(bool, Option<EventId>, &Named)> = Vec::new();
        for entity in parts.filter_map(|e| self.teller.names.get(e.from)) {
            let movable = entity.info.as_ref().is_some_and(|i| i.properties.iter().any(|p| p.writable));
            let newest = source.history(entity.id, None, 1)?.pop().map(|s| s.event.id);
            entities.push((movable, newest, entity));
        }
        entities.sort_by_key(|(movable, newest, _)| (*movable, *newest));
        let Some((_, _, chosen)) = entities.pop() else { return self.newest(named) };
        let asker =
            Asker { teller: self.teller, told: self.told, id: chosen.id, of: chosen.reference.clone() };
        let mut answer = asker.entity(chosen)?;
        if !entities.is_empty() {
            let called = |n: &Named| format!("{} ({})", self.teller.names.called(n.id), n.reference);
            let others: Vec<String> = entities.iter().rev().map(|(_, _, n)| called(n)).collect();
            answer.hints.push(say!(self.told.tongue.phrases().also_has, others = others.join(", ")));
        }
        Ok(answer)
    }

    fn entity(&self, named: &Named) -> Result<Answer, ReadError> {
        let (teller, source) = (self.teller, self.teller.source);
        let past: Vec<Event> =
            source.history(named.id, None, LOOK_BACK)?.into_iter().map(|s| s.event).collect();
        let property = teller.names.main_property(named.id);
        let command = past.iter().find(|e| commanded(e, property).is_some());
        let change = last_change(&past, property);
        let explained = match (command, change) {
            (Some(d), Some(c)) => d.id > c.id || self.explains(d, c, &past, property)?,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let by_hand = change.and_then(|c| past.iter().find(|e| is_by_hand(e) && e.causes.contains(&c.id)));
        let root = if explained { command } else { by_hand.or(change).or(command) };
        let root = root.or_else(|| past.iter().find(|e| !matches!(e.body, Body::StatusChanged { .. })));
        let line = self.entity_line(named, property, root, change, explained)?;
        let mut answer = self.answer(line, root.or(past.first()))?;
        let after = root.map_or(EventId(0), |e| e.id);
        for event in past.iter().filter(|e| e.id > after && came_to_nothing(e)).take(3) {
            answer.since.push(teller.alone(event)?);
        }
        if let Some(skipped) = self.last_skipped(named, after)?
            && !answer.since.iter().any(|c| c.event == skipped.id.to_string())
        {
            answer.since.push(teller.alone(&skipped)?);
        }
        answer.since.sort_by_key(|c| c.seen);
        let held = holds(source, &teller.names)?.into_iter().filter(|h| h.entity == named.reference);
        let wished = |h: HoldView| match h.reason.as_str() {
            "" => h.text,
            reason => format!("{} ({reason})", h.text),
        };
        answer.holds = held.map(wished).collect();
        answer.hints.extend(self.status_hint(named)?);
        let locks = crate::views::interlocks_now(source, self.told)?;
        for lock in active_of(&locks, &named.reference) {
            let (tongue, t) = (self.told.tongue, self.told.tongue.phrases());
            let latched = lock.state == "latched";
            let ack = if latched { say!(t.lock_ack, name = lock.id) } else { String::new() };
            let reason = lock.reason.as_ref().map(|r| say!(t.why, reason = r)).unwrap_or_default();
            let state = super::super::interlocks::state_word(tongue, &lock.state);
            let (name, allows) = (teller.names.interlock_called(&lock.id), &lock.allows);
            let hint =
                say!(t.lock_hint, name = name, state = state, reason = reason, allows = allows, ack = ack);
            answer.hints.push(hint);
        }
        Ok(answer)
    }

    /// Whether a change of the state is what a command led to.
    fn explains(
        &self,
        command: &Event,
        change: &Event,
        past: &[Event],
        of: Property,
    ) -> Result<bool, ReadError> {
        if change.causes.contains(&command.id) {
            return Ok(true);
        }
        let mut refuted = false;
        for effect in self.teller.effects(command.id)? {
            if let Body::Receipt { receipt, .. } = &effect.body {
                if effect.causes.contains(&change.id) {
                    return Ok(matches!(receipt, Receipt::Confirmed));
                }
                refuted |= !matches!(receipt, Receipt::Confirmed | Receipt::Sent);
            }
        }
        let (Some(wanted), Some(found)) = (commanded(command, of), reading(change, of).flatten()) else {
            return Ok(false);
        };
        let between = |e: &&Event| e.id > command.id && e.id < change.id && reading(e, of).is_some();
        Ok(!refuted && found.meets(wanted, 1.0) && !past.iter().any(|e| between(&e)))
    }

    /// The last rule that looked after `after`, would have moved this entity, and did not.
    fn last_skipped(&self, entity: &Named, after: EventId) -> Result<Option<Event>, ReadError> {
        let mut newest: Option<Event> = None;
        for rule in self.teller.names.all().filter(|n| n.kind == NodeKind::Rule) {
            let Some(event) = self.teller.source.history(rule.id, None, 1)?.pop().map(|s| s.event) else {
                continue;
            };
            let Body::RuleSkipped { basis } = &event.body else { continue };
            let later = event.id > after && newest.as_ref().is_none_or(|n| event.id > n.id);
            if later && self.moves(rule.id, &basis.rule, entity)? {
                newest = Some(event);
            }
        }
        Ok(newest)
    }

    /// Whether a rule sets this entity: as its node says (`targets`), else as its text does.
    fn moves(
        &self,
        rule: NodeId,
        reference: &lares_model::RuleRef,
        entity: &Named,
    ) -> Result<bool, ReadError> {
        let (device, _) = entity.reference.split_once('.').unwrap_or((&entity.reference, ""));
        let mut fits = vec![entity.reference.clone(), device.to_owned()];
        let places = [Some(entity.id), self.device_of(entity.id)?];
        for id in places.into_iter().flatten() {
            for edge in self.teller.source.edges_from(id)? {
                if matches!(edge.kind, EdgeKind::LocatedIn | EdgeKind::MemberOf) {
                    let key = self.teller.names.of(edge.to);
                    fits.extend([format!("room:{key}"), format!("group:{key}"), key]);
                }
            }
        }
        let node = self.teller.source.node(rule)?;
        let listed = node.as_ref().and_then(|n| n.props.get("targets")).and_then(|v| v.as_text());
        if let Some(listed) = listed {
            return Ok(listed.split_whitespace().any(|t| fits.iter().any(|f| f == t)));
        }
        let (text, _) = self.teller.past.rule(self.teller.source, reference)?;
        Ok(text.is_some_and(|text| targets(&text).iter().any(|t| fits.contains(t))))
    }

    fn device_of(&self, entity: NodeId) -> Result<Option<NodeId>, ReadError> {
        let edges = self.teller.source.edges_from(entity)?;
        Ok(edges.into_iter().find(|e| e.kind == EdgeKind::PartOf).map(|e| e.to))
    }

    /// That it cannot be reached is worth more than any cause.
    fn status_hint(&self, named: &Named) -> Result<Option<String>, ReadError> {
        let statuses = Statuses::read(self.teller.source)?;
        let places = [Some(named.id), self.device_of(named.id)?];
        let mut bad = places.into_iter().flatten().map(|id| (id, statuses.of(id)));
        let found = bad.find(|(_, s)| matches!(s, Status::Offline(_) | Status::Quarantined(_)));
        let tongue = self.told.tongue;
        let words = |id, status| {
            say!(tongue.phrases().is, subject = self.teller.names.called(id), value = tongue.status(status))
        };
        Ok(found.map(|(id, status)| words(id, status)))
    }
}

/// The value that was sent for this property.
fn commanded(event: &Event, property: Property) -> Option<&lares_model::Value> {
    match &event.body {
        Body::Decision(v) if v.property == property => match &v.outcome {
            Outcome::Commanded { value } => Some(value),
            _ => None,
        },
        _ => None,
    }
}

fn reading(event: &Event, property: Property) -> Option<Option<&lares_model::Value>> {
    match &event.body {
        Body::Reading { property: p, value } if *p == property => Some(value.as_ref()),
        _ => None,
    }
}

/// The reading since which the property is what it is: the oldest of the newest run of equal ones.
fn last_change(past: &[Event], property: Property) -> Option<&Event> {
    let mut readings = past.iter().filter(|e| reading(e, property).is_some());
    let mut change = readings.next()?;
    for older in readings {
        if reading(older, property) != reading(change, property) {
            break;
        }
        change = older;
    }
    Some(change)
}

/// Somebody used the thing itself.
fn is_by_hand(event: &Event) -> bool {
    matches!(&event.body, Body::Decision(v) if v.claim.level == Level::PhysicalSwitch)
}

/// A wish that moved nothing. That a switch was used by hand is told by the reading itself.
fn came_to_nothing(event: &Event) -> bool {
    match &event.body {
        Body::Decision(v) => !matches!(v.outcome, Outcome::Commanded { .. }) && !is_by_hand(event),
        Body::RuleSkipped { .. } | Body::HoldEnded { .. } => true,
        Body::InterlockTripped { .. } | Body::InterlockAcknowledged { .. } => true,
        _ => false,
    }
}
