//! Properties of MQTT 5, section 2.2.2.

use bytes::{Buf, Bytes, BytesMut};

use super::read::{Malformed, Reader};

/// What we look at, of whatever packet.
#[derive(Default)]
pub struct Properties {
    pub message_expiry: Option<u32>,
    pub subscription_id: Option<u32>,
    pub session_expiry: Option<u32>,
    pub will_delay: u32,
    pub receive_max: Option<u16>,
    pub max_packet: Option<u32>,
    pub topic_alias: Option<u16>,
    pub wants_auth: bool,
    /// What passes through with a message, as it came.
    pub passing: Bytes,
}

pub fn read(reader: &mut Reader) -> Result<Properties, Malformed> {
    let length = reader.variable()? as usize;
    let mut block = Reader(reader.take(length)?);
    let mut found = Properties::default();
    let mut passing = BytesMut::new();
    while block.0.has_remaining() {
        let before = block.0.clone();
        let code = block.u8()?;
        match code {
            0x01 => drop(block.u8()?),
            0x03 | 0x08 => drop(block.text()?),
            0x09 => drop(block.binary()?),
            0x26 => {
                block.text()?;
                block.text()?;
            }
            0x02 => found.message_expiry = Some(block.u32()?),
            0x0b => found.subscription_id = Some(block.variable()?),
            0x11 => found.session_expiry = Some(block.u32()?),
            0x15 => {
                block.text()?;
                found.wants_auth = true;
            }
            0x16 => drop(block.binary()?),
            0x17 | 0x19 => drop(block.u8()?),
            0x18 => found.will_delay = block.u32()?,
            0x1c | 0x1f => drop(block.text()?),
            0x21 => found.receive_max = Some(block.u16()?),
            0x22 => drop(block.u16()?),
            0x23 => found.topic_alias = Some(block.u16()?),
            0x27 => found.max_packet = Some(block.u32()?),
            _ => return Err(Malformed("an unknown property")),
        }
        if matches!(code, 0x01 | 0x03 | 0x08 | 0x09 | 0x26) {
            passing.extend_from_slice(&before[..before.len() - block.0.len()]);
        }
    }
    found.passing = passing.freeze();
    Ok(found)
}
