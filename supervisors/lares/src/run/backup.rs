//! Backups by schedule: made and proven by a process of their own, so that neither their load nor a damaged database can
//! touch the household.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
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

/// A disk that is gone answers never. The house must not wait for it, nor a backup for ever.
const FOLDER_DEADLINE: Duration = Duration::from_secs(30);
const DEADLINE: Duration = Duration::from_secs(12 * 3600);

/// When the newest proven backup was made, as of the last look; `None` before the first one.
#[derive(Clone, Default)]
pub struct Newest(Arc<Mutex<Option<Option<Timestamp>>>>);

/// Keeps the newest proven backup younger than the home asks for, from now on.
pub fn start(house: House, data: PathBuf, newest: Newest) {
    tokio::spawn(async move {
        if let Some(config) = house.home().backup.clone() {
            newest.look(&house, &config).await;
        }
        tokio::time::sleep(FIRST).await;
        loop {
            let due = match house.home().backup.clone() {
                Some(config) => newest.is_due(&house, &config).await.then_some(config),
                None => None,
            };
            let wait = match due {
                Some(config) => match make(&data, &config).await {
                    Ok(what) => {
                        newest.look(&house, &config).await;
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

impl Newest {
    fn kept(&self) -> Option<Option<Timestamp>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks into the folder, away from the house's thread. Those that were made by hand into it count.
    async fn look(&self, house: &House, config: &BackupConfig) {
        let (found, to) = (self.0.clone(), config.to.clone());
        let work = house.world().blocking().run(Box::new(move || {
            let newest = proven(&to).ok().and_then(|mut all| all.pop()).map(|(made, _)| Timestamp(made));
            *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(newest);
        }));
        if tokio::time::timeout(FOLDER_DEADLINE, work).await.is_err() {
            tracing::warn!(folder = %config.to.display(), "the folder of backups does not answer");
        }
    }

    async fn is_due(&self, house: &House, config: &BackupConfig) -> bool {
        self.look(house, config).await;
        let now = house.world().clock().now();
        self.kept().flatten().is_none_or(|made| now.since(made) >= config.every)
    }
}

async fn make(data: &Path, config: &BackupConfig) -> Result<String, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut command = tokio::process::Command::new(program);
    command.arg("backup").arg(&config.to).arg("--keep").arg(config.keep.to_string()).arg("--data").arg(data);
    let done = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let done =
        tokio::time::timeout(DEADLINE, done).await.map_err(|_| "it was not done in 12 h".to_owned())?;
    let done = done.map_err(|e| e.to_string())?;
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
pub fn shown(house: &House, newest: &Newest) -> String {
    let home = house.home();
    let Some(config) = &home.backup else {
        return "none by schedule: [backup] in the home folder makes them".to_owned();
    };
    let to = config.to.display();
    match newest.kept() {
        Some(Some(made)) => {
            let minutes = house.world().clock().now().since(made).as_secs() / 60;
            let age = if minutes < 120 { format!("{minutes} min") } else { format!("{} h", minutes / 60) };
            format!("proven {age} ago, in {to}")
        }
        Some(None) => format!("none proven yet, in {to}"),
        None => format!("{to} was not looked at yet"),
    }
}
