//! What the web surface is given by the process around it.

use std::net::SocketAddr;

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::control::ControlSetup;

/// What to do when the port is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// Take a free one, and say so.
    Another,
    /// Say so, and try again.
    Wait,
}

/// All that the actor needs. Cheap to clone.
#[derive(Clone)]
pub struct WebSetup {
    pub control: ControlSetup,
    /// Threads of its own: nothing here runs on the core's.
    pub runtime: Handle,
    pub taken: Taken,
    /// Where it listens, once it does.
    pub listening: watch::Sender<Option<Listening>>,
}

/// Where it listens, and by what it speaks HTTPS.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listening {
    pub address: SocketAddr,
    /// In words, with the fingerprint; none: plain HTTP.
    pub tls: Option<String>,
}
