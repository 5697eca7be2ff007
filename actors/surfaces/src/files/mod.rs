//! The files of the home, as surfaces and the command line change them: checked as a whole first, each written whole.

mod adopting;
mod folder;

pub use adopting::{Placed, Placing, Waiting, bound, place, waiting};
pub use folder::{Folder, Opened, Unwritten};

use tokio::sync::Mutex;

/// The home's files in a running household.
pub struct HomeFiles {
    pub folder: Folder,
    /// One at a time reads and writes.
    pub turn: Mutex<()>,
}

impl HomeFiles {
    pub fn new(folder: Folder) -> Self {
        Self { folder, turn: Mutex::default() }
    }
}
