//! `lares check`.

use std::io::{IsTerminal, Write};

use lares_config::{Diagnostic, Home, Severity, load, render, schema};
use lares_surfaces::voice::{SentenceProblem, sentence_problems};
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
    // Sentences of the household's own are no part of the configuration: a bad one keeps nothing from running.
    let sentences = sentence_problems(&root);
    if global.json {
        let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
        let snapshot = home.as_ref().map(|h| hex(&h.snapshot));
        out::json(&json!({
            "ok": home.is_some() && sentences.is_empty(), "home": root, "sentences": sentences, "snapshot": snapshot, "errors": errors,
            "warnings": problems.len() - errors, "problems": problems,
        }))?;
    } else {
        tell(&problems)?;
        sentences.iter().try_for_each(tell_sentence)?;
        if let Some(home) = &home {
            out::line(&format!("{} is a good home: {}", root.display(), summary(home)))?;
        }
    }
    match home {
        Some(_) if sentences.is_empty() => Ok(()),
        _ => Err(Failure::silent(2)),
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

/// Where it is, the line, and a caret below what is wrong.
fn tell_sentence(problem: &SentenceProblem) -> Outcome {
    let SentenceProblem { file, line, column, message, text } = problem;
    let mut told = format!("error: {message}\n");
    match line {
        0 => told.push_str(&format!("  at {file}\n")),
        line => {
            let (margin, caret) = (" ".repeat(line.to_string().len()), " ".repeat(column.saturating_sub(1)));
            told.push_str(&format!("  at {file}:{line}:{column}\n{line} | {text}\n{margin} | {caret}^\n"));
        }
    }
    write!(std::io::stderr().lock(), "{told}").map_err(Failure::failed)
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
