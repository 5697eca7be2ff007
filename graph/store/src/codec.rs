//! Values on disk: a codec byte, then (once opened) kind, version and postcard.
//!
//! Codec 0 is for simulations and for data that was made before sealing; codec 1 is in `seal`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use lares_model::NodeId;
use serde::{Serialize, de::DeserializeOwned};

use crate::{KeyFileError, StoreError, table::Table};

/// Bytes were not what was expected.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("it is too short")]
    Short,
    #[error("it is sealed by codec {0}, which is not known")]
    Codec(u8),
    #[error("it is of kind {found}, not {wanted}")]
    Kind { found: u16, wanted: u16 },
    #[error("it has version {found}, and only up to {known} is known")]
    Version { found: u8, known: u8 },
    #[error("its content is broken: {0}")]
    Content(String),
    #[error("it was changed or moved since it was sealed")]
    Sealed,
    #[error("it was sealed in session {0}, of which there is no key here")]
    Session(u32),
    #[error("this key only reads")]
    ReadOnly,
    #[error("its key was erased: it was forgotten")]
    Forgotten,
}

/// Turns a plain value (kind, version, content) into what is stored, and back.
pub trait Codec: Send + Sync {
    /// Whether the keys of a table tell too much to stand as they are. Then the key goes into the value.
    fn hides(&self, _: Table) -> bool {
        false
    }

    /// The key under which the value of `key` is stored.
    fn place<'a>(&self, _: Table, key: &'a [u8]) -> Cow<'a, [u8]> {
        Cow::Borrowed(key)
    }

    /// What the stored keys begin with whose keys begin with `prefix`; others may begin so too.
    fn place_of_owner<'a>(&self, _: Table, prefix: &'a [u8]) -> Cow<'a, [u8]> {
        Cow::Borrowed(prefix)
    }

    /// Bytes that the stored form takes more than the plain one.
    fn overhead(&self) -> usize;

    /// Appends the stored form of `plain` to `out`. `table` and `key` say where it will stand.
    fn seal(&self, table: &str, key: &[u8], plain: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError>;

    fn open<'a>(&self, table: &str, key: &[u8], stored: &'a [u8]) -> Result<Cow<'a, [u8]>, DecodeError>;

    /// Whose a node is: a person's or a domain's that has a key of its own.
    fn owner_of(&self, _: NodeId) -> Option<Owner> {
        None
    }

    /// As [`Codec::seal`], with the key of somebody.
    fn seal_for(
        &self,
        _: Option<Owner>,
        table: &str,
        key: &[u8],
        plain: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), DecodeError> {
        self.seal(table, key, plain, out)
    }

    /// Says whose nodes are, by the names of persons and domains; makes keys for those that have none yet.
    fn set_owners(&self, _: &BTreeMap<String, Vec<NodeId>>) -> Result<(), KeyFileError> {
        Ok(())
    }

    /// Whether a person or a domain has a key of its own.
    fn has_key(&self, _: &str) -> bool {
        false
    }

    /// Erases the key of a person or a domain.
    fn erase(&self, _: &str) -> Result<(), KeyFileError> {
        Ok(())
    }
}

/// A person or a domain, by a number that tells nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Owner(pub(crate) u32);

/// Codec 0: as it is.
pub struct Plain;

impl Codec for Plain {
    fn overhead(&self) -> usize {
        1
    }

    fn seal(&self, _: &str, _: &[u8], plain: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError> {
        out.push(0);
        out.extend_from_slice(plain);
        Ok(())
    }

    fn open<'a>(&self, _: &str, _: &[u8], stored: &'a [u8]) -> Result<Cow<'a, [u8]>, DecodeError> {
        match stored.split_first() {
            Some((0, plain)) => Ok(Cow::Borrowed(plain)),
            Some((codec, _)) => Err(DecodeError::Codec(*codec)),
            None => Err(DecodeError::Short),
        }
    }
}

/// What a stored value is. Event records carry their body's number here, which is below 60,000.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u16)]
pub(crate) enum Kind {
    Boot = 65_001,
    Progress = 65_002,
    Head = 65_003,
    Node = 65_004,
    NodeVersion = 65_005,
    EdgeSince = 65_006,
    EdgeVersion = 65_007,
    LastState = 65_008,
    Timer = 65_009,
    State = 65_010,
    Blob = 65_011,
    Tail = 65_012,
    Chunk = 65_013,
    SpaceValue = 65_014,
    SeriesInfo = 65_031,
    Rolled = 65_032,
    Correction = 65_033,
    Link = 65_034,
    Gone = 65_035,
    Owners = 65_036,
    Archived = 65_037,
    Marks = 65_038,
    /// Of an edge that says more than that it stands: since when, and what.
    EdgeFact = 65_101,
    /// What such an edge said from an event on.
    EdgeFactVersion = 65_102,
    /// An edge between two who each have a key of their own: sealed with the one within the other.
    EdgeOfTwo = 65_103,
}

impl Kind {
    /// The version that is written; each kind that ever changed has a path from its old ones.
    fn version(self) -> u8 {
        match self {
            Self::Chunk | Self::Progress => 2,
            _ => 1,
        }
    }
}

pub(crate) fn put_header(out: &mut Vec<u8>, kind: u16, version: u8) {
    out.extend_from_slice(&kind.to_be_bytes());
    out.push(version);
}

/// Kind, version and content of a plain value.
pub(crate) fn header(plain: &[u8]) -> Result<(u16, u8, &[u8]), DecodeError> {
    let (kind, rest) = plain.split_first_chunk::<2>().ok_or(DecodeError::Short)?;
    let (version, content) = rest.split_first().ok_or(DecodeError::Short)?;
    Ok((u16::from_be_bytes(*kind), *version, content))
}

/// A plain value of a typed kind.
pub(crate) fn encode<T: Serialize>(kind: Kind, value: &T) -> Result<Vec<u8>, StoreError> {
    let mut plain = Vec::with_capacity(64);
    put_header(&mut plain, kind as u16, kind.version());
    append(&mut plain, value)?;
    Ok(plain)
}

pub(crate) fn decode<T: DeserializeOwned>(kind: Kind, plain: &[u8]) -> Result<T, DecodeError> {
    parse(content(kind, plain)?)
}

/// A plain value that is bytes already.
pub(crate) fn encode_bytes(kind: Kind, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len() + 3);
    put_header(&mut plain, kind as u16, kind.version());
    plain.extend_from_slice(bytes);
    plain
}

/// The content of a plain value after its kind and version were looked at.
pub(crate) fn content(kind: Kind, plain: &[u8]) -> Result<&[u8], DecodeError> {
    versioned(kind, plain).map(|(_, content)| content)
}

/// Version and content of a plain value of a kind that has had more than one.
pub(crate) fn versioned(kind: Kind, plain: &[u8]) -> Result<(u8, &[u8]), DecodeError> {
    let (found, version, content) = header(plain)?;
    if found != kind as u16 {
        return Err(DecodeError::Kind { found, wanted: kind as u16 });
    }
    if version > kind.version() {
        return Err(DecodeError::Version { found: version, known: kind.version() });
    }
    Ok((version, content))
}

/// Reads a value that must take all bytes.
pub(crate) fn parse<T: DeserializeOwned>(content: &[u8]) -> Result<T, DecodeError> {
    match postcard::take_from_bytes(content) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(DecodeError::Content(format!("{} bytes too many", rest.len()))),
        Err(e) => Err(DecodeError::Content(e.to_string())),
    }
}

/// Appends postcard to a buffer without one of its own. On failure the buffer is as it was.
pub(crate) fn append<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), StoreError> {
    struct Into<'a>(&'a mut Vec<u8>);

    impl postcard::ser_flavors::Flavor for Into<'_> {
        type Output = ();

        fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
            self.0.push(byte);
            Ok(())
        }

        fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
            self.0.extend_from_slice(bytes);
            Ok(())
        }

        fn finalize(self) -> postcard::Result<()> {
            Ok(())
        }
    }

    let before = out.len();
    postcard::serialize_with_flavor(value, Into(out)).map_err(|e| {
        out.truncate(before);
        StoreError::Encode(e.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ours_is_refused() {
        assert_eq!(Plain.open("meta", b"k", &[]), Err(DecodeError::Short));
        assert_eq!(Plain.open("meta", b"k", &[9, 1]), Err(DecodeError::Codec(9)));
        let plain = encode(Kind::Head, &7_u64).unwrap();
        assert_eq!(decode::<u64>(Kind::Head, &plain), Ok(7));
        assert!(matches!(decode::<u64>(Kind::Node, &plain), Err(DecodeError::Kind { .. })));
        for cut in 0..plain.len() {
            assert!(decode::<u64>(Kind::Head, &plain[..cut]).is_err(), "{cut}");
        }
        let mut newer = plain.clone();
        newer[2] = 2;
        assert!(matches!(decode::<u64>(Kind::Head, &newer), Err(DecodeError::Version { found: 2, .. })));
        let mut longer = plain;
        longer.push(0);
        assert!(matches!(decode::<u64>(Kind::Head, &longer), Err(DecodeError::Content(_))));
    }
}
