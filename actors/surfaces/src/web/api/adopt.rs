//! Devices that wait for their place, and giving them one: the home's files are written as `lares adopt` writes them.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::house::take_in;
use super::views::all_devices;
use crate::files::{self, Placing, Waiting};
use crate::views::DeviceView;
use crate::web::call::{Answered, Call, done, to_the_end};
use crate::web::problem::Problem;

/// Where a device is to be. What is left out is as it was, or as the device says.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Adopt {
    /// A room, by key or name.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub room: Option<String>,
    /// What people call it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub name: Option<String>,
    /// What rules call it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 64))]
    pub key: Option<String>,
}

/// A device that has its place.
#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Adopted {
    /// What rules call it now.
    pub device: String,
    pub room: Option<String>,
    /// Files of the home that were written.
    pub files: Vec<String>,
}

/// Those that the visitor sees: who sees some rooms only does not see what is in none.
pub(in crate::web) async fn waiting(call: Call) -> Answered {
    let waiting: Vec<Waiting> = files::waiting(&call.shared.home(), &all_devices(&call).await?);
    call.show(&waiting)
}

pub(in crate::web) async fn adopt(call: Call) -> Answered {
    to_the_end(adopting(call)).await
}

async fn adopting(call: Call) -> Answered {
    let Adopt { room, name, key } = call.json()?;
    for (what, text, most) in [("room", &room, 100), ("name", &name, 100), ("key", &key, 64)] {
        let letters = text.as_ref().map_or(1, |t| t.chars().count());
        if !(1..=most).contains(&letters) {
            return Err(Problem::input(format!("`{what}` has {letters} characters; allowed: 1 to {most}")));
        }
    }
    let (id, visitor) = (call.part("id").to_owned(), call.visitor()?.clone());
    let named = |d: &DeviceView| d.id == id || d.identifiers.contains(&id);
    let device = all_devices(&call).await?.into_iter().find(named);
    let device = device.ok_or_else(|| Problem::missing(format!("there is no device `{id}`")))?;
    let placing = Placing { room, name, key };
    let home_files = call.shared.asked.setup.files.clone();
    let _turn = home_files.turn.lock().await;
    if let Some(waiting) = home_files.waiting() {
        // What takes it back would find another file.
        let words = format!("{} as {} changed it waits to be confirmed first", waiting.files(), waiting.who);
        return Err(Problem::conflict(words));
    }
    let (folder, seen) = (home_files.folder.clone(), visitor.clone());
    let (name, placed) = call
        .shared
        .work(move || {
            let opened = folder.open()?;
            let placed = files::place(&opened, &device, &placing)?;
            if !seen.sees(placed.room.as_deref().or(device.room.as_deref())) {
                let words = format!("{} may not place things there", seen.name);
                return Err(Problem::right(words));
            }
            folder.write(&opened.files, &placed.files)?;
            Ok((placing.name.unwrap_or(device.name), placed))
        })
        .await?;
    let (key, room) = (placed.key, placed.room);
    let place = room.as_ref().map(|r| format!(" in {r}")).unwrap_or_default();
    let files = placed.changed.join(", ");
    let words = format!("{} placed {name}{place} as `{key}`, on the dashboard ({files})", visitor.person);
    call.shared.audit(&visitor.person, words);
    let reloaded = take_in(&call).await?;
    if !reloaded.problems.is_empty() {
        let why = reloaded.problems.join("\n");
        return Err(Problem::failed(format!("{files} is written, but not in force:\n{why}")));
    }
    done(StatusCode::OK, &Adopted { device: key, room, files: placed.changed })
}
