//! Somebody who listens to the live stream, in the clear or over TLS, and keeps what came, to be counted.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::path::Path;
use std::sync::Arc;

use lares_tests::DEADLINE;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Where a household listens.
pub struct Door {
    /// `127.0.0.1:41234`.
    pub at: String,
    /// None: in the clear.
    pub tls: Option<Arc<ClientConfig>>,
}

trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

pub struct Listener {
    wire: Box<dyn Wire>,
    pub came: Vec<u8>,
}

impl Door {
    /// Over TLS, trusting the authority of this data folder and nobody else.
    pub fn secure(at: &str, data: &Path) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(data.join("tls/authority.pem")).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let tls = builder.with_root_certificates(roots).with_no_client_auth();
        Self { at: at.to_owned(), tls: Some(Arc::new(tls)) }
    }

    /// Asks, and gives the connection with what it says the socket is.
    fn ask(&self, path: &str, token: &str) -> (Box<dyn Wire>, TcpStream) {
        let stream = TcpStream::connect(&self.at).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let socket = stream.try_clone().unwrap();
        let mut wire: Box<dyn Wire> = match &self.tls {
            None => Box::new(stream),
            Some(config) => {
                let name = ServerName::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST).into());
                Box::new(StreamOwned::new(ClientConnection::new(config.clone(), name).unwrap(), stream))
            }
        };
        let (at, end) = (&self.at, if path.ends_with("live") { "" } else { "Connection: close\r\n" });
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n{end}Authorization: Bearer {token}\r\n\r\n");
        wire.write_all(request.as_bytes()).unwrap();
        wire.flush().unwrap();
        (wire, socket)
    }

    pub fn listen(&self, token: &str) -> Listener {
        let (wire, socket) = self.ask("/api/v1/live", token);
        socket.set_nonblocking(true).unwrap();
        Listener { wire, came: Vec::new() }
    }

    /// All of an answer.
    pub fn get(&self, path: &str, token: &str) -> String {
        let (mut wire, _) = self.ask(path, token);
        let mut all = Vec::new();
        // Not everybody says good-bye before a connection ends.
        let _ = wire.read_to_end(&mut all);
        String::from_utf8_lossy(&all).into_owned()
    }
}

impl Listener {
    /// Takes what is there.
    pub fn drain(&mut self) {
        let mut part = [0; 16 * 1024];
        loop {
            match self.wire.read(&mut part) {
                Ok(0) => panic!("it was shut: {}", String::from_utf8_lossy(&self.came)),
                Ok(n) => self.came.extend_from_slice(part.get(..n).unwrap()),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return,
                Err(e) => panic!("{e}"),
            }
        }
    }

    pub fn has(&self, word: &str) -> usize {
        String::from_utf8_lossy(&self.came).matches(word).count()
    }
}
