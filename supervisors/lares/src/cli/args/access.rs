//! Arguments of the commands on who may log in.

use clap::{Args, Subcommand};

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
