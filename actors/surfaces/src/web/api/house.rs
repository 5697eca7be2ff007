//! Orders to the house itself.

use axum::http::StatusCode;

use crate::control::{Reloaded, Request, View};
use crate::web::call::{Answered, Call, done};
use crate::web::problem::Problem;

pub(in crate::web) async fn reload(call: Call) -> Answered {
    let visitor = call.visitor()?;
    call.shared.audit(&visitor.person, format!("{} asked for a reload", visitor.person));
    done(StatusCode::OK, &take_in(&call).await?)
}

/// Reads the home's files again.
pub(super) async fn take_in(call: &Call) -> Result<Reloaded, Problem> {
    match call.ask(Request::Reload).await? {
        View::Reloaded(reloaded) => Ok(reloaded),
        _ => Err(Problem::failed("the household answered something else than was asked")),
    }
}
