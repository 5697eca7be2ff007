//! Ports to what is not ours: the clock, chance, blocking work, the journal. Each has a real and a virtual one.

mod blocking;
mod chance;
mod clock;
mod journal;
mod steady;

pub use blocking::{Blocking, InlineBlocking, ThreadBlocking};
pub use chance::{Chance, SeededChance, SystemChance};
pub use clock::{Clock, SystemClock, VirtualClock};
pub use journal::{Journal, MemoryJournal};
pub use steady::Steady;
