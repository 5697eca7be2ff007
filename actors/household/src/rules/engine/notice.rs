//! What a notice tells.

use lares_config::notice::{Piece, pieces};
use lares_config::{Action, Condition, EntityRef, Trigger};
use lares_kernel::{Act, Aim, Intent};
use lares_model::{Body, Draft, NodeId, Origin, Property, Value, reworded, value_word};

use super::{Effect, Engine, View};
use crate::directory::Resolved;
use crate::domains::briefing::TODAY;
use crate::rules::conditions::value_words;
use crate::rules::runs::Run;

impl Engine {
    pub(super) fn notify(&self, run: &Run, action: &Action, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Action::Notify { text } = action else { return };
        let told = self.words(text, run, view);
        let key = &run.rule.key;
        let draft = Draft::new(NodeId::rule(key), Origin::Rule(key.clone()), Body::Notice { text: told });
        effects.push(Effect::Publish(draft.caused_by(run.causes.iter().copied()), Vec::new()));
        if pieces(text).iter().any(|piece| !matches!(piece, Piece::Text(_))) {
            // Looked at again after a kill it would say something else: so what it says is kept before it is said.
            effects.push(Effect::Keep(("told".to_owned(), None)));
        }
    }

    /// Words that are said in a room, through the door: it fills in what is on today.
    pub(super) fn say(&self, run: &Run, text: &str, room: &str, view: &View<'_>) -> Effect {
        Effect::Intend(Box::new(Intent {
            source: run.rule.source.clone(),
            origin: Origin::Rule(run.rule.key.clone()),
            level: run.rule.rule.level,
            target: Aim::Room { room: room.to_owned(), component: None },
            act: Act::Announce { text: self.words(text, run, view) },
            reason: run.rule.rule.name.as_str().into(),
            causes: run.causes.iter().copied().collect(),
            basis: Some(run.basis.clone()),
            reply: None,
            again: false,
            token: None,
        }))
    }

    /// A text with what is to be told in it.
    pub(super) fn words(&self, text: &str, run: &Run, view: &View<'_>) -> String {
        pieces(text).into_iter().map(|piece| self.told(piece, run, view)).collect()
    }

    fn told(&self, piece: Piece<'_>, run: &Run, view: &View<'_>) -> String {
        let is = |entity: &EntityRef, property: Option<Property>| {
            let at = view.directory.resolve(entity, property);
            let known = at.and_then(|at| Some((at, self.facts.value(at.entity, at.property)?)));
            let words = |(at, value): (Resolved, &Value)| {
                let found =
                    view.directory.entity(at.entity).map(|e| (e.info.component, &e.info.device_class));
                let kind = found.map(|(component, class)| (component, class.as_deref()));
                let language = &view.home.household.language;
                let word = kind.and_then(|kind| value_word(language, kind, at.property, value));
                word.map_or_else(|| value_words(value, &at, view), str::to_owned)
            };
            known.map_or_else(|| "unknown".to_owned(), words)
        };
        match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Found => found(run),
            Piece::Var(name) => match run.vars.get(name) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => "unknown".to_owned(),
            },
            Piece::Today => TODAY.to_owned(),
            Piece::Trigger => told_of(&run.basis.trigger, view),
            Piece::Value => match run.rule.rule.when.get(run.trigger) {
                Some(Trigger::Entity { entity, property, .. }) => is(entity, *property),
                _ => told_of(&run.basis.trigger, view),
            },
            Piece::Entity(name) => {
                let (device, slug) = name.split_once('.').map_or((name, None), |(d, s)| (d, Some(s)));
                is(&EntityRef { device: device.to_owned(), slug: slug.map(str::to_owned) }, None)
            }
        }
    }
}

/// What set it off, with the words of the kinds of what it is about.
fn told_of(trigger: &str, view: &View<'_>) -> String {
    let kind_of = |name: &str| {
        let (device, slug) = name.split_once('.').map_or((name, None), |(d, s)| (d, Some(s)));
        let entity = EntityRef { device: device.to_owned(), slug: slug.map(str::to_owned) };
        let found = view.directory.entity(view.directory.resolve(&entity, None)?.entity)?;
        Some((found.info.component, found.info.device_class.clone()))
    };
    reworded(trigger, &kind_of).into_owned()
}

/// What the rule's first `find` found: how many, and their names.
fn found(run: &Run) -> String {
    let looked = run.rule.rule.conditions.iter().zip(&run.basis.conditions);
    let mut found = looked.filter(|(c, _)| matches!(c, Condition::Find { .. })).map(|(_, f)| f.found.clone());
    found.next().unwrap_or_else(|| "{found}".to_owned())
}
