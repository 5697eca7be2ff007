//! All protocols behind one link, as the gateway plays them, and what must hold after each message.

use std::collections::BTreeMap;

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_devices::recording::Line;
use lares_devices::twins::{Twin, TwinKind};
use lares_devices::{Context, Native, Observation, Problem, natives};
use lares_model::{Property, Timestamp, Value, ValueKind};

use crate::chance::Chance;

/// Most of what one message may make, in bytes: readings, messages, problems.
const MOST_BYTES: usize = 64 << 20;
/// Readings that one entity may give for one message: it has so many properties and topics at most.
const MOST_READINGS: usize = 1_024;
/// Longest reason of a problem, in bytes: it is stored, sent and read by people.
const LONGEST_REASON: usize = 16 << 10;
const MOST_ENTITIES: usize = 2_000;

/// What a message made, to see that something was reached at all.
#[derive(Default, Debug)]
pub struct Count {
    pub inputs: usize,
    pub announced: usize,
    pub removed: usize,
    pub readings: usize,
    pub problems: usize,
    pub sent: usize,
    pub refused: usize,
}

pub struct Home {
    discovery: Discovery,
    natives: Vec<Box<dyn Native>>,
    pub devices: BTreeMap<String, (DeviceSpec, Driver)>,
    twins: Vec<Twin>,
    pub count: Count,
}

type Held = Result<(), String>;

macro_rules! hold {
    ($condition:expr, $($why:tt)+) => { if !$condition { return Err(format!($($why)+)); } };
}

impl Home {
    pub fn new() -> Self {
        let context = Context { beacons: ["phone:a".to_owned()].into(), position: Some((48.2, 16.4)) };
        let twins = TwinKind::ALL.iter().map(|kind| Twin::new(*kind, "twin", "lares", "homeassistant"));
        Self {
            discovery: Discovery::new("m", "homeassistant"),
            natives: natives(&context),
            devices: BTreeMap::new(),
            twins: twins.collect(),
            count: Count::default(),
        }
    }

    /// Take a message. `Err`: what did not hold.
    pub fn hear(&mut self, topic: &str, payload: &[u8]) -> Held {
        self.count.inputs += 1;
        if let Err(problem) = Line::parse(&String::from_utf8_lossy(payload), 7) {
            hold!(problem.place == "line 7" && !problem.reason.is_empty(), "{problem}");
        }
        if self.discovery.is_config_topic(topic) {
            match self.discovery.on_config(topic, payload) {
                Ok((changes, problems)) => self.take(changes, &problems, topic)?,
                Err(problem) => self.told(&problem, topic)?,
            }
        }
        if let Some(native) = self.natives.iter_mut().find(|n| n.takes(topic)) {
            match native.on_message(topic, payload) {
                Ok(announced) => {
                    for a in announced {
                        match self.discovery.announce(&a.source, a.device) {
                            Ok((changes, problems)) => self.take(changes, &problems, &a.source)?,
                            Err(problem) => self.told(&problem, &a.source)?,
                        }
                    }
                }
                Err(problem) => self.told(&problem, topic)?,
            }
        }
        for twin in &mut self.twins {
            let answers = twin.on_message(topic, payload, Timestamp(0));
            // A robot's state and its map.
            hold!(answers.len() <= 2, "a twin says {} things at once", answers.len());
        }
        self.read(topic, payload)
    }

    /// What changed is as a household needs it, and what was refused is told.
    fn take(&mut self, changes: Vec<Change>, problems: &[Problem], source: &str) -> Held {
        for problem in problems {
            self.told(problem, source)?;
        }
        for change in changes {
            match change {
                Change::Removed { device_key } => {
                    self.count.removed += 1;
                    self.devices.remove(&device_key);
                }
                Change::Announced(spec) => {
                    self.count.announced += 1;
                    let (driver, problems) = made(&spec)?;
                    for problem in problems {
                        self.told(&problem, &problem.place)?;
                    }
                    self.devices.insert(spec.info.key.clone(), (*spec, driver));
                }
            }
        }
        Ok(())
    }

    fn told(&mut self, problem: &Problem, place: &str) -> Held {
        self.count.problems += 1;
        let short = place.strip_prefix(problem.place.trim_end_matches('…')).is_some();
        hold!(short, "the problem is at {:.200}, but is said to be at {:.200}", place, problem.place);
        hold!(!problem.reason.is_empty(), "no reason is given at {place:.200}");
        let bytes = problem.reason.len();
        hold!(bytes <= LONGEST_REASON, "a reason of {bytes} bytes: {:.400}", problem.reason);
        Ok(())
    }

    /// Every driver reads it, whoever it was for.
    fn read(&mut self, topic: &str, payload: &[u8]) -> Held {
        let mut problems = Vec::new();
        for (spec, driver) in self.devices.values_mut() {
            let mut out = Vec::new();
            problems.extend(driver.on_message(topic, payload, &mut out).err());
            let most = MOST_READINGS * (spec.entities.len() + 1);
            hold!(out.len() <= most, "one message made {} readings", out.len());
            let mut bytes = 0;
            for observation in &out {
                let Observation::Reading { value: Some(value), .. } = observation else { continue };
                bytes += size(value);
                hold!(!matches!(value, Value::Number(n) if !n.is_finite()), "{observation:?}");
            }
            hold!(bytes <= MOST_BYTES, "one message made readings of {bytes} bytes");
            self.count.readings += out.len();
        }
        problems.iter().try_for_each(|p| self.told(p, topic))
    }

    /// Wish something of some entity: it is a message that a broker takes, or refused with a reason.
    pub fn wish(&mut self, chance: &mut Chance) -> Held {
        let Some((spec, driver)) = self.devices.values().nth(chance.below(self.devices.len())) else {
            return Ok(());
        };
        let entity = chance.pick(&spec.info.entities);
        let writable: Vec<_> = entity.properties.iter().filter(|p| p.writable).collect();
        let known = writable.get(chance.below(writable.len())).filter(|_| !chance.one_in(4));
        let property = known.map_or_else(|| *chance.pick(Property::ALL), |p| p.property);
        let fitting = known.filter(|_| !chance.one_in(3)).map(|p| fitting(&p.kind, chance));
        let value = match chance.below(4) {
            _ if fitting.is_some() => fitting.unwrap(),
            0 => Value::Bool(chance.one_in(2)),
            1 => Value::Number(*chance.pick(&[0.0, 1.0, 50.0, 100.0, -1e308, f64::NAN, f64::INFINITY, 2e6])),
            2 => Value::Rgb(chance.next() as u8, 0, 255),
            _ => Value::text(*chance.pick(crate::words::NAMES)),
        };
        match driver.command(entity.id(), &[(property, value.clone())]) {
            Err(refusal) => {
                self.count.refused += 1;
                let reason = &refusal.reason;
                hold!(!reason.is_empty() && reason.len() <= LONGEST_REASON, "refused with `{reason:.400}`");
            }
            Ok(sent) => {
                self.count.sent += sent.len();
                for message in sent {
                    let topic = &message.topic;
                    let fine =
                        !topic.is_empty() && topic.len() <= 65_535 && !topic.contains(['+', '#', '\0']);
                    hold!(fine && message.qos <= 2, "no broker takes {topic:?} at {}", message.qos);
                    hold!(
                        message.payload.len() <= MOST_BYTES,
                        "a command of {} bytes",
                        message.payload.len()
                    );
                    let odd = matches!(value, Value::Number(n) if !n.is_finite());
                    hold!(!odd, "{value:?} was sent to {topic:?}");
                }
            }
        }
        Ok(())
    }
}

/// The driver of a device that is described well: every reference can be typed, and it can be kept.
fn made(spec: &DeviceSpec) -> Result<(Driver, Vec<Problem>), String> {
    let entities = &spec.info.entities;
    hold!(entities.len() <= MOST_ENTITIES, "a device of {} entities", entities.len());
    hold!(entities.len() == spec.entities.len() && !entities.is_empty(), "a device without entities");
    let mut slugs: Vec<&str> = entities.iter().map(|e| e.slug.as_str()).collect();
    hold!(slugs.iter().all(|s| !s.is_empty() && s.is_ascii() && s.len() <= 80), "references {slugs:?}");
    slugs.sort_unstable();
    slugs.dedup();
    hold!(slugs.len() == entities.len(), "two entities have one reference");
    for property in entities.iter().flat_map(|e| &e.properties) {
        if let ValueKind::Number { min, max, step } = property.kind {
            let fine = [min, max, step].iter().flatten().all(|n: &f64| n.is_finite());
            hold!(fine, "{property:?}");
        }
    }
    let kept = DeviceSpec::from_bytes(&spec.to_bytes()).map_err(|e| format!("cannot be kept: {e}"))?;
    hold!(kept == *spec, "is another device after a restart: {kept:?} was {spec:?}");
    Ok(Driver::new(spec))
}

/// A value that the property says it may be.
fn fitting(kind: &ValueKind, chance: &mut Chance) -> Value {
    match kind {
        ValueKind::Bool => Value::Bool(chance.one_in(2)),
        ValueKind::Rgb => Value::Rgb(chance.next() as u8, chance.next() as u8, 0),
        ValueKind::Text => Value::text(*chance.pick(crate::words::NAMES)),
        ValueKind::Enum(options) if options.is_empty() => Value::text(""),
        ValueKind::Enum(options) => Value::Text(chance.pick(options).clone()),
        ValueKind::Number { min, max, .. } => {
            Value::Number(*chance.pick(&[min.unwrap_or(-1e9), max.unwrap_or(1e9)]))
        }
    }
}

fn size(value: &Value) -> usize {
    value.as_text().map_or(8, str::len)
}
