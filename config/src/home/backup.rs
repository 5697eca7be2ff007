//! What the home says of its backups.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::Place;

/// Backups that the household makes and proves by itself.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct BackupConfig {
    pub place: Place,
    /// The folder of backups (absolute).
    pub to: PathBuf,
    /// As old as the newest proven one may get.
    pub every: Duration,
    /// How many proven ones are kept.
    pub keep: u16,
}
