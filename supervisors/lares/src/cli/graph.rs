//! `lares graph ...`: looking at the life graph and saying something of it.

use std::collections::BTreeMap;

use lares_kernel::Answer;
use lares_model::{Placed, Receipt, Statement, Value};
use lares_surfaces::control::{Named, Request, View};
use lares_surfaces::views;

use super::args::{AtArgs, ByArgs, Global, GraphCommand};
use super::ask::{Answered, SAY, order, running, unexpected};
use super::exit::{Failure, Outcome};
use super::show::{ask, envelope, show};
use super::{exchange, out};

pub(super) async fn graph(global: &Global, command: GraphCommand) -> Outcome {
    let request = match command {
        GraphCommand::Check => return super::backup::check(global),
        GraphCommand::Kinds { kind } => return kinds(global, kind.as_deref()),
        GraphCommand::Export { format, filter, out, at } => {
            return exchange::export(global, format, filter, out.as_deref(), named(at)).await;
        }
        GraphCommand::Import { path, format, dry_run, by } => {
            return exchange::import(global, &path, format, dry_run, by.person).await;
        }
        GraphCommand::Put { .. }
        | GraphCommand::Link { .. }
        | GraphCommand::Unlink { .. }
        | GraphCommand::Merge { .. }
        | GraphCommand::Remove { .. } => return say_one(global, command).await,
        GraphCommand::Nodes { kind } => Request::Nodes { kind },
        GraphCommand::Get { name } => Request::Node { name },
        GraphCommand::Find { filter, limit, at } => Request::Find { filter, limit, at: named(at) },
        GraphCommand::Agenda { from, to, only } => Request::Agenda { from, to, only },
        GraphCommand::Match { query } => Request::Match { query },
        GraphCommand::Neighbours { name, inwards, outwards, kind } => {
            let out = (inwards || outwards).then_some(outwards);
            Request::Neighbours { name, filter: views::NeighbourFilter { out, kind } }
        }
        GraphCommand::History { name } => Request::History { name },
    };
    let Answered { told, view } = ask(global, &request).await?;
    match view {
        View::Nodes(nodes) => show(global, &told, "nodes", &nodes, || views::nodes_text(&nodes)),
        View::Node(node) => show(global, &told, "node", &node, || views::node_text(&node, &told)),
        View::Found(found) => show(global, &told, "nodes", &found, || views::find_text(&found)),
        View::Agenda(all) => show(global, &told, "agenda", &all, || views::agenda_text(&all, &told)),
        View::Matches(found) => show(global, &told, "matches", &found, || views::matches_text(&found)),
        View::Neighbours(all) => show(global, &told, "node", &all, || views::neighbours_text(&all, &told)),
        View::History(all) => show(global, &told, "node", &all, || views::history_text(&all, &told)),
        _ => Err(unexpected()),
    }
}

fn named(at: AtArgs) -> Named {
    Named { as_of: at.as_of, valid_at: at.valid_at }
}

fn kinds(global: &Global, kind: Option<&str>) -> Outcome {
    if let Some(word) = kind {
        let kind = views::parse_kind(word).map_err(Failure::input)?;
        let descriptor = lares_model::descriptor(kind).ok_or_else(unexpected)?;
        return match global.json {
            true => out::json(&serde_json::to_value(descriptor).map_err(Failure::failed)?),
            false => out::text(&format!(
                "{}{}",
                views::kind_text(descriptor),
                views::own_text(&own(global), Some(kind))
            )),
        };
    }
    match global.json {
        true => {
            let mut all = views::kinds_json();
            if let Some(all) = all.as_object_mut() {
                all.insert("own".to_owned(), serde_json::to_value(own(global)).map_err(Failure::failed)?);
            }
            out::json(&all)
        }
        false => {
            let own = views::own_text(&own(global), None);
            let gap = if own.is_empty() { "" } else { "\n" };
            out::text(&format!("{}{gap}{own}", views::kinds_text()))
        }
    }
}

/// What the home folder declares; nothing if there is none that can be read.
fn own(global: &Global) -> Vec<lares_model::OwnProp> {
    let home = global
        .home()
        .ok()
        .and_then(|root| lares_config::load(&root, &global.overrides, super::check::environment()).ok());
    home.map(|l| l.home.fields.values().map(|f| f.prop.clone()).collect()).unwrap_or_default()
}

/// Yes, no, numbers, else text; nothing takes the property away.
fn value(text: &str) -> Option<Value> {
    match text {
        "" => None,
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        // A leading zero or plus is part of a text: of a telephone number, of a bar code.
        other
            if other.starts_with('+')
                || (other.starts_with('0') && other.len() > 1 && !other.starts_with("0.")) =>
        {
            Some(Value::text(other))
        }
        other => match other.parse::<f64>().ok().filter(|n| n.is_finite() && n.to_string() == other) {
            Some(number) => Some(Value::Number(number)),
            None => Some(Value::text(other)),
        },
    }
}

async fn say_one(global: &Global, command: GraphCommand) -> Outcome {
    let (statement, ByArgs { person }) = match command {
        GraphCommand::Put { node, values, since, by } => {
            let mut set: BTreeMap<String, Option<Value>> = BTreeMap::new();
            let mut name = None;
            for (key, text) in values {
                if key == "name" {
                    name = Some(text);
                } else {
                    set.insert(key, value(&text));
                }
            }
            (Statement::Put { node, name, set, since }, by)
        }
        GraphCommand::Link { from, edge, to, values, since, until, by } => {
            let set = values.into_iter().filter_map(|(key, text)| Some((key, value(&text)?))).collect();
            (Statement::Link { from, edge, to, since, until, set }, by)
        }
        GraphCommand::Unlink { from, edge, to, since, by } => {
            (Statement::Unlink { from, edge, to, since }, by)
        }
        GraphCommand::Merge { from, into, by } => (Statement::Merge { from, into }, by),
        GraphCommand::Remove { node, by } => (Statement::Remove { node }, by),
        _ => return Err(unexpected()),
    };
    say(global, vec![Placed::from(statement)], String::new(), person).await
}

/// Says it to the running household; told once it is kept.
pub(super) async fn say(
    global: &Global,
    statements: Vec<Placed>,
    import: String,
    person: Option<String>,
) -> Outcome {
    let mut client = running(&global.data()?).await?;
    let request = Request::Say { statements, import, person };
    let Answered { told, view } = order(&mut client, &request, SAY).await?;
    let View::Answers(answers) = view else { return Err(unexpected()) };
    for came in &answers {
        if let Receipt::Refused(reason) = &came.answer.receipt {
            return Err(Failure::input(reason));
        }
    }
    if global.json {
        out::json(&envelope(&told, "answers", &answers))?;
    } else {
        answers.iter().try_for_each(|a| out::line(&words(&a.answer)))?;
    }
    let done = !answers.is_empty() && answers.iter().all(|a| a.answer.receipt == Receipt::Confirmed);
    if done { Ok(()) } else { Err(Failure::silent(1)) }
}

fn words(answer: &Answer) -> String {
    match (answer.event, &answer.receipt) {
        (Some(event), Receipt::Confirmed) => format!("{} kept ({event})", answer.entity),
        (None, Receipt::Confirmed) => "nothing has changed: it was so already".to_owned(),
        (_, other) => format!("{}: {other}", answer.entity),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_values_keep_their_meaning() {
        assert_eq!(value("true"), Some(Value::Bool(true)));
        assert_eq!(value("2.5"), Some(Value::Number(2.5)));
        for text in ["0049123", "+49123", "2.50", "1e3", "2026-11-25"] {
            assert_eq!(value(text), Some(Value::text(text)), "{text}");
        }
        assert_eq!(value(""), None);
    }
}
