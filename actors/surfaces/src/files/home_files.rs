//! The home's files in a running household: shown, changed, confirmed, taken back. What blocks is all here, and is called
//! away from the threads that serve.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lares_kernel::Clock;
use lares_model::Timestamp;
use tokio::sync::watch;

use super::changes::{Change, ChangeState, Changes, Part};
use super::folder::{Folder, Unwritten};
use super::names::{self, Listed, inside, tag};
use super::parts;
use crate::views::Moment;

/// A new text for a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    pub path: String,
    pub text: String,
    /// The tag of the text that was edited; none: the file is new.
    pub on: Option<String>,
}

/// New texts that are to be in force together.
#[derive(Clone, Debug)]
pub struct Edit {
    pub first: Text,
    pub also: Vec<Text>,
    /// It goes back unless it is confirmed within this.
    pub within: Duration,
}

impl Edit {
    fn texts(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.first).chain(&self.also)
    }
}

/// The home's files, and what was changed on a surface.
pub struct HomeFiles {
    pub folder: Folder,
    /// One at a time changes something, from the first look to the household's having taken it in.
    pub turn: tokio::sync::Mutex<()>,
    changes: Mutex<Changes>,
    /// When the one that waits goes back, as the time that has passed since the start; a clock that is set changes nothing.
    due: watch::Sender<Option<Duration>>,
}

impl HomeFiles {
    pub fn open(folder: Folder, data: &Path) -> Self {
        let (changes, due) = (Mutex::new(Changes::open(data)), watch::Sender::new(None));
        Self { folder, turn: tokio::sync::Mutex::default(), changes, due }
    }

    /// Before the home is read: what nobody confirmed in time goes back, what has time left keeps it. Where the clock is
    /// behind the change, nobody can say how much time has passed.
    pub fn start(&self, clock: &dyn Clock) {
        self.finish();
        let Some(waiting) = self.waiting() else { return };
        let now = clock.now();
        let over = now < waiting.at.0 || now >= waiting.ends.0;
        // Half of a change is no home that anybody wrote.
        if over || parts::is_half(&self.folder, &waiting) {
            match self.take_back(waiting.id, None) {
                Ok(change) => {
                    tracing::warn!(files = change.files(), state = ?change.state, "a change of the home that nobody confirmed in time has ended")
                }
                Err(e) => {
                    tracing::error!(error = %e, "a change of the home that nobody confirmed cannot go back")
                }
            }
        }
        if self.waiting().is_some() {
            self.due.send_replace(Some(clock.elapsed() + waiting.ends.0.since(now)));
        }
    }

    /// A change that was being taken back when a kill came goes back to the end.
    fn finish(&self) {
        let left: Vec<Change> = self.lock().all().iter().filter(|c| c.going_back).cloned().collect();
        for change in left {
            let by = change.by.clone();
            let ended = self
                .put_back(&change)
                .and_then(|()| self.end(&mut self.lock(), change, ChangeState::TakenBack, by.as_deref()));
            if let Err(e) = ended {
                tracing::error!(error = %e, "a change of the home that was being taken back cannot go back");
            }
        }
    }

    pub fn list(&self) -> Vec<Listed> {
        names::list(&self.folder.root)
    }

    /// # Errors
    /// What is no file of the home, or is not shown here.
    pub fn text(&self, path: &str) -> Result<Option<String>, Unwritten> {
        names::read(&self.folder.root, path)
    }

    /// The newest first.
    pub fn changes(&self) -> Vec<Change> {
        self.lock().all().iter().rev().cloned().collect()
    }

    pub fn waiting(&self) -> Option<Change> {
        self.lock().waiting().cloned()
    }

    pub fn due(&self) -> watch::Receiver<Option<Duration>> {
        self.due.subscribe()
    }

    /// All files as they would be with these texts, which must be fit to be shown.
    ///
    /// # Errors
    /// A path or a text that is not taken here, a path that is there twice, or files that cannot be read.
    pub fn with(&self, texts: &[(&str, &str)]) -> Result<lares_config::edit::Files, Unwritten> {
        let mut files = self.folder.texts()?;
        for (n, (path, text)) in texts.iter().enumerate() {
            inside(&self.folder.root, path)?;
            names::fit(path, text)?;
            if texts.iter().take(n).any(|(earlier, _)| earlier == path) {
                return Err(Unwritten::Input(format!("{path} is there twice")));
            }
            files.retain(|(p, _)| p != path);
            files.push(((*path).to_owned(), (*text).to_owned()));
        }
        files.sort();
        Ok(files)
    }

    /// Writes all of it, after what takes it back is on disk.
    ///
    /// # Errors
    /// Then nothing is written.
    pub fn begin(&self, edit: &Edit, who: &str, clock: &dyn Clock) -> Result<Change, Unwritten> {
        let mut changes = self.lock();
        if let Some(waiting) = changes.waiting() {
            let Change { id, who, .. } = waiting;
            let words = format!(
                "change {id} of {} by {who} waits: confirm it or take it back first",
                waiting.files()
            );
            return Err(Unwritten::Conflict(words));
        }
        let mut wanted = Vec::new();
        for Text { path, text, on } in edit.texts() {
            let before = self.text(path)?;
            if before.as_deref().map(tag) != *on {
                return Err(Unwritten::Meanwhile(path.clone()));
            }
            // One that is so already needs no way back.
            if before.as_deref() != Some(text) {
                wanted.push(Part { path: path.clone(), before, after: text.clone() });
            }
        }
        let texts: Vec<_> = edit.texts().map(|t| (t.path.as_str(), t.text.as_str())).collect();
        let files = self.with(&texts)?;
        if wanted.is_empty() {
            return Err(Unwritten::Input(format!("{} is so already", edit.first.path)));
        }
        self.folder.check(files).map_err(Unwritten::Would)?;
        let now = clock.now();
        let first = wanted.remove(0);
        let change = Change {
            id: changes.next_id(),
            first,
            also: wanted,
            going_back: false,
            who: who.to_owned(),
            at: Moment(now),
            ends: Moment(now + edit.within),
            state: ChangeState::Waiting,
            by: None,
            told: false,
        };
        changes.put(change.clone()).map_err(unkept)?;
        if let Err(e) = parts::write(&self.folder, &change) {
            changes.put(Change { state: ChangeState::TakenBack, told: true, ..change }).map_err(unkept)?;
            return Err(e);
        }
        self.due.send_replace(Some(clock.elapsed() + edit.within));
        Ok(change)
    }

    /// # Errors
    /// It does not wait any more.
    pub fn confirm(&self, id: u64, who: &str) -> Result<Change, Unwritten> {
        let mut changes = self.lock();
        let change = changes.find(id).ok_or_else(|| Unwritten::missing(id))?.clone();
        if change.state != ChangeState::Waiting {
            return Err(Unwritten::Conflict(format!(
                "change {id} of {} does not wait any more",
                change.files()
            )));
        }
        self.end(&mut changes, change, ChangeState::Confirmed, Some(who))
    }

    /// Writes what was there before. A file that was changed since stays: nobody's words are lost. By nobody (its time is
    /// over) it ends then all the same.
    ///
    /// # Errors
    /// It cannot be taken back, or nothing could be written: it is as it was.
    pub fn take_back(&self, id: u64, who: Option<&str>) -> Result<Change, Unwritten> {
        let mut changes = self.lock();
        let change = changes.find(id).ok_or_else(|| Unwritten::missing(id))?.clone();
        if !matches!(change.state, ChangeState::Waiting | ChangeState::Confirmed) {
            return Err(Unwritten::Conflict(format!("change {id} of {} has ended", change.files())));
        }
        match self.going_back(&mut changes, &change, who).and_then(|()| self.put_back(&change)) {
            Ok(()) => self.end(&mut changes, change, ChangeState::TakenBack, who),
            Err(Unwritten::Write { path, why }) => Err(Unwritten::Write { path, why }),
            Err(why) if who.is_some() => Err(why),
            Err(why) => {
                tracing::warn!(why = %why, "a change of the home that nobody confirmed stays");
                self.end(&mut changes, change, ChangeState::Left, None)
            }
        }
    }

    /// Of several files, one may have gone back when a kill comes: then the next start ends it.
    fn going_back(&self, changes: &mut Changes, change: &Change, who: Option<&str>) -> Result<(), Unwritten> {
        let left = parts::to_put_back(&self.folder, change)?;
        if left.len() > 1 {
            let by = who.map(str::to_owned);
            changes.put(Change { going_back: true, by, ..change.clone() }).map_err(unkept)?;
        }
        Ok(())
    }

    fn put_back(&self, change: &Change) -> Result<(), Unwritten> {
        let left = parts::to_put_back(&self.folder, change)?;
        left.into_iter().try_for_each(|part| parts::put_back(&self.folder, part))
    }

    fn end(
        &self,
        changes: &mut Changes,
        change: Change,
        state: ChangeState,
        by: Option<&str>,
    ) -> Result<Change, Unwritten> {
        let ended = Change { state, by: by.map(str::to_owned), going_back: false, ..change };
        changes.put(ended.clone()).map_err(unkept)?;
        if changes.waiting().is_none() {
            self.due.send_replace(None);
        }
        Ok(ended)
    }

    /// Ends that the journal does not have yet: a kill came between.
    pub fn untold(&self) -> Vec<Change> {
        let ended = |c: &&Change| !c.told && c.state != ChangeState::Waiting;
        self.lock().all().iter().filter(ended).cloned().collect()
    }

    /// # Errors
    /// Then it will be told again.
    pub fn told(&self, change: Change) -> Result<(), Unwritten> {
        self.lock().put(Change { told: true, ..change }).map_err(unkept)
    }

    /// For `lares status`: what waits, and until when.
    pub fn shown(&self, now: Timestamp) -> Option<String> {
        let waiting = self.waiting()?;
        let (Change { id, who, ends, .. }, files) = (&waiting, waiting.files());
        let left = crate::views::length(ends.0.since(now));
        Some(format!(
            "change {id} of {files} by {who} goes back in {left} unless it is confirmed: on the dashboard, or by `lares home confirm`"
        ))
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unkept(e: std::io::Error) -> Unwritten {
    Unwritten::Write { path: "changes.json".to_owned(), why: e.to_string() }
}
