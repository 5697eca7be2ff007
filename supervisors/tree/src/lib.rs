//! The whole supervision tree as one page of data, and what starts, reloads and stops a household by it.
//!
//! **Absent on purpose:** gateways and surfaces. What a place in the tree starts beyond the household's own actors is
//! handed in by the caller as a [`SpawnTable`]: the product passes real gateways, the simulation passes an echo.

mod called;
mod children;
mod household;
mod music;
mod nodes;
mod phone;
mod plan;
mod reload;
mod tree;
mod voices;
mod wires;

pub use household::{Household, Parts};
pub use plan::{PlannedBranch, plan};
pub use reload::{Loader, Reloaded};
pub use tree::{Branch, SpawnTable, TREE};
