//! How many sentences of a corpus are understood as their authors meant, and how fast.

use std::collections::BTreeMap;
use std::path::Path;

use lares_surfaces::voice::understand::{CompiledHouse, House, Language, Languages, Place, Thing};
use serde_json::{Value, json};

use super::judge::{in_meaning, to_the_letter};
use super::read::{Bad, Line, lines};

/// Misses that are shown.
const SHOWN: usize = 20;

/// Scores `SENTENCES WORLDS [--language L [--own FILE]] [--templates FOLDER] [--misses N]`: right by set and language, processor
/// time of a sentence. `right` is to the letter; `in_meaning` counts what means the same, too. `--templates` takes `common.yaml` and the languages' files from a folder in place of the built-in ones.
///
/// # Errors
/// A file that cannot be read, a line that is no JSON, sentences that do not compile.
pub(super) fn score(sentences: &Path, worlds: &Path, rest: &[&str]) -> Result<Value, Bad> {
    let option = |name: &str| rest.iter().position(|a| *a == name).and_then(|i| rest.get(i + 1));
    let own: Vec<String> = match option("--own") {
        Some(file) => vec![std::fs::read_to_string(file).map_err(|e| Bad::file(Path::new(file), e))?],
        None => Vec::new(),
    };
    let only = option("--language");
    let shown = option("--misses").and_then(|n| n.parse().ok()).unwrap_or(SHOWN);
    let mut languages: BTreeMap<String, Language> = BTreeMap::new();
    for name in Languages::ALL {
        let own = if only.is_some_and(|o| *o == name) { &own[..] } else { &[] };
        let loaded = match option("--templates") {
            Some(folder) => {
                let mut files = Vec::new();
                for file in ["common", name] {
                    let path = Path::new(folder).join(format!("{file}.yaml"));
                    files.push(std::fs::read_to_string(&path).map_err(|e| Bad::file(&path, e))?);
                }
                Languages::of(name, files.iter().chain(own).map(String::as_str))
            }
            None => Languages::load(name, own),
        };
        let loaded = loaded.map_err(|e| Bad::file(Path::new(option("--own").unwrap_or(&name)), e))?;
        languages.insert(name.to_owned(), loaded);
    }
    let mut houses: BTreeMap<String, CompiledHouse> = BTreeMap::new();
    for Line { json: world, .. } in lines(worlds)? {
        houses.insert(text(&world, "world").to_owned(), CompiledHouse::new(house(&world)));
    }
    let mut tally: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let mut meant: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let mut by_intent: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let (mut micros, mut misses) = (BTreeMap::<String, Vec<f64>>::new(), Vec::new());
    for at in lines(sentences)? {
        let line = &at.json;
        let name = text(line, "language");
        if only.is_some_and(|only| *only != name) {
            continue;
        }
        let (Some(language), Some(house)) = (languages.get(name), houses.get(text(line, "world"))) else {
            return Err(at.bad(sentences, "its `language` or `world` is not known"));
        };
        let sentence = text(line, "sentence");
        let (found, taken) = timed(|| language.understand(sentence, house));
        micros.entry(name.to_owned()).or_default().push(taken);
        let right = found.first().is_some_and(|u| to_the_letter(u, line, &house.house));
        let same = right || found.first().is_some_and(|u| in_meaning(u, line, &house.house));
        let set = format!("{}/{name}", text(line, "set"));
        for (map, key, counts) in [
            (&mut tally, set.clone(), right),
            (&mut meant, set, same),
            (&mut by_intent, format!("{name}/{}", text(line, "intent")), right),
        ] {
            let count = map.entry(key).or_default();
            count[0] += u64::from(counts);
            count[1] += 1;
        }
        if !right && misses.len() < shown {
            let said = found.first().map(|u| format!("{} {:?}", u.intent, u.slots));
            misses.push(json!({ "sentence": sentence, "set": line["set"], "want": [line["intent"], line["slots"]], "found": said, "in_meaning": same }));
        }
    }
    let share = |counts: &BTreeMap<String, [u64; 2]>| -> BTreeMap<String, Value> {
        let one = |[right, of]: &[u64; 2]| json!({ "right": right, "of": of, "share": (*right as f64 / (*of).max(1) as f64 * 1000.0).round() / 1000.0 });
        counts.iter().map(|(k, c)| (k.clone(), one(c))).collect()
    };
    let total = tally.values().fold([0, 0], |a, b| [a[0] + b[0], a[1] + b[1]]);
    let cpu: BTreeMap<String, Value> = micros
        .into_iter()
        .map(|(language, mut all)| {
            all.sort_by(f64::total_cmp);
            let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
            (language, json!({ "p50": at(0.5), "p99": at(0.99) }))
        })
        .collect();
    Ok(json!({
        "right": total[0], "of": total[1], "by_set_and_language": share(&tally), "in_meaning": share(&meant),
        "by_intent": share(&by_intent), "cpu_us": cpu, "misses": misses,
    }))
}

/// The work's result and its time, microseconds: the best of three runs. The work is one thread's and waits for nothing, so
/// the best run, which was not put aside for another process, is its processor time.
fn timed<T>(work: impl Fn() -> T) -> (T, f64) {
    let mut best = f64::INFINITY;
    for _ in 0..2 {
        let begun = std::time::Instant::now();
        let _ = work();
        best = best.min(begun.elapsed().as_secs_f64() * 1e6);
    }
    let begun = std::time::Instant::now();
    let done = work();
    (done, best.min(begun.elapsed().as_secs_f64() * 1e6))
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn house(world: &Value) -> House {
    let all = |key: &str| world[key].as_array().cloned().unwrap_or_default();
    let place = |v: &Value| Place {
        id: text(v, "id").to_owned(),
        names: strings(&v["names"]),
        floor: v["floor"].as_str().map(str::to_owned),
    };
    House {
        floors: all("floors").iter().map(place).collect(),
        areas: all("areas").iter().map(place).collect(),
        things: all("entities")
            .iter()
            .map(|v| Thing {
                id: text(v, "id").to_owned(),
                names: strings(&v["names"]),
                domain: text(v, "domain").to_owned(),
                device_class: v["attributes"]["device_class"].as_str().map(str::to_owned),
                area: v["area"].as_str().map(str::to_owned),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {

    /// Floors a little under what was measured; a change that understands less must say so here.
    const FLOORS: &[(&str, f64)] = &[
        ("combos/en", 0.999),
        ("combos/de", 0.999),
        ("combos/es", 0.999),
        ("combos/fr", 0.999),
        ("combos/nl", 0.999),
        ("house/en", 0.999),
        ("house/de", 0.999),
        ("house/es", 0.999),
        ("house/fr", 0.999),
        ("house/nl", 0.999),
    ];

    #[test]
    fn the_corpus_is_understood_as_far_as_was_measured() {
        let folder = "corpora/sentences";
        let (Some(sentences), Some(worlds)) = (
            crate::shared(&format!("{folder}/sentences.open.jsonl.zst")),
            crate::shared(&format!("{folder}/worlds.jsonl.zst")),
        ) else {
            return;
        };
        let found = crate::score::run(&[
            "sentences".to_owned(),
            sentences.display().to_string(),
            worlds.display().to_string(),
        ])
        .unwrap();
        for (key, floor) in FLOORS {
            let share = |of: &str| found[of][key]["share"].as_f64().unwrap();
            let (meant, letter) = (share("in_meaning"), share("by_set_and_language"));
            assert!(meant >= *floor, "{key}: {meant} means the same, {floor} did");
            assert!(letter >= 0.945, "{key}: {letter} is right to the letter");
        }
    }
}
