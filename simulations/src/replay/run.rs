//! One replay: a household of its own, on one thread, in tokio's paused time.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lares_graph::{Graph, GraphOptions};
use lares_kernel::{Clock, InlineBlocking, Ports, SeededChance, SystemClock, VirtualClock};
use lares_model::{Body, Draft, NodeId, Origin, Timestamp, Write};
use lares_tree::{Household, Parts, SpawnTable};

use super::feed::{Counts, Feed};
use super::observer::Observer;
use super::{Options, ReplayError, Source, Summary};
use crate::recording::{Entry, Kept, Recording, Span};
use crate::wires;

/// How long the household goes on after the last line, in virtual time: commands meet their receipts, and what is due
/// by then happens.
const AFTERWARDS: Duration = Duration::from_secs(60);

/// Who is shown every event.
pub type Watch = Arc<dyn Fn(&lares_model::Event) + Send + Sync>;

/// Instead of every ten seconds, the house looks for hung handlers every hour: a month has 3 million of those.
const LOOKS: u32 = 360;

/// Runs a recording through a household. Blocks until it is done; not to be called within an async runtime.
///
/// # Errors
/// What kept it from starting or from coming to its end. Lines that cannot be read are none: they are counted.
pub fn replay(options: &Options) -> Result<Summary, ReplayError> {
    replay_watched(options, &(Arc::new(|_: &lares_model::Event| {}) as Watch))
}

/// The same, with somebody who is shown every event as it is published. They can change nothing.
///
/// # Errors
/// As of [`replay`].
pub fn replay_watched(options: &Options, watch: &Watch) -> Result<Summary, ReplayError> {
    let wall = SystemClock::default();
    // Neither IO nor any other driver but time: whatever tried to open a socket would fail.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .map_err(|e| ReplayError::Start(e.to_string()))?;
    let mut summary = runtime.block_on(run(options, watch))?;
    summary.wall_seconds = wall.elapsed().as_secs_f64();
    summary.events_per_second = summary.events as f64 / summary.wall_seconds.max(1e-9);
    Ok(summary)
}

async fn run(options: &Options, watch: &Watch) -> Result<Summary, ReplayError> {
    let mut counts = Counts::default();
    let mut lines = Lines::open(&options.source, &mut counts)?;
    let folder = Folder::new(options.data.as_deref())?;
    let start = lines.begin();
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(start).looking_rarely(LOOKS));
    let (graph, opened) =
        Graph::open(GraphOptions::inline(folder.path(), clock.clone())).map_err(ReplayError::Open)?;
    let ports = Ports {
        clock: clock.clone(),
        chance: Arc::new(SeededChance::new(options.seed)),
        blocking: Arc::new(InlineBlocking),
        journal: graph.journal(),
    };
    if let Lines::Kept(kept, _) = &mut lines {
        remember(&graph, std::mem::take(&mut kept.world), start)?;
    }
    let observer = Observer::default();
    let parts = Parts {
        ports,
        graph: graph.clone(),
        opened,
        home: options.home.clone(),
        spawn: spawn_table(options, lines.is_own(), &observer, watch)?,
        version: options.version.clone(),
    };
    let (household, mut fatal) = Household::start(parts).await.map_err(ReplayError::Start)?;
    let house = household.house().clone();
    let mut feed = Feed::new(house.clone(), options.reports, start, counts);
    tokio::select! {
        biased;
        reason = &mut fatal => return Err(ReplayError::Fatal(reason.unwrap_or_default())),
        done = lines.feed(&mut feed) => done?,
    }
    tokio::time::sleep(AFTERWARDS).await;
    let mut summary = Summary { began: start, seed: options.seed, ..Summary::default() };
    observer.tell(&house, &mut summary);
    household.stop("the recording is over").await.map_err(ReplayError::Stop)?;
    let Counts { fed, manual, ignored, answers, unbound, broken, out_of_order, troubles } = feed.counts;
    let reader = graph.reader();
    Ok(Summary {
        events: fed,
        journal_entries: reader.counts()?.events,
        manual,
        ignored,
        answers,
        unbound,
        broken,
        out_of_order,
        troubles,
        virtual_seconds: clock.elapsed().as_secs_f64(),
        journal_hash: reader.journal_hash()?.iter().map(|b| format!("{b:02x}")).collect(),
        ..summary
    })
}

/// What is to be fed, opened.
enum Lines {
    /// With the first line that can be read: virtual time begins with it.
    Recorded(Box<Recording>, Entry),
    Kept(Box<Kept>, Span),
}

impl Lines {
    fn open(source: &Source, counts: &mut Counts) -> Result<Self, ReplayError> {
        match source {
            Source::Recording(path) => {
                let mut recording = Recording::open(path)?;
                let first = first(path, &mut recording, counts)?;
                Ok(Self::Recorded(Box::new(recording), first))
            }
            Source::Kept(span) => Ok(Self::Kept(Box::new(Kept::read(span)?), span.clone())),
        }
    }

    fn begin(&self) -> Timestamp {
        match self {
            Self::Recorded(_, first) => first.at,
            Self::Kept(_, span) => span.from,
        }
    }

    /// The devices on the wires are those that were there then.
    fn is_own(&self) -> bool {
        match self {
            Self::Recorded(recording, _) => recording.is_own(),
            Self::Kept(..) => true,
        }
    }

    async fn feed(self, feed: &mut Feed) -> Result<(), ReplayError> {
        match self {
            Self::Recorded(mut recording, first) => feed.all(first, &mut recording).await,
            Self::Kept(kept, span) => {
                feed.kept(*kept, span.to).await;
                Ok(())
            }
        }
    }
}

/// The life graph as it was. The household that starts on it finds its devices there, as after any start.
fn remember(graph: &Graph, world: Vec<Write>, at: Timestamp) -> Result<(), ReplayError> {
    let text = format!("as it was on {}", jiff::Timestamp::from_microsecond(at.0).unwrap_or_default());
    let draft = Draft::new(NodeId::household(), Origin::System, Body::Notice { text });
    graph.journal().append(draft, world);
    graph.sync_blocking().map_err(ReplayError::Start)
}

fn first(path: &Path, recording: &mut Recording, counts: &mut Counts) -> Result<Entry, ReplayError> {
    loop {
        match recording.next_entry()? {
            Some(Ok(entry)) => return Ok(entry),
            Some(Err(trouble)) => counts.broken(trouble),
            None => {
                let first = counts.troubles.first();
                let first = first.map_or_else(String::new, |t| format!("; line {}: {}", t.line, t.reason));
                return Err(ReplayError::Empty { path: path.to_path_buf(), first });
            }
        }
    }
}

fn spawn_table(
    options: &Options,
    own: bool,
    observer: &Observer,
    watch: &Watch,
) -> Result<SpawnTable, ReplayError> {
    let mut table = SpawnTable::new();
    let (observer, watch) = (observer.clone(), watch.clone());
    // The first branch: nothing of what is decided has happened yet.
    table.insert(
        "core",
        Box::new(move |house| {
            observer.attend(house);
            let watch = watch.clone();
            house.world().bus().subscribe(
                &"simulation/watch".into(),
                vec![lares_kernel::Interest::Everything],
                move |event| watch(event),
            );
            Vec::new()
        }),
    );
    table.insert("gateways", Box::new(wires::table(&options.home, own).map_err(ReplayError::Twins)?));
    Ok(table)
}

/// Where the journal lies.
enum Folder<'a> {
    Kept(&'a Path),
    Passing(tempfile::TempDir),
}

impl<'a> Folder<'a> {
    fn new(data: Option<&'a Path>) -> Result<Self, ReplayError> {
        let Some(path) = data else {
            let failed = |source| ReplayError::Data { path: std::env::temp_dir(), source };
            return Ok(Self::Passing(tempfile::tempdir().map_err(failed)?));
        };
        let failed = |source| ReplayError::Data { path: path.to_path_buf(), source };
        std::fs::create_dir_all(path).map_err(failed)?;
        if std::fs::read_dir(path).map_err(failed)?.next().is_some() {
            return Err(ReplayError::DataInUse { path: path.to_path_buf() });
        }
        Ok(Self::Kept(path))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Passing(folder) => folder.path(),
        }
    }
}
