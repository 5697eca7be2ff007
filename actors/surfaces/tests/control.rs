//! The control socket: questions, orders, following, and what happens to those who misbehave.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Home, RULES};
use lares_kernel::*;
use lares_model::*;
use lares_surfaces::control::*;
use lares_surfaces::views::LogFilter;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

const SOON: Duration = Duration::from_secs(10);

/// A door that writes down who came, and confirms.
struct Doorman(Arc<Mutex<Vec<String>>>);

impl Behavior for Doorman {
    type Message = Intent;

    async fn handle(&mut self, intent: Intent, _: &mut Context<Intent>) -> Result<(), Fault> {
        self.0.lock().unwrap().push(format!("{} {:?} {:?}", intent.source, intent.target, intent.act));
        let answer = Answer {
            entity: "hall-lamp.light".into(),
            property: "on".into(),
            event: None,
            receipt: Receipt::Confirmed,
        };
        if let Some(reply) = intent.reply {
            reply.send(vec![answer]);
        }
        Ok(())
    }
}

#[derive(Default)]
struct Hooks(Mutex<Vec<String>>);

impl ControlHooks for Hooks {
    fn reload(&self) -> Pending<Result<Reloaded, String>> {
        self.0.lock().unwrap().push("reload".into());
        Box::pin(async { Ok(Reloaded { changed: vec!["rule.x".into()], ..Reloaded::default() }) })
    }

    fn stop(&self, reason: &str) {
        self.0.lock().unwrap().push(format!("stop: {reason}"));
    }
}

struct Running {
    home: Home,
    intents: Arc<Mutex<Vec<String>>>,
    hooks: Arc<Hooks>,
    supervisor: Supervisor,
    world: World,
}

async fn running() -> Running {
    let home = Home::new();
    let ports = Ports {
        clock: home.clock.clone(),
        chance: Arc::new(SeededChance::new(1)),
        blocking: Arc::new(ThreadBlocking),
        journal: home.journal.clone(),
    };
    let (world, _) = World::new(ports);
    let spec = SupervisorSpec { path: "surfaces".into(), strategy: Strategy::OneForOne };
    let supervisor = Supervisor::start(world.clone(), spec).await.unwrap();
    let (intents, hooks) = (Arc::new(Mutex::new(vec![])), Arc::new(Hooks::default()));
    let door: Door = world.address("core/intake");
    let seen = intents.clone();
    supervisor.add(child("intake", Limits::LEAF, door.clone(), move || Doorman(seen.clone()))).await.unwrap();
    let setup = ControlSetup {
        data: home.dir.path().to_path_buf(),
        files: common::files(),
        version: "0.1.0".into(),
        graph: home.graph.clone(),
        door,
        hooks: hooks.clone(),
        in_force: home.in_force(),
        access: home.access(),
        hearing: Default::default(),
        speaking: Default::default(),
        talks: Default::default(),
        boards: Default::default(),
        order: vec!["surfaces".into()],
    };
    let address = world.address("surfaces/control");
    let make = move || Control::new(setup.clone());
    supervisor.add(child("control", Limits::LEAF, address, make)).await.unwrap();
    Running { home, intents, hooks, supervisor, world }
}

impl Running {
    async fn client(&self) -> Client {
        for _ in 0..100 {
            if let Ok(client) = Client::connect(self.home.dir.path()).await {
                return client;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("nobody answers");
    }
}

fn view(response: Response) -> View {
    match response {
        Response::View { view, .. } => *view,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_question_is_answered_with_what_was_just_said() {
    let house = running().await;
    let mut client = house.client().await;
    assert_eq!(client.greeting.pid, std::process::id());
    // Appended and not waited for: the answer must still see it.
    let body = Body::Reading { property: Property::State, value: Some(true.into()) };
    house.home.journal.append(Draft::new(house.home.motion, Origin::Link("mqtt".into()), body), vec![]);
    let View::Devices(devices) = view(client.ask(&Request::Devices { all: false }, SOON).await.unwrap())
    else {
        panic!()
    };
    assert_eq!(devices[1].entities[1].state, serde_json::json!(true));
    assert!(devices[0].running);
    for question in [
        Request::Status,
        Request::Plan,
        Request::Timers,
        Request::Tree,
        Request::Nodes { kind: "room".into() },
        Request::Node { name: "hall-lamp".into() },
        Request::Why { what: "hall-motion".into() },
        Request::Log { filter: LogFilter { limit: 3, ..LogFilter::default() }, follow: false },
    ] {
        view(client.ask(&question, SOON).await.unwrap());
    }
    let View::Tree(tree) = view(client.ask(&Request::Tree, SOON).await.unwrap()) else { panic!() };
    let keys: Vec<_> = tree.children[0].children.iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["control", "intake"]);
    let Response::Trouble(t) = client.ask(&Request::Why { what: "hal-lamp".into() }, SOON).await.unwrap()
    else {
        panic!()
    };
    assert_eq!(t.kind, TroubleKind::Input);
    assert!(t.message.contains("did you mean hall-lamp?"));
}

#[tokio::test]
async fn orders_go_through_the_door_and_the_hooks() {
    let house = running().await;
    let mut client = house.client().await;
    let set = |target: &str, person: Option<&str>| Request::Set {
        target: target.into(),
        values: [("on".to_owned(), serde_json::json!("on"))].into(),
        hold_ms: Some(60_000),
        until_released: false,
        transition_ms: None,
        person: person.map(str::to_owned),
    };
    let View::Answers(answers) = view(client.ask(&set("hall-lamp", Some("anna")), SOON).await.unwrap())
    else {
        panic!()
    };
    assert_eq!(answers[0].answer.receipt, Receipt::Confirmed);
    view(client.ask(&set("room:hall/light", None), SOON).await.unwrap());
    let release =
        Request::Release { target: "group:all".into(), properties: vec!["on".into()], person: None };
    view(client.ask(&release, SOON).await.unwrap());
    let seen = house.intents.lock().unwrap().clone();
    assert!(
        seen[0].starts_with("person:anna Name(\"hall-lamp\") Set") && seen[0].contains("For(60s)"),
        "{seen:?}"
    );
    assert!(seen[1].starts_with("console Room { room: \"hall\", component: Some(Light) }"), "{seen:?}");
    assert!(seen[2].starts_with("console Group(\"all\") Release"), "{seen:?}");
    for wrong in [set("hall-lmp", None), set("hall-lamp", Some("bert")), set("room:hall/lamp", None)] {
        let Response::Trouble(t) = client.ask(&wrong, SOON).await.unwrap() else { panic!("{wrong:?}") };
        assert_eq!(t.kind, TroubleKind::Input, "{t}");
    }
    assert_eq!(house.intents.lock().unwrap().len(), 3, "a wrong wish never reaches the door");
    let View::Reloaded(r) = view(client.ask(&Request::Reload, SOON).await.unwrap()) else { panic!() };
    assert_eq!(r.changed, ["rule.x"]);
    assert_eq!(view(client.ask(&Request::Stop, SOON).await.unwrap()), View::Stopping);
    assert_eq!(*house.hooks.0.lock().unwrap(), ["reload", "stop: asked on the command line"]);
}

async fn lines(client: &mut Client, told: &mut Vec<String>, count: usize) {
    for _ in 0..count {
        match tokio::time::timeout(SOON, client.next()).await.unwrap().unwrap().unwrap() {
            Response::Line { line, .. } => told.push(line.text),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_log_is_followed_each_event_once_also_one_that_is_written_late() {
    let house = running().await;
    let snapshot = house.home.load(RULES);
    let mut client = house.client().await;
    let filter = LogFilter { about: Some("hall-lamp".into()), limit: 5, ..LogFilter::default() };
    let View::Log(page) = view(client.ask(&Request::Log { filter, follow: true }, SOON).await.unwrap())
    else {
        panic!()
    };
    assert!(page.events.is_empty());
    // A sample that only its series has, until an event names it as its cause.
    let body = Body::Reading { property: Property::Brightness, value: Some(Value::Number(40.0)) };
    let sample = Draft::new(house.home.lamp, Origin::Link("mqtt".into()), body).to_series();
    let sample = house.home.said(sample, vec![]);
    house.home.lamp_goes_on(snapshot);
    let mut told = Vec::new();
    lines(&mut client, &mut told, 3).await;
    house.home.reading(house.home.lamp, Property::On, false.into(), &[sample]);
    lines(&mut client, &mut told, 2).await;
    assert_eq!(told[0], "rule “Hall light” set HALL-LAMP on");
    assert_eq!(told[3..], ["HALL-LAMP · brightness is 40", "HALL-LAMP is off"]);
    let more = tokio::time::timeout(Duration::from_millis(600), client.next()).await;
    assert!(more.is_err(), "nothing is told twice: {more:?}");
}

#[tokio::test]
async fn only_the_owner_can_open_the_socket_and_nonsense_harms_nobody() {
    let house = running().await;
    drop(house.client().await);
    let path = house.home.dir.path().join(SOCKET);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let mut stream = BufReader::new(UnixStream::connect(&path).await.unwrap());
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    for nonsense in ["{}\n", "\u{0}\u{1}\n", "{\"ask\":\"everything\"}\n", "[1,2\n"] {
        stream.write_all(nonsense.as_bytes()).await.unwrap();
        line.clear();
        stream.read_line(&mut line).await.unwrap();
        assert!(line.contains("cannot be understood"), "{line}");
    }
    // A request that ends before its line does is none.
    stream.write_all(&vec![b'x'; 70_000]).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    let mut client = house.client().await;
    view(client.ask(&Request::Timers, SOON).await.unwrap());
    assert_eq!(house.world.registry().child("surfaces/control").unwrap().restarts, 0);
}

#[tokio::test]
async fn the_socket_comes_back_after_a_kill_and_goes_with_an_orderly_stop() {
    let house = running().await;
    let mut client = house.client().await;
    let path = house.home.dir.path().join(SOCKET);
    house.supervisor.stop().await.unwrap();
    assert!(!path.exists());
    assert!(client.ask(&Request::Timers, SOON).await.is_err(), "connections end with the actor");
    let gone = Client::connect(house.home.dir.path()).await.err().unwrap();
    assert!(matches!(gone, ClientError::NotRunning(_)), "{gone}");
    // What a killed household left behind is nobody's.
    drop(UnixListener::bind(&path).unwrap());
    let dead = Client::connect(house.home.dir.path()).await.err().unwrap();
    assert!(matches!(dead, ClientError::NotRunning(_)), "{dead}");
}

#[tokio::test]
async fn who_does_not_greet_is_named_by_the_lock() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("lock"), "4711").unwrap();
    let _deaf = UnixListener::bind(dir.path().join(SOCKET)).unwrap();
    let began = tokio::time::Instant::now();
    let silent = Client::connect(dir.path()).await.err().unwrap();
    assert!(began.elapsed() < Duration::from_secs(4));
    assert!(silent.to_string().ends_with("is held by process 4711, which does not answer"), "{silent}");
}

#[tokio::test]
async fn a_deep_data_folder_still_has_its_socket() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("d".repeat(80)).join("e".repeat(80));
    std::fs::create_dir_all(&deep).unwrap();
    let house = running().await;
    let setup = ControlSetup {
        data: deep.clone(),
        files: common::files(),
        version: "0.1.0".into(),
        graph: house.home.graph.clone(),
        door: house.world.address("core/other"),
        hooks: house.hooks.clone(),
        in_force: house.home.in_force(),
        access: house.home.access(),
        hearing: Default::default(),
        speaking: Default::default(),
        talks: Default::default(),
        boards: Default::default(),
        order: vec![],
    };
    let address = house.world.address("surfaces/deep");
    house
        .supervisor
        .add(child("deep", Limits::LEAF, address, move || Control::new(setup.clone())))
        .await
        .unwrap();
    let mut client = Client::connect(&deep).await.unwrap();
    view(client.ask(&Request::Timers, SOON).await.unwrap());
}
