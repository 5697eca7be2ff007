//! What the server says of itself.

use lares_config::SpeechConfig;
use serde_json::{Value, json};

use crate::voice::tts;
use crate::voice::wyoming::Event;

/// What it can do now.
pub struct Able<'a> {
    pub language: &'a str,
    pub hears: bool,
    pub acts: bool,
    /// Its wake word.
    pub wake: Option<&'a str>,
    pub speech: &'a SpeechConfig,
    pub version: &'a str,
}

/// Answers `describe`. What it cannot do is not offered.
pub fn info(able: &Able<'_>) -> Event {
    let Able { language, hears, acts, wake, speech, version } = *able;
    let asr = json!([{ "models": [of("vosk", "recognised by vosk", version, language)], "supports_transcript_streaming": false,
        "name": "lares", "description": "Lares' ears", "installed": true, "version": version, "attribution": made() }]);
    let by = tts::speaks(speech).unwrap_or_else(|missing| missing);
    let voice = speech.voice.as_deref().unwrap_or_else(|| tts::voice(language));
    let tts = json!([{ "voices": [of(voice, &by, version, language)],
        "supports_synthesize_streaming": false, "name": "lares", "description": "Lares' voice", "installed": true,
        "version": version, "attribution": made() }]);
    let program = |description: &str| {
        json!([{ "models": [of("lares", description, version, language)], "name": "lares", "description": description,
            "installed": true, "version": version, "attribution": made(), "supports_home_control": true }])
    };
    let wake = wake.map(|wake| {
        let mut model = of(wake, wake, version, language);
        model["phrase"] = wake.into();
        json!([{ "models": [model], "name": "lares", "description": "Lares' wake word", "installed": true,
            "version": version, "attribution": made() }])
    });
    let if_so = |so: bool, what: Value| if so { what } else { json!([]) };
    Event::with(
        "info",
        json!({
            "asr": if_so(hears, asr),
            "tts": tts,
            "intent": if_so(acts, program("Lares' sentences")),
            "handle": if_so(acts, program("Lares' house")),
            "wake": wake.unwrap_or_else(|| json!([])), "mic": [], "snd": [],
        }),
    )
}

fn of(name: &str, description: &str, version: &str, language: &str) -> Value {
    json!({ "name": name, "description": description, "installed": true, "version": version,
        "languages": [language], "attribution": made() })
}

fn made() -> Value {
    json!({ "name": "Lares", "url": "" })
}
