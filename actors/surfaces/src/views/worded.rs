//! Values in the words of what has them: a lock is locked, a valve closed, and neither is on or off.

use std::borrow::Cow;

use lares_model::{
    Component, NodeId, NodeKind, Property, Receipt, Value, found_reworded, reworded, value_word,
};
use serde_json::Value as Json;

use super::{EntityView, Names};
use crate::tongue::{Tongue, say};

impl Names {
    /// The word of its kind; none: the value is told as it is.
    pub fn word(&self, entity: NodeId, property: Property, value: &Value) -> Option<&'static str> {
        let info = self.get(entity).and_then(|named| named.info.as_ref());
        // Whatever is locked is a lock.
        let kind = info.map_or((Component::Lock, None), |i| (i.component, i.device_class.as_deref()));
        let known = info.is_some() || property == Property::Locked;
        value_word(self.tongue.code(), kind, property, value).filter(|_| known)
    }

    pub fn value(&self, entity: NodeId, property: Property, value: &Value) -> String {
        match self.word(entity, property, value) {
            Some(word) => word.to_owned(),
            None => self.bare(entity, property, value),
        }
    }

    /// Of what has no word of its kind: a mode in the household's language, else as it is.
    pub(super) fn bare(&self, entity: NodeId, property: Property, value: &Value) -> String {
        let component = self.get(entity).and_then(|named| Some(named.info.as_ref()?.component));
        let mode = match (component, value) {
            (Some(component), Value::Text(text)) => self.tongue.mode(component, property, text),
            _ => None,
        };
        mode.map_or_else(|| self.tongue.value(value), str::to_owned)
    }

    pub fn receipt(&self, entity: NodeId, property: Property, receipt: &Receipt) -> String {
        match receipt {
            Receipt::Differs(found) => {
                say!(self.tongue.phrases().differs, found = self.value(entity, property, found))
            }
            Receipt::Failed(why) => say!(self.tongue.phrases().failed, why = self.in_words(why)),
            Receipt::Refused(why) => say!(self.tongue.phrases().refused, why = self.in_words(why)),
            Receipt::Overridden(by) => say!(self.tongue.phrases().overridden, by = self.in_words(by)),
            other => self.tongue.receipt(other),
        }
    }

    /// A reason of the household, in its language, with the words of what it is about and the names of what it speaks of.
    pub fn reason(&self, text: &str) -> String {
        self.in_words(&reworded(text, &|name| self.kind_of(name)))
    }

    /// What a condition was, and what was found.
    pub fn fact(&self, text: &str, found: &str) -> (String, String) {
        let found: Cow<'_, str> = found_reworded(text, found, &|name| self.kind_of(name));
        (self.reason(text), self.in_words(&found))
    }

    /// Of an entity; of a device that has one of these kinds, of this.
    fn kind_of(&self, name: &str) -> Option<(Component, Option<String>)> {
        let kind = |named: &super::Named| {
            let info = named.info.as_ref()?;
            Some((info.component, info.device_class.clone()))
        };
        match name.split_once('.') {
            Some(_) => self.find_exact(name, NodeKind::Entity).and_then(kind),
            None => {
                self.find_exact(name, NodeKind::Device)?;
                let mut worded = self.parts_of(name).filter_map(kind).filter(has_words);
                worded.next().filter(|_| worded.next().is_none())
            }
        }
    }
}

fn has_words((component, class): &(Component, Option<String>)) -> bool {
    let told = |property, value: &Value| value_word("en", (*component, class.as_deref()), property, value);
    match component {
        Component::BinarySensor => told(Property::State, &Value::Bool(true)).is_some(),
        Component::Lock | Component::Cover | Component::Valve | Component::AlarmControlPanel => true,
        _ => false,
    }
}

/// The word of a property as a view has it; none: it is told as it is.
pub fn word_of(
    language: &str,
    entity: &EntityView,
    property: Option<&str>,
    value: &Json,
) -> Option<&'static str> {
    let component = Component::parse(&entity.component)?;
    let property = property.map_or(Some(component.main_property()), Property::parse)?;
    let value = match value {
        Json::Bool(is) => Value::Bool(*is),
        Json::Number(n) => Value::Number(n.as_f64()?),
        Json::String(text) => Value::text(text.as_str()),
        _ => return None,
    };
    value_word(language, (component, entity.device_class.as_deref()), property, &value)
        .or_else(|| Tongue::of(language)?.mode(component, property, value.as_text()?))
}
