//! From bytes to packets.

use std::sync::Arc;

use bytes::{Buf, Bytes, BytesMut};

use super::packet::{Connect, Filter, Packet, Publish, RetainHandling, Version, Will};
use super::properties::{self, Properties};
use crate::broker::topics;

/// Not MQTT, or not by its rules: the connection ends.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("malformed packet: {0}")]
pub struct Malformed(pub &'static str);

/// Takes one packet from the front of `buffer`, or nothing if it is not complete. Before the first packet `version` does
/// not matter.
pub fn read(buffer: &mut BytesMut, version: Version, max_packet: usize) -> Result<Option<Packet>, Malformed> {
    let Some((header, length)) = frame(buffer)? else { return Ok(None) };
    if length > max_packet {
        return Err(Malformed("larger than this broker takes"));
    }
    if buffer.len() < header + length {
        buffer.reserve(header + length - buffer.len());
        return Ok(None);
    }
    let first = buffer[0];
    buffer.advance(header);
    let body = Reader(buffer.split_to(length).freeze());
    packet(first, body, version).map(Some)
}

/// The lengths of the fixed header and of what follows.
fn frame(buffer: &[u8]) -> Result<Option<(usize, usize)>, Malformed> {
    let mut length = 0;
    for place in 0..4 {
        let Some(byte) = buffer.get(1 + place) else { return Ok(None) };
        length |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok(Some((2 + place, length)));
        }
    }
    Err(Malformed("its length"))
}

fn packet(first: u8, mut body: Reader, version: Version) -> Result<Packet, Malformed> {
    let flags = first & 0x0f;
    let expected = match first >> 4 {
        3 => flags,
        6 | 8 | 10 => 2,
        _ => 0,
    };
    if flags != expected {
        return Err(Malformed("its flags"));
    }
    match first >> 4 {
        1 => connect(&mut body),
        3 => publish(flags, body, version),
        4 => Ok(Packet::PubAck(body.id()?)),
        5 => {
            let id = body.id()?;
            Ok(Packet::PubRec(id, !body.0.has_remaining() || body.u8()? < 0x80))
        }
        6 => Ok(Packet::PubRel(body.id()?)),
        7 => Ok(Packet::PubComp(body.id()?)),
        8 => subscribe(body, version),
        10 => unsubscribe(body, version),
        12 => Ok(Packet::Ping),
        14 => disconnect(body, version),
        _ => Err(Malformed("its type")),
    }
}

fn connect(body: &mut Reader) -> Result<Packet, Malformed> {
    let name = body.text()?;
    let version = match (name.as_str(), body.u8()?) {
        ("MQTT", 4) | ("MQIsdp", 3) => Version::Three,
        ("MQTT", 5) => Version::Five,
        _ => return Err(Malformed("its protocol version")),
    };
    let flags = body.u8()?;
    if flags & 1 != 0 {
        return Err(Malformed("its connect flags"));
    }
    let keep_alive = body.u16()?;
    let found = properties_of(body, version)?;
    let client_id = body.text()?;
    let clean = flags & 0x02 != 0;
    let will = if flags & 0x04 != 0 { Some(will(flags, body, version)?) } else { None };
    let user = if flags & 0x80 != 0 { Some(body.text()?) } else { None };
    let password = if flags & 0x40 != 0 { Some(body.binary()?) } else { None };
    let session_expiry = match version {
        Version::Three if clean => 0,
        Version::Three => u32::MAX,
        Version::Five => found.session_expiry.unwrap_or(0),
    };
    Ok(Packet::Connect(Box::new(Connect {
        version,
        client_id,
        clean,
        keep_alive,
        user,
        password,
        will,
        session_expiry,
        receive_max: found.receive_max.unwrap_or(u16::MAX),
        max_packet: found.max_packet.unwrap_or(u32::MAX),
        wants_auth: found.wants_auth,
    })))
}

fn will(flags: u8, body: &mut Reader, version: Version) -> Result<Will, Malformed> {
    let found = properties_of(body, version)?;
    let topic = body.text()?;
    if !topics::is_topic(&topic) {
        return Err(Malformed("the topic of its will"));
    }
    let message = Publish {
        topic: topic.into(),
        payload: body.binary()?,
        qos: qos(flags >> 3 & 3)?,
        retain: flags & 0x20 != 0,
        dup: false,
        id: 0,
        expiry: found.message_expiry,
        properties: found.passing,
    };
    Ok(Will { message, delay_seconds: found.will_delay })
}

fn publish(flags: u8, mut body: Reader, version: Version) -> Result<Packet, Malformed> {
    let topic = body.text()?;
    let qos = qos(flags >> 1 & 3)?;
    let id = if qos > 0 { body.id()? } else { 0 };
    let found = properties_of(&mut body, version)?;
    // We offer no topic aliases, so an empty topic is wrong in both versions.
    if found.topic_alias.is_some() || !topics::is_topic(&topic) {
        return Err(Malformed("its topic"));
    }
    Ok(Packet::Publish(Publish {
        topic: topic.into(),
        payload: body.0,
        qos,
        retain: flags & 1 != 0,
        dup: flags & 8 != 0,
        id,
        expiry: found.message_expiry,
        properties: found.passing,
    }))
}

fn subscribe(mut body: Reader, version: Version) -> Result<Packet, Malformed> {
    let id = body.id()?;
    let found = properties_of(&mut body, version)?;
    if found.subscription_id == Some(0) {
        return Err(Malformed("its subscription identifier"));
    }
    let mut filters = Vec::new();
    while body.0.has_remaining() {
        let path: Arc<str> = body.text()?.into();
        let options = body.u8()?;
        let retain_handling = match options >> 4 & 3 {
            0 => RetainHandling::Send,
            1 => RetainHandling::SendIfNew,
            2 => RetainHandling::DontSend,
            _ => return Err(Malformed("its subscription options")),
        };
        filters.push(Filter {
            path,
            qos: qos(options & 3)?,
            no_local: options & 4 != 0,
            retain_as_published: options & 8 != 0,
            retain_handling,
        });
    }
    if filters.is_empty() {
        return Err(Malformed("it subscribes to nothing"));
    }
    Ok(Packet::Subscribe { id, subscription_id: found.subscription_id, filters })
}

fn unsubscribe(mut body: Reader, version: Version) -> Result<Packet, Malformed> {
    let id = body.id()?;
    properties_of(&mut body, version)?;
    let mut filters = Vec::new();
    while body.0.has_remaining() {
        filters.push(body.text()?.into());
    }
    if filters.is_empty() {
        return Err(Malformed("it unsubscribes from nothing"));
    }
    Ok(Packet::Unsubscribe { id, filters })
}

fn disconnect(mut body: Reader, version: Version) -> Result<Packet, Malformed> {
    let with_will = body.0.has_remaining() && body.u8()? != 0;
    let session_expiry =
        if body.0.has_remaining() { properties_of(&mut body, version)?.session_expiry } else { None };
    Ok(Packet::Disconnect { with_will, session_expiry })
}

fn properties_of(body: &mut Reader, version: Version) -> Result<Properties, Malformed> {
    match version {
        Version::Three => Ok(Properties::default()),
        Version::Five => properties::read(body),
    }
}

fn qos(bits: u8) -> Result<u8, Malformed> {
    if bits > 2 { Err(Malformed("its quality of service")) } else { Ok(bits) }
}

/// Reads fields; never past the end.
pub struct Reader(pub Bytes);

impl Reader {
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.0.try_get_u8().map_err(|_| Malformed("it ends too early"))
    }

    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.0.try_get_u16().map_err(|_| Malformed("it ends too early"))
    }

    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.0.try_get_u32().map_err(|_| Malformed("it ends too early"))
    }

    fn id(&mut self) -> Result<u16, Malformed> {
        match self.u16()? {
            0 => Err(Malformed("packet id zero")),
            id => Ok(id),
        }
    }

    pub fn variable(&mut self) -> Result<u32, Malformed> {
        let mut value = 0;
        for place in 0..4 {
            let byte = self.u8()?;
            value |= u32::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Malformed("a number without end"))
    }

    pub fn take(&mut self, length: usize) -> Result<Bytes, Malformed> {
        if length > self.0.len() {
            return Err(Malformed("it ends too early"));
        }
        Ok(self.0.split_to(length))
    }

    pub fn binary(&mut self) -> Result<Bytes, Malformed> {
        let length = usize::from(self.u16()?);
        self.take(length)
    }

    pub fn text(&mut self) -> Result<String, Malformed> {
        let bytes = self.binary()?;
        match std::str::from_utf8(&bytes) {
            Ok(text) if !text.contains('\0') => Ok(text.to_owned()),
            _ => Err(Malformed("a text that is none")),
        }
    }
}
