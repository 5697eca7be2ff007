//! Changing the home from a surface, from the first look to the household's having taken it in; and the keeper of time,
//! which takes back what nobody confirmed.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::World;
use lares_model::{Body, Draft, NodeId, Origin};

use super::changes::{Change, ChangeState};
use super::{Edit, HomeFiles, Unwritten};
use crate::away::away;
use crate::control::{Asked, ControlHooks, Reloaded};
use crate::views::{Telling, length};
use crate::who::origin;

/// When what could not be taken back is tried again: a full or read-only disk.
const AGAIN: Duration = Duration::from_secs(30);

/// What is needed to change the home.
#[derive(Clone)]
pub struct Desk {
    pub files: Arc<HomeFiles>,
    pub world: World,
    pub hooks: Arc<dyn ControlHooks>,
}

impl Desk {
    pub(crate) fn of(asked: &Asked) -> Self {
        let setup = &asked.setup;
        Self { files: setup.files.clone(), world: asked.world.clone(), hooks: setup.hooks.clone() }
    }

    /// Writes it and lets the household take it in. It goes back by itself unless it is confirmed.
    ///
    /// # Errors
    /// Then all is as it was.
    pub(crate) async fn apply(
        &self,
        edit: Edit,
        who: &str,
        zone: &str,
    ) -> Result<(Change, Reloaded), Unwritten> {
        let _turn = self.files.turn.lock().await;
        let (within, author, clock) = (edit.within, who.to_owned(), self.world.clock().clone());
        let change = self.work(move |files| files.begin(&edit, &author, &*clock)).await?;
        let reloaded = match self.hooks.reload().await {
            Ok(reloaded) if reloaded.problems.is_empty() => reloaded,
            refused => {
                let why = refused.map_or_else(|e| e, |r| r.problems.join("\n"));
                let id = change.id;
                self.work(move |files| files.take_back(id, None).and_then(|c| files.told(c))).await?;
                let _ = self.hooks.reload().await;
                let words = format!("the household did not take it in, so that it is as it was:\n{why}");
                return Err(Unwritten::Conflict(words));
            }
        };
        let (id, path, view) = (change.id, change.files(), change.view());
        let ends = Telling::in_zone(zone, self.world.clock().now(), true).clock(change.ends.0);
        let text = format!(
            "{who} changed {path} on the dashboard (+{} -{} lines); it goes back by itself at {ends}, {} after, unless \
             somebody confirms it; the way back: House, Configuration, Take back change {id}, or `lares home revert {id}`",
            view.added,
            view.gone,
            length(within),
        );
        self.note(Origin::Person(who.into()), text);
        Ok((change, reloaded))
    }

    pub(crate) async fn confirm(&self, id: u64, who: &str) -> Result<Change, Unwritten> {
        let _turn = self.files.turn.lock().await;
        let by = who.to_owned();
        let change = self.work(move |files| files.confirm(id, &by)).await?;
        self.tell(&change).await;
        Ok(change)
    }

    /// Takes it back; by nobody: its time is over.
    ///
    /// # Errors
    /// Then the file is as it was.
    pub(crate) async fn take_back(
        &self,
        id: u64,
        who: Option<&str>,
    ) -> Result<(Change, Reloaded), Unwritten> {
        let _turn = self.files.turn.lock().await;
        let by = who.map(str::to_owned);
        let change = self.work(move |files| files.take_back(id, by.as_deref())).await?;
        let reloaded = self.hooks.reload().await;
        self.tell(&change).await;
        Ok((change, reloaded.map_err(Unwritten::Conflict)?))
    }

    /// Takes back what nobody confirms in time, for as long as the household runs.
    pub async fn keep_time(self) {
        for change in self.files.untold() {
            self.tell(&change).await;
        }
        let mut due = self.files.due();
        loop {
            let at = *due.borrow_and_update();
            let left = at.map(|at| at.saturating_sub(self.world.clock().elapsed()));
            tokio::select! {
                biased;
                changed = due.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(left.unwrap_or_default()), if left.is_some() => self.time_is_over().await,
            }
        }
    }

    async fn time_is_over(&self) {
        let Some(waiting) = self.files.waiting() else { return };
        if let Err(e) = self.take_back(waiting.id, None).await {
            tracing::error!(error = %e, files = waiting.files(), "a change that nobody confirmed cannot go back yet");
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Into the journal: who, when, what, and the way back.
    async fn tell(&self, change: &Change) {
        let (Change { id, who, state, by, .. }, path) = (change, change.files());
        let origin = by.as_deref().map_or(Origin::System, origin);
        let by = by.as_deref().unwrap_or("nobody");
        let length = length(change.ends.0.since(change.at.0));
        let text = match state {
            ChangeState::Waiting => return,
            ChangeState::Confirmed => format!(
                "{by} confirmed change {id} of {path} by {who}; the way back: House, Configuration, Take back change {id}, or `lares home revert {id}`"
            ),
            ChangeState::TakenBack if change.by.is_some() => {
                format!("{by} took back change {id} of {path} by {who}: all is as it was before it")
            }
            ChangeState::TakenBack => format!(
                "change {id} of {path} by {who} went back by itself: nobody confirmed it within {length}"
            ),
            ChangeState::Left => format!(
                "nobody confirmed change {id} of {path} by {who} within {length}, and it stays: the file was changed \
                 since, or the rest of the home needs it"
            ),
        };
        self.note(origin, text);
        let told = change.clone();
        if let Err(e) = self.work(move |files| files.told(told)).await {
            tracing::warn!(error = %e, "it will be told again that a change of the home has ended");
        }
    }

    fn note(&self, origin: Origin, text: String) {
        self.world.publish(Draft::new(NodeId::household(), origin, Body::Notice { text }));
    }

    /// Away from the threads that serve.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&HomeFiles) -> Result<T, Unwritten> + Send + 'static,
    ) -> Result<T, Unwritten> {
        let files = self.files.clone();
        away(&self.world, move || work(&files)).await.unwrap_or_else(|e| Err(Unwritten::Conflict(e)))
    }
}
