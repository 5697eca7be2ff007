//! What `lares calls` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args, Debug)]
pub(in crate::cli) struct CallsArgs {
    #[command(subcommand)]
    pub command: Option<CallsCommand>,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum CallsCommand {
    /// Write what is kept of a call's sound to a file (WAV)
    Sound {
        /// Its id, as `lares calls` lists it
        call: String,
        file: PathBuf,
    },
}
