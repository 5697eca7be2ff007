//! A sentence to the house, typed on the dashboard or by a program.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::control::{Request, View};
use crate::voice::SpokenView;
use crate::web::call::{Answered, Call, to_the_end};
use crate::web::problem::Problem;

/// Nobody says more in one breath.
const LONGEST: usize = 500;

/// A sentence and how it is said. It has the rights of the one who says it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Saying {
    #[schemars(length(min = 1, max = 500))]
    pub text: String,
    /// `en`, `de`, `es`, `fr` or `nl`; without it, the household's.
    #[serde(default)]
    pub language: Option<String>,
    /// Key of the room that it is said in.
    #[serde(default)]
    pub room: Option<String>,
    /// It was asked back whether this is meant, and it is.
    #[serde(default)]
    pub yes: bool,
}

pub(in crate::web) async fn say(call: Call) -> Answered {
    let Saying { text, language, room, yes } = call.json()?;
    let letters = text.chars().count();
    if !(1..=LONGEST).contains(&letters) {
        return Err(Problem::input(format!("`text` has {letters} characters; allowed: 1 to {LONGEST}")));
    }
    let person = Some(call.visitor()?.person.clone());
    let request = Request::Speak { text, language, room, yes, person };
    to_the_end(async move { call.once(answer(&call, request)).await }).await
}

async fn answer(call: &Call, request: Request) -> Result<SpokenView, Problem> {
    match call.ask(request).await? {
        View::Spoken(spoken) => Ok(*spoken),
        _ => Err(Problem::failed("the household answered something else than was asked")),
    }
}
