//! Rules, as they may be written. An item's kind is told by its key, so each is one table of all keys.
#![allow(dead_code, reason = "only the schema of these types is used")]

use std::collections::BTreeMap;

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
    /// How much it does by itself: `observe`, `suggest`, `ask`, `act_with_undo` or `act`. Without it, it acts.
    autonomy: Option<String>,
    /// Keys of the persons whom it asks. Default: whoever may do it themselves.
    ask: Option<Vec<String>>,
    /// How long a question of it stands: `10m` (default; a suggestion `1d`).
    ask_for: Option<String>,
    /// Instead of `when`, `if`, `then` and `else`: a blueprint of the home, or one of Lares' own.
    blueprint: Option<String>,
    /// What the blueprint is given.
    with: Option<BTreeMap<String, Value>>,
    when: Option<Vec<Trigger>>,
    #[serde(rename = "if")]
    conditions: Option<Vec<Condition>>,
    then: Option<Vec<Action>>,
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
    /// So far back over its limit must a value go before it crosses it again.
    hysteresis: Option<Value>,
    room: Option<String>,
    /// Key of a zone, with `occupied` or `person`.
    zone: Option<String>,
    occupied: Option<bool>,
    person: Option<String>,
    /// `nobody_home` or `anybody_home`.
    people: Option<String>,
    /// Key of a device, with `status`.
    device: Option<String>,
    /// `online` or `offline`.
    status: Option<String>,
    /// A kind of event: `interlock_tripped`, `problem`, `graph_changed`, ...
    event: Option<String>,
    /// What the event is about: a device, `device.entity`, `room:key`, `person:key`, `rule:key` or `interlock:key`.
    about: Option<String>,
    /// What a condition on the trigger asks for.
    id: Option<String>,
    /// `15m`: counted from midnight.
    every: Option<String>,
    /// `HH:MM`.
    time: Option<String>,
    days: Option<Vec<String>>,
    /// `sunset` or `sunrise`.
    sun: Option<String>,
    /// A filter: something in the life graph that fits it begins or is due.
    calendar: Option<String>,
    /// An expression that comes to be true: `state("a.temperature") > 21 and not home("anna")`.
    template: Option<String>,
    /// `-30m`: half an hour before.
    offset: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    entity: Option<String>,
    property: Option<String>,
    is: Option<Value>,
    /// A number, or another reading: `{ entity = "outside.temperature", plus = 2 }`.
    above: Option<Value>,
    below: Option<Value>,
    /// What a stale reading comes to: `pass` or `fail` (default).
    stale: Option<String>,
    /// It must have been so for that long: of an entity, a room, a zone or a person.
    #[serde(rename = "for")]
    time: Option<String>,
    room: Option<String>,
    /// Key of a zone, with `occupied` or `person`.
    zone: Option<String>,
    occupied: Option<bool>,
    person: Option<String>,
    people: Option<String>,
    /// Key of a device, with `status`.
    device: Option<String>,
    /// `online` or `offline`.
    status: Option<String>,
    /// `id` of the trigger that set the rule off.
    trigger: Option<String>,
    after: Option<String>,
    before: Option<String>,
    days: Option<Vec<String>>,
    /// `up` or `down`.
    sun: Option<String>,
    /// A filter: something in the life graph must fit it, or `above`/`below` so many.
    find: Option<String>,
    /// An expression that must be true.
    template: Option<String>,
    any: Option<Vec<Condition>>,
    all: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Way {
    #[serde(rename = "if")]
    conditions: Vec<Condition>,
    then: Vec<Action>,
}

/// How several things are to be together.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scene {
    name: Option<String>,
    /// `set`, `set_room` and `set_all`, without `hold`.
    set: Vec<Action>,
}

/// Steps that rules share, with parameters: `$name` in them is what `with` says.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Routine {
    /// Parameters by their names.
    params: Option<BTreeMap<String, Param>>,
    #[serde(rename = "do")]
    steps: Vec<Action>,
}

/// A rule with parameters: `$name` in it is what `with` says.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Blueprint {
    /// What it is for.
    says: Option<String>,
    /// Parameters by their names.
    params: Option<BTreeMap<String, Param>>,
    mode: Option<String>,
    level: Option<String>,
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
struct Param {
    /// What it is.
    says: Option<String>,
    /// What it is if `with` does not say; without it, `with` must.
    default: Option<Value>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    /// A device, `device.entity` or `group:key`.
    set: Option<String>,
    /// A scene of the home.
    scene: Option<String>,
    /// Key of a room: everything in it, or only one `component`.
    set_room: Option<String>,
    /// A filter: every entity that fits it and can do this.
    set_all: Option<String>,
    component: Option<String>,
    on: Option<Value>,
    /// Percent.
    brightness: Option<Value>,
    /// Kelvin.
    color_temp: Option<Value>,
    color: Option<Value>,
    effect: Option<Value>,
    /// Percent open.
    position: Option<Value>,
    tilt: Option<Value>,
    target_temperature: Option<Value>,
    target_temperature_high: Option<Value>,
    target_temperature_low: Option<Value>,
    mode: Option<Value>,
    fan_mode: Option<Value>,
    swing_mode: Option<Value>,
    swing_horizontal_mode: Option<Value>,
    preset_mode: Option<Value>,
    percentage: Option<Value>,
    direction: Option<Value>,
    oscillation: Option<Value>,
    target_humidity: Option<Value>,
    /// What a robot is told (`start`, `pause`, `return_home`, `locate`, ...), or a cover.
    action: Option<Value>,
    /// Names of rooms of a robot's map, with commas between them.
    clean_rooms: Option<Value>,
    /// A part of a robot's map to clean: two corners in metres, then how often; `1, 2, 3.5, 4, 2`.
    clean_zone: Option<Value>,
    /// A place on a robot's map to go to: metres to the right and downwards; `2.5, 4`.
    go_to: Option<Value>,
    /// A command of the maker's own, with JSON arguments behind it.
    command: Option<Value>,
    /// A siren's.
    tone: Option<Value>,
    /// Percent.
    volume: Option<Value>,
    /// Seconds that a siren sounds.
    duration: Option<Value>,
    /// Percent of a lamp's white.
    white: Option<Value>,
    locked: Option<bool>,
    muted: Option<Value>,
    /// What a player plays: key of a stream.
    source: Option<Value>,
    press: Option<bool>,
    state: Option<Value>,
    /// The entity's one value, whatever it is.
    value: Option<Value>,
    /// `when`: for as long as the trigger holds.
    hold_while: Option<String>,
    hold: Option<String>,
    transition: Option<String>,
    /// Values of the run, by their names: expressions. `var.NAME` in those after it.
    #[serde(rename = "let")]
    values: Option<BTreeMap<String, String>>,
    /// Wait so long, also over a restart.
    delay: Option<String>,
    /// Words for the household. In braces: `{found}`, `{trigger}`, `{value}`, `{device.entity}`.
    notify: Option<String>,
    /// Words that are said aloud in `room`. In braces as in `notify`, and `{today}`: what is on today.
    say: Option<String>,
    /// Key of the room that something is said in.
    room: Option<String>,
    /// The first of these whose conditions hold; else `else`.
    choose: Option<Vec<Way>>,
    /// One way.
    #[serde(rename = "if")]
    conditions: Option<Vec<Condition>>,
    then: Option<Vec<Action>>,
    #[serde(rename = "else")]
    otherwise: Option<Vec<Action>>,
    /// So often `do`.
    repeat: Option<u32>,
    /// `do` again for as long as these hold.
    #[serde(rename = "while")]
    while_so: Option<Vec<Condition>>,
    /// `do` again until these hold.
    until: Option<Vec<Condition>>,
    #[serde(rename = "do")]
    steps: Option<Vec<Action>>,
    /// Lists of steps, side by side.
    parallel: Option<Vec<Value>>,
    /// Goes on when any of these happens.
    wait_for: Option<Vec<Trigger>>,
    /// Goes on when all of these hold.
    wait_until: Option<Vec<Condition>>,
    /// Waits at most so long.
    timeout: Option<String>,
    /// `stop` (default) or `go_on`.
    on_timeout: Option<String>,
    /// A question: `then` on yes, `else` on no and on silence; without them the run goes on at yes only.
    ask: Option<String>,
    /// Keys of the persons who may answer. Default: whoever may do it themselves.
    to: Option<Vec<String>>,
    /// Ends the run, for this reason.
    stop: Option<String>,
    /// A routine of the home.
    run: Option<String>,
    /// What the routine is given.
    with: Option<BTreeMap<String, Value>>,
}
