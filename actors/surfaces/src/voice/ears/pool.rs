//! Recognisers on threads of their own over one model. Sound comes to them over bounded channels, never through a mailbox.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_config::VoiceConfig;
use serde_json::Value;
use tokio::sync::oneshot;

use super::library::{Api, NoEars, OpenModel, Recogniser};
use super::model::{Kind, look};
use super::phrases::Vocabulary;
use crate::voice::sound::RATE;

/// Utterances that may wait for a recogniser.
const WAITING: usize = 4;
/// Pieces of sound of one utterance that may wait: at 16 ms each a minute.
const PIECES: usize = 3_750;
/// Longest utterance.
const LONGEST: u64 = 60;
/// A recogniser is far faster than speech; a busy machine may take its time.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whoever sends nothing more of an utterance for so long is gone: a recogniser that waited for it would be deaf to all others.
const STALLED: Duration = Duration::from_secs(10);

/// What was recognised.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// In small letters; empty: nothing.
    pub text: String,
    /// How sure the recogniser is of its least sure word, 0 to 1.
    pub sure: f64,
}

/// One utterance on its way.
pub struct Utterance {
    pieces: Option<SyncSender<Vec<i16>>>,
    heard: oneshot::Receiver<Heard>,
    samples: usize,
}

impl Utterance {
    /// Adds samples at 16 kHz.
    ///
    /// # Errors
    /// It is too long by now, or the recogniser failed.
    pub fn push(&mut self, samples: Vec<i16>) -> Result<(), NoEars> {
        self.samples += samples.len();
        if self.samples as u64 > LONGEST * u64::from(RATE) {
            return Err(NoEars::TooLong(LONGEST));
        }
        let sent = self.pieces.as_ref().map(|pieces| pieces.try_send(samples));
        match sent {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => Err(NoEars::TooLong(LONGEST)),
            _ => Err(NoEars::Failed),
        }
    }

    /// That was all: what was it?
    ///
    /// # Errors
    /// The recogniser failed.
    pub async fn finish(mut self) -> Result<Heard, NoEars> {
        self.pieces = None;
        match tokio::time::timeout(PATIENCE, self.heard).await {
            Ok(Ok(heard)) => Ok(heard),
            _ => Err(NoEars::Failed),
        }
    }
}

/// What can be said, as vosk takes it, and words that it does not know.
pub(super) type Told = (Option<Arc<str>>, Vec<String>);

struct Job {
    grammar: Option<Arc<str>>,
    pieces: Receiver<Vec<i16>>,
    heard: oneshot::Sender<Heard>,
}

/// The recognisers of one household. They end when it is dropped.
pub struct Ears {
    jobs: SyncSender<Job>,
    model: Arc<OpenModel>,
    kind: Kind,
    threads: usize,
    vocabulary: Vocabulary,
    /// What can be said, by what it was made of: a house changes seldom.
    told: Mutex<Option<(String, Told)>>,
}

impl Ears {
    /// Opens library and model, and starts the threads. Takes as long as the model is large: not for a thread that serves.
    ///
    /// # Errors
    /// What is missing, and how to get it.
    pub fn open(library: Option<&Path>, data: &Path, model: &Path, threads: usize) -> Result<Self, NoEars> {
        let kind = look(model)?;
        let api = Api::open(library, data)?;
        let failed = || NoEars::NoModel {
            path: model.display().to_string(),
            what: "vosk does not take it".to_owned(),
        };
        let open = Arc::new(OpenModel::open(api, model).ok_or_else(failed)?);
        let (jobs, waiting) = sync_channel::<Job>(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads.max(1) {
            let (open, waiting) = (open.clone(), waiting.clone());
            let thread = std::thread::Builder::new().name(format!("lares-ears-{number}"));
            let started = thread.spawn(move || work(&open, &waiting));
            started.map_err(|e| {
                tracing::error!(%e, "no thread for a recogniser");
                NoEars::Failed
            })?;
        }
        let vocabulary = Vocabulary::of(model);
        Ok(Self { jobs, model: open, kind, threads, vocabulary, told: Mutex::default() })
    }

    /// Whether the model can be told what will be said.
    pub fn takes_grammar(&self) -> bool {
        self.kind.grammar
    }

    /// As the model writes a word that was folded; nothing: it does not know it.
    pub fn spelled(&self, folded: &str) -> Option<String> {
        self.vocabulary.spelled(folded, |word| self.model.knows(word))
    }

    /// What `make` gives, once for each `of`.
    pub(super) fn told<E>(&self, of: String, make: impl FnOnce() -> Result<Told, E>) -> Result<Told, E> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((by, known)) = &*told
            && *by == of
        {
            return Ok(known.clone());
        }
        let made = make()?;
        *told = Some((of, made.clone()));
        Ok(made)
    }

    /// Begins an utterance. `grammar`: what can be said.
    ///
    /// # Errors
    /// All recognisers are busy, and others wait already.
    pub fn begin(&self, grammar: Option<Arc<str>>) -> Result<Utterance, NoEars> {
        let (pieces, taken) = sync_channel(PIECES);
        let (told, heard) = oneshot::channel();
        let job = Job { grammar: grammar.filter(|_| self.kind.grammar), pieces: taken, heard: told };
        match self.jobs.try_send(job) {
            Ok(()) => Ok(Utterance { pieces: Some(pieces), heard, samples: 0 }),
            Err(TrySendError::Full(_)) => Err(NoEars::Busy(self.threads)),
            Err(TrySendError::Disconnected(_)) => Err(NoEars::Failed),
        }
    }
}

/// Whether library and model are there, without opening the model.
///
/// # Errors
/// What is missing, and how to get it.
pub fn could_hear(voice: &VoiceConfig, data: &Path) -> Result<(), NoEars> {
    let VoiceConfig { library, model, .. } = voice;
    look(model.as_deref().ok_or(NoEars::NotWanted)?)?;
    Api::open(library.as_deref(), data).map(drop)
}

/// One thread: an utterance after the other. A recogniser is kept while the next one may be said by the same grammar.
fn work(model: &Arc<OpenModel>, waiting: &Mutex<Receiver<Job>>) {
    let mut kept: Option<(Option<Arc<str>>, Recogniser)> = None;
    loop {
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { grammar, pieces, heard }) = job else { return };
        if kept.as_ref().is_none_or(|(by, _)| *by != grammar) {
            let made = Recogniser::new(model, RATE, grammar.as_deref());
            kept = made.map(|recogniser| (grammar, recogniser));
        }
        // Who waits sees that it failed.
        let Some((_, recogniser)) = &mut kept else { continue };
        let parts = listen(&pieces, STALLED, |samples| recogniser.accept(samples));
        // What was begun is ended in any case: the next utterance begins anew.
        let last = recogniser.finish();
        let Some(mut parts) = parts else { continue };
        parts.push(last);
        let _ = heard.send(joined(&parts));
    }
}

/// Takes an utterance to its end; `None`: nothing more came for so long, and its end did not come either.
fn listen(
    pieces: &Receiver<Vec<i16>>,
    stalled: Duration,
    mut accept: impl FnMut(&[i16]) -> Option<String>,
) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    loop {
        match pieces.recv_timeout(stalled) {
            Ok(samples) => parts.extend(accept(&samples)),
            Err(RecvTimeoutError::Disconnected) => return Some(parts),
            Err(RecvTimeoutError::Timeout) => return None,
        }
    }
}

/// The parts of what was said, each as vosk tells it.
fn joined(parts: &[String]) -> Heard {
    let (mut text, mut sure): (Vec<String>, f64) = (Vec::new(), 1.0);
    for part in parts.iter().filter_map(|part| serde_json::from_str::<Value>(part).ok()) {
        let words = part.get("result").and_then(Value::as_array).into_iter().flatten();
        let least = words.filter_map(|word| word.get("conf")?.as_f64()).fold(1.0, f64::min);
        sure = sure.min(least);
        let said = part.get("text").and_then(Value::as_str).unwrap_or_default();
        text.extend(said.split_whitespace().filter(|word| *word != "[unk]").map(str::to_lowercase));
    }
    if text.is_empty() {
        return Heard::default();
    }
    Heard { text: text.join(" "), sure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_and_the_least_sure_word_counts() {
        let part =
            |text: &str, conf: f64| format!(r#"{{"result":[{{"conf":{conf},"word":"x"}}],"text":"{text}"}}"#);
        let heard =
            joined(&[part("turn on", 0.9), r#"{"text":""}"#.to_owned(), part("The [unk] light", 0.4)]);
        assert_eq!(heard, Heard { text: "turn on the light".into(), sure: 0.4 });
        assert_eq!(joined(&[r#"{"text":"[unk]"}"#.to_owned(), "garbage".to_owned()]), Heard::default());
    }

    /// Meant to fail it (not tried): `recv` in place of `recv_timeout`, with which it never returns.
    #[test]
    fn who_sends_nothing_more_is_not_waited_for_and_who_ends_is_heard() {
        let patience = Duration::from_millis(20);
        let sum = |samples: &[i16]| Some(samples.iter().map(|s| i32::from(*s)).sum::<i32>().to_string());
        let (sender, pieces) = sync_channel(4);
        sender.send(vec![1, 2]).unwrap();
        sender.send(vec![3]).unwrap();
        // It is still there, and sends no more.
        assert_eq!(listen(&pieces, patience, sum), None);
        sender.send(vec![4]).unwrap();
        drop(sender);
        assert_eq!(listen(&pieces, patience, sum), Some(vec!["4".to_owned()]));
        assert_eq!(listen(&pieces, patience, sum), Some(Vec::new()), "an end is no silence");
    }

    #[test]
    fn what_is_missing_says_how_to_get_it() {
        let at = tempfile::tempdir().unwrap();
        let told = |library: Option<&Path>| Api::open(library, at.path()).map(drop).unwrap_err().to_string();
        let gone = at.path().join("gone.so");
        let words = told(Some(&gone));
        assert!(words.contains("gone.so") && words.contains("pip install vosk"), "{words}");
        let other = at.path().join("other.so");
        std::fs::write(&other, "no library").unwrap();
        assert!(told(Some(&other)).contains("is no libvosk"), "{}", told(Some(&other)));
    }
}
