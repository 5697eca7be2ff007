//! Backups by schedule: made and proven by a process of their own, so that neither their load nor a damaged database can
//! touch the household.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use lares_config::BackupConfig;
use lares_household::House;
use lares_model::{Body, Draft, NodeId, Origin, Timestamp};
use lares_store::proven;

/// Devices are found again first.
const FIRST: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_secs(60);
/// A stick that is not there is not looked for every minute.
const AFTER_FAILURE: Duration = Duration::from_secs(3600);

/// Keeps the newest proven backup younger than the home asks for, from now on.
pub fn start(house: House, data: PathBuf) {
    tokio::spawn(async move {
        tokio::time::sleep(FIRST).await;
        loop {
            let wait = match house.home().backup.clone().filter(|config| is_due(&house, config)) {
                Some(config) => match make(&data, &config).await {
                    Ok(what) => {
                        tell(&house, Body::Notice { text: format!("a backup was made and proven: {what}") });
                        LOOK
                    }
                    Err(reason) => {
                        tracing::error!(reason, "no backup");
                        tell(&house, Body::Problem { place: "backup".to_owned(), reason });
                        AFTER_FAILURE
                    }
                },
                None => LOOK,
            };
            tokio::time::sleep(wait).await;
        }
    });
}

fn tell(house: &House, body: Body) {
    house.world().publish(Draft::new(NodeId::household(), Origin::System, body));
}

/// Those that were made by hand into the same folder count.
fn newest(config: &BackupConfig) -> Option<Timestamp> {
    proven(&config.to).ok()?.pop().map(|(made, _)| Timestamp(made))
}

fn is_due(house: &House, config: &BackupConfig) -> bool {
    let now = house.world().clock().now();
    newest(config).is_none_or(|made| now.since(made) >= config.every)
}

async fn make(data: &Path, config: &BackupConfig) -> Result<String, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut command = tokio::process::Command::new(program);
    command.arg("backup").arg(&config.to).arg("--keep").arg(config.keep.to_string()).arg("--data").arg(data);
    let done = command.stdin(Stdio::null()).kill_on_drop(true).output().await.map_err(|e| e.to_string())?;
    if done.status.success() {
        let told = String::from_utf8_lossy(&done.stdout);
        return Ok(told
            .trim()
            .trim_start_matches("proven: ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "));
    }
    let told = String::from_utf8_lossy(&done.stderr);
    Err(told.lines().next().unwrap_or("it was killed").trim_start_matches("lares: ").to_owned())
}

/// For `lares status`.
pub fn shown(house: &House) -> String {
    let home = house.home();
    let Some(config) = &home.backup else {
        return "none by schedule: [backup] in the home folder makes them".to_owned();
    };
    let to = config.to.display();
    match newest(config) {
        Some(made) => {
            let minutes = house.world().clock().now().since(made).as_secs() / 60;
            let age = if minutes < 120 { format!("{minutes} min") } else { format!("{} h", minutes / 60) };
            format!("proven {age} ago, in {to}")
        }
        None => format!("none proven yet, in {to}"),
    }
}
