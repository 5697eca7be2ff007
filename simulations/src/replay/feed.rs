//! Feeds the lines of a recording at their time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_config::{Bind, Home, MEDIA, MUSIC_ASSISTANT, PHONE};
use lares_devices::Observation;
use lares_household::House;
use lares_household::devices::{DeviceMessage, RECORDING, Recorded};
use lares_household::links::LinkMessage;
use lares_kernel::Address;
use lares_kernel::wire::Inbound;
use lares_model::Timestamp;
use tokio::time::Instant;

use super::{ReplayError, Reports};
use crate::recording::{Entry, Kept, KeptReading, Recording, Trouble};
use crate::wires::Topics;

/// Troubles that are told one by one.
const TOLD: usize = 20;

/// Turns that the house gets to catch up before the next line comes all the same: what waits for an actor in quarantine
/// would otherwise stop time.
const CATCH_UP: u32 = 10_000;

/// What became of the lines.
#[derive(Default)]
pub struct Counts {
    pub fed: u64,
    pub manual: u64,
    pub ignored: u64,
    pub answers: u64,
    pub unbound: u64,
    pub broken: u64,
    pub out_of_order: u64,
    pub troubles: Vec<Trouble>,
}

impl Counts {
    pub fn broken(&mut self, trouble: Trouble) {
        self.broken += 1;
        self.tell(trouble);
    }

    fn tell(&mut self, trouble: Trouble) {
        if self.troubles.len() < TOLD {
            self.troubles.push(trouble);
        }
    }
}

struct Bound {
    topic: Arc<str>,
    movable: bool,
}

/// Where lines go.
pub struct Feed {
    house: House,
    reports: Reports,
    bound: BTreeMap<String, Bound>,
    /// By link, for recordings of the wires themselves.
    announced: BTreeMap<String, Announced>,
    recording: Address<LinkMessage>,
    start: Timestamp,
    began: Instant,
    latest: Timestamp,
    pub counts: Counts,
}

impl Feed {
    /// Time is `start` now.
    pub fn new(house: House, reports: Reports, start: Timestamp, counts: Counts) -> Self {
        let bound = bindings(&house.home());
        let recording = house.link(RECORDING);
        Self {
            house,
            reports,
            bound,
            announced: BTreeMap::new(),
            recording,
            start,
            began: Instant::now(),
            latest: start,
            counts,
        }
    }

    /// Feeds all that is left of a recording, `first` before it. Returns at the time of the last line.
    pub async fn all(&mut self, first: Entry, recording: &mut Recording) -> Result<(), ReplayError> {
        self.one(first, recording.number()).await;
        while let Some(next) = recording.next_entry()? {
            match next {
                Ok(entry) => self.one(entry, recording.number()).await,
                Err(trouble) => self.counts.broken(trouble),
            }
        }
        Ok(())
    }

    /// Feeds what a household kept. Returns when the stretch is over.
    pub async fn kept(&mut self, kept: Kept, to: Timestamp) {
        self.counts.answers = kept.answers;
        for reading in kept.readings {
            self.latest = self.latest.max(reading.at);
            tokio::time::sleep_until(self.began + self.latest.since(self.start)).await;
            let device = {
                let directory = self.house.directory();
                let entity = directory.entity(reading.entity);
                entity.and_then(|e| directory.device(&e.device)).map(|d| d.address.clone())
            };
            let Some(device) = device else {
                self.counts.unbound += 1;
                continue;
            };
            if reading.movable && !reading.before {
                match self.reports {
                    Reports::Ignore => {
                        self.counts.ignored += 1;
                        continue;
                    }
                    Reports::Manual => self.counts.manual += 1,
                }
            }
            self.catch_up().await;
            self.counts.fed += 1;
            let KeptReading { at, entity, property, value, before, .. } = reading;
            let observation = Observation::Reading { entity, property, value };
            device.tell(DeviceMessage::Observed { observation, at, retained: before });
        }
        tokio::time::sleep_until(self.began + to.since(self.start)).await;
    }

    /// Many lines of one instant: as a gateway would, waits until the house has caught up.
    async fn catch_up(&self) {
        for _ in 0..CATCH_UP {
            if !self.house.world().load().is_high() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn one(&mut self, entry: Entry, line: u64) {
        if entry.at < self.latest {
            self.counts.out_of_order += 1;
            let late = Duration::from_micros(self.latest.0.abs_diff(entry.at.0));
            let reason = format!("it is {} s older than a line before it", late.as_secs_f64());
            self.counts.tell(Trouble { line, reason });
        }
        self.latest = self.latest.max(entry.at);
        tokio::time::sleep_until(self.began + self.latest.since(self.start)).await;
        let Some((link, inbound)) = self.place(entry).await else { return };
        self.catch_up().await;
        self.counts.fed += 1;
        link.tell(LinkMessage::Inbound(inbound));
    }

    /// The link that takes an entry; none if nobody is bound to it, or it is to be left out.
    async fn place(&mut self, entry: Entry) -> Option<(Address<LinkMessage>, Inbound)> {
        let Entry { at, link, topic, bytes, retained } = entry;
        let (link, address, movable) = match link {
            None => match self.bound.get(&topic) {
                Some(bound) => (self.recording.clone(), bound.topic.clone(), bound.movable),
                None => {
                    self.counts.unbound += 1;
                    return None;
                }
            },
            Some(key) if is_a_link(&self.house.home(), &key) => {
                // What a wire had kept tells how things are, not that somebody moved them.
                let movable = self.is_movable(&key, &topic).await && !retained;
                (self.house.link(&key), topic.into(), movable)
            }
            Some(_) => {
                self.counts.unbound += 1;
                return None;
            }
        };
        match (movable, self.reports) {
            (true, Reports::Ignore) => {
                self.counts.ignored += 1;
                return None;
            }
            (true, Reports::Manual) => self.counts.manual += 1,
            (false, _) => {}
        }
        Some((link, Inbound { address, bytes, at, retained, ack: None }))
    }

    /// Whether a topic of a wire reports something that the household can move, by what was announced so far.
    async fn is_movable(&mut self, link: &str, topic: &str) -> bool {
        // Players are declared: they do not announce themselves.
        let fresh = || Announced { stale: [MEDIA, MUSIC_ASSISTANT].contains(&link), ..Announced::default() };
        let announced = self.announced.entry(link.to_owned()).or_insert_with(fresh);
        if topic.ends_with("/config") {
            announced.stale = true;
            return false;
        }
        if announced.stale {
            // The link first takes what was announced in this instant.
            tokio::time::sleep(Duration::from_millis(1)).await;
            *announced = Announced { topics: Topics::read(&self.house, link), stale: false };
        }
        announced.topics.movable.contains(topic)
    }
}

/// Whether there is a link of this name on which messages come.
fn is_a_link(home: &Home, key: &str) -> bool {
    let plays = || home.music_links().any(|link| link == key);
    home.mqtt.contains_key(key) || plays() || (key == PHONE && home.phone.is_some())
}

/// What was announced on a link.
#[derive(Default)]
struct Announced {
    topics: Topics,
    /// There were announcements since it was read.
    stale: bool,
}

/// What the home binds to lines of a recording, by the binding's key.
fn bindings(home: &Home) -> BTreeMap<String, Bound> {
    let mut bound = BTreeMap::new();
    for (key, device) in &home.devices {
        let Bind::Recorded(bindings) = &device.bind else { continue };
        for entity in Recorded::new(bindings).info(key, &device.name).entities {
            let movable = entity.properties.iter().any(|p| p.writable);
            let topic = entity.key.as_str().into();
            bound.insert(entity.key, Bound { topic, movable });
        }
    }
    bound
}
