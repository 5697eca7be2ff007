//! What is kept, byte for byte: keys and values in the durable map.
//!
//! `r<topic>` a retained message; `s<client>` a session; `q<client>\0<number>` a message that waits for a client;
//! `i<client>\0<packet id>` a QoS 2 message a client has sent and not released. Numbers are big-endian. Every value
//! begins with a version.

use std::sync::Arc;

use bytes::Bytes;
use lares_model::{NodeId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::message::Message;

pub type Change = (Vec<u8>, Option<Vec<u8>>);

const VERSION: u8 = 1;

/// Client ids that are longer are refused: they are part of keys.
pub const LONGEST_CLIENT_ID: usize = 400;

/// Topics that are longer are keyed by their beginning and a hash.
const LONGEST_TOPIC_IN_KEY: usize = 440;

#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub struct StoredRetained {
    pub message: StoredMessage,
    pub qos: u8,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub struct StoredMessage {
    topic: String,
    payload: Vec<u8>,
    expires: Option<Timestamp>,
    properties: Vec<u8>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub struct StoredSession {
    pub client: String,
    pub user: Option<String>,
    /// Seconds; `u32::MAX` is for ever.
    pub expiry: u32,
    pub subscriptions: Vec<StoredSubscription>,
    /// Since when the client is away; `None` while it is connected.
    pub away_since: Option<Timestamp>,
    /// Numbers below this were sent at least once, if the client is away.
    pub sent_below: u64,
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
pub struct StoredSubscription {
    pub filter: String,
    pub qos: u8,
    pub no_local: bool,
    pub retain_as_published: bool,
    pub id: Option<u32>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub enum StoredDelivery {
    Waiting {
        message: StoredMessage,
        qos: u8,
        retain: bool,
        subscription_ids: Vec<u32>,
    },
    /// A QoS 2 message the client has: only its release is still to be confirmed.
    Released,
}

impl StoredMessage {
    pub fn of(message: &Message) -> Self {
        Self {
            topic: message.topic.to_string(),
            payload: message.payload.to_vec(),
            expires: message.expires,
            properties: message.properties.to_vec(),
        }
    }

    pub fn restore(self) -> Arc<Message> {
        Arc::new(Message {
            topic: self.topic.into(),
            payload: self.payload.into(),
            expires: self.expires,
            properties: Bytes::from(self.properties),
        })
    }
}

pub fn encode<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    match postcard::to_extend(value, vec![VERSION]) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            tracing::error!(%error, "the broker cannot encode what it wants to keep");
            None
        }
    }
}

pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => postcard::from_bytes(rest).map_err(|error| error.to_string()),
        Some((version, _)) => Err(format!("version {version} of a stored value is newer than this program")),
        None => Err("an empty value".into()),
    }
}

pub fn retained_key(topic: &str) -> Vec<u8> {
    let mut key = vec![b'r'];
    if topic.len() <= LONGEST_TOPIC_IN_KEY {
        key.extend(topic.bytes());
    } else {
        key.extend(&topic.as_bytes()[..LONGEST_TOPIC_IN_KEY]);
        key.push(0); // no topic contains it
        key.extend(NodeId::derive("topic", topic).0.to_be_bytes());
    }
    key
}

pub fn session_key(client: &str) -> Vec<u8> {
    [b"s", client.as_bytes()].concat()
}

/// All that waits for a client begins with it: no client id contains a zero.
pub fn deliveries_prefix(client: &str) -> Vec<u8> {
    [b"q", client.as_bytes(), b"\0"].concat()
}

pub fn delivery_key(client: &str, number: u64) -> Vec<u8> {
    [&deliveries_prefix(client)[..], &number.to_be_bytes()].concat()
}

pub fn delivery_number(key: &[u8]) -> Result<u64, String> {
    let last = key.len().checked_sub(8).map(|at| &key[at..]);
    last.and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_be_bytes)
        .ok_or("a key that is too short".into())
}

pub fn received_prefix(client: &str) -> Vec<u8> {
    [b"i", client.as_bytes(), b"\0"].concat()
}

pub fn received_key(client: &str, packet: u16) -> Vec<u8> {
    [&received_prefix(client)[..], &packet.to_be_bytes()].concat()
}

pub fn received_packet(key: &[u8]) -> Result<u16, String> {
    let last = key.len().checked_sub(2).map(|at| &key[at..]);
    last.and_then(|bytes| bytes.try_into().ok())
        .map(u16::from_be_bytes)
        .ok_or("a key that is too short".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_bytes_are_frozen() {
        let message = StoredMessage {
            topic: "a/b".into(),
            payload: b"on".to_vec(),
            expires: Some(Timestamp(3)),
            properties: vec![1, 0],
        };
        let waiting = StoredDelivery::Waiting { message, qos: 1, retain: true, subscription_ids: vec![7] };
        let bytes = encode(&waiting).unwrap();
        assert_eq!(bytes, [1, 0, 3, b'a', b'/', b'b', 2, b'o', b'n', 1, 6, 2, 1, 0, 1, 1, 1, 7]);
        assert_eq!(decode::<StoredDelivery>(&bytes).unwrap(), waiting);
        assert_eq!(encode(&StoredDelivery::Released).unwrap(), [1, 1]);
        let session = StoredSession {
            client: "c".into(),
            user: None,
            expiry: u32::MAX,
            subscriptions: vec![StoredSubscription {
                filter: "#".into(),
                qos: 1,
                no_local: false,
                retain_as_published: true,
                id: None,
            }],
            away_since: None,
            sent_below: 5,
        };
        let bytes = encode(&session).unwrap();
        assert_eq!(bytes, [1, 1, b'c', 0, 255, 255, 255, 255, 15, 1, 1, b'#', 1, 0, 1, 0, 0, 5]);
        assert_eq!(decode::<StoredSession>(&bytes).unwrap(), session);
        for end in 0..bytes.len() {
            assert!(decode::<StoredSession>(&bytes[..end]).is_err());
        }
        assert!(decode::<StoredSession>(&[2, 0]).unwrap_err().contains("newer"));
    }

    #[test]
    fn keys_fit_the_store_and_keep_their_order() {
        assert!(delivery_key("c", 1) < delivery_key("c", 256));
        assert_eq!(delivery_number(&delivery_key("c", 9)), Ok(9));
        assert_eq!(received_packet(&received_key("c", 513)), Ok(513));
        let long = "x".repeat(65_535);
        assert!(retained_key(&long).len() <= 480);
        assert_ne!(retained_key(&long), retained_key(&long[1..]));
        assert!(delivery_key(&"x".repeat(LONGEST_CLIENT_ID), 1).len() <= 480);
    }
}
