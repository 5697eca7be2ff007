//! Retained messages. Pure but for the changes it returns.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use lares_model::Timestamp;

use super::message::Message;
use super::stored::{self, Change, StoredMessage, StoredRetained};
use super::topics;

#[derive(Default)]
pub struct Retained(BTreeMap<Arc<str>, (Arc<Message>, u8)>);

impl Retained {
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), String> {
        let StoredRetained { message, qos } = stored::decode(bytes)?;
        let message = message.restore();
        self.0.insert(message.topic.clone(), (message, qos));
        Ok(())
    }

    /// Keeps the message as its topic's last, or forgets the topic if it is empty.
    pub fn keep(&mut self, message: &Arc<Message>, qos: u8, changes: &mut Vec<Change>) {
        let key = stored::retained_key(&message.topic);
        if message.payload.is_empty() {
            if self.0.remove(&message.topic).is_some() {
                changes.push((key, None));
            }
            return;
        }
        let value = StoredRetained { message: StoredMessage::of(message), qos };
        changes.push((key, stored::encode(&value)));
        self.0.insert(message.topic.clone(), (message.clone(), qos));
    }

    pub fn matching(&self, filter: &str, now: Timestamp) -> Vec<(Arc<Message>, u8)> {
        let prefix = topics::literal_prefix(filter);
        self.0
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(|(topic, _)| topic.starts_with(prefix))
            .filter(|(topic, (message, _))| topics::matches(filter, topic) && !message.is_expired(now))
            .map(|(_, kept)| kept.clone())
            .collect()
    }

    pub fn expire(&mut self, now: Timestamp, changes: &mut Vec<Change>) {
        self.0.retain(|topic, (message, _)| {
            let gone = message.is_expired(now);
            if gone {
                changes.push((stored::retained_key(topic), None));
            }
            !gone
        });
    }
}
