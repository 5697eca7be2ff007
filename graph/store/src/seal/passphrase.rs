//! A key file that a passphrase opens: the household's key sealed under a key that Argon2id makes of the passphrase.

use std::path::Path;

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};

use super::ring::{Key, random};

/// What such a line begins with: it says how the key is made of the passphrase.
const START: &str = "lares1p-";
const SALT: usize = 16;
const NONCE: usize = 12;
/// 64 MiB, three passes, one lane: a fifth of a second here, and as much memory for each guess.
const MEMORY: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// A shorter one is guessed.
const SHORTEST: usize = 8;

/// Whether a key file is locked.
pub(super) fn is_locked(line: &str) -> bool {
    line.starts_with(START)
}

fn cipher(passphrase: &str, salt: &[u8]) -> Result<Aes256Gcm, String> {
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(|e| e.to_string())?;
    let mut key = Key::default();
    let made = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    made.hash_password_into(passphrase.as_bytes(), salt, &mut key).map_err(|e| e.to_string())?;
    Ok(Aes256Gcm::new(&key.into()))
}

/// The line of a locked key file.
pub(super) fn lock(key: &Key, passphrase: &str) -> Result<String, String> {
    if passphrase.chars().count() < SHORTEST {
        return Err(format!("a passphrase has at least {SHORTEST} letters"));
    }
    let (salt, nonce): ([u8; SALT], [u8; NONCE]) = (random()?, random()?);
    let mut sealed = key.to_vec();
    let cipher = cipher(passphrase, &salt)?;
    cipher.encrypt_in_place(&Nonce::from(nonce), START.as_bytes(), &mut sealed).map_err(|e| e.to_string())?;
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    Ok(format!("{START}{}{}{}", hex(&salt), hex(&nonce), hex(&sealed)))
}

pub(super) fn unlock(line: &str, passphrase: &str) -> Result<Key, String> {
    let digits = line.strip_prefix(START).ok_or("it is not locked")?;
    let byte = |n: usize| digits.get(2 * n..2 * n + 2).and_then(|d| u8::from_str_radix(d, 16).ok());
    let bytes: Option<Vec<u8>> = (0..digits.len() / 2).map(byte).collect();
    let bytes = bytes.ok_or("it holds something that is no digit")?;
    let (salt, rest) = bytes.split_at_checked(SALT).ok_or("it is too short")?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or("it is too short")?;
    let mut plain = sealed.to_vec();
    let opened =
        cipher(passphrase, salt)?.decrypt_in_place(&Nonce::from(*nonce), START.as_bytes(), &mut plain);
    opened.map_err(|_| "the passphrase is wrong, or the file was changed")?;
    plain.as_slice().try_into().map_err(|_| "it is too short".to_owned())
}

/// The passphrase that the environment tells: in `LARES_PASSPHRASE`, or the first line of the file that
/// `LARES_PASSPHRASE_FILE` names, or the service manager's credential `lares.passphrase`.
pub(super) fn told() -> Option<String> {
    let first = |path: &Path| std::fs::read_to_string(path).ok()?.lines().next().map(str::to_owned);
    let credential =
        std::env::var_os("CREDENTIALS_DIRECTORY").map(|d| Path::new(&d).join("lares.passphrase"));
    std::env::var("LARES_PASSPHRASE")
        .ok()
        .or_else(|| first(Path::new(&std::env::var_os("LARES_PASSPHRASE_FILE")?)))
        .or_else(|| first(&credential?))
        .filter(|p| !p.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_key_opens_with_its_passphrase_only() {
        let key = [7; 32];
        let line = lock(&key, "correct horse").unwrap();
        assert!(is_locked(&line) && !line.contains(&"07".repeat(8)));
        assert_eq!(unlock(&line, "correct horse"), Ok(key));
        assert!(unlock(&line, "correct house").unwrap_err().contains("passphrase is wrong"));
        let mut changed = line.clone();
        let last = if changed.pop() == Some('0') { '1' } else { '0' };
        changed.push(last);
        assert!(unlock(&changed, "correct horse").is_err());
        assert!(unlock("lares1p-00", "correct horse").is_err());
        assert!(lock(&key, "short").is_err());
        assert_ne!(lock(&key, "correct horse").unwrap(), line);
    }
}
