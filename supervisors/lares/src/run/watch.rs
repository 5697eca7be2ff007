//! `--watch`: saving a file of the home folder reloads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;

use super::hooks::Order;

/// An editor's save is a few writes and a rename; a change counts when it has stood for one look.
const LOOK: Duration = Duration::from_secs(1);

type Stamps = BTreeMap<PathBuf, (SystemTime, u64)>;

/// Looks at the home folder from now on and orders a reload when its files have changed.
pub fn start(home: PathBuf, orders: mpsc::Sender<Order>) {
    tokio::spawn(async move {
        let mut watched = Watched::new(stamps(&home));
        loop {
            tokio::time::sleep(LOOK).await;
            if watched.changed(stamps(&home)) && orders.send(Order::Reload(None)).await.is_err() {
                return;
            }
        }
    });
}

fn stamps(home: &Path) -> Stamps {
    let stamp = |path: PathBuf| {
        let meta = path.metadata().ok()?;
        let at = meta.modified().ok()?;
        Some((path, (at, meta.len())))
    };
    lares_config::home_files(home).into_iter().filter_map(stamp).collect()
}

struct Watched {
    loaded: Stamps,
    last: Stamps,
}

impl Watched {
    fn new(loaded: Stamps) -> Self {
        Self { last: loaded.clone(), loaded }
    }

    /// Whether the files are others than those last loaded, and the same as at the last look.
    fn changed(&mut self, now: Stamps) -> bool {
        let stands = now == self.last;
        let changed = stands && now != self.loaded;
        if changed {
            self.loaded.clone_from(&now);
        }
        self.last = now;
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, u64)]) -> Stamps {
        let stamp = |(name, n): &(&str, u64)| {
            (PathBuf::from(name), (SystemTime::UNIX_EPOCH + Duration::from_secs(*n), *n))
        };
        files.iter().map(stamp).collect()
    }

    #[test]
    fn a_change_counts_once_and_when_it_has_stood_for_a_look() {
        let mut watched = Watched::new(files(&[("a", 1), ("b", 1)]));
        let mut look = |now: &[(&str, u64)]| watched.changed(files(now));
        assert!(!look(&[("a", 1), ("b", 1)]), "nothing changed");
        assert!(!look(&[("a", 2), ("b", 1)]), "it may still be written");
        assert!(!look(&[("a", 3), ("b", 1)]), "it was");
        assert!(look(&[("a", 3), ("b", 1)]));
        assert!(!look(&[("a", 3), ("b", 1)]), "once");
        assert!(!look(&[("a", 3)]) && look(&[("a", 3)]), "a file that went");
        assert!(!look(&[("a", 3), ("c", 1)]) && look(&[("a", 3), ("c", 1)]), "a file that came");
        assert!(!look(&[("a", 4), ("c", 1)]) && !look(&[("a", 3), ("c", 1)]) && !look(&[("a", 3), ("c", 1)]));
    }
}
