//! The command itself, and what every command understands.

use std::path::PathBuf;

use clap::{Args, Parser};

use super::Command;

/// A local-first operating system for a household's life.
///
/// `lares run` runs the household that a home folder describes. All other commands ask the running household through
/// a socket in its data folder; when none runs, what can be read is read from the data folder itself.
#[derive(Parser, Debug)]
#[command(
    name = "lares",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  lares init ~/my-home              begin with the sample home
  lares check --home ~/my-home      find its problems, all at once
  lares run --home ~/my-home        run it
  lares why hall-lamp               why is it on?
  lares log -f --entity hall-lamp   see what happens to it

Exit codes: 0 done, 1 it failed, 2 the input or the configuration is wrong."
)]
pub(in crate::cli) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Debug, Clone, Default)]
pub(in crate::cli) struct Global {
    /// The home folder: TOML files that describe the household [default: ~/.config/lares]
    #[arg(long, global = true, env = "LARES_HOME", value_name = "DIR", hide_env_values = true)]
    pub home: Option<PathBuf>,
    /// The data folder: journal, graph, lock and control socket [default: ~/.local/share/lares]
    #[arg(long, global = true, env = "LARES_DATA", value_name = "DIR", hide_env_values = true)]
    pub data: Option<PathBuf>,
    /// Print JSON for programs
    #[arg(long, global = true)]
    pub json: bool,
    /// Set a key of the configuration over the files and the environment; may be repeated
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = key_value)]
    pub overrides: Vec<(String, String)>,
    /// What is logged to standard error, such as `info` or `lares_gateways=debug`
    #[arg(long, global = true, env = "LARES_LOG", value_name = "FILTER", hide_env_values = true)]
    pub log: Option<String>,
    /// Log JSON lines instead of text
    #[arg(long, global = true)]
    pub log_json: bool,
}

/// `key=value`; the value may hold further equals signs.
pub(super) fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write it as key=value".to_owned()),
    }
}
