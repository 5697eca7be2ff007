//! What was changed on a surface, and what it was before: kept in a file of the data folder, so that a change that nobody
//! confirms goes back also if the household was killed meanwhile.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::diff::counts;
use super::folder::replace;
use crate::views::Moment;

const FILE: &str = "changes.json";
/// Changes that can be taken back: older ones are in the journal only.
const KEPT: usize = 20;

/// What a change does to one file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    pub path: String,
    /// None: the file was not there.
    pub before: Option<String>,
    pub after: String,
}

/// A change of one file, or of several that are in force together and go back together.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Change {
    pub id: u64,
    #[serde(flatten)]
    pub first: Part,
    #[serde(default)]
    pub also: Vec<Part>,
    /// It is being taken back, and a kill may have come between two of its files.
    #[serde(default)]
    pub going_back: bool,
    /// Key of the person, or `the command line`.
    pub who: String,
    pub at: Moment,
    /// When it goes back unless it is confirmed.
    pub ends: Moment,
    pub state: ChangeState,
    /// Who confirmed it or took it back; none: nobody did in time.
    pub by: Option<String>,
    /// The journal has its end.
    pub told: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// It is in force, and goes back unless somebody confirms it.
    Waiting,
    Confirmed,
    TakenBack,
    /// Nobody confirmed it, and it could not go back: the file was changed since.
    Left,
}

/// A change as it is shown.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChangeView {
    pub id: u64,
    pub path: String,
    /// Files that changed with it.
    #[serde(default)]
    pub also: Vec<String>,
    pub who: String,
    pub at: Moment,
    /// When it goes back unless it is confirmed.
    pub ends: Moment,
    pub state: ChangeState,
    pub by: Option<String>,
    /// Lines that were added, and that went, in all of them.
    pub added: usize,
    pub gone: usize,
}

impl ChangeView {
    /// Its files in words: `lights.toml, rules.toml`.
    pub fn files(&self) -> String {
        std::iter::once(&self.path).chain(&self.also).map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl Change {
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &Part> {
        std::iter::once(&self.first).chain(&self.also)
    }

    /// Its files in words: `lights.toml, rules.toml`.
    pub fn files(&self) -> String {
        self.parts().map(|p| p.path.as_str()).collect::<Vec<_>>().join(", ")
    }

    pub fn view(&self) -> ChangeView {
        let counted = self.parts().map(|p| counts(p.before.as_deref().unwrap_or_default(), &p.after));
        let (added, gone) = counted.fold((0, 0), |(a, g), (added, gone)| (a + added, g + gone));
        let also = self.also.iter().map(|p| p.path.clone()).collect();
        let Self { id, first, who, at, ends, state, by, .. } = self.clone();
        ChangeView { id, path: first.path, also, who, at, ends, state, by, added, gone }
    }
}

/// All that are kept, the oldest first.
#[derive(Debug)]
pub(super) struct Changes {
    file: PathBuf,
    list: Vec<Change>,
}

impl Changes {
    /// What cannot be read is told, and nothing can be taken back then.
    pub fn open(data: &Path) -> Self {
        let file = data.join(FILE);
        let read = fs::read(&file).and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
        let list = read.unwrap_or_else(|e: io::Error| {
            if e.kind() != io::ErrorKind::NotFound {
                tracing::error!(error = %e, file = %file.display(), "what was changed on the dashboard cannot be read");
            }
            Vec::new()
        });
        Self { file, list }
    }

    pub fn all(&self) -> &[Change] {
        &self.list
    }

    pub fn find(&self, id: u64) -> Option<&Change> {
        self.list.iter().find(|c| c.id == id)
    }

    pub fn waiting(&self) -> Option<&Change> {
        self.list.iter().find(|c| c.state == ChangeState::Waiting)
    }

    pub fn next_id(&self) -> u64 {
        self.list.last().map_or(1, |c| c.id + 1)
    }

    /// Keeps it, in place of what it was; on disk when this returns.
    pub fn put(&mut self, change: Change) -> io::Result<()> {
        let mut list: Vec<Change> = self.list.iter().filter(|c| c.id != change.id).cloned().collect();
        list.push(change);
        list.sort_by_key(|c| c.id);
        let surplus = list.len().saturating_sub(KEPT);
        list.drain(..surplus);
        let text = serde_json::to_string(&list)?;
        replace(&self.file, &text)?;
        self.list = list;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lares_model::Timestamp;

    fn change(id: u64) -> Change {
        let (at, ends) = (Moment(Timestamp(0)), Moment(Timestamp(1)));
        let (before, after) = (Some("a\n".to_owned()), "a\nb\n".to_owned());
        let first = Part { path: "a.toml".to_owned(), before, after };
        let (who, state) = ("anna".to_owned(), ChangeState::Waiting);
        let (also, going_back, by, told) = (vec![], false, None, false);
        Change { id, first, also, going_back, who, at, ends, state, by, told }
    }

    /// A folder of data is older than the binary.
    #[test]
    fn what_was_kept_of_one_file_is_read() {
        let kept = r#"{"id":1,"path":"a.toml","before":"a\n","after":"a\nb\n","who":"anna",
            "at":"1970-01-01T00:00:00Z","ends":"1970-01-01T00:00:00.000001Z","state":"waiting","by":null,"told":false}"#;
        assert_eq!(serde_json::from_str::<Change>(kept).unwrap(), change(1));
    }

    #[test]
    fn changes_are_kept_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut changes = Changes::open(folder.path());
        for id in 1..=25 {
            assert_eq!(changes.next_id(), id);
            changes.put(Change { state: ChangeState::Confirmed, ..change(id) }).unwrap();
        }
        changes.put(change(26)).unwrap();
        let again = Changes::open(folder.path());
        assert_eq!(again.all(), changes.all());
        assert_eq!((again.all().len(), again.waiting().map(|c| c.id)), (KEPT, Some(26)));
        assert_eq!((again.find(26).unwrap().view().added, again.find(26).unwrap().view().gone), (1, 0));
        fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(Changes::open(folder.path()).all().is_empty());
    }
}
