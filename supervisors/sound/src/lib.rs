//! `lares-sound`: a microphone and a loudspeaker of this machine as a satellite, which speaks Wyoming by its standard input and output. The
//! household starts it for each `[satellite.*]` that names a sound device. It is a program of its own because ALSA's library is linked to it:
//! where that is missing, or a driver takes it down, the household runs on.
//!
//! **Absent on purpose:** meaning of any kind. It finds no words, no speech and no end of speech in what it hears.

mod capture;
mod devices;
mod form;
mod play;
mod run;

use std::process::ExitCode;

const USAGE: &str = "lares-sound --list\nlares-sound [--microphone DEVICE] [--loudspeaker DEVICE]\n";

/// The program. The household reads its last line on standard error where it ends by itself.
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (mut microphone, mut loudspeaker) = (None, None);
    let mut rest = arguments.as_slice();
    loop {
        match rest {
            [] => break,
            ["--list"] => return told(devices::list()),
            ["--microphone", device, more @ ..] => {
                microphone = Some((*device).to_owned());
                rest = more;
            }
            ["--loudspeaker", device, more @ ..] => {
                loudspeaker = Some((*device).to_owned());
                rest = more;
            }
            _ => return told(Err(USAGE.to_owned())),
        }
    }
    if microphone.is_none() && loudspeaker.is_none() {
        return told(Err(USAGE.to_owned()));
    }
    told(run::run(microphone, loudspeaker).map(|()| String::new()))
}

fn told(done: Result<String, String>) -> ExitCode {
    use std::io::Write as _;
    let (text, code) = match done {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "{}", why.trim_end());
            (String::new(), ExitCode::FAILURE)
        }
    };
    let _ = write!(std::io::stdout(), "{text}");
    code
}
