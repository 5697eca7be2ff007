//! The home's files in a running household: shown, changed, confirmed, taken back. What blocks is all here, and is called
//! away from the threads that serve.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lares_kernel::Clock;
use lares_model::Timestamp;
use tokio::sync::watch;

use super::changes::{Change, ChangeState, Changes};
use super::folder::{Folder, Unwritten, remove, replace};
use super::names::{self, Listed, inside, tag};
use crate::views::Moment;

/// A new text for a file.
#[derive(Clone, Debug)]
pub struct Edit {
    pub path: String,
    pub text: String,
    /// The tag of the text that was edited; none: the file is new.
    pub on: Option<String>,
    /// It goes back unless it is confirmed within this.
    pub within: Duration,
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
        let Some(waiting) = self.waiting() else { return };
        let now = clock.now();
        if now < waiting.at.0 || now >= waiting.ends.0 {
            match self.take_back(waiting.id, None) {
                Ok(change) => {
                    tracing::warn!(path = change.path, state = ?change.state, "a change of the home that nobody confirmed in time has ended")
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

    /// All files as they would be with this text, which must be fit to be shown.
    ///
    /// # Errors
    /// A path or a text that is not taken here, or files that cannot be read.
    pub fn with(&self, path: &str, text: &str) -> Result<lares_config::edit::Files, Unwritten> {
        inside(&self.folder.root, path)?;
        names::fit(path, text)?;
        let mut files = self.folder.texts()?;
        files.retain(|(p, _)| p != path);
        files.push((path.to_owned(), text.to_owned()));
        files.sort();
        Ok(files)
    }

    /// Writes it, after what takes it back is on disk.
    ///
    /// # Errors
    /// Then nothing is written.
    pub fn begin(&self, edit: &Edit, who: &str, clock: &dyn Clock) -> Result<Change, Unwritten> {
        let mut changes = self.lock();
        if let Some(Change { id, path, who, .. }) = changes.waiting() {
            let words = format!("change {id} of {path} by {who} waits: confirm it or take it back first");
            return Err(Unwritten::Conflict(words));
        }
        let place = inside(&self.folder.root, &edit.path)?;
        let before = self.text(&edit.path)?;
        if before.as_deref().map(tag) != edit.on {
            return Err(Unwritten::Meanwhile(edit.path.clone()));
        }
        if before.as_deref() == Some(&edit.text) {
            return Err(Unwritten::Input(format!("{} is so already", edit.path)));
        }
        self.folder.check(self.with(&edit.path, &edit.text)?).map_err(Unwritten::Would)?;
        let now = clock.now();
        let change = Change {
            id: changes.next_id(),
            path: edit.path.clone(),
            before,
            after: edit.text.clone(),
            who: who.to_owned(),
            at: Moment(now),
            ends: Moment(now + edit.within),
            state: ChangeState::Waiting,
            by: None,
            told: false,
        };
        let failed = |e: std::io::Error| Unwritten::Write { path: edit.path.clone(), why: e.to_string() };
        changes.put(change.clone()).map_err(failed)?;
        if let Err(e) = replace(&place, &edit.text) {
            changes.put(Change { state: ChangeState::TakenBack, told: true, ..change }).map_err(failed)?;
            return Err(failed(e));
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
                change.path
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
            return Err(Unwritten::Conflict(format!("change {id} of {} has ended", change.path)));
        }
        match self.put_back(&change) {
            Ok(()) => self.end(&mut changes, change, ChangeState::TakenBack, who),
            Err(Unwritten::Write { path, why }) => Err(Unwritten::Write { path, why }),
            Err(why) if who.is_some() => Err(why),
            Err(why) => {
                tracing::warn!(why = %why, "a change of the home that nobody confirmed stays");
                self.end(&mut changes, change, ChangeState::Left, None)
            }
        }
    }

    fn put_back(&self, change: &Change) -> Result<(), Unwritten> {
        let place = inside(&self.folder.root, &change.path)?;
        let now = self.text(&change.path)?;
        // A kill between the record and the file, or between the file and the record.
        if now == change.before {
            return Ok(());
        }
        if now.as_deref() != Some(&change.after) {
            return Err(Unwritten::Meanwhile(change.path.clone()));
        }
        let mut files = self.folder.texts()?;
        files.retain(|(p, _)| *p != change.path);
        files.extend(change.before.clone().map(|text| (change.path.clone(), text)));
        files.sort();
        // If nothing is a good home any more, the one that was is the better guess.
        if let Err(problems) = self.folder.check(files)
            && self.folder.open().is_ok()
        {
            return Err(Unwritten::Would(problems));
        }
        let written = match &change.before {
            Some(text) => replace(&place, text),
            None => remove(&place),
        };
        written.map_err(|e| Unwritten::Write { path: change.path.clone(), why: e.to_string() })
    }

    fn end(
        &self,
        changes: &mut Changes,
        change: Change,
        state: ChangeState,
        by: Option<&str>,
    ) -> Result<Change, Unwritten> {
        let ended = Change { state, by: by.map(str::to_owned), ..change };
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
        let Change { id, path, who, ends, .. } = self.waiting()?;
        let left = crate::views::length(ends.0.since(now));
        Some(format!(
            "change {id} of {path} by {who} goes back in {left} unless it is confirmed: on the dashboard, or by `lares home confirm`"
        ))
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unkept(e: std::io::Error) -> Unwritten {
    Unwritten::Write { path: "changes.json".to_owned(), why: e.to_string() }
}
