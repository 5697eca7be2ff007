//! Voice devices of ESPHome, by their native API: we connect to the device, as Home Assistant would. `state` decides, `run` moves what is
//! decided; `wire` makes frames of messages, encrypted or not; `sounds` and `lend` let a device fetch what it is to say.

mod greeting;
mod lend;
mod messages;
mod noise;
mod protobuf;
mod run;
mod sounds;
mod state;
#[cfg(test)]
mod tests;
mod wire;

pub use run::ends;
