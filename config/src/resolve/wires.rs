//! `[mqtt.*]`, `[broker]`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use super::names::sections;
use super::{Scope, secret};
use crate::Place;
use crate::decode::{Fields, Node};
use crate::home::{BROKER_USER, BrokerConfig, BrokerUser, MqttConfig};

const PORT: u16 = 1883;

pub(crate) fn mqtt(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, MqttConfig> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "mqtt") {
        let place = fields.node.place();
        fields.allow(&["embedded", "host"]);
        let embedded = fields.get("embedded").and_then(|n| n.bool()).unwrap_or(false);
        if embedded {
            fields.refuse(&["host", "port"], "embedded");
        }
        let host = if embedded {
            None
        } else {
            fields.required("host", "write host = \"192.168.1.5\", or embedded = true")
        };
        let config = MqttConfig {
            place,
            embedded,
            host: host.and_then(|n| host_name(&n)).unwrap_or_else(|| "127.0.0.1".into()),
            port: fields.get("port").and_then(|n| n.port()).unwrap_or(PORT),
            username: fields.get("username").and_then(|n| n.label()),
            password: secret::secret(&fields, scope),
            client_id: fields.get("client_id").and_then(|n| n.label()),
            discovery_prefix: topic(&fields, "discovery_prefix").unwrap_or_else(|| "homeassistant".into()),
        };
        if config.password.is_some() && config.username.is_none() {
            fields.missing("username", "MQTT knows no password without a user");
        }
        fields.finish();
        out.insert(key, config);
    }
    if out.is_empty() {
        let place = Place::by_default();
        let (host, discovery_prefix) = ("127.0.0.1".into(), "homeassistant".into());
        let (username, password, client_id) = (None, None, None);
        let port = PORT;
        let config =
            MqttConfig { place, embedded: true, host, port, username, password, client_id, discovery_prefix };
        out.insert("mqtt".into(), config);
    }
    out
}

pub(crate) fn broker(
    top: &Fields<'_>,
    scope: &Scope<'_>,
    mqtt: &BTreeMap<String, MqttConfig>,
) -> BrokerConfig {
    let wanted = mqtt.values().any(|link| link.embedded);
    let mut config = BrokerConfig {
        place: Place::by_default(),
        enabled: wanted,
        listen: Ipv4Addr::LOCALHOST.into(),
        port: PORT,
        users: BTreeMap::new(),
        passwords_file: None,
    };
    let Some(fields) = top.get("broker").and_then(|node| node.fields()) else { return config };
    config.place = fields.node.place();
    if let Some(node) = fields.get("enabled")
        && let Some(enabled) = node.bool()
    {
        config.enabled = enabled;
        if wanted && !enabled {
            let message = "the broker is switched off, but a link goes to it";
            node.error("conflict", message, "write an [mqtt.<key>] with the host of another broker");
        }
    }
    let listen = fields.get("listen");
    if let Some(address) = listen.as_ref().and_then(address) {
        config.listen = address;
    }
    if let Some(port) = fields.get("port").and_then(|n| n.port()) {
        config.port = port;
    }
    if let Some(table) = fields.get("users").and_then(|node| node.fields()) {
        config.users = users(&table, scope);
    }
    config.passwords_file = fields.get("passwords_file").and_then(|n| secret::file(&n, scope));
    let tried = fields.has("passwords_file") || fields.has("users");
    if let Some(node) = listen
        && !config.listen.is_loopback()
        && !config.has_credentials()
        && !tried
    {
        let message =
            format!("the broker would listen on {} for anybody, without credentials", config.listen);
        node.error(
            "open-broker",
            message,
            "add users ([broker.users]) or passwords_file, or listen on 127.0.0.1",
        );
    }
    fields.finish();
    config
}

fn users(table: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, BrokerUser> {
    let mut out = BTreeMap::new();
    for (user, node) in table.each() {
        if !node.is_table() {
            secret::inline(&node);
            continue;
        }
        let Some(fields) = node.fields() else { continue };
        if user == BROKER_USER
            || user.is_empty()
            || user.starts_with('$')
            || user.contains(['+', '#', '/', '\0'])
        {
            let help = format!(
                "allowed: any but {BROKER_USER:?}, without + # / and a leading $: topics are named by it"
            );
            node.error("bad-text", format!("{user:?} is no name of a user of the broker"), help);
        }
        let topics = fields.get("topics").map(|node| filters(&node));
        let reads = fields.get("reads").map(|node| filters(&node)).unwrap_or_default();
        match secret::secret(&fields, scope) {
            Some(password) => drop(out.insert(user.to_owned(), BrokerUser { password, topics, reads })),
            None if fields.present(&["password", "password_file", "password_env"]).is_empty() => {
                fields
                    .missing("password_file", "every user of the broker needs password_file or password_env");
            }
            None => {}
        }
        fields.finish();
    }
    if table.each().next().is_none() {
        table.node.error(
            "empty-list",
            "`users` is empty: nobody could connect",
            "add a user, or leave the table out",
        );
    }
    out
}

/// Topic filters (MQTT 3.1.1, 4.7.1). None at all is a mistake: it would be somebody who may nothing.
fn filters(node: &Node<'_>) -> Vec<String> {
    const HELP: &str = "allowed: topics with / between their words, where + stands for a word and # at the end for all that follows";
    let Some(items) = node.list() else { return Vec::new() };
    if items.is_empty() {
        node.error("empty-list", "no topic: whoever has none may nothing", HELP);
    }
    let texts = items.iter().filter_map(|item| Some((item, item.label()?)));
    let good = texts.filter(|(item, text)| {
        let levels: Vec<&str> = text.split('/').collect();
        let all = levels.len();
        let fits = |(n, level): (usize, &&str)| match *level {
            "#" => n + 1 == all,
            "+" => true,
            word => !word.contains(['+', '#', '\0']),
        };
        let fits = levels.iter().enumerate().all(fits) && !text.starts_with('$');
        if !fits {
            item.error("bad-text", format!("{text:?} is no topic filter"), HELP);
        }
        fits
    });
    good.map(|(_, text)| text).collect()
}

pub(super) fn host_name(node: &Node<'_>) -> Option<String> {
    let text = node.label()?;
    let fits = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c));
    if !fits || text.contains("://") {
        let help =
            "allowed: a name or an address alone, such as \"mosquitto.lan\"; the port has a key of its own";
        node.error("bad-text", format!("{text:?} is no host"), help);
        return None;
    }
    Some(text)
}

pub(super) fn address(node: &Node<'_>) -> Option<IpAddr> {
    let text = node.text()?;
    let found = text.parse().ok();
    if found.is_none() {
        let help = "allowed: an address such as \"127.0.0.1\" or \"0.0.0.0\"";
        node.error("bad-text", format!("{text:?} is no IP address"), help);
    }
    found
}

/// A topic to write to.
pub(super) fn topic(fields: &Fields<'_>, key: &'static str) -> Option<String> {
    let node = fields.get(key)?;
    let text = node.label()?;
    if text.contains(['+', '#', '\0']) || text.starts_with('/') || text.ends_with('/') {
        let help = "allowed: words with / between them, without + and #";
        node.error("bad-text", format!("{text:?} is no topic to write to"), help);
        return None;
    }
    Some(text)
}
