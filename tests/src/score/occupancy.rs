//! Is somebody in the room: recorded air with the truth beside it. One file teaches, the others are asked; in each of them
//! nobody tells.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use lares_devices::recording::Line as Recorded;
use lares_model::{Body, NodeId, Timestamp};
use serde_json::{Value as Json, json};

use super::misses::Misses;
use super::play;
use super::read::{Bad, lines};
use super::share;

/// A presence sensor that is there while it learns, and silent afterwards.
const TEACHER: (&str, &str, &str) = ("lares", "teacher", "occupancy");
const WEEK_US: i64 = 7 * 86_400 * 1_000_000;

/// Lines of one file, and at each of its moments whether somebody was there.
struct Day {
    name: String,
    lines: Vec<(Recorded, Json)>,
    truth: BTreeMap<Timestamp, bool>,
}

/// Scores rooms without their light sensor: untrained, by the air alone, and with the time of day.
pub fn score(train: &Path, tests: &[&str]) -> Result<Json, Bad> {
    let train = read(train)?;
    let tests = tests.iter().map(|t| read(Path::new(t))).collect::<Result<Vec<_>, Bad>>()?;
    let mut report = json!({ "corpus": "occupancy", "train_moments": train.truth.len() });
    let mut misses = Misses::default();
    for (name, taught, habits) in
        [("untrained", false, false), ("air", true, false), ("air_and_time", true, true)]
    {
        let mut files = Vec::new();
        for test in &tests {
            let (right, told, occupied) = ask(taught.then_some(&train), test, habits, &mut misses)?;
            files.push(json!({ "file": test.name, "moments": test.truth.len(), "told": told, "right": right,
                "accuracy": share(right, test.truth.len()),
                "always_empty": share(test.truth.len() - occupied, test.truth.len()) }));
        }
        report[name] = json!({ "light": false, "time": habits, "files": files });
    }
    let (counts, first) = misses.into_json();
    report["misses"] = counts;
    report["first_misses"] = first;
    Ok(report)
}

fn read(file: &Path) -> Result<Day, Bad> {
    let mut day = Day { name: file.display().to_string(), lines: Vec::new(), truth: BTreeMap::new() };
    let mut people = false;
    for line in lines(file)? {
        let recorded = Recorded::parse(&line.json.to_string(), line.number as u64)
            .map_err(|p| line.bad(file, p.reason))?;
        let told = match (&recorded.label, recorded.kind.as_str()) {
            (_, "people") => {
                people = true;
                recorded.value.as_f64().map(|n| n > 0.0)
            }
            (Some(label), _) => Some(label == "occupied"),
            _ => None,
        };
        if let Some(told) = told {
            day.truth.insert(recorded.at, told);
        }
        // Light, sound and motion are other senses; what people are in the room is the truth.
        if ["co2", "temperature", "humidity"].contains(&recorded.kind.as_str()) {
            day.lines.push((recorded, line.json));
        }
    }
    if people {
        carry_on(&mut day);
    }
    if day.truth.is_empty() || day.lines.is_empty() {
        return Err(Bad::file(file, "holds no air (co2, temperature, humidity) with the truth beside it"));
    }
    Ok(day)
}

/// A count is written when it changes: it holds until then.
fn carry_on(day: &mut Day) {
    let changes = std::mem::take(&mut day.truth);
    for (line, _) in &day.lines {
        if let Some((_, there)) = changes.range(..=line.at).next_back() {
            day.truth.insert(line.at, *there);
        }
    }
}

/// Right moments, moments at which anything was told, and those with somebody there.
fn ask(
    train: Option<&Day>,
    test: &Day,
    habits: bool,
    misses: &mut Misses,
) -> Result<(usize, usize, usize), Bad> {
    let failed = |why: String| Bad::file(Path::new(&test.name), why);
    let mut recording = String::new();
    let mut shift = 0;
    if let Some(train) = train {
        write(&mut recording, train, 0, true);
        let (first, last) = (test.lines.first().map(|l| l.0.at.0), train.lines.last().map(|l| l.0.at.0));
        let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
        // After what it learned from, on the same day of the week.
        shift = (last - first).div_euclid(WEEK_US) * WEEK_US + WEEK_US;
        let gone = json!({ "t": at(Timestamp(last + 1_000_000)), "room": TEACHER.0, "device": TEACHER.1,
            "kind": TEACHER.2, "value": Json::Null });
        let _ = writeln!(recording, "{gone}");
    }
    write(&mut recording, test, shift, false);
    let home = play::home(home(train.into_iter().chain([test]), habits)).map_err(failed)?;
    let room = NodeId::room("room");
    let told = play::play(home, &recording, move |event| match event.body {
        Body::RoomOccupied { occupied } if event.subject == room => Some((event.seen, occupied)),
        _ => None,
    });
    let told: BTreeMap<Timestamp, bool> = told.map_err(failed)?.into_iter().collect();
    let (mut right, mut said, mut there) = (0, 0, 0);
    for (moment, truth) in &test.truth {
        let now = Timestamp(moment.0 + shift);
        let heard = told.range(..=now).next_back().map(|(_, occupied)| *occupied);
        there += usize::from(*truth);
        said += usize::from(heard.is_some());
        // A room of which nothing was told yet counts as empty.
        if heard.unwrap_or(false) == *truth {
            right += 1;
        } else {
            misses.note(
                if *truth { "missed" } else { "false_alarm" },
                &at(*moment),
                format!("told {heard:?}"),
            );
        }
    }
    Ok((right, said, there))
}

fn at(moment: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(moment.0).unwrap_or_default().to_string()
}

fn write(out: &mut String, day: &Day, shift: i64, teach: bool) {
    let mut taught = None;
    for (line, json) in &day.lines {
        let moment = at(Timestamp(line.at.0 + shift));
        let truth = day.truth.range(..=line.at).next_back().map(|(_, there)| *there);
        if let Some(there) = truth.filter(|t| teach && taught != Some(*t)) {
            taught = Some(there);
            let told = json!({ "t": moment, "room": TEACHER.0, "device": TEACHER.1, "kind": TEACHER.2, "value": there });
            let _ = writeln!(out, "{told}");
        }
        let mut json = json.clone();
        json["t"] = moment.into();
        let _ = writeln!(out, "{json}");
    }
}

/// A home of one room, with everything that the files hold of its air.
fn home<'a>(days: impl Iterator<Item = &'a Day>, habits: bool) -> String {
    let bindings: BTreeSet<(String, String, String)> = days
        .flat_map(|day| &day.lines)
        .map(|(line, _)| (line.room.clone().unwrap_or_default(), line.device.clone(), line.kind.clone()))
        .collect();
    let bound = |(room, device, kind): &(String, String, String)| {
        format!("{{ room = {}, device = {}, kind = {} }}", json!(room), json!(device), json!(kind))
    };
    let all: Vec<String> = bindings.iter().map(bound).collect();
    let teacher = bound(&(TEACHER.0.into(), TEACHER.1.into(), TEACHER.2.into()));
    format!(
        "[household]\ntime_zone = \"Europe/Brussels\"\n[room.room]\noccupancy_timeout = \"30s\"\nhabits = {habits}\n\
         sensors = [\"teacher\"]\n[device.teacher]\nroom = \"room\"\nrecording = {teacher}\n\
         [device.air]\nroom = \"room\"\nrecording = [{}]\n",
        all.join(", ")
    )
}
