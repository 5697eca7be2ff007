//! One client of the voice server: requests one after the other, as many as it likes.

use std::sync::Arc;
use std::time::Duration;

use lares_config::SERVER_VOICE;
use serde_json::{Map, Value, json};
use tokio::io::BufReader;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;

use super::info::{Able, info};
use crate::control::{Asked, By, Spoken, Voice, spoken};
use crate::views;
use crate::voice::ears::Utterance;
use crate::voice::own::{own_files, with_language};
use crate::voice::prepare;
use crate::voice::satellites::{Interrupt, after_last};
use crate::voice::sound::{RATE, Resampler};
use crate::voice::understand::{CompiledHouse, House, SlotValue, Understood};
use crate::voice::words::Words;
use crate::voice::world::world;
use crate::voice::wyoming::{Event, read, write};

/// Home Assistant makes a new connection for each request; who is silent for so long has forgotten this one.
const IDLE: Duration = Duration::from_secs(300);
const WRITE: Duration = Duration::from_secs(10);
/// Samples that are sent at once.
const PIECE: usize = 1_024;

/// Runs until the client ends.
pub async fn session(stream: TcpStream, asked: Asked) -> Result<(), String> {
    let _ = stream.set_nodelay(true);
    let (from, to) = stream.into_split();
    let mut from = BufReader::new(from);
    let home = (asked.setup.in_force)();
    let language = home.voice.as_ref().and_then(|voice| voice.language.clone());
    let language = language.unwrap_or_else(|| home.household.language.clone());
    let mut session = Session { asked, to, language, utterance: None, rate: None, watch: None };
    loop {
        match tokio::time::timeout(IDLE, read(&mut from)).await {
            Ok(Ok(Some(event))) => session.event(event).await?,
            Ok(Ok(None)) | Err(_) => return Ok(()),
            Ok(Err(e)) => return Err(e.to_string()),
        }
    }
}

struct Session {
    asked: Asked,
    to: OwnedWriteHalf,
    language: String,
    utterance: Option<Utterance>,
    rate: Option<(u32, Resampler)>,
    watch: Option<Watch>,
}

/// Somebody wants to be told of the wake word.
struct Watch {
    wake: String,
    /// What may be said after it helps to tell it from what is not it.
    grammar: Option<Arc<str>>,
    heard: Interrupt,
}

impl Session {
    async fn send(&mut self, event: &Event) -> Result<(), String> {
        match tokio::time::timeout(WRITE, write(&mut self.to, event)).await {
            Ok(sent) => sent.map_err(|e| e.to_string()),
            Err(_) => Err("it does not take what it asked for".to_owned()),
        }
    }

    async fn trouble(&mut self, why: &str) -> Result<(), String> {
        tracing::warn!(why, "the voice server could not do what was asked");
        self.send(&Event::with("error", json!({ "text": why, "code": "lares" }))).await
    }

    async fn event(&mut self, event: Event) -> Result<(), String> {
        match event.kind.as_str() {
            "describe" => {
                let home = (self.asked.setup.in_force)();
                let hears = self.asked.setup.hearing.now().is_ok();
                let acts = home.speaker(SERVER_VOICE).is_some();
                let version = self.asked.setup.version.clone();
                let voice = home.voice.as_ref();
                let wake = voice.and_then(|voice| voice.wake.as_deref()).filter(|_| hears);
                let speech = voice.map(|voice| voice.speech.clone()).unwrap_or_default();
                let able =
                    Able { language: &self.language, hears, acts, wake, speech: &speech, version: &version };
                let told = info(&able);
                self.send(&told).await
            }
            "transcribe" => {
                if let Some(language) = event.text("language") {
                    self.language = language.split(['-', '_']).next().unwrap_or(language).to_lowercase();
                }
                Ok(())
            }
            "detect" => self.detect(&event).await,
            "audio-start" if self.watch.is_some() => Ok(()),
            "audio-chunk" if self.watch.is_some() => self.watched(&event).await,
            "audio-stop" if self.watch.is_some() => {
                self.watch = None;
                self.send(&Event::new("not-detected")).await
            }
            "audio-start" => self.begin().await,
            "audio-chunk" => self.sound(&event).await,
            "audio-stop" => self.transcript().await,
            "synthesize" => self.synthesize(event.text("text").unwrap_or_default()).await,
            "recognize" => self.recognize(event.text("text").unwrap_or_default()).await,
            "transcript" => self.handle(&event).await,
            "ping" => {
                let text = event.text("text").unwrap_or_default();
                self.send(&Event::with("pong", json!({ "text": text }))).await
            }
            // The protocol grows: what is not known is no trouble.
            _ => Ok(()),
        }
    }

    /// What is heard from now on is looked through for the wake word.
    async fn detect(&mut self, event: &Event) -> Result<(), String> {
        let home = (self.asked.setup.in_force)();
        let Some(wake) = home.voice.as_ref().and_then(|voice| voice.wake.clone()) else {
            return self.trouble("no wake word is configured").await;
        };
        let names = event.data.get("names").and_then(Value::as_array).cloned().unwrap_or_default();
        if !names.is_empty() && !names.iter().any(|name| *name == *wake) {
            return self.trouble(&format!("the only wake word here is {wake:?}")).await;
        }
        let ears = match self.asked.setup.hearing.now() {
            Ok(ears) => ears,
            Err(why) => return self.trouble(&why.to_string()).await,
        };
        let grammar = match prepare(&self.asked, &ears, &self.language, Some(&wake)).await {
            Ok(prepared) => prepared.grammar,
            Err(trouble) => return self.trouble(&trouble.message).await,
        };
        self.rate = None;
        self.watch = Some(Watch { wake, grammar, heard: Interrupt::default() });
        Ok(())
    }

    async fn watched(&mut self, chunk: &Event) -> Result<(), String> {
        let samples = self.samples(chunk)?;
        let Some(watch) = &mut self.watch else { return Ok(()) };
        let Some(window) = watch.heard.push(&samples) else { return Ok(()) };
        let ears = match self.asked.setup.hearing.now() {
            Ok(ears) => ears,
            Err(why) => return self.trouble(&why.to_string()).await,
        };
        // Where all recognisers are busy there is another look soon.
        let Ok(mut utterance) = ears.begin(watch.grammar.clone()) else { return Ok(()) };
        let pushed = utterance.push(window);
        let heard = match pushed {
            Ok(()) => utterance.finish().await,
            Err(why) => Err(why),
        };
        let wake = watch.wake.clone();
        if heard.is_ok_and(|heard| after_last(&heard.text, &wake).is_some()) {
            self.watch = None;
            return self.send(&Event::with("detection", json!({ "name": wake, "timestamp": 0 }))).await;
        }
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), String> {
        self.rate = None;
        let ears = match self.asked.setup.hearing.now() {
            Ok(ears) => ears,
            Err(why) => return self.trouble(&why.to_string()).await,
        };
        let prepared = match prepare(&self.asked, &ears, &self.language, None).await {
            Ok(prepared) => prepared,
            Err(trouble) => return self.trouble(&trouble.message).await,
        };
        match ears.begin(prepared.grammar) {
            Ok(utterance) => {
                self.utterance = Some(utterance);
                Ok(())
            }
            Err(why) => self.trouble(&why.to_string()).await,
        }
    }

    /// As recognisers take them.
    fn samples(&mut self, chunk: &Event) -> Result<Vec<i16>, String> {
        let (rate, samples) = chunk.samples()?;
        if rate == RATE {
            return Ok(samples);
        }
        if self.rate.as_ref().is_none_or(|(was, _)| *was != rate) {
            self.rate = Some((rate, Resampler::new(rate, RATE)));
        }
        Ok(self.rate.as_mut().map(|(_, resampler)| resampler.push(&samples)).unwrap_or_default())
    }

    async fn sound(&mut self, chunk: &Event) -> Result<(), String> {
        let samples = self.samples(chunk)?;
        let Some(utterance) = &mut self.utterance else { return Ok(()) };
        match utterance.push(samples) {
            Ok(()) => Ok(()),
            Err(why) => {
                self.utterance = None;
                self.trouble(&why.to_string()).await
            }
        }
    }

    async fn transcript(&mut self) -> Result<(), String> {
        let Some(utterance) = self.utterance.take() else { return Ok(()) };
        match utterance.finish().await {
            Ok(heard) => {
                let told = json!({ "text": heard.text, "language": self.language });
                self.send(&Event::with("transcript", told)).await
            }
            Err(why) => self.trouble(&why.to_string()).await,
        }
    }

    async fn synthesize(&mut self, text: &str) -> Result<(), String> {
        let home = (self.asked.setup.in_force)();
        let speech = home.voice.as_ref().map(|voice| voice.speech.clone()).unwrap_or_default();
        let setup = &self.asked.setup;
        let sound = match setup.speaking.say(text, &self.language, &speech, &setup.data).await {
            Ok(sound) => sound,
            Err(why) => return self.trouble(&why).await,
        };
        self.send(&Event::sound("audio-start", sound.rate)).await?;
        for piece in sound.samples.chunks(PIECE) {
            self.send(&Event::chunk(piece, sound.rate)).await?;
        }
        self.send(&Event::sound("audio-stop", sound.rate)).await
    }

    /// What a sentence means; nothing is done.
    async fn recognize(&mut self, text: &str) -> Result<(), String> {
        let home = (self.asked.setup.in_force)();
        let Some(speaker) = home.speaker(SERVER_VOICE).cloned() else { return self.not_recognized().await };
        let (sentence, language) = (text.to_owned(), self.language.clone());
        let root = self.asked.setup.files.folder.root.clone();
        let read = self.asked.read(move |source, told| {
            let mut devices = views::devices(source, told, false).map_err(crate::control::Trouble::failed)?;
            devices.iter_mut().for_each(|d| d.entities.retain(|e| speaker.grant.covers(e.room.as_deref())));
            let house = CompiledHouse::new(world(&home, &devices, &[]));
            let found = with_language(&language, &own_files(&root, &language), |language| {
                language.understand(&sentence, &house)
            });
            let best = found.map_err(crate::control::Trouble::input)?.into_iter().next();
            Ok(best.map(|best| intent(&best, &house.house)))
        });
        match read.await {
            Ok(Some(intent)) => self.send(&intent).await,
            Ok(None) => self.not_recognized().await,
            Err(trouble) => self.trouble(&trouble.message).await,
        }
    }

    async fn not_recognized(&mut self) -> Result<(), String> {
        self.send(&Event::new("not-recognized")).await
    }

    /// Does what a sentence says. What is asked back goes along as context, and comes with the answer.
    async fn handle(&mut self, event: &Event) -> Result<(), String> {
        let heard = event.text("text").unwrap_or_default().to_owned();
        let asked_back =
            event.data.get("context").and_then(|c| c.get("lares_asked")?.as_str()).map(str::to_owned);
        let answered = Words::of(&self.language).answered(&heard);
        let (text, yes) = match (asked_back, answered) {
            (Some(sentence), Some(true)) => (sentence, true),
            (Some(_), Some(false)) => {
                let left = Words::of(&self.language).left;
                return self.send(&Event::with("handled", json!({ "text": left }))).await;
            }
            _ => (heard.clone(), false),
        };
        let by = By::Voice(Voice { key: SERVER_VOICE.to_owned(), heard, addressed: true, keep: true });
        let said = Spoken { text: text.clone(), language: Some(self.language.clone()), room: None, yes, by };
        let spoken = match spoken(&self.asked, said).await {
            Ok(spoken) => spoken,
            Err(trouble) => {
                return self.send(&Event::with("not-handled", json!({ "text": trouble.message }))).await;
            }
        };
        let kind = if spoken.ok || spoken.asks { "handled" } else { "not-handled" };
        let mut told = Map::from_iter([("text".to_owned(), Value::from(spoken.answer))]);
        if spoken.asks {
            told.insert("context".to_owned(), json!({ "lares_asked": text }));
        }
        self.send(&Event::with(kind, Value::Object(told))).await
    }
}

/// An intent with what was said of it, names in place of numbers.
fn intent(best: &Understood, house: &House) -> Event {
    let place =
        |name: Option<&crate::voice::understand::Place>| name.map(|place| Value::from(place.id.as_str()));
    let value = |slot: &SlotValue| match slot {
        SlotValue::Text(text) => Some(Value::from(text.as_str())),
        SlotValue::Number(number) => Some(Value::from(*number)),
        SlotValue::Thing(n) => house.things.get(*n).map(|thing| Value::from(thing.id.as_str())),
        SlotValue::Area(n) => place(house.areas.get(*n)),
        SlotValue::Floor(n) => place(house.floors.get(*n)),
    };
    let entities: Vec<Value> = best
        .slots
        .iter()
        .filter_map(|(name, slot)| Some(json!({ "name": name, "value": value(slot)? })))
        .collect();
    Event::with("intent", json!({ "name": best.intent, "entities": entities }))
}
