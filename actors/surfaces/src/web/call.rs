//! One request on its way to its handler, and what the handlers share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lares_config::Home;
use lares_model::{Body, Draft, NodeId, Origin};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::live::Live;
use super::once::{Once, Turn};
use super::problem::Problem;
use super::tls::Tls;
use super::visitor::{Peer, Visitor};
use crate::auth::Access;
use crate::away::away;
use crate::control::{Asked, Request, View};

pub(super) type Answered = Result<Response, Problem>;

/// What all requests share.
pub(super) struct Shared {
    pub asked: Asked,
    pub live: Live,
    pub once: Once,
    pub counts: Counts,
    /// None: plain HTTP.
    pub tls: Option<Arc<Tls>>,
}

/// For `/metrics`.
#[derive(Default)]
pub(super) struct Counts {
    pub fine: AtomicU64,
    pub refused: AtomicU64,
    pub failed: AtomicU64,
    pub connections: AtomicUsize,
    pub streams: AtomicUsize,
}

impl Shared {
    pub fn home(&self) -> Arc<Home> {
        (self.asked.setup.in_force)()
    }

    pub fn access(&self) -> &Arc<Access> {
        &self.asked.setup.access
    }

    /// Does what blocks away from the threads that serve.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        away(&self.asked.world, work).await.unwrap_or_else(|e| Err(Problem::failed(e)))
    }

    /// Writes down who changed what, for everybody to see in the journal.
    pub fn audit(&self, person: &str, text: String) {
        let body = Body::Notice { text };
        let draft = Draft::new(NodeId::household(), Origin::Person(person.into()), body);
        self.asked.world.publish(draft);
    }
}

/// A request that may be answered.
pub(super) struct Call {
    pub shared: Arc<Shared>,
    /// Asks in the language of whoever calls.
    pub asked: Asked,
    /// None only on routes that are open.
    pub visitor: Option<Visitor>,
    pub path: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub peer: Peer,
}

impl Call {
    pub fn visitor(&self) -> Result<&Visitor, Problem> {
        self.visitor.as_ref().ok_or_else(|| Problem::who("this is for people of the household"))
    }

    /// A part of the path; the router has matched it.
    pub fn part(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub fn number(&self, name: &str, standard: usize) -> usize {
        self.query.get(name).and_then(|n| n.parse().ok()).unwrap_or(standard)
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::media(format!("the body is `{kind}`; allowed: application/json")));
        }
        // A list of the right values in the right order would do for serde.
        if self.body.trim_ascii_start().first() != Some(&b'{') {
            return Err(Problem::input("the body is no JSON object"));
        }
        serde_json::from_slice(&self.body).map_err(|e| Problem::input(format!("the body: {e}")))
    }

    /// The browser's own words for itself, shortened.
    pub fn agent(&self) -> String {
        let words = self.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("unknown");
        words.chars().take(120).collect()
    }

    /// Asks as the control socket does.
    pub async fn ask(&self, request: Request) -> Result<View, Problem> {
        Ok(self.asked.ask(request).await?.1)
    }

    /// Does what is wished, once for each `Idempotency-Key` of the visitor, and answers with what came of it.
    pub async fn once<T: Serialize>(&self, work: impl Future<Output = Result<T, Problem>>) -> Answered {
        let turn = self.shared.once.begin(&self.visitor()?.person, &self.headers, &self.body).await?;
        let pending = match turn {
            Turn::Done(kept) => return Ok(kept),
            Turn::Begin(pending) => pending,
        };
        let answered = work.await;
        match (pending, &answered) {
            (Some(pending), Ok(done)) => self.shared.once.end(pending, Some(done)).await?,
            // Refused before anything happened: it may be made again. After a failure nobody knows.
            (Some(pending), Err(problem)) if problem.status < 500 => {
                self.shared.once.end(pending, None::<&T>).await?;
            }
            _ => {}
        }
        done(StatusCode::OK, &answered?)
    }

    /// A view as JSON, with the tag by which it is known again.
    pub fn show(&self, view: &impl Serialize) -> Answered {
        let body = serde_json::to_vec(view).map_err(Problem::failed)?;
        let hash: String = Sha256::digest(&body).iter().take(12).map(|b| format!("{b:02x}")).collect();
        let tag = format!("\"{hash}\"");
        let known = self.headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
        let same = known.is_some_and(|k| {
            k.split(',').any(|k| k.trim().trim_start_matches("W/") == tag || k.trim() == "*")
        });
        let mut response =
            if same { StatusCode::NOT_MODIFIED.into_response() } else { json(StatusCode::OK, body) };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(Problem::failed)?);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
        Ok(response)
    }

    /// As [`Call::show`], with the way to the next page.
    pub fn page(&self, view: &impl Serialize, next: Option<String>) -> Answered {
        let mut response = self.show(view)?;
        if let Some(next) = next {
            let link = HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).map_err(Problem::failed)?;
            response.headers_mut().insert(header::LINK, link);
        }
        Ok(response)
    }
}

/// Goes on to its end, also when whoever asked has left: what is half done on disk would be seen by nobody.
pub(super) async fn to_the_end(work: impl Future<Output = Answered> + Send + 'static) -> Answered {
    let ended = tokio::spawn(work).await;
    ended.unwrap_or_else(|e| Err(Problem::failed(format!("it failed, and the log says why: {e}"))))
}

/// Something that was made or done.
pub(super) fn done(status: StatusCode, view: &impl Serialize) -> Answered {
    let mut response = json(status, serde_json::to_vec(view).map_err(Problem::failed)?);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

pub(super) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
