//! A test's own MQTT client: publishes, writes down what it hears, and answers as a device would.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rumqttc::{Client, Event, MqttOptions, Packet, QoS};

use crate::wait_for;

/// A message, and when it came (microseconds since 1970).
#[derive(Clone, Debug)]
pub struct Heard {
    pub topic: String,
    pub text: String,
    pub at: i64,
}

/// Answers a message with others: topic, payload, retained.
type Answer = Box<dyn FnMut(&str, &[u8]) -> Vec<(String, Vec<u8>, bool)> + Send>;

pub struct Wire {
    client: Client,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    heard: Mutex<Vec<Heard>>,
    filters: Mutex<Vec<String>>,
    answer: Mutex<Option<Answer>>,
    published: AtomicU64,
    acknowledged: AtomicU64,
    subscribed: AtomicU64,
    connected: AtomicU64,
    ended: AtomicBool,
}

impl Wire {
    /// Connects, and again whenever the connection is lost.
    pub fn connect(port: u16, name: &str) -> Self {
        Self::answering::<String>(port, name, &[], |_, _| Vec::new())
    }

    /// As [`Wire::connect`], hears `filters` and answers what it hears.
    pub fn answering<P: Into<Vec<u8>>>(
        port: u16,
        name: &str,
        filters: &[&str],
        mut answer: impl FnMut(&str, &[u8]) -> Vec<(String, P, bool)> + Send + 'static,
    ) -> Self {
        let mut options = MqttOptions::new(name, "127.0.0.1", port);
        options.set_keep_alive(Duration::from_secs(30)).set_inflight(2_000);
        options.set_max_packet_size(10_000_000, 10_000_000);
        let (client, mut connection) = Client::new(options, 100_000);
        let shared = Arc::new(Shared::default());
        *shared.answer.lock().unwrap() = Some(Box::new(move |topic, payload| {
            let answers = answer(topic, payload).into_iter();
            answers.map(|(topic, payload, retain)| (topic, payload.into(), retain)).collect()
        }));
        shared.filters.lock().unwrap().extend(filters.iter().map(|f| (*f).to_owned()));
        let (own, seen) = (client.clone(), shared.clone());
        std::thread::spawn(move || {
            for event in connection.iter() {
                if seen.ended.load(Ordering::SeqCst) {
                    return;
                }
                match event {
                    Ok(event) => seen.event(&own, &event),
                    Err(_) => std::thread::sleep(Duration::from_millis(20)),
                }
            }
        });
        let wire = Self { client, shared };
        let wanted = filters.len() as u64;
        wait_for("the test's own connection", || {
            wire.shared.connected.load(Ordering::SeqCst) > 0
                && wire.shared.subscribed.load(Ordering::SeqCst) >= wanted
        });
        wire
    }

    /// The lamps of a household: each does what it is told, and says so.
    pub fn lamps(port: u16) -> Self {
        Self::answering(port, "world", &["home/+/lamp/set"], |topic, payload| {
            let state = topic.trim_end_matches("/set").to_owned();
            vec![(state, String::from_utf8_lossy(payload).into_owned(), false)]
        })
    }

    pub fn listen(&self, filter: &str) {
        self.shared.filters.lock().unwrap().push(filter.to_owned());
        let before = self.shared.subscribed.load(Ordering::SeqCst);
        self.client.subscribe(filter, QoS::AtLeastOnce).unwrap();
        wait_for("a subscription", || self.shared.subscribed.load(Ordering::SeqCst) > before);
    }

    /// With QoS 1.
    pub fn publish(&self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.send(topic, payload, false);
    }

    pub fn retain(&self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.send(topic, payload, true);
    }

    fn send(&self, topic: &str, payload: impl Into<Vec<u8>>, retain: bool) {
        self.shared.published.fetch_add(1, Ordering::SeqCst);
        self.client.publish(topic, QoS::AtLeastOnce, retain, payload).unwrap();
    }

    /// Waits until the broker has acknowledged all that was published.
    pub fn settle(&self) {
        wait_for("the broker's acknowledgements", || {
            self.shared.acknowledged.load(Ordering::SeqCst) >= self.shared.published.load(Ordering::SeqCst)
        });
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    /// What was heard on one topic.
    pub fn on(&self, topic: &str) -> Vec<String> {
        let heard = self.shared.heard.lock().unwrap();
        heard.iter().filter(|h| h.topic == topic).map(|h| h.text.clone()).collect()
    }

    pub fn forget(&self) {
        self.shared.heard.lock().unwrap().clear();
    }

    /// How often it was connected.
    pub fn connections(&self) -> u64 {
        self.shared.connected.load(Ordering::SeqCst)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        let _ = self.client.disconnect();
    }
}

impl Shared {
    fn event(&self, client: &Client, event: &Event) {
        match event {
            Event::Incoming(Packet::ConnAck(_)) => {
                for filter in self.filters.lock().unwrap().iter() {
                    client.try_subscribe(filter, QoS::AtLeastOnce).unwrap();
                }
                self.connected.fetch_add(1, Ordering::SeqCst);
            }
            Event::Incoming(Packet::SubAck(_)) => drop(self.subscribed.fetch_add(1, Ordering::SeqCst)),
            Event::Incoming(Packet::PubAck(_)) => drop(self.acknowledged.fetch_add(1, Ordering::SeqCst)),
            Event::Incoming(Packet::Publish(publish)) => {
                let text = String::from_utf8_lossy(&publish.payload).into_owned();
                let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as i64;
                self.heard.lock().unwrap().push(Heard { topic: publish.topic.clone(), text, at });
                let answers = match self.answer.lock().unwrap().as_mut() {
                    Some(answer) => answer(&publish.topic, &publish.payload),
                    None => Vec::new(),
                };
                for (topic, payload, retain) in answers {
                    self.published.fetch_add(1, Ordering::SeqCst);
                    client.try_publish(topic, QoS::AtLeastOnce, retain, payload).unwrap();
                }
            }
            _ => {}
        }
    }
}
