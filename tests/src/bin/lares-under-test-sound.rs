//! `lares-sound` once more, beside the `lares` that is tested, which calls it by its own name with `-sound` behind.

use std::process::ExitCode;

fn main() -> ExitCode {
    lares_sound::main()
}
