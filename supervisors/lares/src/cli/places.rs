//! Where home and data are, after the XDG rules.

use std::path::PathBuf;

use super::args::Global;
use super::exit::Failure;

impl Global {
    pub fn home(&self) -> Result<PathBuf, Failure> {
        match &self.home {
            Some(dir) => absolute(dir.clone(), "--home"),
            None => xdg("XDG_CONFIG_HOME", ".config").ok_or_else(|| nowhere("home", "--home")),
        }
    }

    pub fn data(&self) -> Result<PathBuf, Failure> {
        match &self.data {
            Some(dir) => absolute(dir.clone(), "--data"),
            None => xdg("XDG_DATA_HOME", ".local/share").ok_or_else(|| nowhere("data", "--data")),
        }
    }
}

/// What is typed may be relative; what is told to others must not be.
fn absolute(dir: PathBuf, flag: &str) -> Result<PathBuf, Failure> {
    std::path::absolute(&dir).map_err(|e| Failure::input(format!("{flag} {}: {e}", dir.display())))
}

/// A relative path in the variable counts for nothing, as the XDG rules say.
fn xdg(variable: &str, below_home: &str) -> Option<PathBuf> {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|p| p.is_absolute());
    let base =
        set.or_else(|| std::env::home_dir().filter(|h| h.is_absolute()).map(|h| h.join(below_home)))?;
    Some(base.join("lares"))
}

fn nowhere(what: &str, flag: &str) -> Failure {
    Failure::input(format!("there is no default {what} folder without a home directory"))
        .hint(format!("name one with {flag}"))
}
