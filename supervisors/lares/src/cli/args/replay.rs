//! Arguments of the commands on recordings.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(in crate::cli) struct ReplayArgs {
    /// A file of recorded lines, plain or gzipped, or a folder with one (`events.jsonl`, `events.jsonl.gz`)
    #[arg(required_unless_present = "since", conflicts_with = "since")]
    pub recording: Option<PathBuf>,
    /// In place of a recording: what the household keeps of its own past, from then on (24h, 2026-11-20, 2026-11-20T18:00)
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Until then; now
    #[arg(long, value_name = "WHEN", requires = "since")]
    pub until: Option<String>,
    /// Data folder of the household whose past it is, which may be running [default: that of `lares run`]
    #[arg(long, value_name = "DIR", requires = "since")]
    pub of: Option<PathBuf>,
    /// Another home folder, such as the one in force: shows what would have been different
    #[arg(long, value_name = "HOME")]
    pub against: Option<PathBuf>,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// What to do with recorded reports on entities that can be moved
    #[arg(long, value_enum, default_value_t = Reports::Manual)]
    pub reports: Reports,
    /// Show each command and word with its time and rule
    #[arg(long)]
    pub full: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct RecordArgs {
    /// A file that does not exist yet
    #[arg(required_unless_present = "stop", conflicts_with = "stop")]
    pub file: Option<PathBuf>,
    /// End the recording
    #[arg(long)]
    pub stop: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Reports {
    /// They were moved by hand
    Manual,
    /// Leave them out
    Ignore,
}
