//! Questions of the household, for those who are asked.

use axum::http::StatusCode;
use lares_config::Role;
use lares_model::Receipt;
use schemars::JsonSchema;
use serde::Deserialize;

use super::intents::{Done, answers};
use crate::control::{Request, View};
use crate::views::{Came, QuestionView};
use crate::web::call::{Answered, Call, done};
use crate::web::problem::Problem;

/// An answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Answer {
    pub yes: bool,
}

/// Those that the visitor is asked.
async fn all(call: &Call) -> Result<Vec<QuestionView>, Problem> {
    let View::Questions(mut all) = call.ask(Request::Questions).await? else {
        return Err(Problem::failed("the household answered something else than was asked"));
    };
    let visitor = call.visitor()?;
    all.retain(|q| q.is_for(&visitor.person, visitor.role < Role::Guest));
    Ok(all)
}

pub(in crate::web) async fn list(call: Call) -> Answered {
    call.show(&all(&call).await?)
}

pub(in crate::web) async fn answer(call: Call) -> Answered {
    let Answer { yes } = call.json()?;
    let id = call.part("id").to_owned();
    if !all(&call).await?.iter().any(|q| q.id == id) {
        return Err(Problem::missing(format!("no question `{id}` is open")));
    }
    let person = Some(call.visitor()?.person.clone());
    let came = answers(&call, Request::Answer { question: id, yes, person }).await?;
    if let [Came { answer, text, why: Some(why), .. }] = came.as_slice()
        && let Receipt::Refused(said) = &answer.receipt
    {
        let just_now = said.contains("answered just now");
        return Err(if just_now { Problem::conflict(why) } else { Problem::right(text) });
    }
    done(StatusCode::OK, &Done::of(came))
}
