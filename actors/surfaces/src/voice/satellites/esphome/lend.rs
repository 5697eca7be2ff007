//! Where a device fetches what it is to say: a port that answers this one device, and knows nothing but these sounds.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::sounds::Sounds;

/// A device fetches one thing at a time.
const CONNECTIONS: usize = 8;
/// A request's head takes no longer.
const SLOWEST: Duration = Duration::from_secs(10);

/// A port on the address by which the device is reached.
///
/// # Errors
/// In words: there is no such port.
pub async fn listen(ip: IpAddr, port: Option<u16>) -> Result<(TcpListener, SocketAddr), String> {
    let at = SocketAddr::new(ip, port.unwrap_or(0));
    let listener = TcpListener::bind(at).await;
    let listener = listener.map_err(|e| format!("it cannot be answered: {at} cannot be listened on: {e}"))?;
    let at = listener.local_addr().map_err(|e| e.to_string())?;
    Ok((listener, at))
}

/// Answers `to` until it is dropped.
pub async fn serve(listener: TcpListener, to: IpAddr, sounds: Sounds) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, from)) if from.ip().to_canonical() == to => {
                while connections.len() >= CONNECTIONS {
                    connections.join_next().await;
                }
                while connections.try_join_next().is_some() {}
                connections.spawn(answer(stream, sounds.clone()));
            }
            // Somebody else: not a word.
            Ok(_) => {}
            Err(e) => {
                tracing::warn!(error = %e, "a voice device cannot fetch what is said");
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        }
    }
}

async fn answer(stream: TcpStream, sounds: Sounds) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let response = file(request.method(), request.uri().path(), &sounds);
        async move { Ok::<_, std::convert::Infallible>(response) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(SLOWEST).max_buf_size(16 * 1024);
    // A device that breaks off is its own business.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

fn file(method: &Method, path: &str, sounds: &Sounds) -> Response<Body> {
    let status = |status: StatusCode| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response
    };
    if method != Method::GET && method != Method::HEAD {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Some((length, bytes)) = path.strip_prefix('/').and_then(|name| sounds.file(name)) else {
        return status(StatusCode::NOT_FOUND);
    };
    let body = if method == Method::HEAD { Body::empty() } else { Body::from_stream(bytes) };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("audio/wav"));
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    response
}
