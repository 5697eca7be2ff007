//! Whether a satellite is muted, as it is kept. What cannot be kept or read counts as muted.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use lares_kernel::wire::DurableMap;

/// Satellites whose mute stands and could not be kept: one whose actor begins anew is muted still.
#[derive(Default)]
pub struct Mutes(Mutex<BTreeSet<String>>);

impl Mutes {
    /// A satellite is to be muted, or not any more; gives what it is then. `is`: what it was.
    pub fn set(&self, kept: &dyn DurableMap, key: &str, muted: bool, is: bool) -> bool {
        let value = if muted { Some(b"ON".to_vec()) } else { None };
        let mut unkept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.write(vec![(key.as_bytes().to_vec(), value)]) {
            Ok(()) => {
                unkept.remove(key);
                muted
            }
            Err(why) => {
                tracing::error!(satellite = key, muted, why, "a mute cannot be kept");
                if muted {
                    unkept.insert(key.to_owned());
                }
                muted || is
            }
        }
    }

    /// What a satellite is when its actor begins.
    pub fn restored(&self, kept: &dyn DurableMap, key: &str) -> bool {
        let unkept = self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(key);
        let kept = kept.get(key.as_bytes()).inspect_err(|why| {
            tracing::error!(satellite = key, why, "whether it is muted cannot be read: it is");
        });
        unkept || kept.map_or(true, |kept| kept.is_some())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use lares_kernel::wire::{KeyValue, MemoryMap};

    use super::*;

    /// A map on a disk that is full at times.
    #[derive(Default)]
    struct Disk {
        map: MemoryMap,
        full: AtomicBool,
    }

    impl DurableMap for Disk {
        fn scan(&self, prefix: &[u8]) -> Result<Vec<KeyValue>, String> {
            self.map.scan(prefix)
        }

        fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
            self.map.get(key)
        }

        fn write(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<(), String> {
            if self.full.load(Ordering::SeqCst) {
                return Err("the disk is full".to_owned());
            }
            self.map.write(changes)
        }

        fn after_sync(&self, then: Box<dyn FnOnce() + Send>) {
            self.map.after_sync(then);
        }
    }

    /// Meant to fail it (not tried): a mute that could not be written is forgotten when the actor begins anew.
    #[test]
    fn a_mute_that_cannot_be_kept_stands() {
        let (disk, mutes) = (Disk::default(), Mutes::default());
        assert!(!mutes.restored(&disk, "kitchen"));
        disk.full.store(true, Ordering::SeqCst);
        assert!(mutes.set(&disk, "kitchen", true, false));
        assert!(mutes.restored(&disk, "kitchen"), "its actor begins anew");
        assert!(!mutes.restored(&disk, "hall"));
        // What cannot be kept is not unmuted either.
        assert!(mutes.set(&disk, "kitchen", false, true));
        assert!(mutes.restored(&disk, "kitchen"));
        disk.full.store(false, Ordering::SeqCst);
        assert!(!mutes.set(&disk, "kitchen", false, true));
        assert!(!mutes.restored(&disk, "kitchen"));
        assert!(mutes.set(&disk, "kitchen", true, false));
        assert!(Mutes::default().restored(&disk, "kitchen"), "what was kept outlives the process");
    }
}
