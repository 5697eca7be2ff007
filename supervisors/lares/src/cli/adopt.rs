//! `lares adopt` and `lares replace`: what appeared gets its place in the home files, as a person would have written it.

use std::io::Write as _;
use std::path::Path;

use lares_config::edit::{self, Adoption, Files};
use lares_config::{Bind, Home};
use lares_surfaces::control::{Request, View};
use lares_surfaces::views::DeviceView;
use serde_json::json;

use super::args::{AdoptArgs, Global, ReplaceArgs};
use super::ask::{Answered, Household, RELOAD, order, running, unexpected};
use super::check::environment;
use super::exit::{Failure, Outcome};
use super::out;

/// A home folder that is about to be changed.
struct Folder {
    root: std::path::PathBuf,
    home: std::sync::Arc<Home>,
    files: Files,
}

impl Folder {
    fn open(global: &Global) -> Result<Self, Failure> {
        let root = global.home()?;
        let loaded = lares_config::load(&root, &global.overrides, environment());
        let loaded = loaded.map_err(|p| {
            Failure::input(lares_config::render(&p, false)).hint("mend these first: nothing was changed")
        })?;
        let files = loaded.home.files.iter().map(|f| (f.path.to_string(), f.text.to_string())).collect();
        Ok(Self { root, home: loaded.home, files })
    }

    /// Writes what differs, if the whole is a good home.
    fn write(&self, global: &Global, after: &Files) -> Outcome {
        let loaded = lares_config::load_from(&self.root, after.clone(), &global.overrides, environment());
        if let Err(problems) = loaded {
            let words = lares_config::render(&problems, false);
            return Err(Failure::input(format!(
                "the home would have problems; nothing was changed:\n{words}"
            )));
        }
        for (path, text) in after {
            if self.files.iter().any(|(p, t)| p == path && t == text) {
                continue;
            }
            replace_file(&self.root.join(path), text)
                .map_err(|e| Failure::failed(format!("failed to write {path}: {e}")))?;
        }
        Ok(())
    }
}

/// All or nothing, also over a power cut; who may read it stays.
fn replace_file(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let beside = path.with_file_name(name);
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = std::fs::metadata(path) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()?;
    std::fs::rename(&beside, path)
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

/// The key of the section that binds a device.
pub(super) fn bound<'a>(home: &'a Home, device: &DeviceView) -> Option<&'a String> {
    let binds = |bind: &Bind| {
        bind.link() == device.link && bind.identifiers().iter().any(|i| device.identifiers.contains(i))
    };
    home.devices.iter().find(|(key, d)| binds(&d.bind) || **key == device.id).map(|(key, _)| key)
}

/// The key of a room by its key or name.
fn room(home: &Home, word: &str) -> Result<String, Failure> {
    let named = |(key, room): &(&String, &lares_config::Room)| {
        key.as_str() == word || room.name.eq_ignore_ascii_case(word)
    };
    home.rooms.iter().find(named).map(|(key, _)| key.clone()).ok_or_else(|| {
        let known: Vec<&str> = home.rooms.keys().map(String::as_str).collect();
        Failure::input(format!("there is no room {word:?}")).hint(format!("allowed: {}", known.join(", ")))
    })
}

pub(super) async fn adopt(global: &Global, args: &AdoptArgs) -> Outcome {
    let (folder, devices) = (Folder::open(global)?, devices(global).await?);
    let device = find(&devices, &args.device)?;
    let known = bound(&folder.home, device).cloned();
    let room = args.room.as_deref().map(|r| room(&folder.home, r)).transpose()?;
    let several = folder.home.mqtt.len() > 1;
    let adoption = Adoption {
        key: known.clone().or_else(|| args.key.clone()).unwrap_or_else(|| device.id.clone()),
        name: args.name.clone().or_else(|| known.is_none().then(|| device.name.clone())),
        room: room.clone(),
        link: several.then(|| device.link.clone()),
        // One is enough, and the first is what makes its identity.
        identifiers: device.identifiers.iter().take(1).cloned().collect(),
        remark: [device.manufacturer.as_deref(), device.model.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
    };
    let edited = edit::adopt(&folder.files, &adoption).map_err(Failure::input)?;
    let (mut after, mut changed) = (edited.0, vec![edited.1]);
    let mut key = adoption.key;
    if let (Some(from), Some(to)) = (&known, args.key.as_ref().filter(|to| Some(*to) != known.as_ref())) {
        let (renamed, more) = edit::rename(&after, from, to).map_err(Failure::input)?;
        (after, key) = (renamed, to.clone());
        changed.extend(more);
    }
    changed.sort();
    changed.dedup();
    folder.write(global, &after)?;
    let placed = room.map(|r| format!(" in {r}")).unwrap_or_default();
    done(global, &key, &changed, &format!("{key} is{placed} now")).await
}

pub(super) async fn replace(global: &Global, args: &ReplaceArgs) -> Outcome {
    let (folder, devices) = (Folder::open(global)?, devices(global).await?);
    if !folder.home.devices.contains_key(&args.old) {
        let known: Vec<&str> = folder.home.devices.keys().map(String::as_str).collect();
        return Err(Failure::input(format!("the home has no device {:?}", args.old))
            .hint(format!("allowed: {}", known.join(", "))));
    }
    let new = find(&devices, &args.new)?;
    if let Some(taken) = bound(&folder.home, new) {
        return Err(Failure::input(format!("{} is bound by [device.{taken}] already", args.new)));
    }
    // What rules name must be there: a thermometer cannot stand in for a lamp.
    let old = devices.iter().find(|d| d.id == args.old);
    let slug = |id: &str| id.split_once('.').map(|(_, slug)| slug.to_owned());
    let has: Vec<String> = new.entities.iter().filter_map(|e| slug(&e.id)).collect();
    let text = folder.files.iter().map(|(_, t)| t.as_str()).collect::<String>();
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
    let several = folder.home.mqtt.len() > 1;
    let identifiers: Vec<String> = new.identifiers.iter().take(1).cloned().collect();
    let link = several.then_some(new.link.as_str());
    let (after, path) =
        edit::replace(&folder.files, &args.old, link, &identifiers).map_err(Failure::input)?;
    folder.write(global, &after)?;
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
