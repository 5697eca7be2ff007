//! What a Music Assistant server says of a player and of a queue. Older servers name some of it otherwise.

use serde_json::Value;

use super::super::board::Rendered;

/// Most members of a group and most addresses of an item that are read.
const MOST: usize = 100;

#[derive(Clone, PartialEq, Debug)]
pub struct Player {
    pub name: String,
    pub available: bool,
    /// `playing`, `paused`, `idle`.
    pub state: &'static str,
    /// Percent. A player without a volume of its own is loud.
    volume: f64,
    muted: bool,
    /// The queue that it plays from, or something else that it can play.
    source: Option<String>,
    /// It plays what another one or a group does.
    pub follows: bool,
    /// Who plays what it does.
    pub members: Vec<String>,
    /// The address of what it plays, title and artist.
    media: Option<(String, String, String)>,
    /// It is saying something: what plays comes back by itself.
    pub announces: bool,
}

/// What a queue is at.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Queue {
    addresses: Vec<String>,
    name: String,
}

fn text(value: &Value, keys: &[&str]) -> String {
    let found = keys.iter().find_map(|key| value.get(key).and_then(Value::as_str));
    found.unwrap_or_default().to_owned()
}

fn is_there(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
}

impl Player {
    /// Its id, and how it is.
    pub fn read(value: &Value) -> Option<(String, Self)> {
        let id = value.get("player_id")?.as_str()?.to_owned();
        let state = match text(value, &["playback_state", "state"]).as_str() {
            _ if value.get("powered") == Some(&Value::Bool(false)) => "idle",
            "playing" => "playing",
            "paused" => "paused",
            _ => "idle",
        };
        let media = value.get("current_media").filter(|media| media.is_object());
        let members = value.get("group_members").or_else(|| value.get("group_childs"));
        let members = members.and_then(Value::as_array).into_iter().flatten().take(MOST);
        let members = members.filter_map(Value::as_str).filter(|member| *member != id);
        let is_group = text(value, &["type"]) == "group";
        let player = Self {
            name: text(value, &["name", "display_name"]),
            available: value.get("available").and_then(Value::as_bool).unwrap_or(false),
            state,
            volume: value.get("volume_level").and_then(Value::as_f64).unwrap_or(100.0).clamp(0.0, 100.0),
            muted: value.get("volume_muted").and_then(Value::as_bool).unwrap_or(false),
            source: value.get("active_source").and_then(Value::as_str).map(str::to_owned),
            follows: is_there(value, "synced_to") || is_there(value, "active_group"),
            // Who made a group of its own means all of it.
            members: if is_group { Vec::new() } else { members.map(str::to_owned).collect() },
            media: media.map(|m| (text(m, &["uri"]), text(m, &["title"]), text(m, &["artist"]))),
            announces: media.is_some_and(|media| text(media, &["media_type"]) == "announcement"),
        };
        Some((id, player))
    }

    /// The queue that it plays from, if none of its other sources is on.
    pub fn queue<'a>(&'a self, id: &'a str) -> &'a str {
        self.source.as_deref().unwrap_or(id)
    }

    pub fn rendered(&self, queue: Option<&Queue>) -> Rendered {
        let mut addresses = queue.map(|queue| queue.addresses.clone()).unwrap_or_default();
        let (mut title, mut artist) = (queue.map_or("", |queue| &queue.name).to_owned(), String::new());
        if let Some((uri, its, by)) = &self.media {
            addresses.extend(Some(uri.clone()).filter(|uri| !uri.is_empty()));
            if !its.is_empty() {
                (title, artist) = (its.clone(), by.clone());
            }
        }
        let (state, volume, muted) = (self.state, self.volume, self.muted);
        Rendered { addresses, title, artist, state, volume, muted }
    }
}

impl Queue {
    /// Its id, and what it is at.
    pub fn read(value: &Value) -> Option<(String, Self)> {
        let id = value.get("queue_id")?.as_str()?.to_owned();
        let Some(item) = value.get("current_item").filter(|item| item.is_object()) else {
            return Some((id, Self::default()));
        };
        let media = item.get("media_item").cloned().unwrap_or_default();
        let found = media.get("provider_mappings").and_then(Value::as_array);
        let found = found.into_iter().flatten().take(MOST).map(|at| text(at, &["item_id"]));
        let addresses = [text(&media, &["uri"]), text(&media, &["item_id"])].into_iter().chain(found);
        let mut addresses: Vec<String> = addresses.filter(|at| !at.is_empty()).collect();
        if addresses.is_empty() {
            addresses.extend(Some(text(item, &["queue_item_id"])).filter(|at| !at.is_empty()));
        }
        Some((id, Self { addresses, name: text(item, &["name"]) }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_queue_is_at_is_what_its_player_plays() {
        let (_, queue) = Queue::read(&json!({
            "queue_id": "one", "current_item": { "name": "Anna", "queue_item_id": "q", "media_item": {
                "uri": "builtin://radio/http://a/b", "item_id": "http://a/b", "provider_mappings": [{ "item_id": "http://a/b" }] } }
        }))
        .unwrap();
        let (id, player) = Player::read(&json!({
            "player_id": "one", "available": true, "playback_state": "playing", "volume_level": 30,
            "group_members": ["one", "two"], "current_media": { "uri": "x", "title": "Song", "artist": "She" }
        }))
        .unwrap();
        assert_eq!((player.queue(&id), &player.members[..]), ("one", &["two".to_owned()][..]));
        let rendered = player.rendered(Some(&queue));
        assert!(rendered.addresses.contains(&"http://a/b".to_owned()), "{rendered:?}");
        assert_eq!((rendered.volume, rendered.muted, rendered.title.as_str()), (30.0, false, "Song"));
        let older =
            json!({ "player_id": "two", "state": "playing", "powered": false, "display_name": "Two" });
        let (_, off) = Player::read(&older).unwrap();
        assert_eq!((off.state, off.name.as_str(), off.available), ("idle", "Two", false));
        assert!(Player::read(&json!({ "name": "nobody" })).is_none());
    }
}
