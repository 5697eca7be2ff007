//! `lares backup`, `verify`, `restore`, and `graph check`: what is kept, proven.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use lares_kernel::{Clock, SystemClock};
use lares_store::{BackupError, DATABASE, Manifest, OpenError, PROVEN, Reader, prove, proven, put_back};
use serde_json::json;

use super::args::{BackupArgs, Global};
use super::exit::{Failure, Outcome};
use super::out;
use crate::run::VERSION;

/// The folder in which a backup is made, until it is proven.
const UNPROVEN: &str = "unproven-";

fn wrong(e: BackupError) -> Failure {
    match &e {
        BackupError::Open(OpenError::NoKey { .. } | OpenError::OtherKey { .. }) => {
            Failure::failed(e).hint("the key is looked for as that of --data; LARES_KEY_FILE names another")
        }
        BackupError::NoBackup { .. } | BackupError::InTheWay { .. } => Failure::input(e),
        _ => Failure::failed(e),
    }
}

fn io(what: &str, path: &Path, e: &std::io::Error) -> Failure {
    Failure::failed(format!("failed to {what} {}: {e}", path.display()))
}

pub(super) fn backup(global: &Global, args: &BackupArgs) -> Outcome {
    let data = global.data()?;
    let reader = open(&data)?;
    std::fs::create_dir_all(&args.to).map_err(|e| io("make", &args.to, &e))?;
    let made = SystemClock::default().now();
    let name = stamp(made.0)?;
    let part = args.to.join(format!("{UNPROVEN}{name}"));
    std::fs::DirBuilder::new().mode(0o700).create(&part).map_err(|e| io("make", &part, &e))?;
    let copied = || {
        reader.copy_to(&part.join(DATABASE))?;
        let manifest = prove(&part, &data, made.0, VERSION)?;
        remove_lock(&part);
        manifest.write(&part)?;
        Ok(manifest)
    };
    // What is not proven is no backup, and would fill the disk try by try.
    let manifest = copied().inspect_err(|_| drop(std::fs::remove_dir_all(&part))).map_err(wrong)?;
    let whole = args.to.join(format!("{PROVEN}{name}"));
    std::fs::rename(&part, &whole).map_err(|e| io("name", &whole, &e))?;
    std::fs::File::open(&args.to).and_then(|f| f.sync_all()).map_err(|e| io("sync", &args.to, &e))?;
    let old = proven(&args.to).map_err(wrong)?;
    for (_, path) in old.iter().rev().skip(usize::from(args.keep)) {
        std::fs::remove_dir_all(path).map_err(|e| io("remove", path, &e))?;
    }
    tell(global, "proven", &whole, &manifest)
}

/// The data as it is committed. Its folder is not locked meanwhile, so that a household can start.
pub(super) fn open(data: &Path) -> Result<Reader, Failure> {
    let failed = |e| match e {
        OpenError::Missing { path } => Failure::input(format!("there is no household in {}", path.display()))
            .hint("name its data folder with --data"),
        other => Failure::failed(other),
    };
    match Reader::open_read_only(data) {
        Ok(resting) if resting.unseen() > 0 => {
            let unseen = resting.unseen();
            tracing::warn!(
                "the last {unseen} entries are left out: the next start of the household takes them in"
            );
        }
        Ok(_) | Err(OpenError::InUse { .. }) => {}
        Err(other) => return Err(failed(other)),
    }
    Reader::open_beside(data).map_err(failed)
}

/// `20261124T113000Z`: sorts as time does.
fn stamp(micros: i64) -> Result<String, Failure> {
    let at = jiff::Timestamp::from_microsecond(micros).map_err(Failure::failed)?;
    Ok(at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string())
}

/// A backup as it was named, or the newest in a folder of them.
fn one(from: &Path) -> Result<PathBuf, Failure> {
    if from.join(DATABASE).is_file() {
        return Ok(from.to_owned());
    }
    let newest = if from.is_dir() { proven(from).map_err(wrong)?.pop() } else { None };
    let no = || Failure::input(format!("there is no backup in {}", from.display()));
    newest.map(|(_, path)| path).ok_or_else(no)
}

/// Opening leaves LMDB's lock file; it is no part of a backup.
fn remove_lock(folder: &Path) {
    for name in ["lock.mdb", "lock"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
}

fn proved(global: &Global, from: &Path) -> Result<(PathBuf, Manifest), Failure> {
    let (backup, data) = (one(from)?, global.data()?);
    let manifest = Manifest::read(&backup).map_err(wrong)?;
    manifest.same_file(&backup).map_err(wrong)?;
    let found = prove(&backup, &data, manifest.made, &manifest.version).map_err(wrong);
    remove_lock(&backup);
    manifest.same_content(&backup, &found?).map_err(wrong)?;
    Ok((backup, manifest))
}

pub(super) fn verify(global: &Global, from: &Path) -> Outcome {
    let (backup, manifest) = proved(global, from)?;
    tell(global, "good", &backup, &manifest)
}

pub(super) fn restore(global: &Global, from: &Path) -> Outcome {
    let (backup, manifest) = proved(global, from)?;
    let data = global.data()?;
    put_back(&backup, &data).map_err(wrong)?;
    let proved = prove(&data, &data, manifest.made, &manifest.version)
        .and_then(|found| manifest.same_content(&data, &found));
    // It was empty before: nobody must start a household on what was not proven.
    proved.inspect_err(|_| drop(std::fs::remove_file(data.join(DATABASE)))).map_err(wrong)?;
    tell(global, "restored and proven", &data, &manifest)
}

fn tell(global: &Global, word: &str, path: &Path, manifest: &Manifest) -> Outcome {
    if global.json {
        return out::json(&json!({ "outcome": word, "path": path, "backup": manifest }));
    }
    let Manifest { events, nodes, samples, bytes, made, .. } = manifest;
    let sealed =
        manifest.key.as_ref().map_or("not sealed".to_owned(), |id| format!("sealed with the key {id}"));
    out::line(&format!(
        "{word}: {}\n  as of {}: {events} events, {nodes} nodes, {samples} samples; {} KiB, {sealed}",
        path.display(),
        stamp(*made)?,
        bytes / 1024,
    ))
}

/// `lares graph check`.
pub(super) fn check(global: &Global) -> Outcome {
    let data = global.data()?;
    let reader = open(&data)?;
    let report = reader.check().map_err(Failure::failed)?;
    if global.json {
        let found = json!({
            "good": report.is_good(), "events": report.events, "samples": report.samples,
            "chained": report.chained, "gone": report.gone, "forgotten": report.forgotten,
            "rolled_days": report.rolled_days, "problems": report.problems, "problem_count": report.problem_count,
        });
        out::json(&found)?;
    } else {
        let (events, samples) = (report.events, report.samples);
        out::line(&format!("{events} events and {samples} samples read"))?;
        let (chained, days) = (report.chained, report.rolled_days);
        out::line(&format!(
            "{chained} entries are in the chain; roll-ups of {days} days compared with their samples"
        ))?;
        if report.gone > 0 || report.forgotten > 0 {
            let (gone, forgotten) = (report.gone, report.forgotten);
            out::line(&format!(
                "of {gone} entries the place and hash are left; {forgotten} cannot be read any more: they were forgotten"
            ))?;
        }
        report.problems.iter().try_for_each(|p| out::line(&format!("  {p}")))?;
    }
    if report.is_good() {
        return if global.json {
            Ok(())
        } else {
            out::line("good: all is there, and all is as it was written")
        };
    }
    let count = report.problem_count;
    Err(Failure::failed(format!("{count} problems: the data is damaged"))
        .hint("`lares restore` makes a new data folder from a backup"))
}
