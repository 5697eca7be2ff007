//! Files of lines, each a JSON object: plain, `.gz` or `.zst`.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

/// Most bytes that a file may unpack to.
const LONGEST: u64 = 1 << 30;

/// Why nothing was scored.
#[derive(Debug, thiserror::Error)]
pub enum Bad {
    #[error("{0}")]
    Usage(&'static str),
    #[error("{file}: {why}")]
    File { file: PathBuf, why: String },
    #[error("{file}:{line}: {why}")]
    Line { file: PathBuf, line: usize, why: String },
}

impl Bad {
    pub(super) fn file(file: &Path, why: impl ToString) -> Self {
        Self::File { file: file.to_owned(), why: why.to_string() }
    }
}

/// A line, and where it stands.
pub struct Line {
    pub number: usize,
    pub json: Json,
    /// As it stands in the file.
    pub text: String,
}

impl Line {
    /// Says what is wrong with this line.
    pub fn bad(&self, file: &Path, why: impl ToString) -> Bad {
        Bad::Line { file: file.to_owned(), line: self.number, why: why.to_string() }
    }

    /// A text that must be there.
    pub fn text(&self, file: &Path, key: &str) -> Result<&str, Bad> {
        let found = self.json.get(key).and_then(Json::as_str);
        found.ok_or_else(|| self.bad(file, format!("`{key}` is missing or no text")))
    }

    /// A list that must be there.
    pub fn list(&self, file: &Path, key: &str) -> Result<&[Json], Bad> {
        let found = self.json.get(key).and_then(Json::as_array);
        found.map(Vec::as_slice).ok_or_else(|| self.bad(file, format!("`{key}` is missing or no list")))
    }
}

/// All lines of a file; blank ones are passed over.
pub fn lines(file: &Path) -> Result<Vec<Line>, Bad> {
    let text = unpacked(file)?;
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let bad = |why: String| Bad::Line { file: file.to_owned(), line: at + 1, why };
        let json: Json = serde_json::from_str(line).map_err(|e| bad(e.to_string()))?;
        if !json.is_object() {
            return Err(bad("is no JSON object".to_owned()));
        }
        lines.push(Line { number: at + 1, json, text: line.to_owned() });
    }
    if lines.is_empty() {
        return Err(Bad::file(file, "holds no line"));
    }
    Ok(lines)
}

fn unpacked(file: &Path) -> Result<String, Bad> {
    let bytes = std::fs::read(file).map_err(|e| Bad::file(file, e))?;
    let mut text = Vec::new();
    let read = match file.extension().and_then(|e| e.to_str()) {
        Some("zst") => {
            let frame = ruzstd::decoding::StreamingDecoder::new(bytes.as_slice());
            frame.map_err(|e| Bad::file(file, e))?.take(LONGEST + 1).read_to_end(&mut text)
        }
        Some("gz") => {
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(LONGEST + 1).read_to_end(&mut text)
        }
        _ => {
            text = bytes;
            Ok(text.len())
        }
    };
    read.map_err(|e| Bad::file(file, format!("cannot be unpacked: {e}")))?;
    if text.len() as u64 > LONGEST {
        return Err(Bad::file(file, format!("unpacks to more than {LONGEST} bytes")));
    }
    String::from_utf8(text).map_err(|e| {
        let good = e.as_bytes().get(..e.utf8_error().valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|b| **b == b'\n').count() + 1;
        Bad::Line { file: file.to_owned(), line, why: "is no UTF-8 text".to_owned() }
    })
}
