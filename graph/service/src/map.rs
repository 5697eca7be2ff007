//! What a gateway keeps as its own.

use std::sync::Arc;

use lares_kernel::wire::{DurableMap, KeyValue};
use lares_store::Reader;

use crate::{
    commit::{Shared, lock},
    waiters::Then,
};

/// A space of keys. It reads its own writes, also those that are only queued.
pub(crate) struct SpaceMap {
    pub(crate) shared: Arc<Shared>,
    pub(crate) space: Arc<str>,
}

impl DurableMap for SpaceMap {
    fn scan(&self, prefix: &[u8]) -> Result<Vec<KeyValue>, String> {
        // The front stays locked until the snapshot is taken: else a write that is committed in between would be
        // neither queued nor seen.
        let front = lock(&self.shared.front);
        let queued = front.overlay.scan(&self.space, prefix);
        let stored = self.shared.reader.space_scan(&self.space, prefix, move || drop(front));
        let mut merged: std::collections::BTreeMap<_, _> =
            stored.map_err(|e| e.to_string())?.into_iter().collect();
        for (key, value) in queued {
            match value {
                Some(value) => merged.insert(key, value),
                None => merged.remove(&key),
            };
        }
        Ok(merged.into_iter().collect())
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let queued = lock(&self.shared.front).overlay.get(&self.space, key);
        match queued {
            Some(value) => Ok(value),
            None => self.shared.reader.space_get(&self.space, key).map_err(|e| e.to_string()),
        }
    }

    fn write(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<(), String> {
        Reader::space_accepts(&self.space, &changes).map_err(|e| e.to_string())?;
        let (before, queued) = {
            let mut front = lock(&self.shared.front);
            let before = front.queued();
            front.write_map(&self.space, changes).map_err(|e| e.to_string())?;
            self.shared.count(&front);
            (before, front.queued())
        };
        self.shared.queued(before, queued);
        self.shared.flush();
        Ok(())
    }

    fn after_sync(&self, then: Box<dyn FnOnce() + Send>) {
        self.shared.wait(Then::Synced(then));
    }
}
