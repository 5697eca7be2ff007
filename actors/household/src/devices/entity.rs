//! What a device knows of one of its entities.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_model::{EntityInfo, EventId, NodeId, Property, PropertyInfo, Timestamp, Value, ValueKind};

use super::Answers;
use super::asked::{Asked, is_on_its_way};
use super::claims::Holds;
use super::code::WrongCodes;

/// How long after a command other properties may change because of it.
const FOLLOWS: Duration = Duration::from_secs(5);

/// How long after a command its value is still taken for its effect and not for somebody's hand.
const LATE: Duration = Duration::from_secs(5 * 60);

/// Commands of a property whose answers are counted. Of one that is told more often than that no report is a hand's for a while.
const MOST_TOLD: usize = 32;

/// An entity within its device's actor.
pub struct Entity {
    pub id: NodeId,
    /// `hall-lamp.light`.
    pub reference: Arc<str>,
    pub info: Arc<EntityInfo>,
    pub fresh_for: Option<Duration>,
    pub properties: BTreeMap<Property, Slot>,
    /// As it said itself; `None`: it does not say.
    pub available: Option<bool>,
    /// It was silent for longer than its readings stay fresh.
    pub silent: bool,
    /// When it last reported anything.
    pub heard: Option<Timestamp>,
    /// How long after it was on it is off again: it never says so itself.
    pub off_after: Option<Duration>,
    /// When that is.
    pub off_at: Option<Timestamp>,
    /// What it was told last, if it carries that out by itself.
    pub asked: Option<Asked>,
    /// Wrong codes that were given for it lately.
    pub wrong: WrongCodes,
}

/// One property: its value, the claims on it and the command under way.
#[derive(Default)]
pub struct Slot {
    pub value: Option<Value>,
    pub at: Option<Timestamp>,
    pub event: Option<EventId>,
    /// The value was reported since this start, not restored.
    pub live: bool,
    pub holds: Holds,
    pub pending: Option<Pending>,
    /// What it was told lately, newest last: reports of it may still be on their way.
    pub told: Vec<Told>,
    /// More was told than is kept, lastly then: for a while nobody can say whose report is whose.
    pub uncounted: Option<Timestamp>,
}

/// A value that a property was told to have.
pub struct Told {
    pub value: Value,
    pub at: Timestamp,
    /// A report was taken for its answer: the next one of the same value is somebody else's.
    pub answered: bool,
    /// Told before the wire came up last. What it delivers a second time answers only such: it was on its way before, too.
    pub earlier: bool,
}

impl Slot {
    /// Notes what it is told now, and forgets what cannot be answered any more.
    pub fn tell(&mut self, value: Value, now: Timestamp) {
        self.told.retain(|t| t.at + LATE > now);
        if self.told.len() >= MOST_TOLD && !self.told.remove(0).answered {
            self.uncounted = Some(now);
        }
        self.told.push(Told { value, at: now, answered: false, earlier: false });
    }

    /// Whether a report of `value` may be the answer to a command: to the oldest that has none and is not older than
    /// `window`, or to the last one, however late: battery devices sleep. Each command is answered once. `again`: the wire
    /// delivers it a second time.
    pub fn answers(
        &mut self,
        value: &Value,
        tolerance: f64,
        now: Timestamp,
        window: Duration,
        again: bool,
    ) -> bool {
        let last = self.told.len().saturating_sub(1);
        let open = self.told.iter_mut().enumerate().find(|(n, t)| {
            let in_time = t.at + window > now || (*n == last && t.at + LATE > now);
            !t.answered && in_time && (t.earlier || !again) && value.meets(&t.value, tolerance)
        });
        match open {
            Some((_, told)) => told.answered = true,
            None => return self.uncounted.is_some_and(|at| at + window > now),
        }
        true
    }

    /// Whether a report of `value` confirms the command under way; see [`Told::earlier`] for one delivered `again`.
    pub fn confirms(&self, value: &Value, tolerance: f64, again: bool) -> Option<EventId> {
        let pending = self.pending.as_ref().filter(|p| value.meets(&p.value, tolerance))?;
        let before = || pending.inherited || self.told.last().is_some_and(|t| t.earlier);
        (!again || before()).then_some(pending.command)
    }

    /// Whether it is surely so: reported, and nothing else was asked of it since.
    pub fn is_so(&self, value: &Value, tolerance: f64, now: Timestamp, window: Duration) -> bool {
        let reported = self.live && self.value.as_ref().is_some_and(|v| v.meets(value, tolerance));
        let last = self.told.last().filter(|t| t.at + window > now);
        reported && self.pending.is_none() && last.is_none_or(|t| value.meets(&t.value, tolerance))
    }
}

/// A command that waits for the device's report.
pub struct Pending {
    pub command: EventId,
    pub value: Value,
    pub deadline: Timestamp,
    /// The command whose bytes carry this one: properties set together travel together.
    pub carried_by: EventId,
    pub answers: Option<Answers>,
    /// It was under way when the process ended: it may or may not have arrived.
    pub inherited: bool,
}

impl Entity {
    pub fn new(reference: Arc<str>, info: Arc<EntityInfo>, fresh_for: Option<Duration>) -> Self {
        Self {
            id: info.id(),
            reference,
            info,
            fresh_for,
            properties: BTreeMap::new(),
            available: None,
            silent: false,
            heard: None,
            off_after: None,
            off_at: None,
            asked: None,
            wrong: WrongCodes::default(),
        }
    }

    /// Whether a change of `property` at `now` may follow from a command on another one: a lamp that is switched on
    /// tells its brightness and colour too.
    pub fn may_follow(&self, property: Property, now: Timestamp) -> bool {
        let others = self.properties.iter().filter(|(p, _)| **p != property);
        let last = others.filter_map(|(_, s)| s.told.last().map(|t| t.at)).max();
        let own = self.properties.get(&property).and_then(|s| s.told.last()).map(|t| t.at);
        last.is_some_and(|at| own.is_none_or(|own| own < at) && now < at + FOLLOWS)
    }

    /// Whether nothing that it reports can ever confirm a command on this property: what was sent is all that will be known.
    pub fn is_untold(&self, property: Property) -> bool {
        self.info.assumed || self.info.property(property).is_some_and(|p| !p.readable)
    }

    /// Whether this property changes by itself, so that no change of it is a hand's: a robot that has cleaned goes home.
    pub fn moves_itself(&self, property: Property) -> bool {
        use lares_model::Component as C;
        let kind = matches!(self.info.component, C::Vacuum | C::LawnMower | C::AlarmControlPanel);
        property == Property::Action || (kind && property == Property::State)
    }

    /// Whether what it tells is pictures.
    pub fn shows_pictures(&self) -> bool {
        use lares_model::Component as C;
        matches!(self.info.component, C::Camera | C::Image)
    }

    /// Whether a report says that it is on its way to what was wished: it obeyed, and the rest takes its time.
    pub fn is_on_its_way(&self, property: Property, wished: &Value, reported: &Value) -> bool {
        let (Some(wished), Some(reported)) = (wished.as_text(), reported.as_text()) else { return false };
        property == Property::State && self.moves_itself(property) && is_on_its_way(wished, reported)
    }

    /// The command that a report of another state comes of, where the thing got there by itself. One that it does not lead to
    /// ends it: somebody else sent the thing.
    pub fn led_by(&mut self, property: Property, told: &Value, now: Timestamp) -> Option<EventId> {
        let state = told.as_text().filter(|_| property == Property::State)?;
        if !self.asked.as_ref()?.leads_to(state, now) {
            self.asked = None;
        }
        self.asked.as_ref().map(|asked| asked.command)
    }

    /// Why a wish with a code is refused: the code does not go with it, or too many did not lately.
    pub fn judge(&mut self, wrong: Option<String>, given: bool, now: Timestamp) -> Option<String> {
        if !given || self.info.property(Property::Code).is_none() {
            return wrong;
        }
        if let Some(wait) = self.wrong.wait(now) {
            let minutes = wait.as_secs().div_ceil(60);
            return Some(format!("too many wrong codes: none is looked at for {minutes} min"));
        }
        self.wrong.note(wrong.is_none(), now);
        wrong
    }

    pub fn slot(&mut self, property: Property) -> &mut Slot {
        self.properties.entry(property).or_default()
    }
}

/// Why a value is no value of a property; `None` if it is one.
pub fn unfit(info: &PropertyInfo, value: &Value) -> Option<String> {
    match (&info.kind, value) {
        (ValueKind::Bool, Value::Bool(_))
        | (ValueKind::Text, Value::Text(_))
        | (ValueKind::Rgb, Value::Rgb(..)) => None,
        (ValueKind::Number { min, max, .. }, Value::Number(n)) => {
            let low = min.filter(|m| n < m).map(|m| format!("{n} is below its least, {m}"));
            low.or_else(|| max.filter(|m| n > m).map(|m| format!("{n} is above its most, {m}")))
        }
        (ValueKind::Enum(options), Value::Text(t)) if options.iter().any(|o| o == t) => None,
        (ValueKind::Enum(options), other) => {
            let names: Vec<&str> = options.iter().map(|o| &**o).collect();
            Some(format!("`{other}` is none of {}", names.join(", ")))
        }
        (kind, other) => Some(format!("`{other}` is not {}", kind_words(kind))),
    }
}

fn kind_words(kind: &ValueKind) -> &'static str {
    match kind {
        ValueKind::Bool => "on or off",
        ValueKind::Number { .. } => "a number",
        ValueKind::Text => "a text",
        ValueKind::Enum(_) => "one of its options",
        ValueKind::Rgb => "a colour",
    }
}

/// How far a report may be from what was asked and still be it: devices round to their own steps.
pub fn tolerance(property: Property) -> f64 {
    match property {
        // A 254-step dimmer told in percent.
        Property::Brightness | Property::Position | Property::Tilt | Property::Percentage => 1.0,
        // Mireds are whole: at 6,500 K one of them is 42 K.
        Property::ColorTemp => 45.0,
        Property::TargetTemperature => 0.26,
        _ => 0.01,
    }
}
