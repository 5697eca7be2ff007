//! `lares dump` and `lares load`: everything as JSON Lines, and back into a new data folder.

use std::fs::OpenOptions;
use std::io::{BufReader, BufWriter, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use lares_kernel::{Clock, SystemClock};
use lares_store::{DumpError, Dumped, key_file, load as load_dump};
use serde_json::json;

use super::args::Global;
use super::exit::{Failure, Outcome};
use super::{backup, out};
use crate::run::VERSION;

/// Standard output or input.
const STANDARD: &str = "-";

pub(super) fn dump(global: &Global, to: &Path) -> Outcome {
    let reader = backup::open(&global.data()?)?;
    let made = SystemClock::default().now().0;
    if to == Path::new(STANDARD) {
        let mut out = BufWriter::new(std::io::stdout().lock());
        let done = reader.dump(&mut out, VERSION, made);
        return match done {
            Err(DumpError::Io { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => {
                Err(Failure::silent(0))
            }
            done => done.map(drop).map_err(Failure::failed),
        };
    }
    // It can be read by whoever has it: by nobody else from the first byte on.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let file = file.map_err(|e| Failure::input(format!("failed to make {}: {e}", to.display())))?;
    let mut out = BufWriter::new(&file);
    let written = reader.dump(&mut out, VERSION, made);
    drop(out);
    let done = written.inspect_err(|_| drop(std::fs::remove_file(to))).map_err(Failure::failed)?;
    file.sync_all().map_err(|e| Failure::failed(format!("failed to sync {}: {e}", to.display())))?;
    tell(global, "dumped", to, done)?;
    if !global.json {
        out::line("  it is not sealed: whoever has this file can read all of it")?;
    }
    Ok(())
}

pub(super) fn load(global: &Global, from: &Path) -> Outcome {
    let data = global.data()?;
    let source: Box<dyn Read> = if from == Path::new(STANDARD) {
        Box::new(std::io::stdin())
    } else {
        let file = std::fs::File::open(from);
        Box::new(file.map_err(|e| Failure::input(format!("failed to open {}: {e}", from.display())))?)
    };
    let done = load_dump(&mut BufReader::new(source), &data, &key_file(&data)).map_err(|e| match &e {
        DumpError::InTheWay { .. } => Failure::input(e).hint("name a new folder with --data"),
        DumpError::Line { .. } | DumpError::Cut { .. } | DumpError::Changed { .. } => {
            Failure::input(format!("{}: {e}", from.display())).hint("nothing was loaded")
        }
        _ => Failure::failed(e),
    })?;
    tell(global, "loaded and checked", &data, done)
}

fn tell(global: &Global, word: &str, path: &Path, done: Dumped) -> Outcome {
    if global.json {
        return out::json(&json!({ "outcome": word, "path": path, "holds": done }));
    }
    let Dumped { lines, events, nodes, edges, samples, forgotten, .. } = done;
    out::line(&format!(
        "{word}: {}\n  {lines} lines: {events} events, {nodes} nodes, {edges} edges, {samples} samples",
        path.display()
    ))?;
    if forgotten > 0 {
        out::line(&format!(
            "  {forgotten} things of those who were forgotten could not be read and are left out"
        ))?;
    }
    Ok(())
}
