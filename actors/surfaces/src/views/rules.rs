//! Rules: which there are, and what they can be made of.

use lares_config::{Blueprint, Home};
use lares_model::{NodeId, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::heads::Heads;
use super::table::{plain, table};
use super::{Names, ReadError, Source, Telling};
use crate::tongue::say;

/// A rule of the configuration in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleView {
    pub id: String,
    pub name: String,
    /// `on`, `off` (not enabled) or `set aside` (it failed).
    pub state: String,
    /// How much it does by itself as its file says; null: it is an order, and carried out.
    pub autonomy: Option<String>,
    /// File and line where it is written.
    pub place: String,
    /// What sets it off, in words.
    pub when: Vec<String>,
    /// What must hold.
    pub conditions: Vec<String>,
    pub then: Vec<String>,
    /// What is done instead.
    pub otherwise: Vec<String>,
}

/// A scene of the configuration in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SceneView {
    pub id: String,
    pub name: String,
    /// What is how in it, in words.
    pub sets: Vec<String>,
    /// How many of its claims stand now.
    pub holds: usize,
}

/// What rules can be made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BlueprintView {
    pub name: String,
    pub says: String,
    pub params: Vec<BlueprintParamView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BlueprintParamView {
    pub name: String,
    pub says: String,
    /// What it is if nothing is given, as it is written; null: it must be given.
    pub default: Option<String>,
}

/// All rules by key.
pub fn rules(source: &dyn Source, told: &Telling, home: &Home) -> Result<Vec<RuleView>, ReadError> {
    let names = Names::read(source)?.told_in(told.tongue);
    let mut aside = std::collections::BTreeSet::new();
    for (key, bytes) in source.states("status")? {
        if let Ok(Status::Quarantined(_)) = serde_json::from_slice(&bytes) {
            aside.insert(key);
        }
    }
    let words = |all: &[lares_config::Action]| all.iter().map(|one| names.action(one)).collect();
    let one = |(key, rule): (&String, &lares_config::Rule)| {
        let node = NodeId::rule(key).to_string();
        let state = match rule.enabled {
            false => "off",
            true if aside.contains(&node) => "set aside",
            true => "on",
        };
        RuleView {
            id: key.clone(),
            name: rule.name.clone(),
            state: state.to_owned(),
            autonomy: rule.autonomy.map(|a| a.name().to_owned()),
            place: rule.place.to_string(),
            when: rule.when.iter().map(|one| names.trigger(one)).collect(),
            conditions: rule.conditions.iter().map(|one| names.condition(one)).collect(),
            then: words(&rule.then),
            otherwise: words(&rule.otherwise),
        }
    };
    Ok(home.rules.iter().map(one).collect())
}

/// All scenes by key.
pub fn scenes(source: &dyn Source, told: &Telling, home: &Home) -> Result<Vec<SceneView>, ReadError> {
    let names = Names::read(source)?.told_in(told.tongue);
    let holds = super::plan::holds(source, &names)?;
    let one = |(key, scene): (&String, &lares_config::Scene)| SceneView {
        id: key.clone(),
        name: scene.name.clone(),
        sets: scene.sets.iter().map(|set| names.scene_set(set)).collect(),
        holds: holds.iter().filter(|h| h.source.strip_prefix("scene:") == Some(key)).count(),
    };
    Ok(home.scenes.iter().map(one).collect())
}

pub fn blueprints(home: &Home) -> Vec<BlueprintView> {
    let one = |b: &Blueprint| {
        let params = b.params.iter().map(|p| BlueprintParamView {
            name: p.name.clone(),
            says: p.says.clone(),
            default: p.default.clone(),
        });
        BlueprintView { name: b.name.clone(), says: b.says.clone(), params: params.collect() }
    };
    home.blueprints.iter().map(one).collect()
}

pub fn rules_text(all: &[RuleView]) -> String {
    if all.is_empty() {
        return "the home has no rules\n".to_owned();
    }
    let row = |r: &RuleView| {
        let when = r.when.join(" or ");
        vec![r.id.clone(), r.state.clone(), plain(&r.name), plain(&when), r.place.clone()]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

pub fn scenes_text(all: &[SceneView], told: &Telling) -> String {
    let heads = Heads::of(told.tongue);
    if all.is_empty() {
        return format!("{}\n", heads.no_scenes);
    }
    let row = |s: &SceneView| {
        let held = if s.holds > 0 { say!(heads.holds, n = s.holds) } else { String::new() };
        vec![s.id.clone(), plain(&s.name), held, plain(&s.sets.join(", "))]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

pub fn blueprints_text(all: &[BlueprintView]) -> String {
    let mut out = String::new();
    for b in all {
        out.push_str(&format!("{}: {}\n", b.name, plain(&b.says)));
        let row = |p: &BlueprintParamView| {
            let default =
                p.default.as_ref().map_or_else(|| "must be given".to_owned(), |d| format!("else {d}"));
            vec![format!("  {}", p.name), plain(&p.says), plain(&default)]
        };
        out.push_str(&table(&b.params.iter().map(row).collect::<Vec<_>>()));
    }
    out
}
