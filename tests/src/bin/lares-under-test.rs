//! The `lares` command once more, so that a test target has it built beside itself (`CARGO_BIN_EXE_lares-under-test`).

use std::process::ExitCode;

fn main() -> ExitCode {
    lares::main()
}
