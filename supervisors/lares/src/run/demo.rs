//! `lares run --demo`: simulated devices beside the household, and words for a newcomer.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use lares_config::Home;

use super::web::Dashboard;
use super::wires::Wires;
use crate::RunArgs;
use crate::cli::say;

/// The simulated devices, as a process of their own: they outlive a kill of the household, as real ones do.
pub struct Demo(tokio::process::Child);

impl Demo {
    pub async fn stop(&mut self) {
        let _ = self.0.kill().await;
    }
}

/// Starts the simulated devices once the broker is there.
pub async fn start(args: &RunArgs, wires: &Arc<Wires>, patience: Duration) -> Option<Demo> {
    if !args.demo {
        return None;
    }
    let brokers = wires.brokers(patience).await;
    let Some((_, address)) = brokers.first() else {
        tracing::error!("no broker is there: the simulated devices cannot run");
        return None;
    };
    let program = std::env::current_exe().ok()?;
    let mut command = tokio::process::Command::new(program);
    command.arg("twins").arg("--home").arg(&args.home).arg("--broker").arg(address);
    if let Some(day) = &args.day.day {
        command.arg("--day").arg(day).arg("--speed").arg(args.day.speed.to_string());
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    match command.spawn() {
        Ok(child) => Some(Demo(child)),
        Err(why) => {
            tracing::error!(%why, "the simulated devices could not be started");
            None
        }
    }
}

/// The line that says it is ready; in the demo, where to look.
pub fn say_ready(args: &RunArgs, home: &Home, brokers: &[(String, String)], dashboard: Option<&Dashboard>) {
    let name = &home.household.name;
    if args.json {
        let brokers: std::collections::BTreeMap<&String, &String> =
            brokers.iter().map(|(k, v)| (k, v)).collect();
        let (at, code) = (dashboard.map(|d| &d.at), dashboard.and_then(|d| d.code.as_ref()));
        let line = serde_json::json!({
            "ready": true, "household": name, "brokers": brokers, "dashboard": at, "code": code,
        });
        say(&line.to_string());
        return;
    }
    let at = brokers.iter().map(|(_, a)| a.as_str()).collect::<Vec<_>>().join(", ");
    say(&format!(
        "lares is ready: {name}; MQTT broker {}",
        if at.is_empty() { "not there yet" } else { &at }
    ));
    match dashboard {
        Some(Dashboard { at, code: Some(code) }) => {
            say(&format!("the dashboard is at {at}; to make its owner, this once: {code}"));
        }
        Some(Dashboard { at, code: None }) => say(&format!("the dashboard is at {at}")),
        None => {}
    }
    if !args.demo {
        return;
    }
    let data = args.data.display();
    let program = std::env::current_exe().map_or_else(|_| "lares".to_owned(), |p| p.display().to_string());
    let how = if args.watch {
        "Change a rule there and save it: it is live, or this terminal says what is wrong".to_owned()
    } else {
        format!("Change a rule and run `{program} reload --data {data}`")
    };
    if let Some(day) = &args.day.day {
        let hours = 24.0 / args.day.speed;
        say(&format!(
            "\n  Its day is the one of {}, at {} times its speed: over in {hours:.1} h, then again",
            day.display(),
            args.day.speed
        ));
    }
    say(&format!(
        "\n  The home is described in {}\n  Its simulated devices have announced themselves. Three things to try in another terminal:\n\n    \
         {program} devices --data {data}\n    \
         {program} set hall-lamp on=true brightness=40 --data {data}\n    \
         {program} why hall-lamp --data {data}\n\n  \
         {how}. Ctrl-C stops it.",
        args.home.display(),
    ));
}
