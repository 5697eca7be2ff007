//! Arguments of the commands on who may log in.

use std::time::Duration;

use clap::{Args, Subcommand};
use lares_surfaces::views::duration;

#[derive(Args, Debug)]
pub(in crate::cli) struct PeopleArgs {
    #[command(subcommand)]
    pub command: Option<PeopleCommand>,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum PeopleCommand {
    /// Make a one-time code with which a person chooses a password; also for one who forgot theirs
    Invite {
        /// Key of a person of the home
        person: String,
    },
    /// Make a guest link: whoever has it comes in without a password, until it ends
    #[command(after_help = "\
Examples:
  lares people link 'Aunt Ida' --room hall --room living-room --for 3d")]
    Link {
        /// What they are called
        name: String,
        /// Key of a room that they see and move things in; may be repeated
        #[arg(long = "room", required = true, value_name = "ROOM")]
        rooms: Vec<String>,
        /// It ends by itself after so long, at most 31 days
        #[arg(long = "for", value_name = "TIME", value_parser = duration, default_value = "1d")]
        lasts: Duration,
    },
    /// List guest links
    Links,
    /// End a guest link, with every page that came in by it
    Unlink {
        /// As `lares people links` shows it
        guest: String,
    },
}

#[derive(Args, Debug)]
pub(in crate::cli) struct HomeArgs {
    #[command(subcommand)]
    pub command: Option<HomeCommand>,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum HomeCommand {
    /// Keep a change that waits, so that it does not go back by itself
    Confirm {
        /// As `lares home` shows it [default: the one that waits]
        change: Option<u64>,
    },
    /// Take a change back: the file is as it was before it
    Revert {
        /// As `lares home` shows it [default: the one that waits]
        change: Option<u64>,
    },
}

#[derive(Args, Debug)]
pub(in crate::cli) struct TokensArgs {
    #[command(subcommand)]
    pub command: Option<TokensCommand>,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum TokensCommand {
    /// End a session or a token, at once
    End {
        /// As `lares tokens` shows it
        id: String,
    },
}
