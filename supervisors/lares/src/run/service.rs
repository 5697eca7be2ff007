//! Word to the service manager (systemd's notify protocol). Without one nothing happens.

use std::time::Duration;

use sd_notify::NotifyState;

/// The unit asks for a sign of life every 30 s.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

pub fn ready(name: &str) {
    let _ = sd_notify::notify(false, &[NotifyState::Ready, NotifyState::Status(name)]);
}

pub fn stopping() {
    let _ = sd_notify::notify(false, &[NotifyState::Stopping]);
}

/// Resolves after the next sign of life was given: it comes from the core's own thread, so that a core that hangs is
/// restarted.
pub async fn keep_alive() {
    tokio::time::sleep(SIGN_OF_LIFE).await;
    let _ = sd_notify::notify(false, &[NotifyState::Watchdog]);
}
