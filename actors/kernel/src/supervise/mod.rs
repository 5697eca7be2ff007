//! Supervision: who starts whom, what happens when one fails, and what everybody can see of it.

mod child;
mod limits;
mod registry;
mod supervisor;

pub use child::{Child, child};
pub use limits::{Limits, Strategy};
pub use registry::{ChildReport, ChildState, Registry};
pub use supervisor::{Supervisor, SupervisorSpec};
