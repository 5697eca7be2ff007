//! Tables other than rules, as they may be written.
#![allow(dead_code, reason = "only the schema of these types is used")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::interlocks::Interlock;
use super::media::{Media, Player, Stream};
use super::phone::Phone;
use super::rules::{Blueprint, Routine, Rule, Scene};
use super::voices::{Satellite, Voice};

/// A file of a Lares home. Sections may be spread over any number of files.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    household: Option<Household>,
    #[serde(default)]
    floor: BTreeMap<String, Floor>,
    #[serde(default)]
    room: BTreeMap<String, Room>,
    #[serde(default)]
    zone: BTreeMap<String, Zone>,
    #[serde(default)]
    receiver: BTreeMap<String, Receiver>,
    #[serde(default)]
    person: BTreeMap<String, Person>,
    #[serde(default)]
    device: BTreeMap<String, Device>,
    #[serde(default)]
    group: BTreeMap<String, Group>,
    #[serde(default)]
    scene: BTreeMap<String, Scene>,
    #[serde(default)]
    rule: BTreeMap<String, Rule>,
    #[serde(default)]
    blueprint: BTreeMap<String, Blueprint>,
    #[serde(default)]
    routine: BTreeMap<String, Routine>,
    #[serde(default)]
    interlock: BTreeMap<String, Interlock>,
    #[serde(default)]
    mqtt: BTreeMap<String, Mqtt>,
    broker: Option<Broker>,
    /// The most that rules do by themselves, by kind of entity (`lock`) and by risk (`unlock`, `disarm`, `open_valve`,
    /// `open_door`, `heat`, `dose`, `send`): `observe`, `suggest`, `ask`, `act_with_undo` or `act`. `heat_above`: a temperature. `limits`: by
    /// who is asked and what is done, `[{ person = "ben", domain = "cover", verb = "open", most = "ask" }]`.
    #[serde(default)]
    autonomy: BTreeMap<String, Value>,
    web: Option<Web>,
    backup: Option<Backup>,
    retention: Option<Retention>,
    #[serde(default)]
    private: BTreeMap<String, Private>,
    #[serde(default)]
    field: BTreeMap<String, Field>,
    #[serde(default)]
    display: BTreeMap<String, Display>,
    voice: Option<Voice>,
    #[serde(default)]
    satellite: BTreeMap<String, Satellite>,
    media: Option<Media>,
    #[serde(default)]
    player: BTreeMap<String, Player>,
    #[serde(default)]
    stream: BTreeMap<String, Stream>,
    phone: Option<Phone>,
}

/// The whole.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Household {
    name: Option<String>,
    /// IANA name, such as `Europe/Vienna`.
    time_zone: Option<String>,
    /// Degrees north.
    #[schemars(range(min = -90.0, max = 90.0))]
    latitude: Option<f64>,
    /// Degrees east.
    #[schemars(range(min = -180.0, max = 180.0))]
    longitude: Option<f64>,
    /// A tag like `en` or `pt-BR`.
    language: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    name: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Room {
    name: Option<String>,
    /// Key of a floor.
    floor: Option<String>,
    /// How long after the last sign of life it counts as empty. Default `5m`.
    occupancy_timeout: Option<String>,
    /// Entities that tell whether somebody is there. Default: all motion and presence entities in the room.
    sensors: Option<Vec<String>>,
    /// Whether it learns when people are there. Default `true`.
    habits: Option<bool>,
    /// Where it lies on its floor: two opposite corners, metres.
    area: Option<[[f64; 2]; 2]>,
}

/// A Bluetooth receiver; its key is what it calls itself.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Receiver {
    /// Key of the room it hangs in.
    room: String,
    /// Where it hangs, metres: along, across and up.
    at: Option<[f64; 3]>,
}

/// A set of rooms.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Zone {
    name: Option<String>,
    /// Keys of rooms.
    rooms: Vec<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: Option<String>,
    /// `owner`, `adult`, `child` or `guest`.
    role: String,
    /// Entities that tell whether the person is at home.
    trackers: Option<Vec<String>>,
    /// Ids of what the person carries, as Bluetooth receivers call them: `phone:alex`.
    beacons: Option<Vec<String>>,
    /// The rights end then: `2026-12-24` or `2026-12-24T18:00`, in the household's time.
    until: Option<String>,
    /// Keys of the rooms that the person may act in. Default: all.
    rooms: Option<Vec<String>>,
    /// The only things that the person may move: devices, and parts of devices such as `strip.left`. Default: all.
    entities: Option<Vec<String>>,
    /// The only kinds of things that the person may move: `light`, `cover`, `climate`, ... Default: all.
    domains: Option<Vec<String>>,
    /// The times of day at which the person has rights: `08:00-20:00`.
    hours: Option<String>,
}

/// A device, tied to the world by `identifiers`, an `mqtt` table, `recording` or `twin`.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Device {
    name: Option<String>,
    /// Key of a room.
    room: Option<String>,
    /// Key of an `[mqtt.*]` table.
    link: Option<String>,
    /// It announces itself with one of these.
    identifiers: Option<Vec<String>>,
    /// What it would announce, in Home Assistant's device discovery form; entities under `cmps`.
    mqtt: Option<BTreeMap<String, serde_json::Value>>,
    /// Lines of a recording: `{ room, device, kind }` or a list of them.
    recording: Option<serde_json::Value>,
    /// Kind of its simulated twin, or a table with `kind` and the twin's options.
    twin: Option<serde_json::Value>,
    /// What its properties go back to when the last hold on them ends, such as `{ on = false }`.
    default: Option<BTreeMap<String, serde_json::Value>>,
    #[serde(default)]
    entity: BTreeMap<String, Entity>,
}

/// What the home says of one entity.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entity {
    name: Option<String>,
    room: Option<String>,
    /// How long a reading counts as fresh.
    stale_after: Option<String>,
    component: Option<String>,
    device_class: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: Option<String>,
    /// Devices and entities: `hall-lamp`, `porch.light`.
    members: Vec<String>,
}

/// A connection to an MQTT broker.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mqtt {
    /// It goes to the embedded broker.
    embedded: Option<bool>,
    host: Option<String>,
    port: Option<u16>,
    username: Option<String>,
    /// Not allowed: name a file or a variable.
    #[schemars(skip)]
    password: Option<String>,
    password_file: Option<String>,
    password_env: Option<String>,
    client_id: Option<String>,
    discovery_prefix: Option<String>,
}

/// Backups that the household makes and proves by itself.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Backup {
    /// The folder of backups, best on another disk.
    to: String,
    /// As old as the newest proven one may get; 24h.
    every: Option<String>,
    /// How many proven ones are kept; 7.
    #[schemars(range(min = 1, max = 1000))]
    keep: Option<u16>,
}

/// How long things are kept: `30d`, or `forever`.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Retention {
    /// Samples as they came; 30d.
    raw: Option<String>,
    /// Roll-ups of five minutes; 365d.
    minutes: Option<String>,
    /// Roll-ups of an hour; 3652d.
    hours: Option<String>,
    /// Roll-ups of a day; forever.
    days: Option<String>,
    /// How much all data may take, such as `4GB`: beyond it old samples go sooner.
    budget: Option<String>,
    /// Of devices and entities, by their reference.
    of: Option<BTreeMap<String, Keep>>,
    /// Of device classes (`power`), or components where there is none.
    class: Option<BTreeMap<String, Keep>>,
    /// Of the journal.
    journal: Option<KeepJournal>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeepJournal {
    /// Months that are over for so long are folded together, and nothing of them is lost: `400d`, or `never`.
    archive: Option<String>,
    /// Kinds of entries (`notice`, `reading` ...) that go, and after how long: `365d`.
    kinds: Option<BTreeMap<String, String>>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keep {
    raw: Option<String>,
    minutes: Option<String>,
    hours: Option<String>,
    days: Option<String>,
}

/// A part of life whose devices have a key of their own, so that `lares forget domain:NAME` makes it unreadable.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Private {
    /// Devices and entities: `scale`, `bed.presence`.
    of: Vec<String>,
}

/// A property of the household's own: `my_KEY` of nodes of the life graph.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    /// What it tells, for people.
    says: Option<String>,
    /// Kinds of node that may have it: `person`, `inventory_item`. Default: any.
    kinds: Option<Vec<String>>,
    /// `text` (default), `number`, `yes_no`, `time`, `choice` or `words`.
    #[serde(rename = "type")]
    of: Option<String>,
    /// Of a number.
    unit: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    /// The words that it may be.
    choices: Option<Vec<String>>,
}

/// The API and the dashboard.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Web {
    enabled: Option<bool>,
    /// Address to listen on; beyond loopback only with an owner.
    listen: Option<String>,
    /// 8420; 0 is one that is free.
    port: Option<u16>,
    /// Names by which browsers may call it, beside addresses and `localhost`.
    hosts: Option<Vec<String>>,
    /// HTTPS: without a certificate by the household's own authority.
    tls: Option<bool>,
    /// A certificate with its chain, in PEM; needs `key_file`.
    certificate_file: Option<String>,
    /// The key of the certificate, in PEM.
    key_file: Option<String>,
}

/// The embedded broker.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Broker {
    enabled: Option<bool>,
    /// Address to listen on; beyond loopback only with users.
    listen: Option<String>,
    port: Option<u16>,
    /// Users, each with `password_file` or `password_env`, and their topics.
    users: Option<BTreeMap<String, User>>,
    passwords_file: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    password_file: Option<String>,
    password_env: Option<String>,
    /// Topic filters that it may publish and subscribe to, such as `zigbee2mqtt/#`. Without: `NAME/#`, and its own discovery.
    topics: Option<Vec<String>>,
    /// Topic filters that it may subscribe to beside that.
    reads: Option<Vec<String>>,
}

/// A wall display, which shows its room.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Display {
    name: Option<String>,
    room: String,
    link: Option<String>,
    topic: Option<String>,
    /// Name of an openHASP plate: the room is drawn on it, and touched.
    plate: Option<String>,
    /// Whose browser hangs there; of a plate: with whose rights it answers.
    person: Option<String>,
    /// What it shows beside the things of its room: `alerts`, `calls`, `heard`, `music`, `timers`, `calendar`, `production`,
    /// `lists`.
    shows: Option<Vec<String>>,
}
