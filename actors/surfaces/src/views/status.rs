//! The household at a glance.

use lares_model::{Body, EventId, NodeId, NodeKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tongue::say;

use super::{
    DeviceView, InterlockView, Moment, ReadError, Source, Telling, devices,
    devices::Statuses,
    heads::Heads,
    interlocks_now,
    sentence::short,
    table::{plain, table},
};

/// What only the running process knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProcessFacts {
    pub version: String,
    pub pid: u32,
    pub home: String,
    pub data: String,
    /// Why nothing can be kept at the moment; none if all is well.
    pub trouble: Option<String>,
    /// Group commits since the start.
    pub commits: Option<u64>,
    /// Paths of actors in quarantine.
    pub quarantined: Vec<String>,
    /// What else is worth knowing, by name: the broker's address, ...
    pub more: Vec<(String, String)>,
}

/// The household at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StatusView {
    pub process: Option<ProcessFacts>,
    /// Starts so far.
    pub epoch: Option<u16>,
    /// When it was started last.
    pub started: Option<Moment>,
    /// None if it does not run.
    pub uptime_s: Option<f64>,
    pub home: Option<HomeView>,
    pub events: u64,
    pub bytes: Option<u64>,
    pub links: Vec<LinkView>,
    pub devices: DeviceCounts,
    pub unplaced: Vec<String>,
    pub timers: usize,
    pub holds: usize,
    /// Interlocks that forbid something now.
    #[serde(default)]
    pub interlocks: Vec<InterlockView>,
}

/// The configuration in effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HomeView {
    /// The first digits of its hash.
    pub snapshot: String,
    pub since: Moment,
    pub files: Vec<String>,
    /// Changed since, but refused for these problems.
    pub refused: Vec<String>,
    /// Keys of what could not be applied.
    pub partly: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LinkView {
    pub link: String,
    pub status: String,
    pub detail: Option<String>,
}

/// Devices by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceCounts {
    pub all: usize,
    pub online: usize,
    pub offline: usize,
    pub quarantined: usize,
    pub unknown: usize,
}

pub fn status(
    source: &dyn Source,
    told: &Telling,
    process: Option<ProcessFacts>,
) -> Result<StatusView, ReadError> {
    let mut past = Past::read(source)?;
    for words in past.home.iter_mut().flat_map(|home| home.refused.iter_mut().chain(&mut home.partly)) {
        *words = told.tongue.reason(words);
    }
    let devices = devices(source, told, false)?;
    let statuses = Statuses::read(source)?;
    let link = |node: lares_model::Node| {
        let status = statuses.of(node.id);
        let detail = status.detail().map(|d| told.tongue.reason(&d.to_string()));
        LinkView { link: node.key.to_string(), status: status.word().to_owned(), detail }
    };
    let started = past.boot.map(|(_, at)| at);
    Ok(StatusView {
        epoch: past.boot.map(|(epoch, _)| epoch),
        started,
        uptime_s: started.filter(|_| told.running).map(|m| told.now.since(m.0).as_secs_f64().round()),
        home: past.home,
        events: source.events()?,
        bytes: source.size()?,
        links: source.nodes(NodeKind::Link)?.into_iter().map(link).collect(),
        unplaced: devices.iter().filter(|d| d.wants_room()).map(|d| d.id.clone()).collect(),
        devices: count(&devices),
        timers: source.timers()?.len(),
        holds: source.states("claims")?.len(),
        interlocks: interlocks_now(source, told)?.into_iter().filter(InterlockView::is_active).collect(),
        process: process.map(|facts| in_words(facts, told)),
    })
}

/// What the process says of itself, in the language of whoever asks.
fn in_words(mut facts: ProcessFacts, told: &Telling) -> ProcessFacts {
    for (_, says) in &mut facts.more {
        *says = told.tongue.reason(says);
    }
    facts
}

fn count(devices: &[DeviceView]) -> DeviceCounts {
    let of = |word: &str| devices.iter().filter(|d| d.status == word).count();
    DeviceCounts {
        all: devices.len(),
        online: of("online"),
        offline: of("offline"),
        quarantined: of("quarantined"),
        unknown: of("unknown") + of("initializing"),
    }
}

/// The last start and the last configuration.
struct Past {
    boot: Option<(u16, Moment)>,
    home: Option<HomeView>,
}

impl Past {
    fn read(source: &dyn Source) -> Result<Self, ReadError> {
        let mut past = Self { boot: None, home: None };
        let mut refused: Option<Vec<String>> = None;
        let mut before: Option<EventId> = None;
        loop {
            let page = source.history(NodeId::household(), before, 64)?;
            let Some(oldest) = page.last().map(|s| s.event.id) else { return Ok(past) };
            for stored in page {
                let at = Moment(stored.event.at);
                match stored.event.body {
                    Body::Boot { epoch, .. } if past.boot.is_none() => past.boot = Some((epoch, at)),
                    Body::HomeRefused { problems } if past.home.is_none() && refused.is_none() => {
                        refused = Some(problems);
                    }
                    Body::HomeLoaded { snapshot, files, partly, .. } if past.home.is_none() => {
                        past.home = Some(HomeView {
                            snapshot: short(&snapshot),
                            since: at,
                            files: files.into_iter().map(|(path, _)| path).collect(),
                            refused: refused.take().unwrap_or_default(),
                            partly,
                        });
                    }
                    _ => {}
                }
            }
            if past.boot.is_some() && past.home.is_some() {
                return Ok(past);
            }
            before = Some(oldest);
        }
    }
}

/// For the command line.
pub fn status_text(view: &StatusView, told: &Telling) -> String {
    let row = |(key, words): (String, String)| vec![plain(&key), plain(&words)];
    table(&status_rows(view, told).into_iter().map(row).collect::<Vec<_>>())
}

/// What there is to tell, by name; what goes on about the same thing has none.
pub fn status_rows(view: &StatusView, told: &Telling) -> Vec<(String, String)> {
    let (tongue, t, heads) = (told.tongue, told.tongue.phrases(), Heads::of(told.tongue));
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut row = |key: &str, words: String| rows.push((key.to_owned(), words));
    match (&view.process, view.uptime_s) {
        (Some(p), Some(up)) => {
            let length = tongue.length(std::time::Duration::from_secs_f64(up.max(0.0)));
            let epoch = view.epoch.unwrap_or(0);
            row("lares", say!(t.runs_for, version = p.version, length = length, pid = p.pid, epoch = epoch));
        }
        _ => row("lares", t.none_runs.to_owned()),
    }
    if let (None, Some(started)) = (view.uptime_s, view.started) {
        row(heads.last_started, format!("{} ({})", told.clock(started.0), told.ago(started.0)));
    }
    if let Some(home) = &view.home {
        let folder = view.process.as_ref().map(|p| format!("{} ", p.home)).unwrap_or_default();
        let what = format!("{folder}{}", home.snapshot);
        let clock = told.clock(home.since.0);
        row(heads.home, say!(t.home_since, home = what, clock = clock, n = home.files.len()));
        for problem in &home.refused {
            row("", say!(t.change_refused, why = problem));
        }
        if !home.partly.is_empty() {
            row("", say!(t.not_applied, what = home.partly.join(", ")));
        }
    }
    let size = view.bytes.map(|b| format!(", {:.1} MiB", b as f64 / 1_048_576.0)).unwrap_or_default();
    let commits = view.process.as_ref().and_then(|p| p.commits);
    let commits = commits.map(|c| format!(", {}", say!(t.n_commits, n = c))).unwrap_or_default();
    row(heads.journal, format!("{}{size}{commits}", say!(t.n_events, n = view.events)));
    if let Some(p) = &view.process {
        row(heads.health, p.trouble.clone().unwrap_or_else(|| t.well.to_owned()));
        for path in &p.quarantined {
            row(heads.quarantined, path.clone());
        }
        for (name, words) in &p.more {
            row(&heads.fact(name), words.clone());
        }
    }
    for link in &view.links {
        let detail = link.detail.as_ref().map(|d| format!(" ({d})")).unwrap_or_default();
        let is = say!(t.is, subject = link.link, value = tongue.status_word(&link.status));
        row(heads.link, format!("{is}{detail}"));
    }
    let d = view.devices;
    let counts = [
        (d.online, t.online),
        (d.offline, t.offline),
        (d.quarantined, t.quarantined),
        (d.unknown, t.unknown),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, w)| format!("{n} {w}")).collect();
    let counts = if counts.is_empty() { t.none.to_owned() } else { counts.join(", ") };
    row(heads.devices, format!("{} ({counts})", d.all));
    if !view.unplaced.is_empty() {
        row(heads.unplaced, view.unplaced.join(", "));
    }
    for interlock in &view.interlocks {
        row(heads.interlock, interlock.words(tongue));
    }
    row(heads.timers, say!(t.n_timers, n = view.timers, holds = view.holds));
    rows
}
