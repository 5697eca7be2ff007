//! Who may log in, and one-time codes for those who may not yet.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::web::call::{Answered, Call, done};
use crate::web::problem::Problem;

#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Invited {
    pub person: String,
    /// Told this once; good for a day and for one use.
    pub code: String,
}

pub(in crate::web) async fn list(call: Call) -> Answered {
    call.show(&call.shared.access().people(&call.shared.home()))
}

pub(in crate::web) async fn invite(call: Call) -> Answered {
    let visitor = call.visitor()?;
    let (person, home) = (call.part("person").to_owned(), call.shared.home());
    if !home.people.contains_key(&person) {
        return Err(Problem::missing(format!("`{person}` is not a person of this home")));
    }
    let code = call.shared.access().invite(&home, &person).await?;
    call.shared.audit(&visitor.person, format!("{} made a one-time code for {person}", visitor.person));
    done(StatusCode::CREATED, &Invited { person, code })
}
