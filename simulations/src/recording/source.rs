//! Where lines come from: a file, plain or gzipped, or a folder with one. Streamed, however long.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::{Entry, Trouble};

/// Names looked for in a folder, in this order.
const NAMES: &[&str] = &["events.jsonl", "events.jsonl.gz"];
/// A line longer than this is no line of a recording.
const LONGEST: u64 = 4 << 20;

/// Why a recording cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    #[error("failed to read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} holds no recording: there is neither events.jsonl nor events.jsonl.gz in it")]
    Folder { path: PathBuf },
}

/// An open recording: gives its entries in the order of its lines.
pub struct Recording {
    path: PathBuf,
    lines: Box<dyn BufRead>,
    number: u64,
    buffer: Vec<u8>,
}

impl Recording {
    /// Opens a file, or the recording in a folder.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let path = if path.is_dir() { within(path)? } else { path.to_path_buf() };
        let failed = |source| RecordingError::Read { path: path.clone(), source };
        let mut file = BufReader::with_capacity(1 << 16, File::open(&path).map_err(failed)?);
        let zipped = file.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
        let lines: Box<dyn BufRead> = if zipped {
            Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file)))
        } else {
            Box::new(file)
        };
        Ok(Self { path, lines, number: 0, buffer: Vec::new() })
    }

    /// Lines read so far.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next entry; a line that is none comes as its trouble. `None` at the end.
    pub fn next_entry(&mut self) -> Result<Option<Result<Entry, Trouble>>, RecordingError> {
        loop {
            self.buffer.clear();
            let read = self.lines.by_ref().take(LONGEST).read_until(b'\n', &mut self.buffer);
            let read = read.map_err(|source| RecordingError::Read { path: self.path.clone(), source })?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.buffer.len() as u64 == LONGEST && self.buffer.last() != Some(&b'\n') {
                self.skip_line()?;
                return Ok(Some(Err(self.trouble("it is longer than 4 MiB"))));
            }
            let Ok(text) = std::str::from_utf8(&self.buffer) else {
                return Ok(Some(Err(self.trouble("it is not UTF-8"))));
            };
            let text = text.trim();
            if !text.is_empty() {
                return Ok(Some(Entry::neutral(text, self.number)));
            }
        }
    }

    fn trouble(&self, reason: &str) -> Trouble {
        Trouble { line: self.number, reason: reason.to_owned() }
    }

    fn skip_line(&mut self) -> Result<(), RecordingError> {
        loop {
            self.buffer.clear();
            let read = self.lines.by_ref().take(LONGEST).read_until(b'\n', &mut self.buffer);
            let read = read.map_err(|source| RecordingError::Read { path: self.path.clone(), source })?;
            if read == 0 || self.buffer.last() == Some(&b'\n') {
                return Ok(());
            }
        }
    }
}

fn within(folder: &Path) -> Result<PathBuf, RecordingError> {
    let found = NAMES.iter().map(|n| folder.join(n)).find(|p| p.is_file());
    found.ok_or_else(|| RecordingError::Folder { path: folder.to_path_buf() })
}
