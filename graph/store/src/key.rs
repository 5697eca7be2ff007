//! Keys: big-endian, so that the order of bytes is the order of what they mean.

use lares_model::{EdgeKind, EventId, NodeId, Property, Timestamp};

/// LMDB's limit is 511 bytes.
pub(crate) const MAX_KEY: usize = 511;

/// Bytes were no key of that shape, or words cannot be made into one.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyError {
    #[error("it has {found} bytes, not {wanted}")]
    Length { found: usize, wanted: usize },
    #[error("its property {0} is not known")]
    Property(u16),
    #[error("its kind of edge {0} is not known")]
    Edge(u16),
    #[error("it is no text with a zero byte after its owner")]
    Words,
    #[error("`{0}` is longer than {MAX_KEY} bytes")]
    Long(String),
    #[error("`{0}` has a zero byte in it")]
    Zero(String),
}

fn sized<const N: usize>(bytes: &[u8]) -> Result<&[u8; N], KeyError> {
    bytes.try_into().map_err(|_| KeyError::Length { found: bytes.len(), wanted: N })
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut n = [0; 8];
    for (to, from) in n.iter_mut().zip(bytes.iter().skip(at)) {
        *to = *from;
    }
    u64::from_be_bytes(n)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.iter().skip(at).take(2).fold(0, |n, b| (n << 8) | u16::from(*b))
}

fn join<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut key = [0; N];
    for (to, from) in key.iter_mut().zip(parts.iter().copied().flatten()) {
        *to = *from;
    }
    key
}

pub(crate) fn event(id: EventId) -> [u8; 8] {
    id.0.to_be_bytes()
}

pub(crate) fn read_event(bytes: &[u8]) -> Result<EventId, KeyError> {
    Ok(EventId(u64::from_be_bytes(*sized(bytes)?)))
}

pub(crate) fn node(id: NodeId) -> [u8; 8] {
    id.0.to_be_bytes()
}

pub(crate) fn read_node(bytes: &[u8]) -> Result<NodeId, KeyError> {
    Ok(NodeId(u64::from_be_bytes(*sized(bytes)?)))
}

/// (cause, effect) or (node, event).
pub(crate) fn pair(a: u64, b: u64) -> [u8; 16] {
    join(&[&a.to_be_bytes(), &b.to_be_bytes()])
}

pub(crate) fn read_pair(bytes: &[u8]) -> Result<(u64, u64), KeyError> {
    let key = sized::<16>(bytes)?;
    Ok((u64_at(key, 0), u64_at(key, 8)))
}

/// (from, kind, to), or (to, kind, from).
pub(crate) fn edge(a: NodeId, kind: EdgeKind, b: NodeId) -> [u8; 18] {
    join(&[&node(a), &(kind as u16).to_be_bytes(), &node(b)])
}

pub(crate) fn read_edge(bytes: &[u8]) -> Result<(NodeId, EdgeKind, NodeId), KeyError> {
    let key = sized::<18>(bytes)?;
    let kind = EdgeKind::try_from(u16_at(key, 8)).map_err(KeyError::Edge)?;
    Ok((NodeId(u64_at(key, 0)), kind, NodeId(u64_at(key, 10))))
}

pub(crate) fn edge_version(a: NodeId, kind: EdgeKind, b: NodeId, since: EventId) -> [u8; 26] {
    join(&[&edge(a, kind, b), &event(since)])
}

/// (entity, property).
pub(crate) fn series(entity: NodeId, property: Property) -> [u8; 10] {
    join(&[&node(entity), &(property as u16).to_be_bytes()])
}

pub(crate) fn read_series(bytes: &[u8]) -> Result<(NodeId, Property), KeyError> {
    let key = sized::<10>(bytes)?;
    let number = u16_at(key, 8);
    let property = Property::try_from(number).map_err(|_| KeyError::Property(number))?;
    Ok((NodeId(u64_at(key, 0)), property))
}

/// (entity, property, first instant, first id): the id keeps apart two chunks that begin at one instant.
pub(crate) fn chunk(entity: NodeId, property: Property, first: Timestamp, id: EventId) -> [u8; 26] {
    join(&[&series(entity, property), &instant(first), &event(id)])
}

pub(crate) fn read_chunk(bytes: &[u8]) -> Result<(NodeId, Property, Timestamp, EventId), KeyError> {
    let key = sized::<26>(bytes)?;
    let (entity, property) = read_series(key.get(..10).unwrap_or_default())?;
    Ok((entity, property, Timestamp((u64_at(key, 10) ^ SIGN) as i64), EventId(u64_at(key, 18))))
}

/// (entity, property, resolution, first instant).
pub(crate) fn rolled(entity: NodeId, property: Property, resolution: u8, first: Timestamp) -> [u8; 19] {
    join(&[&series(entity, property), &[resolution], &instant(first)])
}

pub(crate) fn read_rolled(bytes: &[u8]) -> Result<(NodeId, Property, u8, Timestamp), KeyError> {
    let key = sized::<19>(bytes)?;
    let (entity, property) = read_series(key.get(..10).unwrap_or_default())?;
    let resolution = key.get(10).copied().unwrap_or_default();
    Ok((entity, property, resolution, Timestamp((u64_at(key, 11) ^ SIGN) as i64)))
}

/// (entity, property, event).
pub(crate) fn correction(entity: NodeId, property: Property, id: EventId) -> [u8; 18] {
    join(&[&series(entity, property), &event(id)])
}

const SIGN: u64 = 1 << 63;

/// The sign bit is turned, so that instants before 1970 come first.
pub(crate) fn instant(at: Timestamp) -> [u8; 8] {
    (at.0 as u64 ^ SIGN).to_be_bytes()
}

/// (owner, 0, name).
pub(crate) fn owned(owner: &str, name: &[u8]) -> Result<Vec<u8>, KeyError> {
    let key = owned_prefix(owner, name.len())?;
    Ok([key.as_slice(), name].concat())
}

/// (owner, 0): all that belongs to one owner starts so. `rest` bytes must still fit.
pub(crate) fn owned_prefix(owner: &str, rest: usize) -> Result<Vec<u8>, KeyError> {
    if owner.as_bytes().contains(&0) {
        return Err(KeyError::Zero(owner.escape_default().to_string()));
    }
    if owner.len() + 1 + rest > MAX_KEY {
        return Err(KeyError::Long(owner.chars().take(60).collect()));
    }
    Ok([owner.as_bytes(), &[0]].concat())
}

pub(crate) fn read_owned(bytes: &[u8]) -> Result<(&str, &[u8]), KeyError> {
    let zero = bytes.iter().position(|b| *b == 0).ok_or(KeyError::Words)?;
    let (owner, rest) = bytes.split_at(zero);
    let owner = std::str::from_utf8(owner).map_err(|_| KeyError::Words)?;
    Ok((owner, rest.get(1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [u64; 6] = [0, 1, 255, 256, 1 << 48, u64::MAX];

    fn ascending<K: Ord + std::fmt::Debug>(keys: &[K]) {
        assert!(keys.windows(2).all(|w| w[0] < w[1]), "{keys:?}");
    }

    #[test]
    fn byte_order_is_logical_order_and_keys_survive() {
        ascending(&NUMBERS.map(|n| event(EventId(n))));
        ascending(&NUMBERS.map(|n| node(NodeId(n))));
        ascending(&[i64::MIN, -1, 0, 1, i64::MAX].map(|n| instant(Timestamp(n))));
        let pairs: Vec<_> = NUMBERS.iter().flat_map(|a| NUMBERS.map(|b| (*a, b))).collect();
        ascending(&pairs.iter().map(|(a, b)| pair(*a, *b)).collect::<Vec<_>>());
        for (a, b) in pairs {
            assert_eq!(read_pair(&pair(a, b)), Ok((a, b)));
        }
        let mut edges = Vec::new();
        let mut series_keys = Vec::new();
        let mut chunks = Vec::new();
        let mut rolls = Vec::new();
        for n in NUMBERS {
            for kind in EdgeKind::ALL.iter().copied() {
                for m in NUMBERS {
                    let key = edge(NodeId(n), kind, NodeId(m));
                    assert_eq!(read_edge(&key), Ok((NodeId(n), kind, NodeId(m))));
                    edges.push(key);
                }
            }
            for property in Property::ALL {
                let key = series(NodeId(n), *property);
                assert_eq!(read_series(&key), Ok((NodeId(n), *property)));
                series_keys.push(key);
                for at in [-5, 0, 5].map(Timestamp) {
                    let key = chunk(NodeId(n), *property, at, EventId(n));
                    assert_eq!(read_chunk(&key), Ok((NodeId(n), *property, at, EventId(n))));
                    chunks.push(key);
                    let key = rolled(NodeId(n), *property, 2, at);
                    assert_eq!(read_rolled(&key), Ok((NodeId(n), *property, 2, at)));
                    rolls.push(key);
                }
            }
        }
        ascending(&edges);
        ascending(&series_keys);
        ascending(&chunks);
        ascending(&rolls);
    }

    #[test]
    fn owners_do_not_run_into_each_other() {
        let keys = [("a", "z"), ("a", "zz"), ("a\u{1}", "a"), ("ab", "a")];
        ascending(&keys.map(|(o, n)| owned(o, n.as_bytes()).unwrap()));
        for (o, n) in keys {
            assert_eq!(read_owned(&owned(o, n.as_bytes()).unwrap()), Ok((o, n.as_bytes())));
        }
        assert!(matches!(owned("a\0b", b"c"), Err(KeyError::Zero(_))));
        assert!(matches!(owned(&"x".repeat(500), &[1; 11]), Err(KeyError::Long(_))));
        assert!(owned(&"x".repeat(500), &[1; 10]).is_ok());
    }

    #[test]
    fn short_and_foreign_bytes_are_errors() {
        for n in (0..40).filter(|n| ![8, 10, 16, 18, 19, 26].contains(n)) {
            let bytes = vec![0xff; n];
            assert!(read_event(&bytes).is_err() && read_node(&bytes).is_err(), "{n}");
            assert!(read_pair(&bytes).is_err() && read_edge(&bytes).is_err(), "{n}");
            assert!(read_series(&bytes).is_err() && read_chunk(&bytes).is_err(), "{n}");
            assert!(read_rolled(&bytes).is_err(), "{n}");
            assert!(read_owned(&bytes).is_err(), "{n}");
        }
        assert_eq!(read_series(&[0xff; 10]), Err(KeyError::Property(0xffff)));
        assert_eq!(read_edge(&[0xff; 18]), Err(KeyError::Edge(0xffff)));
        assert_eq!(read_chunk(&[0xff; 26]), Err(KeyError::Property(0xffff)));
        assert_eq!(read_owned(&[0xff, 0]), Err(KeyError::Words));
    }
}
