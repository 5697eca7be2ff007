//! The files of the home, as surfaces and the command line change them: checked as a whole first, each written whole; what is
//! changed on a surface goes back by itself unless somebody confirms it.

mod adopting;
mod changes;
mod desk;
mod diff;
mod folder;
mod home_files;
mod names;
mod parts;
#[cfg(test)]
mod tests;

pub use adopting::{Placed, Placing, Waiting, bound, place, waiting};
pub use changes::{Change, ChangeState, ChangeView, Part};
pub use desk::Desk;
pub use diff::{DiffLine, LineKind, diff};
pub use folder::{Folder, Opened, Unwritten};
pub use home_files::{Edit, HomeFiles, Text};
pub(crate) use names::LONGEST;
pub use names::{Listed, tag};
