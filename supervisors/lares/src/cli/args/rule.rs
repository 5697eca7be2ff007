//! Arguments of `lares rule`.

use clap::{Args, Subcommand};

use super::global::key_value;

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum RuleCommand {
    /// List the rules in force: what sets each off, and where it is written
    List,
    /// Tell what a rule would do now, or under other circumstances; nothing is moved
    ///
    /// The first trigger is taken as having happened. Conditions are looked at as things are, or as `--if` says. Who goes
    /// before the rule now is told with each step.
    #[command(after_help = "\
Examples:
  lares rule try hall-light
  lares rule try hall-light --if hall-motion.illuminance=5 --at 22:30
  lares rule try welcome-warmth --trigger 2")]
    Try(TryArgs),
    /// List what rules can be made of: the home's blueprints and Lares' own
    Blueprints,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct TryArgs {
    /// Key of the rule
    pub rule: String,
    /// Which trigger is taken as having happened: its id or number [default: the first]
    #[arg(long, value_name = "TRIGGER")]
    pub trigger: Option<String>,
    /// A reading that is taken as so
    #[arg(long = "if", value_name = "ENTITY=VALUE", value_parser = key_value)]
    pub assume: Vec<(String, String)>,
    /// The time it is taken to be: `22:30`, `2026-12-24T18:00`
    #[arg(long, value_name = "WHEN")]
    pub at: Option<String>,
}
