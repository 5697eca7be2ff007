//! Codec 1: AES-256-GCM.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, Nonce, Tag};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::ring::{Key, Ring, Salt, derive, keyed};
use crate::{Codec, DecodeError, table::Table};

const CODEC: u8 = 1;
/// Number of the session (24 bits) and of the value in it (40 bits).
const NUMBER: usize = 8;
const TAG: usize = 16;
/// Of a name's hash: 128 bits, so that no two of a household's names ever meet.
const NAME: usize = 16;
/// Of an owner's.
const OWNER: usize = 8;

/// Seals every value, authenticated with its table and key. What is sealed: codec, session and number, the value in
/// cipher, tag. Session and number are the nonce, so none is used twice with one key.
pub(crate) struct Sealed {
    master: Key,
    names: Hmac<Sha256>,
    salts: BTreeMap<u32, Salt>,
    opened: RwLock<BTreeMap<u32, Arc<Aes256Gcm>>>,
    /// The session that this process seals in; a reader has none.
    session: Option<(u32, Aes256Gcm)>,
    next: AtomicU64,
}

fn cipher(master: &Key, salt: &Salt) -> Aes256Gcm {
    Aes256Gcm::new(&derive(master, b"session", salt).into())
}

fn nonce(number: [u8; NUMBER]) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    nonce.iter_mut().skip(12 - NUMBER).zip(number).for_each(|(to, from)| *to = from);
    nonce.into()
}

/// What a value is authenticated with, so that none can be moved to another place.
fn place_of(table: &str, key: &[u8]) -> Vec<u8> {
    [table.as_bytes(), &[0], key].concat()
}

impl Sealed {
    pub fn new(ring: Ring, session: Option<u32>) -> Self {
        let Ring { master, salts } = ring;
        let session = session.and_then(|n| Some((n, cipher(&master, salts.get(&n)?))));
        let names = keyed(&derive(&master, b"names", &[]));
        Self { master, names, salts, opened: RwLock::default(), session, next: AtomicU64::new(1) }
    }

    fn hash<const N: usize>(&self, purpose: &str, text: &[u8]) -> [u8; N] {
        let mut mac = self.names.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        let mut out = [0; N];
        out.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(to, from)| *to = from);
        out
    }

    fn cipher_of(&self, session: u32) -> Result<Arc<Aes256Gcm>, DecodeError> {
        if let Some(known) = self.opened.read().unwrap_or_else(PoisonError::into_inner).get(&session) {
            return Ok(known.clone());
        }
        let salt = self.salts.get(&session).ok_or(DecodeError::Session(session))?;
        let made = Arc::new(cipher(&self.master, salt));
        self.opened.write().unwrap_or_else(PoisonError::into_inner).insert(session, made.clone());
        Ok(made)
    }
}

impl Codec for Sealed {
    fn hides(&self, table: Table) -> bool {
        matches!(table, Table::Timers | Table::States | Table::Spaces | Table::Blobs)
    }

    fn place<'a>(&self, table: Table, key: &'a [u8]) -> Cow<'a, [u8]> {
        if !self.hides(table) {
            return Cow::Borrowed(key);
        }
        let name: [u8; NAME] = self.hash(table.name(), key);
        Cow::Owned([self.place_of_owner(table, key).as_ref(), &name].concat())
    }

    fn place_of_owner<'a>(&self, table: Table, prefix: &'a [u8]) -> Cow<'a, [u8]> {
        if !self.hides(table) {
            return Cow::Borrowed(prefix);
        }
        let owner = prefix.split(|b| *b == 0).next().filter(|_| table != Table::Blobs).unwrap_or_default();
        let hash: [u8; OWNER] = self.hash("owner", &place_of(table.name(), owner));
        Cow::Owned(hash.to_vec())
    }

    fn seal(&self, table: &str, key: &[u8], plain: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError> {
        let (session, cipher) = self.session.as_ref().ok_or(DecodeError::ReadOnly)?;
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        if count >= 1 << 40 {
            return Err(DecodeError::ReadOnly);
        }
        let number = ((u64::from(*session) << 40) | count).to_be_bytes();
        out.push(CODEC);
        out.extend_from_slice(&number);
        let start = out.len();
        out.extend_from_slice(plain);
        let content = out.get_mut(start..).unwrap_or_default();
        let tag = cipher.encrypt_inout_detached(&nonce(number), &place_of(table, key), content.into());
        out.extend_from_slice(&tag.map_err(|_| DecodeError::Sealed)?);
        Ok(())
    }

    fn open<'a>(&self, table: &str, key: &[u8], stored: &'a [u8]) -> Result<Cow<'a, [u8]>, DecodeError> {
        let (codec, rest) = stored.split_first().ok_or(DecodeError::Short)?;
        // A value that is not sealed has no place among sealed ones: anyone could have put it there.
        if *codec != CODEC {
            return Err(DecodeError::Codec(*codec));
        }
        let (number, rest) = rest.split_first_chunk::<NUMBER>().ok_or(DecodeError::Short)?;
        let (content, tag) = rest.split_last_chunk::<TAG>().ok_or(DecodeError::Short)?;
        let session = (u64::from_be_bytes(*number) >> 40) as u32;
        let mut plain = content.to_vec();
        let (nonce, place, tag) = (nonce(*number), place_of(table, key), Tag::from(*tag));
        let opened = match &self.session {
            Some((own, cipher)) if *own == session => {
                cipher.decrypt_inout_detached(&nonce, &place, plain.as_mut_slice().into(), &tag)
            }
            _ => self.cipher_of(session)?.decrypt_inout_detached(
                &nonce,
                &place,
                plain.as_mut_slice().into(),
                &tag,
            ),
        };
        opened.map_err(|_| DecodeError::Sealed)?;
        Ok(Cow::Owned(plain))
    }
}
