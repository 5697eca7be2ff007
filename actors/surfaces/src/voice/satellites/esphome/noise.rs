//! How a connection is encrypted: `Noise_NNpsk0_25519_ChaChaPoly_SHA256`, as the one who begins. Both know a key of 32 bytes; each draws a
//! key pair for this connection alone, so that what was recorded stays closed even if the key is found later.
//!
//! Only the steps of this one pattern stand here; the primitives are `ring`'s, as HTTPS has them.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::digest::{Context, SHA256, digest};
use ring::hmac;
use ring::rand::SystemRandom;

/// Of a key, and of a hash.
const LENGTH: usize = 32;
/// What a sealed message is longer by.
pub const TAG: usize = 16;
const NAME: &[u8] = b"Noise_NNpsk0_25519_ChaChaPoly_SHA256";
/// What both sides know to have been said before: the client's hello of no bytes.
const PROLOGUE: &[u8] = b"NoiseAPIInit\0\0";

/// Why there is no such connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoiseError {
    #[error("it is not of this length")]
    Length,
    #[error("it was made with another key, or changed on its way")]
    Sealed,
    #[error("the system gives no random bytes")]
    Random,
    #[error("too much was sent for one key")]
    Worn,
}

type Hash = [u8; LENGTH];

/// The key that both know.
pub struct Shared([u8; LENGTH]);

impl Shared {
    /// Of base64, as ESPHome writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut bytes, mut bits, mut count) = (Vec::with_capacity(LENGTH), 0_u32, 0);
        for c in text.trim().trim_end_matches('=').bytes() {
            let six = match c {
                b'A'..=b'Z' => c - b'A',
                b'a'..=b'z' => c - b'a' + 26,
                b'0'..=b'9' => c - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(six);
            count += 6;
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count) as u8);
            }
        }
        bytes.try_into().ok().map(Self)
    }
}

/// One direction of a connection.
pub struct Cipher {
    key: LessSafeKey,
    next: u64,
}

impl Cipher {
    fn new(key: &Hash) -> Result<Self, NoiseError> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| NoiseError::Length)?;
        Ok(Self { key: LessSafeKey::new(key), next: 0 })
    }

    fn nonce(&mut self) -> Result<Nonce, NoiseError> {
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&self.next.to_le_bytes());
        // The last one is not for messages.
        self.next = self.next.checked_add(1).ok_or(NoiseError::Worn)?;
        Ok(Nonce::assume_unique_for_key(nonce))
    }

    fn seal_with(&mut self, aad: &[u8], message: &mut Vec<u8>) -> Result<(), NoiseError> {
        let nonce = self.nonce()?;
        self.key.seal_in_place_append_tag(nonce, Aad::from(aad), message).map_err(|_| NoiseError::Length)
    }

    fn open_with(&mut self, aad: &[u8], message: &mut Vec<u8>) -> Result<(), NoiseError> {
        let nonce = self.nonce()?;
        let opened =
            self.key.open_in_place(nonce, Aad::from(aad), message).map_err(|_| NoiseError::Sealed)?;
        let length = opened.len();
        message.truncate(length);
        Ok(())
    }

    pub fn seal(&mut self, message: &mut Vec<u8>) -> Result<(), NoiseError> {
        self.seal_with(&[], message)
    }

    pub fn open(&mut self, message: &mut Vec<u8>) -> Result<(), NoiseError> {
        self.open_with(&[], message)
    }
}

/// What both sides have agreed on so far.
struct Symmetric {
    chain: Hash,
    hash: Hash,
    cipher: Cipher,
}

impl Symmetric {
    fn mix_hash(&mut self, data: &[u8]) {
        let mut context = Context::new(&SHA256);
        context.update(&self.hash);
        context.update(data);
        self.hash.copy_from_slice(context.finish().as_ref());
    }

    fn mix_key(&mut self, data: &[u8]) -> Result<(), NoiseError> {
        let [chain, key, _] = derive(&self.chain, data);
        self.chain = chain;
        self.cipher = Cipher::new(&key)?;
        Ok(())
    }

    fn mix_key_and_hash(&mut self, data: &[u8]) -> Result<(), NoiseError> {
        let [chain, hash, key] = derive(&self.chain, data);
        self.chain = chain;
        self.mix_hash(&hash);
        self.cipher = Cipher::new(&key)?;
        Ok(())
    }
}

/// Up to three keys of one (HKDF).
fn derive(chain: &Hash, data: &[u8]) -> [Hash; 3] {
    let sign = |key: &[u8], parts: &[&[u8]]| {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        parts.iter().for_each(|part| context.update(part));
        let mut hash = [0; LENGTH];
        hash.copy_from_slice(context.sign().as_ref());
        hash
    };
    let secret = sign(chain, &[data]);
    let first = sign(&secret, &[&[1]]);
    let second = sign(&secret, &[&first, &[2]]);
    let third = sign(&secret, &[&second, &[3]]);
    [first, second, third]
}

/// One who begins, and waits for the answer.
pub struct Handshake {
    state: Symmetric,
    own: EphemeralPrivateKey,
}

impl Handshake {
    /// Gives the first message, too.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn begin(shared: &Shared) -> Result<(Self, Vec<u8>), NoiseError> {
        let random = |_| NoiseError::Random;
        let own = EphemeralPrivateKey::generate(&X25519, &SystemRandom::new()).map_err(random)?;
        let public = own.compute_public_key().map_err(random)?;
        let mut hash = [0; LENGTH];
        hash.copy_from_slice(digest(&SHA256, NAME).as_ref());
        let mut state = Symmetric { chain: hash, hash, cipher: Cipher::new(&hash)? };
        state.mix_hash(PROLOGUE);
        state.mix_key_and_hash(&shared.0)?;
        state.mix_hash(public.as_ref());
        state.mix_key(public.as_ref())?;
        let mut sealed = Vec::new();
        let hash = state.hash;
        state.cipher.seal_with(&hash, &mut sealed)?;
        state.mix_hash(&sealed);
        let message = [public.as_ref(), &sealed].concat();
        Ok((Self { state, own }, message))
    }

    /// Takes the answer; gives how to send, and how to receive.
    ///
    /// # Errors
    /// It is of another key.
    pub fn end(self, answer: &[u8]) -> Result<(Cipher, Cipher), NoiseError> {
        let Self { mut state, own } = self;
        let (other, sealed) = answer.split_at_checked(LENGTH).ok_or(NoiseError::Length)?;
        if sealed.len() < TAG {
            return Err(NoiseError::Length);
        }
        state.mix_hash(other);
        state.mix_key(other)?;
        let agreed = agree_ephemeral(own, &UnparsedPublicKey::new(&X25519, other), |secret| secret.to_vec());
        state.mix_key(&agreed.map_err(|_| NoiseError::Sealed)?)?;
        let hash = state.hash;
        state.cipher.open_with(&hash, &mut sealed.to_vec())?;
        let [send, receive, _] = derive(&state.chain, &[]);
        Ok((Cipher::new(&send)?, Cipher::new(&receive)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_32_bytes_of_base64() {
        let text = "QRTIErOb/fcE9Ukd/5qA3RGYMn0Y+p06U58SCtOXvPc=";
        let Shared(key) = Shared::parse(&format!(" {text}\n")).unwrap();
        assert_eq!((key[0], key[1], key[31]), (0x41, 0x14, 0xf7));
        for wrong in ["", "QRTIErOb", "no base64 at all, by far, not at all! 12345", &text[..40]] {
            assert!(Shared::parse(wrong).is_none(), "{wrong}");
        }
    }

    /// RFC 5869 is the same construction: its first case, by its extract and expand without information.
    #[test]
    fn keys_are_derived_as_hkdf_does() {
        let [first, second, _] = derive(&[0; LENGTH], &[0x0b; 22]);
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        // RFC 5869, A.3: no salt (as many zeros as a hash is long), no information.
        assert_eq!(
            hex(&first) + &hex(&second)[..20],
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        );
    }

    #[test]
    fn an_answer_that_was_changed_is_none() {
        let shared = Shared([7; LENGTH]);
        let (handshake, message) = Handshake::begin(&shared).unwrap();
        assert_eq!(message.len(), LENGTH + TAG);
        assert_eq!(handshake.end(&[1; 20]).err(), Some(NoiseError::Length));
        let (handshake, message) = Handshake::begin(&shared).unwrap();
        assert_eq!(handshake.end(&message).err(), Some(NoiseError::Sealed), "its own words");
        let (handshake, _) = Handshake::begin(&shared).unwrap();
        assert_eq!(handshake.end(&[0; LENGTH + TAG]).err(), Some(NoiseError::Sealed), "a point that is none");
    }

    #[test]
    fn what_one_seals_the_other_opens_once_and_in_order() {
        let key = [3; LENGTH];
        let (mut to, mut from) = (Cipher::new(&key).unwrap(), Cipher::new(&key).unwrap());
        let sealed = |cipher: &mut Cipher, text: &[u8]| {
            let mut message = text.to_vec();
            cipher.seal(&mut message).unwrap();
            message
        };
        let (mut one, mut two) = (sealed(&mut to, b"one"), sealed(&mut to, b"two"));
        assert_eq!(from.open(&mut two.clone()), Err(NoiseError::Sealed), "out of order");
        let mut from = Cipher::new(&key).unwrap();
        from.open(&mut one).unwrap();
        from.open(&mut two).unwrap();
        assert_eq!((&one[..], &two[..]), (&b"one"[..], &b"two"[..]));
    }
}
