//! The household's ears, its satellites and its voice server, as children of the surfaces.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use lares_config::{Home, SATELLITES, SatelliteAt, SatelliteConfig};
use lares_graph::Graph;
use lares_household::House;
use lares_household::links::LinkSink;
use lares_kernel::{Child, Limits, child};
use lares_surfaces::control::ControlSetup;
use lares_surfaces::displays::Boards;
use lares_surfaces::voice::ears::{EarsActor, EarsSetup};
use lares_surfaces::voice::nearby::{Found, Mdns, MdnsSetup, Nearby};
use lares_surfaces::voice::satellites::{Satellite, SatelliteSetup, SatelliteWire};
use lares_surfaces::voice::server::{VoiceServer, VoiceServerSetup};
use lares_surfaces::voice::{Hearing, Rooms, tts};
use tokio::sync::watch;

use super::wires::read_secret;

/// What voices share in one process.
#[derive(Clone)]
pub struct Voices {
    pub hearing: Hearing,
    /// Where callers are spoken with.
    pub rooms: Rooms,
    /// Where the voice server listens, once it does.
    at: Arc<watch::Sender<Option<SocketAddr>>>,
    wire: Arc<OnceLock<Arc<SatelliteWire>>>,
    /// Satellites that made themselves known.
    nearby: Nearby,
    /// What displays show of what is heard and rings.
    pub boards: Boards,
}

impl Default for Voices {
    fn default() -> Self {
        let (hearing, nearby, boards) = (Hearing::default(), Nearby::default(), Boards::default());
        let (at, wire, rooms) = (Arc::new(watch::Sender::new(None)), Arc::default(), Rooms::default());
        Self { hearing, rooms, at, wire, nearby, boards }
    }
}

impl Voices {
    /// Those that the configuration in force names; a home without voice has none.
    pub fn children(&self, house: &House, graph: &Graph, control: &ControlSetup) -> Vec<Child> {
        let (home, world) = (house.home(), house.world());
        let mut all = Vec::new();
        if let Some(voice) = &home.voice {
            let of = house.clone();
            let setup = EarsSetup {
                home: Arc::new(move || of.home()),
                data: control.data.clone(),
                hearing: self.hearing.clone(),
            };
            let make = move || EarsActor::new(setup.clone());
            all.push(child("ears", Limits::LEAF, world.address("surfaces/ears"), make));
            if let Some(config) = &voice.server {
                let setup = VoiceServerSetup {
                    config: config.clone(),
                    control: Arc::new(control.clone()),
                    at: self.at.clone(),
                };
                let make = move || VoiceServer::new(setup.clone());
                all.push(child("wyoming", Limits::LEAF, world.address("surfaces/wyoming"), make));
            }
        }
        let announce =
            home.voice.as_ref().and_then(|voice| voice.server.as_ref()).is_some_and(|s| s.announce);
        let find = home.voice.as_ref().is_some_and(|voice| voice.find);
        if announce || find {
            let (at, nearby) = (self.at.clone(), self.nearby.clone());
            let setup = MdnsSetup { find, announce, at, nearby };
            let make = move || Mdns::new(setup.clone());
            all.push(child("mdns", Limits::LEAF, world.address("surfaces/mdns"), make));
        }
        for (key, config) in &home.satellites {
            let setup = SatelliteSetup {
                key: key.clone(),
                config: config.clone(),
                control: Arc::new(control.clone()),
                wire: self.wire(house),
                secret: read_secret,
                kept: graph.map(SATELLITES),
            };
            let name = SatelliteConfig::device(key);
            let address = world.address(format!("surfaces/{name}"));
            all.push(child(name, Limits::LEAF, address, move || Satellite::new(setup.clone())));
        }
        all
    }

    /// The wire that the devices of satellites hang on: one for all.
    fn wire(&self, house: &House) -> Arc<SatelliteWire> {
        let make = || {
            let world = house.world();
            let link = Arc::new(LinkSink::new(house.link(SATELLITES), world.load().clone()));
            let wire = Arc::new(SatelliteWire::new(
                link,
                world.clock().clone(),
                self.boards.stops(),
                self.rooms.clone(),
            ));
            house.set_gateway(SATELLITES, wire.clone());
            wire
        };
        self.wire.get_or_init(make).clone()
    }

    /// For `lares status`.
    pub fn facts(&self, house: &House) -> Vec<(String, String)> {
        let home = house.home();
        let Some(voice) = &home.voice else { return Vec::new() };
        let ears = match self.hearing.now() {
            Ok(_) => "open".to_owned(),
            Err(why) => why.to_string(),
        };
        let voice_of = match tts::speaks(&voice.speech) {
            Ok(what) | Err(what) => what,
        };
        let mut facts = vec![("ears".to_owned(), ears), ("voice".to_owned(), voice_of)];
        if voice.server.is_some() {
            let at = self
                .at
                .borrow()
                .map_or_else(|| "does not listen".to_owned(), |at| format!("listens on {at}"));
            facts.push(("voice server".to_owned(), at));
        }
        let found = self.nearby.all().into_iter().filter(|found| !is_ours(&home, &found.at));
        facts.extend(found.map(|Found { name, at, is_esphome }| match is_esphome {
            false => (
                "satellite found".to_owned(),
                format!("{name}: write [satellite.KEY] with its room and address = \"{at}\""),
            ),
            true => (
                "ESPHome found".to_owned(),
                format!(
                    "{name}: has it a microphone, write [satellite.KEY] with its room and esphome = \"{at}\""
                ),
            ),
        }));
        facts
    }
}

/// Whether a satellite that was found is one of the home.
fn is_ours(home: &Home, at: &str) -> bool {
    home.satellites.values().any(|satellite| match &satellite.at {
        SatelliteAt::Wyoming { host, port } => format!("{host}:{port}") == at,
        SatelliteAt::Esphome(device) => format!("{}:{}", device.host, device.port) == at,
        SatelliteAt::Card { .. } => false,
    })
}
