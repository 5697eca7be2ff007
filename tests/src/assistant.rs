//! A Music Assistant server of its project's own models, and somebody's app of its own client.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::voice::{peer, wyoming_python};
use crate::{Place, free_port, wait_for};

pub const TOKEN: &str = "a-long-lived-token";

/// A server with players; the one of `bath` has the id `ma-bath`.
pub struct MusicAssistant {
    pub port: u16,
    folder: PathBuf,
    names: Vec<String>,
    child: Option<Child>,
}

impl MusicAssistant {
    pub fn start(place: &Place, names: &[&str]) -> Self {
        let folder = place.path().join("music-assistant");
        std::fs::create_dir_all(&folder).unwrap();
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let mut server = Self { port: free_port(), folder, names, child: None };
        server.run();
        server
    }

    pub fn run(&mut self) {
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log")).unwrap();
        let mut command = Command::new(wyoming_python());
        command.arg(peer("music_assistant.py")).arg("serve").arg(&self.folder);
        command.arg(self.port.to_string()).arg(TOKEN).args(&self.names);
        command.stdout(log.try_clone().unwrap()).stderr(log).stdin(Stdio::null());
        self.child = Some(command.spawn().unwrap());
        wait_for("the Music Assistant server", || {
            std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
        });
    }

    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// How a player is, as the project's own client sees it.
    pub fn see(&self, player: &str) -> Value {
        let all: Value = serde_json::from_str(&self.client(&["see"], &[])).unwrap();
        all[player].clone()
    }

    /// What somebody's app does, by the project's own client.
    pub fn app(&self, words: &[&str]) {
        self.client(&["app"], words);
    }

    fn client(&self, how: &[&str], words: &[&str]) -> String {
        let port = self.port.to_string();
        let mut command = Command::new(wyoming_python());
        command.arg(peer("music_assistant.py")).args(how).args([port.as_str(), TOKEN]).args(words);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// All that it was told so far.
    pub fn told(&self) -> Vec<Value> {
        let lines = std::fs::read_to_string(self.folder.join("told")).unwrap_or_default();
        // The last line may be half there.
        lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// How often a player has come to hear something.
    pub fn heard(&self, player: &str) -> usize {
        self.told().iter().filter(|told| told["heard"] == player).count()
    }
}

impl Drop for MusicAssistant {
    fn drop(&mut self) {
        self.stop();
    }
}
