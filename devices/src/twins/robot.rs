//! A robot that cleans: what it does, where it is, and the map of the three rooms that it knows.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};

/// Segment, name, left and right edge in centimetres; all reach from the top to the bottom.
const ROOMS: [(&str, &str, i32, i32); 3] =
    [("16", "Kitchen", 5, 300), ("17", "Hall", 305, 450), ("18", "Living room", 455, 900)];
const HEIGHT: i32 = 300;
/// Centimetres of a pixel.
const PIXEL: i32 = 5;
/// In the hall, by the wall.
const DOCK: (i32, i32) = (310, 20);
/// How long a room takes.
const A_ROOM: Duration = Duration::from_secs(300);
pub const SPEEDS: [&str; 3] = ["quiet", "standard", "max"];

/// What it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    Cleaning,
    Paused,
    Idle,
    Returning,
    Docked,
}

impl Doing {
    pub fn word(self) -> &'static str {
        match self {
            Self::Cleaning => "cleaning",
            Self::Paused => "paused",
            Self::Idle => "idle",
            Self::Returning => "returning",
            Self::Docked => "docked",
        }
    }
}

/// A robot's state.
#[derive(Clone, PartialEq, Debug)]
pub struct Robot {
    pub doing: Doing,
    pub speed: &'static str,
    /// Centimetres from the top left corner.
    at: (i32, i32),
    /// Rooms that are left to clean, by their place among all; the first one is being cleaned.
    left: Vec<usize>,
    in_room: Duration,
    /// How often it made itself heard.
    located: u32,
    last_command: String,
}

impl Default for Robot {
    fn default() -> Self {
        Self {
            doing: Doing::Docked,
            speed: "standard",
            at: DOCK,
            left: Vec::new(),
            in_room: Duration::ZERO,
            located: 0,
            last_command: String::new(),
        }
    }
}

impl Robot {
    /// What it does by itself in this time; `share`: chance, 0-1. Gives the time to the next step.
    pub fn step(&mut self, passed: Duration, share: f64) -> Duration {
        match self.doing {
            Doing::Cleaning => {
                self.in_room += passed;
                if self.in_room >= A_ROOM && !self.left.is_empty() {
                    self.left.remove(0);
                    self.in_room = Duration::ZERO;
                }
                match self.left.first() {
                    Some(_) => self.wander(share),
                    None => self.doing = Doing::Returning,
                }
                Duration::from_secs(20)
            }
            Doing::Returning => {
                (self.doing, self.at) = (Doing::Docked, DOCK);
                Duration::from_secs(600)
            }
            Doing::Paused | Doing::Idle | Doing::Docked => Duration::from_secs(600),
        }
    }

    /// Somewhere in the room that it cleans.
    fn wander(&mut self, share: f64) {
        let Some((.., left, right)) = self.left.first().and_then(|room| ROOMS.get(*room)) else { return };
        let across = f64::from(right - left - 2 * PIXEL) * share;
        self.at = (left + PIXEL + across as i32, PIXEL + (f64::from(HEIGHT - 2 * PIXEL) * share) as i32);
    }

    /// Obeys one key of a command. What makes no sense is ignored.
    pub fn obey(&mut self, key: &str, value: &Value) {
        let word = value.as_str().unwrap_or_default();
        match (key, word) {
            ("state", "start") => {
                if self.left.is_empty() {
                    self.clean((0..ROOMS.len()).collect());
                }
                self.doing = Doing::Cleaning;
            }
            ("state", "clean_spot") => self.clean(vec![1]),
            ("state", "pause") if self.doing == Doing::Cleaning => self.doing = Doing::Paused,
            ("state", "stop") => {
                self.left.clear();
                self.doing = Doing::Idle;
            }
            ("state", "return_to_base") if self.doing != Doing::Docked => {
                self.left.clear();
                self.doing = Doing::Returning;
            }
            ("state", "locate") => self.located = self.located.saturating_add(1),
            ("fan_speed", speed) => {
                if let Some(known) = SPEEDS.iter().find(|known| **known == speed) {
                    self.speed = known;
                }
            }
            ("segments", _) => {
                let ids = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                let rooms: Vec<usize> =
                    ids.filter_map(|id| ROOMS.iter().position(|(known, ..)| *known == id)).collect();
                if !rooms.is_empty() {
                    self.clean(rooms);
                }
            }
            ("command", _) => {
                let text = if word.is_empty() { value.to_string() } else { word.to_owned() };
                self.last_command = text.chars().take(200).collect();
            }
            _ => {}
        }
    }

    fn clean(&mut self, rooms: Vec<usize>) {
        (self.left, self.in_room, self.doing) = (rooms, Duration::ZERO, Doing::Cleaning);
        self.wander(0.5);
    }

    pub fn report(&self, battery: f64) -> Value {
        let state = self.doing.word();
        let segments: serde_json::Map<String, Value> =
            ROOMS.iter().map(|(id, name, ..)| ((*id).to_owned(), Value::from(*name))).collect();
        json!({
            "state": state, "fan_speed": self.speed, "battery_level": battery.round(), "segments": segments,
            "located": self.located, "last_command": self.last_command,
        })
    }

    /// Its map, packed as robots with Valetudo pack theirs.
    pub fn map(&self) -> Vec<u8> {
        let rows = (PIXEL..HEIGHT).step_by(PIXEL as usize).map(|y| y / PIXEL);
        let floor = |left: i32, right: i32| -> Vec<i32> {
            rows.clone().flat_map(|y| [left / PIXEL, y, (right - left) / PIXEL]).collect()
        };
        let width = ROOMS.map(|(.., right)| right).into_iter().max().unwrap_or_default() / PIXEL + 1;
        let mut wall = vec![0, 0, width, 0, HEIGHT / PIXEL, width];
        for y in rows.clone() {
            let edges = std::iter::once(0).chain(ROOMS.iter().map(|(.., right)| right / PIXEL));
            wall.extend(edges.flat_map(|x| [x, y, 1]));
        }
        let mut layers = vec![json!({ "type": "wall", "compressedPixels": wall, "metaData": {} })];
        layers.extend(ROOMS.iter().map(|(id, name, left, right)| {
            json!({
                "type": "segment", "compressedPixels": floor(*left, *right), "metaData": { "segmentId": id, "name": name }
            })
        }));
        let point = |kind: &str, (x, y): (i32, i32)| json!({ "type": kind, "points": [x, y], "metaData": { "angle": 0 } });
        let map = json!({
            "metaData": { "version": 2 }, "size": { "x": 1000, "y": 400 }, "pixelSize": PIXEL, "layers": layers,
            "entities": [point("charger_location", DOCK), point("robot_position", self.at)],
        });
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        // Into memory: it cannot fail; an empty message says that there is no map.
        if packed.write_all(map.to_string().as_bytes()).is_err() {
            return Vec::new();
        }
        packed.finish().unwrap_or_default()
    }
}
