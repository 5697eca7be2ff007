//! `lares adopt` and `lares replace`: what appeared gets its place in the home files, as a person would have written it.

use lares_config::edit;
use lares_surfaces::control::{Request, View};
use lares_surfaces::files::{Folder, Opened, Placing, Unwritten, bound, place};
use lares_surfaces::views::DeviceView;
use serde_json::json;

use super::args::{AdoptArgs, Global, ReplaceArgs};
use super::ask::{Answered, Household, RELOAD, order, running, unexpected};
use super::exit::{Failure, Outcome};
use super::out;

fn folder(global: &Global) -> Result<Folder, Failure> {
    Ok(Folder { root: global.home()?, overrides: global.overrides.clone() })
}

impl From<Unwritten> for Failure {
    fn from(e: Unwritten) -> Self {
        match e {
            Unwritten::Write { .. } => Self::failed(e),
            _ => Self::input(e),
        }
    }
}

async fn devices(global: &Global) -> Result<Vec<DeviceView>, Failure> {
    let mut household = Household::find(&global.data()?).await?;
    let Answered { view, .. } = household.ask(&Request::Devices { all: false }).await?;
    match view {
        View::Devices(devices) => Ok(devices),
        _ => Err(unexpected()),
    }
}

fn find<'a>(devices: &'a [DeviceView], name: &str) -> Result<&'a DeviceView, Failure> {
    let named = |d: &&DeviceView| d.id == name || d.identifiers.iter().any(|i| i == name);
    devices.iter().find(named).ok_or_else(|| {
        Failure::input(format!("there is no device {name:?}"))
            .hint("`lares devices` lists them; a device is named by its first column or an identifier")
    })
}

pub(super) async fn adopt(global: &Global, args: &AdoptArgs) -> Outcome {
    let (folder, devices) = (folder(global)?, devices(global).await?);
    let opened = folder.open()?;
    let device = find(&devices, &args.device)?;
    let AdoptArgs { room, name, key, .. } = args;
    let placing = Placing { room: room.clone(), name: name.clone(), key: key.clone() };
    let placed = place(&opened, device, &placing)?;
    folder.write(&opened.files, &placed.files)?;
    let at = placed.room.map(|r| format!(" in {r}")).unwrap_or_default();
    done(global, &placed.key, &placed.changed, &format!("{} is{at} now", placed.key)).await
}

pub(super) async fn replace(global: &Global, args: &ReplaceArgs) -> Outcome {
    let (folder, devices) = (folder(global)?, devices(global).await?);
    let Opened { home, files } = folder.open()?;
    if !home.devices.contains_key(&args.old) {
        let known: Vec<&str> = home.devices.keys().map(String::as_str).collect();
        return Err(Failure::input(format!("the home has no device {:?}", args.old))
            .hint(format!("allowed: {}", known.join(", "))));
    }
    let new = find(&devices, &args.new)?;
    if let Some(taken) = bound(&home, new) {
        return Err(Failure::input(format!("{} is bound by [device.{taken}] already", args.new)));
    }
    // What rules name must be there: a thermometer cannot stand in for a lamp.
    let old = devices.iter().find(|d| d.id == args.old);
    let slug = |id: &str| id.split_once('.').map(|(_, slug)| slug.to_owned());
    let has: Vec<String> = new.entities.iter().filter_map(|e| slug(&e.id)).collect();
    let text = files.iter().map(|(_, t)| t.as_str()).collect::<String>();
    let lost: Vec<String> = old
        .iter()
        .flat_map(|d| d.entities.iter())
        .filter_map(|e| slug(&e.id))
        .filter(|s| !has.contains(s) && text.contains(&format!("\"{}.{s}\"", args.old)))
        .collect();
    if !lost.is_empty() && !args.force {
        return Err(Failure::input(format!("{} has no {}, which the home names", args.new, lost.join(", ")))
            .hint("change those rules first, or say --force"));
    }
    let several = home.mqtt.len() > 1;
    let identifiers: Vec<String> = new.identifiers.iter().take(1).cloned().collect();
    let link = several.then_some(new.link.as_str());
    let (after, path) = edit::replace(&files, &args.old, link, &identifiers).map_err(Failure::input)?;
    folder.write(&files, &after)?;
    done(global, &args.old, &[path], &format!("{} is {} now", args.old, args.new)).await
}

/// Says what was written, and lets a running household take it in.
async fn done(global: &Global, key: &str, changed: &[String], words: &str) -> Outcome {
    let reloaded = match running(&global.data()?).await {
        Ok(mut client) => {
            let Answered { view, .. } = order(&mut client, &Request::Reload, RELOAD).await?;
            let View::Reloaded(reloaded) = view else { return Err(unexpected()) };
            if !reloaded.problems.is_empty() {
                let why = reloaded.problems.join("\n");
                return Err(Failure::failed(format!("{changed:?} is written, but not in force:\n{why}")));
            }
            true
        }
        Err(_) => false,
    };
    if global.json {
        return out::json(&json!({ "device": key, "files": changed, "reloaded": reloaded }));
    }
    let then = if reloaded { "" } else { "; the next start takes it in" };
    out::line(&format!("{words} ({}{then})", changed.join(", ")))
}
