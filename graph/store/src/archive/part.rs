//! Entries of a block that are sealed with one key: their plain records, by id, compressed.

use std::io::{Read, Write};
use std::ops::Range;

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use lares_model::EventId;
use serde::{Deserialize, Serialize};

use crate::{
    DecodeError, StoreError,
    chain::Hash,
    codec::{Kind, append, content, encode, parse},
};

/// A part that unpacks to more was not made by this code.
const LARGEST: u64 = 1 << 28;

/// What is known of a part without unpacking it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Frame {
    /// The chain's hash before the first entry of the block, and after its last.
    pub before: Hash,
    pub after: Hash,
    /// How many parts the block has.
    pub parts: u16,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    frame: Frame,
    packed: Vec<u8>,
}

/// Ids as distances, lengths of the records, the records.
#[derive(Serialize, Deserialize)]
struct Columns {
    ids: Vec<u64>,
    lengths: Vec<u32>,
    records: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    pub frame: Frame,
    /// Ascending, each with its place among the records.
    entries: Vec<(EventId, Range<usize>)>,
    records: Vec<u8>,
}

impl Part {
    pub fn new(frame: Frame, mut entries: Vec<(EventId, &[u8])>) -> Self {
        entries.sort_by_key(|(id, _)| *id);
        let mut part = Self { frame, entries: Vec::with_capacity(entries.len()), records: Vec::new() };
        for (id, record) in entries {
            let from = part.records.len();
            part.records.extend_from_slice(record);
            part.entries.push((id, from..part.records.len()));
        }
        part
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The plain record of an entry.
    pub fn get(&self, id: EventId) -> Option<&[u8]> {
        let n = self.entries.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.records.get(self.entries.get(n)?.1.clone())
    }

    pub fn each(&self) -> impl Iterator<Item = (EventId, &[u8])> {
        self.entries.iter().filter_map(|(id, range)| Some((*id, self.records.get(range.clone())?)))
    }

    /// As a plain value.
    pub fn write(&self) -> Result<Vec<u8>, StoreError> {
        self.write_with(Compression::default())
    }

    /// Any way of compressing is read.
    pub fn write_with(&self, compression: Compression) -> Result<Vec<u8>, StoreError> {
        let mut before = 0;
        let step = |(id, _): &(EventId, Range<usize>)| {
            let step = id.0.wrapping_sub(before);
            before = id.0;
            step
        };
        let columns = Columns {
            ids: self.entries.iter().map(step).collect(),
            lengths: self.entries.iter().map(|(_, range)| range.len() as u32).collect(),
            records: self.records.clone(),
        };
        let mut plain = Vec::new();
        append(&mut plain, &columns)?;
        let failed = |e: std::io::Error| StoreError::Encode(e.to_string());
        let mut packer = DeflateEncoder::new(Vec::new(), compression);
        packer.write_all(&plain).map_err(failed)?;
        let packed = packer.finish().map_err(failed)?;
        encode(Kind::Archived, &Stored { frame: self.frame, packed })
    }

    pub fn read(plain: &[u8]) -> Result<Self, DecodeError> {
        let Stored { frame, packed } = parse(content(Kind::Archived, plain)?)?;
        let mut columns = Vec::new();
        let mut unpacked = DeflateDecoder::new(packed.as_slice()).take(LARGEST);
        unpacked.read_to_end(&mut columns).map_err(|e| DecodeError::Content(e.to_string()))?;
        let Columns { ids, lengths, records } = parse(&columns)?;
        let mut entries = Vec::with_capacity(ids.len());
        let (mut id, mut from) = (0_u64, 0_usize);
        for (step, length) in ids.iter().zip(&lengths) {
            id = id.wrapping_add(*step);
            let to = from.saturating_add(*length as usize);
            entries.push((EventId(id), from..to));
            from = to;
        }
        if ids.len() != lengths.len() || from != records.len() {
            return Err(DecodeError::Content("its records are not as long as it says".to_owned()));
        }
        Ok(Self { frame, entries, records })
    }
}
