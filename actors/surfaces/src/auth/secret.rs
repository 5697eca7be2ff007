//! Secrets: drawn from the operating system, kept only as hashes.

use sha2::{Digest, Sha256};

/// Letters and digits of a one-time code: none that can be taken for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Of a code: 50 bits, typed once, guessed at a few a minute at most.
const CODE: usize = 10;

fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| format!("the system gives no random bytes: {e}"))?;
    Ok(bytes)
}

/// Random bytes, to salt a password.
pub(super) fn salt() -> Result<[u8; 16], String> {
    random()
}

/// A new token: 256 bits.
pub(super) fn token() -> Result<String, String> {
    Ok(format!("lares_{}", hex(&random::<32>()?)))
}

/// A new one-time code, as it is shown: `7K2QD-M4XWT`.
pub(super) fn code() -> Result<String, String> {
    let letters: String =
        random::<CODE>()?.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    Ok(format!("{}-{}", &letters[..CODE / 2], &letters[CODE / 2..]))
}

/// What is kept of a token.
pub(super) fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// What is kept of a code, however it was typed.
pub(super) fn hash_code(typed: &str) -> String {
    let letters = typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    });
    hash(&letters.collect::<String>())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = code().unwrap();
        assert_eq!(code.len(), CODE + 1);
        let typed =
            format!(" {} ", code.to_lowercase().replace('-', " ").replace('1', "l").replace('0', "o"));
        assert_eq!(hash_code(&typed), hash_code(&code));
        assert_ne!(hash_code(&self::code().unwrap()), hash_code(&code), "drawn anew each time");
    }

    #[test]
    fn tokens_are_long_and_kept_as_hashes() {
        let token = token().unwrap();
        assert_eq!(token.len(), 6 + 64);
        assert!(!hash(&token).contains(&token[6..20]));
    }
}
