//! Whether a condition has been so for long enough, by what was kept of the time since.

use std::time::Duration;

use lares_config::Condition;
use lares_model::{Body, BodyKind, NodeId, Timestamp};

use super::conditions::{Look, whole};

/// `now`: whether it is so at this moment, and what was found. Restarts are no break: what is kept tells.
pub(super) fn held(
    condition: &Condition,
    time: Duration,
    look: Look<'_>,
    now: (bool, String),
) -> (bool, String) {
    let (met, found) = now;
    if !met {
        return (false, found);
    }
    let since = look.view.now - time;
    match broken(condition, since, look) {
        Ok(None) => (true, format!("{found}; so for long enough")),
        Ok(Some(at)) => {
            let ago = lares_config::duration_words(whole(look.view.now.since(at)));
            (false, format!("{found}; so for {ago} only"))
        }
        Err(why) => (false, format!("{found}; {why}")),
    }
}

/// When it last came to be so, if that was after `since`.
fn broken(condition: &Condition, since: Timestamp, look: Look<'_>) -> Result<Option<Timestamp>, String> {
    let Look { view, .. } = look;
    match condition {
        Condition::Entity { entity, property, test, .. } => {
            let at = view.directory.resolve(entity, *property).ok_or("it has not announced itself")?;
            let told = view.graph.readings(at.entity, at.property, since)?;
            let fits = |value: &Option<_>| value.as_ref().is_some_and(|v| test.holds(v));
            Ok(match told.iter().rposition(|(_, value)| !fits(value)) {
                // What is not kept yet is what it is now.
                Some(last) => Some(told.get(last + 1).map_or(view.now, |(at, _)| *at)),
                None => begun(Some(told.first().map_or(view.now, |(at, _)| *at)), since),
            })
        }
        Condition::Room { room, occupied } => {
            let told = view.graph.told(NodeId::room(room), BodyKind::RoomOccupied, since)?;
            let fits =
                |body: &Body| matches!(body, Body::RoomOccupied { occupied: is, .. } if is == occupied);
            Ok(newest_break(&told, fits, since, view.now))
        }
        Condition::Zone { zone, occupied } => {
            let rooms = view.home.zones.get(zone).map(|z| z.rooms.as_slice()).unwrap_or_default();
            let told = rooms.iter().map(|r| view.graph.told(NodeId::room(r), BodyKind::RoomOccupied, since));
            let told = together(told.collect::<Result<_, _>>()?, since);
            Ok(newest_break(&told, |is| is == occupied, since, view.now))
        }
        Condition::Person { person, is, within } => {
            let told = view.graph.told(NodeId::person(person), BodyKind::PersonMoved, since)?;
            let fits = |body: &Body| match body {
                Body::PersonMoved { presence, room: at, .. } => {
                    presence == is && view.home.is_within(within.as_ref(), at.as_deref())
                }
                _ => false,
            };
            Ok(newest_break(&told, fits, since, view.now))
        }
        _ => Err("nothing is kept of how long that has been so".to_owned()),
    }
}

/// Of rooms, each told with the newest first, whether any was occupied: the newest first, and of before `since` the last only.
fn together(rooms: Vec<Vec<(Timestamp, Body)>>, since: Timestamp) -> Vec<(Timestamp, bool)> {
    let mut occupied = vec![false; rooms.len()];
    let told = rooms.into_iter().enumerate().flat_map(|(n, told)| {
        told.into_iter().rev().filter_map(move |(at, body)| match body {
            Body::RoomOccupied { occupied, .. } => Some((at, n, occupied)),
            _ => None,
        })
    });
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|(at, ..)| *at);
    let mut all: Vec<_> = told
        .into_iter()
        .map(|(at, n, is)| {
            if let Some(room) = occupied.get_mut(n) {
                *room = is;
            }
            (at, occupied.contains(&true))
        })
        .collect();
    let before = all.iter().rposition(|(at, _)| *at <= since).unwrap_or(0);
    all.drain(..before);
    all.reverse();
    all
}

/// Of what was told, the newest first.
fn newest_break<T>(
    told: &[(Timestamp, T)],
    fits: impl Fn(&T) -> bool,
    since: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    match told.iter().position(|(_, what)| !fits(what)) {
        Some(0) => Some(now),
        Some(n) => told.get(n - 1).map(|(at, _)| *at),
        None => begun(told.last().map(|(at, _)| *at), since),
    }
}

/// It was so from its first word on; before nobody knew.
fn begun(first: Option<Timestamp>, since: Timestamp) -> Option<Timestamp> {
    first.filter(|at| *at > since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_what_its_rooms_were_together() {
        let is = |n: i64, occupied| (Timestamp(n), Body::RoomOccupied { occupied });
        let (hall, kitchen) = (vec![is(160, false), is(120, true)], vec![is(150, true), is(90, false)]);
        let all = vec![hall, kitchen];
        let broken = |since: i64, occupied: bool| {
            let told = together(all.clone(), Timestamp(since));
            newest_break(&told, |is| *is == occupied, Timestamp(since), Timestamp(200)).map(|at| at.0)
        };
        assert_eq!(broken(100, true), Some(120));
        assert_eq!(broken(130, true), None, "one came before the other went");
        assert_eq!(broken(80, false), Some(200), "it is occupied");
        assert_eq!(together(all.clone(), Timestamp(155)).len(), 2);
    }

    #[test]
    fn what_was_so_all_the_time_is_told_from_what_came_lately() {
        let body = |text: &str| Body::Notice { text: text.to_owned() };
        let yes = |b: &Body| matches!(b, Body::Notice { text } if text == "yes");
        let at = |n: i64| Timestamp(n);
        let newest = |all: &[(i64, &str)]| {
            let all: Vec<_> = all.iter().map(|(n, text)| (at(*n), body(text))).collect();
            newest_break(&all, yes, at(100), at(200))
        };
        assert_eq!(newest(&[(150, "yes"), (90, "yes")]), None);
        assert_eq!(newest(&[(150, "yes"), (120, "no"), (90, "yes")]), Some(at(150)));
        assert_eq!(newest(&[(180, "yes"), (150, "yes"), (120, "no")]), Some(at(150)));
        assert_eq!(newest(&[(100, "yes")]), None, "at the very moment");
        assert_eq!(newest(&[(101, "yes")]), Some(at(101)), "nobody knew before");
        assert_eq!(newest(&[(150, "no"), (90, "yes")]), Some(at(200)), "it has not been kept yet");
        assert_eq!(newest(&[]), None);
    }
}
