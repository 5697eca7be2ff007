//! A voice device of ESPHome: the protocol's own definitions and encryption, with a microphone that hears what it is given.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::voice::{at_rate, peer, speech, wyoming_python};
use crate::{Place, free_port, wait_for};

/// What the device can do, as its flags say: voice by the connection, a media player, timers; and with a loudspeaker in place of both.
pub const PLAYER: u32 = 1 | 4 | 8 | 16;
pub const SPEAKER: u32 = 1 | 2 | 4;

/// A device that runs.
pub struct EsphomePeer {
    pub port: u16,
    folder: PathBuf,
    features: u32,
    key: Option<String>,
    form: Option<String>,
    child: Child,
}

impl EsphomePeer {
    /// `key`: in base64. `form`: how it wants what it fetches, `RATE:CHANNELS`.
    pub fn start(place: &Place, features: u32, key: Option<&str>, form: Option<&str>) -> Self {
        let port = free_port();
        let folder = place.path().join(format!("esphome-{port}"));
        std::fs::create_dir_all(&folder).unwrap();
        let (key, form) = (key.map(str::to_owned), form.map(str::to_owned));
        let child = spawn(&folder, port, features, key.as_deref(), form.as_deref());
        Self { port, folder, features, key, form, child }
    }

    /// Its plug is pulled, and put in again.
    pub fn restart(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let Self { folder, port, features, key, form, .. } = &*self;
        self.child = spawn(folder, *port, *features, key.as_deref(), form.as_deref());
    }

    /// Somebody calls it by its own wake word and speaks; returns once it sends no more.
    pub fn speak(&self, text: &str) {
        self.says("say", text);
    }

    /// Somebody speaks where it sends all it hears.
    pub fn overhear(&self, text: &str) {
        self.says("all", text);
    }

    /// As [`Self::speak`], and returns at once.
    pub fn begin(&self, text: &str) {
        self.put("say", text);
    }

    fn says(&self, how: &str, text: &str) {
        self.put(how, text);
        let raw = self.folder.join(format!("{how}.raw"));
        wait_for(&format!("the end of {text:?}: {}", self.told_lines()), || !raw.exists());
    }

    fn put(&self, how: &str, text: &str) {
        let said = at_rate(&speech(text, "en-us"), 16_000);
        let silence = vec![0; 16_000];
        let samples = [&silence[..8_000], &said.samples, &silence].concat();
        let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        let half = self.folder.join("half");
        std::fs::write(&half, bytes).unwrap();
        std::fs::rename(half, self.folder.join(format!("{how}.raw"))).unwrap();
    }

    /// `cut`, `garbage` or `stop`.
    pub fn does(&self, word: &str) {
        let half = self.folder.join("half");
        std::fs::write(&half, word).unwrap();
        std::fs::rename(half, self.folder.join("do")).unwrap();
    }

    fn told_lines(&self) -> String {
        std::fs::read_to_string(self.folder.join("told")).unwrap_or_default()
    }

    /// All that it was told so far.
    pub fn told(&self) -> Vec<Value> {
        let lines = self.told_lines();
        // The last line may be half there.
        lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// What it was told of one kind.
    pub fn told_of(&self, kind: &str) -> Vec<Value> {
        self.told().into_iter().filter(|told| told.get(kind).is_some()).collect()
    }

    /// Waits until it was told so many of a kind; gives the last.
    pub fn wait_told(&self, kind: &str, count: usize) -> Value {
        wait_for(&format!("{count} of {kind:?} among {}", self.told_lines()), || {
            self.told_of(kind).len() >= count
        });
        self.told_of(kind).swap_remove(count - 1)
    }

    /// Names of the events of a run, as they came since the n-th thing that was told.
    pub fn events_since(&self, told: usize) -> Vec<String> {
        let all = self.told();
        let events = all.iter().skip(told).filter_map(|told| told["event"].as_str());
        events.map(str::to_owned).collect()
    }

    /// What its loudspeaker played so far, as it came.
    pub fn played(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("played.raw")).unwrap_or_default()
    }
}

fn spawn(folder: &Path, port: u16, features: u32, key: Option<&str>, form: Option<&str>) -> Child {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).unwrap();
    let mut command = Command::new(wyoming_python());
    command.arg(peer("esphome_device.py")).arg(folder).arg(port.to_string()).arg(features.to_string());
    command.arg(key.unwrap_or("-")).args(form);
    command.stdout(log.try_clone().unwrap()).stderr(log).stdin(Stdio::null());
    command.spawn().unwrap()
}

impl Drop for EsphomePeer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
