//! The household key and its file.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::passphrase;

/// Crockford's base 32: no letter that is taken for a digit.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const START: &str = "lares1";
const KEY: usize = 32;
const SUM: usize = 3;
const GROUP: usize = 7;

/// The key to all that a household keeps. Shown by [`HouseholdKey::words`] only.
#[derive(Clone, PartialEq, Eq)]
pub struct HouseholdKey(pub(super) [u8; KEY]);

impl fmt::Debug for HouseholdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "household key {}", self.id())
    }
}

/// A key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("failed to {what} the key file {path}: {source}", path = path.display())]
    Io { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{path} is not a key file: {why}", path = path.display())]
    Broken { path: PathBuf, why: String },
    #[error(
        "the key in {path} is locked with a passphrase: tell it in LARES_PASSPHRASE, or in a file that \
         LARES_PASSPHRASE_FILE names",
        path = path.display()
    )]
    Locked { path: PathBuf },
    #[error("the system gives no random bytes: {0}")]
    Random(String),
}

impl HouseholdKey {
    pub fn generate() -> Result<Self, KeyFileError> {
        super::ring::random().map(Self).map_err(KeyFileError::Random)
    }

    /// The first eight digits of its fingerprint: tells keys apart and betrays nothing.
    pub fn id(&self) -> String {
        let hash = Sha256::new().chain_update(b"lares key id").chain_update(self.0).finalize();
        hash.iter().take(4).map(|b| format!("{b:02x}")).collect()
    }

    /// As it is written in the file and on paper: 56 letters and digits in groups, the last five a check sum.
    pub fn words(&self) -> String {
        let bytes: Vec<u8> = self.0.iter().copied().chain(self.sum()).collect();
        let mut letters = Vec::with_capacity(56);
        let (mut bits, mut have) = (0_u32, 0);
        for byte in bytes {
            bits = (bits << 8) | u32::from(byte);
            have += 8;
            while have >= 5 {
                have -= 5;
                letters.push(LETTERS.get((bits >> have) as usize & 31).copied().unwrap_or(b'0'));
            }
        }
        let groups = letters.chunks(GROUP).map(|g| String::from_utf8_lossy(g).into_owned());
        std::iter::once(START.to_owned()).chain(groups).collect::<Vec<_>>().join("-")
    }

    fn sum(&self) -> [u8; SUM] {
        let hash = Sha256::new().chain_update(b"lares key sum").chain_update(self.0).finalize();
        let mut sum = [0; SUM];
        sum.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        sum
    }

    /// Reads what [`HouseholdKey::words`] gave: upper or lower case, with any blanks and dashes; `O` is `0`, `I` and
    /// `L` are `1`. The error says what is wrong, without the key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let line = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        let joined: String = line.collect::<String>().chars().filter(|c| !c.is_whitespace()).collect();
        let rest = joined.get(..START.len()).filter(|s| s.eq_ignore_ascii_case(START));
        let rest = rest.and_then(|_| joined.get(START.len()..)).ok_or("it does not begin with `lares1-`")?;
        let mut bytes = Vec::with_capacity(KEY + SUM);
        let (mut bits, mut have) = (0_u32, 0);
        for letter in rest.chars().filter(|c| *c != '-') {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = LETTERS.iter().position(|l| char::from(*l) == letter);
            let value = value.ok_or_else(|| format!("`{letter}` is no letter of a key"))?;
            bits = (bits << 5) | value as u32;
            have += 5;
            if have >= 8 {
                have -= 8;
                bytes.push((bits >> have) as u8);
            }
        }
        let (key, sum) = bytes.split_at_checked(KEY).ok_or("it is too short")?;
        let key = Self(key.try_into().map_err(|_| "it is too short")?);
        match sum == key.sum() {
            true => Ok(key),
            false => Err("its check sum is wrong: a letter was mistyped".to_owned()),
        }
    }

    /// Reads a key file; `None` if there is none.
    pub fn read(path: &Path) -> Result<Option<Self>, KeyFileError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(KeyFileError::Io { what: "read", path: path.to_owned(), source }),
        };
        let broken = |why| KeyFileError::Broken { path: path.to_owned(), why };
        if let Some(line) = text.lines().map(str::trim).find(|line| passphrase::is_locked(line)) {
            let told = passphrase::told().ok_or_else(|| KeyFileError::Locked { path: path.to_owned() })?;
            return passphrase::unlock(line, &told).map(|key| Some(Self(key))).map_err(broken);
        }
        Self::parse(&text).map(Some).map_err(broken)
    }

    /// Writes the key file anew so that only this passphrase opens it; `None`: so that none is needed.
    pub fn rewrite(&self, path: &Path, phrase: Option<&str>) -> Result<(), KeyFileError> {
        let broken = |why| KeyFileError::Broken { path: path.to_owned(), why };
        let line = phrase.map(|phrase| passphrase::lock(&self.0, phrase)).transpose().map_err(broken)?;
        let mut aside = path.as_os_str().to_owned();
        aside.push(".new");
        let aside = PathBuf::from(aside);
        let failed = |source| KeyFileError::Io { what: "write", path: path.to_owned(), source };
        match std::fs::remove_file(&aside) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(failed(e)),
            _ => {}
        }
        self.write_line(&aside, &line.unwrap_or_else(|| self.words()))?;
        std::fs::rename(&aside, path).map_err(failed)
    }

    /// Writes a new key file that only its owner can read. One that is there is never written over.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyFileError> {
        self.write_line(path, &self.words())
    }

    fn write_line(&self, path: &Path, line: &str) -> Result<(), KeyFileError> {
        let failed = |source| KeyFileError::Io { what: "write", path: path.to_owned(), source };
        let text = format!(
            "# The key of a Lares household. Its data can be read with it and not without it: keep a copy on paper,\n\
             # and neither this file nor the copy beside the backups.\n{line}\n"
        );
        let options = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let mut file = options.map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        // The name must be on disk too before the first value is sealed.
        match path.parent().filter(|p| !p.as_os_str().is_empty()) {
            Some(folder) => File::open(folder).and_then(|f| f.sync_all()).map_err(failed),
            None => Ok(()),
        }
    }
}

/// Where the key of a data folder is: what `LARES_KEY_FILE` says, else the service manager's credential `lares.key`,
/// else beside the data folder, with `.key` after its name.
pub fn key_file(data: &Path) -> PathBuf {
    if let Some(told) = std::env::var_os("LARES_KEY_FILE").filter(|f| !f.is_empty()) {
        return told.into();
    }
    let credential = std::env::var_os("CREDENTIALS_DIRECTORY").map(|d| Path::new(&d).join("lares.key"));
    if let Some(credential) = credential.filter(|c| c.is_file()) {
        return credential;
    }
    let mut name = data.file_name().unwrap_or_default().to_owned();
    name.push(".key");
    data.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_on_paper_is_read_back_and_a_mistyped_one_is_told() {
        let key = HouseholdKey(std::array::from_fn(|n| n as u8 * 7));
        let words = key.words();
        assert_eq!(words.len(), START.len() + 8 * (GROUP + 1), "{words}");
        assert_eq!(HouseholdKey::parse(&words).unwrap(), key);
        assert_eq!(
            HouseholdKey::parse(&format!("# a word\n{}\n", words.to_lowercase().replace('-', " - "))),
            Ok(key.clone())
        );
        assert!(!format!("{key:?}").contains(&words[8..20]));
        for at in 7..words.len() {
            let mut other = words.clone().into_bytes();
            if other[at] == b'-' {
                continue;
            }
            other[at] = if other[at] == b'7' { b'8' } else { b'7' };
            let told = HouseholdKey::parse(&String::from_utf8(other).unwrap()).unwrap_err();
            assert!(told.contains("check sum"), "{at}: {told}");
        }
        for (bad, why) in [("", "begin"), ("lares1", "short"), ("lares1-U", "`U`"), ("1lares", "begin")] {
            assert!(HouseholdKey::parse(bad).unwrap_err().contains(why), "{bad}");
        }
    }

    #[test]
    fn a_key_file_is_its_owners_and_is_not_written_over() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("home.key");
        assert!(HouseholdKey::read(&path).unwrap().is_none());
        let key = HouseholdKey::generate().unwrap();
        key.write_new(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(HouseholdKey::read(&path).unwrap(), Some(key));
        assert!(HouseholdKey::generate().unwrap().write_new(&path).is_err());
        assert_eq!(key_file(Path::new("/a/data")), Path::new("/a/data.key"));
    }
}
