//! The authority's key, kept in the store: sealed there under the household's key, as all that the household keeps.

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use lares_kernel::wire::DurableMap;
use serde::{Deserialize, Serialize};

/// The space of the store that it is in.
pub(in crate::web) const SPACE: &str = "tls";
const ENTRY: &[u8] = b"authority";
/// How long the store may take to have it on disk.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the certificate on disk does not say, or nobody else may read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// PKCS #8, as PEM.
    pub key: String,
    /// Endings of names that it may speak for; none: it was made when an authority spoke for all.
    pub endings: Option<Vec<String>>,
}

pub(super) fn read(map: &dyn DurableMap) -> Result<Option<Kept>, String> {
    let Some(bytes) = map.get(ENTRY)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|e| format!("the authority's key cannot be read: {e}"))
}

/// On disk when this returns.
pub(super) fn write(map: &dyn DurableMap, kept: &Kept) -> Result<(), String> {
    let bytes = serde_json::to_vec(kept).map_err(|e| e.to_string())?;
    map.write(vec![(ENTRY.to_vec(), Some(bytes))])?;
    let (told, synced) = mpsc::sync_channel(1);
    map.after_sync(Box::new(move || {
        let _ = told.send(());
    }));
    synced.recv_timeout(PATIENCE).map_err(|_| "the authority's key is not on disk yet".to_owned())
}

/// A key in a file of its own, as it was kept before (or put back by hand), moves into the store.
pub(super) fn take_over(map: &dyn DurableMap, file: &Path) -> Result<(), String> {
    let failed = |what: &str, e: std::io::Error| format!("failed to {what} {}: {e}", file.display());
    let key = match fs::read_to_string(file) {
        Ok(key) => key,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(failed("read", e)),
    };
    rcgen::KeyPair::from_pem(&key).map_err(|e| format!("{} is no key: {e}", file.display()))?;
    if read(map)?.is_none_or(|kept| kept.key != key) {
        write(map, &Kept { key, endings: None })?;
    }
    // It goes only when the store has it on disk.
    fs::remove_file(file).map_err(|e| failed("remove", e))?;
    tracing::info!(file = %file.display(), "the authority's key is sealed in the store now");
    Ok(())
}
