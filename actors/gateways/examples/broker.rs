//! The embedded broker alone: `broker PORT [FILE]`. Without a file it keeps everything in memory; with one it appends
//! every change to it, so that it can be killed and started again. For tests and measurements.
#![allow(clippy::print_stdout, reason = "its first line tells where it listens")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use lares_gateways::broker::{self, BrokerOptions};
use lares_kernel::SystemClock;
use lares_kernel::wire::{DurableMap, KeyValue, MemoryMap};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().ok_or("usage: broker PORT [FILE]")?.parse()?;
    let map: Arc<dyn DurableMap> = match arguments.next() {
        Some(path) => Arc::new(FileMap::open(&path)?),
        None => Arc::new(MemoryMap::default()),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let options = BrokerOptions { port, ..Default::default() };
    runtime.block_on(async {
        let clock = Arc::new(SystemClock::default());
        let broker = broker::start(options, map, clock, runtime.handle()).await?;
        println!("listening on {}", broker.address);
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        terminate.recv().await;
        broker.stop().await;
        Ok(())
    })
}

/// A map in memory whose changes are also appended to a file: (length, key, length or `u32::MAX`, value).
struct FileMap(Mutex<(BTreeMap<Vec<u8>, Vec<u8>>, File)>);

impl FileMap {
    fn open(path: &str) -> std::io::Result<Self> {
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
