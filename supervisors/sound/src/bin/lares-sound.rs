//! The `lares-sound` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    lares_sound::main()
}
