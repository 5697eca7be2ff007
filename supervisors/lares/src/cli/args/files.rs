//! Arguments of the commands on home folders.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(in crate::cli) struct AdoptArgs {
    /// As `lares devices` calls it, or one of its identifiers
    pub device: String,
    /// A room of the home, by key or name
    #[arg(long)]
    pub room: Option<String>,
    /// What people call it
    #[arg(long)]
    pub name: Option<String>,
    /// What rules call it
    #[arg(long)]
    pub key: Option<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct ReplaceArgs {
    /// Key of the device that goes
    pub old: String,
    /// The device that comes: as `lares devices` calls it, or one of its identifiers
    pub new: String,
    /// Also if it lacks what rules name
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct CheckArgs {
    /// Write the JSON schema of home files instead, for editors
    #[arg(long)]
    pub schema: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct InitArgs {
    /// A folder that does not exist yet, or is empty
    pub dir: PathBuf,
    /// Which sample home
    #[arg(long, default_value = "cottage")]
    pub example: String,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct RoomsArgs {
    /// How many rooms
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rooms: u32,
    /// A folder that does not exist yet, or is empty
    pub dir: PathBuf,
}
