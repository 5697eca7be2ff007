//! Sound as numbers, pure: read from files, brought to one rate, and cut into utterances.

mod listen;
mod rate;
mod wav;

pub use listen::{FRAME, Listener, Step};
pub use rate::{RATE, Resampler};
pub use wav::{Sound, WavError, read_wav, wav};
