//! What the tests of this crate share: a mosquitto of their own, a link that writes down what it gets, a journal whose
//! syncs can be held.
#![allow(dead_code, reason = "each test target uses its part")]
#![allow(clippy::disallowed_methods, reason = "tests against real brokers run in real time")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test's helper fails by panicking")]

pub mod file_map;
pub mod raw;

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use lares_gateways::mqtt::{self, MqttGateway, MqttOptions};
use lares_kernel::wire::{Delivery, Gateway, Inbound, Outbound, Qos, Sink, WireState};
use lares_kernel::{Clock, Journal, MemoryJournal, SeededChance, SystemClock};
use lares_model::{Draft, Event, EventId, Timestamp, Write};

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let since = Instant::now();
    while !there() {
        assert!(since.elapsed() < Duration::from_secs(20), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A mosquitto with a folder and a port of its own; killed when dropped.
pub struct Mosquitto {
    pub port: u16,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl Mosquitto {
    pub fn start() -> Self {
        Self::with("allow_anonymous true\n")
    }

    /// With one user and no anonymous clients.
    pub fn with_user(name: &str, password: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwords");
        let made = Command::new("mosquitto_passwd")
            .args(["-b", "-c"])
            .arg(&file)
            .args([name, password])
            .stderr(Stdio::null())
            .status()
            .expect("mosquitto_passwd is installed");
        assert!(made.success());
        let lines = format!("allow_anonymous false\npassword_file {}\n", file.display());
        Self::in_folder(folder, &lines)
    }

    pub fn with(lines: &str) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), lines)
    }

    pub fn at(port: u16) -> Self {
        Self::configured(tempfile::tempdir().unwrap(), port, "allow_anonymous true\n")
    }

    fn in_folder(folder: tempfile::TempDir, lines: &str) -> Self {
        Self::configured(folder, free_port(), lines)
    }

    fn configured(folder: tempfile::TempDir, port: u16, lines: &str) -> Self {
        let common = format!(
            "listener {port} 127.0.0.1\nset_tcp_nodelay true\nmax_queued_messages 0\nuser root\n{lines}"
        );
        std::fs::write(folder.path().join("mosquitto.conf"), common).unwrap();
        let mut broker = Self { port, folder, child: None };
        broker.run();
        broker
    }

    pub fn run(&mut self) {
        let program = if std::path::Path::new("/usr/sbin/mosquitto").exists() {
            "/usr/sbin/mosquitto"
        } else {
            "mosquitto"
        };
        let child = Command::new(program)
            .arg("-c")
            .arg(self.folder.path().join("mosquitto.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mosquitto is installed");
        self.child = Some(child);
        let port = self.port;
        wait_for("mosquitto", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A link that writes down what it gets. It holds acknowledgements back while told to.
#[derive(Default)]
pub struct Witness {
    pub inbound: Mutex<Vec<Inbound>>,
    pub states: Mutex<Vec<WireState>>,
    pub deliveries: Mutex<Vec<Delivery>>,
    pub pressed: AtomicBool,
}

impl Sink for Witness {
    fn inbound(&self, mut message: Inbound) {
        message.ack = None; // handled at once
        self.inbound.lock().unwrap().push(message);
    }

    fn pressed(&self) -> bool {
        self.pressed.load(Ordering::SeqCst)
    }

    fn state(&self, state: WireState) {
        self.states.lock().unwrap().push(state);
    }

    fn delivered(&self, delivery: Delivery) {
        self.deliveries.lock().unwrap().push(delivery);
    }
}

impl Witness {
    pub fn count(&self) -> usize {
        self.inbound.lock().unwrap().len()
    }

    /// Topic, payload, retained.
    pub fn heard(&self) -> Vec<(String, String, bool)> {
        let inbound = self.inbound.lock().unwrap();
        let text = |m: &Inbound| String::from_utf8_lossy(&m.bytes).into_owned();
        inbound.iter().map(|m| (m.address.to_string(), text(m), m.retained)).collect()
    }

    pub fn times_up(&self) -> usize {
        self.states.lock().unwrap().iter().filter(|s| **s == WireState::Up).count()
    }

    pub fn wait_for_down(&self, part: &str) {
        wait_for(part, || {
            let states = self.states.lock().unwrap();
            states.iter().any(|s| matches!(s, WireState::Down(why) if why.contains(part)))
        });
    }
}

type Held = Box<dyn FnOnce(Result<(), String>) + Send>;

/// A journal that syncs when it is told to.
pub struct HeldJournal {
    inner: MemoryJournal,
    held: Mutex<Vec<Held>>,
}

impl HeldJournal {
    pub fn new() -> Arc<Self> {
        let inner = MemoryJournal::new(Arc::new(SystemClock::default()));
        Arc::new(Self { inner, held: Mutex::default() })
    }

    pub fn waiting(&self) -> usize {
        self.held.lock().unwrap().len()
    }

    pub fn sync(&self) {
        let held: Vec<_> = self.held.lock().unwrap().drain(..).collect();
        held.into_iter().for_each(|then| then(Ok(())));
    }
}

impl Journal for HeldJournal {
    fn append(&self, draft: Draft, writes: Vec<Write>) -> Arc<Event> {
        self.inner.append(draft, writes)
    }

    fn flush(&self) {}

    fn after_sync(&self, then: Box<dyn FnOnce(Result<(), String>) + Send>) {
        self.held.lock().unwrap().push(then);
    }
}

pub fn options(port: u16, client_id: &str) -> MqttOptions {
    MqttOptions {
        key: "test".into(),
        host: "127.0.0.1".into(),
        port,
        client_id: client_id.into(),
        credentials: None,
        keep_alive: Duration::from_secs(5),
        birth: None,
        will: None,
        queue: 10_000,
    }
}

/// A gateway with its witness.
pub struct Client {
    pub gateway: Arc<MqttGateway>,
    pub witness: Arc<Witness>,
    pub clock: Arc<SystemClock>,
}

pub fn client(runtime: &tokio::runtime::Runtime, options: MqttOptions) -> Client {
    let clock = Arc::new(SystemClock::default());
    let journal = Arc::new(MemoryJournal::new(clock.clone()));
    client_with(runtime, options, journal)
}

pub fn client_with(
    runtime: &tokio::runtime::Runtime,
    options: MqttOptions,
    journal: Arc<dyn Journal>,
) -> Client {
    let witness = Arc::new(Witness::default());
    let clock = Arc::new(SystemClock::default());
    let chance = Arc::new(SeededChance::new(1));
    let gateway = mqtt::start(options, clock.clone(), chance, journal, witness.clone(), runtime.handle());
    Client { gateway, witness, clock }
}

impl Client {
    pub fn up(self) -> Self {
        wait_for("the wire", || self.gateway.state() == WireState::Up);
        self
    }

    pub fn subscribe(&self, filter: &str) {
        self.gateway.subscribe(vec![(filter.into(), Qos::AtLeastOnce)]);
    }

    pub fn send(&self, topic: &str, payload: &str) {
        self.gateway.send(outbound(topic, payload));
    }

    pub fn command(&self, topic: &str, key: u64, lives: Duration) {
        let expires: Timestamp = self.clock.now() + lives;
        let key = Some(EventId::new(1, key));
        self.gateway.send(Outbound { expires: Some(expires), key, ..outbound(topic, "on") });
    }

    pub fn deliveries(&self) -> Vec<Delivery> {
        self.witness.deliveries.lock().unwrap().clone()
    }
}

pub fn outbound(topic: &str, payload: &str) -> Outbound {
    Outbound {
        address: topic.into(),
        bytes: payload.to_owned().into(),
        retain: false,
        qos: Qos::AtLeastOnce,
        expires: None,
        key: None,
    }
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
