//! A real Snapcast server, loudspeakers that write what they play into files, a Music Player Daemon, and an ear that tells tones apart.

use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::{Place, free_port, wait_for};

const RATE: f64 = 48_000.0;

/// `snapserver` with a stream for each name, played into a pipe.
pub struct Snapserver {
    pub control: u16,
    stream: u16,
    folder: PathBuf,
    child: Option<Child>,
    fed: Vec<Arc<AtomicBool>>,
}

fn quiet(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

impl Snapserver {
    pub fn start(place: &Place, streams: &[&str]) -> Self {
        let folder = place.path().join("snapserver");
        std::fs::create_dir_all(folder.join("data")).unwrap();
        let (control, stream) = (free_port(), free_port());
        let at = folder.display();
        let source = |name: &&str| format!("source = pipe://{at}/{name}.fifo?name={name}&mode=create\n");
        let sources: String = streams.iter().map(source).collect();
        let conf = format!(
            "[server]\ndatadir = {at}/data\n[http]\nenabled = false\n[tcp]\nenabled = true\n\
             bind_to_address = 127.0.0.1\nport = {control}\n[stream]\nbind_to_address = 127.0.0.1\n\
             port = {stream}\nbuffer = 1000\n{sources}"
        );
        std::fs::write(folder.join("conf"), conf).unwrap();
        let mut server = Self { control, stream, folder, child: None, fed: Vec::new() };
        server.run();
        server
    }

    pub fn run(&mut self) {
        let conf = self.folder.join("conf");
        self.child =
            Some(quiet("snapserver").arg("-c").arg(conf).spawn().expect("snapserver: run tests/setup.sh"));
        wait_for("snapserver", || TcpStream::connect(("127.0.0.1", self.control)).is_ok());
    }

    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
    }

    pub fn pipe(&self, stream: &str) -> PathBuf {
        self.folder.join(format!("{stream}.fifo"))
    }

    /// Plays a tone on a stream for as long as this lives.
    pub fn play(&mut self, stream: &str, hertz: f64) {
        let (path, goes) = (self.pipe(stream), Arc::new(AtomicBool::new(true)));
        self.fed.push(goes.clone());
        std::thread::spawn(move || {
            let Ok(mut pipe) = std::fs::OpenOptions::new().write(true).open(path) else { return };
            let second = tone(hertz, 1.0);
            while goes.load(Ordering::SeqCst) && pipe.write_all(&second).is_ok() {}
        });
    }

    /// One call to the server, as somebody's app makes it.
    pub fn call(&self, method: &str, params: Value) -> Value {
        use std::io::{BufRead as _, BufReader};
        let mut wire = TcpStream::connect(("127.0.0.1", self.control)).unwrap();
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        wire.write_all(format!("{call}\r\n").as_bytes()).unwrap();
        let lines = BufReader::new(wire).lines().map_while(Result::ok);
        let mut answers = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
        answers.find(|answer| answer["id"] == 1).expect("an answer")
    }

    /// Notices of streams that groups are put onto, from now on, as somebody's app hears them: groups and streams.
    pub fn put_onto(&self) -> impl Fn() -> Vec<(String, String)> + use<> {
        use std::io::{BufRead as _, BufReader};
        let wire = TcpStream::connect(("127.0.0.1", self.control)).unwrap();
        let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
        let kept = heard.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(wire).lines().map_while(Result::ok) {
                let notice: Value = serde_json::from_str(&line).unwrap_or_default();
                let text = |key: &str| notice["params"][key].as_str().unwrap_or_default().to_owned();
                if notice["method"] == "Group.OnStreamChanged" {
                    kept.lock().unwrap().push((text("id"), text("stream_id")));
                }
            }
        });
        move || heard.lock().unwrap().clone()
    }

    /// What a client of it is: group, whether the group is muted, stream, all clients of the group, volume.
    pub fn client(&self, id: &str) -> Option<(Value, Value)> {
        let status = self.call("Server.GetStatus", json!({}));
        let groups = status["result"]["server"]["groups"].as_array().unwrap().clone();
        groups.into_iter().find_map(|group| {
            let found = group["clients"].as_array().unwrap().iter().find(|c| c["id"] == id).cloned()?;
            Some((group, found))
        })
    }
}

impl Drop for Snapserver {
    fn drop(&mut self) {
        self.fed.iter().for_each(|fed| fed.store(false, Ordering::SeqCst));
        self.stop();
    }
}

/// A sine as 16 bit stereo.
fn tone(hertz: f64, seconds: f64) -> Vec<u8> {
    let sample = |n: usize| {
        let value = (n as f64 / RATE * hertz * std::f64::consts::TAU).sin() * 12_000.0;
        let bytes = (value as i16).to_le_bytes();
        [bytes, bytes].concat()
    };
    (0..(RATE * seconds) as usize).flat_map(sample).collect()
}

/// A file with a tone, for whoever plays files.
pub fn tone_file(path: &Path, hertz: f64, seconds: f64) {
    let bytes = tone(hertz, seconds);
    let mut file = Vec::new();
    let size = u32::try_from(bytes.len()).unwrap();
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(size + 36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    file.extend_from_slice(&48_000_u32.to_le_bytes());
    file.extend_from_slice(&192_000_u32.to_le_bytes());
    file.extend_from_slice(b"\x04\0\x10\0data");
    file.extend_from_slice(&size.to_le_bytes());
    file.extend_from_slice(&bytes);
    std::fs::write(path, file).unwrap();
}

/// A loudspeaker: `snapclient` whose sound goes into a file.
pub struct Speaker {
    file: PathBuf,
    child: Child,
}

impl Speaker {
    pub fn start(place: &Place, server: &Snapserver, id: &str) -> Self {
        let file = place.path().join(format!("{id}.raw"));
        let child = quiet("snapclient")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &server.stream.to_string(),
                "--hostID",
                id,
                "--mixer",
                "software",
            ])
            .args(["--player", &format!("file:filename={}", file.display())])
            .spawn()
            .expect("snapclient: run tests/setup.sh");
        wait_for("a loudspeaker", || server.client(id).is_some_and(|(_, c)| c["connected"] == true));
        Self { file, child }
    }

    /// How much it has played, in bytes.
    pub fn played(&self) -> usize {
        std::fs::metadata(&self.file).map_or(0, |file| usize::try_from(file.len()).unwrap_or(0)) / 4 * 4
    }

    /// How loud a tone was at its loudest in all that was played since then: for a twentieth of a second is enough.
    pub fn loudest_since(&self, played: usize, hertz: f64) -> f64 {
        let bytes = std::fs::read(&self.file).unwrap_or_default();
        let left = bytes.get(played..).unwrap_or_default().chunks_exact(4);
        let samples: Vec<f64> = left.map(|f| f64::from(i16::from_le_bytes([f[0], f[1]]))).collect();
        let loud = |window: &[f64]| goertzel(window, hertz) / 12_000.0;
        samples.chunks_exact((RATE / 20.0) as usize).map(loud).fold(0.0, f64::max)
    }

    /// How loud each of these tones was in the last half second, 0 to 1 of the tone at full volume.
    pub fn heard(&self, tones: &[f64]) -> Vec<f64> {
        let bytes = std::fs::read(&self.file).unwrap_or_default();
        let frames = bytes.len() / 4;
        let last = frames.min((RATE / 2.0) as usize);
        let left = bytes.chunks_exact(4).skip(frames - last);
        let samples: Vec<f64> = left.map(|f| f64::from(i16::from_le_bytes([f[0], f[1]]))).collect();
        tones.iter().map(|hertz| goertzel(&samples, *hertz) / 12_000.0).collect()
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The amplitude of one tone.
fn goertzel(samples: &[f64], hertz: f64) -> f64 {
    if samples.is_empty() {
        return 0.0;
    }
    let turn = hertz / RATE * std::f64::consts::TAU;
    let (mut a, mut b) = (0.0, 0.0);
    for sample in samples {
        (a, b) = (sample + 2.0 * turn.cos() * a - b, a);
    }
    let power = a * a + b * b - 2.0 * turn.cos() * a * b;
    power.max(0.0).sqrt() * 2.0 / samples.len() as f64
}

/// A Music Player Daemon that plays tones into the pipe of a stream, and to whoever asks over HTTP.
pub struct Daemon {
    pub port: u16,
    /// Where it is heard over HTTP.
    pub url: String,
    child: Child,
}

impl Daemon {
    /// With a queue of these tones, each for two minutes; it plays.
    pub fn start(place: &Place, pipe: Option<PathBuf>, tones: &[f64]) -> Self {
        let folder = place.path().join("mpd");
        std::fs::create_dir_all(folder.join("music")).unwrap();
        for hertz in tones {
            tone_file(&folder.join("music").join(format!("{hertz}.wav")), *hertz, 120.0);
        }
        let (port, web, at) = (free_port(), free_port(), folder.display());
        let fifo = pipe.map(|pipe| format!("type \"fifo\"\nname \"snapcast\"\npath \"{}\"", pipe.display()));
        let http = format!(
            "type \"httpd\"\nname \"http\"\nencoder \"vorbis\"\nquality \"5\"\nbind_to_address \"127.0.0.1\"\nport \"{web}\""
        );
        let conf = format!(
            "music_directory \"{at}/music\"\ndb_file \"{at}/db\"\nstate_file \"{at}/state\"\nlog_file \"{at}/log\"\n\
             bind_to_address \"127.0.0.1\"\nport \"{port}\"\nzeroconf_enabled \"no\"\nauto_update \"yes\"\n\
             audio_output {{\n{}\nformat \"48000:16:2\"\n}}\n",
            fifo.unwrap_or(http)
        );
        std::fs::write(folder.join("conf"), conf).unwrap();
        let child = quiet("mpd")
            .arg("--no-daemon")
            .arg(folder.join("conf"))
            .spawn()
            .expect("mpd: run tests/setup.sh");
        let daemon = Self { port, url: format!("http://127.0.0.1:{web}/anna.ogg"), child };
        wait_for("mpd", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        for hertz in tones {
            wait_for("mpd to know its music", || !daemon.say(&format!("add {hertz}.wav")).contains("ACK"));
        }
        daemon.say("play");
        daemon
    }

    /// What it answers to a command.
    pub fn say(&self, command: &str) -> String {
        use std::io::{BufRead as _, BufReader};
        let mut wire = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        wire.write_all(format!("{command}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        for line in BufReader::new(wire).lines().map_while(Result::ok).skip(1) {
            answer.push_str(&line);
            answer.push('\n');
            if line == "OK" || line.starts_with("ACK") {
                break;
            }
        }
        answer
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
