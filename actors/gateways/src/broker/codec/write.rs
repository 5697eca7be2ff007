//! From what the broker says to bytes.

use bytes::{BufMut, Bytes, BytesMut};

use super::packet::Version;

/// Reason codes of MQTT 5 that we use; version 3 knows fewer and gets the nearest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    Success = 0x00,
    NoSubscription = 0x11,
    Unspecified = 0x80,
    Malformed = 0x81,
    BadClientId = 0x85,
    BadLogin = 0x86,
    NotAuthorized = 0x87,
    Busy = 0x89,
    ShuttingDown = 0x8b,
    BadAuthMethod = 0x8c,
    KeepAlive = 0x8d,
    TakenOver = 0x8e,
    BadFilter = 0x8f,
    UnknownId = 0x92,
    NoShared = 0x9e,
}

/// The answer to a connect.
pub struct ConnAck<'a> {
    pub session_present: bool,
    pub reason: Reason,
    pub assigned_id: Option<&'a str>,
    pub session_expiry: u32,
    pub receive_max: u16,
    pub max_packet: u32,
}

/// Appends packets for one client.
pub struct Writer<'a> {
    pub out: &'a mut BytesMut,
    pub version: Version,
}

/// A message on its way to a client.
pub struct Delivery<'a> {
    pub topic: &'a str,
    pub payload: &'a [u8],
    pub qos: u8,
    pub retain: bool,
    pub dup: bool,
    pub id: u16,
    /// Seconds that are left.
    pub expiry: Option<u32>,
    pub subscription_ids: &'a [u32],
    pub properties: &'a Bytes,
}

impl Writer<'_> {
    pub fn connack(&mut self, ack: &ConnAck<'_>) {
        let present = u8::from(ack.session_present && ack.reason == Reason::Success);
        match self.version {
            Version::Three => {
                let code = match ack.reason {
                    Reason::Success => 0,
                    Reason::BadClientId => 2,
                    Reason::BadLogin | Reason::NotAuthorized => 5,
                    _ => 3,
                };
                self.out.put_slice(&[0x20, 2, present, code]);
            }
            Version::Five => {
                let mut properties = BytesMut::new();
                if ack.reason == Reason::Success {
                    properties.put_u8(0x11);
                    properties.put_u32(ack.session_expiry);
                    properties.put_u8(0x21);
                    properties.put_u16(ack.receive_max);
                    properties.put_u8(0x27);
                    properties.put_u32(ack.max_packet);
                    properties.put_slice(&[0x2a, 0]); // no shared subscriptions
                    if let Some(id) = ack.assigned_id {
                        properties.put_u8(0x12);
                        text(&mut properties, id);
                    }
                }
                self.out.put_u8(0x20);
                variable(self.out, 2 + size_of_variable(properties.len()) + properties.len());
                self.out.put_slice(&[present, ack.reason as u8]);
                variable(self.out, properties.len());
                self.out.put_slice(&properties);
            }
        }
    }

    pub fn publish(&mut self, message: &Delivery<'_>) {
        let flags = u8::from(message.dup) << 3 | message.qos << 1 | u8::from(message.retain);
        let properties = self.size_of_properties(message);
        let id = if message.qos > 0 { 2 } else { 0 };
        let properties_field = match self.version {
            Version::Three => 0,
            Version::Five => size_of_variable(properties) + properties,
        };
        self.out.put_u8(0x30 | flags);
        variable(self.out, 2 + message.topic.len() + id + properties_field + message.payload.len());
        text(self.out, message.topic);
        if message.qos > 0 {
            self.out.put_u16(message.id);
        }
        if self.version == Version::Five {
            variable(self.out, properties);
            if let Some(expiry) = message.expiry {
                self.out.put_u8(0x02);
                self.out.put_u32(expiry);
            }
            for id in message.subscription_ids {
                self.out.put_u8(0x0b);
                variable(self.out, *id as usize);
            }
            self.out.put_slice(message.properties);
        }
        self.out.put_slice(message.payload);
    }

    fn size_of_properties(&self, message: &Delivery<'_>) -> usize {
        let expiry = if message.expiry.is_some() { 5 } else { 0 };
        let ids: usize = message.subscription_ids.iter().map(|id| 1 + size_of_variable(*id as usize)).sum();
        expiry + ids + message.properties.len()
    }

    pub fn puback(&mut self, id: u16, reason: Reason) {
        self.short(0x40, id, reason);
    }

    pub fn pubrec(&mut self, id: u16, reason: Reason) {
        self.short(0x50, id, reason);
    }

    pub fn pubrel(&mut self, id: u16) {
        self.short(0x62, id, Reason::Success);
    }

    pub fn pubcomp(&mut self, id: u16, reason: Reason) {
        self.short(0x70, id, reason);
    }

    fn short(&mut self, first: u8, id: u16, reason: Reason) {
        match (self.version, reason) {
            (Version::Three, _) | (_, Reason::Success) => {
                self.out.put_slice(&[first, 2]);
                self.out.put_u16(id);
            }
            (Version::Five, reason) => {
                self.out.put_slice(&[first, 3]);
                self.out.put_u16(id);
                self.out.put_u8(reason as u8);
            }
        }
    }

    /// `Ok` is the quality granted.
    pub fn suback(&mut self, id: u16, answers: &[Result<u8, Reason>]) {
        let codes = answers.iter().map(|answer| match (answer, self.version) {
            (Ok(qos), _) => *qos,
            (Err(_), Version::Three) => 0x80,
            (Err(reason), Version::Five) => *reason as u8,
        });
        let codes: Vec<u8> = codes.collect();
        self.list(0x90, id, &codes);
    }

    pub fn unsuback(&mut self, id: u16, reasons: &[Reason]) {
        let codes: Vec<u8> = match self.version {
            Version::Three => Vec::new(),
            Version::Five => reasons.iter().map(|r| *r as u8).collect(),
        };
        self.list(0xb0, id, &codes);
    }

    fn list(&mut self, first: u8, id: u16, codes: &[u8]) {
        let properties = if self.version == Version::Five { 1 } else { 0 };
        self.out.put_u8(first);
        variable(self.out, 2 + properties + codes.len());
        self.out.put_u16(id);
        self.out.put_bytes(0, properties);
        self.out.put_slice(codes);
    }

    pub fn pong(&mut self) {
        self.out.put_slice(&[0xd0, 0]);
    }

    /// Version 3 has no word for it: the connection just ends.
    pub fn disconnect(&mut self, reason: Reason) {
        if self.version == Version::Five {
            self.out.put_slice(&[0xe0, 1, reason as u8]);
        }
    }
}

fn text(out: &mut BytesMut, text: &str) {
    // Texts come from packets, whose fields are no longer than this.
    let length = text.len().min(usize::from(u16::MAX));
    out.put_u16(length as u16);
    out.put_slice(&text.as_bytes()[..length]);
}

fn variable(out: &mut BytesMut, mut value: usize) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        out.put_u8(if value > 0 { low | 0x80 } else { low });
        if value == 0 {
            return;
        }
    }
}

fn size_of_variable(value: usize) -> usize {
    match value {
        0..=0x7f => 1,
        0x80..=0x3fff => 2,
        0x4000..=0x1f_ffff => 3,
        _ => 4,
    }
}
