//! The simplest durable map: enough for tests that kill a broker.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::sync::{Mutex, PoisonError};

use lares_kernel::wire::{DurableMap, KeyValue};

/// A map in memory whose changes are also appended to a file: (length, key, length or `u32::MAX`, value).
pub struct FileMap(Mutex<Inner>);

type Inner = (BTreeMap<Vec<u8>, Vec<u8>>, File);

impl FileMap {
    pub fn open(path: &str) -> std::io::Result<Self> {
        let mut file = File::options().read(true).append(true).create(true).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (mut map, mut rest) = (BTreeMap::new(), &bytes[..]);
        while let Some((key, value, after)) = record(rest) {
            match value {
                Some(value) => map.insert(key.to_vec(), value.to_vec()),
                None => map.remove(key),
            };
            rest = after;
        }
        file.set_len((bytes.len() - rest.len()) as u64)?; // a torn end
        Ok(Self(Mutex::new((map, file))))
    }
}

/// Key, value and what follows.
type Record<'a> = (&'a [u8], Option<&'a [u8]>, &'a [u8]);

fn record(bytes: &[u8]) -> Option<Record<'_>> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (key, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    match u32::from_le_bytes(*length) {
        u32::MAX => Some((key, None, rest)),
        length => {
            let (value, rest) = rest.split_at_checked(length as usize)?;
            Some((key, Some(value), rest))
        }
    }
}

impl DurableMap for FileMap {
    fn scan(&self, prefix: &[u8]) -> Result<Vec<KeyValue>, String> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = inner.0.range(prefix.to_vec()..).take_while(|(key, _)| key.starts_with(prefix));
        Ok(found.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).0.get(key).cloned())
    }

    fn write(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<(), String> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        for (key, value) in changes {
            bytes.extend((key.len() as u32).to_le_bytes());
            bytes.extend(&key);
            bytes.extend(value.as_ref().map_or(u32::MAX, |value| value.len() as u32).to_le_bytes());
            bytes.extend(value.as_deref().unwrap_or_default());
            match value {
                Some(value) => inner.0.insert(key, value),
                None => inner.0.remove(&key),
            };
        }
        inner.1.write_all(&bytes).map_err(|error| error.to_string())
    }

    fn after_sync(&self, then: Box<dyn FnOnce() + Send>) {
        let synced = self.0.lock().unwrap_or_else(PoisonError::into_inner).1.sync_data();
        if synced.is_ok() {
            then();
        }
    }
}
