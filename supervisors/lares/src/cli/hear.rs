//! `lares hear`: a file of sound for the running household.

use std::time::Duration;

use lares_surfaces::control::{Request, View};
use lares_surfaces::voice::HeardView;
use lares_surfaces::voice::sound::read_wav;

use super::args::{Global, HearArgs};
use super::ask::{Answered, order, running, unexpected};
use super::exit::{Failure, Outcome};
use super::out;
use super::show::envelope;

/// A minute of sound, and the wish after it.
const PATIENCE: Duration = Duration::from_secs(90);
/// A minute at the highest rate, in stereo of 32 bits, and more.
const LARGEST: u64 = 128 << 20;
/// Seconds.
const LONGEST: f64 = 60.0;

/// Answers with what was heard, and what the house says to it; what was not done is an exit code as well.
pub(super) async fn hear(global: &Global, args: HearArgs) -> Outcome {
    let HearArgs { file, room, language, yes, person } = args;
    let shown = file.display();
    let wrong = |why: String| Failure::input(format!("{shown}: {why}"));
    let length = std::fs::metadata(&file).map_err(|e| wrong(e.to_string()))?.len();
    if length > LARGEST {
        return Err(wrong(format!("{length} bytes; at most {LARGEST} are read")));
    }
    let bytes = std::fs::read(&file).map_err(|e| wrong(e.to_string()))?;
    let sound = read_wav(&bytes).map_err(|e| wrong(e.to_string()))?;
    if sound.length() > LONGEST {
        return Err(wrong(format!("{:.0} s of sound; at most {LONGEST} s are recognised", sound.length())));
    }
    let request = Request::Hear { samples: sound.at_16k(), language, room, yes, person };
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &request, PATIENCE).await?;
    let View::Heard(heard) = view else { return Err(unexpected()) };
    if global.json {
        out::json(&envelope(&told, "heard", &heard))?;
    } else {
        out::line(&text(&heard))?;
    }
    if heard.spoken.ok { Ok(()) } else { Err(Failure::silent(1)) }
}

fn text(heard: &HeardView) -> String {
    let mut out = String::new();
    if !heard.text.is_empty() {
        out.push_str(&format!("heard: {}\n", heard.text));
    }
    let hint = if heard.spoken.asks { " (--yes)" } else { "" };
    out.push_str(&format!("{}{hint}", heard.spoken.answer));
    if heard.spoken.intent.is_none() && !heard.unknown.is_empty() {
        out.push_str(&format!("\nthe model does not know: {}", heard.unknown.join(", ")));
    }
    out
}
