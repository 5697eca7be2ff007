//! The home, and what happens there in an evening.

use std::time::Duration;

use lares_kernel::{Act, Aim, Delayed, Intent, TimerAct};
use lares_model::{Causes, Level, Origin};

pub const HOME: &str = r#"
    [household]
    time_zone = "UTC"
    [broker]
    enabled = false
    [mqtt.main]
    host = "localhost"
    [room.hall]
    occupancy_timeout = "60s"
    [device.s]
    identifiers = ["s"]
    room = "hall"
    [device.one]
    identifiers = ["one"]
    [device.two]
    identifiers = ["two"]
    [device.three]
    identifiers = ["three"]
    [device.bell]
    identifiers = ["bell"]
    [device.four]
    identifiers = ["four"]
    default = { on = false }
    [device.five]
    identifiers = ["five"]
    default = { on = false }

    [rule.waits]
    when = [{ entity = "s.motion", to = true, for = "30s" }]
    then = [{ set = "one", on = true }, { notify = "waited" }]
    [rule.delays]
    when = [{ entity = "s.motion", to = false }]
    then = [{ notify = "left" }, { delay = "40s" }, { set = "one", on = false }, { notify = "delayed" }]
    [rule.both]
    when = [{ entity = "s.knob", to = true }]
    then = [{ set = "two", on = true }, { set = "three", on = true }, { notify = "both" }]
    [rule.queue]
    mode = "queued"
    when = [{ entity = "s.door", to = true }]
    then = [{ notify = "begins" }, { delay = "30s" }, { set = "bell", press = true }, { notify = "ends" }]
    [rule.holds]
    when = [{ entity = "s.gate", to = true }]
    then = [{ set = "four", on = true, hold_while = "when" }]
    [rule.short]
    when = [{ entity = "s.knob", to = false }]
    then = [{ set = "five", on = true, hold = "20s" }]
    [rule.noon]
    when = [{ time = "12:04" }]
    then = [{ set = "two", on = false }, { set = "bell", press = true }, { notify = "noon" }]
    [rule.empty]
    when = [{ room = "hall", occupied = false }]
    then = [{ notify = "empty" }]
    [rule.unmet]
    when = [{ entity = "s.knob", to = true }]
    if = [{ entity = "s.gate", is = true }]
    then = [{ notify = "never" }]
    [rule.steps]
    mode = "single"
    when = [{ entity = "s.knob", to = true }]
    then = [
        { parallel = [
            [{ delay = "5s" }, { notify = "slow" }],
            [{ wait_for = [{ entity = "s.gate", to = true }], timeout = "60s" }, { notify = "came" }],
        ] },
        { choose = [{ if = [{ entity = "s.gate", is = true }], then = [{ repeat = 2, do = [{ notify = "beep" }, { delay = "3s" }] }] }] },
        { wait_until = [{ entity = "s.gate", is = false }] },
        { notify = "{s.knob} to the end" },
        { wait_for = [{ entity = "s.door", to = true }], timeout = "20s" },
        { notify = "never" },
    ]
    [rule.asks]
    autonomy = "ask"
    ask_for = "1m"
    when = [{ entity = "s.knob", to = true }]
    then = [{ notify = "never" }]
    [rule.asks-on-its-way]
    when = [{ entity = "s.knob", to = true }]
    then = [{ ask = "And now? {s.knob}", timeout = "70s", else = [{ notify = "nobody" }] }, { notify = "asked" }]
    [rule.asks-no-more]
    mode = "restart"
    when = [{ entity = "s.gate" }]
    then = [{ ask = "Gate?", timeout = "1m", then = [{ notify = "never" }] }]

    [interlock.five]
    of = "five"
    safe = { on = false }
    max_on = "10s"
    min_off = "5s"
"#;

/// Noon, UTC, 2026-11-23.
pub const NOON: i64 = 1_795_435_200;
/// Seconds after noon, sensor, payload. Far enough from each other that two seconds without a household change no order.
pub const EVENING: &[(u64, &str, &str)] = &[
    (20, "s/motion", "OFF"),
    (21, "s/knob", "OFF"),
    (22, "s/door", "OFF"),
    (23, "s/gate", "OFF"),
    (30, LATER, "dinner"),
    (40, "s/motion", "ON"),
    (90, "s/motion", "OFF"),
    (98, "s/door", "ON"),
    (106, "s/door", "OFF"),
    (112, "s/door", "ON"),
    (115, "s/door", "OFF"),
    (120, "s/door", "ON"),
    (200, "s/knob", "ON"),
    (210, "s/gate", "ON"),
    (220, "s/gate", "OFF"),
    (227, "s/knob", "OFF"),
];
pub const END: u64 = 420;
/// No sensor: somebody says that this is to be announced in the hall in a while.
pub const LATER: &str = "later";

pub fn later(text: &str) -> Intent {
    let announce = Delayed {
        target: Aim::Room { room: "hall".to_owned(), component: None },
        act: Act::Announce { text: text.to_owned() },
    };
    let length = Duration::from_secs(23);
    Intent {
        source: "console".into(),
        origin: Origin::Console,
        level: Level::Person,
        target: Aim::Timer("hall/".to_owned()),
        act: Act::Timer(TimerAct::Later { length, words: "announce it".to_owned(), wishes: vec![announce] }),
        reason: "said".into(),
        causes: Causes::new(),
        basis: None,
        reply: None,
        again: false,
        token: None,
    }
}
