//! The commands that only look.

use lares_surfaces::control::{Request, Response, View};
use lares_surfaces::views::{
    self, Attention, DeviceView, LogFilter, LogLine, Moment, SeriesFilter, Telling, attention, instant,
};
use serde::Serialize;
use serde_json::Value as Json;

use super::args::{DevicesArgs, Global, HistoryArgs, LogArgs, TreeArgs, WhyArgs};
use super::ask::{Answered, Household, unexpected};
use super::exit::{Failure, Outcome};
use super::{out, planned};

pub(super) async fn ask(global: &Global, request: &Request) -> Result<Answered, Failure> {
    Household::find(&global.data()?).await?.ask(request).await
}

/// The view as an object that also says whether the household runs; a list goes under `name`.
pub(super) fn envelope(told: &Telling, name: &str, view: &impl Serialize) -> Json {
    let view = serde_json::to_value(view).unwrap_or_default();
    let mut all = serde_json::Map::new();
    all.insert("running".to_owned(), told.running.into());
    all.insert("now".to_owned(), Moment(told.now).to_string().into());
    match view {
        Json::Object(fields) => all.extend(fields),
        other => drop(all.insert(name.to_owned(), other)),
    }
    Json::Object(all)
}

pub(super) fn show(
    global: &Global,
    told: &Telling,
    name: &str,
    view: &impl Serialize,
    text: impl FnOnce() -> String,
) -> Outcome {
    if global.json {
        out::json(&envelope(told, name, view))
    } else {
        out::text(&format!("{}{}", resting(told), text()))
    }
}

fn resting(told: &Telling) -> &'static str {
    if told.running { "" } else { "(no household answers: this is what was kept last)\n" }
}

pub(super) async fn devices(global: &Global, args: &DevicesArgs) -> Outcome {
    let Answered { told, view } = ask(global, &Request::Devices { all: args.all }).await?;
    let View::Devices(devices) = view else { return Err(unexpected()) };
    // Which are new is told by the home files, if they can be read.
    let home = global.home().ok().and_then(|root| {
        lares_config::load(&root, &global.overrides, super::check::environment()).ok().map(|l| l.home)
    });
    let known = |d: &DeviceView| home.as_ref().map(|home| lares_surfaces::files::bound(home, d).is_some());
    let asked: Vec<Attention> = [
        (args.new, Attention::New),
        (args.unplaced, Attention::Unplaced),
        (args.ill, Attention::Ill),
        (args.low, Attention::LowBattery),
        (args.outdated, Attention::Outdated),
    ]
    .into_iter()
    .filter_map(|(is, need)| is.then_some(need))
    .collect();
    if args.new && home.is_none() {
        return Err(Failure::input("the home files cannot be read, so that nobody knows what is new")
            .hint("`lares check` shows what is wrong; name the folder with --home"));
    }
    let mut devices = devices;
    devices.retain(|d| asked.is_empty() || attention(d, known(d)).iter().any(|n| asked.contains(n)));
    if global.json {
        let mut all = serde_json::to_value(&devices).map_err(Failure::failed)?;
        for (view, device) in all.as_array_mut().into_iter().flatten().zip(&devices) {
            view["needs"] =
                serde_json::to_value(attention(device, known(device))).map_err(Failure::failed)?;
        }
        return out::json(&all);
    }
    if devices.is_empty() && !asked.is_empty() {
        return out::line("none");
    }
    out::text(&format!("{}{}", resting(&told), views::devices_text(&devices, &told, known)))
}

pub(super) async fn status(global: &Global) -> Outcome {
    let mut household = Household::find(&global.data()?).await?;
    let Answered { told, view } = household.ask(&Request::Status).await?;
    let View::Status(status) = view else { return Err(unexpected()) };
    show(global, &told, "status", &status, || views::status_text(&status, &told))?;
    match household {
        // Scripts that watch the household go by this.
        Household::Silent(_) => Err(Failure::silent(1)),
        _ => Ok(()),
    }
}

pub(super) async fn tree(global: &Global, args: &TreeArgs) -> Outcome {
    let data = global.data()?;
    let mut household = match Household::find(&data).await {
        Ok(household @ Household::Running(_)) => household,
        // The plan needs no data.
        Ok(Household::Resting(_) | Household::Silent(_)) => return planned::show(global.json),
        Err(_) if !data.join("data.mdb").exists() && !data.join("lock").exists() => {
            return planned::show(global.json);
        }
        Err(e) => return Err(e),
    };
    let Answered { told, view } = household.ask(&Request::Tree).await?;
    let View::Tree(tree) = view else { return Err(unexpected()) };
    show(global, &told, "tree", &tree, || views::tree_text(&tree, args.all))
}

pub(super) async fn why(global: &Global, args: &WhyArgs) -> Outcome {
    if args.effects {
        let Answered { told, view } = ask(global, &Request::Effects { event: args.what.clone() }).await?;
        let View::Log(page) = view else { return Err(unexpected()) };
        return page.events.iter().try_for_each(|line| print(global, line, &told));
    }
    let Answered { told, view } = ask(global, &Request::Why { what: args.what.clone() }).await?;
    let View::Why(answer) = view else { return Err(unexpected()) };
    if args.line && !global.json {
        return out::line(&views::why_line(&answer));
    }
    show(global, &told, "why", &answer, || views::why_text(&answer, &told, args.full))
}

pub(super) async fn plan(global: &Global) -> Outcome {
    let Answered { told, view } = ask(global, &Request::Plan).await?;
    let View::Plan(plan) = view else { return Err(unexpected()) };
    show(global, &told, "plan", &plan, || views::plan_text(&plan, &told))
}

pub(super) async fn timers(global: &Global) -> Outcome {
    let Answered { told, view } = ask(global, &Request::Timers).await?;
    let View::Timers(timers) = view else { return Err(unexpected()) };
    show(global, &told, "timers", &timers, || views::timers_text(&timers, &told))
}

pub(super) async fn interlocks(global: &Global) -> Outcome {
    let Answered { told, view } = ask(global, &Request::Interlocks).await?;
    let View::Interlocks(all) = view else { return Err(unexpected()) };
    show(global, &told, "interlocks", &all, || views::interlocks_text(&all, &told))
}

pub(super) async fn questions(global: &Global) -> Outcome {
    let Answered { told, view } = ask(global, &Request::Questions).await?;
    let View::Questions(all) = view else { return Err(unexpected()) };
    show(global, &told, "questions", &all, || views::questions_text(&all, &told))
}

pub(super) async fn trust(global: &Global) -> Outcome {
    let Answered { told, view } = ask(global, &Request::Trust).await?;
    let View::Trust(all) = view else { return Err(unexpected()) };
    show(global, &told, "trust", &all, || views::trust_text(&all))
}

pub(super) async fn log(global: &Global, args: &LogArgs) -> Outcome {
    let mut household = Household::find(&global.data()?).await?;
    let filter = filter(args, &household.telling().await?)?;
    let request = Request::Log { filter, follow: args.follow && matches!(household, Household::Running(_)) };
    let Answered { told, view } = household.ask(&request).await?;
    let View::Log(page) = view else { return Err(unexpected()) };
    page.events.iter().try_for_each(|line| print(global, line, &told))?;
    if page.more && args.limit.is_none() && !args.follow && !global.json {
        out::line(&format!("(there are older ones: --limit {} shows more)", page.events.len() * 4))?;
    }
    if !args.follow && page.gaps > 0 {
        return Err(Failure::failed(format!("{} entries cannot be read", page.gaps))
            .hint("`lares graph check` tells what is damaged; `lares restore` makes a new data folder from a backup"));
    }
    if !args.follow {
        return Ok(());
    }
    let Household::Running(mut client) = household else {
        return Err(
            Failure::failed("no household runs: nothing more will come").hint("start it with `lares run`")
        );
    };
    loop {
        tokio::select! {
            biased;
            _ = tokio::signal::ctrl_c() => return Ok(()),
            line = client.next() => match line? {
                Some(Response::Line { told, line }) => print(global, &line, &told.telling())?,
                Some(Response::Trouble(trouble)) => return Err(trouble.into()),
                Some(Response::View { .. }) => return Err(unexpected()),
                None => return Err(Failure::failed("the household stopped")),
            },
        }
    }
}

pub(super) async fn history(global: &Global, args: &HistoryArgs) -> Outcome {
    let mut household = Household::find(&global.data()?).await?;
    let told = household.telling().await?;
    let at = |typed: &Option<String>| typed.as_deref().map(|t| instant(t, &told).map(Moment)).transpose();
    let filter = SeriesFilter {
        property: args.property.clone(),
        from: at(&args.from).map_err(Failure::input)?,
        to: at(&args.to).map_err(Failure::input)?,
        every: args.every.unwrap_or_default(),
    };
    let request = Request::Series { name: args.entity.clone(), filter };
    let Answered { told, view } = household.ask(&request).await?;
    let View::Series(series) = view else { return Err(unexpected()) };
    if args.csv {
        return out::text(&views::series_csv(&series));
    }
    show(global, &told, "series", &series, || views::series_text(&series, &told))
}

fn filter(args: &LogArgs, told: &Telling) -> Result<LogFilter, Failure> {
    let at = |typed: &Option<String>| typed.as_deref().map(|t| instant(t, told).map(Moment)).transpose();
    let since = at(&args.since).map_err(Failure::input)?;
    Ok(LogFilter {
        before: None,
        about: args.entity.clone(),
        kinds: args.kind.clone(),
        rule: args.rule.clone(),
        until: at(&args.until).map_err(Failure::input)?,
        limit: args.limit.unwrap_or(if since.is_some() { 1000 } else { 50 }),
        since,
    })
}

/// For programs: an object a line.
fn print(global: &Global, line: &LogLine, told: &Telling) -> Outcome {
    if global.json {
        out::json_line(&envelope(told, "event", line))
    } else {
        out::line(&views::log_text(line, told))
    }
}
