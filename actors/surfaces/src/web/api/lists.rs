//! Lists: what stands on them, writing something on one, ticking it off.

use lares_config::Role;
use lares_model::Placed;
use schemars::JsonSchema;
use serde::Deserialize;

use super::intents::come_of;
use crate::control::{Request, Trouble, task_said};
use crate::views::{self, ListView};
use crate::voice::{SpokenTask, noted};
use crate::web::call::{Answered, Call, to_the_end};
use crate::web::problem::Problem;

/// Longer is no thing to be bought, and no task that is read at a glance.
const LONGEST: usize = 200;

/// Something for a list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Adding {
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
}

/// What becomes of a task.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Ticking {
    /// Else it is open again.
    pub done: bool,
}

/// What stands on no list is of whoever runs the house.
fn seen(role: Role, list: &ListView) -> bool {
    list.list.is_some() || role <= Role::Adult
}

pub(in crate::web) async fn all(call: Call) -> Answered {
    let role = call.visitor()?.role;
    let read = call.asked.read(|source, told| views::task_lists(source, told).map_err(Trouble::failed));
    let mut lists = read.await?;
    lists.retain(|list| seen(role, list));
    call.show(&lists)
}

/// What stands there already is open again.
pub(in crate::web) async fn add(call: Call) -> Answered {
    let Adding { name } = call.json()?;
    let name = name.trim().to_owned();
    let letters = name.chars().count();
    if !(1..=LONGEST).contains(&letters) || name.chars().any(char::is_control) {
        return Err(Problem::input(format!("`name` is one line of 1 to {LONGEST} characters")));
    }
    let list = call.part("key").to_owned();
    let read = call.asked.read(move |source, told| {
        let lists = views::task_lists(source, told).map_err(Trouble::failed)?;
        if !lists.iter().any(|view| view.list.as_deref() == Some(&*list)) {
            return Ok(None);
        }
        let items = views::items(source, &list).map_err(Trouble::failed)?;
        Ok(noted(&list, &name, &items, true))
    });
    let task = read.await?;
    let task = task.ok_or_else(|| Problem::missing(format!("there is no list `{}`", call.part("key"))))?;
    say(call, task_said(&task)).await
}

pub(in crate::web) async fn tick(call: Call) -> Answered {
    let Ticking { done } = call.json()?;
    let (role, key) = (call.visitor()?.role, call.part("id").to_owned());
    let read = call.asked.read(move |source, told| {
        let lists = views::task_lists(source, told).map_err(Trouble::failed)?;
        let mut items = lists.into_iter().filter(|list| seen(role, list)).flat_map(|list| list.items);
        Ok(items.find(|item| item.id == key))
    });
    let task = read.await?.map(|item| SpokenTask {
        task: format!("task:{}", item.id),
        name: item.name,
        status: if done { "done" } else { "open" }.to_owned(),
        list: String::new(),
        known: true,
        was: None,
    });
    let task = task.ok_or_else(|| Problem::missing(format!("there is no task `{}`", call.part("id"))))?;
    say(call, task_said(&task)).await
}

/// As whoever is logged in; what came of it is the answer.
async fn say(call: Call, statement: Placed) -> Answered {
    let person = Some(call.visitor()?.person.clone());
    let request = Request::Say { statements: vec![statement], import: String::new(), person };
    to_the_end(async move { call.once(come_of(&call, request)).await }).await
}
