//! A household and its day, from a number.

use std::fmt::Write as _;
use std::time::Duration;

use lares_devices::recording::Binding;
use lares_model::NodeId;
use serde_json::{Value, json};

use super::wide::{WIDE, Wide, widen};

/// What an interlock of a machine promises; none: it says nothing of it.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    pub name: String,
    pub id: NodeId,
    pub min_on: Option<Duration>,
    pub min_off: Option<Duration>,
    pub max_on: Option<Duration>,
    pub per_hour: Option<usize>,
    pub exclusive: Option<NodeId>,
    /// A sensor whose yes is a veto, and whether only a person clears it.
    pub lockout: Option<(NodeId, bool)>,
    pub stale: Option<(NodeId, Duration)>,
    pub boot_delay: Option<Duration>,
    pub wide: Wide,
}

pub struct Made {
    pub home: String,
    pub day: Vec<String>,
    pub machines: Vec<Machine>,
}

/// Numbers from a number (splitmix64: the output is well mixed for any seed).
pub struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn chance(&mut self, of_hundred: u64) -> bool {
        self.below(100) < of_hundred
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

pub fn id(device: &str, kind: &str) -> NodeId {
    let binding = Binding { room: "Hall".into(), device: device.into(), kind: kind.into(), numeric: false };
    NodeId::entity(&binding.entity_key())
}

pub fn seconds(d: Duration) -> String {
    format!("{}s", d.as_secs())
}

pub fn household(number: u64) -> Made {
    let mut dice = Dice(number.wrapping_mul(0x1234_5678_9abc_def1));
    let mut home =
        "[household]\nname = \"Made\"\ntime_zone = \"UTC\"\n[room.hall]\noccupancy_timeout = \"2m\"\n"
            .to_owned();
    let mut device = |name: &str, kind: &str| {
        let _ = write!(
            home,
            "[device.{name}]\nroom = \"hall\"\nrecording = {{ room = \"Hall\", device = \"{name}\", kind = \"{kind}\" }}\n"
        );
    };
    let motions: Vec<String> = (0..=dice.below(3)).map(|n| format!("motion{n}")).collect();
    let leaks: Vec<String> = (0..=dice.below(2)).map(|n| format!("leak{n}")).collect();
    let probes: Vec<String> = (0..=dice.below(2)).map(|n| format!("probe{n}")).collect();
    let names: Vec<String> = (0..=dice.below(4)).map(|n| format!("machine{n}")).collect();
    motions.iter().for_each(|m| device(m, "motion"));
    leaks.iter().for_each(|l| device(l, "leak"));
    probes.iter().for_each(|p| device(p, "temperature"));
    names.iter().for_each(|m| device(m, "switch"));
    let mut machines: Vec<Machine> = Vec::new();
    for name in &names {
        let mut made = machine(name, &names, &leaks, &probes, &mut dice, &mut home);
        if number >= WIDE {
            widen(&mut made, &names, &probes, &mut dice, &mut home);
        }
        machines.push(made);
    }
    for n in 0..2 + dice.below(6) {
        rule(n, &names, &motions, &probes, &mut dice, &mut home);
    }
    let day = day(&names, &motions, &leaks, &probes, &mut dice);
    Made { home, day, machines }
}

fn machine(
    name: &str,
    names: &[String],
    leaks: &[String],
    probes: &[String],
    dice: &mut Dice,
    home: &mut String,
) -> Machine {
    let mut made = Machine { name: name.to_owned(), id: id(name, "switch"), ..Machine::default() };
    let mut text = format!("[interlock.{name}]\nof = \"{name}.switch\"\nsafe = {{ on = false }}\n");
    let time = |dice: &mut Dice, from: u64, to: u64| Duration::from_secs(from + dice.below(to - from));
    let mut watches = false;
    if dice.chance(40) {
        made.min_on = Some(time(dice, 20, 240));
        watches = true;
    }
    if dice.chance(60) {
        made.min_off = Some(time(dice, 20, 600));
        watches = true;
    }
    if made.min_off.is_some() && dice.chance(50) {
        made.max_on = Some(time(dice, 300, 2_400));
    }
    if dice.chance(40) {
        made.per_hour = Some(1 + dice.below(5) as usize);
        watches = true;
    }
    let other = dice.pick(names).clone();
    if dice.chance(35) && other != name {
        made.exclusive = Some(id(&other, "switch"));
        let _ = writeln!(text, "exclusive = [\"{other}.switch\"]");
        watches = true;
    }
    if dice.chance(40) {
        let leak = dice.pick(leaks);
        let latched = dice.chance(25);
        made.lockout = Some((id(leak, "leak"), latched));
        let _ = writeln!(text, "lockout = [{{ entity = \"{leak}.leak\", is = true }}]\nlatched = {latched}");
        watches = true;
    }
    if dice.chance(30) || !watches {
        let probe = dice.pick(probes);
        let after = time(dice, 600, 1_800);
        made.stale = Some((id(probe, "temperature"), after));
        let _ =
            writeln!(text, "stale = {{ entity = \"{probe}.temperature\", after = \"{}\" }}", seconds(after));
    }
    if dice.chance(20) {
        made.boot_delay = Some(time(dice, 10, 300));
    }
    for (key, value) in [
        ("min_on", made.min_on),
        ("min_off", made.min_off),
        ("max_on", made.max_on),
        ("boot_delay", made.boot_delay),
    ] {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = \"{}\"", seconds(value));
        }
    }
    if let Some(most) = made.per_hour {
        let _ = writeln!(text, "max_starts = {{ per_hour = {most} }}");
    }
    home.push_str(&text);
    made
}

fn rule(n: u64, names: &[String], motions: &[String], probes: &[String], dice: &mut Dice, home: &mut String) {
    let (motion, probe) = (dice.pick(motions).clone(), dice.pick(probes).clone());
    let degrees = 18 + dice.below(6);
    let when = match dice.below(6) {
        0 => format!("{{ entity = \"{probe}.temperature\", below = {degrees} }}"),
        1 => format!("{{ entity = \"{probe}.temperature\", above = {degrees} }}"),
        2 => format!("{{ time = \"{:02}:{:02}\" }}", dice.below(24), dice.below(60)),
        3 => format!("{{ entity = \"{motion}.motion\", to = false, for = \"{}s\" }}", 10 + dice.below(200)),
        4 => format!("{{ every = \"{}m\" }}", 5 + dice.below(60)),
        _ => format!("{{ entity = \"{motion}.motion\", to = true }}"),
    };
    let held = when.contains("motion") && !when.contains("for =");
    let mut then = Vec::new();
    for _ in 0..=dice.below(3) {
        let name = dice.pick(names);
        let on = dice.chance(60);
        let hold = match dice.below(4) {
            0 => format!(", hold = \"{}s\"", 30 + dice.below(1_800)),
            1 if held => ", hold_while = \"when\"".to_owned(),
            _ => String::new(),
        };
        then.push(format!("{{ set = \"{name}\", on = {on}{hold} }}"));
        if dice.chance(30) {
            then.push(format!("{{ delay = \"{}s\" }}", 5 + dice.below(600)));
        }
    }
    let mode = dice.pick(&["restart", "single", "queued", "parallel"]);
    let _ = writeln!(home, "[rule.r{n}]\nmode = \"{mode}\"\nwhen = [{when}]\nthen = [{}]", then.join(", "));
}

/// Four to sixteen hours.
fn day(
    names: &[String],
    motions: &[String],
    leaks: &[String],
    probes: &[String],
    dice: &mut Dice,
) -> Vec<String> {
    // 2026-03-02, some hour.
    let start = 1_772_409_600 + dice.below(24 * 3600);
    let end = start + 3600 * (4 + dice.below(13));
    let mut lines: Vec<(u64, u64, String)> = Vec::new();
    let mut order = 0;
    let mut put = |at: u64, device: &str, kind: &str, value: Value| {
        order += 1;
        let t = jiff::Timestamp::from_second(at as i64).unwrap().to_string();
        let line = json!({ "t": t, "room": "Hall", "device": device, "kind": kind, "value": value });
        lines.push((at, order, line.to_string()));
    };
    for name in names {
        put(start, name, "switch", json!(false));
    }
    for motion in motions {
        let (mut at, mut there) = (start + 1, false);
        while at < end {
            put(at, motion, "motion", json!(there));
            there = !there;
            at += 5 + dice.below(if there { 3_000 } else { 400 });
        }
    }
    for leak in leaks {
        put(start, leak, "leak", json!(false));
        let mut at = start + dice.below(4 * 3600);
        while at < end && dice.chance(60) {
            put(at, leak, "leak", json!(true));
            at += 10 + dice.below(3_600);
            put(at, leak, "leak", json!(false));
            at += 600 + dice.below(3 * 3600);
        }
    }
    for probe in probes {
        let (mut at, mut degrees) = (start, 20.0);
        while at < end {
            put(at, probe, "temperature", json!(f64::round(degrees * 10.0) / 10.0));
            degrees += dice.below(21) as f64 / 10.0 - 1.0;
            // Now and then it is silent for long.
            at += if dice.chance(3) { 1_200 + dice.below(3_600) } else { 60 + dice.below(400) };
        }
    }
    // Hands.
    for _ in 0..dice.below(6) {
        let name = dice.pick(names).clone();
        put(start + 60 + dice.below(end - start - 60), &name, "switch", json!(dice.chance(50)));
    }
    lines.sort();
    lines.into_iter().map(|(_, _, line)| line).collect()
}
