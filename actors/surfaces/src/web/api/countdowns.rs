//! Timers that people set, as they are set, changed and ended on the dashboard.

use std::time::Duration;

use lares_kernel::TimerAct;
use lares_model::Receipt;
use schemars::JsonSchema;
use serde::Deserialize;

use super::intents::{Done, answers};
use crate::control::Request;
use crate::web::call::{Answered, Call};
use crate::web::problem::Problem;

/// What is wished of a timer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct TimerWish {
    /// Its id; of a new one: a room's key and `/`, if it is in a room, and its name, if it has one.
    #[schemars(length(max = 200))]
    pub timer: String,
    pub act: Wished,
    /// How long it is, or how much is added or taken; for `set`, `add` and `take` only.
    #[serde(default)]
    #[schemars(range(min = 0.001, max = 31_622_400.0))]
    pub seconds: Option<f64>,
}

#[derive(Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum Wished {
    Set,
    Add,
    Take,
    Pause,
    Resume,
    Cancel,
}

const LONGEST_NAME: usize = 200;

fn act(wished: Wished, seconds: Option<f64>) -> Result<TimerAct, String> {
    let length = || {
        let seconds = seconds.ok_or("`seconds` is missing")?;
        Duration::try_from_secs_f64(seconds).map_err(|_| format!("`seconds` cannot be {seconds}"))
    };
    Ok(match wished {
        Wished::Set => TimerAct::Set { length: length()?, says: None },
        Wished::Add => TimerAct::Add(length()?),
        Wished::Take => TimerAct::Take(length()?),
        _ if seconds.is_some() => return Err("`seconds` is for set, add and take".to_owned()),
        Wished::Pause => TimerAct::Pause,
        Wished::Resume => TimerAct::Resume,
        Wished::Cancel => TimerAct::Cancel,
    })
}

pub(in crate::web) async fn wish(call: Call) -> Answered {
    let TimerWish { timer, act: wished, seconds } = call.json()?;
    let letters = timer.chars().count();
    if letters > LONGEST_NAME {
        return Err(Problem::input(format!("`timer` has {letters} characters; allowed: {LONGEST_NAME}")));
    }
    let act = act(wished, seconds).map_err(Problem::input)?;
    let person = Some(call.visitor()?.person.clone());
    call.once(answer(&call, Request::Timer { timer, act, person })).await
}

async fn answer(call: &Call, request: Request) -> Result<Done, Problem> {
    let came = answers(call, request).await?;
    match came.as_slice() {
        [one] => match &one.answer.receipt {
            Receipt::Refused(why) if why.contains("may ") => Err(Problem::right(&one.text)),
            Receipt::Refused(_) => Err(Problem::conflict(&one.text)),
            _ => Ok(Done::of(came)),
        },
        _ => Ok(Done::of(came)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_belong_to_what_has_a_length() {
        let minute = Duration::from_secs(60);
        assert_eq!(act(Wished::Set, Some(60.0)), Ok(TimerAct::Set { length: minute, says: None }));
        assert_eq!(act(Wished::Take, Some(60.0)), Ok(TimerAct::Take(minute)));
        assert_eq!(act(Wished::Pause, None), Ok(TimerAct::Pause));
        assert!(act(Wished::Set, None).unwrap_err().contains("missing"));
        assert!(act(Wished::Add, Some(-1.0)).unwrap_err().contains("-1"));
        assert!(act(Wished::Set, Some(f64::NAN)).is_err());
        assert!(act(Wished::Cancel, Some(1.0)).unwrap_err().contains("is for set"));
    }
}
