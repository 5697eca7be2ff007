//! Rules, scenes and blueprints; a rule tried without moving anything.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::control::{Request, View};
use crate::web::call::{Answered, Call, done};
use crate::web::problem::Problem;

/// Under which circumstances a rule is tried.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Try {
    /// `id` or number of the trigger, from 1; absent: the first.
    #[serde(default)]
    pub trigger: Option<String>,
    /// Readings that are taken as so: `{"hall-motion.illuminance": 5}`.
    #[serde(default)]
    pub assume: BTreeMap<String, serde_json::Value>,
    /// The time it is taken to be: `22:30`, `2026-12-24T18:00`.
    #[serde(default)]
    pub at: Option<String>,
}

fn other() -> Problem {
    Problem::failed("the household answered something else than was asked")
}

pub(in crate::web) async fn scenes(call: Call) -> Answered {
    let View::Scenes(scenes) = call.ask(Request::Scenes).await? else { return Err(other()) };
    call.show(&scenes)
}

pub(in crate::web) async fn list(call: Call) -> Answered {
    let View::Rules(rules) = call.ask(Request::Rules).await? else { return Err(other()) };
    call.show(&rules)
}

pub(in crate::web) async fn trust(call: Call) -> Answered {
    let View::Trust(all) = call.ask(Request::Trust).await? else { return Err(other()) };
    call.show(&all)
}

pub(in crate::web) async fn blueprints(call: Call) -> Answered {
    let View::Blueprints(all) = call.ask(Request::Blueprints).await? else { return Err(other()) };
    call.show(&all)
}

pub(in crate::web) async fn try_it(call: Call) -> Answered {
    let (rule, Try { trigger, assume, at }) = (call.part("rule").to_owned(), call.json()?);
    if !call.shared.home().rules.contains_key(&rule) {
        return Err(Problem::missing(format!("`{rule}` is not a rule of this home")));
    }
    match call.ask(Request::TryRule { rule, trigger, assume, at }).await? {
        View::Trial(trial) => done(StatusCode::OK, &trial),
        _ => Err(other()),
    }
}
