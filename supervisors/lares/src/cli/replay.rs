//! `lares replay`: what a household would have done on a recorded day.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lares_config::Home;
use lares_kernel::{Clock, SystemClock};
use lares_model::Timestamp;
use lares_sim::recording::Span;
use lares_sim::{Deed, Options, Source, Summary};
use lares_surfaces::tongue::Tongue;
use lares_surfaces::views::{Telling, instant, plain, table};
use serde_json::json;

use super::args::{Global, ReplayArgs, Reports};
use super::check::environment;
use super::compare;
use super::exit::{Failure, Outcome};
use super::out;

/// Troubles that are shown one by one.
const SHOWN: usize = 5;

pub(super) fn replay(global: &Global, args: &ReplayArgs) -> Outcome {
    let home = load(global, &global.home()?)?;
    let source = source(global, args, &home)?;
    let run = |home: &Arc<Home>, data| {
        let options = Options {
            source: source.clone(),
            home: home.clone(),
            seed: args.seed,
            reports: match args.reports {
                Reports::Manual => lares_sim::Reports::Manual,
                Reports::Ignore => lares_sim::Reports::Ignore,
            },
            data,
            version: crate::run::VERSION.to_owned(),
        };
        lares_sim::replay(&options).map_err(|e| match e.is_input() {
            true => Failure::input(e),
            false => Failure::failed(e),
        })
    };
    let against = args.against.as_ref().map(|dir| load(global, dir)).transpose()?;
    let summary = run(&home, kept_in(global)?)?;
    let Some(against) = against else {
        return if global.json { tell_json(&summary, args.full) } else { tell(&summary, &home, args) };
    };
    compare::tell(&run(&against, None)?, &summary, &home, global.json)
}

fn load(global: &Global, dir: &Path) -> Result<Arc<Home>, Failure> {
    let loaded = lares_config::load(dir, &global.overrides, environment()).map_err(|problems| {
        let _ = write!(std::io::stderr(), "{}", lares_config::render(&problems, false));
        Failure::input("nothing was replayed").hint("`lares check` shows the problems again")
    })?;
    Ok(loaded.home)
}

fn source(global: &Global, args: &ReplayArgs, home: &Home) -> Result<Source, Failure> {
    if let Some(recording) = &args.recording {
        return Ok(Source::Recording(recording.clone()));
    }
    let now = SystemClock::default().now();
    let tongue = Tongue::of(&home.household.language).unwrap_or_default();
    let told = Telling { now, zone: home.household.zone.clone(), running: false, tongue };
    let at = |typed: &Option<String>| {
        typed.as_deref().map_or(Ok(now), |t| instant(t, &told)).map_err(Failure::input)
    };
    let living = std::env::var_os("LARES_DATA").filter(|d| !d.is_empty()).map(PathBuf::from);
    let data = match args.of.clone().or(living) {
        Some(data) => data,
        None => Global { data: None, ..global.clone() }.data()?,
    };
    Ok(Source::Kept(Span { data, from: at(&args.since)?, to: at(&args.until)? }))
}

/// Where the journal shall stay. The folder of the environment is the living household's, and not meant.
fn kept_in(global: &Global) -> Result<Option<PathBuf>, Failure> {
    let meant =
        global.data.as_ref().filter(|d| std::env::var_os("LARES_DATA").as_deref() != Some(d.as_os_str()));
    meant.map(|_| global.data()).transpose()
}

fn tell_json(summary: &Summary, full: bool) -> Outcome {
    for deed in summary.deeds.iter().filter(|_| full) {
        let at = jiff::Timestamp::from_microsecond(deed.at.0).map(|t| t.to_string()).unwrap_or_default();
        out::json_line(&json!({ "at": at, "entity": deed.entity, "what": deed.what, "by": deed.by }))?;
    }
    out::json_line(&serde_json::to_value(summary).map_err(Failure::failed)?)
}

fn tell(summary: &Summary, home: &Home, args: &ReplayArgs) -> Outcome {
    let mut text = lines(summary, home);
    let days = by_day(&summary.deeds, home);
    if args.full {
        for (day, deeds) in &days {
            text.push_str(&format!("\n{day}\n"));
            text.push_str(&table(&deeds.iter().map(|(time, deed)| row(time, deed)).collect::<Vec<_>>()));
        }
    } else {
        text.push_str(&tables(summary, &days));
        text.push_str("\n`--full` shows each of them with its time; `--data DIR` keeps the journal for `lares why` and `lares log`.\n");
    }
    text.push_str(&format!(
        "\njournal  {} entries, SHA-256 {}\n",
        summary.journal_entries, summary.journal_hash
    ));
    out::text(&text)
}

fn lines(s: &Summary, home: &Home) -> String {
    let days = s.virtual_seconds / 86_400.0;
    let mut text = format!(
        "{}: {days:.1} days in {:.2} s ({:.0} events a second), seed {}\n",
        plain(&home.household.name),
        s.wall_seconds,
        s.events_per_second,
        s.seed
    );
    text.push_str(&format!("{} lines were fed", s.events));
    for (n, words) in [
        (s.manual, "of them as moved by hand"),
        (s.ignored, "were left out as reports"),
        (s.answers, "answers to commands of then were left out"),
        (s.unbound, "are of nothing in this home"),
        (s.broken, "could not be read"),
        (s.out_of_order, "were out of order"),
        (s.problems, "problems of drivers or rules"),
        (s.restarts, "failures of actors"),
    ] {
        if n > 0 {
            text.push_str(&format!(", {n} {words}"));
        }
    }
    text.push('\n');
    for trouble in s.troubles.iter().take(SHOWN) {
        text.push_str(&format!("  line {}: {}\n", trouble.line, plain(&trouble.reason)));
    }
    let told = |counts: &BTreeMap<String, u64>| {
        counts
            .iter()
            .map(|(word, n)| format!("{n} {}", word.replace('_', " ")))
            .collect::<Vec<_>>()
            .join(", ")
    };
    text.push_str(&format!("{} commands would have left: {}\n", s.commands, told(&s.receipts)));
    text.push_str(&format!("wishes: {}\n", told(&s.decisions)));
    text
}

fn tables(s: &Summary, days: &Days<'_>) -> String {
    let row = |cells: &[&dyn std::fmt::Display]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut rules = vec![row(&[&"rule", &"fired", &"not met", &"commands", &"words", &"failed"])];
    rules.extend(
        s.rules.iter().map(|(key, c)| row(&[key, &c.fired, &c.skipped, &c.commands, &c.notices, &c.failed])),
    );
    let mut entities = vec![row(&[&"entity", &"commands"])];
    entities.extend(s.entities.iter().map(|(name, n)| row(&[name, n])));
    let mut by_day = vec![row(&[&"day", &"commands", &"words"])];
    for (day, deeds) in days {
        let commands = deeds.iter().filter(|(_, d)| d.entity.is_some()).count();
        by_day.push(row(&[day, &commands, &(deeds.len() - commands)]));
    }
    let tables = [rules, entities, by_day];
    tables.iter().filter(|t| t.len() > 1).map(|t| format!("\n{}", table(t))).collect()
}

type Days<'a> = BTreeMap<String, Vec<(String, &'a Deed)>>;

/// Deeds by local date, each with its local time.
fn by_day<'a>(deeds: &'a [Deed], home: &Home) -> Days<'a> {
    let mut days = Days::new();
    for deed in deeds {
        let (day, time) = civil(deed.at, home);
        days.entry(day).or_default().push((time, deed));
    }
    days
}

pub(super) fn civil(at: Timestamp, home: &Home) -> (String, String) {
    match jiff::Timestamp::from_microsecond(at.0) {
        Ok(at) => {
            let local = at.to_zoned(home.household.zone.clone());
            (local.strftime("%Y-%m-%d %a").to_string(), local.strftime("%H:%M:%S").to_string())
        }
        Err(_) => ("beyond all calendars".to_owned(), at.0.to_string()),
    }
}

fn row(time: &str, deed: &Deed) -> Vec<String> {
    vec![format!("  {time}"), plain(&what(deed)), plain(&deed.by)]
}

/// What was moved and how, or what was said.
pub(super) fn what(deed: &Deed) -> String {
    match &deed.entity {
        Some(entity) => format!("{entity} {}", deed.what),
        None => format!("says: {}", deed.what),
    }
}
