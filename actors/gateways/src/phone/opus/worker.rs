//! The process itself: reads, does what it is asked, answers. It ends when the house does not ask any more.

use std::io::{Read, Write};
use std::process::ExitCode;

use super::codec::Codec;
use super::shut::shut_in;
use super::talk::{HEAD, bytes_of, head, kind, message, samples_of};

/// Runs until its input ends.
pub fn worker() -> ExitCode {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    // Nothing is read before it is shut in.
    let codec = Codec::new().and_then(|codec| shut_in().map(|()| codec));
    let mut tell = |kind, bytes: &[u8]| output.write_all(&message(kind, bytes)).and_then(|()| output.flush());
    let mut codec = match codec {
        Ok(codec) => codec,
        Err(why) => {
            let _ = tell(kind::CANNOT, why.as_bytes());
            return ExitCode::FAILURE;
        }
    };
    let mut told = tell(kind::READY, &[]);
    while told.is_ok() {
        let mut bytes = [0; HEAD];
        if input.read_exact(&mut bytes).is_err() {
            return ExitCode::SUCCESS;
        }
        let Some((asked, length)) = head(bytes) else { break };
        let mut bytes = vec![0; length];
        if input.read_exact(&mut bytes).is_err() {
            break;
        }
        told = match (asked, bytes.split_first()) {
            (kind::HEAR, Some((lost, packet))) => tell(kind::SOUND, &bytes_of(&codec.hear(*lost, packet))),
            (kind::SAY, _) => match codec.say(&samples_of(&bytes)) {
                Ok(packet) => tell(kind::PACKET, &packet),
                Err(why) => tell(kind::CANNOT, why.as_bytes()),
            },
            _ => break,
        };
    }
    ExitCode::FAILURE
}
