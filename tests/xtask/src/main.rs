//! `cargo xtask ci | check | tidy | new protocol|domain|system NAME`.
#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use std::process::ExitCode;

use xtask::{Fresh, check, ci, make_feature, tidy, workspace_root};

const USAGE: &str = "\
usage: cargo xtask ci                                  everything that must hold before a change is merged
       cargo xtask check                               the quick part of it
       cargo xtask tidy [FOLDER]                       the house rules alone
       cargo xtask new protocol|domain|system NAME     a new feature: its folder and its line in the registry";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let root = workspace_root();
    let done = match words.as_slice() {
        ["ci"] => ci(&root).map_err(|e| e.to_string()),
        ["check"] => check(&root).map_err(|e| e.to_string()),
        ["tidy"] => tidy(&root).map_err(|e| e.to_string()).and_then(verdict),
        ["tidy", folder] => tidy(folder.as_ref()).map_err(|e| e.to_string()).and_then(verdict),
        ["new", kind, name] => kind
            .parse()
            .and_then(|kind| Fresh::new(kind, name))
            .and_then(|fresh| make_feature(&root, &fresh))
            .map(|files| files.iter().for_each(|file| println!("wrote {file}")))
            .map_err(|e| e.to_string()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn verdict(problems: Vec<xtask::Problem>) -> Result<(), String> {
    problems.iter().for_each(|problem| println!("{problem}"));
    match problems.iter().filter(|p| p.fatal).count() {
        0 => Ok(()),
        n => Err(format!("{n} house rules broken")),
    }
}
