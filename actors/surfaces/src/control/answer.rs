//! Answers to questions: the same words whether a household runs or not.

use lares_graph::ask::AskError;
use lares_kernel::{ChildReport, Clock, SystemClock};

use super::{Named, Request, Trouble, View};
use crate::views::{self, Instants, LogError, Names, ProcessFacts, SeriesError, Source, Telling, WhyError};

/// What only a running household can tell.
#[derive(Clone, Debug, Default)]
pub struct Live {
    pub report: Vec<ChildReport>,
    /// Keys of the tree's top branches as they are started.
    pub order: Vec<String>,
    pub facts: ProcessFacts,
}

/// Answers a question. Orders are refused: they need the household.
pub fn read_view(
    source: &dyn Source,
    told: &Telling,
    request: &Request,
    live: Option<&Live>,
) -> Result<View, Trouble> {
    let failed = |e: views::ReadError| Trouble::failed(e);
    let asked = |e: AskError| match e {
        AskError::Wrong(wrong) => Trouble::input(wrong),
        other => Trouble::failed(other),
    };
    Ok(match request {
        Request::Devices { all } => View::Devices(views::devices(source, told, *all).map_err(failed)?),
        Request::Tree => match live {
            Some(live) => View::Tree(views::tree(live.report.clone(), &live.order)),
            None => return Err(Trouble::failed("no household runs: there is only the planned tree")),
        },
        Request::Status => {
            let facts = live.map(|l| l.facts.clone());
            View::Status(Box::new(views::status(source, told, facts).map_err(failed)?))
        }
        Request::Home => {
            let devices = views::devices(source, told, false).map_err(failed)?;
            let process = live.map(|l| l.facts.clone());
            let status = views::status(source, told, process).map_err(failed)?;
            let notices = views::notices(source, told.now).map_err(failed)?;
            let interlocks = views::interlocks_now(source, told).map_err(failed)?;
            let questions = views::questions(source, told).map_err(failed)?;
            let timers = views::countdowns(source, told).map_err(failed)?;
            let facts = views::Facts {
                status: Some(status),
                notices,
                interlocks,
                questions,
                timers,
                ..views::Facts::default()
            };
            let home = views::home(source, told, &devices, &facts).map_err(failed)?;
            View::Home(Box::new(home))
        }
        Request::Log { filter, .. } => {
            View::Log(views::log(source, filter, told.tongue).map_err(|e| match e {
                LogError::Read(e) => failed(e),
                other => Trouble::input(other),
            })?)
        }
        Request::Why { what } => View::Why(views::why(source, told, what).map_err(|e| match e {
            WhyError::Read(e) => failed(e),
            other => Trouble::input(other),
        })?),
        Request::Effects { event } => {
            let id = event.parse().map_err(|e: lares_model::NotAnEventId| Trouble::input(e))?;
            View::Log(views::effects(source, told, id).map_err(failed)?)
        }
        Request::Plan => View::Plan(views::plan(source, told).map_err(failed)?),
        Request::Interlocks => View::Interlocks(views::interlocks(source, told).map_err(failed)?),
        Request::Questions => View::Questions(views::questions(source, told).map_err(failed)?),
        Request::Trust => View::Trust(views::trust(source).map_err(failed)?),
        Request::SeriesKept => View::SeriesKept(views::kept(source).map_err(failed)?),
        Request::Countdowns => View::Countdowns(views::countdowns(source, told).map_err(failed)?),
        Request::Calls => View::Calls(views::calls(source).map_err(failed)?),
        Request::CallsNow => View::Calls(views::calls_now(source).map_err(failed)?),
        Request::CallSound { call } => {
            let sound = views::call_sound(source, call).map_err(failed)?;
            let missing = || Trouble::input(format!("there is no sound of call {call}"));
            View::CallSound(Box::new(sound.ok_or_else(missing)?))
        }
        Request::Timers => View::Timers(views::timers(source, told).map_err(failed)?),
        Request::Nodes { kind } => {
            let kind = views::parse_kind(kind).map_err(Trouble::input)?;
            View::Nodes(views::nodes(source, kind).map_err(failed)?)
        }
        Request::Node { name } => {
            let names = Names::read(source).map_err(failed)?.told_in(told.tongue);
            let id = names.find(name).map_err(Trouble::input)?.id;
            let node = views::node(source, &names, id).map_err(failed)?;
            View::Node(Box::new(node.ok_or_else(|| Trouble::failed("it was removed just now"))?))
        }
        Request::Find { filter, limit, at } => {
            let at = instants(told, at)?;
            View::Found(views::find(source, told, filter, *limit, at).map_err(asked)?)
        }
        Request::Agenda { from, to, only } => {
            let found = views::agenda(source, told, from.as_deref(), to.as_deref(), only);
            View::Agenda(found.map_err(asked)?)
        }
        Request::Dump { filter, at } => {
            let at = instants(told, at)?;
            View::Dump(Box::new(views::dump(source, told, filter, at).map_err(asked)?))
        }
        Request::Match { query } => {
            let clock = SystemClock::default();
            let elapsed = || clock.elapsed();
            View::Matches(views::matches(source, told, query, &elapsed).map_err(asked)?)
        }
        Request::Neighbours { name, filter } => {
            let kind = filter.kind.as_deref().map(views::parse_edge).transpose().map_err(Trouble::input)?;
            let id = Names::read(source).map_err(failed)?.find(name).map_err(Trouble::input)?.id;
            let found = views::neighbours(source, told, id, filter, kind).map_err(failed)?;
            View::Neighbours(found.ok_or_else(|| Trouble::failed("it was removed just now"))?)
        }
        Request::History { name } => {
            let names = Names::read(source).map_err(failed)?.told_in(told.tongue);
            let id = match names.find(name) {
                Ok(named) => named.id,
                // What is there no more has no name; its id still tells.
                Err(unknown) => views::node_id(name).ok_or_else(|| Trouble::input(unknown))?,
            };
            View::History(views::history(source, &names, id).map_err(failed)?)
        }
        Request::Series { name, filter } => {
            View::Series(views::series(source, told, name, filter).map_err(|e| match e {
                SeriesError::Read(e) => failed(e),
                other => Trouble::input(other),
            })?)
        }
        Request::Set { .. }
        | Request::Say { .. }
        | Request::SeriesImport { .. }
        | Request::Acknowledge { .. }
        | Request::Answer { .. }
        | Request::StopRing { .. }
        | Request::Release { .. }
        | Request::Timer { .. }
        | Request::Speak { .. }
        | Request::Hear { .. }
        | Request::Undo { .. }
        | Request::Rules
        | Request::Scenes
        | Request::Blueprints
        | Request::TryRule { .. }
        | Request::Reload
        | Request::Record { .. }
        | Request::People
        | Request::Invite { .. }
        | Request::Guests
        | Request::MakeGuest { .. }
        | Request::EndGuest { .. }
        | Request::Changes
        | Request::EndChange { .. }
        | Request::Tokens
        | Request::EndToken { .. }
        | Request::Stop => {
            return Err(Trouble::failed("no household runs"));
        }
    })
}

fn instants(told: &Telling, named: &Named) -> Result<Instants, Trouble> {
    let at = |text: &Option<String>| text.as_deref().map(|t| views::instant(t, told)).transpose();
    let as_of = at(&named.as_of).map_err(Trouble::input)?;
    Ok(Instants { as_of, valid_at: at(&named.valid_at).map_err(Trouble::input)? })
}
