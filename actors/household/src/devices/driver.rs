//! The driver of a device, whatever protocol it speaks.

use std::time::Duration;

use lares_devices::homeassistant::{DeviceSpec, Driver};
use lares_devices::{Credential, Observation, Problem, Refusal, Send};
use lares_model::{NodeId, Property, Value};

use super::Recorded;

/// A driver of one of the protocols.
pub enum AnyDriver {
    HomeAssistant(Box<Driver>),
    Recorded(Box<Recorded>),
}

impl AnyDriver {
    /// The driver for an announced device; the problems are of single entities, the rest works.
    pub fn announced(spec: &DeviceSpec) -> (Self, Vec<Problem>) {
        let (driver, problems) = Driver::new(spec);
        (Self::HomeAssistant(Box::new(driver)), problems)
    }

    pub fn topics(&self) -> Vec<String> {
        match self {
            Self::HomeAssistant(d) => d.topics(),
            Self::Recorded(d) => d.topics(),
        }
    }

    pub fn on_message(
        &mut self,
        topic: &str,
        bytes: &[u8],
        out: &mut Vec<Observation>,
    ) -> Result<(), Problem> {
        match self {
            Self::HomeAssistant(d) => d.on_message(topic, bytes, out),
            Self::Recorded(d) => d.on_message(topic, bytes, out),
        }
    }

    /// How long after it was on it is off again, where nothing else will say so.
    pub fn off_after(&self, entity: NodeId) -> Option<Duration> {
        match self {
            Self::HomeAssistant(d) => d.off_after(entity),
            Self::Recorded(_) => None,
        }
    }

    /// Why the code that was given does not go with this wish; `None`: it does, or none is asked for.
    pub fn refuses_code(
        &self,
        entity: NodeId,
        wish: (Property, &Value),
        by: Credential<'_>,
    ) -> Option<String> {
        match self {
            Self::HomeAssistant(d) => d.refuses_code(entity, wish, by),
            Self::Recorded(_) => None,
        }
    }

    pub fn command(
        &self,
        entity: NodeId,
        wishes: &[(Property, Value)],
        by: Credential<'_>,
    ) -> Result<Vec<Send>, Refusal> {
        match self {
            Self::HomeAssistant(d) => d.command_by(entity, wishes, by),
            Self::Recorded(d) => d.command(entity, wishes),
        }
    }
}
