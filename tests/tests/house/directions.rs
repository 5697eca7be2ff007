//! The rings: what a crate may depend on decides where code goes. One table, read against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::{Value, json};

/// Each crate and the crates of this workspace that it may name, also in tests and build scripts. One that is not listed is an
/// error: a new crate is a decision.
const RINGS: &[(&str, &[&str])] = &[
    ("lares-model", &[]),
    ("lares-store", &["lares-model"]),
    ("lares-devices", &["lares-model"]),
    ("lares-config", &["lares-model"]),
    ("lares-kernel", &["lares-model"]),
    ("lares-graph", &["lares-model", "lares-store", "lares-kernel"]),
    ("lares-household", &["lares-model", "lares-kernel", "lares-config", "lares-devices", "lares-graph"]),
    ("lares-gateways", &["lares-model", "lares-kernel", "lares-config"]),
    ("lares-surfaces", &["lares-model", "lares-kernel", "lares-config", "lares-graph"]),
    (
        "lares-tree",
        &["lares-model", "lares-kernel", "lares-config", "lares-devices", "lares-graph", "lares-household"],
    ),
    (
        "lares-sim",
        &[
            "lares-model",
            "lares-kernel",
            "lares-config",
            "lares-devices",
            "lares-graph",
            "lares-household",
            "lares-tree",
        ],
    ),
    ("lares", EVERYTHING),
    // A satellite beside the household: sound and the protocol of satellites.
    ("lares-sound", &["lares-surfaces"]),
    ("lares-tests", EVERYTHING_AND_LARES),
    ("xtask", &[]),
];

const EVERYTHING: &[&str] = &[
    "lares-model",
    "lares-store",
    "lares-devices",
    "lares-config",
    "lares-kernel",
    "lares-graph",
    "lares-household",
    "lares-gateways",
    "lares-surfaces",
    "lares-tree",
    "lares-sim",
];
const EVERYTHING_AND_LARES: &[&str] = &[
    "lares-model",
    "lares-store",
    "lares-devices",
    "lares-config",
    "lares-kernel",
    "lares-graph",
    "lares-household",
    "lares-gateways",
    "lares-surfaces",
    "lares-tree",
    "lares-sim",
    "lares",
    "lares-sound",
];

/// Crates from outside, and the only ones of ours that may name them.
const RESERVED: &[(&str, &[&str])] = &[
    ("heed", &["lares-store"]),
    ("rumqttc", &["lares-gateways", "lares", "lares-tests"]),
    ("rmqtt", &["lares-gateways"]),
    ("rsipstack", &["lares-gateways"]),
    // It reads what strangers send: only in the process that is shut in.
    ("opus-rs", &["lares-gateways"]),
    ("seccompiler", &["lares-gateways"]),
    ("ractor", &["lares-kernel"]),
    ("tokio", ASYNC),
    ("figment", &["lares-config"]),
    // The scorer gives templates their variables.
    // Templates of devices, and expressions of rules: the same language.
    ("minijinja", &["lares-devices", "lares-config", "lares-household", "lares-tests"]),
    // Sockets, web and audio: never in the household, nor in what it is made of.
    ("axum", OUTER),
    ("hyper", OUTER),
    ("reqwest", OUTER),
    ("tungstenite", OUTER),
    ("tokio-tungstenite", OUTER),
    ("tokio-websockets", OUTER),
    ("socket2", OUTER),
    ("mio", OUTER),
    // A library that is opened and not linked: libvosk, and nothing else.
    ("libloading", &["lares-surfaces"]),
    ("earshot", &["lares-surfaces"]),
    ("mdns-sd", &["lares-surfaces", "lares-tests"]),
    // It links ALSA: never in the household's own program.
    ("cpal", &["lares-sound"]),
    ("rodio", &[]),
    ("alsa", &[]),
];

const ASYNC: &[&str] = &[
    "lares-kernel",
    "lares-graph",
    "lares-gateways",
    "lares-household",
    "lares-surfaces",
    "lares-tree",
    "lares-sim",
    "lares",
    "lares-sound",
    "lares-tests",
];
const OUTER: &[&str] = &["lares-gateways", "lares-surfaces", "lares", "lares-tests"];

/// Crates that must not be reached at all, on whatever way.
const UNREACHABLE: &[(&str, &[&str])] = &[
    ("lares-sim", &["lares-gateways", "lares-surfaces", "rumqttc", "rmqtt"]),
    ("lares-household", &["lares-gateways", "lares-surfaces"]),
    ("lares-devices", &["tokio", "ractor", "heed"]),
    ("lares-config", &["tokio", "ractor", "heed"]),
];

/// Names of the direct dependencies of each crate of the workspace.
type Direct = BTreeMap<String, BTreeSet<String>>;

fn direct(metadata: &Value) -> Direct {
    let name = |v: &Value| v["name"].as_str().unwrap_or_default().to_owned();
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    list(&metadata["packages"])
        .iter()
        .map(|package| (name(package), list(&package["dependencies"]).iter().map(name).collect()))
        .collect()
}

fn violations(direct: &Direct) -> Vec<String> {
    let ring = |name: &str| RINGS.iter().find(|(ours, _)| *ours == name).map(|(_, allowed)| *allowed);
    let mut found = Vec::new();
    for (name, dependencies) in direct {
        let Some(allowed) = ring(name) else {
            found.push(format!("{name} is not in the table of rings"));
            continue;
        };
        for dependency in dependencies {
            if direct.contains_key(dependency) && !allowed.contains(&dependency.as_str()) {
                found.push(format!("{name} may not depend on {dependency}"));
            }
            let owners = RESERVED.iter().find(|(reserved, _)| reserved == dependency);
            if owners.is_some_and(|(_, owners)| !owners.contains(&name.as_str())) {
                found.push(format!("{name} may not depend on {dependency}: it is kept in its own ring"));
            }
        }
    }
    for (name, out_of_reach) in UNREACHABLE {
        let reached = reach(direct, name);
        let wrong = out_of_reach.iter().filter(|crate_| reached.contains(**crate_));
        found.extend(wrong.map(|crate_| format!("{name} reaches {crate_}")));
    }
    found
}

/// All that a crate depends on by way of the crates of this workspace.
fn reach(direct: &Direct, name: &str) -> BTreeSet<String> {
    let (mut reached, mut todo) = (BTreeSet::new(), vec![name.to_owned()]);
    while let Some(next) = todo.pop() {
        for dependency in direct.get(&next).into_iter().flatten() {
            if reached.insert(dependency.clone()) {
                todo.push(dependency.clone());
            }
        }
    }
    reached
}

#[test]
fn every_crate_keeps_to_its_ring() {
    let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let direct = direct(&serde_json::from_slice(&output.stdout).unwrap());
    for (name, _) in RINGS {
        assert!(direct.contains_key(*name), "{name} is in the table but not in the workspace");
    }
    assert_eq!(violations(&direct), Vec::<String>::new());
}

#[test]
fn the_checker_finds_made_up_violations() {
    let of = |packages: &[(&str, &[&str])]| {
        let packages: Vec<Value> = packages
            .iter()
            .map(|(name, needs)| {
                let needs: Vec<Value> = needs.iter().map(|need| json!({ "name": need })).collect();
                json!({ "name": name, "dependencies": needs })
            })
            .collect();
        violations(&direct(&json!({ "packages": packages })))
    };
    assert!(
        of(&[("lares-store", &["lares-model", "heed", "serde"]), ("lares-model", &["serde"])]).is_empty()
    );
    let store = ("lares-store", &["heed"][..]);
    assert_eq!(of(&[("lares-household", &["lares-store"]), store]).len(), 1, "household names LMDB");
    assert_eq!(of(&[("lares-graph", &["heed"])]).len(), 1, "only the store has heed");
    assert_eq!(of(&[("lares-devices", &["tokio"])]).len(), 2, "neither named nor reached");
    assert_eq!(of(&[("lares-household", &["axum"])]).len(), 1, "no web in the household");
    assert_eq!(of(&[("lares-helpers", &[])]).len(), 1, "a crate that nobody decided on");
    let through =
        of(&[("lares-sim", &["lares-tree"]), ("lares-tree", &["lares-gateways"]), ("lares-gateways", &[])]);
    assert!(through.contains(&"lares-sim reaches lares-gateways".to_owned()), "{through:?}");
}
