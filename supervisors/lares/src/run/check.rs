//! After an end that was not in order, all that is kept is read and verified, by a process of its own: a damaged database
//! may end its reader in any way.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use lares_household::House;
use lares_model::{Body, Draft, NodeId, Origin};

/// The house comes first.
const AFTER: Duration = Duration::from_secs(10);

const DEADLINE: Duration = Duration::from_secs(12 * 3600);

/// Tells what is wrong in the journal and the log. What is well is no news.
pub fn start(house: House, data: PathBuf) {
    tokio::spawn(async move {
        tokio::time::sleep(AFTER).await;
        if let Err(reason) = check(&data).await {
            tracing::error!(reason, "the data is damaged");
            let body = Body::Problem { place: "data".to_owned(), reason };
            house.world().publish(Draft::new(NodeId::household(), Origin::System, body));
        }
    });
}

async fn check(data: &PathBuf) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut command = tokio::process::Command::new(program);
    command.args(["graph", "check"]).arg("--data").arg(data).stdin(Stdio::null()).kill_on_drop(true);
    let done = tokio::time::timeout(DEADLINE, command.output()).await;
    let done = done.map_err(|_| "the check was not done in 12 h".to_owned())?.map_err(|e| e.to_string())?;
    if done.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&done.stderr);
    let told = told.lines().next().map_or_else(|| done.status.to_string(), str::to_owned);
    Err(format!(
        "{}; `lares graph check` shows it, `lares restore` mends it",
        told.trim_start_matches("lares: ")
    ))
}
