//! Passwords: argon2id with the parameters that OWASP names (19 MiB, two passes, one lane).

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use super::secret;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Shorter ones are guessed whatever the hash.
const SHORTEST: usize = 8;
/// Longer ones only cost time.
const LONGEST: usize = 256;

fn argon2() -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| e.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a password may be chosen; the error says why not.
pub(super) fn check(password: &str, person: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(format!("a password has at least {SHORTEST} characters; this one has {length}"));
    }
    if password.len() > LONGEST {
        return Err(format!("a password has at most {LONGEST} bytes; this one has {}", password.len()));
    }
    if password.to_lowercase() == person.to_lowercase() {
        return Err("a password is not the person's own name".to_owned());
    }
    Ok(())
}

/// The hash to keep, with its salt and parameters. Takes tens of milliseconds.
pub(super) fn hash(password: &str) -> Result<String, String> {
    let salt = SaltString::encode_b64(&secret::salt()?).map_err(|e| e.to_string())?;
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(|e| e.to_string())?.to_string())
}

/// Whether the password is the one that was kept. Without a kept one it takes as long and is never right, so that the time
/// does not tell who has an account.
pub(super) fn verify(password: &str, kept: Option<&str>) -> bool {
    let password = if password.len() > LONGEST { "" } else { password };
    let Some(parsed) = kept.and_then(|k| PasswordHash::new(k).ok()) else {
        let _ = hash(password);
        return false;
    };
    argon2().is_ok_and(|argon| argon.verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_argon2id_and_only_itself_is_right() {
        let kept = hash("correct horse").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify("correct horse", Some(&kept)));
        assert!(!verify("correct horsf", Some(&kept)) && !verify("", Some(&kept)));
        assert!(!verify("correct horse", None) && !verify("correct horse", Some("nonsense")));
        assert_ne!(kept, hash("correct horse").unwrap(), "a salt of its own");
    }

    #[test]
    fn a_password_that_is_no_protection_is_refused_with_its_reason() {
        assert!(check("short", "anna").unwrap_err().contains("at least 8"));
        assert!(check(&"x".repeat(300), "anna").unwrap_err().contains("at most 256"));
        assert!(check("Annabelle", "annabelle").is_err());
        assert!(check("eight ch", "anna").is_ok());
    }
}
