//! Arguments of the commands that keep data safe.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args, Debug)]
pub(in crate::cli) struct BackupArgs {
    /// The folder of backups; each is a folder in it
    #[arg(value_name = "DIR")]
    pub to: PathBuf,
    /// So many proven backups are kept
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    pub keep: u16,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct ForgetArgs {
    /// A person's key, `person:KEY`, or `domain:NAME` of a `[private.NAME]`
    #[arg(value_name = "WHO")]
    pub name: String,
    /// Erase it
    #[arg(long)]
    pub yes: bool,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum KeyCommand {
    /// Print the key, to be kept on paper
    Show,
    /// Write the key file from its paper copy, read from standard input
    #[command(after_help = "\
Example:
  echo lares1-... | lares key restore --data /srv/lares")]
    Restore,
    /// Lock the key file with a passphrase, read from standard input
    ///
    /// From then on every start and every command needs it, in LARES_PASSPHRASE or in a file that LARES_PASSPHRASE_FILE
    /// names. The paper copy of the key opens the data without it.
    Lock,
    /// Write the key file so that no passphrase is needed
    Unlock,
    /// Wrap the data with a new key; the household must be stopped
    ///
    /// The old key no longer opens this folder. Backups made before still need it, and with one of those it still leads to
    /// the data.
    Change,
}
