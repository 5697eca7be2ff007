//! A mosquitto with a folder and a port of its own; killed when dropped.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::{Place, wait_for};

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub struct Mosquitto {
    pub port: u16,
    folder: PathBuf,
    child: Option<Child>,
}

impl Mosquitto {
    /// Sessions and retained messages outlive it if `persistent`.
    pub fn start(place: &Place, persistent: bool) -> Self {
        Self::with(place, free_port(), persistent, "allow_anonymous true\n")
    }

    /// With one user and no anonymous clients.
    pub fn with_user(place: &Place, name: &str, password: &str) -> Self {
        let file = place.path().join("passwords");
        let made = Command::new("mosquitto_passwd")
            .args(["-b", "-c"])
            .arg(&file)
            .args([name, password])
            .stderr(Stdio::null())
            .status()
            .expect("mosquitto_passwd is installed");
        assert!(made.success());
        let lines = format!("allow_anonymous false\npassword_file {}\n", file.display());
        Self::with(place, free_port(), false, &lines)
    }

    pub fn with(place: &Place, port: u16, persistent: bool, lines: &str) -> Self {
        let folder = place.path().join("mosquitto");
        std::fs::create_dir_all(&folder).unwrap();
        let kept = format!("persistence {persistent}\npersistence_location {}/\n", folder.display());
        let common = "set_tcp_nodelay true\nmax_queued_messages 0\n";
        let user = if is_root() { "user root\n" } else { "" };
        let text = format!("listener {port} 127.0.0.1\n{common}{user}{kept}{lines}");
        std::fs::write(folder.join("mosquitto.conf"), text).unwrap();
        let mut broker = Self { port, folder, child: None };
        broker.run();
        broker
    }

    pub fn run(&mut self) {
        let program =
            if Path::new("/usr/sbin/mosquitto").exists() { "/usr/sbin/mosquitto" } else { "mosquitto" };
        let child = Command::new(program)
            .arg("-c")
            .arg(self.folder.join("mosquitto.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mosquitto is installed");
        self.child = Some(child);
        let port = self.port;
        wait_for("mosquitto", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    }

    /// In order: sessions are written down if it is persistent.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Sessions and retained messages are gone, as after a new installation.
    pub fn forget(&self) {
        let _ = std::fs::remove_file(self.folder.join("mosquitto.db"));
    }
}

fn is_root() -> bool {
    let shown = Command::new("id").arg("-u").output();
    shown.is_ok_and(|o| o.stdout.trim_ascii() == b"0")
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.kill();
    }
}
