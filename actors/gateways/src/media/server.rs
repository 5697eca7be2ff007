//! What a Snapcast server says of itself: the answer to `Server.GetStatus`.

use serde_json::Value;

/// Most loudspeakers and streams that are read.
const MOST: usize = 1_000;

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Server {
    pub groups: Vec<Group>,
    pub streams: Vec<Stream>,
}

/// Loudspeakers that play the same.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    pub id: String,
    pub muted: bool,
    pub stream: String,
    pub clients: Vec<Client>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Client {
    pub id: String,
    pub connected: bool,
    pub muted: bool,
    /// Percent.
    pub volume: f64,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Stream {
    pub id: String,
    /// `playing`, `idle`, `disabled`.
    pub status: String,
    pub title: String,
    pub artist: String,
}

impl Server {
    /// `None`: it is no status.
    pub fn read(result: &Value) -> Option<Self> {
        let server = result.get("server")?;
        let groups = server.get("groups")?.as_array()?.iter().take(MOST).filter_map(group).collect();
        let streams = server.get("streams")?.as_array()?.iter().take(MOST).filter_map(stream).collect();
        Some(Self { groups, streams })
    }

    /// Where a client is now. Ids of groups change: this is asked anew each time.
    pub fn of(&self, client: &str) -> Option<(&Group, &Client)> {
        let found = |group: &'_ Group| group.clients.iter().position(|c| c.id == client);
        self.groups.iter().find_map(|group| Some((group, group.clients.get(found(group)?)?)))
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn yes(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn group(value: &Value) -> Option<Group> {
    let clients = value.get("clients")?.as_array()?.iter().take(MOST).filter_map(client).collect();
    Some(Group {
        id: text(value, "id"),
        muted: yes(value, "muted"),
        stream: text(value, "stream_id"),
        clients,
    })
}

fn client(value: &Value) -> Option<Client> {
    let volume = value.pointer("/config/volume")?;
    Some(Client {
        id: text(value, "id"),
        connected: yes(value, "connected"),
        muted: yes(volume, "muted"),
        volume: volume.get("percent")?.as_f64()?.clamp(0.0, 100.0),
    })
}

fn stream(value: &Value) -> Option<Stream> {
    let said = value.pointer("/properties/metadata").cloned().unwrap_or_default();
    let artist = match said.get("artist") {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => text(&said, "artist"),
    };
    Some(Stream { id: text(value, "id"), status: text(value, "status"), title: text(&said, "title"), artist })
}
