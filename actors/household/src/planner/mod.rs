//! The planner: from the configuration and the calendar to an immutable plan of timed steps, and its execution as
//! durable timers.

mod actor;
mod plan;
mod sun;
#[cfg(test)]
mod tests;

pub use actor::{PlanActor, PlanMessage};
pub use plan::{Calendar, OWNER, Plan, Step};
pub use sun::{sun_event, sun_is_up};
