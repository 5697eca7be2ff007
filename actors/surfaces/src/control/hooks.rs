//! What the control socket is given by the process around it.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use lares_config::Home;
use lares_graph::Graph;
use lares_kernel::Door;
use lares_model::{Timestamp, Value};

use super::{Recording, Reloaded};
use crate::auth::Access;
use crate::displays::Boards;
use crate::files::HomeFiles;
use crate::views::TrialView;
use crate::voice::{Hearing, Speaking, Talks};

/// An answer that takes its time.
pub type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A rule to be tried, and what is taken as so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TryRule {
    pub rule: String,
    /// `id` or number of the trigger, from 1; none: the first.
    pub trigger: Option<String>,
    /// Readings by their entity.
    pub assume: Vec<(String, Value)>,
    /// The time it is taken to be.
    pub at: Option<Timestamp>,
}

/// Orders that concern the process itself.
pub trait ControlHooks: Send + Sync + 'static {
    /// Reads the home again. `Err`: it could not even be tried.
    fn reload(&self) -> Pending<Result<Reloaded, String>>;

    /// Lets the door know the guests as they are now; the files are not read again. `Err`: it could not be done.
    fn guests(&self) -> Pending<Result<Reloaded, String>> {
        Box::pin(async { Err("no guests are taken in here".to_owned()) })
    }

    /// Begins an orderly stop, and returns before it is done.
    fn stop(&self, reason: &str);

    /// Begins to record what comes in on the wires into a new file, or ends it (`None`).
    fn record(&self, path: Option<PathBuf>) -> Result<Recording, String> {
        let _ = path;
        Err("nothing can be recorded here".to_owned())
    }

    /// Tries a rule without moving anything. `Err`: what is wrong with the question, in words.
    fn try_rule(&self, asked: &TryRule) -> Result<TrialView, String> {
        let _ = asked;
        Err("no rule can be tried here".to_owned())
    }

    /// What else `lares status` shows, by name: the broker's address, ...
    fn facts(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// All that the actor needs. Cheap to clone.
#[derive(Clone)]
pub struct ControlSetup {
    /// The data folder: the socket lies in it.
    pub data: PathBuf,
    /// The home folder.
    pub files: Arc<HomeFiles>,
    pub version: String,
    pub graph: Graph,
    pub door: Door,
    pub hooks: Arc<dyn ControlHooks>,
    /// The configuration in force.
    pub in_force: Arc<dyn Fn() -> Arc<Home> + Send + Sync>,
    /// Accounts and tokens.
    pub access: Arc<Access>,
    /// The ears, as far as they are open.
    pub hearing: Hearing,
    /// Its voice.
    pub speaking: Speaking,
    /// What was talked about last.
    pub talks: Talks,
    /// What displays show that is kept nowhere.
    pub boards: Boards,
    /// Keys of the tree's top branches as they are started.
    pub order: Vec<String>,
}
