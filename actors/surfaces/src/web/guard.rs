//! Looked at before anything else, on every route: by which name we were called, from where, and what the answer may do.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lares_config::WebConfig;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::call::Shared;
use super::problem::Problem;
use super::visitor::Peer;
use crate::tongue::Tongue;

/// Scripts, styles and connections of our own, and nothing else; nobody may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
];

/// Around every route.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let config = (shared.asked.setup.in_force)().web.clone();
    let called = look(&config, request.method(), request.headers());
    let wanted = tongue(request.headers()).unwrap_or_else(|| shared.asked.tongue());
    let secure = request.extensions().get::<Peer>().is_some_and(|peer| peer.secure);
    let mut response = match called {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    // What went wrong is told in the language of whoever asked, wherever it was found.
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.told_in(wanted).into_response();
        let code = HeaderValue::from_static(wanted.code());
        response.headers_mut().insert(header::CONTENT_LANGUAGE, code);
    }
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if secure && shared.tls.as_ref().is_some_and(|tls| tls.lasts()) {
        let month = HeaderValue::from_static("max-age=2592000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, month);
    }
    let counter = match response.status().as_u16() {
        0..=399 => &shared.counts.fine,
        400..=499 => &shared.counts.refused,
        _ => &shared.counts.failed,
    };
    counter.fetch_add(1, Ordering::Relaxed);
    response
}

/// The language that a browser wants, if it is one that is spoken here.
pub(super) fn tongue(headers: &HeaderMap) -> Option<Tongue> {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(Tongue::accepted)
}

/// Whether a request may come in at all.
pub(super) fn look(config: &WebConfig, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let host = single(headers, header::HOST)?.ok_or_else(|| Problem::host("the request names no host"))?;
    if !is_ours(config, host) {
        let hint = "add it to hosts in [web] if it is a name of this machine";
        return Err(Problem::host(format!("`{}` is no name of this household; {hint}", cut(host))));
    }
    let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    match single(headers, header::ORIGIN)? {
        Some(origin) if !is_same(origin, host) => {
            return Err(Problem::origin(format!("`{}` is not where the dashboard is", cut(origin))));
        }
        // A program shows its token in a header, which no page from elsewhere can make a browser do.
        None if !safe && !headers.contains_key(header::AUTHORIZATION) => {
            return Err(Problem::origin(
                "a change needs an Origin header, or a token in an Authorization header",
            ));
        }
        _ => {}
    }
    let site = single(headers, HeaderName::from_static("sec-fetch-site"))?;
    let mode = single(headers, HeaderName::from_static("sec-fetch-mode"))?;
    // A link on another page may lead here; another page's script, picture or frame may not.
    let link =
        safe && mode == Some("navigate") && headers.get("sec-fetch-dest").is_none_or(|d| d == "document");
    if matches!(site, Some("cross-site" | "same-site")) && !link {
        return Err(Problem::origin("the browser says that another site asks"));
    }
    Ok(())
}

/// The only value of a header; two are a trick.
fn single(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, Problem> {
    let mut all = headers.get_all(&name).iter();
    let first = all.next();
    if all.next().is_some() {
        return Err(Problem::input(format!("the header {name} stands there twice")));
    }
    first.map(|v| v.to_str().map_err(|_| Problem::input(format!("the header {name} is no text")))).transpose()
}

/// Names that are ours: `localhost`, addresses (nobody can point those elsewhere), and what the home says. On loopback
/// only loopback's own addresses.
fn is_ours(config: &WebConfig, host: &str) -> bool {
    let name = without_port(host).to_lowercase();
    if let Ok(address) = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return address.is_loopback() || !config.listen.is_loopback();
    }
    name == "localhost" || config.hosts.contains(&name)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether an origin is the page of this very host.
fn is_same(origin: &str, host: &str) -> bool {
    let (rest, standard) = match (origin.strip_prefix("http://"), origin.strip_prefix("https://")) {
        (Some(rest), _) => (rest, ":80"),
        (_, Some(rest)) => (rest, ":443"),
        _ => return false,
    };
    let plain = |s: &str| s.strip_suffix(standard).unwrap_or(s).to_lowercase();
    plain(rest) == plain(host)
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(listen: &str) -> WebConfig {
        let place = lares_config::Place::by_default();
        let hosts = vec!["lares.lan".to_owned()];
        let (enabled, listen, tls) = (true, listen.parse().unwrap(), lares_config::TlsConfig::Off);
        WebConfig { place, enabled, listen, port: 8420, hosts, tls }
    }

    fn called(listen: &str, method: Method, headers: &[(&'static str, &str)]) -> u16 {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        look(&config(listen), &method, &map).err().map_or(200, |p| p.status)
    }

    #[test]
    fn only_our_own_names_are_answered_to() {
        let get = |listen, host| called(listen, Method::GET, &[("host", host)]);
        for host in ["localhost", "localhost:8420", "127.0.0.1:1", "[::1]:8420", "LARES.LAN:8420"] {
            assert_eq!(get("127.0.0.1", host), 200, "{host}");
        }
        for host in ["evil.example", "evil.example:8420", "localhost.evil.example", "192.168.1.5", ""] {
            assert_eq!(get("127.0.0.1", host), 421, "{host}");
        }
        assert_eq!(get("0.0.0.0", "192.168.1.5:8420"), 200);
        assert_eq!(get("0.0.0.0", "rebound.example"), 421);
        assert_eq!(called("127.0.0.1", Method::GET, &[]), 421);
        assert_eq!(called("127.0.0.1", Method::GET, &[("host", "localhost"), ("host", "x")]), 400);
    }

    #[test]
    fn a_page_from_elsewhere_changes_nothing() {
        let host = ("host", "localhost:8420");
        let post =
            |more: &[(&'static str, &str)]| called("127.0.0.1", Method::POST, &[&[host], more].concat());
        assert_eq!(post(&[("origin", "http://localhost:8420")]), 200);
        assert_eq!(post(&[("authorization", "Bearer x")]), 200);
        for origin in [
            "http://evil.example",
            "http://localhost:8421",
            "https://localhost",
            "null",
            "http://localhost:8420.evil",
        ] {
            assert_eq!(post(&[("origin", origin)]), 403, "{origin}");
            assert_eq!(post(&[("origin", origin), ("authorization", "Bearer x")]), 403, "{origin}");
            assert_eq!(called("127.0.0.1", Method::GET, &[host, ("origin", origin)]), 403, "{origin}");
        }
        assert_eq!(post(&[]), 403, "no origin");
        let site = ("sec-fetch-site", "cross-site");
        let get =
            |more: &[(&'static str, &str)]| called("127.0.0.1", Method::GET, &[&[host, site], more].concat());
        assert_eq!(get(&[]), 403, "a picture or a script");
        assert_eq!(get(&[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]), 200, "a link");
        assert_eq!(get(&[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")]), 403, "a frame");
    }
}
