//! The machine: the household that may run, ports, the clock, helpful programs.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use lares_config::Home;
use lares_kernel::{Clock, SystemClock};
use lares_surfaces::control::{Client, ClientError};
use lares_surfaces::web::tls_shown;

use super::Finding;

pub(super) async fn household(data: &Path) -> (bool, Finding) {
    match Client::connect(data).await {
        Ok(client) => {
            let g = client.greeting;
            (true, Finding::ok("household", format!("runs: lares {} as process {}", g.lares, g.pid)))
        }
        Err(ClientError::NotRunning(_)) => {
            (false, Finding::ok("household", "does not run; `lares run` starts it"))
        }
        Err(e @ ClientError::Silent { .. }) => (
            true,
            Finding::bad("household", e.to_string(), "look at its log; `kill` ends it, nothing kept is lost"),
        ),
        Err(e) => (true, Finding::bad("household", e.to_string(), "ask as the user that it runs as")),
    }
}

/// Whether the embedded broker would get its port.
pub(super) fn broker(home: Option<&Home>, running: bool) -> Option<Finding> {
    let broker = &home?.broker;
    if !broker.enabled || running {
        return None;
    }
    let address = SocketAddr::new(broker.listen, broker.port);
    Some(match TcpListener::bind(address) {
        Ok(_) => Finding::ok("broker", format!("{address} is free for the embedded MQTT broker")),
        Err(e) => Finding::warn(
            "broker",
            format!("{address} is not free for the embedded MQTT broker: {e}"),
            "set `port` under [broker], or connect to what is there: [mqtt.main] host and port",
        ),
    })
}

/// How the dashboard speaks HTTPS, with the fingerprint to compare.
pub(super) fn https(home: &Home, data: &Path) -> Option<Finding> {
    Some(match tls_shown(&home.web, data)? {
        Ok(found) => Finding::ok("https", found),
        Err(e) => Finding::bad("https", e, "see `tls`, `certificate_file` and `key_file` under [web]"),
    })
}

/// 2025-01-01: a machine that says less has lost its clock.
const PLAUSIBLE_S: i64 = 1_735_689_600;

pub(super) fn clock() -> Finding {
    let now = SystemClock::default().now();
    if now.millis() / 1000 < PLAUSIBLE_S {
        return Finding::bad("clock", "the machine's clock is not set", "`timedatectl set-ntp true`");
    }
    Finding::ok("clock", "the machine's clock is set")
}

pub(super) fn mosquitto() -> Finding {
    match program("mosquitto") {
        Some(path) => {
            Finding::ok("mosquitto", format!("{} (not needed: a broker is built in)", path.display()))
        }
        None => Finding::ok("mosquitto", "not installed, and not needed: a broker is built in"),
    }
}

/// Debian keeps daemons in `sbin`, which is not in everybody's path.
pub(super) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(more).map(|dir| dir.join(name)).find(|p| p.is_file())
}
