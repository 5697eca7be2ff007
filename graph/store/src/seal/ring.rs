//! The keys that lie beside the data, wrapped: the master key, and the salt of every session.

use std::collections::BTreeMap;

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, Nonce};
use heed::{RoTxn, RwTxn};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::HouseholdKey;
use crate::{StoreError, env::Tab};

/// In the table of what the store knows of itself, bare: version, id of the household key, nonce, wrapped master, tag.
pub(crate) const SEAL_KEY: &[u8] = b"seal";
/// Before the number of a session; its salt follows bare.
const SALT_KEY: &[u8] = b"salt";
const VERSION: u8 = 1;
const NONCE: usize = 12;

pub(super) type Key = [u8; 32];
pub(super) type Salt = [u8; 16];

/// Bytes from the system's generator: keys are the one thing that no seed may foretell.
pub(super) fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// HMAC-SHA-256 as a key derivation (one block of NIST SP 800-108 without its counter: the outputs have its length).
pub(super) fn derive(master: &Key, purpose: &[u8], salt: &[u8]) -> Key {
    let mut mac = keyed(master);
    mac.update(purpose);
    mac.update(&[0]);
    mac.update(salt);
    mac.finalize().into_bytes().into()
}

pub(super) fn keyed(key: &Key) -> Hmac<Sha256> {
    // A key shorter than a block is filled up with zeros, as RFC 2104 says.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    <Hmac<Sha256> as KeyInit>::new(&block.into())
}

/// The unwrapped keys.
pub(crate) struct Ring {
    pub(super) master: Key,
    pub(super) salts: BTreeMap<u32, Salt>,
}

impl Ring {
    /// The id of the household key that it is wrapped with.
    pub fn sealed_with(wrapped: &[u8]) -> String {
        String::from_utf8_lossy(wrapped.get(1..9).unwrap_or_default()).into_owned()
    }

    /// `None` if it is broken, or wrapped with another key.
    pub fn open(key: &HouseholdKey, wrapped: &[u8]) -> Option<Self> {
        let (head, rest) = wrapped.split_at_checked(1 + key.id().len())?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>()?;
        let mut plain = sealed.to_vec();
        let cipher = Aes256Gcm::new(&key.0.into());
        cipher.decrypt_in_place(&Nonce::from(*nonce), head, &mut plain).ok()?;
        let master = plain.as_slice().try_into().ok()?;
        Some(Self { master, salts: BTreeMap::new() })
    }

    /// A new master key, and how it is kept.
    pub fn create(key: &HouseholdKey) -> Result<(Self, Vec<u8>), StoreError> {
        let ring = Self { master: random().map_err(StoreError::Encode)?, salts: BTreeMap::new() };
        let wrapped = ring.wrap(key)?;
        Ok((ring, wrapped))
    }

    pub fn wrap(&self, key: &HouseholdKey) -> Result<Vec<u8>, StoreError> {
        let head = [&[VERSION], key.id().as_bytes()].concat();
        // Wrapped a handful of times in a key's life: a random nonce is right here.
        let nonce: [u8; NONCE] = random().map_err(StoreError::Encode)?;
        let mut sealed = self.master.to_vec();
        let cipher = Aes256Gcm::new(&key.0.into());
        let wrapped = cipher.encrypt_in_place(&Nonce::from(nonce), &head, &mut sealed);
        wrapped.map_err(|e| StoreError::Encode(e.to_string()))?;
        Ok([head.as_slice(), &nonce, &sealed].concat())
    }

    #[cfg(test)]
    pub fn salts_for_test(&mut self) {
        self.salts.insert(1, [9; 16]);
    }

    pub fn read_salts(&mut self, meta: &Tab, txn: &RoTxn<'_>) -> Result<(), StoreError> {
        for entry in meta.prefix_iter(txn, SALT_KEY)? {
            let (k, salt) = entry?;
            let number = k.get(SALT_KEY.len()..).and_then(|n| n.try_into().ok()).map(u32::from_be_bytes);
            if let (Some(number), Ok(salt)) = (number, salt.try_into()) {
                self.salts.insert(number, salt);
            }
        }
        Ok(())
    }

    /// A new session. It must be committed and synced before anything is sealed in it.
    pub fn add_session(&mut self, meta: &Tab, txn: &mut RwTxn<'_>) -> Result<u32, StoreError> {
        let number = self.salts.keys().next_back().map_or(1, |last| last + 1);
        if number >= 1 << 24 {
            return Err(StoreError::Encode("the store was opened sixteen million times".to_owned()));
        }
        let salt: Salt = random().map_err(StoreError::Encode)?;
        meta.put(txn, &[SALT_KEY, &number.to_be_bytes()].concat(), &salt)?;
        self.salts.insert(number, salt);
        Ok(number)
    }
}
