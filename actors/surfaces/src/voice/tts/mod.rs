//! From words to sound: programs of their own, or somebody's Wyoming server. What is said goes to a program by its standard input, never as
//! an argument, which everybody on the machine could read.

mod cache;
mod programs;
mod sentences;
mod wyoming;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use lares_config::{Engine, SpeechConfig};

use super::sound::Sound;
use cache::Cache;

pub use programs::{espeak, there, voice};
pub use sentences::sentences;

/// Longer answers are cut: nobody listens to more.
const LONGEST: usize = 2_000;

/// The voice of a household, and what it said lately. Cheap to clone.
#[derive(Clone, Default)]
pub struct Speaking(Arc<Mutex<Cache>>);

impl Speaking {
    /// Says a text in a language. `data`: the data folder. An engine that fails is told of in the log, and espeak-ng speaks in its place.
    ///
    /// # Errors
    /// In words: nothing can speak.
    pub async fn say(
        &self,
        text: &str,
        language: &str,
        by: &SpeechConfig,
        data: &Path,
    ) -> Result<Sound, String> {
        let text: String = text.chars().take(LONGEST).collect();
        let key = format!("{:?} {:?} {language} {text}", by.engine, by.voice);
        if let Some(sound) = self.cache(|cache| cache.get(&key)) {
            return Ok(sound);
        }
        let said = say(&text, language, by, data).await;
        let sound = match said {
            Err(why) if by.engine != Engine::Espeak => {
                tracing::warn!(why, "espeak-ng speaks in its place");
                return programs::espeak(&text, language, None).await;
            }
            said => said?,
        };
        self.cache(|cache| cache.put(key, sound.clone()));
        Ok(sound)
    }

    fn cache<T>(&self, work: impl FnOnce(&mut Cache) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn say(text: &str, language: &str, by: &SpeechConfig, data: &Path) -> Result<Sound, String> {
    let voice = by.voice.as_deref();
    match &by.engine {
        // flite speaks English.
        Engine::Flite if language == "en" => programs::flite(text, voice, data).await,
        Engine::Espeak => programs::espeak(text, language, voice).await,
        Engine::Flite => programs::espeak(text, language, None).await,
        Engine::Command(command) => programs::command(text, language, voice, command).await,
        Engine::Wyoming { host, port } => wyoming::say(text, language, voice, (host, *port)).await,
    }
}

/// What speaks, in words, and what is missing to it.
///
/// # Errors
/// What is missing.
pub fn speaks(by: &SpeechConfig) -> Result<String, String> {
    let program = |program: &str| {
        let missing = || format!("{program} is not there: install it, until then nothing is answered aloud");
        if there(program) { Ok(program.to_owned()) } else { Err(missing()) }
    };
    match &by.engine {
        Engine::Espeak => program("espeak-ng"),
        Engine::Flite => program("flite"),
        Engine::Command(command) => program(command.first().map_or("", String::as_str)),
        Engine::Wyoming { host, port } => Ok(format!("Wyoming at {host}:{port}")),
    }
}
