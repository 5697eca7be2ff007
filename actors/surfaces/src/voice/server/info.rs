//! What the server says of itself.

use serde_json::{Value, json};

use crate::voice::tts;
use crate::voice::wyoming::Event;

/// What it can do now.
pub struct Able<'a> {
    pub language: &'a str,
    pub hears: bool,
    pub acts: bool,
    pub version: &'a str,
}

/// Answers `describe`. What it cannot do is not offered.
pub fn info(able: &Able<'_>) -> Event {
    let Able { language, hears, acts, version } = *able;
    let asr = json!([{ "models": [of("vosk", "recognised by vosk", version, language)], "supports_transcript_streaming": false,
        "name": "lares", "description": "Lares' ears", "installed": true, "version": version, "attribution": made() }]);
    let tts = json!([{ "voices": [of(tts::voice(language), "espeak-ng", version, language)],
        "supports_synthesize_streaming": false, "name": "lares", "description": "Lares' voice", "installed": true,
        "version": version, "attribution": made() }]);
    let program = |description: &str| {
        json!([{ "models": [of("lares", description, version, language)], "name": "lares", "description": description,
            "installed": true, "version": version, "attribution": made(), "supports_home_control": true }])
    };
    let if_so = |so: bool, what: Value| if so { what } else { json!([]) };
    Event::with(
        "info",
        json!({
            "asr": if_so(hears, asr),
            "tts": tts,
            "intent": if_so(acts, program("Lares' sentences")),
            "handle": if_so(acts, program("Lares' house")),
            "wake": [], "mic": [], "snd": [],
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
