//! `lares top`: what the terminal is asked for before the screen is taken.

use std::io::{IsTerminal, stdin, stdout};
use std::sync::Arc;

use lares_kernel::SystemClock;
use lares_surfaces::terminal::{self, Look};
use lares_surfaces::tongue::Tongue;

use super::args::Global;
use super::exit::{Failure, Outcome};

pub(super) async fn top(global: &Global) -> Outcome {
    let data = global.data()?;
    if global.json {
        return Err(Failure::input("`lares top` is for people")
            .hint("`lares devices --json`, `lares log --json` and `lares status --json` are for programs"));
    }
    if !stdout().is_terminal() || !stdin().is_terminal() {
        return Err(Failure::input("`lares top` needs a terminal, and this is none")
            .hint("`lares devices` lists the devices, `lares log -f` follows the journal"));
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(Failure::input(
            "`lares top` needs a terminal that can move its cursor, and TERM is `dumb`",
        )
        .hint("`lares devices` lists the devices, `lares log -f` follows the journal"));
    }
    // As https://no-color.org says: set and not empty.
    let colors = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let tongue = Tongue::of_terminal(|name| std::env::var(name).ok()).unwrap_or_default();
    let look = Look { colors, tongue };
    terminal::run(&data, look, Arc::new(SystemClock::default())).await.map_err(Failure::failed)
}
