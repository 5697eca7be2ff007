//! Promise R23: a broken home says what is wrong, where, and what would be right. Each case is the good home with one
//! change; the problem must be the only one, of the right kind, and point at exactly the bytes that are wrong.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test's helpers fail as tests do"
)]

#[path = "../common/mod.rs"]
mod common;

mod actions;
mod files;
mod flow;
mod golden;
mod interlocks;
mod rules;
mod sections;
mod together;

use lares_config::{Diagnostic, Severity};

pub const GOOD: &str = include_str!("good.toml");

/// What is changed and what is expected.
pub struct Case {
    /// Text of the good home that is replaced; it stands there once. Empty: `new` is added at the end.
    pub old: &'static str,
    pub new: &'static str,
    pub code: &'static str,
    /// The part of `new` (or, if it is not in there, of the whole) that must be pointed at.
    pub at: &'static str,
    /// What the message or the help must say.
    pub says: &'static str,
}

pub const fn case(
    old: &'static str,
    new: &'static str,
    code: &'static str,
    at: &'static str,
    says: &'static str,
) -> Case {
    Case { old, new, code, at, says }
}

/// The broken text and the byte at which the problem must begin.
fn broken(case: &Case) -> (String, usize) {
    let start = if case.old.is_empty() {
        GOOD.len()
    } else {
        assert_eq!(GOOD.matches(case.old).count(), 1, "{:?} must stand once in the good home", case.old);
        GOOD.find(case.old).unwrap()
    };
    let text = format!("{}{}{}", &GOOD[..start], case.new, &GOOD[start + case.old.len()..]);
    let at = match case.new.find(case.at) {
        Some(within) => start + within,
        None => text.find(case.at).unwrap_or_else(|| panic!("{:?} is nowhere", case.at)),
    };
    (text, at)
}

fn check(case: &Case) -> Result<(), String> {
    let (text, at) = broken(case);
    let problems = match common::load(&[("home.toml", &text)]) {
        Err(problems) => problems,
        Ok(_) => return Err("it was accepted".into()),
    };
    let shown = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n    ");
    let [problem] = problems.as_slice() else { return Err(format!("not one problem but:\n    {shown}")) };
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at].chars().rev().take_while(|c| *c != '\n').count() + 1;
    let words = format!("{} {}", problem.message, problem.help.as_deref().unwrap_or(""));
    let place = (problem.line as usize, problem.column as usize, problem.span);
    let wanted = (line, column, Some((at, case.at.len())));
    if problem.code != case.code || place != wanted || !words.contains(case.says) {
        let seen = problem.span.map(|(start, length)| &text[start..start + length]);
        return Err(format!("{shown}\n    code {} at {place:?} {seen:?}, wanted {wanted:?}", problem.code));
    }
    fits_a_person(problem)
}

/// What every problem has.
fn fits_a_person(problem: &Diagnostic) -> Result<(), String> {
    let whole = problem.severity == Severity::Error
        && problem.file.as_deref() == Some("home.toml")
        && !problem.message.is_empty()
        && !problem.message.ends_with('.')
        && (!problem.key_path.is_empty() || problem.code == "toml-syntax");
    if whole { Ok(()) } else { Err(format!("lacks file, key path or message: {problem:?}")) }
}

#[test]
fn the_good_home_is_good() {
    let loaded = common::load(&[("home.toml", GOOD)]).map_err(|p| lares_config::render(&p, false));
    let loaded = loaded.unwrap_or_else(|text| panic!("{text}"));
    assert!(loaded.warnings.is_empty(), "{}", lares_config::render(&loaded.warnings, false));
}

#[test]
fn r23_every_broken_home_is_explained_at_the_right_bytes() {
    let cases: Vec<&Case> =
        [sections::CASES, rules::CASES, actions::CASES, flow::CASES, interlocks::CASES, files::CASES]
            .into_iter()
            .flatten()
            .collect();
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|c| {
            check(c).err().map(|why| format!("- {:?} -> {:?} ({}):\n    {why}", c.old, c.new, c.code))
        })
        .collect();
    let share = 100.0 * (cases.len() - failed.len()) as f64 / cases.len() as f64;
    println!("R23: {} broken homes, with span {share:.1} %", cases.len());
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), cases.len(), failed.join("\n"));
    assert!(cases.len() >= 100, "only {} cases", cases.len());
}
