//! `score-sentences SENTENCES WORLDS [--language L [--own FILE]] [--misses N]`: one JSON object.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what it finds is its output")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match lares_tests::score_sentences::run(&args) {
        Ok(found) => {
            println!("{found:#}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("score-sentences: {e}");
            ExitCode::FAILURE
        }
    }
}
