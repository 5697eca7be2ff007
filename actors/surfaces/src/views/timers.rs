//! Durable timers.

use lares_model::Missed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Moment, ReadError, Source, Telling, length,
    table::{plain, table},
};

/// A timer that is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimerView {
    pub owner: String,
    pub name: String,
    pub due: Moment,
    pub length_s: f64,
    /// Negative: it should have fired.
    pub left_s: f64,
    /// What happens if it comes due while nothing runs.
    pub missed: String,
    /// The event that set it.
    pub cause: String,
}

/// All timers, the next one first.
pub fn timers(source: &dyn Source, told: &Telling) -> Result<Vec<TimerView>, ReadError> {
    let mut timers = source.timers()?;
    timers.sort_by(|a, b| (a.due, &a.owner, &a.name).cmp(&(b.due, &b.owner, &b.name)));
    let view = |t: lares_model::Timer| TimerView {
        owner: t.owner.to_string(),
        name: t.name.to_string(),
        due: Moment(t.due),
        length_s: t.length.as_secs_f64(),
        left_s: t.due.0.saturating_sub(told.now.0) as f64 / 1e6,
        missed: match t.missed {
            Missed::RunOnce => "fires once, late".to_owned(),
            Missed::RunIfWithin(d) => format!("fires if no later than {}", length(d)),
            Missed::Report => "is reported".to_owned(),
        },
        cause: t.cause.to_string(),
    };
    Ok(timers.into_iter().map(view).collect())
}

pub fn timers_text(timers: &[TimerView], told: &Telling) -> String {
    if timers.is_empty() {
        return "no timers are set\n".to_owned();
    }
    let row = |t: &TimerView| {
        vec![
            told.clock(t.due.0),
            told.ago(t.due.0),
            plain(&format!("{} {}", t.owner, t.name)),
            format!("if missed, it {}", t.missed),
            format!("set by {}", t.cause),
        ]
    };
    table(&timers.iter().map(row).collect::<Vec<_>>())
}
