//! A test's own folder. It stays when the test fails.

use std::path::{Path, PathBuf};

/// Holds everything of one test: home, data, logs, the broker's files.
pub struct Place {
    folder: Option<tempfile::TempDir>,
    path: PathBuf,
    binary: &'static str,
}

impl Place {
    /// `binary` is `env!("CARGO_BIN_EXE_lares-under-test")` of the test target.
    pub fn new(binary: &'static str, name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(&format!("lares-{name}-")).tempdir().unwrap();
        let path = folder.path().to_owned();
        std::fs::create_dir_all(path.join("home")).unwrap();
        Self { folder: Some(folder), path, binary }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn home(&self) -> PathBuf {
        self.path.join("home")
    }

    pub fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    pub fn binary(&self) -> &'static str {
        self.binary
    }

    /// Writes a file of the home folder.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.home().join(name), text).unwrap();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(folder) = self.folder.take()
        {
            eprintln!("what it left is in {}", folder.keep().display());
        }
    }
}
