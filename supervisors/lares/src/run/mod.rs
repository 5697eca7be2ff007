//! `lares run`: the household itself, wired to this machine.

mod alarm;
mod backup;
mod check;
mod demo;
mod error;
mod guests;
mod hooks;
mod owners;
mod recorder;
mod retention;
mod service;
mod today;
mod trial;
mod voices;
mod watch;
mod watchdog;
mod web;
mod wires;

use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use lares_graph::{Graph, GraphOptions, Opened};
use lares_household::House;
use lares_kernel::{Child, Clock, Limits, Ports, SystemChance, SystemClock, ThreadBlocking, child};
use lares_model::Timestamp;
use lares_surfaces::control::{Control, ControlSetup};
use lares_surfaces::displays::{DisplaySetup, Displays};
use lares_surfaces::files::{Desk, Folder, HomeFiles};
use lares_surfaces::voice::{Speaking, Talks};
use lares_tree::{Household, Loader, Parts, SpawnTable, TREE};
use tokio::sync::mpsc;

pub use error::RunError;
pub use retention::size;

use crate::RunArgs;
use hooks::{Hooks, Order, Ways};
use recorder::Recorder;
use voices::Voices;
use wires::Wires;

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long the ready line waits for the wires: it comes without them if they take longer.
const WIRES_PATIENCE: Duration = Duration::from_secs(2);

/// Runs the household until it is told to stop.
///
/// # Errors
/// What kept it from starting, or made it give up.
pub async fn run(args: &RunArgs) -> Result<(), RunError> {
    let system_clock = Arc::new(SystemClock::default());
    let clock: Arc<dyn Clock> = system_clock.clone();
    let folder = Folder { root: args.home.clone(), overrides: args.overrides.clone() };
    let files = Arc::new(HomeFiles::open(folder, &args.data));
    // What waits there may be taken back by the one that holds the data folder only, and before the home is read.
    let held = files.waiting().map(|_| open(args, &clock)).transpose()?;
    files.start(&*clock);
    let files_of = loader(args);
    let loaded = files_of().map_err(RunError::Home)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let (graph, opened) = match held {
        Some(held) => held,
        None => open(args, &clock)?,
    };
    if let Some(last) = last_seen(&graph)? {
        system_clock.is_past(last);
    }
    tell_start(&opened);
    let after_crash = opened.after_crash;
    let access = web::access(&graph, &clock)?;
    let (home, loader) = (Arc::new(access.with_guests(&loaded.home)), guests::loader(files_of, &access));
    let web = web::Surface::new(args, access)?;
    let outside = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("lares-wires")
        .enable_all()
        .build()
        .map_err(|e| RunError::Start(e.to_string()))?;
    let voices = Voices::default();
    let wires =
        Wires::new(outside.handle().clone(), args.data.clone(), voices.hearing.clone(), voices.rooms.clone());
    let (orders, mut ordered) = mpsc::channel(16);
    let ports = Ports {
        clock,
        chance: Arc::new(SystemChance::default()),
        blocking: Arc::new(ThreadBlocking),
        journal: graph.journal(),
    };
    let recorder = Arc::new(Recorder::default());
    let newest = backup::Newest::default();
    let (kept, ways) =
        (graph.clone(), Ways { orders, wires, recorder, newest, graph: graph.clone(), web, files, voices });
    let spawn = spawn_table(args, &ways);
    owners::first(&home, &graph);
    let parts = Parts { ports, graph, opened, home, spawn, version: VERSION.to_owned() };
    let (household, mut fatal) = Household::start(parts).await.map_err(RunError::Start)?;
    let _watchdog = watchdog::start(household.house().world().clone());
    keep_time(&household, &ways);
    guests::keep_time(&household, &ways);
    let Ways { orders, wires, recorder, newest, web, .. } = ways;
    backup::start(household.house().clone(), args.data.clone(), newest);
    alarm::start(household.house().clone(), kept.clone());
    retention::start(household.house().clone(), kept);
    if after_crash {
        check::start(household.house().clone(), args.data.clone());
    }
    if args.watch {
        watch::start(args.home.clone(), orders.clone());
    }
    hooks::listen_to_signals(orders)?;
    let mut demo = demo::start(args, &wires, WIRES_PATIENCE).await;
    ready(args, &household, &wires, &web).await;
    let outcome = loop {
        tokio::select! {
            biased;
            reason = &mut fatal => break Err(RunError::Fatal(reason.unwrap_or_default())),
            order = ordered.recv() => match order {
                Some(Order::Reload(reply)) => hooks::reload(&household, &loader, reply).await,
                Some(Order::Guests(reply)) => hooks::guests(&household, &web.access, reply).await,
                Some(Order::Stop(reason)) => break Ok(reason),
                None => break Ok("nobody is left to give orders".to_owned()),
            },
            () = service::keep_alive() => {}
        }
    };
    service::stopping();
    if let Some(demo) = &mut demo {
        demo.stop().await;
    }
    let reason = outcome.as_ref().map_or_else(ToString::to_string, Clone::clone);
    tracing::info!(reason, "stopping");
    recorder.close(household.house());
    let stopped = household.stop(&reason).await;
    outside.shutdown_background();
    web.end();
    stopped.map_err(RunError::Stop)?;
    outcome.map(drop)
}

fn loader(args: &RunArgs) -> Loader {
    let (home, overrides) = (args.home.clone(), args.overrides.clone());
    Arc::new(move || lares_config::load(&home, &overrides, std::env::vars()))
}

fn open(args: &RunArgs, clock: &Arc<dyn Clock>) -> Result<(Graph, Opened), RunError> {
    let data = args.data.display().to_string();
    std::fs::create_dir_all(&args.data).map_err(|source| RunError::Data { path: data, source })?;
    let mut options = GraphOptions::new(&args.data, clock.clone());
    options.key = Some(lares_graph::key_file(&args.data));
    Graph::open(options).map_err(RunError::Open)
}

/// When the last thing happened that the journal knows of.
fn last_seen(graph: &Graph) -> Result<Option<Timestamp>, RunError> {
    let newest = graph.reader().journal(Bound::Unbounded, Bound::Unbounded, true, 1);
    let newest = newest.map_err(|e| RunError::Start(e.to_string()))?;
    Ok(newest.first().map(|stored| stored.event.seen))
}

fn tell_start(opened: &Opened) {
    if opened.after_crash {
        tracing::warn!(
            recovered = opened.recovered,
            "the last run did not end in order; nothing it reacted to is lost"
        );
    }
}

/// What stands in the branches that the tree leaves to us.
fn spawn_table(args: &RunArgs, ways: &Ways) -> SpawnTable {
    let mut table = SpawnTable::new();
    let gateways = ways.wires.clone();
    table.insert(
        "gateways",
        Box::new(move |house| {
            // Before any rule runs.
            today::tell(house);
            gateways.children(house)
        }),
    );
    let (data, ways) = (args.data.clone(), ways.clone());
    table.insert(
        "surfaces",
        Box::new(move |house| {
            let in_force = house.clone();
            let setup = ControlSetup {
                data: data.clone(),
                files: ways.files.clone(),
                version: VERSION.to_owned(),
                graph: ways.graph.clone(),
                door: house.door().clone(),
                hooks: Arc::new(Hooks::new(ways.clone(), house.clone())),
                in_force: Arc::new(move || in_force.home()),
                access: ways.web.access.clone(),
                hearing: ways.voices.hearing.clone(),
                speaking: Speaking::default(),
                talks: Talks::default(),
                boards: ways.voices.boards.clone(),
                order: TREE.iter().map(|b| b.key.to_owned()).collect(),
            };
            let address = house.world().address("surfaces/control");
            let web = ways.web.child(house, setup.clone());
            let voices = ways.voices.children(house, &ways.graph, &setup);
            let control = child("control", Limits::LEAF, address, move || Control::new(setup.clone()));
            let mut all = vec![control, web, displays(house, &ways)];
            all.extend(voices);
            all
        }),
    );
    table
}

/// Takes back what nobody confirms, whatever becomes of the surfaces.
fn keep_time(household: &Household, ways: &Ways) {
    let house = household.house();
    let hooks = Arc::new(Hooks::new(ways.clone(), house.clone()));
    let desk = Desk { files: ways.files.clone(), world: house.world().clone(), hooks };
    tokio::spawn(desk.keep_time());
}

/// The wall displays, which send through the gateways of their links.
fn displays(house: &House, ways: &Ways) -> Child {
    let (home, gateways, ears) = (house.clone(), house.clone(), house.clone());
    let setup = DisplaySetup {
        graph: ways.graph.clone(),
        home: Arc::new(move || home.home()),
        gateway: Arc::new(move |link| gateways.gateway(link)),
        listen: Arc::new(move |link, name, filters, ear| {
            ears.listen(link, &format!("display:{name}"), filters, ear)
        }),
        door: house.door().clone(),
        boards: ways.voices.boards.clone(),
    };
    let address = house.world().address("surfaces/displays");
    child("displays", Limits::LEAF, address, move || Displays::new(setup.clone()))
}

/// One line for whoever waits, and word to the service manager.
async fn ready(args: &RunArgs, household: &Household, wires: &Arc<Wires>, web: &web::Surface) {
    let brokers = wires.brokers(WIRES_PATIENCE).await;
    let home = household.house().home();
    service::ready(&home.household.name);
    let dashboard = web.shown(&home, WIRES_PATIENCE).await;
    demo::say_ready(args, &home, &brokers, dashboard.as_ref());
}
