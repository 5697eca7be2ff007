//! What `lares timer` takes.

use std::time::Duration;

use clap::{Args, Subcommand};
use lares_surfaces::views::duration;

#[derive(Args, Debug)]
pub(in crate::cli) struct TimerArgs {
    #[command(subcommand)]
    pub command: Option<TimerCommand>,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum TimerCommand {
    /// Set a timer
    Set {
        /// How long it is: `90s`, `10m`, `1h30m`
        #[arg(value_parser = duration)]
        length: Duration,
        /// What it is called
        name: Vec<String>,
        #[command(flatten)]
        of: Of,
        /// Key of the room in which it is told that it is over [default: all rooms]
        #[arg(long)]
        room: Option<String>,
    },
    /// Let one end later
    Add {
        /// Its id or its name, as `lares timer` lists them
        timer: String,
        #[arg(value_parser = duration)]
        length: Duration,
        #[command(flatten)]
        of: Of,
    },
    /// Let one end earlier
    Take {
        /// Its id or its name, as `lares timer` lists them
        timer: String,
        #[arg(value_parser = duration)]
        length: Duration,
        #[command(flatten)]
        of: Of,
    },
    /// Let one stand still
    Pause(One),
    /// Let one go on
    Resume(One),
    /// End one, or all
    Cancel {
        /// Its id or its name, as `lares timer` lists them
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        timer: Option<String>,
        /// All of them
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        of: Of,
    },
}

/// One that is there.
#[derive(Args, Debug)]
pub(in crate::cli) struct One {
    /// Its id or its name, as `lares timer` lists them
    pub timer: String,
    #[command(flatten)]
    pub of: Of,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Of {
    /// As this person of the home
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
}
