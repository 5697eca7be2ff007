//! Whether the house could hear and speak.

use std::path::Path;
use std::process::Command;

use lares_config::{Home, SatelliteAt};
use lares_surfaces::voice::ears::could_hear;
use lares_surfaces::voice::satellites::sound_program;
use lares_surfaces::voice::tts;

use super::Finding;

const WHAT: &str = "voice";
const SOUND: &str = "sound";

/// Nothing where the home wants none.
pub(super) fn voice(home: &Home, data: &Path) -> Option<Finding> {
    let voice = home.voice.as_ref()?;
    Some(match (could_hear(voice, data), tts::speaks(&voice.speech)) {
        (Err(why), _) => {
            Finding::warn(WHAT, why.to_string(), "until then nothing is heard; docs/talking.md, Being heard")
        }
        (Ok(()), Err(why)) => {
            Finding::warn(WHAT, why, "apt-get install espeak-ng, or docs/talking.md, Its voice")
        }
        (Ok(()), Ok(by)) => Finding::ok(WHAT, format!("vosk, its model and {by} are there")),
    })
}

/// Whether the sound devices that the home names are there. Nothing where it names none.
pub(super) fn sound(home: &Home) -> Option<Finding> {
    let named = home.satellites.values().filter_map(|satellite| match &satellite.at {
        SatelliteAt::Card { microphone, loudspeaker } => {
            Some([microphone.as_deref(), loudspeaker.as_deref()])
        }
        SatelliteAt::Wyoming { .. } | SatelliteAt::Esphome(_) => None,
    });
    let named: Vec<&str> = named.flatten().flatten().collect();
    if named.is_empty() {
        return None;
    }
    let program = sound_program();
    let mend = "docs/talking.md, A microphone at the server";
    let listed = match Command::new(&program).arg("--list").output() {
        Err(e) => return Some(Finding::warn(SOUND, format!("{}: {e}", program.display()), mend)),
        Ok(listed) if !listed.status.success() => {
            let why = String::from_utf8_lossy(&listed.stderr);
            return Some(Finding::warn(SOUND, why.lines().last().unwrap_or("it failed").to_owned(), mend));
        }
        Ok(listed) => String::from_utf8_lossy(&listed.stdout).into_owned(),
    };
    let is_there = |name: &&&str| {
        **name == "default" || listed.lines().any(|line| line.split('\t').next() == Some(**name))
    };
    Some(match named.iter().find(|name| !is_there(name)) {
        Some(name) => Finding::warn(SOUND, format!("there is no sound device {name:?}"), mend),
        None => Finding::ok(SOUND, "the sound devices that the home names are there"),
    })
}
