//! Orders to the process: from the control socket and from signals.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lares_graph::Graph;
use lares_household::House;
use lares_surfaces::auth::Access;
use lares_surfaces::control::{ControlHooks, Pending, Recording, Reloaded, TryRule};
use lares_surfaces::files::HomeFiles;
use lares_surfaces::views::TrialView;
use lares_tree::{Household, Loader};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};

use super::RunError;
use super::backup::Newest;
use super::recorder::Recorder;
use super::voices::Voices;
use super::web::Surface;
use super::wires::Wires;

/// How long whoever asks for a reload waits: each child that stops may take 5 s.
const RELOAD_DEADLINE: Duration = Duration::from_secs(120);

/// What the main loop is told.
pub enum Order {
    Reload(Option<oneshot::Sender<Reloaded>>),
    /// Guests came or went.
    Guests(oneshot::Sender<Reloaded>),
    Stop(String),
}

/// What orders and questions lead to, beside the household itself.
#[derive(Clone)]
pub struct Ways {
    pub orders: mpsc::Sender<Order>,
    pub wires: Arc<Wires>,
    pub recorder: Arc<Recorder>,
    pub newest: Newest,
    pub graph: Graph,
    pub web: Arc<Surface>,
    pub files: Arc<HomeFiles>,
    pub voices: Voices,
}

/// The surfaces' way to the main loop.
pub struct Hooks {
    ways: Ways,
    house: House,
}

impl Hooks {
    pub fn new(ways: Ways, house: House) -> Self {
        Self { ways, house }
    }

    /// Orders something that is answered when it is done.
    fn order(
        &self,
        order: impl FnOnce(oneshot::Sender<Reloaded>) -> Order,
    ) -> Pending<Result<Reloaded, String>> {
        let (reply, answer) = oneshot::channel();
        let (orders, order) = (self.ways.orders.clone(), order(reply));
        Box::pin(async move {
            orders.send(order).await.map_err(|_| "the household stops".to_owned())?;
            match tokio::time::timeout(RELOAD_DEADLINE, answer).await {
                Ok(told) => told.map_err(|_| "the household stops".to_owned()),
                Err(_) => Err(format!(
                    "the reload goes on, and was not done within {} s",
                    RELOAD_DEADLINE.as_secs()
                )),
            }
        })
    }
}

impl ControlHooks for Hooks {
    fn reload(&self) -> Pending<Result<Reloaded, String>> {
        self.order(|reply| Order::Reload(Some(reply)))
    }

    fn guests(&self) -> Pending<Result<Reloaded, String>> {
        self.order(Order::Guests)
    }

    fn stop(&self, reason: &str) {
        let _ = self.ways.orders.try_send(Order::Stop(reason.to_owned()));
    }

    fn record(&self, path: Option<PathBuf>) -> Result<Recording, String> {
        self.ways.recorder.record(&self.house, path)
    }

    fn try_rule(&self, asked: &TryRule) -> Result<TrialView, String> {
        super::trial::tried(&self.house, asked)
    }

    fn facts(&self) -> Vec<(String, String)> {
        let mut facts: Vec<_> = self.ways.wires.known_brokers().into_iter().map(broker).collect();
        if let Some(behind) = self.house.world().clock().behind() {
            let minutes = behind.as_secs() / 60;
            let said = format!("not set: {minutes} min behind the last event; times of day wait until it is");
            facts.push(("clock".to_owned(), said));
        }
        for (section, why) in self.house.kept_sections() {
            facts.push((format!("{section}, not applied"), why));
        }
        for (device, count) in self.house.left_out() {
            let said =
                format!("{count} entities of {device}: it announces more than are taken of one device");
            facts.push(("left out".to_owned(), said));
        }
        facts.push(("data".to_owned(), super::retention::shown(&self.house, &self.ways.graph)));
        facts.push(("dashboard".to_owned(), self.ways.web.fact()));
        facts.extend(self.ways.wires.phone_fact(&self.house));
        facts.extend(self.ways.voices.facts(&self.house));
        facts.push(("backup".to_owned(), super::backup::shown(&self.house, &self.ways.newest)));
        let now = self.house.world().clock().now();
        facts.extend(self.ways.files.shown(now).map(|waits| ("configuration".to_owned(), waits)));
        facts
    }
}

/// A broker in words: its own is nobody's link.
fn broker((key, at): (String, String)) -> (String, String) {
    match key.as_str() {
        super::wires::EMBEDDED => ("broker".to_owned(), format!("its own, listens on {at}")),
        _ => (format!("broker of {key}"), at),
    }
}

/// Reads the home again and applies what changed.
pub async fn reload(household: &Household, loader: &Loader, reply: Option<oneshot::Sender<Reloaded>>) {
    let told = match household.reload(loader).await {
        Ok(done) => Reloaded { changed: done.changed, partly: done.partly, problems: Vec::new() },
        Err(problems) => {
            for problem in &problems {
                tracing::error!("{problem}");
            }
            Reloaded { problems: problems.iter().map(ToString::to_string).collect(), ..Reloaded::default() }
        }
    };
    if let Some(reply) = reply {
        let _ = reply.send(told);
    }
}

/// The household as it is, with its guests of now.
pub async fn guests(household: &Household, access: &Access, reply: oneshot::Sender<Reloaded>) {
    let home = Arc::new(access.with_guests(&household.house().home()));
    let done = household.apply(home).await;
    let _ = reply.send(Reloaded { changed: done.changed, partly: done.partly, problems: Vec::new() });
}

/// SIGTERM and Ctrl-C stop in order, SIGHUP reloads.
pub fn listen_to_signals(orders: mpsc::Sender<Order>) -> Result<(), RunError> {
    let failed = |e: std::io::Error| RunError::Start(format!("failed to listen to signals: {e}"));
    let mut term = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut hangup = signal(SignalKind::hangup()).map_err(failed)?;
    tokio::spawn(async move {
        loop {
            let order = tokio::select! {
                biased;
                _ = term.recv() => Order::Stop("SIGTERM".to_owned()),
                _ = interrupt.recv() => Order::Stop("interrupted from the terminal".to_owned()),
                _ = hangup.recv() => Order::Reload(None),
            };
            if orders.send(order).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}
