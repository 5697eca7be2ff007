//! Sealing: AES-256-GCM over every value, under keys that come from the household's key file.
//!
//! The household key never seals data: it wraps a random master key that is kept beside the data. From the master come
//! a key for every session (one start that writes), by a random salt, and the key by which names that stand in
//! database keys are hashed. So the household key can be changed without touching the data, and no two sealed values
//! share key and nonce, also when a backup is restored and lives on beside the original.

mod key_file;
mod passphrase;
mod private;
mod ring;
mod sealed;

pub use key_file::{HouseholdKey, KeyFileError, key_file};
pub(crate) use private::Private;
pub use private::private_file;
pub(crate) use ring::{Ring, SEAL_KEY};
pub(crate) use sealed::Sealed;
