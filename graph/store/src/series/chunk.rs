//! Chunks: samples of one series for a while. The greatest instant stands first, so that a reader can pass over a chunk
//! without unpacking it.

use lares_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::pack::{pack, unpack};
use super::sample::Columns;
use crate::{
    Sample, StoreError,
    codec::{DecodeError, Kind, append, encode_bytes, parse, versioned},
    core::{Core, unreadable},
    table::Table,
};

/// Version 1: up to 256 samples in the order they came, eight bytes a number. Read, and never written again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct OldChunk {
    pub last_at: i64,
    pub columns: Columns,
}

/// An opened chunk (version 2: the last instant, then packed samples).
pub(crate) struct Chunk<'a> {
    pub last_at: Timestamp,
    version: u8,
    content: &'a [u8],
}

impl<'a> Chunk<'a> {
    pub fn of(plain: &'a [u8]) -> Result<Self, DecodeError> {
        let (version, content) = versioned(Kind::Chunk, plain)?;
        let read = postcard::take_from_bytes::<i64>(content);
        let (last_at, rest) = read.map_err(|e| DecodeError::Content(e.to_string()))?;
        let content = if version == 1 { content } else { rest };
        Ok(Self { last_at: Timestamp(last_at), version, content })
    }

    pub fn samples(&self) -> Result<Vec<Sample>, DecodeError> {
        match self.version {
            1 => parse::<OldChunk>(self.content)?.columns.read(),
            _ => unpack(self.content),
        }
    }

    /// Appends the content of a chunk.
    pub fn write(out: &mut Vec<u8>, samples: &[Sample]) -> Result<(), StoreError> {
        let last = samples.iter().map(|s| s.at).max().unwrap_or(Timestamp::MAX);
        append(out, &last.0)?;
        pack(out, samples)
    }

    /// The samples of a stored chunk.
    pub fn samples_of(core: &Core, k: &[u8], stored: &[u8]) -> Result<Vec<Sample>, StoreError> {
        let plain = core.plain(Table::Chunks, k, stored)?;
        let read = Chunk::of(&plain).and_then(|c| c.samples());
        read.map_err(|e| unreadable(Table::Chunks, k, e))
    }
}

/// A chunk to be stored.
pub(crate) fn chunk_plain(samples: &[Sample]) -> Result<Vec<u8>, StoreError> {
    let mut plain = encode_bytes(Kind::Chunk, &[]);
    Chunk::write(&mut plain, samples)?;
    Ok(plain)
}

pub(crate) fn chunk_samples(core: &Core, k: &[u8], stored: &[u8]) -> Result<Vec<Sample>, StoreError> {
    Chunk::samples_of(core, k, stored)
}

/// How many samples a stored chunk has.
pub(crate) fn count(core: &Core, k: &[u8], stored: &[u8]) -> Result<u64, StoreError> {
    Ok(Chunk::samples_of(core, k, stored)?.len() as u64)
}
