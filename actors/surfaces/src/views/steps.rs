//! The parts of a rule, as they are written, in the household's words: what sets it off, what must hold, what is done.

use std::collections::BTreeMap;

use lares_config::{Action, Awaited, Condition, Hold, Rounds, SceneSet, Target, Trigger, duration_words};
use lares_model::{Component, Property, Value, value_word};

use super::Names;
use crate::tongue::{Phrases, Tongue, say};

impl Names {
    pub(super) fn trigger(&self, trigger: &Trigger) -> String {
        self.reason(&trigger.to_string())
    }

    pub(super) fn condition(&self, condition: &Condition) -> String {
        self.reason(&condition.to_string())
    }

    pub(super) fn scene_set(&self, set: &SceneSet) -> String {
        format!("{}{}", self.target(&set.target), values(self.tongue, &set.values))
    }

    fn t(&self) -> &'static Phrases {
        self.tongue.phrases()
    }

    pub(super) fn action(&self, action: &Action) -> String {
        let t = self.t();
        match action {
            Action::Set { target: of, values: set, reckoned, hold, .. } => {
                let reckoned = reckoned.iter().map(|(property, template)| {
                    say!(
                        t.step_value,
                        property = self.tongue.property_called(*property),
                        value = template.source
                    )
                });
                let what = format!("{}{}", self.target(of), values(self.tongue, set));
                let what = what + &reckoned.collect::<String>();
                let hold = match hold {
                    Hold::Momentary => String::new(),
                    Hold::WhileWhen => t.step_while.to_owned(),
                    Hold::For(length) => say!(t.step_for, length = duration_words(*length)),
                };
                say!(t.step_set, what = what) + &hold
            }
            Action::Scene { scene, hold } => {
                let hold = hold.map(|length| say!(t.step_for, length = duration_words(length)));
                say!(t.step_scene, name = self.scene_called(scene), hold = hold.unwrap_or_default())
            }
            Action::Let { values } => {
                let all: Vec<String> = values.iter().map(|(k, v)| format!("{k} = {}", v.source)).collect();
                say!(t.step_let, values = all.join(", "))
            }
            Action::Delay { length } => say!(t.step_delay, length = duration_words(*length)),
            Action::Notify { text } => say!(t.step_say, text = format!("{text:?}")),
            Action::Say { text, room } => {
                say!(t.step_say_in, text = format!("{text:?}"), room = self.room_called(room))
            }
            Action::Do { actions } => self.actions(actions),
            Action::Choose { branches, otherwise } => {
                let mut out = String::new();
                for (n, branch) in branches.iter().enumerate() {
                    let phrase = if n == 0 { t.step_if } else { t.step_or_if };
                    let (conditions, steps) = (self.holding(&branch.conditions), self.actions(&branch.then));
                    out += &say!(phrase, conditions = conditions, steps = steps);
                }
                out + &self.other(t.step_else, otherwise)
            }
            Action::Repeat { rounds, actions } => {
                let steps = self.actions(actions);
                match rounds {
                    Rounds::Times(n) => say!(t.step_times, n = n, steps = steps),
                    Rounds::While(while_) => {
                        say!(t.step_again_while, conditions = self.holding(while_), steps = steps)
                    }
                    Rounds::Until(until) => {
                        say!(t.step_again_until, conditions = self.holding(until), steps = steps)
                    }
                }
            }
            Action::Parallel { branches } => {
                let all: Vec<String> = branches.iter().map(|steps| self.actions(steps)).collect();
                say!(t.step_beside, all = all.join(" | "))
            }
            Action::Wait { awaited, timeout, .. } => {
                let most = timeout.map(|length| say!(t.step_at_most, length = duration_words(length)));
                let most = most.unwrap_or_default();
                match awaited {
                    Awaited::Triggers(triggers) => {
                        let all: Vec<String> = triggers.iter().map(|one| self.trigger(one)).collect();
                        say!(t.step_wait_for, what = all.join(t.joint_or), most = most)
                    }
                    Awaited::Conditions(conditions) => {
                        say!(t.step_wait_until, what = self.holding(conditions), most = most)
                    }
                }
            }
            Action::Ask { text, then, otherwise, .. } => {
                let asks = say!(t.step_ask, text = format!("{text:?}"));
                asks + &self.other(t.step_if_yes, then) + &self.other(t.step_else, otherwise)
            }
            Action::Stop { reason } => say!(t.step_stop, reason = reason),
        }
    }

    fn actions(&self, all: &[Action]) -> String {
        let all: Vec<String> = all.iter().map(|action| self.action(action)).collect();
        all.join(self.t().step_then)
    }

    fn holding(&self, all: &[Condition]) -> String {
        let all: Vec<String> = all.iter().map(|condition| self.condition(condition)).collect();
        all.join(self.t().joint_and)
    }

    fn other(&self, phrase: &str, actions: &[Action]) -> String {
        if actions.is_empty() { String::new() } else { say!(phrase, steps = self.actions(actions)) }
    }

    fn target(&self, target: &Target) -> String {
        let t = self.t();
        match target {
            Target::Entity(entity) => self.aimed(&entity.to_string()),
            Target::Group(key) => say!(t.target_group, key = self.group_called(key)),
            Target::Room { room, component: Some(kind) } => {
                say!(t.target_every, kind = self.tongue.every_component(*kind), room = self.room_called(room))
            }
            Target::Room { room, component: None } => say!(t.target_room, room = self.room_called(room)),
            Target::Find(filter) => say!(t.target_fits, filter = filter),
        }
    }

    /// A step of a rule that was tried: `set hall-lamp: on = true, for 5m`.
    pub(super) fn tried(&self, text: &str) -> String {
        let t = self.t();
        if let Some(target) = text.strip_prefix("let go of ") {
            return say!(t.step_release, target = self.aimed(target));
        }
        for (english, phrase) in [("say ", t.step_say), ("ask ", t.step_ask)] {
            if let Some(text) = text.strip_prefix(english) {
                return say!(phrase, text = text);
            }
        }
        if let Some((text, found)) = text.strip_prefix("end: ").and_then(|rest| rest.split_once(": ")) {
            let (text, found) = self.fact(text, found);
            return say!(t.step_end, text = text, found = found);
        }
        if let Some(what) = text.strip_prefix("wait for ") {
            return say!(t.step_wait_for, what = self.reason(what), most = "");
        }
        if let Some(what) = text.strip_prefix("wait until ") {
            return say!(t.step_wait_until, what = self.reason(what), most = "");
        }
        self.tried_set(text).unwrap_or_else(|| text.to_owned())
    }

    fn tried_set(&self, text: &str) -> Option<String> {
        let t = self.t();
        let rest = text.strip_prefix("set ")?;
        let (rest, hold) = match rest.strip_suffix(", for as long as its trigger holds") {
            Some(rest) => (rest, t.step_while.to_owned()),
            None => match rest.rsplit_once(", for ") {
                Some((rest, length)) => (rest, say!(t.step_for, length = length)),
                None => (rest, String::new()),
            },
        };
        let (target, set) = rest.split_once(": ").unwrap_or((rest, ""));
        let mut told = self.aimed(target);
        for one in set.split(", ").filter(|one| !one.is_empty()) {
            let (property, found) = one.split_once(" = ")?;
            let property = Property::parse(property)?;
            let found = match found {
                "on" | "true" => Value::Bool(true),
                "off" | "false" => Value::Bool(false),
                other => other.parse().map_or_else(|_| Value::text(other), Value::Number),
            };
            told += &value(self.tongue, property, &found);
        }
        Some(say!(t.step_set, what = told) + &hold)
    }
}

fn values(tongue: Tongue, values: &BTreeMap<Property, Value>) -> String {
    values.iter().map(|(property, found)| value(tongue, *property, found)).collect()
}

/// ` on`, ` locked`, ` brightness 40`.
fn value(tongue: Tongue, property: Property, value: &Value) -> String {
    let kind = match property {
        Property::Locked => Some(Component::Lock),
        Property::Position => Some(Component::Cover),
        _ => None,
    };
    if let Some(word) = kind.and_then(|kind| value_word(tongue.code(), (kind, None), property, value)) {
        return format!(" {word}");
    }
    let told = match value {
        // A mode is on or off as well.
        Value::Text(text) => tongue.reason(text),
        other => tongue.value(other),
    };
    match property {
        Property::On => format!(" {told}"),
        _ => say!(tongue.phrases().step_value, property = tongue.property_called(property), value = told),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Words that no sentence in German has.
    const ENGLISH: &[&str] = &[
        "the",
        "is",
        "became",
        "went",
        "for",
        "until",
        "then",
        "wait",
        "set",
        "and",
        "or",
        "not",
        "nobody",
        "somebody",
        "after",
        "before",
        "every",
        "everything",
        "above",
        "below",
        "with",
        "due",
        "home",
        "say",
        "ask",
        "if",
        "else",
        "times",
        "at",
        "on",
        "off",
        "from",
        "what",
        "fits",
        "occupied",
        "empty",
        "away",
        "sunset",
        "sunrise",
        "of",
    ];

    #[test]
    fn each_rule_of_the_sample_home_is_told_in_each_language() {
        let cottage = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/examples/cottage");
        let home = lares_config::load(&cottage, &[], std::iter::empty()).unwrap().home;
        let (english, german) = (Names::default(), Names::default().told_in(Tongue::German));
        let opens = |text: &str| text.contains(" position ") || text.contains(" locked ");
        let mut left = Vec::new();
        for rule in home.rules.values() {
            for action in rule.then.iter().chain(&rule.otherwise).filter(|a| !opens(&a.to_string())) {
                // A property is told as words: `target temperature`.
                let written = action.to_string().replace('_', " ");
                assert_eq!(english.action(action).replace('_', " "), written);
            }
            let actions = rule.then.iter().chain(&rule.otherwise).map(|action| german.action(action));
            let triggers = rule.when.iter().map(|trigger| german.trigger(trigger));
            let conditions = rule.conditions.iter().map(|condition| german.condition(condition));
            for told in actions.chain(triggers).chain(conditions) {
                // What stands in quotes is somebody's own.
                let ours: String = told.split(['"', '`']).step_by(2).collect();
                let words = ours.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '.');
                let found: Vec<&str> = words.filter(|word| ENGLISH.contains(word)).collect();
                if !found.is_empty() {
                    left.push(format!("{found:?}: {told}"));
                }
            }
        }
        assert_eq!(left, Vec::<String>::new());
    }

    #[test]
    fn a_step_that_was_tried_is_told_as_it_is_written() {
        let german = Names::default().told_in(Tongue::German);
        let told = [
            (
                "set hall-lamp: on = true, brightness = 40, for 5m",
                "hall-lamp an Helligkeit 40 stellen, für 5m",
            ),
            ("set front-lock: locked = false", "front-lock aufgeschlossen stellen"),
            (
                "set blind: position = 100, for as long as its trigger holds",
                "blind offen stellen, solange der Auslöser gilt",
            ),
            ("let go of hall-lamp", "hall-lamp loslassen"),
            ("say \"Good night\"", "sagen: \"Good night\""),
            ("end: hall is empty: occupied", "Ende: hall ist leer: belegt"),
            ("something else", "something else"),
        ];
        for (text, wanted) in told {
            assert_eq!(german.tried(text), wanted);
        }
    }
}
