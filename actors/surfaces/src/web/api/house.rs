//! Orders to the house itself.

use axum::http::StatusCode;

use crate::control::{Request, View};
use crate::web::call::{Answered, Call, done};
use crate::web::problem::Problem;

pub(in crate::web) async fn reload(call: Call) -> Answered {
    let visitor = call.visitor()?;
    call.shared.audit(&visitor.person, format!("{} asked for a reload", visitor.person));
    match call.ask(Request::Reload).await? {
        View::Reloaded(reloaded) => done(StatusCode::OK, &reloaded),
        _ => Err(Problem::failed("the household answered something else than was asked")),
    }
}
