//! Who speaks and listens on a line as the receptionist says: [`Desk`] takes calls from the gateway, a task for each line does what is
//! asked of it and tells what happens. What is decided is decided elsewhere.

mod desk;
mod line;
mod listening;
mod saying;
#[cfg(test)]
mod tests;

pub use desk::{Desk, DeskSetup};
pub use saying::Voice;
