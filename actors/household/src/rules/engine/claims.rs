//! What a run wishes: claims for the door.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_config::{Action, Hold, Target};
use lares_kernel::{Act, Aim, HoldFor, Intent};
use lares_model::{Fact, Level, Origin, Property};

use super::run::skipped;
use super::{Effect, Engine, View};
use crate::rules::runs::{Run, while_write};
use crate::rules::template::{as_value, reckon};
use crate::rules::triggers::still_holds;

impl Engine {
    pub(super) fn set(&mut self, run: &Run, action: &Action, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Action::Set { target, values, reckoned, hold, transition } = action else { return };
        let mut values = values.clone();
        for (property, template) in reckoned {
            let look = self.look_with(&run.rule, run.trigger, view, &run.vars);
            let reckoned =
                reckon(template, &run.vars, look).and_then(|(value, _)| as_value(&value, *property));
            match reckoned {
                Ok(value) => drop(values.insert(*property, value)),
                Err(found) => {
                    let mut basis = (*run.basis).clone();
                    let text = format!("{} = {}", property.name(), template.source);
                    basis.conditions.push(Fact { text, found, met: false });
                    skipped(&run.rule, basis, run.causes.iter().copied().collect(), effects);
                    return;
                }
            }
        }
        let main = values.keys().next().copied().unwrap_or(Property::On);
        let (aim, name) = match target {
            Target::Entity(entity) => match view.directory.movable(entity, main) {
                Some(found) => (Aim::Entity(found.id), found.reference.to_string()),
                None => (Aim::Name(entity.to_string()), entity.to_string()),
            },
            Target::Find(filter) => (Aim::Find(filter.clone()), format!("find:{filter}")),
            Target::Group(key) => (Aim::Group(key.clone()), format!("group:{key}")),
            Target::Room { room, component } => {
                let what = component.map(|c| format!(":{}", c.name())).unwrap_or_default();
                (Aim::Room { room: room.clone(), component: *component }, format!("room:{room}{what}"))
            }
        };
        let hold = match hold {
            Hold::Momentary => HoldFor::Momentary,
            Hold::For(length) => HoldFor::For(*length),
            Hold::WhileWhen => {
                // After a delay it may be over: a hold without an end would stand for ever.
                let waits_for = &run.rule.rule.when[run.trigger];
                if !self.trial && !still_holds(waits_for, &self.facts, view) {
                    let mut basis = (*run.basis).clone();
                    basis.conditions.push(Fact {
                        text: format!("{waits_for}, still"),
                        found: "it ended before its turn".to_owned(),
                        met: false,
                    });
                    skipped(&run.rule, basis, run.causes.iter().copied().collect(), effects);
                    return;
                }
                let held = self.whiles.entry((run.rule.key.clone(), run.trigger)).or_default();
                if !held.contains(&name) {
                    held.push(name);
                    effects.push(Effect::Keep(while_write(&run.rule.key, run.trigger, Some(held))));
                }
                HoldFor::UntilReleased
            }
        };
        effects.push(Effect::Intend(Box::new(Intent {
            source: run.rule.source.clone(),
            origin: Origin::Rule(run.rule.key.clone()),
            level: run.rule.rule.level,
            target: aim,
            act: Act::Set { values, hold, transition: *transition, silences: Vec::new() },
            reason: run.rule.rule.name.as_str().into(),
            causes: run.causes.iter().copied().collect(),
            basis: Some(run.basis.clone()),
            reply: None,
            again: false,
            token: None,
        })));
    }
}

/// All of a scene: claims of its own, so that whoever sets it next, or lets it go, means the same ones.
pub(super) fn set_scene(run: &Run, scene: &str, hold: Option<Duration>) -> Effect {
    let hold = hold.map_or(HoldFor::Momentary, HoldFor::For);
    Effect::Intend(Box::new(Intent {
        source: format!("scene:{scene}").into(),
        origin: Origin::Rule(run.rule.key.clone()),
        level: Level::Scene,
        target: Aim::Scene(scene.to_owned()),
        act: Act::set(BTreeMap::new(), hold),
        reason: run.rule.rule.name.as_str().into(),
        causes: run.causes.iter().copied().collect(),
        basis: Some(run.basis.clone()),
        reply: None,
        again: false,
        token: None,
    }))
}
