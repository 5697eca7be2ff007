//! The scorer: files of the corpora's forms through the real drivers, as counts, shares and the first misses.
//! `docs/corpora.md` says what the figures mean and why some are below 1.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod exchange;
mod exposes;
mod judge;
mod misses;
mod occupancy;
mod other;
mod play;
mod presence;
mod read;
mod sentences;
mod templates;
mod z2m;

use std::path::Path;

use serde_json::Value as Json;

pub use read::Bad;

const USAGE: &str = "usage: score z2m DEVICES ORACLE | score other PAYLOADS | \
                     score presence TRACES [--plan FILE] | \
                     score occupancy TRAIN TEST... | \
                     score sentences SENTENCES WORLDS [--language L [--own FILE]] [--misses N]";

/// Scores what the arguments name.
///
/// # Errors
///
/// Wrong arguments, or a file that cannot be read: then with file and line.
pub fn run(args: &[String]) -> Result<Json, Bad> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["z2m", devices, oracle] => z2m::score(Path::new(devices), Path::new(oracle)),
        ["other", payloads] => other::score(Path::new(payloads)),
        ["presence", traces, rest @ ..] => presence::score(Path::new(traces), rest),
        ["occupancy", train, tests @ ..] if !tests.is_empty() => occupancy::score(Path::new(train), tests),
        ["sentences", sentences, worlds, rest @ ..] => {
            sentences::score(Path::new(sentences), Path::new(worlds), rest)
        }
        _ => Err(Bad::Usage(USAGE)),
    }
}

/// A text of a JSON object; nothing where there is none.
fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// A list of a JSON object; empty where there is none.
fn list<'a>(json: &'a Json, key: &str) -> &'a [Json] {
    json.get(key).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// What is published: a text as it is, anything else as JSON.
fn published(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// `part / whole` to six decimals; of nothing, nothing.
fn share(part: usize, whole: usize) -> Json {
    if whole == 0 {
        return Json::Null;
    }
    ((part as f64 / whole as f64 * 1e6).round() / 1e6).into()
}
