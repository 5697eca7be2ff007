//! What clients say.

use std::sync::Arc;

use bytes::Bytes;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    /// 3.1 and 3.1.1: they differ in nothing that matters here.
    Three,
    Five,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Packet {
    Connect(Box<Connect>),
    Publish(Publish),
    PubAck(u16),
    /// The second value is false if the client refused the message (MQTT 5).
    PubRec(u16, bool),
    PubRel(u16),
    PubComp(u16),
    Subscribe {
        id: u16,
        subscription_id: Option<u32>,
        filters: Vec<Filter>,
    },
    Unsubscribe {
        id: u16,
        filters: Vec<Arc<str>>,
    },
    Ping,
    /// Whether the will shall be told all the same, and a new session expiry in seconds (MQTT 5).
    Disconnect {
        with_will: bool,
        session_expiry: Option<u32>,
    },
}

#[derive(Clone, PartialEq, Debug)]
pub struct Connect {
    pub version: Version,
    pub client_id: String,
    pub clean: bool,
    /// Seconds; 0 is never.
    pub keep_alive: u16,
    pub user: Option<String>,
    pub password: Option<Bytes>,
    pub will: Option<Will>,
    /// Seconds the session outlives its connection; `u32::MAX` is for ever. For version 3 from `clean`.
    pub session_expiry: u32,
    /// How many messages may wait for the client's acknowledgement.
    pub receive_max: u16,
    /// The largest packet the client takes.
    pub max_packet: u32,
    /// It wants an exchange of its own to prove who it is.
    pub wants_auth: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Will {
    pub message: Publish,
    pub delay_seconds: u32,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Publish {
    pub topic: Arc<str>,
    pub payload: Bytes,
    pub qos: u8,
    pub retain: bool,
    pub dup: bool,
    /// 0 with QoS 0.
    pub id: u16,
    /// Seconds.
    pub expiry: Option<u32>,
    /// Properties that pass through, encoded.
    pub properties: Bytes,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Filter {
    pub path: Arc<str>,
    pub qos: u8,
    /// Not the client's own messages.
    pub no_local: bool,
    /// Keep the retain flag of what passes.
    pub retain_as_published: bool,
    pub retain_handling: RetainHandling,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RetainHandling {
    Send,
    SendIfNew,
    DontSend,
}
