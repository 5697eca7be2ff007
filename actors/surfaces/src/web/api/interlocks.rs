//! Interlocks: what they forbid now, and the acknowledgement of those that wait for one.

use axum::http::StatusCode;
use lares_kernel::Answer;
use lares_model::Receipt;

use super::intents::{Done, answers};
use crate::control::{Request, Trouble};
use crate::views::{self, Came, InterlockView, Names};
use crate::web::call::{Answered, Call, done};
use crate::web::problem::Problem;

/// Those of the rooms that the visitor sees. What is asked when something is wrong is told also when nothing can be kept.
async fn all(call: &Call) -> Result<Vec<InterlockView>, Problem> {
    let visitor = call.visitor()?.clone();
    let seen = call.asked.read_as_it_is(move |source, told| {
        let names = Names::read(source).map_err(Trouble::failed)?;
        let mut all = views::interlocks(source, told).map_err(Trouble::failed)?;
        all.retain(|i| visitor.sees(names.find(&i.of).ok().and_then(|n| names.room(n.id))));
        let whole = visitor.sees(None);
        Ok(all.into_iter().map(|lock| if whole { lock } else { lock.for_a_part() }).collect())
    });
    Ok(seen.await?)
}

pub(in crate::web) async fn list(call: Call) -> Answered {
    call.show(&all(&call).await?)
}

pub(in crate::web) async fn acknowledge(call: Call) -> Answered {
    let key = call.part("key").to_owned();
    if !all(&call).await?.iter().any(|i| i.id == key) {
        return Err(Problem::missing(format!("there is no interlock `{key}`")));
    }
    let person = Some(call.visitor()?.person.clone());
    let came = answers(&call, Request::Acknowledge { interlock: key, person }).await?;
    // Who may is looked at before: this one cannot be cleared now.
    if let [Came { answer: Answer { receipt: Receipt::Refused(_), .. }, why: Some(why), .. }] =
        came.as_slice()
    {
        return Err(Problem::conflict(why));
    }
    done(StatusCode::OK, &Done::of(came))
}
