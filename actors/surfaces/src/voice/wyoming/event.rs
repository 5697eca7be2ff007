//! An event, and the sound in it.

use bytes::Bytes;
use serde_json::{Map, Value, json};

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `audio-chunk`, `transcript` ...
    pub kind: String,
    pub data: Map<String, Value>,
    pub payload: Bytes,
}

/// How the sound of a chunk is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub rate: u32,
    /// Bytes a sample.
    pub width: u32,
    pub channels: u32,
}

impl Event {
    pub fn new(kind: &str) -> Self {
        Self { kind: kind.to_owned(), data: Map::new(), payload: Bytes::new() }
    }

    pub fn with(kind: &str, data: Value) -> Self {
        let data = match data {
            Value::Object(data) => data,
            _ => Map::new(),
        };
        Self { data, ..Self::new(kind) }
    }

    /// Samples of one channel.
    pub fn chunk(samples: &[i16], rate: u32) -> Self {
        let payload: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        Self { payload: payload.into(), ..Self::sound("audio-chunk", rate) }
    }

    /// `audio-start` and its like.
    pub fn sound(kind: &str, rate: u32) -> Self {
        Self::with(kind, json!({ "rate": rate, "width": 2, "channels": 1, "timestamp": 0 }))
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.data.get(key)?.as_str()
    }

    /// How its sound is written, if it says so.
    pub fn form(&self) -> Option<Chunk> {
        let number = |key: &str| self.data.get(key)?.as_u64()?.try_into().ok();
        Some(Chunk { rate: number("rate")?, width: number("width")?, channels: number("channels")? })
    }

    /// The samples of an `audio-chunk` as one channel.
    ///
    /// # Errors
    /// In words: sound that is written otherwise than in 16 bits.
    pub fn samples(&self) -> Result<(u32, Vec<i16>), String> {
        let form = self.form().ok_or("a chunk of sound does not say how it is written")?;
        let Chunk { rate, width, channels } = form;
        if width != 2 || !(1..=8).contains(&channels) || !(4_000..=192_000).contains(&rate) {
            return Err(format!(
                "sound of {rate} samples a second, {width} bytes each, {channels} channels; \
                 allowed: 4000 to 192000, 2 bytes, 1 to 8 channels"
            ));
        }
        let sample = |bytes: &[u8]| match bytes {
            &[a, b] => i32::from(i16::from_le_bytes([a, b])),
            _ => 0,
        };
        let frames = self.payload.chunks_exact(2 * channels as usize);
        let mean = |frame: &[u8]| (frame.chunks_exact(2).map(sample).sum::<i32>() / channels as i32) as i16;
        Ok((rate, frames.map(mean).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_one_channel_of_sixteen_bits() {
        assert_eq!(Event::chunk(&[5, -7], 16_000).samples().unwrap(), (16_000, vec![5, -7]));
        let mut two = Event::chunk(&[10, 20, -4, -8], 22_050);
        two.data.insert("channels".into(), json!(2));
        assert_eq!(two.samples().unwrap(), (22_050, vec![15, -6]));
        two.data.insert("width".into(), json!(4));
        assert!(two.samples().unwrap_err().contains("4 bytes each"));
        assert!(Event::new("audio-chunk").samples().is_err());
    }
}
