//! The dashboard's own files, as they were built into the binary.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::call::Shared;
use super::problem::Problem;

/// A file: its path, its media type, its bytes, and the same compressed with brotli.
struct Asset {
    path: &'static str,
    media: &'static str,
    bytes: &'static [u8],
    brotli: Option<&'static [u8]>,
    tag: &'static str,
}

// `ASSETS`, sorted by path: empty if the dashboard was not built.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Pages of the dashboard: each is the same file, which looks at the path itself.
const PAGES: &[&str] = &[
    "/",
    "/room/{key}",
    "/device/{id}",
    "/why/{of}",
    "/find",
    "/journal",
    "/house",
    "/calls",
    "/rules",
    "/adopt",
    "/lists",
    "/config",
    "/people",
    "/person/{key}",
    "/join/{code}",
    "/guest/{code}",
];

/// Shown where the dashboard was not built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Lares</title>\
<h1>The dashboard was not built into this binary</h1>\
<p>The API is there: <code>/api/v1</code>. To have the dashboard, install Node 20 or later and run in the source folder:</p>\
<pre>npm --prefix actors/surfaces/web ci\nnpm --prefix actors/surfaces/web run build\ncargo build --release --package lares</pre>\
<p><code>make run</code> does all of it.</p></html>";

/// Whether this binary has a dashboard.
pub fn is_built() -> bool {
    find("/index.html").is_some()
}

pub(super) fn router() -> Router<Arc<Shared>> {
    let mut router = Router::new();
    for page in PAGES {
        router = router.route(page, get(|headers: HeaderMap| async move { index(&headers) }));
    }
    for asset in ASSETS.iter().filter(|a| a.path != "/index.html") {
        router = router.route(
            asset.path,
            get(|uri: Uri, headers: HeaderMap| async move {
                match find(uri.path()) {
                    Some(asset) => send(asset, &headers),
                    None => Problem::missing("there is no such file").into_response(),
                }
            }),
        );
    }
    router
}

fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|a| a.path == path)
}

fn index(headers: &HeaderMap) -> Response {
    match find("/index.html") {
        Some(asset) => send(asset, headers),
        None => {
            let mut response = (StatusCode::OK, NOT_BUILT).into_response();
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
            response
        }
    }
}

fn send(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok()).unwrap_or_default();
    if text(header::IF_NONE_MATCH) == asset.tag {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, asset.tag)]).into_response();
    }
    let takes = text(header::ACCEPT_ENCODING)
        .split(',')
        .any(|e| e.split(';').next().is_some_and(|e| e.trim() == "br"));
    let brotli = asset.brotli.filter(|_| takes);
    let mut response = brotli.unwrap_or(asset.bytes).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
    out.insert(header::ETAG, HeaderValue::from_static(asset.tag));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if brotli.is_some() {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    // Names of built files have a hash in them; the others are asked for again.
    let lasting = asset.path.starts_with("/assets/");
    let cache = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_router_can_be_opened_by_its_address() {
        let text = include_str!("../../web/src/main.tsx");
        let cases = text.lines().filter_map(|line| line.trim().strip_prefix("case \"")?.split('"').next());
        let cases: Vec<String> = cases.map(|first| format!("/{first}")).collect();
        assert!(cases.len() >= 12, "the router is read wrongly: {cases:?}");
        for page in cases {
            let served = PAGES.iter().any(|p| *p == page || p.starts_with(&format!("{page}/")));
            assert!(served, "{page} is in the router, and gives nothing when it is loaded anew");
        }
    }
}
