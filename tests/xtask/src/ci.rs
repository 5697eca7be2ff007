//! The checks in their order, in one place: `make test`, `make check` and the build machine all come here.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::tidy::tidy;

/// A step did not pass.
#[derive(Debug)]
pub struct Failed {
    step: &'static str,
    why: String,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "step `{}` failed: {}", self.step, self.why)
    }
}

impl std::error::Error for Failed {}

/// A step: its name and the words of its command.
type Step = (&'static str, &'static [&'static str]);

const FORMAT: Step = ("format", &["cargo", "fmt", "--all", "--check"]);
// The release profile throughout: build scripts and procedural macros are then built once for lints, tests and product.
const LINTS: Step =
    ("lints", &["cargo", "clippy", "--workspace", "--all-targets", "--release", "--", "-D", "warnings"]);
// Advisories are left out: their database comes over the network.
const SUPPLY: Step = ("supply chain", &["cargo-deny", "--offline", "check", "bans", "licenses", "sources"]);
// The drivers apart: their tests ask more of shared crates (serde_json keeps the order of keys), and built together that would
// slip into the product that the other tests run.
// The product is not built by itself before: alone its dependencies have other features, and all of it would be built twice.
// Three at a time, on how few cores ever: most of the time of a test is a wait, for a broker, a timer, a browser, a telephone.
const TESTS: Step = (
    "tests",
    &["cargo", "test", "--release", "--workspace", "--exclude", "lares-devices", "--", "--test-threads", "3"],
);
const DRIVERS: Step = ("tests of the drivers", &["cargo", "test", "--release", "--package", "lares-devices"]);
/// The crates without IO: quick to build, and where most of the tests are.
const PURE_LINTS: Step = (
    "lints of the pure crates",
    &[
        "cargo",
        "clippy",
        "-p",
        "lares-model",
        "-p",
        "lares-devices",
        "-p",
        "lares-config",
        "-p",
        "lares-kernel",
        "-p",
        "xtask",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ],
);
const PURE_TESTS: Step = (
    "tests of the pure crates",
    &[
        "cargo",
        "test",
        "-p",
        "lares-model",
        "-p",
        "lares-devices",
        "-p",
        "lares-config",
        "-p",
        "lares-kernel",
        "-p",
        "xtask",
    ],
);

/// Everything that must hold before a change is merged.
pub fn ci(root: &Path) -> Result<(), Failed> {
    run(root, &[FORMAT, LINTS, SUPPLY, TESTS, DRIVERS])
}

/// The quick part of it.
pub fn check(root: &Path) -> Result<(), Failed> {
    run(root, &[FORMAT, PURE_LINTS, PURE_TESTS])
}

fn run(root: &Path, steps: &[Step]) -> Result<(), Failed> {
    let mut times = Vec::new();
    let done = timed("house rules", &mut times, || rules(root)).and_then(|()| {
        steps.iter().try_for_each(|(name, words)| timed(name, &mut times, || command(root, words)))
    });
    println!();
    for (name, took) in &times {
        println!("{:>7.1} s  {name}", took.as_secs_f64());
    }
    println!("{:>7.1} s  in all", times.iter().map(|(_, took)| took.as_secs_f64()).sum::<f64>());
    done
}

fn timed(
    name: &'static str,
    times: &mut Vec<(&'static str, Duration)>,
    action: impl FnOnce() -> Result<(), String>,
) -> Result<(), Failed> {
    println!("\n=== {name}");
    #[allow(clippy::disallowed_methods, reason = "the wall clock of a person who waits")]
    let begin = Instant::now();
    let done = action();
    times.push((name, begin.elapsed()));
    done.map_err(|why| Failed { step: name, why })
}

fn rules(root: &Path) -> Result<(), String> {
    let problems = tidy(root).map_err(|e| e.to_string())?;
    problems.iter().for_each(|problem| println!("{problem}"));
    match problems.iter().filter(|p| p.fatal).count() {
        0 => Ok(()),
        n => Err(format!("{n} house rules broken")),
    }
}

fn command(root: &Path, words: &[&str]) -> Result<(), String> {
    println!("$ {}", words.join(" "));
    let (program, arguments) = words.split_first().ok_or("an empty command")?;
    // What `tests/setup.sh` installed goes before what the machine has.
    let ours = root.join("target/venv/bin").join(program);
    let program = if ours.is_file() { ours } else { program.into() };
    let mut command = Command::new(&program);
    command.args(arguments).current_dir(root).stdin(Stdio::null());
    // A machine that builds all of it once has no use for what makes a second build quick. Optimising once more across the parts of a crate
    // is a quarter of the work of the compiler, and nothing that tests look at hangs on it.
    if std::env::var("CI").as_deref() == Ok("true") {
        command.envs([("CARGO_INCREMENTAL", "0"), ("CARGO_PROFILE_RELEASE_LTO", "off")]);
    }
    let status = command.status().map_err(|e| {
        format!("failed to run {} (tests/setup.sh installs what is needed): {e}", program.display())
    })?;
    if status.success() { Ok(()) } else { Err(status.to_string()) }
}
