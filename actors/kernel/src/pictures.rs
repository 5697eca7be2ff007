//! The last picture of each camera and image: in memory only, so that they are shown and kept nowhere.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use lares_model::{NodeId, Timestamp};

/// All pictures together are at most so large, in bytes: the oldest go.
const MOST_BYTES: usize = 32 << 20;

/// A picture as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// `image/jpeg` and the like: what its first bytes say that it is.
    pub media: &'static str,
    pub bytes: Bytes,
    pub at: Timestamp,
}

/// The last ones, by entity. Devices put them there, surfaces show them.
#[derive(Default)]
pub struct Pictures(Mutex<BTreeMap<NodeId, Picture>>);

impl Pictures {
    /// A newer one takes the place of the one before.
    pub fn put(&self, entity: NodeId, picture: Picture) {
        self.put_within(entity, picture, MOST_BYTES);
    }

    fn put_within(&self, entity: NodeId, picture: Picture, most: usize) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(entity, picture);
        while all.values().map(|p| p.bytes.len()).sum::<usize>() > most {
            let Some(oldest) = all.iter().min_by_key(|(_, p)| p.at).map(|(id, _)| *id) else { break };
            all.remove(&oldest);
        }
    }

    /// There is none any more.
    pub fn remove(&self, entity: NodeId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&entity);
    }

    pub fn get(&self, entity: NodeId) -> Option<Picture> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&entity).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(at: i64, length: usize) -> Picture {
        Picture { media: "image/png", bytes: vec![0; length].into(), at: Timestamp(at) }
    }

    #[test]
    fn the_oldest_make_room() {
        let pictures = Pictures::default();
        let [a, b, c] = ["a", "b", "c"].map(NodeId::entity);
        for (entity, at) in [(a, 1), (b, 2), (a, 3), (c, 4)] {
            pictures.put_within(entity, picture(at, 40), 100);
        }
        assert_eq!(pictures.get(a).map(|p| p.at), Some(Timestamp(3)), "the newer one of it");
        assert_eq!(pictures.get(b), None);
        assert!(pictures.get(c).is_some());
        pictures.remove(c);
        assert_eq!(pictures.get(c), None);
        pictures.put_within(b, picture(5, 101), 100);
        assert_eq!(pictures.get(b), None, "too large for all of it");
    }
}
