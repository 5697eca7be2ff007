//! The home's files, for owners: shown, checked while they are typed, changed, confirmed, taken back.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use lares_config::{Diagnostic, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::control::Reloaded;
use crate::files::{ChangeView, Desk, DiffLine, Edit, Listed, Text, diff, tag};
use crate::tongue::Tongue;
use crate::web::call::{Answered, Call, done, json, to_the_end};
use crate::web::problem::Problem;

/// How long somebody has to confirm, in seconds.
const STANDARD: u64 = 300;
const SHORTEST: u64 = 5;
const LONGEST: u64 = 86_400;
/// Files that change with another one.
const OTHERS: usize = 20;

#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct FilesView {
    pub files: Vec<Listed>,
    /// What was changed here, the newest first.
    pub changes: Vec<ChangeView>,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct FileText {
    pub path: String,
    pub text: String,
    /// For `If-Match`; the same as the `ETag`.
    pub tag: String,
}

/// A text for a file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Draft {
    /// Relative to the home folder: `lights.toml`. It need not be there yet.
    #[schemars(length(min = 1, max = 200))]
    pub path: String,
    pub text: String,
    /// Other files that change with it: they are checked together.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub also: Vec<Other>,
}

/// A text for another file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Other {
    #[schemars(length(min = 1, max = 200))]
    pub path: String,
    pub text: String,
}

/// A text for another file, and what it is based on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct OtherEdit {
    #[schemars(length(min = 1, max = 200))]
    pub path: String,
    pub text: String,
    /// The tag of the text that was edited; null: the file is new.
    pub tag: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Apply {
    #[schemars(length(min = 1, max = 200))]
    pub path: String,
    pub text: String,
    /// Other files that change with it: all are in force together, and go back together.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub also: Vec<OtherEdit>,
    /// It goes back by itself unless it is confirmed within so many seconds; without it, 300.
    #[serde(default)]
    #[schemars(range(min = 5, max = 86_400))]
    pub confirm_within_s: Option<u64>,
}

/// What the home would be with a text.
#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Checked {
    /// It would be a good home.
    pub ok: bool,
    /// In the order of the files.
    pub problems: Vec<ProblemView>,
    /// What would change in the file as it is on disk now.
    pub diff: Vec<DiffLine>,
    /// The same of the others.
    pub also: Vec<OtherDiff>,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct OtherDiff {
    pub path: String,
    pub diff: Vec<DiffLine>,
}

/// What the checker says, as `lares check` does.
#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct ProblemView {
    /// `error` or `warning`.
    pub severity: String,
    pub code: String,
    /// Null: the problem is the folder's.
    pub file: Option<String>,
    /// From 1; 0 without a file.
    pub line: u32,
    /// In characters, from 1; 0 without a file.
    pub column: u32,
    /// Characters of the value on that line.
    pub length: usize,
    pub key_path: String,
    pub message: String,
    pub help: Option<String>,
    /// The line that it is about.
    pub excerpt: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Applied {
    pub change: ChangeView,
    pub reloaded: Reloaded,
}

impl ProblemView {
    fn of(problem: &Diagnostic, tongue: Tongue) -> Self {
        let (excerpt, length) = problem.excerpt().unzip();
        Self {
            severity: if problem.severity == Severity::Error { "error" } else { "warning" }.to_owned(),
            code: problem.code.to_owned(),
            file: problem.file.as_ref().map(ToString::to_string),
            line: problem.line,
            column: problem.column,
            length: length.unwrap_or(0),
            key_path: problem.key_path.clone(),
            message: tongue.reason(&problem.message),
            help: problem.help.as_deref().map(|help| tongue.reason(help)),
            excerpt,
        }
    }
}

pub(in crate::web) async fn list(call: Call) -> Answered {
    let files = call.shared.asked.setup.files.clone();
    let view = call.shared.work(move || {
        let changes = files.changes().iter().map(|c| c.view()).collect();
        Ok(FilesView { files: files.list(), changes })
    });
    call.show(&view.await?)
}

pub(in crate::web) async fn text(call: Call) -> Answered {
    let (files, path) =
        (call.shared.asked.setup.files.clone(), call.text("path").unwrap_or_default().to_owned());
    let read = call.shared.work(move || {
        let text = files.text(&path)?.ok_or_else(|| Problem::missing(format!("there is no file {path}")))?;
        Ok(FileText { tag: tag(&text), path, text })
    });
    let view = read.await?;
    let mut response = json(StatusCode::OK, serde_json::to_vec(&view).map_err(Problem::failed)?);
    let etag = HeaderValue::from_str(&format!("\"{}\"", view.tag)).map_err(Problem::failed)?;
    response.headers_mut().insert(header::ETAG, etag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Nothing is written.
pub(in crate::web) async fn check(call: Call) -> Answered {
    let (files, Draft { path, text, also }) = (call.shared.asked.setup.files.clone(), call.json()?);
    few(also.len())?;
    let tongue = call.asked.tongue();
    let checked = call.shared.work(move || {
        let mut texts = vec![(path.as_str(), text.as_str())];
        texts.extend(also.iter().map(|o| (o.path.as_str(), o.text.as_str())));
        let (ok, problems) = match files.folder.check(files.with(&texts)?) {
            Ok(loaded) => (true, loaded.warnings),
            Err(problems) => (false, problems),
        };
        let differs =
            |path: &str, text: &str| Ok::<_, Problem>(diff(&files.text(path)?.unwrap_or_default(), text));
        let others = also
            .iter()
            .map(|o| differs(&o.path, &o.text).map(|diff| OtherDiff { path: o.path.clone(), diff }));
        let also = others.collect::<Result<Vec<_>, Problem>>()?;
        let problems = problems.iter().map(|problem| ProblemView::of(problem, tongue)).collect();
        Ok(Checked { ok, problems, diff: differs(&path, &text)?, also })
    });
    done(StatusCode::OK, &checked.await?)
}

pub(in crate::web) async fn apply(call: Call) -> Answered {
    let Apply { path, text, also, confirm_within_s } = call.json()?;
    few(also.len())?;
    let within = confirm_within_s.unwrap_or(STANDARD);
    if !(SHORTEST..=LONGEST).contains(&within) {
        let words = format!("`confirm_within_s` can't be {within}; allowed: {SHORTEST} to {LONGEST}");
        return Err(Problem::input(words));
    }
    let first = Text { path, text, on: edited(&call)? };
    let also = also.into_iter().map(|o| Text { path: o.path, text: o.text, on: o.tag }).collect();
    let edit = Edit { first, also, within: Duration::from_secs(within) };
    let person = call.visitor()?.person.clone();
    to_the_end(async move {
        let zone = call.shared.home().household.zone.iana_name().unwrap_or("UTC").to_owned();
        let (change, reloaded) = Desk::of(&call.shared.asked).apply(edit, &person, &zone).await?;
        done(StatusCode::OK, &Applied { change: change.view(), reloaded })
    })
    .await
}

fn few(others: usize) -> Result<(), Problem> {
    let most = format!("`also` has {others} files; allowed: at most {OTHERS}");
    (others <= OTHERS).then_some(()).ok_or_else(|| Problem::input(most))
}

/// The tag of the text that was edited, as the headers say it; none: the file is new.
fn edited(call: &Call) -> Result<Option<String>, Problem> {
    let header = |name| call.headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    match (header(header::IF_MATCH), header(header::IF_NONE_MATCH)) {
        (Some(tag), None) => match tag.trim().strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
            Some(tag) => Ok(Some(tag.to_owned())),
            None => Err(Problem::input("If-Match names one tag, as the text came with: \"...\"")),
        },
        (None, Some("*")) => Ok(None),
        _ => Err(Problem::unconditional(
            "say which text was edited: If-Match with its ETag, or If-None-Match: * for a new file",
        )),
    }
}

pub(in crate::web) async fn confirm(call: Call) -> Answered {
    let (id, person) = (id(&call)?, call.visitor()?.person.clone());
    to_the_end(async move {
        let change = Desk::of(&call.shared.asked).confirm(id, &person).await?;
        done(StatusCode::OK, &change.view())
    })
    .await
}

pub(in crate::web) async fn take_back(call: Call) -> Answered {
    let (id, person) = (id(&call)?, call.visitor()?.person.clone());
    to_the_end(async move {
        let (change, reloaded) = Desk::of(&call.shared.asked).take_back(id, Some(&person)).await?;
        done(StatusCode::OK, &Applied { change: change.view(), reloaded })
    })
    .await
}

fn id(call: &Call) -> Result<u64, Problem> {
    let id = call.part("id");
    id.parse().map_err(|_| Problem::missing(format!("there is no change `{id}`")))
}
