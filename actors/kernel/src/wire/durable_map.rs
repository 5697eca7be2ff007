//! What a gateway keeps as its own (a broker's retained messages and sessions), without knowing the store.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A key with its value.
pub type KeyValue = (Vec<u8>, Vec<u8>);

/// An ordered map that outlives the process. Keys are at most 480 bytes (LMDB's 511 less the store's prefix).
pub trait DurableMap: Send + Sync {
    /// All entries whose key starts with `prefix`, in byte order.
    fn scan(&self, prefix: &[u8]) -> Result<Vec<KeyValue>, String>;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String>;

    /// Writes all or nothing, in order (`None` removes). Returns when it is queued; it survives a kill of the
    /// process from then on, and a power cut after the next commit window.
    fn write(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<(), String>;

    /// Runs `then` when all that was written before is synced to disk.
    fn after_sync(&self, then: Box<dyn FnOnce() + Send>);
}

/// A map in memory: for tests and simulations.
#[derive(Default)]
pub struct MemoryMap(Mutex<BTreeMap<Vec<u8>, Vec<u8>>>);

impl DurableMap for MemoryMap {
    fn scan(&self, prefix: &[u8]) -> Result<Vec<KeyValue>, String> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(map
            .range(prefix.to_vec()..)
            .take_while(|(k, _)| k.starts_with(prefix))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect())
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    fn write(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<(), String> {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in changes {
            match value {
                Some(value) => map.insert(key, value),
                None => map.remove(&key),
            };
        }
        Ok(())
    }

    fn after_sync(&self, then: Box<dyn FnOnce() + Send>) {
        then();
    }
}
