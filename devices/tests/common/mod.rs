//! Data under `../shared`, which is not part of the repository.
#![allow(dead_code, reason = "each test target uses a part of it")]

pub mod announcing;

use std::io::Read;
use std::path::PathBuf;

/// The messages that stay with the code.
pub const FIXTURES: &[&str] = &[
    include_str!("../../src/homeassistant/fixtures/tasmota_plug.json"),
    include_str!("../../src/homeassistant/fixtures/whole_device.json"),
    include_str!("../../src/homeassistant/fixtures/zigbee_lamp.json"),
    include_str!("../../src/valetudo/fixtures/events.json"),
    include_str!("../../src/valetudo/fixtures/robot.json"),
    include_str!("../../src/valetudo/fixtures/rooms.json"),
];

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

/// The text of a shared file: plain, `.gz` or `.zst`.
pub fn read(path: &str) -> Option<String> {
    let file = shared(path)?;
    let bytes = std::fs::read(&file).unwrap();
    let mut text = String::new();
    match file.extension().and_then(|e| e.to_str()) {
        Some("zst") => {
            ruzstd::decoding::StreamingDecoder::new(bytes.as_slice())
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
        }
        Some("gz") => {
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        }
        _ => text = String::from_utf8(bytes).unwrap(),
    }
    Some(text)
}
