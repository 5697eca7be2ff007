//! Data under `../shared`, which is not part of the repository.

use std::io::Read;
use std::path::PathBuf;

/// A file of the shared data. Without it tests fail under `CI=true`; elsewhere they say that they were skipped.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LARES_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let file = root.join(path);
    if file.exists() {
        return Some(file);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", file.display());
    eprintln!("skipped: {} is missing", file.display());
    None
}

/// The text of a shared file: plain or `.zst`.
pub fn read_shared(path: &str) -> Option<String> {
    let file = shared(path)?;
    let bytes = std::fs::read(&file).unwrap();
    if file.extension().is_some_and(|e| e == "zst") {
        let mut text = String::new();
        let mut reader = ruzstd::decoding::StreamingDecoder::new(bytes.as_slice()).unwrap();
        reader.read_to_string(&mut text).unwrap();
        return Some(text);
    }
    Some(String::from_utf8(bytes).unwrap())
}
