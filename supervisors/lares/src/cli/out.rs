//! Standard output. A reader that has seen enough (`lares log | head`) is no error.

use std::io::{self, Write};

use super::exit::Failure;

/// Writes the text as it is.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    done(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

pub(super) fn line(line: &str) -> Result<(), Failure> {
    text(&format!("{line}\n"))
}

/// One JSON value, readable.
pub(super) fn json(value: &serde_json::Value) -> Result<(), Failure> {
    line(&format!("{value:#}"))
}

/// One JSON value in one line.
pub(super) fn json_line(value: &serde_json::Value) -> Result<(), Failure> {
    line(&value.to_string())
}

fn done(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Err(Failure::silent(0)),
        Err(e) => Err(Failure::failed(format!("failed to write: {e}"))),
    }
}
