//! Codec 1: AES-256-GCM.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, Nonce, Tag};
use hmac::{Hmac, Mac};
use lares_model::{IdMap, NodeId};
use sha2::Sha256;

use super::Private;
use super::private::id as private_id;
use super::ring::{Key, Ring, Salt, derive, keyed};
use crate::{Codec, DecodeError, KeyFileError, codec::Owner, table::Table};

const CODEC: u8 = 1;
/// With the key of a person or a domain: the key's id follows.
const PRIVATE: u8 = 2;
const OWNED: usize = 4;
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
    private: RwLock<Private>,
    /// By a private key's id and session.
    private_opened: RwLock<BTreeMap<(u32, u32), Arc<Aes256Gcm>>>,
    owners: RwLock<IdMap<NodeId, Owner>>,
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
    pub fn new(ring: Ring, session: Option<u32>, private: Private) -> Self {
        let Ring { master, salts } = ring;
        let session = session.and_then(|n| Some((n, cipher(&master, salts.get(&n)?))));
        let names = keyed(&derive(&master, b"names", &[]));
        Self {
            master,
            names,
            salts,
            opened: RwLock::default(),
            private: RwLock::new(private),
            private_opened: RwLock::default(),
            owners: RwLock::default(),
            session,
            next: AtomicU64::new(1),
        }
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

    fn owner(&self, name: &str) -> Owner {
        Owner(u32::from_be_bytes(self.hash("private", name.as_bytes())))
    }

    /// The id of somebody's key.
    fn private_id(&self, owner: Owner) -> Result<u32, DecodeError> {
        let private = self.private.read().unwrap_or_else(PoisonError::into_inner);
        private.get(owner.0).map(private_id).ok_or(DecodeError::Forgotten)
    }

    /// From master and own key: neither alone opens anything.
    fn private_cipher(&self, id: u32, session: u32) -> Result<Arc<Aes256Gcm>, DecodeError> {
        let known = &self.private_opened;
        if let Some(known) = known.read().unwrap_or_else(PoisonError::into_inner).get(&(id, session)) {
            return Ok(known.clone());
        }
        let salt = self.salts.get(&session).ok_or(DecodeError::Session(session))?;
        let private = self.private.read().unwrap_or_else(PoisonError::into_inner);
        let own = private.by_id(id).ok_or(DecodeError::Forgotten)?;
        let made = Arc::new(cipher(&derive(&self.master, b"private", own), salt));
        known.write().unwrap_or_else(PoisonError::into_inner).insert((id, session), made.clone());
        Ok(made)
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
    fn overhead(&self) -> usize {
        1 + OWNED + NUMBER + TAG
    }

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
        self.seal_for(None, table, key, plain, out)
    }

    fn seal_for(
        &self,
        owner: Option<Owner>,
        table: &str,
        key: &[u8],
        plain: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), DecodeError> {
        let (session, cipher) = self.session.as_ref().ok_or(DecodeError::ReadOnly)?;
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        if count >= 1 << 40 {
            return Err(DecodeError::ReadOnly);
        }
        let number = ((u64::from(*session) << 40) | count).to_be_bytes();
        let private;
        let cipher = match owner {
            None => {
                out.push(CODEC);
                cipher
            }
            Some(owner) => {
                let id = self.private_id(owner)?;
                private = self.private_cipher(id, *session)?;
                out.push(PRIVATE);
                out.extend_from_slice(&id.to_be_bytes());
                &*private
            }
        };
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
        let (owner, rest) = match *codec {
            CODEC => (None, rest),
            PRIVATE => {
                let (owner, rest) = rest.split_first_chunk::<OWNED>().ok_or(DecodeError::Short)?;
                (Some(u32::from_be_bytes(*owner)), rest)
            }
            other => return Err(DecodeError::Codec(other)),
        };
        let (number, rest) = rest.split_first_chunk::<NUMBER>().ok_or(DecodeError::Short)?;
        let (content, tag) = rest.split_last_chunk::<TAG>().ok_or(DecodeError::Short)?;
        let session = (u64::from_be_bytes(*number) >> 40) as u32;
        let mut plain = content.to_vec();
        let (nonce, place, tag) = (nonce(*number), place_of(table, key), Tag::from(*tag));
        let opened = match (&self.session, owner) {
            (_, Some(id)) => self.private_cipher(id, session)?.decrypt_inout_detached(
                &nonce,
                &place,
                plain.as_mut_slice().into(),
                &tag,
            ),
            (Some((own, cipher)), None) if *own == session => {
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

    fn owner_of(&self, node: NodeId) -> Option<Owner> {
        self.owners.read().unwrap_or_else(PoisonError::into_inner).get(&node).copied()
    }

    fn set_owners(&self, owners: &BTreeMap<String, Vec<NodeId>>) -> Result<(), KeyFileError> {
        let named: Vec<(Owner, &Vec<NodeId>)> =
            owners.iter().map(|(n, nodes)| (self.owner(n), nodes)).collect();
        let numbers = named.iter().map(|(owner, _)| owner.0);
        self.private.write().unwrap_or_else(PoisonError::into_inner).make(numbers)?;
        let all = named.iter().flat_map(|(owner, nodes)| nodes.iter().map(|node| (*node, *owner)));
        *self.owners.write().unwrap_or_else(PoisonError::into_inner) = all.collect();
        Ok(())
    }

    fn has_key(&self, name: &str) -> bool {
        self.private.read().unwrap_or_else(PoisonError::into_inner).get(self.owner(name).0).is_some()
    }

    fn erase(&self, name: &str) -> Result<(), KeyFileError> {
        let owner = self.owner(name);
        self.owners.write().unwrap_or_else(PoisonError::into_inner).retain(|_, o| *o != owner);
        self.private_opened.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.private.write().unwrap_or_else(PoisonError::into_inner).erase(owner.0)
    }
}
