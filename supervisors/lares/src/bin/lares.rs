//! The `lares` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    lares::main()
}
