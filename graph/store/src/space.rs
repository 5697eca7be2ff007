//! What the data takes on disk, and how much of that is free for what comes.

use serde::{Deserialize, Serialize};

use crate::{Reader, StoreError, table::Table};

/// Bytes. The file never shrinks: what is freed in it is written over before it grows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Space {
    pub file: u64,
    /// Of the file: what holds something.
    pub used: u64,
    /// Of that: samples and their roll-ups.
    pub series: u64,
    /// Of those: the roll-ups.
    pub rolled: u64,
    /// Of what is used: the journal with its indexes.
    pub journal: u64,
    /// Of that: old months, folded together.
    #[serde(default)]
    pub archived: u64,
}

impl Space {
    pub fn free(&self) -> u64 {
        self.file.saturating_sub(self.used)
    }
}

impl Reader {
    pub fn space(&self) -> Result<Space, StoreError> {
        let mut space = Space { file: self.core.file_bytes(), ..Space::default() };
        self.core.read(|txn| {
            for table in Table::ALL {
                let bytes = self.core.table(table).bytes(txn)?;
                space.used += bytes;
                if table == Table::Rolled {
                    space.rolled += bytes;
                }
                match table {
                    Table::Chunks | Table::Tail | Table::Rolled | Table::Series => space.series += bytes,
                    Table::Archive => {
                        space.archived += bytes;
                        space.journal += bytes;
                    }
                    Table::Journal | Table::Effects | Table::Chain | Table::Heads => space.journal += bytes,
                    _ => {}
                }
            }
            Ok(space)
        })
    }
}
