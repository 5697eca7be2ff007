//! Scores files of the corpora's forms through the real drivers: one JSON object on standard output.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let written = match lares_tests::score::run(&args) {
        Ok(report) => writeln!(std::io::stdout(), "{report:#}"),
        Err(bad) => {
            let _ = writeln!(std::io::stderr(), "score: {bad}");
            return ExitCode::from(2);
        }
    };
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
