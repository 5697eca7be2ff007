//! What a room's display shows beside the things in it, and stopping what rings.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use lares_config::{Home, Role, Shown};

use crate::control::Trouble;
use crate::displays::display_of;
use crate::views::{self, BoardFacts, BoardOf, RingView};
use crate::web::call::{Answered, Call};
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

/// What somebody sees on the board of a room: all that the display there shows, if they are that display; else what is theirs anyway.
fn shows(home: &Home, visitor: &Visitor, room: &str) -> BTreeSet<Shown> {
    if let Some(display) = display_of(home, &visitor.person).filter(|display| display.room == room) {
        return display.shows.clone();
    }
    // What was heard stands in the journal, and what comes next in the life graph: neither is for guests and children.
    let whole = visitor.role <= Role::Adult && visitor.sees(None);
    let mut shows = BTreeSet::from([Shown::Calls, Shown::Music, Shown::Timers]);
    if visitor.sees(None) {
        shows.insert(Shown::Alerts);
    }
    if whole {
        shows.extend([Shown::Heard, Shown::Calendar, Shown::Production]);
    }
    shows
}

pub(in crate::web) async fn board(call: Call) -> Answered {
    let (visitor, home, room) = (call.visitor()?.clone(), call.shared.home(), call.part("key").to_owned());
    if !home.rooms.contains_key(&room) || !visitor.sees(Some(&room)) {
        return Err(Problem::missing(format!("there is no room `{room}`")));
    }
    let (boards, world) = (call.asked.setup.boards.clone(), call.asked.world.clone());
    let view = call.asked.read(move |source, told| {
        let devices = views::devices(source, told, false).map_err(Trouble::failed)?;
        let shows = shows(&home, &visitor, &room);
        let of = BoardOf {
            room: &room,
            shows: &shows,
            person: Some(&visitor.person),
            lives_here: visitor.role < Role::Guest,
            all_calls: visitor.role <= Role::Adult && visitor.sees(None),
        };
        let facts = BoardFacts {
            rings: boards.rings(source, &home, &world).map_err(Trouble::failed)?,
            heard: boards.heard_in(&room, told.now),
            next: if shows.contains(&Shown::Calendar) { views::next(source, told) } else { None },
        };
        let mut view = views::board(source, told, &devices, &of, &facts).map_err(Trouble::failed)?;
        // What is of no room is of the whole house, unless this hangs there for everybody.
        if !visitor.sees(None) && display_of(&home, &visitor.person).is_none() {
            view.timers.retain(|timer| timer.id.contains('/'));
            view.rings.retain(|ring| ring.room.is_some());
        }
        Ok(view)
    });
    call.show(&view.await?)
}

/// Enough of what rings. Whoever sees the room hears it too.
pub(in crate::web) async fn stop(call: Call) -> Answered {
    let (visitor, id) = (call.visitor()?, call.part("id").to_owned());
    let ring = rings(&call).await?.into_iter().find(|ring| ring.id == id);
    let ring = ring.ok_or_else(|| Problem::missing(format!("`{id}` does not ring any more")))?;
    call.shared.asked.setup.boards.stop(&ring);
    call.shared.audit(&visitor.person, format!("stopped: {}", ring.text));
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What rings, as far as the visitor sees its room.
async fn rings(call: &Call) -> Result<Vec<RingView>, Problem> {
    let (visitor, home) = (call.visitor()?, call.shared.home());
    let (boards, world) = (call.asked.setup.boards.clone(), call.asked.world.clone());
    let everywhere = display_of(&home, &visitor.person).is_some();
    let read = call.asked.read(move |source, _| boards.rings(source, &home, &world).map_err(Trouble::failed));
    let heard = |ring: &RingView| visitor.sees(ring.room.as_deref()) || (ring.room.is_none() && everywhere);
    Ok(read.await?.into_iter().filter(heard).collect())
}
