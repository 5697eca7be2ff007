//! One question over HTTP: a connection, a request, an answer, each bounded in time and size.

use std::fmt;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How long an answer may take, all in all.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of an answer. Descriptions have 5 to 20 kB.
const MOST: usize = 256 * 1024;

/// Where something is: `http` only, with its port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct At {
    host: String,
    port: u16,
    /// Path and query.
    path: String,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}:{}{}", self.host, self.port, self.path)
    }
}

impl At {
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no address of the form http://host:port/path");
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        if uri.scheme_str() != Some("http") {
            return Err(wrong());
        }
        let path = uri.path_and_query().map_or("/", |p| p.as_str());
        Ok(Self { host: host.to_owned(), port: uri.port_u16().unwrap_or(80), path: path.to_owned() })
    }

    /// An address that is written from here.
    pub fn join(&self, other: &str) -> Result<Self, String> {
        if other.contains("://") {
            return Self::parse(other);
        }
        let folder =
            self.path.split('?').next().unwrap_or("/").rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = if other.starts_with('/') { other.to_owned() } else { format!("{folder}/{other}") };
        Ok(Self { path, ..self.clone() })
    }
}

pub async fn get(at: &At) -> Result<String, String> {
    let (status, text) = within(at, "GET", &[], String::new()).await?;
    if status == 200 { Ok(text) } else { Err(format!("it answers {status} to {at}")) }
}

/// A call; the status and what was answered.
pub async fn post(at: &At, headers: &[(&str, &str)], body: String) -> Result<(u16, String), String> {
    within(at, "POST", headers, body).await
}

async fn within(
    at: &At,
    method: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Result<(u16, String), String> {
    tokio::time::timeout(PATIENCE, ask(at, method, headers, body))
        .await
        .unwrap_or_else(|_| Err("no answer".to_owned()))
}

async fn ask(at: &At, method: &str, headers: &[(&str, &str)], body: String) -> Result<(u16, String), String> {
    let host = at.host.trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, at.port))
        .await
        .map_err(|error| crate::reason::of(&error, "the renderer"))?;
    let failed = |error: hyper::Error| format!("the connection failed: {error}");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let mut request = Request::builder().method(method).uri(at.path.as_str());
    let authority = format!("{}:{}", at.host, at.port);
    for (name, value) in headers.iter().chain(&[("Host", authority.as_str()), ("Connection", "close")]) {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(bytes::Bytes::from(body))).map_err(|error| error.to_string())?;
    let answer = async {
        let answer = sender.send_request(request).await.map_err(failed)?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), MOST).collect().await;
        let body = body.map_err(|error| format!("its answer cannot be read: {error}"))?.to_bytes();
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    };
    // The connection lives as long as the question.
    let mut answer = std::pin::pin!(answer);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        biased;
        answer = &mut answer => answer,
        // It may end before the last byte was taken out of it.
        _ = &mut connection => answer.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_refused() {
        assert_eq!(At::parse("http://10.0.0.1:80/a?b").unwrap().path, "/a?b");
        assert_eq!(At::parse("http://speaker").unwrap().to_string(), "http://speaker:80/");
        for wrong in ["", "speaker", "https://speaker/", "ftp://speaker/", "http:///x", "/only"] {
            assert!(At::parse(wrong).is_err(), "{wrong}");
        }
    }
}
