//! Guests by link: made, listed and ended by owners; the way in for whoever has the code.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::session::enter;
use crate::auth::{GuestView, Links, NewGuest};
use crate::web::call::{Answered, Call, done, to_the_end};
use crate::web::problem::Problem;

/// Who is to come, where to, and for how long.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Invite {
    #[schemars(length(min = 1, max = 60))]
    pub name: String,
    /// Keys of the rooms that they see and move things in; nothing else.
    #[schemars(length(min = 1, max = 200))]
    pub rooms: Vec<String>,
    /// It ends by itself after so many seconds.
    #[schemars(range(min = 5, max = 2_678_400))]
    pub lasts_s: u64,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Invited {
    pub guest: GuestView,
    /// Told this once; good until the end, on any number of their devices.
    pub code: String,
    /// Where the code leads in, below the dashboard's address.
    pub path: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Enter {
    #[schemars(length(min = 1, max = 64))]
    pub code: String,
}

pub(in crate::web) async fn list(call: Call) -> Answered {
    call.show(&call.shared.access().guests())
}

pub(in crate::web) async fn invite(call: Call) -> Answered {
    let Invite { name, rooms, lasts_s } = call.json()?;
    let person = call.visitor()?.person.clone();
    let lasts = Duration::from_secs(lasts_s);
    to_the_end(async move {
        let (guest, code) =
            Links::of(&call.shared.asked).make(NewGuest { name, rooms, lasts }, &person).await?;
        let path = format!("/guest/{code}");
        done(StatusCode::CREATED, &Invited { guest, code, path })
    })
    .await
}

pub(in crate::web) async fn end(call: Call) -> Answered {
    let (key, person) = (call.part("key").to_owned(), call.visitor()?.person.clone());
    to_the_end(async move {
        let ended = Links::of(&call.shared.asked).end(&key, &person).await?;
        ended.ok_or_else(|| Problem::missing(format!("there is no guest `{key}`")))?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// With the code of a link.
pub(in crate::web) async fn enter_by_link(call: Call) -> Answered {
    let body: Enter = call.json()?;
    let access = call.shared.access();
    let (entered, ends) = access.enter_as_guest(&body.code, call.peer.address, &call.agent()).await?;
    let key = entered.person.clone();
    let response = enter(&call, entered, Some(ends))?;
    call.shared.audit(&key, format!("`{key}` came in by the guest link"));
    Ok(response)
}
