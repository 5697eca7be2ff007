//! What can be seen, for those who may see it: the same views as on the command line, less what is not theirs.

use lares_config::Role;
use lares_graph::ask::AskError;

use crate::control::{Request, Trouble, View};
use crate::displays::display_of;
use crate::views::{self, DeviceView, Facts, HomeNow, LogFilter, Moment, RoomNow};
use crate::web::call::{Answered, Call};
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

/// Entries of a page where nobody says how many.
const PAGE: usize = 100;

fn other() -> Problem {
    Problem::failed("the household answered something else than was asked")
}

/// Takes out what a visitor does not see: other rooms, where people are, the house's own troubles.
fn for_visitor(mut home: HomeNow, visitor: &Visitor) -> HomeNow {
    home.rooms.retain(|r| visitor.sees(Some(&r.key)));
    home.timers.retain(|t| visitor.sees(t.room.as_deref()));
    home.rings.retain(|r| visitor.sees(r.room.as_deref()));
    if !visitor.sees(None) {
        home.unplaced.clear();
        home.needs.clear();
    }
    let (person, lives_here) = (&visitor.person, visitor.role < Role::Guest);
    home.questions.retain(|q| q.is_for(person, lives_here));
    let asked = &home.questions;
    home.needs.retain(|n| n.urgency != "question" || asked.iter().any(|q| n.text.contains(&q.id)));
    if visitor.role > Role::Child || !visitor.sees(None) {
        home.people.clear();
    }
    if visitor.role > Role::Adult {
        home.needs.retain(|n| n.urgency != "trouble");
    }
    home
}

pub(in crate::web) async fn home(call: Call) -> Answered {
    let visitor = call.visitor()?;
    let (live, notices) = (call.shared.asked.live(), call.shared.live.notices());
    let (boards, in_force) = (call.asked.setup.boards.clone(), call.shared.home());
    let world = call.asked.world.clone();
    let view = call.asked.read(move |source, told| {
        let devices = views::devices(source, told, false).map_err(Trouble::failed)?;
        let status = views::status(source, told, Some(live.facts)).map_err(Trouble::failed)?;
        let interlocks = views::interlocks_now(source, told).map_err(Trouble::failed)?;
        let questions = views::questions(source, told).map_err(Trouble::failed)?;
        let timers = views::countdowns(source, told).map_err(Trouble::failed)?;
        let rings = boards.rings(source, &in_force, &world).map_err(Trouble::failed)?;
        let facts = Facts { status: Some(status), notices, interlocks, questions, timers, rings };
        views::home(source, told, &devices, &facts).map_err(Trouble::failed)
    });
    let (mut view, home) = (view.await?, call.shared.home());
    // A browser at a wall is nobody who comes and goes.
    view.people.retain(|person| display_of(&home, &person.key).is_none());
    call.show(&for_visitor(view, visitor))
}

async fn all_rooms(call: &Call) -> Result<Vec<RoomNow>, Problem> {
    let visitor = call.visitor()?;
    let rooms = call.asked.read(|source, told| {
        let devices = views::devices(source, told, false).map_err(Trouble::failed)?;
        views::rooms(source, &devices).map_err(Trouble::failed)
    });
    Ok(rooms.await?.into_iter().filter(|r| visitor.sees(Some(&r.key))).collect())
}

pub(in crate::web) async fn rooms(call: Call) -> Answered {
    call.show(&all_rooms(&call).await?)
}

pub(in crate::web) async fn room(call: Call) -> Answered {
    let key = call.part("key");
    let found = all_rooms(&call).await?.into_iter().find(|r| r.key == key);
    call.show(&found.ok_or_else(|| Problem::missing(format!("there is no room `{key}`")))?)
}

/// What a visitor sees of all devices.
pub(super) async fn all_devices(call: &Call) -> Result<Vec<DeviceView>, Problem> {
    let visitor = call.visitor()?;
    let View::Devices(mut devices) = call.ask(Request::Devices { all: false }).await? else {
        return Err(other());
    };
    for device in &mut devices {
        device.entities.retain(|e| visitor.sees(e.room.as_deref()));
        if !visitor.sees(None) {
            device.interlocks = std::mem::take(&mut device.unnamed);
        }
    }
    devices.retain(|d| visitor.sees(d.room.as_deref()) || !d.entities.is_empty());
    Ok(devices)
}

pub(in crate::web) async fn devices(call: Call) -> Answered {
    let (limit, after) = (call.number("limit", PAGE), call.text("after").unwrap_or_default().to_owned());
    let mut devices: Vec<DeviceView> =
        all_devices(&call).await?.into_iter().filter(|d| d.id.as_str() > after.as_str()).collect();
    let more = devices.len() > limit;
    devices.truncate(limit);
    let last = devices.last().filter(|_| more).map(|d| d.id.clone());
    let next = last.map(|id| format!("/api/v1/devices?limit={limit}&after={}", encoded(&id)));
    call.page(&devices, next)
}

pub(in crate::web) async fn device(call: Call) -> Answered {
    let id = call.part("id");
    let found = all_devices(&call).await?.into_iter().find(|d| d.id == id);
    call.show(&found.ok_or_else(|| Problem::missing(format!("there is no device `{id}`")))?)
}

pub(in crate::web) async fn entity(call: Call) -> Answered {
    let id = call.part("id");
    let found = all_devices(&call).await?.into_iter().flat_map(|d| d.entities).find(|e| e.id == id);
    call.show(&found.ok_or_else(|| Problem::missing(format!("there is no entity `{id}`")))?)
}

pub(in crate::web) async fn people(call: Call) -> Answered {
    let people = call.asked.read(|source, _| views::people(source).map_err(Trouble::failed));
    call.show(&people.await?)
}

/// A story leads anywhere: who sees some rooms only may not follow it out of them, so the route is one of the whole house.
pub(in crate::web) async fn why(call: Call) -> Answered {
    let what = call.text("of").unwrap_or_default().to_owned();
    let View::Why(answer) = call.ask(Request::Why { what }).await? else { return Err(other()) };
    call.show(&answer)
}

pub(in crate::web) async fn log(call: Call) -> Answered {
    let limit = call.number("limit", PAGE);
    let instant = |name| call.text(name).and_then(|t| t.parse::<Moment>().ok());
    let words = |t: &str| t.split(',').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
    let filter = LogFilter {
        about: call.text("about").map(str::to_owned),
        kinds: call.text("kind").map(words).unwrap_or_default(),
        rule: call.text("rule").map(str::to_owned),
        since: instant("since"),
        until: instant("until"),
        before: call.text("before").map(str::to_owned),
        limit,
    };
    let View::Log(page) = call.ask(Request::Log { filter, follow: false }).await? else {
        return Err(other());
    };
    let oldest = page.events.first().filter(|_| page.more).map(|e| e.id.clone());
    let next = oldest.map(|id| {
        let kept = call.query.iter().filter(|(name, _)| *name != "before" && *name != "limit");
        let kept: String = kept.map(|(name, value)| format!("&{name}={}", encoded(value))).collect();
        format!("/api/v1/log?limit={limit}&before={id}{kept}")
    });
    call.page(&page, next)
}

/// The life graph, by a filter string: of somebody who sees a part of the household, that part.
pub(in crate::web) async fn find(call: Call) -> Answered {
    let filter = call.text("filter").unwrap_or_default().to_owned();
    let (limit, at) = (call.number("limit", PAGE), Default::default());
    if let Some(sight) = call.visitor()?.sight() {
        let found = call.asked.read(move |source, told| {
            views::find_seen(source, told, &filter, limit, &sight).map_err(|e| match e {
                AskError::Wrong(wrong) => Trouble::input(wrong),
                other => Trouble::failed(other),
            })
        });
        return call.show(&found.await?);
    }
    let View::Found(found) = call.ask(Request::Find { filter, limit, at }).await? else {
        return Err(other());
    };
    call.show(&found)
}

pub(in crate::web) async fn plan(call: Call) -> Answered {
    let View::Plan(plan) = call.ask(Request::Plan).await? else { return Err(other()) };
    call.show(&plan)
}

pub(in crate::web) async fn timers(call: Call) -> Answered {
    let View::Timers(timers) = call.ask(Request::Timers).await? else { return Err(other()) };
    call.show(&timers)
}

pub(in crate::web) async fn tree(call: Call) -> Answered {
    let View::Tree(tree) = call.ask(Request::Tree).await? else { return Err(other()) };
    call.show(&tree)
}

pub(in crate::web) async fn status(call: Call) -> Answered {
    let View::Status(status) = call.ask(Request::Status).await? else { return Err(other()) };
    call.show(&status)
}

/// As it stands in a query.
fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
