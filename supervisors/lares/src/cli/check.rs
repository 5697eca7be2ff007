//! `lares check`.

use std::io::{IsTerminal, Write};

use lares_config::{Diagnostic, Home, Severity, load, render, schema};
use serde_json::json;

use super::args::{CheckArgs, Global};
use super::exit::{Failure, Outcome};
use super::out;

pub(super) fn check(global: &Global, args: &CheckArgs) -> Outcome {
    if args.schema {
        return out::json(&schema());
    }
    let root = global.home()?;
    let (home, problems) = match load(&root, &global.overrides, environment()) {
        Ok(loaded) => (Some(loaded.home), loaded.warnings),
        Err(problems) => (None, problems),
    };
    if global.json {
        let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
        let snapshot = home.as_ref().map(|h| hex(&h.snapshot));
        out::json(&json!({
            "ok": home.is_some(), "home": root, "snapshot": snapshot, "errors": errors,
            "warnings": problems.len() - errors, "problems": problems,
        }))?;
    } else {
        tell(&problems)?;
        if let Some(home) = &home {
            out::line(&format!("{} is a good home: {}", root.display(), summary(home)))?;
        }
    }
    match home {
        Some(_) => Ok(()),
        None => Err(Failure::silent(2)),
    }
}

/// Settings that the environment holds. What is no text cannot be one.
pub(super) fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
}

fn tell(problems: &[Diagnostic]) -> Outcome {
    if problems.is_empty() {
        return Ok(());
    }
    let mut err = std::io::stderr().lock();
    let colors = err.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    writeln!(err, "{}", render(problems, colors).trim_end()).map_err(Failure::failed)
}

fn summary(home: &Home) -> String {
    let parts = [
        (home.rooms.len(), "room", "rooms"),
        (home.people.len(), "person", "people"),
        (home.devices.len(), "device", "devices"),
        (home.rules.len(), "rule", "rules"),
    ];
    let word = |(n, one, many): (usize, &str, &str)| format!("{n} {}", if n == 1 { one } else { many });
    parts.map(word).join(", ")
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|b| format!("{b:02x}")).collect()
}
