//! What a process holds.

use std::path::Path;

/// Of one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Used {
    pub threads: usize,
    pub files: usize,
    /// All that is in memory, mapped files too, in KiB.
    pub resident: usize,
    /// What of it is no file's, in KiB.
    pub anonymous: usize,
}

impl Used {
    pub fn by(pid: u32) -> Self {
        let count = |folder: &str| {
            std::fs::read_dir(Path::new("/proc").join(pid.to_string()).join(folder)).unwrap().count()
        };
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let kib = |key: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(key)).unwrap_or_else(|| panic!("no {key}"));
            line.trim().trim_end_matches(" kB").parse().unwrap()
        };
        Self {
            threads: count("task"),
            files: count("fd"),
            resident: kib("VmRSS:"),
            anonymous: kib("RssAnon:"),
        }
    }
}
