//! Entries on their way to the tables: encoded once, as frames that the spool keeps and the journal reuses.
//!
//! A frame: length of the payload (u32), its CRC-32 (u32), payload; both little-endian. A payload: number of the
//! entry (u64), tag, then for an event its id, the length of its record, the record, its writes if any; for a map
//! its space and changes.

use std::ops::Range;
use std::sync::Arc;

use lares_model::{Event, EventId, Write};

use crate::{
    StoreError,
    codec::{DecodeError, append, parse},
    record,
};

/// Keys with their new values; `None` removes.
pub type Changes = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// A frame longer than this is taken for garbage.
pub(crate) const MAX_PAYLOAD: usize = 256 << 20;
pub(crate) const HEAD: usize = 8;

/// Where an event goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Keep {
    /// Into the journal.
    Journal = 1,
    /// Into its series only.
    Series = 2,
    /// Into the journal, after it went to its series: an event names it as its cause.
    Promoted = 3,
}

const MAP: u8 = 4;

/// One entry of a group.
#[derive(Debug)]
pub enum Entry {
    Event { event: Arc<Event>, keep: Keep, record: Range<usize>, writes: Vec<Write> },
    Map { space: Arc<str>, changes: Changes },
}

/// Entries that are written in one commit, with the bytes of their frames.
#[derive(Default, Debug)]
pub struct Group {
    pub(crate) bytes: Vec<u8>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) last_seq: u64,
}

impl Group {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Number of the last entry.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Empties it and keeps its buffers; gives their size in bytes.
    pub fn clear(&mut self) -> usize {
        self.bytes.clear();
        self.entries.clear();
        self.bytes.capacity() + self.entries.capacity() * size_of::<Entry>()
    }

    /// Adds an event and gives the bytes of its frame. On failure the group is as it was.
    pub fn push_event(
        &mut self,
        seq: u64,
        event: Arc<Event>,
        previous: Option<EventId>,
        keep: Keep,
        writes: Vec<Write>,
    ) -> Result<&[u8], StoreError> {
        let start = self.begin(seq, keep as u8);
        let encoded = self.encode_event(&event, previous, &writes);
        let record = encoded.inspect_err(|_| self.bytes.truncate(start))?;
        self.fits(start)?;
        self.entries.push(Entry::Event { event, keep, record, writes });
        Ok(self.end(seq, start))
    }

    fn encode_event(
        &mut self,
        event: &Event,
        previous: Option<EventId>,
        writes: &[Write],
    ) -> Result<Range<usize>, StoreError> {
        self.bytes.extend_from_slice(&event.id.0.to_be_bytes());
        let length_at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        let start = self.bytes.len();
        record::write(&mut self.bytes, event, previous)?;
        let end = self.bytes.len();
        fill(&mut self.bytes, length_at, ((end - start) as u32).to_be_bytes());
        if !writes.is_empty() {
            append(&mut self.bytes, writes)?;
        }
        Ok(start..end)
    }

    /// Adds changes of a gateway's map and gives the bytes of their frame.
    pub fn push_map(&mut self, seq: u64, space: Arc<str>, changes: Changes) -> Result<&[u8], StoreError> {
        let start = self.begin(seq, MAP);
        let encoded = append(&mut self.bytes, &(&space, &changes));
        encoded.inspect_err(|_| self.bytes.truncate(start))?;
        self.fits(start)?;
        self.entries.push(Entry::Map { space, changes });
        Ok(self.end(seq, start))
    }

    fn begin(&mut self, seq: u64, tag: u8) -> usize {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; HEAD]);
        self.bytes.extend_from_slice(&seq.to_be_bytes());
        self.bytes.push(tag);
        start
    }

    /// What a replay would take for garbage is not written.
    fn fits(&mut self, start: usize) -> Result<(), StoreError> {
        let length = self.bytes.len() - start - HEAD;
        if length > MAX_PAYLOAD {
            self.bytes.truncate(start);
            return Err(StoreError::Encode(format!("{length} bytes are more than {MAX_PAYLOAD}")));
        }
        Ok(())
    }

    fn end(&mut self, seq: u64, start: usize) -> &[u8] {
        let payload = self.bytes.get(start + HEAD..).unwrap_or_default();
        let (length, sum) = (payload.len() as u32, crc32fast::hash(payload));
        fill(&mut self.bytes, start, length.to_le_bytes());
        fill(&mut self.bytes, start + 4, sum.to_le_bytes());
        self.last_seq = seq;
        self.bytes.get(start..).unwrap_or_default()
    }

    /// Adds an entry read back from a spool.
    pub(crate) fn push_payload(&mut self, payload: &[u8]) -> Result<(), DecodeError> {
        let (seq, tag, rest) = split(payload)?;
        let entry = match tag {
            MAP => {
                let (space, changes): (Arc<str>, Changes) = parse(rest)?;
                Entry::Map { space, changes }
            }
            tag => {
                let keep = [Keep::Journal, Keep::Series, Keep::Promoted]
                    .into_iter()
                    .find(|k| *k as u8 == tag)
                    .ok_or_else(|| DecodeError::Content(format!("an entry has tag {tag}")))?;
                let (id, rest) = rest.split_first_chunk::<8>().ok_or(DecodeError::Short)?;
                let (length, rest) = rest.split_first_chunk::<4>().ok_or(DecodeError::Short)?;
                let length = u32::from_be_bytes(*length) as usize;
                let (record, writes) = rest.split_at_checked(length).ok_or(DecodeError::Short)?;
                let (event, _) = record::read_shared(EventId(u64::from_be_bytes(*id)), record)?;
                let writes = if writes.is_empty() { Vec::new() } else { parse(writes)? };
                let start = self.bytes.len();
                self.bytes.extend_from_slice(record);
                Entry::Event { event, keep, record: start..self.bytes.len(), writes }
            }
        };
        self.entries.push(entry);
        self.last_seq = seq;
        Ok(())
    }
}

/// Number, tag and rest of a payload.
pub(crate) fn split(payload: &[u8]) -> Result<(u64, u8, &[u8]), DecodeError> {
    let (seq, rest) = payload.split_first_chunk::<8>().ok_or(DecodeError::Short)?;
    let (tag, rest) = rest.split_first().ok_or(DecodeError::Short)?;
    Ok((u64::from_be_bytes(*seq), *tag, rest))
}

fn fill(bytes: &mut [u8], at: usize, with: [u8; 4]) {
    for (to, from) in bytes.iter_mut().skip(at).zip(with) {
        *to = from;
    }
}
