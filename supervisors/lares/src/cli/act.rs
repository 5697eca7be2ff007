//! The commands that act: only a running household can do what they ask.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use lares_model::Receipt;
use lares_surfaces::control::{Request, View};
use lares_surfaces::views::{self, Came, Telling};
use serde_json::Value as Json;

use super::args::{
    AckArgs, AnswerArgs, Global, Hold, RecordArgs, ReleaseArgs, SayArgs, SceneArgs, SetArgs, UndoArgs, YesNo,
};
use super::ask::{Answered, RELOAD, WISH, order, running, unexpected};
use super::exit::{Failure, Outcome};
use super::out;
use super::show::{envelope, show};

/// What is told with a wish where the thing asks for it.
const CODE: &str = "code";

/// An orderly stop waits for its actors, seconds at most; a full disk may take longer.
const STOP: Duration = Duration::from_secs(60);

fn held(hold: Option<Hold>) -> (Option<u64>, bool) {
    match hold {
        None => (None, false),
        Some(Hold::For(d)) => (Some(millis(d)), false),
        Some(Hold::UntilReleased) => (None, true),
    }
}

pub(super) async fn scene(global: &Global, args: SceneArgs) -> Outcome {
    let SceneArgs { scene, hold, release, person } = args;
    let Some(scene) = scene else {
        let mut client = running(&global.data()?).await?;
        let Answered { told, view } = order(&mut client, &Request::Scenes, WISH).await?;
        let View::Scenes(all) = view else { return Err(unexpected()) };
        return show(global, &told, "scenes", &all, || views::scenes_text(&all, &told));
    };
    let target = format!("scene:{scene}");
    if release {
        return let_go(global, Request::Release { target, properties: Vec::new(), person }).await;
    }
    let (hold_ms, until_released) = held(hold);
    let (values, transition_ms) = (BTreeMap::new(), None);
    wish(global, &Request::Set { target, values, hold_ms, until_released, transition_ms, person }).await
}

pub(super) async fn set(global: &Global, args: SetArgs) -> Outcome {
    let (hold_ms, until_released) = held(args.hold);
    let value = |(key, text): (String, String)| match key.as_str() {
        CODE => Ok((key, Json::String(code(text)?))),
        _ => Ok((key, typed(&text))),
    };
    let request = Request::Set {
        target: args.target,
        values: args.values.into_iter().map(value).collect::<Result<BTreeMap<_, _>, Failure>>()?,
        hold_ms,
        until_released,
        transition_ms: args.transition.map(millis),
        person: args.person,
    };
    wish(global, &request).await
}

/// The code that a person gives along, digits as they are; `-` is the next line of the standard input, which other people of this
/// machine don't see.
fn code(text: String) -> Result<String, Failure> {
    if text != "-" {
        return Ok(text);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(Failure::input)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

pub(super) async fn release(global: &Global, args: ReleaseArgs) -> Outcome {
    let ReleaseArgs { target, properties, person } = args;
    let_go(global, Request::Release { target, properties, person }).await
}

/// What is let go has no answer of its own: what was held below it shows again.
async fn let_go(global: &Global, request: Request) -> Outcome {
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &request, WISH).await?;
    match view {
        View::Answers(answers) if answers.is_empty() && !global.json => out::line("let go"),
        View::Answers(answers) => came_of(global, &told, &answers),
        _ => Err(unexpected()),
    }
}

pub(super) async fn ack(global: &Global, args: AckArgs) -> Outcome {
    let AckArgs { interlock, person } = args;
    wish(global, &Request::Acknowledge { interlock, person }).await
}

pub(super) async fn answer(global: &Global, args: AnswerArgs) -> Outcome {
    let AnswerArgs { question, answer, person } = args;
    wish(global, &Request::Answer { question, yes: answer == YesNo::Yes, person }).await
}

/// Answers with what the house says; what was not done is an exit code as well.
pub(super) async fn say(global: &Global, args: SayArgs) -> Outcome {
    let SayArgs { words, room, language, yes, person } = args;
    let request = Request::Speak { text: words.join(" "), language, room, yes, person };
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &request, WISH).await?;
    let View::Spoken(spoken) = view else { return Err(unexpected()) };
    if global.json {
        out::json(&envelope(&told, "spoken", &spoken))?;
    } else {
        let hint = if spoken.asks { " (--yes)" } else { "" };
        out::line(&format!("{}{hint}", spoken.answer))?;
    }
    if spoken.ok { Ok(()) } else { Err(Failure::silent(1)) }
}

pub(super) async fn undo(global: &Global, args: UndoArgs) -> Outcome {
    let UndoArgs { event, person } = args;
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &Request::Undo { event, person }, WISH).await?;
    let View::Undone { answers, left } = view else { return Err(unexpected()) };
    if !answers.is_empty() || left.is_empty() {
        came_of(global, &told, &answers)?;
    }
    match left.as_slice() {
        [] => Ok(()),
        left => Err(Failure::failed(format!("not taken back: {}", left.join("; ")))),
    }
}

async fn wish(global: &Global, request: &Request) -> Outcome {
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, request, WISH).await?;
    let View::Answers(answers) = view else { return Err(unexpected()) };
    came_of(global, &told, &answers)
}

fn came_of(global: &Global, told: &Telling, answers: &[Came]) -> Outcome {
    if global.json {
        out::json(&envelope(told, "answers", &answers))?;
    } else {
        answers.iter().try_for_each(|a| out::line(&a.words()))?;
        if answers.is_empty() {
            out::line("nothing to do")?;
        }
    }
    let done = answers.iter().all(|a| matches!(a.answer.receipt, Receipt::Sent | Receipt::Confirmed));
    if done { Ok(()) } else { Err(Failure::silent(1)) }
}

/// Yes and no, numbers, else text.
pub(super) fn typed(text: &str) -> Json {
    match text {
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        // `nan` and `inf` are texts here: JSON has no such numbers.
        other => match other.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
            Some(number) => Json::Number(number),
            None => Json::String(other.to_owned()),
        },
    }
}

fn millis(d: Duration) -> u64 {
    u64::try_from(d.as_millis()).unwrap_or(u64::MAX)
}

pub(super) async fn record(global: &Global, args: &RecordArgs) -> Outcome {
    let mut client = running(&global.data()?).await?;
    // It is the household that writes, from its own folder.
    let path = args.file.as_ref().map(std::path::absolute).transpose().map_err(Failure::input)?;
    let request = Request::Record { path: path.map(|p| p.display().to_string()) };
    let Answered { told, view } = order(&mut client, &request, RELOAD).await?;
    let View::Recording(recording) = view else { return Err(unexpected()) };
    if global.json {
        return out::json(&envelope(&told, "recording", &recording));
    }
    out::line(&match recording.messages {
        None => format!("recording to {}; `lares record --stop` ends it", recording.path),
        Some(n) => format!("{} holds {n} messages", recording.path),
    })
}

pub(super) async fn reload(global: &Global) -> Outcome {
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &Request::Reload, RELOAD).await?;
    let View::Reloaded(reloaded) = view else { return Err(unexpected()) };
    if global.json {
        out::json(&envelope(&told, "reloaded", &reloaded))?;
    } else if reloaded.problems.is_empty() {
        let changed = &reloaded.changed;
        out::line(&match changed.as_slice() {
            [] => "reloaded: nothing has changed".to_owned(),
            changed => format!("reloaded: {}", changed.join(", ")),
        })?;
        if !reloaded.partly.is_empty() {
            out::line(&format!("not applied, the old goes on: {}", reloaded.partly.join(", ")))?;
        }
    }
    match (reloaded.problems.as_slice(), reloaded.partly.as_slice()) {
        ([], []) => Ok(()),
        ([], _) => Err(Failure::silent(1)),
        _ if global.json => Err(Failure::silent(2)),
        (problems, _) => Err(Failure::input(format!(
            "the home was refused, the old one goes on:\n{}",
            problems.join("\n")
        ))),
    }
}

pub(super) async fn stop(global: &Global) -> Outcome {
    let data = global.data()?;
    let mut client = running(&data).await?;
    let pid = client.greeting.pid;
    let Answered { told, view } = order(&mut client, &Request::Stop, Duration::from_secs(20)).await?;
    let View::Stopping = view else { return Err(unexpected()) };
    let freed = tokio::time::timeout(STOP, async {
        while !is_free(&data) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    if freed.await.is_err() {
        return Err(Failure::failed(format!(
            "process {pid} was asked to stop, and still holds {}",
            data.display()
        )));
    }
    if global.json { out::json(&envelope(&told, "stopped", &pid)) } else { out::line("stopped") }
}

/// Whether nobody holds the data folder any more.
fn is_free(data: &Path) -> bool {
    match File::open(data.join("lock")).map(|f| f.try_lock_shared()) {
        Ok(Err(TryLockError::WouldBlock)) => false,
        // Without a lock file there is nothing that could be held.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_values_keep_their_type() {
        assert_eq!(typed("true"), Json::Bool(true));
        assert_eq!(typed("21.5"), serde_json::json!(21.5));
        assert_eq!(typed("heat"), serde_json::json!("heat"));
        assert_eq!(typed("nan"), serde_json::json!("nan"));
    }

    #[test]
    fn a_folder_is_free_unless_somebody_locks_it() {
        let dir = tempfile::tempdir().unwrap();
        assert!(is_free(dir.path()));
        let lock = File::create(dir.path().join("lock")).unwrap();
        assert!(is_free(dir.path()));
        lock.lock().unwrap();
        assert!(!is_free(dir.path()));
    }
}
