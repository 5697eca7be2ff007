//! The store: LMDB tables, their keys and values, the spool before them, and reading back.
//!
//! **Absent on purpose:** threads, clocks, waiting, actors. `lares-graph` decides when a group is written; this
//! crate knows how. It is the only crate that names heed, and no heed type leaves it except inside an error.

mod apply;
mod archive;
mod chain;
mod check;
mod codec;
mod copy;
mod core;
mod dump;
mod edges;
mod env;
mod error;
mod forget;
mod frame;
#[cfg(test)]
mod golden;
mod gone;
mod journal;
mod key;
mod keys;
mod lock;
mod meta;
mod migrate;
mod moment;
mod open;
mod reader;
mod record;
mod reseal;
mod seal;
mod series;
mod shape;
mod space;
mod spaces;
mod spool;
mod table;
mod values;

pub use check::CheckReport;
pub use codec::{Codec, DecodeError, Plain};
pub use copy::{BackupError, DATABASE, Manifest, PROVEN, prove, proven, put_back};
pub use dump::{DumpError, Dumped, load};
pub use error::{OpenError, StoreError};
pub use forget::{Forgotten, Owners, forget};
pub use frame::{Changes, Entry, Group, Keep};
pub use journal::Found;
pub use key::KeyError;
pub use keys::{Sealing, change_key};
pub use meta::Counters;
pub use open::{Opened, Store, StoreOptions};
pub use reader::{Counts, Reader};
pub use seal::{HouseholdKey, KeyFileError, key_file, private_file};
pub use series::{
    Bucket, Change, Correction, KeepFor, Keeping, KeptSeries, Resolution, RolledBucket, Sample, Sifted,
    Upkeep, sift,
};
pub use shape::{EdgeChange, Parts};
pub use space::Space;
pub use spool::Spool;
pub use table::Table;
pub use values::LastState;
