//! From a connection to a handler: bounds first, then who asks, then what.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Query, RawPathParams, Request, State};
use axum::http::header;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::server::TlsStream;

use super::call::{Call, Shared};
use super::problem::Problem;
use super::route::{Least, Route};
use super::routes::ROUTES;
use super::tls::Tls;
use super::visitor::{Peer, token, visitor};
use super::{assets, guard, plain};
use crate::control::Asked;

/// More than a household needs; the next one waits to be let in.
const CONNECTIONS: usize = 2048;
/// A request's head, and its body, take no longer.
const SLOWEST: Duration = Duration::from_secs(10);
/// What the system keeps for a client that does not read, in bytes (it takes twice that). Left alone it grows to megabytes, and a few
/// hundred phones that fell asleep would fill a small machine.
const UNREAD: usize = 48 * 1024;
/// What is sealed for a client over TLS and not taken by the system yet, in bytes: one record. Left alone it is four.
const UNSENT: usize = 16 * 1024;
/// What a TLS record of a handshake begins with (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;

/// All routes.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    let mut paths: BTreeMap<&str, MethodRouter<Arc<Shared>>> = BTreeMap::new();
    for route in ROUTES {
        let method = match route.method {
            "POST" => MethodFilter::POST,
            "DELETE" => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        let handler = move |State(shared): State<Arc<Shared>>, parts: RawPathParams, request: Request| {
            answer(shared, route, parts, request)
        };
        let paths = paths.entry(route.path).or_default();
        *paths = std::mem::take(paths).on(method, handler);
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        router = router.route(path, methods);
    }
    router
        .merge(assets::router())
        .fallback(|request: Request| async move {
            Problem::missing(format!("there is nothing at {}", request.uri().path()))
        })
        .method_not_allowed_fallback(|request: Request| async move {
            Problem::method(format!("{} does not go with {}", request.method(), request.uri().path()))
        })
        .layer(middleware::from_fn_with_state(shared.clone(), guard::guard))
        .with_state(shared)
}

async fn answer(
    shared: Arc<Shared>,
    route: &'static Route,
    parts: RawPathParams,
    request: Request,
) -> Response {
    match call(shared, route, &parts, request).await {
        Ok(call) => (route.handler)(call).await.unwrap_or_else(IntoResponse::into_response),
        Err(problem) => problem.into_response(),
    }
}

/// Nobody without the role gets past this, whatever the handler does.
async fn call(
    shared: Arc<Shared>,
    route: &'static Route,
    parts: &RawPathParams,
    request: Request,
) -> Result<Call, Problem> {
    let (head, body) = request.into_parts();
    let who = match route.least {
        Least::Anybody => None,
        Least::Role(_) => {
            let now = shared.asked.world.clock().now();
            let visitor = visitor(shared.access(), &shared.home(), now, token(&head.headers))?;
            if !route.may(Some(visitor.role)) {
                let words = format!("a {} may not ask for {}", visitor.role.name(), route.path);
                return Err(Problem::right(words));
            }
            if route.whole && !visitor.sees(None) {
                let words =
                    "this is of the whole house, which somebody who may see some rooms only does not see";
                return Err(Problem::right(words));
            }
            Some(visitor)
        }
    };
    let query = query(route, &head.uri)?;
    let path = parts.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let unknown = Peer { address: IpAddr::from([0, 0, 0, 0]), secure: false };
    let peer = head.extensions.get::<Peer>().copied().unwrap_or(unknown);
    let body = if route.body.is_some() {
        read(body, head.headers.get(header::CONTENT_LENGTH), route.longest).await?
    } else {
        Bytes::new()
    };
    let mut asked = Asked { tongue: guard::tongue(&head.headers), ..shared.asked.clone() };
    // A phone's app or another system says by which token it came: its wishes are told apart.
    if let Some(name) = who.as_ref().and_then(|visitor| visitor.device.as_ref()) {
        asked.surface = format!("through {name}").into();
    }
    Ok(Call { shared, asked, visitor: who, path, query, headers: head.headers, body, peer })
}

/// Only what the route knows, each once, and each what it may be.
fn query(route: &Route, uri: &axum::http::Uri) -> Result<BTreeMap<String, String>, Problem> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(Problem::input)?;
    let mut query = BTreeMap::new();
    for (name, value) in pairs {
        let Some(param) = route.query.iter().find(|p| p.name == name) else {
            let known: Vec<&str> = route.query.iter().map(|p| p.name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Problem::input(format!("there is no parameter `{name}`; allowed: {known}")));
        };
        param.check(&value).map_err(Problem::input)?;
        if query.insert(name, value).is_some() {
            return Err(Problem::input(format!("the parameter `{}` stands there twice", param.name)));
        }
    }
    match route.query.iter().find(|p| p.required && !query.contains_key(p.name)) {
        Some(missing) => Err(Problem::input(format!("the parameter `{}` is missing", missing.name))),
        None => Ok(query),
    }
}

async fn read(
    body: Body,
    length: Option<&axum::http::HeaderValue>,
    longest: usize,
) -> Result<Bytes, Problem> {
    let told = length.and_then(|l| l.to_str().ok()?.parse::<usize>().ok());
    let large = || Problem::too_large(format!("a body has at most {longest} bytes"));
    if told.is_some_and(|n| n > longest) {
        return Err(large());
    }
    match tokio::time::timeout(SLOWEST, to_bytes(body, longest)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(large()),
        Err(_) => Err(Problem::input(format!("the body took longer than {} s", SLOWEST.as_secs()))),
    }
}

/// Accepts until it cannot go on, and says why. All connections end with it.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) -> String {
    let router = router(shared.clone());
    let (places, mut connections, mut failures) = (Arc::new(Semaphore::new(CONNECTIONS)), JoinSet::new(), 0);
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(place) = places.clone().acquire_owned().await else { return "it was closed".to_owned() };
        match listener.accept().await {
            Ok((stream, from)) => {
                failures = 0;
                let (router, shared) = (router.clone(), shared.clone());
                connections.spawn(async move {
                    shared.counts.connections.fetch_add(1, Ordering::Relaxed);
                    serve(stream, from.ip(), router, &shared).await;
                    shared.counts.connections.fetch_sub(1, Ordering::Relaxed);
                    drop(place);
                });
            }
            Err(e) => {
                // Out of file handles, say: it passes, or the supervisor decides.
                failures += 1;
                if failures > 20 {
                    return format!("the web surface accepts nobody any more: {e}");
                }
                tracing::warn!(error = %e, "web: failed to accept");
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, from: IpAddr, router: Router, shared: &Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let _ = rustix::net::sockopt::set_socket_send_buffer_size(&stream, UNREAD);
    let Some(tls) = &shared.tls else { return http(stream, from, false, router).await };
    // Somebody who says nothing, or no end of a handshake, is left.
    match tokio::time::timeout(SLOWEST, handshake(stream, tls, shared)).await {
        Ok(Some(Begun::Secure(stream))) => http(*stream, from, true, router).await,
        Ok(Some(Begun::Plain(stream))) => http(stream, from, false, plain::router(shared.clone())).await,
        _ => {}
    }
}

enum Begun {
    Secure(Box<TlsStream<TcpStream>>),
    /// It began as no handshake does: somebody typed an address without `https`.
    Plain(TcpStream),
}

async fn handshake(stream: TcpStream, tls: &Tls, shared: &Shared) -> Option<Begun> {
    let mut first = [0];
    stream.peek(&mut first).await.ok()?;
    if first != [HANDSHAKE] {
        return Some(Begun::Plain(stream));
    }
    let (at, now) = (stream.local_addr().ok()?.ip(), shared.asked.world.clock().now());
    let acceptor = tls.acceptor(&shared.home().web.hosts, at.to_canonical(), now);
    let acceptor = acceptor.inspect_err(|e| tracing::warn!(error = e, "web: no certificate")).ok()?;
    let mut stream = acceptor.accept(stream).await.ok()?;
    stream.get_mut().1.set_buffer_limit(Some(UNSENT));
    Some(Begun::Secure(Box::new(stream)))
}

async fn http<S>(stream: S, address: IpAddr, secure: bool, router: Router)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // A layer of its own for each connection would copy the whole table of routes for it.
    let (router, peer) = (TowerToHyperService::new(router), Peer { address, secure });
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(SLOWEST).max_buf_size(64 * 1024);
    // A client that breaks off is its own business.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}
