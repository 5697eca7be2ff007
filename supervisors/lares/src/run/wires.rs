//! The wires of this household: the embedded broker, one MQTT client for each link, music and the telephone, as supervised actors.

mod broker;
mod client;
mod media;
mod phone;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_config::{MEDIA, PHONE};
use lares_household::House;
use lares_kernel::{Child, Limits, child};
use tokio::runtime::Handle;
use tokio::sync::watch;

pub use broker::read_secret;

use broker::BrokerWire;
use client::ClientWire;
use lares_surfaces::voice::{Hearing, Rooms};
use media::MediaWire;
use phone::PhoneWire;

/// Name of the household's own broker among all.
pub const EMBEDDED: &str = "embedded";

/// Shared by the wires of one process.
pub struct Wires {
    /// Of the embedded broker.
    pub runtime: Handle,
    pub data: PathBuf,
    /// Where the embedded broker listens, once it does.
    embedded: watch::Sender<Option<std::net::SocketAddr>>,
    outside: Mutex<BTreeMap<String, String>>,
    /// What calls are listened to by.
    hearing: Hearing,
    /// Where callers are spoken with.
    rooms: Rooms,
    /// Where the telephone listens, once it does.
    phone: watch::Sender<Option<std::net::SocketAddr>>,
}

impl Wires {
    pub fn new(runtime: Handle, data: PathBuf, hearing: Hearing, rooms: Rooms) -> Arc<Self> {
        let (embedded, phone) = (watch::Sender::new(None), watch::Sender::new(None));
        Arc::new(Self { runtime, data, embedded, outside: Mutex::default(), hearing, rooms, phone })
    }

    /// Of the telephone, for `lares status`.
    pub fn phone_fact(&self, house: &House) -> Option<(String, String)> {
        house.home().phone.as_ref()?;
        let at = *self.phone.borrow();
        let said = at.map_or_else(|| "does not answer".to_owned(), |at| format!("answers at {at}"));
        Some(("telephone".to_owned(), said))
    }

    /// The gateways for the configuration in force: the broker first.
    pub fn children(self: &Arc<Self>, house: &House) -> Vec<Child> {
        let (home, world) = (house.home(), house.world());
        let mut all = Vec::new();
        if home.broker.enabled {
            let (wires, house) = (self.clone(), house.clone());
            let make = move || BrokerWire::new(wires.clone(), house.clone());
            all.push(child("broker", Limits::LEAF, world.address("gateways/broker"), make));
        }
        for key in home.mqtt.keys() {
            let (wires, house, name) = (self.clone(), house.clone(), key.clone());
            let make = move || ClientWire::new(wires.clone(), house.clone(), name.clone());
            all.push(child(key.as_str(), Limits::LEAF, world.address(format!("gateways/{key}")), make));
        }
        if home.music_links().next().is_some() {
            let house = house.clone();
            let make = move || MediaWire::new(house.clone());
            all.push(child(MEDIA, Limits::LEAF, world.address(format!("gateways/{MEDIA}")), make));
        }
        if home.phone.is_some() {
            let (wires, house) = (self.clone(), house.clone());
            let make = move || PhoneWire::new(wires.clone(), house.clone());
            all.push(child(PHONE, Limits::LEAF, world.address(format!("gateways/{PHONE}")), make));
        }
        for (key, mqtt) in home.mqtt.iter().filter(|(_, m)| !m.embedded) {
            let mut outside = self.outside.lock().unwrap_or_else(PoisonError::into_inner);
            outside.insert(key.clone(), format!("{}:{}", mqtt.host, mqtt.port));
        }
        all
    }

    /// Waits for the embedded broker.
    pub async fn embedded(&self, patience: Duration) -> Option<std::net::SocketAddr> {
        let mut seen = self.embedded.subscribe();
        let found = tokio::time::timeout(patience, seen.wait_for(Option::is_some)).await;
        found.ok().and_then(Result::ok).and_then(|address| *address)
    }

    /// All brokers with their addresses; waits a little for the embedded one.
    pub async fn brokers(&self, patience: Duration) -> Vec<(String, String)> {
        if self.outside.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            self.embedded(patience).await;
        }
        self.known_brokers()
    }

    pub fn known_brokers(&self) -> Vec<(String, String)> {
        let embedded = self.embedded.borrow().map(|a| (EMBEDDED.to_owned(), a.to_string()));
        let outside = self.outside.lock().unwrap_or_else(PoisonError::into_inner);
        embedded.into_iter().chain(outside.iter().map(|(k, a)| (k.clone(), a.clone()))).collect()
    }
}
