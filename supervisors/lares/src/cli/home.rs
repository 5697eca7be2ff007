//! `lares home`: what was changed of the home's files on the dashboard, and a word on what waits for one.

use lares_surfaces::control::{Request, View};
use lares_surfaces::files::{ChangeState, ChangeView};
use lares_surfaces::views::{Telling, plain, table};

use super::args::{Global, HomeArgs, HomeCommand};
use super::ask::{Answered, RELOAD, order, running, unexpected};
use super::exit::Outcome;
use super::out;
use super::show::envelope;

pub(super) async fn home(global: &Global, args: HomeArgs) -> Outcome {
    let request = match args.command {
        None => Request::Changes,
        Some(HomeCommand::Confirm { change }) => Request::EndChange { id: change, keep: true },
        Some(HomeCommand::Revert { change }) => Request::EndChange { id: change, keep: false },
    };
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &request, RELOAD).await?;
    match view {
        View::Changes(changes) if global.json => out::json(&envelope(&told, "changes", &changes)),
        View::Changes(changes) => out::text(&changes_text(&changes, &told)),
        View::ChangeEnded { change, reloaded } if global.json => {
            let ended = serde_json::json!({ "change": change, "reloaded": reloaded });
            out::json(&envelope(&told, "ended", &ended))
        }
        View::ChangeEnded { change, reloaded } => {
            let path = plain(&change.files());
            let mut text = match change.state {
                ChangeState::Confirmed => format!("{path} stays as {} changed it\n", plain(&change.who)),
                _ => format!("{path} is as it was before change {}\n", change.id),
            };
            for problem in reloaded.into_iter().flat_map(|r| r.problems) {
                text += &format!("not in force: {problem}\n");
            }
            out::text(&text)
        }
        _ => Err(unexpected()),
    }
}

fn changes_text(changes: &[ChangeView], told: &Telling) -> String {
    if changes.is_empty() {
        return "nothing was changed on the dashboard\n".to_owned();
    }
    let rows = changes.iter().map(|c| {
        let by = c.by.as_deref().map_or_else(|| "by itself".to_owned(), |by| format!("by {}", plain(by)));
        let state = match c.state {
            ChangeState::Waiting => format!("waits: goes back at {}", told.clock(c.ends.0)),
            ChangeState::Confirmed => format!("confirmed {by}"),
            ChangeState::TakenBack => format!("taken back {by}"),
            ChangeState::Left => "not confirmed, and it could not go back".to_owned(),
        };
        let lines = format!("+{} -{}", c.added, c.gone);
        vec![c.id.to_string(), plain(&c.files()), lines, plain(&c.who), told.ago(c.at.0), state]
    });
    table(&rows.collect::<Vec<_>>())
}
