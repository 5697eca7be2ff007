//! `lares doctor`: what is missing on this machine, and how to get it.

mod folders;
mod machine;
mod privacy;
mod service;
mod space;
mod voice;

use serde::Serialize;
use serde_json::json;

use super::args::Global;
use super::exit::{Failure, Outcome};
use super::out;

pub(super) use service::unit;

/// How something stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Grade {
    Ok,
    /// It works without.
    Warn,
    /// It does not.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    grade: Grade,
    found: String,
    /// How to mend it.
    mend: Option<String>,
}

impl Finding {
    fn ok(what: &'static str, found: impl Into<String>) -> Self {
        Self { what, grade: Grade::Ok, found: found.into(), mend: None }
    }

    fn warn(what: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what, grade: Grade::Warn, found: found.into(), mend: Some(mend.into()) }
    }

    fn bad(what: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what, grade: Grade::Bad, found: found.into(), mend: Some(mend.into()) }
    }
}

pub(super) async fn doctor(global: &Global) -> Outcome {
    let (home, data) = (global.home()?, global.data()?);
    let (running, household) = machine::household(&data).await;
    let (loaded, home_finding) = folders::home(&home, &global.overrides);
    let mut findings =
        vec![home_finding, folders::data(&data), folders::space(&data), privacy::sealing(&data), household];
    findings.extend(space::space(&data));
    findings.extend(loaded.as_deref().and_then(|home| machine::https(home, &data)));
    findings.extend(loaded.as_deref().and_then(|home| voice::voice(home, &data)));
    findings.extend(loaded.as_deref().and_then(voice::sound));
    findings.extend(machine::broker(loaded.as_deref(), running));
    findings.extend([machine::clock(), machine::mosquitto(), service::installed()]);
    let bad = findings.iter().any(|f| f.grade == Grade::Bad);
    if global.json {
        out::json(&json!({ "ok": !bad, "running": running, "findings": findings }))?;
    } else {
        findings.iter().try_for_each(|f| out::text(&told(f)))?;
    }
    if bad { Err(Failure::silent(1)) } else { Ok(()) }
}

fn told(f: &Finding) -> String {
    let word = match f.grade {
        Grade::Ok => "ok  ",
        Grade::Warn => "warn",
        Grade::Bad => "BAD ",
    };
    let mend = f.mend.as_ref().map(|m| format!("                  {m}\n")).unwrap_or_default();
    format!("{word}  {:<10}  {}\n{mend}", f.what, f.found)
}
