//! Supervision: who starts whom, what happens when one fails, and what everybody can see of it.

mod child;
mod limits;
mod orders;
mod registry;
mod supervisor;

pub use child::{Child, child};
pub use limits::{Limits, Strategy};
pub use orders::{OrderError, Supervisor};
pub use registry::{ChildReport, ChildState, Registry};
pub use supervisor::SupervisorSpec;
