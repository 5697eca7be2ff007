//! `lares rule`: the rules in force, one tried, and what they can be made of.

use lares_surfaces::control::{Request, View};
use lares_surfaces::views;

use super::act::typed;
use super::args::{Global, RuleCommand, TryArgs};
use super::ask::{Answered, READ, order, running, unexpected};
use super::exit::{Failure, Outcome};
use super::show::show;

pub(super) async fn rule(global: &Global, command: RuleCommand) -> Outcome {
    let request = match command {
        RuleCommand::List => Request::Rules,
        RuleCommand::Blueprints => Request::Blueprints,
        RuleCommand::Try(TryArgs { rule, trigger, assume, at }) => {
            let assume = assume.into_iter().map(|(name, text)| (name, typed(&text))).collect();
            Request::TryRule { rule, trigger, assume, at }
        }
    };
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &request, READ).await?;
    match view {
        View::Rules(all) => show(global, &told, "rules", &all, || views::rules_text(&all)),
        View::Blueprints(all) => show(global, &told, "blueprints", &all, || views::blueprints_text(&all)),
        View::Trial(trial) => show(global, &told, "trial", &trial, || views::trial_text(&trial)),
        _ => Err::<(), Failure>(unexpected()),
    }
}
