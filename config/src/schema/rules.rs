//! Rules, as they may be written. An item's kind is told by its key, so each is one table of all keys.
#![allow(dead_code, reason = "only the schema of these types is used")]

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// When any of these happens and all of `if` hold, do `then`.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    name: Option<String>,
    enabled: Option<bool>,
    /// `single`, `restart` (default), `queued` or `parallel`.
    mode: Option<String>,
    /// Level of its claims. Default `rule`; nothing above `security`.
    level: Option<String>,
    /// What happens to its timers that came due while nothing ran: `run_once` (default), `report` or `{ within = "10m" }`.
    missed: Option<Value>,
    when: Vec<Trigger>,
    #[serde(rename = "if")]
    conditions: Option<Vec<Condition>>,
    then: Vec<Action>,
    #[serde(rename = "else")]
    otherwise: Option<Vec<Action>>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trigger {
    entity: Option<String>,
    property: Option<String>,
    to: Option<Value>,
    from: Option<Value>,
    above: Option<Value>,
    below: Option<Value>,
    /// It must last so long.
    #[serde(rename = "for")]
    lasting: Option<String>,
    room: Option<String>,
    occupied: Option<bool>,
    person: Option<String>,
    /// `nobody_home` or `anybody_home`.
    people: Option<String>,
    /// `HH:MM`.
    time: Option<String>,
    days: Option<Vec<String>>,
    /// `sunset` or `sunrise`.
    sun: Option<String>,
    /// `-30m`: half an hour before.
    offset: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    entity: Option<String>,
    property: Option<String>,
    is: Option<Value>,
    above: Option<Value>,
    below: Option<Value>,
    /// What a stale reading comes to: `pass` or `fail` (default).
    stale: Option<String>,
    room: Option<String>,
    occupied: Option<bool>,
    person: Option<String>,
    people: Option<String>,
    after: Option<String>,
    before: Option<String>,
    days: Option<Vec<String>>,
    /// `up` or `down`.
    sun: Option<String>,
    /// A filter: something in the life graph must fit it, or `above`/`below` so many.
    find: Option<String>,
    any: Option<Vec<Condition>>,
    all: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    /// A device, `device.entity` or `group:key`.
    set: Option<String>,
    /// Key of a room: everything in it, or only one `component`.
    set_room: Option<String>,
    /// A filter: every entity that fits it and can do this.
    set_all: Option<String>,
    component: Option<String>,
    on: Option<bool>,
    /// Percent.
    brightness: Option<Value>,
    /// Kelvin.
    color_temp: Option<Value>,
    color: Option<Value>,
    effect: Option<String>,
    /// Percent open.
    position: Option<Value>,
    tilt: Option<Value>,
    target_temperature: Option<Value>,
    target_temperature_high: Option<Value>,
    target_temperature_low: Option<Value>,
    mode: Option<String>,
    fan_mode: Option<String>,
    swing_mode: Option<String>,
    preset_mode: Option<String>,
    percentage: Option<Value>,
    direction: Option<String>,
    oscillation: Option<bool>,
    target_humidity: Option<Value>,
    locked: Option<bool>,
    press: Option<bool>,
    state: Option<Value>,
    /// The entity's one value, whatever it is.
    value: Option<Value>,
    /// `when`: for as long as the trigger holds.
    hold_while: Option<String>,
    hold: Option<String>,
    transition: Option<String>,
    /// Wait so long, also over a restart.
    delay: Option<String>,
    /// Words for the household.
    notify: Option<String>,
}
