//! What a timer does at its end: wishes as by whoever set it, at the door that everybody comes through.

use std::time::Duration;

use lares_kernel::{Aim, Answer, Command, Context, CountdownId, Delayed, Door, Intent};
use lares_model::{Causes, EventId, Level, Receipt};

use super::actor::CountdownMessage;

/// What is later than this is left out: who said "in ten minutes" does not mean the next day.
pub(super) const LATEST: Duration = Duration::from_secs(3_600);
/// Longer than a device may take.
const DEADLINE: Duration = Duration::from_secs(120);

/// Wishes it all, and tells the actor what came of each. `again`: it may have been wished before a kill; what is on record of it, by the
/// event that ended the timer, is not done twice.
pub(super) fn carry_out(
    door: &Door,
    context: &Context<CountdownMessage>,
    id: &CountdownId,
    command: &Command,
    fired: EventId,
    again: bool,
) {
    for wish in &command.wishes {
        let (intent, id) = (intent(command, wish, id, fired, again), id.clone());
        let question = move |reply| Intent { reply: Some(reply), ..intent };
        context.ask(door, question, DEADLINE, move |answers| {
            let failed = match answers {
                Ok(answers) => answers.iter().filter_map(failure).collect(),
                Err(late) => vec![late.to_string()],
            };
            CountdownMessage::Done { id, fired, failed }
        });
    }
}

fn intent(command: &Command, wish: &Delayed, id: &CountdownId, fired: EventId, again: bool) -> Intent {
    // A scene's claims are its own, whoever sets it.
    let (source, level) = match &wish.target {
        Aim::Scene(key) => (format!("scene:{key}").into(), Level::Scene),
        _ => (command.source.clone(), Level::Person),
    };
    Intent {
        source,
        origin: command.origin.clone(),
        level,
        target: wish.target.clone(),
        act: wish.act.clone(),
        reason: format!("timer {id}: {}", command.reason).into(),
        causes: Causes::from_slice(&[fired]),
        basis: None,
        reply: None,
        again,
        token: None,
    }
}

/// What did not come about, in words.
fn failure(answer: &Answer) -> Option<String> {
    let fine = matches!(answer.receipt, Receipt::Confirmed | Receipt::Sent);
    // What the door itself refuses says what it is about, and has no property.
    let told = || match answer.property.as_str() {
        "" => answer.receipt.to_string(),
        _ => format!("{}: {}", answer.entity, answer.receipt),
    };
    (!fine).then(told)
}
