//! Persistence of the household: the journal with its ids, the thread that commits, handles to read back,
//! and pure questions over it ([`ask`]).
//!
//! **Absent on purpose:** tables and keys (`lares-store`), actors, and any decision on what is worth keeping.
//!
//! The way of an entry: `append` gives the id and encodes the frame under one lock; `flush` hands the frames to the
//! spool file; the store thread commits groups to the tables and then forgets the spool. A reply of success
//! ([`lares_kernel::Journal::after_sync`]) comes after a synced commit, never before.

pub mod ask;
mod commit;
mod cut;
pub mod exchange;
mod front;
mod graph;
mod health;
mod journal;
mod map;
mod options;
mod overlay;
mod ring;
pub mod samples;
pub mod say;
mod schema;
mod thread;
mod upkeep;
mod waiters;

pub use cut::Cut;
pub use graph::Graph;
pub use health::Health;
pub use lares_store::{
    Bucket, Change, CheckReport, Correction, Counts, DumpError, Dumped, EdgeChange, Forgotten, Found,
    HouseholdKey, KeepFor, Keeping, KeptSeries, KeyFileError, LastState, OpenError, Owners, Parts, Reader,
    Resolution, RolledBucket, Sample, Sealing, Sifted, Space, StoreError, Upkeep, change_key, forget,
    key_file, load, private_file, sift,
};
pub use options::{GraphOptions, Mode, Opened};
pub use schema::{own_props, schema};
pub use upkeep::{KeptEntries, Retention};
