//! The program's one loop: events from the household, sound from the microphone, sound to the loudspeaker.

use std::os::fd::AsFd;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use lares_surfaces::voice::wyoming::{Event, read, write};
use serde_json::json;
use tokio::io::BufReader;
use tokio::net::unix::pipe;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::{capture, play};

/// How often it is looked whether all was played, and whether a device failed.
const LOOK: Duration = Duration::from_millis(50);
/// What a device has taken and not played yet.
const INSIDE: Duration = Duration::from_millis(250);
const WAITING: usize = 64;

/// Runs until the household ends it.
///
/// # Errors
/// In words: a device is not there or failed.
pub fn run(microphone: Option<String>, loudspeaker: Option<String>) -> Result<(), String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let from = std::io::stdin().as_fd().try_clone_to_owned().and_then(pipe::Receiver::from_owned_fd);
        let to = std::io::stdout().as_fd().try_clone_to_owned().and_then(pipe::Sender::from_owned_fd);
        let no_pipe = |e| format!("the household starts this program, with pipes: {e}");
        let (from, to) = (from.map_err(no_pipe)?, to.map_err(no_pipe)?);
        let (events, taken) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let mut from = BufReader::new(from);
            while let Ok(Some(event)) = read(&mut from).await {
                if events.send(event).await.is_err() {
                    return;
                }
            }
        });
        let (failed, failures) = sync_channel(4);
        let wires =
            Program { microphone, loudspeaker, to, failed, failures, hears: None, speaks: None, ends: None };
        wires.run(taken).await
    })
}

struct Program {
    microphone: Option<String>,
    loudspeaker: Option<String>,
    to: pipe::Sender,
    failed: SyncSender<String>,
    failures: Receiver<String>,
    hears: Option<capture::Microphone>,
    speaks: Option<play::Loudspeaker>,
    /// All that is to be said has come; since when the device has taken all of it.
    ends: Option<Option<Instant>>,
}

impl Program {
    async fn run(mut self, mut events: mpsc::Receiver<Event>) -> Result<(), String> {
        // What cannot be opened is told at once, and not when somebody wants to speak.
        if let Some(name) = &self.loudspeaker {
            play::open(name, &self.failed)?;
        }
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.event(&event).await?,
                    None => return Ok(()),
                },
                Some((rate, samples)) = heard(&mut self.hears) => self.send(&Event::chunk(&samples, rate)).await?,
                () = sleep(LOOK) => {}
            }
            if let Ok(why) = self.failures.try_recv() {
                return Err(why);
            }
            self.look().await?;
        }
    }

    async fn send(&mut self, event: &Event) -> Result<(), String> {
        write(&mut self.to, event).await.map_err(|e| e.to_string())
    }

    async fn event(&mut self, event: &Event) -> Result<(), String> {
        match event.kind.as_str() {
            "run-satellite" => {
                if let (Some(name), None) = (&self.microphone, &self.hears) {
                    self.hears = Some(capture::open(name, &self.failed)?);
                    self.send(&Event::with(
                        "run-pipeline",
                        json!({ "start_stage": "wake", "end_stage": "tts" }),
                    ))
                    .await?;
                }
            }
            // The device is closed: what is not open hears nothing.
            "pause-satellite" => self.hears = None,
            "audio-start" => {
                if let (Some(name), None) = (&self.loudspeaker, &self.speaks) {
                    self.speaks = Some(play::open(name, &self.failed)?);
                }
                self.ends = None;
            }
            "audio-chunk" => {
                if let Some(speaks) = &mut self.speaks {
                    let (rate, samples) = event.samples()?;
                    speaks.say(rate, samples)?;
                }
            }
            "audio-stop" => {
                if let Some(speaks) = &mut self.speaks {
                    speaks.finish()?;
                    self.ends = Some(None);
                }
            }
            "ping" => {
                let text = event.text("text").unwrap_or_default();
                self.send(&Event::with("pong", json!({ "text": text }))).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The loudspeaker is closed once all was heard.
    async fn look(&mut self) -> Result<(), String> {
        let Some(done) = self.ends else { return Ok(()) };
        let all_taken = self.speaks.as_ref().is_none_or(play::Loudspeaker::is_done);
        match done {
            None if all_taken => self.ends = Some(Some(Instant::now() + INSIDE)),
            Some(at) if Instant::now() >= at => {
                (self.ends, self.speaks) = (None, None);
                self.send(&Event::new("played")).await?;
            }
            _ => {}
        }
        Ok(())
    }
}

async fn heard(hears: &mut Option<capture::Microphone>) -> Option<(u32, Vec<i16>)> {
    match hears {
        Some(hears) => Some((hears.rate, hears.heard.recv().await?)),
        None => std::future::pending().await,
    }
}
