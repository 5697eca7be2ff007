//! Arguments of `lares series`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use lares_surfaces::views::Every;

use super::ByArgs;

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum SeriesCommand {
    /// Which series there are: how many samples, from when until when, what they take
    List,
    /// Print a series as comma-separated values
    ///
    /// Columns of samples are time, entity, property, unit, value; `lares series import` takes them back as they are.
    #[command(after_help = "\
Examples:
  lares series export hall-motion.illuminance
  lares series export hall-lamp.light.brightness --from 2026-11-01 --out brightness.csv
  lares series export meter.energy --every 1d")]
    Export(ExportArgs),
    /// Take in a file of samples: all of it, or nothing
    ///
    /// The file has the columns of `lares series export`, or `time` and `value` at least. What is there already is left, what
    /// was something else is corrected, and roll-ups are made anew.
    #[command(after_help = "\
Examples:
  lares series import old-sensor.csv
  lares series import greenhouse.csv --entity greenhouse.temperature --unit °F")]
    Import(ImportArgs),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct ExportArgs {
    /// An entity, or a device that has one; with a property after a point, only that one
    pub entity: String,
    /// Which property, such as `brightness` [default: all that are kept]
    #[arg(long, value_name = "NAME")]
    pub property: Option<String>,
    /// From when: `10m` (ago), `18:00`, `2026-11-22`, `2026-11-22T18:00` [default: the first sample]
    #[arg(long, value_name = "WHEN")]
    pub from: Option<String>,
    /// Until when [default: now]
    #[arg(long, value_name = "WHEN")]
    pub to: Option<String>,
    /// A row for each sample (`raw`), or for each 5m, 15m, 1h, 1d
    #[arg(long, value_name = "STEP", default_value = "raw")]
    pub every: Every,
    /// Write this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct ImportArgs {
    /// The file
    pub file: PathBuf,
    /// Which entity it is of, where the file does not say
    #[arg(long, value_name = "NAME")]
    pub entity: Option<String>,
    /// Which property, where the file does not say [default: the entity's main one]
    #[arg(long, value_name = "NAME")]
    pub property: Option<String>,
    /// The unit of its values, where the file does not say [default: the entity's own]
    #[arg(long)]
    pub unit: Option<String>,
    #[command(flatten)]
    pub by: ByArgs,
}
