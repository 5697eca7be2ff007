//! How the devices that satellites are meet their link: what is set goes to the satellite's actor, what it reports comes back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use lares_kernel::wire::{Delivery, Gateway, Inbound, Outbound, Qos, Sink, WireState};
use lares_kernel::{Address, Clock};
use lares_model::EventId;
use tokio::sync::broadcast;

use super::SatelliteMessage;
use super::duck::Ducks;
use super::mute::Mutes;
use crate::voice::Rooms;

/// The in-process wire of all satellites of a household.
pub struct SatelliteWire {
    link: Arc<dyn Sink>,
    clock: Arc<dyn Clock>,
    satellites: Mutex<BTreeMap<String, Address<SatelliteMessage>>>,
    pub(super) mutes: Mutes,
    /// Where callers are spoken with.
    pub(super) rooms: Rooms,
    /// Music that is low while somebody speaks.
    pub(super) ducks: Arc<Ducks>,
    /// What rang and was stopped in one room is stopped in all.
    pub(super) stopped: broadcast::Sender<EventId>,
}

impl SatelliteWire {
    /// `stopped`: where it is told that what rang was stopped, also by a touch on a display.
    pub fn new(
        link: Arc<dyn Sink>,
        clock: Arc<dyn Clock>,
        stopped: broadcast::Sender<EventId>,
        rooms: Rooms,
    ) -> Self {
        let (satellites, mutes, ducks) = (Mutex::default(), Mutes::default(), Arc::default());
        Self { link, clock, satellites, mutes, rooms, ducks, stopped }
    }

    /// A satellite is there, to be set. Whether it is for the first time.
    pub(super) fn join(&self, key: &str, satellite: Address<SatelliteMessage>) -> bool {
        let mut all = self.satellites.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = all.insert(key.to_owned(), satellite).is_none();
        drop(all);
        self.link.state(WireState::Up);
        is_new
    }

    /// A satellite reports how it is.
    pub(super) fn report(&self, key: &str, what: &str, on: bool) {
        self.link.inbound(Inbound {
            address: format!("satellite/{key}/{what}").into(),
            bytes: Bytes::from_static(if on { b"ON" } else { b"OFF" }),
            at: self.clock.now(),
            retained: false,
            ack: None,
        });
    }
}

/// `kitchen` of `satellite/kitchen/muted/set`.
fn muted(address: &str) -> Option<&str> {
    address.strip_prefix("satellite/")?.strip_suffix("/muted/set")
}

impl Gateway for SatelliteWire {
    fn send(&self, message: Outbound) {
        let satellites = self.satellites.lock().unwrap_or_else(PoisonError::into_inner);
        let found = muted(&message.address).and_then(|key| satellites.get(key));
        let sent = match (found, &message.bytes[..]) {
            (Some(satellite), on @ (b"ON" | b"OFF")) => satellite
                .send(SatelliteMessage::Mute(on == b"ON"))
                .map_err(|refused| format!("{} does not keep up", refused.key)),
            (None, _) => Err("there is no such satellite".to_owned()),
            (Some(_), _) => Err("a satellite is muted by ON and OFF".to_owned()),
        };
        drop(satellites);
        if let Some(key) = message.key {
            self.link.delivered(match sent {
                Ok(()) => Delivery::Sent(key),
                Err(why) => Delivery::Failed(key, why),
            });
        }
    }

    /// All that satellites say is for their link.
    fn subscribe(&self, _: Vec<(String, Qos)>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_satellite_s_mute_can_be_set() {
        assert_eq!(muted("satellite/kitchen/muted/set"), Some("kitchen"));
        assert_eq!(muted("satellite/kitchen/connected"), None);
        assert_eq!(muted("lamp/muted/set"), None);
    }
}
