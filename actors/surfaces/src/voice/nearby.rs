//! mDNS: the voice server makes itself known, and satellites and devices of ESPHome that do so are found. Found is not used: that takes a
//! section of the home.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_kernel::{Behavior, Context, Fault, Message};
use lares_model::{Detail, Status};
use mdns_sd::{IfKind, Receiver, ServiceDaemon, ServiceEvent, ServiceInfo};
use tokio::sync::watch;

use crate::told::Told;

const SERVICE: &str = "_wyoming._tcp.local.";
const ESPHOME: &str = "_esphomelib._tcp.local.";
/// How often it is looked what has come and gone.
const LOOK: Duration = Duration::from_secs(1);
/// A network that was not there may be there later.
const AGAIN: Duration = Duration::from_secs(60);
/// Satellites that are kept in mind: a network is not a household's alone.
const MOST: usize = 64;
/// Longer names are cut.
const NAME: usize = 80;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub name: String,
    /// `192.168.1.30:10700`.
    pub at: String,
    /// A device of ESPHome: perhaps one with a microphone. Else a Wyoming satellite.
    pub is_esphome: bool,
}

/// What is there, by the name of its service. Cheap to clone.
#[derive(Clone, Default)]
pub struct Nearby(Arc<Mutex<BTreeMap<String, Found>>>);

impl Nearby {
    pub fn all(&self) -> Vec<Found> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Found>)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// What the actor needs.
#[derive(Clone)]
pub struct MdnsSetup {
    /// Satellites are looked for.
    pub find: bool,
    /// The voice server is made known.
    pub announce: bool,
    /// Where the voice server listens, once it does.
    pub at: Arc<watch::Sender<Option<SocketAddr>>>,
    pub nearby: Nearby,
}

/// The vocabulary. Twice is once.
#[derive(Debug)]
pub enum MdnsMessage {
    /// Time to look.
    Look,
}

impl Message for MdnsMessage {}

/// The actor of mDNS.
pub struct Mdns {
    setup: MdnsSetup,
    daemon: Option<ServiceDaemon>,
    events: Vec<Receiver<ServiceEvent>>,
    /// As what, and where, the voice server is known.
    known: Option<(String, SocketAddr)>,
    told: Told,
}

impl Mdns {
    pub fn new(setup: MdnsSetup) -> Self {
        Self { setup, daemon: None, events: Vec::new(), known: None, told: Told::new("surfaces/mdns") }
    }

    fn open(&mut self) -> mdns_sd::Result<()> {
        let daemon = ServiceDaemon::new()?;
        // A satellite may run on this machine.
        daemon.enable_interface(IfKind::LoopbackV4)?;
        self.events.clear();
        if self.setup.find {
            self.events = vec![daemon.browse(SERVICE)?, daemon.browse(ESPHOME)?];
        }
        self.daemon = Some(daemon);
        Ok(())
    }

    fn look(&mut self, context: &Context<MdnsMessage>) {
        if self.daemon.is_none() {
            if let Err(e) = self.open() {
                self.told.status(&context.world, Status::Offline(Detail::Communication(e.to_string())));
                context.after(AGAIN, MdnsMessage::Look);
                return;
            }
            self.told.status(&context.world, Status::Online);
        }
        if let Err(e) = self.announce() {
            tracing::warn!(%e, "the voice server cannot be made known");
        }
        for events in &self.events {
            while let Ok(event) = events.try_recv() {
                self.heard(event);
            }
        }
        context.after(LOOK, MdnsMessage::Look);
    }

    /// It may listen elsewhere after a change.
    fn announce(&mut self) -> mdns_sd::Result<()> {
        let at = self.setup.at.borrow().filter(|_| self.setup.announce);
        if self.known.as_ref().map(|(_, at)| *at) == at {
            return Ok(());
        }
        let Some(daemon) = &self.daemon else { return Ok(()) };
        if let Some((name, _)) = self.known.take() {
            drop(daemon.unregister(&name)?);
        }
        if let Some(at) = at {
            let (name, host) = (format!("Lares {}", at.port()), format!("lares-{}.local.", at.port()));
            let ip = if at.ip().is_unspecified() { String::new() } else { at.ip().to_string() };
            let properties: &[(&str, &str)] = &[];
            let info = ServiceInfo::new(SERVICE, &name, &host, ip.as_str(), at.port(), properties)?;
            let info = if ip.is_empty() { info.enable_addr_auto() } else { info };
            let name = info.get_fullname().to_owned();
            daemon.register(info)?;
            self.known = Some((name, at));
        }
        Ok(())
    }

    fn heard(&self, event: ServiceEvent) {
        match event {
            ServiceEvent::ServiceResolved(found) => {
                let ours = self.known.as_ref().is_some_and(|(name, _)| name == found.get_fullname());
                // Ways of the home are IPv4 as long as there is one.
                let ip = found.get_addresses_v4().into_iter().min();
                if let Some(ip) = ip.filter(|_| !ours) {
                    let full = found.get_fullname();
                    let (name, at) = (called(full), format!("{ip}:{}", found.get_port()));
                    let is_esphome = full.ends_with(ESPHOME);
                    self.setup.nearby.change(|all| {
                        if all.len() < MOST || all.contains_key(full) {
                            all.insert(full.to_owned(), Found { name, at, is_esphome });
                        }
                    });
                }
            }
            ServiceEvent::ServiceRemoved(_, name) => {
                self.setup.nearby.change(|all| drop(all.remove(&name)));
            }
            _ => {}
        }
    }
}

/// `Bedroom` of `Bedroom._wyoming._tcp.local.`: what somebody else wrote, as one line.
fn called(full: &str) -> String {
    let service = [SERVICE, ESPHOME].into_iter().find_map(|service| full.strip_suffix(service));
    let name = service.unwrap_or(full).trim_end_matches('.');
    name.chars().filter(|c| !c.is_control()).take(NAME).collect()
}

impl Behavior for Mdns {
    type Message = MdnsMessage;

    async fn started(&mut self, context: &mut Context<MdnsMessage>) -> Result<(), Fault> {
        self.look(context);
        Ok(())
    }

    async fn handle(&mut self, _: MdnsMessage, context: &mut Context<MdnsMessage>) -> Result<(), Fault> {
        self.look(context);
        Ok(())
    }

    async fn stopping(&mut self, _: &mut Context<MdnsMessage>) {
        self.setup.nearby.change(BTreeMap::clear);
        // It says good-bye for what it made known.
        if let Some(daemon) = self.daemon.take() {
            drop(daemon.shutdown());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_call_themselves_is_one_line() {
        assert_eq!(called("Bed room._wyoming._tcp.local."), "Bed room");
        assert_eq!(called("hall-voice._esphomelib._tcp.local."), "hall-voice");
        assert_eq!(called("a\nb\u{1b}[1m._wyoming._tcp.local."), "ab[1m");
        assert_eq!(called(&"x".repeat(500)).len(), NAME);
    }
}
