//! Wishes, with what came of them.

use std::collections::BTreeMap;

use lares_model::Receipt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::control::{Request, View};
use crate::views::Came;
use crate::web::call::{Answered, Call, to_the_end};
use crate::web::problem::Problem;

/// The longest that a wish can stand: a year.
const LONGEST_MS: u64 = 366 * 24 * 3_600_000;

/// A wish. It has the priority of a person, and the rights of the one who asks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Wish {
    pub act: Act,
    /// `hall-lamp`, `hall-lamp.light`, `group:NAME`, `room:NAME` or `room:NAME/light`.
    #[schemars(length(min = 1, max = 200))]
    pub target: String,
    /// Of `set`: property and value, such as `{"on": true, "brightness": 40}`.
    #[serde(default)]
    pub values: BTreeMap<String, serde_json::Value>,
    /// Of `set`: how long it stands; without it, it competes once.
    #[serde(default)]
    #[schemars(range(min = 1, max = 31_622_400_000_u64))]
    pub hold_ms: Option<u64>,
    /// Of `set`: it stands until it is released.
    #[serde(default)]
    pub until_released: bool,
    /// Of `set`: how long the thing may take to get there.
    #[serde(default)]
    #[schemars(range(min = 0, max = 3_600_000))]
    pub transition_ms: Option<u64>,
    /// Of `release`: only the holds on these.
    #[serde(default)]
    pub properties: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum Act {
    Set,
    Release,
}

/// What came of a wish.
#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Done {
    /// Every property got there, as its device says; or it has no way to say so and was sent.
    pub ok: bool,
    pub receipts: Vec<ReceiptView>,
}

/// What came of it on one property.
#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct ReceiptView {
    pub entity: String,
    pub property: String,
    /// What people call it, with its property where that is not its main one.
    pub called: String,
    /// The decision, to ask why.
    pub event: Option<String>,
    /// `sent`, `confirmed`, `differs`, `failed`, `expired`, `refused`, `overridden` or `unknown`.
    pub receipt: String,
    pub text: String,
}

impl Done {
    pub fn of(came: Vec<Came>) -> Self {
        let view = |Came { answer, called, text, .. }: Came| ReceiptView {
            entity: answer.entity,
            property: answer.property,
            called,
            event: answer.event.map(|id| id.to_string()),
            receipt: answer.receipt.word().to_owned(),
            text,
        };
        let fine = |came: &Came| matches!(came.answer.receipt, Receipt::Confirmed | Receipt::Sent);
        Self { ok: came.iter().all(fine), receipts: came.into_iter().map(view).collect() }
    }
}

/// What came of a wish, in words for whoever asks: who does not see the whole house is told the names of no others.
pub(super) async fn answers(call: &Call, request: Request) -> Result<Vec<Came>, Problem> {
    let View::Answers(came) = call.ask(request).await? else {
        return Err(Problem::failed("the household answered something else than was asked"));
    };
    if call.visitor()?.sees(None) {
        return Ok(came);
    }
    let tongue = call.asked.tongue();
    Ok(came.into_iter().map(|came| Came::unnamed(came.answer, tongue)).collect())
}

pub(in crate::web) async fn wish(call: Call) -> Answered {
    let request = request(call.json()?, &call.visitor()?.person)?;
    // A socket that is cut in the middle must not leave a wish of which nobody can learn what came.
    to_the_end(async move { call.once(come_of(&call, request)).await }).await
}

pub(super) async fn come_of(call: &Call, request: Request) -> Result<Done, Problem> {
    let came = answers(call, request).await?;
    // The door itself said no: nothing was even looked at.
    if let [Came { answer, why: Some(why), .. }] = came.as_slice()
        && matches!(answer.receipt, Receipt::Refused(_))
        && answer.property.is_empty()
    {
        return Err(Problem::right(why));
    }
    Ok(Done::of(came))
}

fn request(wish: Wish, person: &str) -> Result<Request, Problem> {
    let Wish { act, target, values, hold_ms, until_released, transition_ms, properties } = wish;
    let person = Some(person.to_owned());
    match act {
        Act::Set => {
            if !properties.is_empty() {
                return Err(Problem::input("`properties` belongs to a release; a set has `values`"));
            }
            if let Some(ms) = hold_ms.filter(|ms| !(1..=LONGEST_MS).contains(ms)) {
                return Err(Problem::input(format!("`hold_ms` can't be {ms}; allowed: 1 to {LONGEST_MS}")));
            }
            if let Some(ms) = transition_ms.filter(|ms| *ms > 3_600_000) {
                return Err(Problem::input(format!("`transition_ms` can't be {ms}; allowed: 0 to 3600000")));
            }
            Ok(Request::Set { target, values, hold_ms, until_released, transition_ms, person })
        }
        Act::Release => {
            if !values.is_empty() || hold_ms.is_some() || until_released || transition_ms.is_some() {
                return Err(Problem::input("a release has `target` and `properties` only"));
            }
            Ok(Request::Release { target, properties, person })
        }
    }
}
