//! Who is where: walks of one carrier past Bluetooth receivers, against the room that they were really in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lares_devices::recording::{WireLine, wire_header};
use lares_model::{Body, Timestamp};
use serde_json::{Value as Json, json};

use super::misses::Misses;
use super::play;
use super::read::{Bad, Line, lines};
use super::{list, share, text};

/// The link that the receivers are on.
const LINK: &str = "ble";
/// Where the walks' time begins.
const START_S: i64 = 1_767_225_600;

#[derive(Default)]
struct Row {
    walks: usize,
    fixes: usize,
    wrong: usize,
    nearest_wrong: usize,
    moves: usize,
    rooms_entered: usize,
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.walks += other.walks;
        self.fixes += other.fixes;
        self.wrong += other.wrong;
        self.nearest_wrong += other.nearest_wrong;
        self.moves += other.moves;
        self.rooms_entered += other.rooms_entered;
    }

    fn json(&self) -> Json {
        json!({ "walks": self.walks, "fixes": self.fixes, "wrong": self.wrong,
            "wrong_share": share(self.wrong, self.fixes),
            "nearest_reading_wrong_share": share(self.nearest_wrong, self.fixes),
            "moves_told": self.moves, "rooms_entered": self.rooms_entered })
    }
}

/// Scores walks. A fix is the room that was last told by the end of a second, against the room at its beginning: what
/// the nearest reading of that second is compared with, too.
pub fn score(traces: &Path, args: &[&str]) -> Result<Json, Bad> {
    let asked = match args {
        [] => None,
        ["--plan", file] => Some(PathBuf::from(file)),
        _ => return Err(Bad::Usage(super::USAGE)),
    };
    let walks = lines(traces)?;
    let plan = plan_for(traces, asked, &walks)?;
    let mut report =
        json!({ "corpus": "presence", "plan": plan.as_ref().map(|(file, _)| file.display().to_string()) });
    let runs = [("with_plan", plan.map(|(_, plan)| plan)), ("without_plan", None)];
    for (name, plan) in runs {
        if name == "with_plan" && plan.is_none() {
            continue;
        }
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        let mut misses = Misses::default();
        for walk in &walks {
            let row = one(traces, walk, plan.as_ref(), &mut misses)?;
            rows.entry(text(&walk.json, "track").to_owned()).or_default().add(&row);
        }
        let mut all = Row::default();
        rows.values().for_each(|row| all.add(row));
        let (counts, first) = misses.into_json();
        report[name] = json!({ "counts": all.json(), "wrong_share": share(all.wrong, all.fixes),
            "tracks": rows.iter().map(|(k, r)| (k.clone(), r.json())).collect::<BTreeMap<_, _>>(),
            "misses": counts, "first_misses": first });
    }
    Ok(report)
}

/// Where rooms lie and receivers hang: the file that was named, one beside the traces, or the corpus's own, if it knows
/// every receiver. A household says the same in its home files.
fn plan_for(traces: &Path, asked: Option<PathBuf>, walks: &[Line]) -> Result<Option<(PathBuf, Json)>, Bad> {
    let folder = traces.parent().map(Path::to_path_buf).unwrap_or_default();
    let named = asked.is_some();
    let mut files: Vec<PathBuf> = asked.into_iter().collect();
    if !named {
        let beside = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|e| e.path());
        let plan = |p: &PathBuf| {
            let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            name.starts_with("scenario") && name.ends_with(".json")
        };
        files.extend(beside.filter(plan));
        files.sort();
        files.extend(crate::shared("corpora/presence/scenario_4node_6x4m.json"));
    }
    let wanted: BTreeSet<&String> =
        walks.iter().filter_map(|w| w.json["stations"].as_object()).flat_map(|s| s.keys()).collect();
    for file in files {
        let read = std::fs::read_to_string(&file).map_err(|e| Bad::file(&file, e))?;
        let plan: Json = serde_json::from_str(&read).map_err(|e| Bad::file(&file, e))?;
        let known: BTreeSet<&str> = list(&plan, "stations").iter().map(|s| text(s, "id")).collect();
        if wanted.iter().all(|w| known.contains(w.as_str())) {
            return Ok(Some((file, plan)));
        }
        if named {
            return Err(Bad::file(&file, "does not know every receiver of the traces"));
        }
    }
    Ok(None)
}

fn one(file: &Path, walk: &Line, plan: Option<&Json>, misses: &mut Misses) -> Result<Row, Bad> {
    let (truth, messages) = (walk.list(file, "truth")?, walk.list(file, "messages")?);
    let stations =
        walk.json["stations"].as_object().ok_or_else(|| walk.bad(file, "`stations` is missing"))?;
    let mut beacons = BTreeSet::new();
    let mut recording = format!("{}\n", wire_header("UTC"));
    for message in messages {
        let payload = super::published(&message["payload"]);
        let topic = text(message, "topic");
        beacons.insert(text(&message["payload"], "id").to_owned());
        let at = at(message["t"].as_f64().unwrap_or_default());
        let line = WireLine {
            at,
            link: LINK.into(),
            topic: topic.into(),
            payload: payload.into_bytes(),
            retained: false,
        };
        recording.push_str(&line.to_text());
        recording.push('\n');
    }
    let rooms: BTreeSet<&str> =
        stations.values().filter_map(Json::as_str).chain(truth.iter().map(|t| text(t, "room"))).collect();
    let home = play::home(home(&rooms, stations, &beacons, plan)).map_err(|why| walk.bad(file, why))?;
    let moves = play::play(home, &recording, |event| match &event.body {
        Body::PersonMoved { room, .. } => Some((event.seen, room.clone())),
        _ => None,
    });
    let moves = moves.map_err(|why| walk.bad(file, why))?;
    let mut row = Row { walks: 1, moves: moves.len(), ..Row::default() };
    let mut before = "";
    for fix in truth {
        let (t, room) = (fix["t"].as_f64().unwrap_or_default(), text(fix, "room"));
        row.rooms_entered += usize::from(room != before);
        before = room;
        row.fixes += 1;
        let told =
            moves.iter().rev().find(|(seen, _)| *seen < at(t + 1.0)).and_then(|(_, room)| room.as_deref());
        if told != Some(room) {
            row.wrong += 1;
            let place = format!("seed {} {} at {t} s", walk.json["seed"], text(&walk.json, "track"));
            misses.note("room", &place, format!("{told:?}, was {room}"));
        }
        let second = messages.iter().filter(|m| m["t"].as_f64().is_some_and(|m| (t..t + 1.0).contains(&m)));
        let distance = |m: &&Json| m["payload"]["distance"].as_f64().unwrap_or(f64::MAX);
        let nearest = second.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let nearest = nearest.and_then(|m| text(m, "topic").rsplit('/').next());
        let nearest = nearest.and_then(|s| stations.get(s)).and_then(Json::as_str);
        row.nearest_wrong += usize::from(nearest != Some(room));
    }
    Ok(row)
}

#[allow(clippy::cast_possible_truncation, reason = "seconds of a walk")]
fn at(t: f64) -> Timestamp {
    Timestamp(START_S * 1_000_000 + (t * 1e6).round() as i64)
}

/// The home files that somebody with these receivers would write.
fn home(
    rooms: &BTreeSet<&str>,
    stations: &serde_json::Map<String, Json>,
    beacons: &BTreeSet<String>,
    plan: Option<&Json>,
) -> String {
    let mut out = format!("[household]\ntime_zone = \"UTC\"\n[mqtt.{LINK}]\nembedded = true\n");
    let place = |of: &str, id: &str| {
        let all = plan.map(|p| list(p, of)).unwrap_or_default();
        all.iter().find(|r| text(r, "id") == id || text(r, "name") == id)
    };
    for room in rooms {
        let _ = writeln!(out, "[room.{room}]");
        if let Some(p) = place("rooms", room) {
            let _ =
                writeln!(out, "area = [[{}, {}], [{}, {}]]", p["x_min"], p["y_min"], p["x_max"], p["y_max"]);
        }
    }
    for (id, room) in stations {
        let _ = writeln!(out, "[receiver.{id}]\nroom = {room}");
        if let Some(p) = place("stations", id) {
            let _ = writeln!(out, "at = [{}, {}, {}]", p["x"], p["y"], p["z"]);
        }
    }
    let beacons: Vec<&String> = beacons.iter().collect();
    let _ = writeln!(out, "[person.carrier]\nrole = \"adult\"\nbeacons = {}", json!(beacons));
    out
}
