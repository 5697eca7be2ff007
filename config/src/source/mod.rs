//! From a folder, an environment and flags to one tree of values that know where they came from.

mod files;
mod layers;
mod redirects;
mod secrets;
mod spans;
mod text;

pub use files::home_files;
pub(crate) use files::read_folder;
pub(crate) use layers::{Layers, Override};
pub(crate) use redirects::Redirects;
pub use secrets::secret_lines;
pub(crate) use spans::{At, KeyPath, Seg};
pub(crate) use text::SourceText;
