//! Where the workspace is.

use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`, two above this crate's.
pub fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
