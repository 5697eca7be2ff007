//! Spoken sentences, the recogniser's library and model, and a real Wyoming satellite with a microphone that hears what it is given.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use lares_surfaces::voice::sound::{Resampler, Sound, read_wav, wav};

use crate::{Lares, Place, free_port, shared, wait_for};

/// A folder of the tests' Python packages, as setup.sh installs them.
fn venv(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target").join(name);
    assert!(path.exists(), "{} is missing: run tests/setup.sh", path.display());
    path
}

/// `libvosk.so` of the Python package.
pub fn vosk_library() -> PathBuf {
    let lib = std::fs::read_dir(venv("venv").join("lib")).unwrap();
    let mut places = lib.map(|python| python.unwrap().path().join("site-packages/vosk/libvosk.so"));
    places.find(|path| path.exists()).expect("vosk is not installed: run tests/setup.sh")
}

/// `[voice]` of a home, if the model for tests is there.
pub fn voice_section(more: &str) -> Option<String> {
    let (library, model) = (vosk_library(), shared("voice/model")?);
    Some(format!("[voice]\nlibrary = {library:?}\nmodel = {model:?}\n{more}\n\n"))
}

/// A sentence as espeak-ng says it.
pub fn speech(text: &str, voice: &str) -> Sound {
    use std::io::Write as _;
    let mut program = Command::new("espeak-ng");
    program.args(["--stdin", "--stdout", "-s", "150", "-v", voice]);
    let mut child =
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("espeak-ng: run tests/setup.sh");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    read_wav(&child.wait_with_output().unwrap().stdout).unwrap()
}

/// The same at another rate.
pub fn at_rate(sound: &Sound, rate: u32) -> Sound {
    let mut to = Resampler::new(sound.rate, rate);
    let mut samples = to.push(&sound.samples);
    samples.extend(to.finish());
    Sound { rate, samples }
}

/// A file with a sentence, and a little silence around it.
pub fn speech_file(place: &Place, name: &str, sound: &Sound) -> String {
    let path = place.path().join(name);
    let silence = vec![0; sound.rate as usize / 2];
    let samples = [&silence[..], &sound.samples, &silence].concat();
    std::fs::write(&path, wav(&Sound { rate: sound.rate, samples })).unwrap();
    path.display().to_string()
}

/// The Python of the tests' packages.
pub fn wyoming_python() -> PathBuf {
    venv("venv").join("bin/python")
}

/// A peer's script.
pub fn peer(name: &str) -> String {
    format!("{}/peers/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// `wyoming-satellite` itself.
pub struct SatellitePeer {
    pub port: u16,
    folder: PathBuf,
    child: Child,
}

impl SatellitePeer {
    pub fn start(place: &Place) -> Self {
        let port = free_port();
        let folder = place.path().join(format!("satellite-{port}"));
        std::fs::create_dir_all(&folder).unwrap();
        let shown = folder.display();
        let (own, python) = (venv("satellite-venv").join("bin/python"), "python3");
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let mut command = Command::new(own);
        command.args(["-m", "wyoming_satellite", "--name", "test", "--no-zeroconf"]);
        command.arg("--uri").arg(format!("tcp://127.0.0.1:{port}"));
        command.arg("--mic-command").arg(format!("{python} {} {shown}", peer("microphone.py")));
        command.arg("--snd-command").arg(format!("{python} {} {shown}/played.raw", peer("loudspeaker.py")));
        command.stdout(log.try_clone().unwrap()).stderr(log).stdin(Stdio::null());
        let child = command.spawn().unwrap();
        Self { port, folder, child }
    }

    /// Somebody speaks; returns once it was heard to its end.
    pub fn speak(&self, text: &str) {
        let said = at_rate(&speech(text, "en-us"), 16_000);
        // Longer than the echo of an answer.
        let silence = vec![0; 16_000];
        self.hear(&[&silence[..10_000], &said.samples, &silence].concat());
    }

    /// Its microphone hears samples of 16 kHz; returns once it did. Gives when it began, in microseconds since 1970.
    pub fn hear(&self, samples: &[i16]) -> i64 {
        let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        let (half, whole) = (self.folder.join("say.half"), self.folder.join("say.raw"));
        std::fs::write(&half, bytes).unwrap();
        std::fs::rename(half, &whole).unwrap();
        wait_for("the microphone", || !whole.exists());
        std::fs::read_to_string(self.folder.join("say.began")).unwrap().parse().unwrap()
    }

    /// As [`Self::speak`]; returns once an answer was played to its end.
    pub fn ask(&self, text: &str) {
        let before = self.answers();
        self.speak(text);
        wait_for(&format!("an answer to {text:?}"), || self.answers() > before);
    }

    /// How many answers were played to their end.
    pub fn answers(&self) -> usize {
        std::fs::read(self.folder.join("played.raw.ends")).unwrap_or_default().len()
    }

    /// All that its loudspeaker played so far, 22050 Hz.
    pub fn played(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("played.raw")).unwrap_or_default()
    }

    /// Waits until it has played a sentence in full.
    pub fn wait_for_words(&self, text: &str) {
        // As the household calls the program.
        let spoken = said_as_house(text);
        wait_for(&format!("{text:?} from the loudspeaker; its log: {}", self.log()), || {
            let played = self.played();
            played.windows(spoken.len()).any(|part| part == spoken)
        });
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for SatellitePeer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A sound card of files, as ALSA's own plugins make it: a microphone that hears what a pipe brings, in real time, and a loudspeaker that
/// writes into a file. There is no card on a build machine.
pub struct FileCard {
    folder: PathBuf,
    pipe: std::sync::Mutex<Option<std::fs::File>>,
}

impl FileCard {
    pub fn new(place: &Place) -> Self {
        let folder = place.path().join("card");
        std::fs::create_dir_all(&folder).unwrap();
        let at = folder.display();
        let made = Command::new("mkfifo").arg(folder.join("mic.raw")).status().unwrap();
        assert!(made.success());
        // Fixed to what the files hold, whatever is asked for. Nothing is written until something plays.
        let conf = format!(
            "</usr/share/alsa/alsa.conf>\n\
             pcm.nothing {{ type null }}\n\
             pcm.ear {{ type file slave.pcm nothing file \"/dev/null\" infile \"{at}/mic.raw\" format \"raw\" }}\n\
             pcm.mouth {{ type file slave.pcm nothing file \"{at}/played.raw\" format \"raw\" }}\n\
             pcm.both {{ type asym capture.pcm ear playback.pcm mouth }}\n\
             pcm.!default {{ type plug slave {{ pcm both format S16_LE rate 16000 channels 1 }} }}\n"
        );
        std::fs::write(folder.join("asound.conf"), conf).unwrap();
        Self { folder, pipe: std::sync::Mutex::default() }
    }

    /// Where ALSA reads how the card is made (`ALSA_CONFIG_PATH`).
    pub fn config(&self) -> String {
        self.folder.join("asound.conf").display().to_string()
    }

    /// Somebody speaks before the microphone: sound of 16 kHz in real time, with silence around it.
    pub fn speak(&self, text: &str) {
        use std::io::Write as _;
        let said = at_rate(&speech(text, "en-us"), 16_000);
        let silence = vec![0; 24_000];
        let samples = [&silence[..12_000], &said.samples, &silence].concat();
        let mut pipe = self.pipe.lock().unwrap();
        let pipe = pipe.get_or_insert_with(|| {
            // Both ways: it opens without waiting for the other side.
            std::fs::OpenOptions::new().read(true).write(true).open(self.folder.join("mic.raw")).unwrap()
        });
        for piece in samples.chunks(1_600) {
            let bytes: Vec<u8> = piece.iter().flat_map(|s| s.to_le_bytes()).collect();
            pipe.write_all(&bytes).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }

    /// What was played and is no silence.
    pub fn played(&self) -> Vec<i16> {
        let bytes = std::fs::read(self.folder.join("played.raw")).unwrap_or_default();
        let samples = bytes.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]]));
        samples.filter(|s| s.unsigned_abs() > 64).collect()
    }
}

/// The samples of a sentence as the household speaks it.
pub fn said_as_house(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut program = Command::new("espeak-ng");
    program.args(["--stdin", "--stdout", "-v", "en-us"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = program.spawn().expect("espeak-ng: run tests/setup.sh");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let sound = read_wav(&child.wait_with_output().unwrap().stdout).unwrap();
    sound.samples.iter().flat_map(|s| s.to_le_bytes()).collect()
}

/// Waits until an entity is so.
pub fn wait_state(lares: &Lares, entity: &str, state: &serde_json::Value) {
    wait_for(&format!("{entity} to be {state}"), || {
        lares.entity(entity).is_some_and(|e| e["state"] == *state)
    });
}
