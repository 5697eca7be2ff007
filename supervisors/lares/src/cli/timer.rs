//! `lares timer`: timers of the household's people.

use lares_kernel::TimerAct;
use lares_model::Receipt;
use lares_surfaces::control::{Request, View};
use lares_surfaces::views::{self, Came, CountdownView};

use super::args::{Global, One, TimerArgs, TimerCommand};
use super::ask::{Answered, Household, WISH, order, running, unexpected};
use super::exit::{Failure, Outcome};
use super::out;
use super::show::{envelope, show};

pub(super) async fn timer(global: &Global, args: TimerArgs) -> Outcome {
    let Some(command) = args.command else { return list(global).await };
    if let TimerCommand::Set { length, name, of, room } = command {
        let room = room.map(|room| format!("{room}/")).unwrap_or_default();
        // A name has no `/`: that ends a room's key.
        let timer = format!("{room}{}", name.join(" ").replace('/', " "));
        let act = TimerAct::Set { length, says: None };
        return wish(global, vec![Request::Timer { timer, act, person: of.person }]).await;
    }
    let all = set(global).await?;
    let (timer, act, of) = match command {
        TimerCommand::Add { timer, length, of } => (Some(timer), TimerAct::Add(length), of),
        TimerCommand::Take { timer, length, of } => (Some(timer), TimerAct::Take(length), of),
        TimerCommand::Pause(One { timer, of }) => (Some(timer), TimerAct::Pause, of),
        TimerCommand::Resume(One { timer, of }) => (Some(timer), TimerAct::Resume, of),
        TimerCommand::Cancel { timer, of, .. } => (timer, TimerAct::Cancel, of),
        TimerCommand::Set { .. } => return Ok(()),
    };
    let those = match &timer {
        Some(wanted) => vec![find(&all, wanted)?],
        None => all.iter().map(|t| t.id.clone()).collect(),
    };
    let request = |timer| Request::Timer { timer, act: act.clone(), person: of.person.clone() };
    wish(global, those.into_iter().map(request).collect()).await
}

async fn list(global: &Global) -> Outcome {
    let mut household = Household::find(&global.data()?).await?;
    let Answered { told, view } = household.ask(&Request::Countdowns).await?;
    let View::Countdowns(all) = view else { return Err(unexpected()) };
    show(global, &told, "timers", &all, || views::countdowns_text(&all, &told))
}

async fn set(global: &Global) -> Result<Vec<CountdownView>, Failure> {
    let mut client = running(&global.data()?).await?;
    match order(&mut client, &Request::Countdowns, WISH).await?.view {
        View::Countdowns(all) => Ok(all),
        _ => Err(unexpected()),
    }
}

/// By its id, or by a name that only one has.
fn find(all: &[CountdownView], wanted: &str) -> Result<String, Failure> {
    if all.iter().any(|t| t.id == wanted) {
        return Ok(wanted.to_owned());
    }
    let named: Vec<&CountdownView> =
        all.iter().filter(|t| t.called() == wanted || t.id.ends_with(&format!("/{wanted}"))).collect();
    match named.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => {
            let known: Vec<&str> = all.iter().map(|t| t.id.as_str()).collect();
            let known = if known.is_empty() { "none is set".to_owned() } else { known.join(", ") };
            Err(Failure::input(format!("there is no timer `{wanted}`: {known}")))
        }
        some => {
            let ids: Vec<&str> = some.iter().map(|t| t.id.as_str()).collect();
            Err(Failure::input(format!("`{wanted}` can be {}: name one", ids.join(" or "))))
        }
    }
}

async fn wish(global: &Global, requests: Vec<Request>) -> Outcome {
    let mut client = running(&global.data()?).await?;
    let (mut answers, mut last): (Vec<Came>, _) = (Vec::new(), None);
    for request in requests {
        let Answered { told, view } = order(&mut client, &request, WISH).await?;
        let View::Answers(some) = view else { return Err(unexpected()) };
        answers.extend(some);
        last = Some(told);
    }
    let Some(told) = last else { return out::line("no timer is set") };
    if global.json {
        out::json(&envelope(&told, "answers", &answers))?;
    } else {
        answers.iter().try_for_each(|a| out::line(&format!("timer {}", a.words())))?;
    }
    let done = answers.iter().all(|a| a.answer.receipt == Receipt::Confirmed);
    if done { Ok(()) } else { Err(Failure::silent(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timer(id: &str, name: Option<&str>) -> CountdownView {
        CountdownView {
            id: id.to_owned(),
            name: name.map(str::to_owned),
            room: None,
            room_name: None,
            says: None,
            does: None,
            length_s: 600.0,
            left_s: 60.0,
            due: None,
            cause: None,
        }
    }

    #[test]
    fn one_is_found_by_id_or_by_a_name_of_its_own() {
        let all = [timer("kitchen/pizza", Some("pizza")), timer("hall/1", None), timer("kitchen/1", None)];
        assert_eq!(find(&all, "pizza").unwrap(), "kitchen/pizza");
        assert_eq!(find(&all, "hall/1").unwrap(), "hall/1");
        assert!(find(&all, "1").unwrap_err().message.unwrap().contains("hall/1 or kitchen/1"));
        assert!(find(&all, "egg").unwrap_err().message.unwrap().contains("kitchen/pizza"));
    }
}
