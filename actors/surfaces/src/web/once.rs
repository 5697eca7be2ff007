//! Idempotency keys: the same wish sent twice is done once, also over a restart.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use lares_kernel::Clock;
use lares_kernel::wire::DurableMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, oneshot};

use super::call::json;
use super::problem::Problem;
use crate::views::Moment;

/// An answer is kept for so long.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// More are not kept: the oldest go.
const MOST: usize = 1000;
const LONGEST: usize = 100;
const SYNC: Duration = Duration::from_secs(30);

/// Answers to wishes that carried a key.
pub(super) struct Once {
    map: Arc<dyn DurableMap>,
    clock: Arc<dyn Clock>,
    /// One at a time looks and writes.
    turn: Mutex<()>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Of the body, so that another wish under the same key is noticed.
    body: String,
    at: Moment,
    /// None: it was begun, and nobody knows what came of it.
    answer: Option<serde_json::Value>,
}

/// What to do with a wish.
pub(super) enum Turn {
    /// It was done: this is what came of it.
    Done(Response),
    /// Do it, and say so afterwards if it has a key.
    Begin(Option<Pending>),
}

/// A wish that was begun.
pub(super) struct Pending {
    key: Vec<u8>,
    body: String,
}

impl Once {
    pub fn new(map: Arc<dyn DurableMap>, clock: Arc<dyn Clock>) -> Self {
        Self { map, clock, turn: Mutex::new(()) }
    }

    pub async fn begin(&self, person: &str, headers: &HeaderMap, body: &[u8]) -> Result<Turn, Problem> {
        let Some(key) = headers.get("idempotency-key") else { return Ok(Turn::Begin(None)) };
        let sign = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let key = key.to_str().ok().filter(|k| (1..=LONGEST).contains(&k.len()) && k.chars().all(sign));
        let key = key.ok_or_else(|| {
            Problem::input(format!("the header Idempotency-Key has 1 to {LONGEST} letters, digits and . _ -"))
        })?;
        let key = format!("done/{person}/{key}").into_bytes();
        let body: String = Sha256::digest(without_code(body)).iter().map(|b| format!("{b:02x}")).collect();
        let _turn = self.turn.lock().await;
        if let Some(kept) = self.map.get(&key).map_err(Problem::failed)? {
            let kept: Kept = serde_json::from_slice(&kept).map_err(Problem::failed)?;
            if self.clock.now().since(kept.at.0) < KEPT {
                return again(kept, &body);
            }
        }
        self.make_room()?;
        let kept = Kept { body: body.clone(), at: Moment(self.clock.now()), answer: None };
        self.write(&key, &kept).await?;
        Ok(Turn::Begin(Some(Pending { key, body })))
    }

    /// Keeps what came of it; a wish that was refused before anything happened may be made again.
    pub async fn end(&self, pending: Pending, answer: Option<&impl Serialize>) -> Result<(), Problem> {
        let Some(answer) = answer else {
            return self.map.write(vec![(pending.key, None)]).map_err(Problem::failed);
        };
        let answer = Some(serde_json::to_value(answer).map_err(Problem::failed)?);
        let kept = Kept { body: pending.body, at: Moment(self.clock.now()), answer };
        self.write(&pending.key, &kept).await
    }

    async fn write(&self, key: &[u8], kept: &Kept) -> Result<(), Problem> {
        let bytes = serde_json::to_vec(kept).map_err(Problem::failed)?;
        self.map.write(vec![(key.to_vec(), Some(bytes))]).map_err(Problem::failed)?;
        let (sender, synced) = oneshot::channel();
        self.map.after_sync(Box::new(move || {
            let _ = sender.send(());
        }));
        match tokio::time::timeout(SYNC, synced).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Problem::failed("the store does not write, so the wish was not made")),
        }
    }

    fn make_room(&self) -> Result<(), Problem> {
        let now = self.clock.now();
        let mut all: Vec<(Moment, Vec<u8>)> = Vec::new();
        for (key, value) in self.map.scan(b"done/").map_err(Problem::failed)? {
            let at =
                serde_json::from_slice::<Kept>(&value).map_or(Moment(lares_model::Timestamp(0)), |k| k.at);
            all.push((at, key));
        }
        all.sort();
        let surplus = (all.len() + 1).saturating_sub(MOST);
        let old = all.iter().enumerate().filter(|(n, (at, _))| *n < surplus || now.since(at.0) >= KEPT);
        let gone: Vec<_> = old.map(|(_, (_, key))| (key.clone(), None)).collect();
        if gone.is_empty() { Ok(()) } else { self.map.write(gone).map_err(Problem::failed) }
    }
}

/// A wish less the code that it was given: a few digits could be found again from what is kept of them.
fn without_code(body: &[u8]) -> Vec<u8> {
    let Ok(serde_json::Value::Object(mut wish)) = serde_json::from_slice(body) else { return body.to_vec() };
    let code = wish.get_mut("values").and_then(|v| v.as_object_mut()).and_then(|v| v.remove("code"));
    if code.is_some() { serde_json::Value::Object(wish).to_string().into_bytes() } else { body.to_vec() }
}

fn again(kept: Kept, body: &str) -> Result<Turn, Problem> {
    if kept.body != body {
        return Err(Problem::conflict("this Idempotency-Key was used for another wish"));
    }
    let Some(answer) = kept.answer else {
        let words =
            "this wish was begun and what came of it is not known yet: look at the thing itself, or ask why";
        return Err(Problem::conflict(words));
    };
    let mut response = json(StatusCode::OK, serde_json::to_vec(&answer).map_err(Problem::failed)?);
    response.headers_mut().insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    response.headers_mut().insert("idempotent-replayed", axum::http::HeaderValue::from_static("true"));
    Ok(Turn::Done(response))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_wish_holds_no_code() {
        let with =
            |code: &str| format!(r#"{{"target":"alarm","values":{{"code":"{code}","state":"disarmed"}}}}"#);
        assert_eq!(without_code(with("1234").as_bytes()), without_code(with("9999").as_bytes()));
        let plain = br#"{ "target": "lamp", "values": {"on": true} }"#;
        assert_eq!(without_code(plain), plain);
        assert_eq!(without_code(b"no JSON"), b"no JSON");
    }
}
