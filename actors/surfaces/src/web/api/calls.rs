//! Calls by telephone, and their sound.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;

use crate::control::{Request, Trouble, View};
use crate::views;
use crate::voice::sound::{Sound, wav};
use crate::web::call::{Answered, Call};
use crate::web::problem::Problem;

/// What the sound of a call is.
pub(in crate::web) const MEDIA: &str = "audio/wav";

pub(in crate::web) async fn list(call: Call) -> Answered {
    let View::Calls(all) = call.ask(Request::Calls).await? else {
        return Err(Problem::failed("the household answered something else than was asked"));
    };
    call.show(&all)
}

pub(in crate::web) async fn sound(call: Call) -> Answered {
    let id = call.part("id").to_owned();
    let name = id.clone();
    let read =
        call.shared.asked.read(move |source, _| views::call_sound(source, &id).map_err(Trouble::failed));
    let kept = read.await?.ok_or_else(|| Problem::missing(format!("there is no sound of call {name}")))?;
    let bytes = wav(&Sound { rate: kept.rate, samples: kept.samples() });
    // Who heard what was said to somebody is on record.
    call.shared.audit(&call.visitor()?.person, format!("listened to call {name}"));
    let mut response = (StatusCode::OK, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
