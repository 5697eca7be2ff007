//! Keeps what comes in on the wires in a file, in Lares's own form of a recording.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use lares_devices::recording::{WireLine, wire_header};
use lares_household::House;
use lares_household::links::Tap;
use lares_kernel::wire::Inbound;
use lares_surfaces::control::Recording;

/// Messages that may wait for the disk; beyond it they are left out of the recording, and counted.
const QUEUE: usize = 65_536;

/// The recorder of one process. At most one recording runs.
#[derive(Default)]
pub struct Recorder(Mutex<Option<Running>>);

struct Running {
    path: PathBuf,
    ear: Arc<Ear>,
    writer: JoinHandle<std::io::Result<u64>>,
}

struct Ear {
    lines: Mutex<Option<SyncSender<WireLine>>>,
    lost: AtomicU64,
}

impl Tap for Ear {
    fn take(&self, link: &str, message: &Inbound) {
        let line = WireLine {
            at: message.at,
            link: link.to_owned(),
            topic: message.address.to_string(),
            payload: message.bytes.to_vec(),
            retained: message.retained,
        };
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let full = matches!(lines.as_ref().map(|l| l.try_send(line)), Some(Err(TrySendError::Full(_))));
        if full && self.lost.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::error!("the disk is too slow for the recording: messages are left out of it");
        }
    }
}

impl Recorder {
    /// Begins a recording in a new file, or ends the one that runs.
    pub fn record(&self, house: &House, path: Option<PathBuf>) -> Result<Recording, String> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (path, &mut *running) {
            (Some(_), Some(other)) => Err(format!("{} is being recorded already", other.path.display())),
            (None, None) => Err("nothing is being recorded".to_owned()),
            (Some(path), none) => {
                let begun = Running::begin(house, path.clone())
                    .map_err(|e| format!("failed to record to {}: {e}", path.display()))?;
                house.set_tap(Some(begun.ear.clone()));
                tracing::info!(path = %path.display(), "recording");
                *none = Some(begun);
                Ok(Recording { path: path.display().to_string(), messages: None })
            }
            (None, some) => {
                house.set_tap(None);
                some.take().map_or_else(|| Err("nothing is being recorded".to_owned()), Running::end)
            }
        }
    }

    /// Ends what may still run: its last messages reach the file.
    pub fn close(&self, house: &House) {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            return;
        }
        if let Err(why) = self.record(house, None) {
            tracing::error!(why, "recording");
        }
    }
}

impl Running {
    fn begin(house: &House, path: PathBuf) -> std::io::Result<Self> {
        // Never over anything that is there, and only for its owner: it tells who was at home when.
        let file = File::options().write(true).create_new(true).mode(0o600).open(&path)?;
        let mut file = BufWriter::new(file);
        let zone = house.home().household.zone.iana_name().unwrap_or("UTC").to_owned();
        writeln!(file, "{}", wire_header(&zone))?;
        file.flush()?;
        let (sender, receiver) = sync_channel(QUEUE);
        let ear = Arc::new(Ear { lines: Mutex::new(Some(sender)), lost: AtomicU64::new(0) });
        let named = std::thread::Builder::new().name("lares-recorder".to_owned());
        let writer = named.spawn(move || write_all(file, &receiver))?;
        Ok(Self { path, ear, writer })
    }

    fn end(self) -> Result<Recording, String> {
        self.ear.lines.lock().unwrap_or_else(PoisonError::into_inner).take();
        let path = self.path.display().to_string();
        let written = self.writer.join().map_err(|_| "the recorder failed".to_owned())?;
        let messages = written.map_err(|e| format!("failed to record to {path}: {e}"))?;
        let lost = self.ear.lost.load(Ordering::Relaxed);
        if lost > 0 {
            return Err(format!(
                "{path} holds {messages} messages; {lost} are missing, the disk was too slow"
            ));
        }
        tracing::info!(path, messages, "recorded");
        Ok(Recording { path, messages: Some(messages) })
    }
}

/// Writes until nobody sends any more. Whenever it has caught up, what it has is in the file.
fn write_all(mut file: BufWriter<File>, lines: &Receiver<WireLine>) -> std::io::Result<u64> {
    let mut written = 0;
    loop {
        let line = match lines.try_recv() {
            Ok(line) => line,
            Err(TryRecvError::Disconnected) => break,
            Err(TryRecvError::Empty) => {
                file.flush()?;
                let Ok(line) = lines.recv() else { break };
                line
            }
        };
        writeln!(file, "{}", line.to_text())?;
        written += 1;
    }
    file.flush()?;
    Ok(written)
}
