//! The driver of one device: its messages in, readings out; wishes in, messages out.
//!
//! **One rule for its caller:** every message on a topic that [`Driver::topics`] matches goes to
//! [`Driver::on_message`], in the order of arrival.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use lares_model::{Component, NodeId, Property, PropertyInfo, Value, ValueKind};

use super::availability::Availability;
use super::components::{self, Built, Commands, Reader};
use super::config::Config;
use super::encoding::Encoding;
use super::spec::DeviceSpec;
use super::template::{Bank, Message};
use super::topic;
use crate::problem::quote;
use crate::{Credential, Observation, Problem, Refusal, Send};

/// Longest message that is looked at, in bytes.
const LONGEST_MESSAGE: usize = 1 << 20;

/// Reads and commands one device.
pub struct Driver {
    bank: Bank,
    entities: Vec<Entity>,
    availability: Vec<Availability>,
    /// Who wants the messages of an exact topic.
    exact: BTreeMap<String, Vec<Listener>>,
    /// Who wants the messages of a filter with wildcards.
    wild: Vec<(String, Vec<Listener>)>,
}

struct Entity {
    id: NodeId,
    slug: String,
    properties: Vec<PropertyInfo>,
    readers: Vec<Reader>,
    commands: Commands,
    off_after: Option<Duration>,
    encoding: Encoding,
}

/// A message as those see it who listen to its topic.
struct Heard<'m> {
    bytes: &'m [u8],
    /// As text, or why it is none.
    text: Result<Message<'m>, String>,
}

#[derive(Clone, Copy)]
enum Listener {
    Reader { entity: usize, reader: usize },
    Availability { group: usize, source: usize },
}

impl Driver {
    /// Make the driver of a device. What of its announcement is wrong is told; the rest works.
    pub fn new(spec: &DeviceSpec) -> (Self, Vec<Problem>) {
        let mut driver = Self {
            bank: Bank::default(),
            entities: Vec::with_capacity(spec.entities.len()),
            availability: Vec::new(),
            exact: BTreeMap::new(),
            wild: Vec::new(),
        };
        let mut problems = Vec::new();
        for entity in &spec.entities {
            let built = components::build(entity.component, Config(&entity.config), &mut driver.bank);
            problems.extend(
                built
                    .problems
                    .iter()
                    .map(|why| Problem::new(&entity.source, format!("{}: {why}", entity.slug))),
            );
            let encoding = Encoding::of(Config(&entity.config)).unwrap_or_else(|why| {
                problems.push(Problem::new(&entity.source, format!("{}: {why}", entity.slug)));
                Encoding::default()
            });
            driver.add_entity(entity.id(), &entity.slug, built, encoding);
            let off = Config(&entity.config).number("off_delay").filter(|s| (0.001..1e9).contains(s));
            if let (Some(off), Component::BinarySensor, Some(made)) =
                (off, entity.component, driver.entities.last_mut())
            {
                made.off_after = Some(Duration::from_secs_f64(off));
            }
        }
        driver.add_availability(spec, &mut problems);
        (driver, problems)
    }

    fn add_entity(&mut self, id: NodeId, slug: &str, built: Built, encoding: Encoding) {
        let entity = self.entities.len();
        for (reader, Reader { topic, .. }) in built.readers.iter().enumerate() {
            listen(&mut self.exact, &mut self.wild, topic, Listener::Reader { entity, reader });
        }
        let Built { properties, readers, commands, .. } = built;
        let slug = slug.to_owned();
        self.entities.push(Entity { id, slug, properties, readers, commands, off_after: None, encoding });
    }

    /// Entities that say the same about availability share one group; a group that holds all is the device's.
    fn add_availability(&mut self, spec: &DeviceSpec, problems: &mut Vec<Problem>) {
        let signatures: BTreeSet<String> =
            spec.entities.iter().map(|e| Availability::signature(&e.config)).collect();
        let shared = signatures.len() == 1;
        for entity in spec.entities.iter().take(if shared { 1 } else { usize::MAX }) {
            let mut reasons = Vec::new();
            let Some(mut group) = Availability::new(&entity.config, &mut self.bank, &mut reasons) else {
                continue;
            };
            group.entity = (!shared).then(|| entity.id());
            let index = self.availability.len();
            for (source, Source { topic, .. }) in group.sources.iter().enumerate() {
                match topic::refused_filter(topic) {
                    None => listen(
                        &mut self.exact,
                        &mut self.wild,
                        topic,
                        Listener::Availability { group: index, source },
                    ),
                    Some(why) => reasons.push(format!("availability topic {} {why}", quote(topic))),
                }
            }
            self.availability.push(group);
            problems.extend(
                reasons
                    .into_iter()
                    .map(|why| Problem::new(&entity.source, format!("{}: {why}", entity.slug))),
            );
        }
    }

    /// Filters to subscribe to; some may hold wildcards.
    pub fn topics(&self) -> Vec<String> {
        self.exact.keys().chain(self.wild.iter().map(|(filter, _)| filter)).cloned().collect()
    }

    /// Read a message. What could be learned is in `out`, also where an error is returned for the rest.
    pub fn on_message(
        &mut self,
        topic: &str,
        payload: &[u8],
        out: &mut Vec<Observation>,
    ) -> Result<(), Problem> {
        if payload.len() > LONGEST_MESSAGE {
            let reason = format!("message of {} bytes; at most {LONGEST_MESSAGE} are read", payload.len());
            return Err(Problem::new(topic, reason));
        }
        let text = std::str::from_utf8(payload).map(Message::new);
        let text = text.map_err(|e| format!("message is no UTF-8 text: {e}"));
        let message = Heard { bytes: payload, text };
        self.bank.refill();
        let mut failed = Failed::default();
        if let Some(listeners) = self.exact.get(topic) {
            hear(listeners, &self.entities, &mut self.availability, &self.bank, &message, out, &mut failed);
        }
        for (filter, listeners) in &self.wild {
            if topic::matches(filter, topic) {
                hear(
                    listeners,
                    &self.entities,
                    &mut self.availability,
                    &self.bank,
                    &message,
                    out,
                    &mut failed,
                );
            }
        }
        failed.into_result(topic)
    }

    /// How long after it was on it is off again, where nothing else will say so.
    pub fn off_after(&self, entity: NodeId) -> Option<Duration> {
        self.entities.iter().find(|e| e.id == entity)?.off_after
    }

    /// Why the code that was given does not go with this wish; `None`: it does, or none is asked for.
    pub fn refuses_code(
        &self,
        entity: NodeId,
        (property, value): (Property, &Value),
        by: Credential<'_>,
    ) -> Option<String> {
        self.entities.iter().find(|e| e.id == entity)?.commands.refuses_code(property, value, by)
    }

    /// The messages that make wishes of the household's own come true.
    pub fn command(&self, entity: NodeId, wishes: &[(Property, Value)]) -> Result<Vec<Send>, Refusal> {
        self.command_by(entity, wishes, Credential::Household)
    }

    /// The messages that make somebody's wishes come true.
    pub fn command_by(
        &self,
        entity: NodeId,
        wishes: &[(Property, Value)],
        by: Credential<'_>,
    ) -> Result<Vec<Send>, Refusal> {
        let Some(entity) = self.entities.iter().find(|e| e.id == entity) else {
            return Err(Refusal { property: None, reason: format!("the device has no entity {entity}") });
        };
        for (property, value) in wishes {
            let info = entity.properties.iter().find(|p| p.property == *property);
            let info = info.ok_or_else(|| {
                Refusal::new(*property, format!("`{}` has no `{}`", entity.slug, property.name()))
            })?;
            if !info.writable || !entity.commands.writes(*property) {
                return Err(Refusal::new(
                    *property,
                    format!("`{}` of `{}` can only be read", property.name(), entity.slug),
                ));
            }
            check(info, value)?;
        }
        self.bank.refill();
        let mut sends = entity.commands.messages(wishes, &self.bank, by)?;
        if entity.encoding != Encoding::Utf8 {
            for send in &mut sends {
                // What was made here is text.
                let text = String::from_utf8_lossy(&send.payload);
                let bytes = entity.encoding.write(&text);
                send.payload = bytes.map_err(|reason| Refusal { property: None, reason })?;
            }
        }
        Ok(sends)
    }
}

use super::availability::Source;

fn listen(
    exact: &mut BTreeMap<String, Vec<Listener>>,
    wild: &mut Vec<(String, Vec<Listener>)>,
    topic: &str,
    listener: Listener,
) {
    if !topic::has_wildcard(topic) {
        exact.entry(topic.to_owned()).or_default().push(listener);
    } else if let Some((_, listeners)) = wild.iter_mut().find(|(filter, _)| filter == topic) {
        listeners.push(listener);
    } else {
        wild.push((topic.to_owned(), vec![listener]));
    }
}

fn hear(
    listeners: &[Listener],
    entities: &[Entity],
    availability: &mut [Availability],
    bank: &Bank,
    heard: &Heard<'_>,
    out: &mut Vec<Observation>,
    failed: &mut Failed,
) {
    for listener in listeners {
        match *listener {
            Listener::Reader { entity, reader } => {
                let Some(entity) = entities.get(entity) else { continue };
                let Some(reader) = entity.readers.get(reader) else { continue };
                let mut out = components::Out { entity: entity.id, to: out, too_long: None };
                let result = match &heard.text {
                    _ if reader.sink.of_bytes() => reader.sink.look(heard.bytes, &mut out),
                    _ if entity.encoding != Encoding::Utf8 => {
                        entity.encoding.read(heard.bytes).and_then(|text| {
                            let message = Message::new(&text);
                            let rendered = bank.read(&reader.template, &message)?;
                            reader.sink.apply(&rendered, &message, &mut out)
                        })
                    }
                    Ok(message) => bank
                        .read(&reader.template, message)
                        .and_then(|rendered| reader.sink.apply(&rendered, message, &mut out)),
                    Err(why) => Err(why.clone()),
                };
                let result = result.and(out.too_long.map_or(Ok(()), Err));
                if let Err(why) = result {
                    failed.note(&entity.slug, why);
                }
            }
            Listener::Availability { group, source } => {
                let Some(group) = availability.get_mut(group) else { continue };
                let told = match &heard.text {
                    Ok(message) => group.receive(source, message, bank, out),
                    Err(why) => Err(why.clone()),
                };
                if let Err(why) = told {
                    failed.note("availability", why);
                }
            }
        }
    }
}

/// The first thing that went wrong with a message, and how many more did.
#[derive(Default)]
struct Failed {
    first: Option<String>,
    more: usize,
}

impl Failed {
    fn note(&mut self, who: &str, why: String) {
        match self.first {
            None => self.first = Some(format!("{who}: {why}")),
            Some(_) => self.more += 1,
        }
    }

    fn into_result(self, topic: &str) -> Result<(), Problem> {
        match (self.first, self.more) {
            (None, _) => Ok(()),
            (Some(first), 0) => Err(Problem::new(topic, first)),
            (Some(first), more) => {
                Err(Problem::new(topic, format!("{first} (and {more} more of this device)")))
            }
        }
    }
}

/// Whether a value is one that the property may be.
fn check(info: &PropertyInfo, value: &Value) -> Result<(), Refusal> {
    let refuse = |allowed: String| {
        Err(Refusal::new(
            info.property,
            format!("`{}` cannot be `{value}`; allowed: {allowed}", info.property.name()),
        ))
    };
    match (&info.kind, value) {
        (ValueKind::Bool, Value::Bool(_))
        | (ValueKind::Rgb, Value::Rgb(..))
        | (ValueKind::Text, Value::Text(_)) => Ok(()),
        (ValueKind::Bool, _) => refuse("on or off".to_owned()),
        (ValueKind::Rgb, _) => refuse("a colour".to_owned()),
        (ValueKind::Text, _) => refuse("a text".to_owned()),
        (ValueKind::Enum(options), Value::Text(text)) if options.contains(text) => Ok(()),
        (ValueKind::Enum(options), _) => refuse(components::listed(options.iter().map(AsRef::as_ref))),
        (ValueKind::Number { min, max, .. }, Value::Number(n)) => {
            let (low, high) = (min.unwrap_or(f64::MIN), max.unwrap_or(f64::MAX));
            if (low..=high).contains(n) { Ok(()) } else { refuse(format!("{low} to {high}")) }
        }
        (ValueKind::Number { .. }, _) => refuse("a number".to_owned()),
    }
}
