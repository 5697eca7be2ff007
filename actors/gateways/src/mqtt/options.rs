//! What a connection needs to know.

use std::time::Duration;

/// One connection to one broker.
#[derive(Clone)]
pub struct MqttOptions {
    /// The key of the link it serves; names it in logs.
    pub key: String,
    pub host: String,
    pub port: u16,
    /// Must stay the same over restarts: the broker keeps our session under it.
    pub client_id: String,
    /// User name and password.
    pub credentials: Option<(String, String)>,
    /// The broker is asked for a sign of life this often (at least a second).
    pub keep_alive: Duration,
    /// Topic and payload told at every connect, retained.
    pub birth: Option<(String, Vec<u8>)>,
    /// Topic and payload the broker tells when we go without a word, and we when we go in order; retained.
    pub will: Option<(String, Vec<u8>)>,
    /// How many messages may wait for the wire.
    pub queue: usize,
}

impl std::fmt::Debug for MqttOptions {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, host, port, client_id, credentials, keep_alive, birth: _, will: _, queue } = self;
        f.debug_struct("MqttOptions")
            .field("key", key)
            .field("host", host)
            .field("port", port)
            .field("client_id", client_id)
            .field("user", &credentials.as_ref().map(|(user, _)| user))
            .field("keep_alive", keep_alive)
            .field("queue", queue)
            .finish_non_exhaustive()
    }
}
