//! From an event back along its causes.

use std::collections::BTreeSet;

use lares_model::{Basis, Body, Event, EventId, NodeId, Outcome, Property, Until, Verdict};

use super::rule_text::Past;
use super::{Cause, Condition, DecisionView, Grounds, ReceiptView, RivalView};
use crate::tongue::{Tongue, say};
use crate::views::sentence::set_words;
use crate::views::teller::origin_words;
use crate::views::{Moment, Names, ReadError, Source, sentence, value_json};

/// How far back a chain is told, and how many events at most: enough for any rule of a household.
const DEPTH: usize = 24;
const EVENTS: usize = 96;

/// Makes causes of events; reads configurations and names once.
pub(super) struct Teller<'a> {
    pub source: &'a dyn Source,
    pub names: Names,
    pub past: Past,
}

impl<'a> Teller<'a> {
    pub fn new(source: &'a dyn Source, tongue: Tongue) -> Result<Self, ReadError> {
        Ok(Self { source, names: Names::read(source)?.told_in(tongue), past: Past::read(source)? })
    }

    /// The event with everything that it follows from.
    pub fn with_causes(&self, event: &Event) -> Result<Cause, ReadError> {
        self.back(event, DEPTH, &mut BTreeSet::new())
    }

    fn back(&self, event: &Event, depth: usize, told: &mut BTreeSet<EventId>) -> Result<Cause, ReadError> {
        told.insert(event.id);
        let mut cause = self.alone(event)?;
        for id in &event.causes {
            if depth == 0 || told.len() >= EVENTS || told.contains(id) {
                continue;
            }
            if let Some(stored) = self.source.event(*id)? {
                cause.because.push(self.back(&stored.event, depth - 1, told)?);
            }
        }
        Ok(cause)
    }

    /// The event by itself.
    pub fn alone(&self, event: &Event) -> Result<Cause, ReadError> {
        let decision = match &event.body {
            Body::Decision(verdict) => Some(self.decision(event.id, event.subject, verdict)?),
            _ => None,
        };
        let grounds = match &event.body {
            Body::RuleSkipped { basis } => Some(self.grounds(basis)?),
            _ => None,
        };
        Ok(Cause {
            event: event.id.to_string(),
            kind: event.body.kind().name().to_owned(),
            at: Moment(event.at),
            seen: Moment(event.seen),
            origin: origin_words(&event.origin),
            subject: self.names.of(event.subject),
            text: sentence(&self.names, event),
            decision,
            grounds,
            because: Vec::new(),
        })
    }

    fn grounds(&self, basis: &Basis) -> Result<Grounds, ReadError> {
        let (text, changed) = self.past.rule(self.source, &basis.rule)?;
        let condition = |f: &lares_model::Fact| {
            let (text, found) = self.names.fact(&f.text, &f.found);
            Condition { text, found, met: f.met }
        };
        Ok(Grounds {
            rule: basis.rule.key.to_string(),
            name: self.names.rule_called(&basis.rule.key),
            file: basis.rule.file.to_string(),
            line: basis.rule.line,
            text,
            changed,
            trigger: self.names.reason(&basis.trigger),
            conditions: basis.conditions.iter().map(condition).collect(),
        })
    }

    fn decision(&self, id: EventId, entity: NodeId, verdict: &Verdict) -> Result<DecisionView, ReadError> {
        let wish = |value: &lares_model::Value| set_words(&self.names, entity, verdict.property, value);
        let t = self.names.tongue.phrases();
        let (outcome, outcome_text, sent) = match &verdict.outcome {
            Outcome::Commanded { value } => ("commanded", wish(value), Some(value_json(Some(value)))),
            Outcome::AlreadySo { value } => (
                "already_so",
                say!(t.none_needed, value = self.names.value(entity, verdict.property, value)),
                None,
            ),
            Outcome::Not(receipt) => {
                let told = self.names.receipt(entity, verdict.property, receipt);
                (receipt.word(), say!(t.none_sent, receipt = told), None)
            }
        };
        let rival = |r: &lares_model::Rival| RivalView {
            source: r.source.to_string(),
            who: self.names.source(&r.source),
            level: r.level.name().to_owned(),
            level_number: r.level.into(),
            value: value_json(Some(&r.value)),
            text: wish(&r.value),
        };
        let claim = &verdict.claim;
        Ok(DecisionView {
            property: verdict.property.name().to_owned(),
            value: value_json(Some(&claim.value)),
            wish: wish(&claim.value),
            source: claim.source.to_string(),
            who: self.names.source(&claim.source),
            level: claim.level.name().to_owned(),
            level_number: claim.level.into(),
            until: match claim.until {
                Until::Momentary => "momentary".to_owned(),
                Until::Released => "released".to_owned(),
                Until::At(t) => Moment(t).to_string(),
            },
            reason: self.names.claim_reason(claim),
            grounds: verdict.basis.as_ref().map(|b| self.grounds(b)).transpose()?,
            rivals: verdict.rivals.iter().map(rival).collect(),
            outcome: outcome.to_owned(),
            outcome_text,
            sent,
            receipts: self.receipts(id, verdict.property)?,
        })
    }

    fn receipts(&self, command: EventId, of: Property) -> Result<Vec<ReceiptView>, ReadError> {
        let mut receipts = Vec::new();
        for stored in self.effects(command)? {
            match &stored.body {
                Body::Receipt { command: c, property, receipt } if *c == command && *property == of => {
                    receipts.push(ReceiptView {
                        event: stored.id.to_string(),
                        at: Moment(stored.at),
                        word: receipt.word().to_owned(),
                        text: self.names.receipt(stored.subject, *property, receipt),
                    });
                }
                _ => {}
            }
        }
        Ok(receipts)
    }

    /// The events that name this one as a cause, oldest first.
    pub fn effects(&self, id: EventId) -> Result<Vec<Event>, ReadError> {
        let mut effects = Vec::new();
        for id in self.source.effects(id)?.into_iter().take(EVENTS) {
            effects.extend(self.source.event(id)?.map(|s| s.event));
        }
        Ok(effects)
    }
}
