//! Keys of persons and domains: random, one each, in a file beside the household's key and never in the data or its
//! backups. What belongs to somebody is sealed with a key that needs both the household's and theirs. Erasing a line of
//! the file makes all of it unreadable, wherever copies of it lie.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::ring::{Key, random};
use crate::KeyFileError;

/// The file for a key file.
pub fn private_file(key: &Path) -> PathBuf {
    let mut name = key.file_name().unwrap_or_default().to_owned();
    name.push(".private");
    key.with_file_name(name)
}

/// Numbers of persons and domains (a keyed hash of their names) with their keys.
#[derive(Default)]
pub(crate) struct Private {
    path: PathBuf,
    keys: BTreeMap<u32, Key>,
}

impl Private {
    pub fn read(path: PathBuf) -> Result<Self, KeyFileError> {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
            Err(source) => return Err(KeyFileError::Io { what: "read", path, source }),
        };
        let mut keys = BTreeMap::new();
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let read = line
                .split_once(' ')
                .and_then(|(n, k)| Some((u32::from_str_radix(n, 16).ok()?, unhex(k.trim())?)));
            let Some((number, key)) = read else {
                let why = "a line is not a number and 64 digits".to_owned();
                return Err(KeyFileError::Broken { path, why });
            };
            keys.insert(number, key);
        }
        Ok(Self { path, keys })
    }

    pub fn get(&self, number: u32) -> Option<&Key> {
        self.keys.get(&number)
    }

    /// By what a sealed value says of its key.
    pub fn by_id(&self, wanted: u32) -> Option<&Key> {
        self.keys.values().find(|key| id(key) == wanted)
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Makes the keys that are missing; on disk before anything is sealed with them.
    pub fn make(&mut self, numbers: impl Iterator<Item = u32>) -> Result<(), KeyFileError> {
        let missing: Vec<u32> = numbers.filter(|n| !self.keys.contains_key(n)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let before = self.keys.clone();
        for number in missing {
            self.keys.insert(number, random().map_err(KeyFileError::Random)?);
        }
        self.write().inspect_err(|_| self.keys = before)
    }

    /// Erases a key; its old bytes are written over first, as far as a file system lets that happen.
    pub fn erase(&mut self, number: u32) -> Result<(), KeyFileError> {
        if self.keys.remove(&number).is_none() {
            return Ok(());
        }
        let failed = |source| KeyFileError::Io { what: "write over", path: self.path.clone(), source };
        let old = OpenOptions::new().write(true).open(&self.path).map_err(failed)?;
        let zeros = vec![b'#'; old.metadata().map_err(failed)?.len() as usize];
        // What stays is safe in a new file before the old one is written over.
        self.write_aside(self.text().as_bytes())?;
        old.write_all_at(&zeros, 0).and_then(|()| old.sync_all()).map_err(failed)?;
        self.take_place()
    }

    fn text(&self) -> String {
        let lines = self
            .keys
            .iter()
            .map(|(n, k)| format!("{n:08x} {}\n", k.iter().map(|b| format!("{b:02x}")).collect::<String>()));
        let head = "# Keys of persons and domains of a Lares household. Copy this file with its key, never beside the\n\
                    # backups: without it what belongs to them cannot be read.\n";
        std::iter::once(head.to_owned()).chain(lines).collect()
    }

    fn write(&self) -> Result<(), KeyFileError> {
        self.write_aside(self.text().as_bytes())?;
        self.take_place()
    }

    fn aside(&self) -> PathBuf {
        self.path.with_extension("private-new")
    }

    fn write_aside(&self, text: &[u8]) -> Result<(), KeyFileError> {
        let failed = |source| KeyFileError::Io { what: "write", path: self.aside(), source };
        let options =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(self.aside());
        let mut file = options.map_err(failed)?;
        file.write_all(text).and_then(|()| file.sync_all()).map_err(failed)
    }

    fn take_place(&self) -> Result<(), KeyFileError> {
        let failed = |source| KeyFileError::Io { what: "replace", path: self.path.clone(), source };
        std::fs::rename(self.aside(), &self.path).map_err(failed)?;
        match self.path.parent().filter(|p| !p.as_os_str().is_empty()) {
            Some(folder) => File::open(folder).and_then(|f| f.sync_all()).map_err(failed),
            None => Ok(()),
        }
    }
}

/// Tells keys apart and betrays nothing: who was forgotten and is back has another key.
pub(crate) fn id(key: &Key) -> u32 {
    let hash: [u8; 32] =
        Sha256::new().chain_update(b"lares private key id").chain_update(key).finalize().into();
    hash.first_chunk().map_or(0, |first| u32::from_be_bytes(*first))
}

fn unhex(text: &str) -> Option<Key> {
    let mut key = Key::default();
    if text.len() != 2 * key.len() || !text.is_ascii() {
        return None;
    }
    for (n, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_until_they_are_erased() {
        let dir = tempfile::tempdir().unwrap();
        let path = private_file(&dir.path().join("data.key"));
        let mut private = Private::read(path.clone()).unwrap();
        private.make([7, 9].into_iter()).unwrap();
        let seven = *private.get(7).unwrap();
        private.make([7, 8].into_iter()).unwrap();
        let mut again = Private::read(path.clone()).unwrap();
        assert_eq!((again.get(7), again.len()), (Some(&seven), 3));
        again.erase(7).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("00000007") && text.contains("00000009"));
        assert_eq!(Private::read(path.clone()).unwrap().get(7), None);
        std::fs::write(&path, "7 zz\n").unwrap();
        assert!(matches!(Private::read(path), Err(KeyFileError::Broken { .. })));
    }
}
