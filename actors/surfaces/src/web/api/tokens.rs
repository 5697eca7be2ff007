//! Sessions and device tokens: seen, made, ended.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use lares_config::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::web::call::{Answered, Call, done};
use crate::web::problem::Problem;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewToken {
    /// Where it is used: `kitchen tablet`.
    #[schemars(length(min = 1, max = 80))]
    pub name: String,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct MadeToken {
    /// Told this once, for an `Authorization: Bearer` header.
    pub token: String,
    pub person: String,
    pub name: String,
}

/// One's own; all of them for an owner.
pub(in crate::web) async fn list(call: Call) -> Answered {
    let visitor = call.visitor()?;
    let whose = (visitor.role != Role::Owner).then_some(visitor.person.as_str());
    call.show(&call.shared.access().tokens(whose, Some(&visitor.token)))
}

pub(in crate::web) async fn make(call: Call) -> Answered {
    let visitor = call.visitor()?;
    let body: NewToken = call.json()?;
    let made = call.shared.access().make_token(&visitor.person, &body.name).await?;
    call.shared.audit(&visitor.person, format!("{} made a token for {}", visitor.person, body.name.trim()));
    let view = MadeToken { token: made.token, person: made.person, name: body.name.trim().to_owned() };
    done(StatusCode::CREATED, &view)
}

pub(in crate::web) async fn end(call: Call) -> Answered {
    let visitor = call.visitor()?;
    let whose = (visitor.role != Role::Owner).then_some(visitor.person.as_str());
    let id = call.part("id");
    if !call.shared.access().end(id, whose).await? {
        return Err(Problem::missing(format!("there is no token `{id}`")));
    }
    call.shared.audit(&visitor.person, format!("{} ended the token {id}", visitor.person));
    Ok(StatusCode::NO_CONTENT.into_response())
}
