//! What is called for a wish. Pure.

use serde_json::{Value, json};

use super::said::Player;

pub type Call = (&'static str, Value);

/// What is called first, and what after it. `url`: where the stream is that a source names.
pub fn calls(
    id: &str,
    now: &Player,
    (what, value): (&str, &str),
    url: &str,
) -> Result<(Call, Option<Call>), String> {
    if !now.available {
        return Err(format!("{} is switched off or away", now.name));
    }
    let refused = || format!("a player of Music Assistant cannot have its {what} set to {value:?}");
    let first = match (what, value) {
        ("volume", percent) => {
            let percent: f64 = percent.parse().map_err(|_| refused())?;
            let level = percent.clamp(0.0, 100.0).round() as u8;
            ("players/cmd/volume_set", json!({ "player_id": id, "volume_level": level }))
        }
        ("muted", word @ ("ON" | "OFF")) => {
            ("players/cmd/volume_mute", json!({ "player_id": id, "muted": word == "ON" }))
        }
        ("source", _) => {
            let play = play(id, url);
            // No other room comes along.
            if now.follows {
                return Ok((("players/cmd/ungroup", json!({ "player_id": id })), Some(play)));
            }
            if !now.members.is_empty() {
                let apart = ("players/cmd/ungroup_many", json!({ "player_ids": now.members }));
                return Ok((apart, Some(play)));
            }
            play
        }
        ("state", "playing") => ("players/cmd/play", json!({ "player_id": id })),
        ("state", "paused") => ("players/cmd/pause", json!({ "player_id": id })),
        ("state", "idle") => ("players/cmd/stop", json!({ "player_id": id })),
        ("next", _) => ("players/cmd/next", json!({ "player_id": id })),
        ("previous", _) => ("players/cmd/previous", json!({ "player_id": id })),
        _ => return Err(refused()),
    };
    Ok((first, None))
}

/// What makes a player play what is found at an address. Each has a queue of its own, with its own id.
pub fn play(id: &str, url: &str) -> Call {
    ("player_queues/play_media", json!({ "queue_id": id, "media": url, "option": "replace" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(more: Value) -> Player {
        let mut said = json!({ "player_id": "one", "name": "One", "available": true, "state": "playing" });
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Player::read(&said).unwrap().1
    }

    fn names(now: &Player, wish: (&str, &str)) -> Result<Vec<&'static str>, String> {
        let (first, then) = calls("one", now, wish, "http://a/b")?;
        Ok([Some(first), then].into_iter().flatten().map(|(command, _)| command).collect())
    }

    #[test]
    fn a_room_leaves_its_group_before_it_plays_something_else() {
        let alone = player(json!({}));
        assert_eq!(names(&alone, ("source", "anna")), Ok(vec!["player_queues/play_media"]));
        let follows = player(json!({ "synced_to": "two" }));
        assert_eq!(names(&follows, ("source", "anna")).unwrap()[0], "players/cmd/ungroup");
        let leads = player(json!({ "group_members": ["one", "two"] }));
        assert_eq!(names(&leads, ("source", "anna")).unwrap()[0], "players/cmd/ungroup_many");
        let group = player(json!({ "group_members": ["two", "three"], "type": "group" }));
        assert_eq!(names(&group, ("source", "anna")), Ok(vec!["player_queues/play_media"]));
    }

    #[test]
    fn what_it_cannot_be_is_refused_in_words() {
        let away = player(json!({ "available": false }));
        assert_eq!(names(&away, ("volume", "30")), Err("One is switched off or away".to_owned()));
        assert!(names(&player(json!({})), ("state", "loud")).unwrap_err().contains("cannot have its state"));
        assert!(names(&player(json!({})), ("volume", "loud")).is_err());
    }
}
