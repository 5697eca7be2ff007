//! Satellites that speak Wyoming: what is said in its events.

use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::conversation::Stage;
use super::dialog::{Ends, Mouth, Said, Tell, TimerNow, TimerTold};
use crate::voice::wyoming::{Event, read, write};

/// Events that may wait to be looked at; a satellite that sends more waits.
const WAITING: usize = 64;

/// The way to one.
pub struct Out {
    to: Box<dyn AsyncWrite + Send + Unpin>,
    _reader: Reader,
}

/// What reads ends with the session.
struct Reader(JoinHandle<()>);

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A session's ends of such a wire.
pub fn ends(from: impl AsyncRead + Send + Unpin + 'static, to: Box<dyn AsyncWrite + Send + Unpin>) -> Ends {
    let (said, taken) = mpsc::channel(WAITING);
    let out = Out { to, _reader: Reader(tokio::spawn(pump(from, said))) };
    Ends { said: taken, to: Mouth::Wyoming(out), whole: false, rings: false }
}

async fn pump(from: impl AsyncRead + Send + Unpin, to: mpsc::Sender<Result<Said, String>>) {
    let mut from = BufReader::new(from);
    loop {
        let said = match read(&mut from).await {
            Ok(Some(event)) => said(&event).transpose(),
            Ok(None) => return,
            Err(e) => Some(Err(e.to_string())),
        };
        // The protocol grows: what is not known is no trouble.
        let Some(said) = said else { continue };
        let last = said.is_err();
        if to.send(said).await.is_err() || last {
            return;
        }
    }
}

fn said(event: &Event) -> Result<Option<Said>, String> {
    let text = || event.text("text").unwrap_or_default().to_owned();
    Ok(Some(match event.kind.as_str() {
        "audio-chunk" => {
            let (rate, samples) = event.samples()?;
            Said::Sound(rate, samples)
        }
        "run-pipeline" => Said::Runs(match event.text("start_stage") {
            Some("asr") => Stage::Command,
            _ => Stage::Wake,
        }),
        "audio-stop" => Said::SpeechOver,
        "played" => Said::Played,
        "ping" => Said::Ping(text()),
        "pong" => Said::Pong,
        "error" => Said::Trouble(text()),
        _ => return Ok(None),
    }))
}

/// # Errors
/// In words: the wire failed.
pub async fn put(out: &mut Out, tell: Tell) -> Result<(), String> {
    match event(tell) {
        Some(event) => write(&mut out.to, &event).await.map_err(|e| e.to_string()),
        None => Ok(()),
    }
}

/// `None`: Wyoming has no word for it.
fn event(tell: Tell) -> Option<Event> {
    let at_0 = |kind: &str| Event::with(kind, json!({ "timestamp": 0 }));
    Some(match tell {
        Tell::Hello => Event::new("describe"),
        Tell::Listen(true) => Event::new("run-satellite"),
        Tell::Listen(false) => Event::new("pause-satellite"),
        Tell::Ping => Event::with("ping", json!({ "text": "lares" })),
        Tell::Pong(text) => Event::with("pong", json!({ "text": text })),
        Tell::SpeechBegins => at_0("voice-started"),
        Tell::SpeechEnds => at_0("voice-stopped"),
        Tell::Called(name) => Event::with("detection", json!({ "name": name, "timestamp": 0 })),
        Tell::Heard(text) => Event::with("transcript", json!({ "text": text })),
        Tell::Speaks(text, _) => Event::with("synthesize", json!({ "text": text })),
        Tell::SoundBegins(rate) => Event::sound("audio-start", rate),
        Tell::Sound(samples, rate) => Event::chunk(&samples, rate),
        Tell::SoundEnds(rate) => Event::sound("audio-stop", rate),
        Tell::Timer(timer) => timer_event(&timer),
        Tell::Deaf(_) | Tell::Nothing => return None,
    })
}

fn timer_event(timer: &TimerTold) -> Event {
    let TimerTold { id, name, now, total_s, left_s } = timer;
    match now {
        TimerNow::Started => Event::with(
            "timer-started",
            json!({
                "id": id,
                "name": name,
                "total_seconds": total_s,
                "start_hours": total_s / 3600,
                "start_minutes": total_s / 60 % 60,
                "start_seconds": total_s % 60,
            }),
        ),
        TimerNow::Runs | TimerNow::Paused => {
            let runs = *now == TimerNow::Runs;
            Event::with("timer-updated", json!({ "id": id, "is_active": runs, "total_seconds": left_s }))
        }
        TimerNow::Cancelled => Event::with("timer-cancelled", json!({ "id": id })),
        TimerNow::Finished => Event::with("timer-finished", json!({ "id": id })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_are_told_as_wyoming_tells_them() {
        let told = |now| {
            let (id, name) = ("kitchen/pizza".to_owned(), "pizza".to_owned());
            let event =
                event(Tell::Timer(TimerTold { id, name, now, total_s: 3_661, left_s: 3_000 })).unwrap();
            (event.kind.clone(), serde_json::Value::Object(event.data))
        };
        let (kind, data) = told(TimerNow::Started);
        assert_eq!(kind, "timer-started");
        assert_eq!(
            data,
            json!({ "id": "kitchen/pizza", "name": "pizza", "total_seconds": 3_661, "start_hours": 1,
                "start_minutes": 1, "start_seconds": 1 })
        );
        let updated = |runs: bool| {
            let data = json!({ "id": "kitchen/pizza", "is_active": runs, "total_seconds": 3_000 });
            ("timer-updated".to_owned(), data)
        };
        assert_eq!((told(TimerNow::Paused), told(TimerNow::Runs)), (updated(false), updated(true)));
        assert_eq!(told(TimerNow::Cancelled).0, "timer-cancelled");
        assert_eq!(told(TimerNow::Finished).0, "timer-finished");
    }

    #[test]
    fn what_it_does_not_know_is_no_trouble_and_sound_of_no_form_is() {
        assert_eq!(said(&Event::new("new-in-version-2")), Ok(None));
        assert_eq!(said(&Event::new("run-pipeline")), Ok(Some(Said::Runs(Stage::Wake))));
        let asr = Event::with("run-pipeline", json!({ "start_stage": "asr" }));
        assert_eq!(said(&asr), Ok(Some(Said::Runs(Stage::Command))));
        assert_eq!(said(&Event::chunk(&[1, 2], 8_000)), Ok(Some(Said::Sound(8_000, vec![1, 2]))));
        assert!(said(&Event::new("audio-chunk")).is_err());
        assert_eq!((event(Tell::Nothing), event(Tell::Deaf("why".into()))), (None, None));
    }
}
