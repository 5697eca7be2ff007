//! `[phone]`, `[phone.door.*]`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::media::within;
use super::names::name_or_key;
use super::voice::host_and_port;
use super::wires::address;
use super::{Scope, secret};
use crate::decode::{Fields, Node};
use crate::home::{Codec, DoorConfig, PhoneConfig, Recording, TrunkConfig};

/// Where SIP comes in by default.
const PORT: u16 = 5_060;
const SECOND: Duration = Duration::from_secs(1);

pub(crate) fn phone(top: &Fields<'_>, scope: &Scope<'_>) -> Option<PhoneConfig> {
    let fields = top.get("phone")?.fields()?;
    let listen = fields.get("listen");
    let ip = listen.as_ref().and_then(address).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let port =
        fields.get("port").and_then(|n| n.number_within(None, 0.0, 65_535.0)).map_or(PORT, |n| n as u16);
    let from: Vec<IpAddr> = fields.list("from").iter().filter_map(address).collect();
    let trunk = trunk(&fields, scope);
    if let Some(node) = &listen
        && !ip.is_loopback()
        && from.is_empty()
        && trunk.is_none()
    {
        node.error(
            "open-phone",
            format!("the telephone would listen on {ip} for anybody: whoever calls can say to be anyone"),
            "name who may call: from = [\"192.168.1.5\"], or a trunk, or listen on 127.0.0.1",
        );
    }
    let country = fields.get("country").and_then(|n| country(&n));
    let recording = fields.get("recording").and_then(|n| n.word(Recording::NAMES));
    let urgent = fields.get("urgent").map(|_| words(&fields.list("urgent")));
    let span =
        |key, least, most, or| fields.get(key).and_then(|node| within(&node, least, most)).unwrap_or(or);
    let config = PhoneConfig {
        place: fields.node.place(),
        listen: SocketAddr::new(ip, port),
        address: fields.get("address").as_ref().and_then(address),
        from,
        trunk,
        name: fields.get("name").and_then(|n| n.label()),
        at_once: fields
            .get("at_once")
            .and_then(|n| n.number_within(None, 1.0, 32.0))
            .map_or(PhoneConfig::AT_ONCE, |n| n as u8),
        codecs: codecs(&fields),
        recording: recording.unwrap_or_else(|| Recording::of_country(country.as_deref().unwrap_or_default())),
        message_for: span("message_for", SECOND * 5, SECOND * 300, PhoneConfig::MESSAGE_FOR),
        names: fields.get("names").and_then(|n| n.fields()).map(|f| names(&f)).unwrap_or_default(),
        blocked: fields.list("blocked").iter().filter_map(blocked).collect(),
        urgent: urgent.unwrap_or_else(|| PhoneConfig::URGENT.iter().map(|w| (*w).to_owned()).collect()),
        people: fields
            .list("people")
            .iter()
            .filter_map(|n| n.key_of("person", &scope.names.people))
            .collect(),
        ask_for: span("ask_for", SECOND * 5, SECOND * 300, PhoneConfig::ASK_FOR),
        transfer: fields.get("transfer").and_then(|n| extension(&n)),
        doors: doors(&fields, scope),
    };
    if ip.is_unspecified() && config.address.is_none() {
        fields.missing("address", "say where callers send sound to: address = \"192.168.1.2\"");
    }
    fields.finish();
    Some(config)
}

fn trunk(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<TrunkConfig> {
    let password = secret::secret(fields, scope);
    let user = fields.get("user");
    let Some(node) = fields.get("trunk") else {
        if password.is_some() || user.is_some() {
            fields.missing("trunk", "user and password are for an exchange: trunk = \"192.168.1.1:5060\"");
        }
        return None;
    };
    let user = user.and_then(|n| extension(&n));
    if user.is_none() {
        fields.missing_for("user", "trunk", "as whom it registers there: user = \"620\"");
    }
    let (host, port) = host_and_port(&node, PORT)?;
    Some(TrunkConfig { host, port, user: user?, password })
}

fn doors(fields: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, DoorConfig> {
    let mut out = BTreeMap::new();
    let Some(table) = fields.get("door").and_then(|node| node.fields()) else { return out };
    for (key, node) in table.each() {
        let Some(fields) = node.fields() else { continue };
        let caller = fields.required("caller", "what it calls itself: caller = \"door-front\"");
        let door = DoorConfig {
            place: fields.node.place(),
            name: name_or_key(&fields, key),
            caller: caller.and_then(|n| n.label()).unwrap_or_default(),
            camera: fields.get("camera").and_then(|n| n.entity(scope)),
        };
        fields.finish();
        out.insert(key.to_owned(), door);
    }
    out
}

/// A call needs one: a list of none is a mistake, and one that says a codec twice too.
fn codecs(fields: &Fields<'_>) -> Vec<Codec> {
    let Some(node) = fields.get("codecs") else { return PhoneConfig::CODECS.to_vec() };
    let Some(list) = node.list() else { return PhoneConfig::CODECS.to_vec() };
    let mut codecs = Vec::new();
    for item in &list {
        let Some(codec) = item.word(Codec::NAMES) else { continue };
        if codecs.contains(&codec) {
            item.error("duplicate-name", "it is in the list already", "name each codec once");
        } else {
            codecs.push(codec);
        }
    }
    if list.is_empty() {
        let help = "name what is spoken: codecs = [\"g711\", \"opus\"]";
        node.error("empty-list", "nobody could speak on such a telephone", help);
    }
    codecs
}

/// What callers are called. Numbers come as their exchange writes them: they are compared by their digits.
fn names(fields: &Fields<'_>) -> BTreeMap<String, String> {
    fields.each().filter_map(|(number, node)| Some((number.to_owned(), node.label()?))).collect()
}

fn blocked(node: &Node<'_>) -> Option<String> {
    let text = node.label()?;
    if text.trim_end_matches('*').is_empty() {
        node.error(
            "bad-text",
            format!("{text:?} would turn everybody away"),
            "name a number, or how it begins: +49900*",
        );
        return None;
    }
    Some(text)
}

fn words(list: &[Node<'_>]) -> Vec<String> {
    list.iter().filter_map(Node::label).map(|word| word.to_lowercase()).collect()
}

fn country(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    if text.len() == 2 && text.chars().all(|c| c.is_ascii_alphabetic()) {
        return Some(text.to_lowercase());
    }
    node.error("bad-text", format!("{text:?} is no country"), "write two letters, such as \"de\"");
    None
}

/// The name of somebody at an exchange.
fn extension(node: &Node<'_>) -> Option<String> {
    let text = node.label()?;
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.+*#".contains(c)) {
        return Some(text);
    }
    node.error("bad-text", format!("{text:?} is no extension"), "allowed: letters, digits and - _ . + * #");
    None
}
