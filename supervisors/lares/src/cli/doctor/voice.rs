//! Whether the house could hear and speak.

use std::path::Path;

use lares_config::Home;
use lares_surfaces::voice::ears::could_hear;
use lares_surfaces::voice::tts;

use super::Finding;

const WHAT: &str = "voice";

/// Nothing where the home wants none.
pub(super) fn voice(home: &Home, data: &Path) -> Option<Finding> {
    let voice = home.voice.as_ref()?;
    Some(match could_hear(voice, data) {
        Err(why) => {
            Finding::warn(WHAT, why.to_string(), "until then nothing is heard; docs/talking.md, Being heard")
        }
        Ok(()) if !tts::there() => Finding::warn(
            WHAT,
            "espeak-ng is not there: nothing is answered aloud",
            "apt-get install espeak-ng",
        ),
        Ok(()) => Finding::ok(WHAT, "vosk, its model and espeak-ng are there"),
    })
}
