//! Logs go to standard error; standard output is for answers.

use tracing_subscriber::EnvFilter;

use super::args::Global;

/// Starts logging. `default` is what is logged if nobody says otherwise.
pub(super) fn start(global: &Global, default: &str) -> Result<(), String> {
    let filter = global.log.as_deref().unwrap_or(default);
    let told: EnvFilter = filter.parse().map_err(|e| format!("`{filter}` is no log filter: {e}"))?;
    // The actor library opens a span for each of its actors; its numbers say nothing to anybody here.
    let quiet = "ractor=warn".parse().map_err(|e| format!("{e}"))?;
    let filter_told = if filter.contains("ractor") { told } else { told.add_directive(quiet) };
    // The SIP library says whole messages, with who calls and how we log in.
    let filter = match filter.contains("rsipstack") {
        true => filter_told,
        false => filter_told.add_directive("rsipstack=error".parse().map_err(|e| format!("{e}"))?),
    };
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let colors =
        std::env::var_os("NO_COLOR").is_none() && std::io::IsTerminal::is_terminal(&std::io::stderr());
    // A second start in one process (tests) keeps the first.
    let _ = if global.log_json {
        logs.json().with_ansi(false).try_init()
    } else {
        logs.with_ansi(colors).with_target(false).try_init()
    };
    Ok(())
}
