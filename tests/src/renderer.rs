//! A real DLNA renderer, and somebody's app that speaks to it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Child, Command, Stdio};

use crate::{Place, wait_for};

/// A DLNA renderer whose sound goes nowhere: it can be asked what it does. Its library takes no loopback, so it listens on
/// the machine's own address.
pub struct Renderer {
    /// Its description.
    pub url: String,
    control: String,
    child: Child,
}

impl Renderer {
    /// `None`: this machine has no address of its own.
    pub fn start(place: &Place) -> Option<Self> {
        let routes = std::fs::read_to_string("/proc/net/route").ok()?;
        let interface =
            routes.lines().skip(1).find_map(|l| l.split_whitespace().next().filter(|i| *i != "lo"))?;
        let way = UdpSocket::bind("0.0.0.0:0").ok()?;
        way.connect("192.0.2.1:9").ok()?;
        let address = way.local_addr().ok()?.ip();
        // The only ports it takes; begun elsewhere by each process.
        let from = 49_152 + u16::try_from(std::process::id() % 16_000).unwrap_or(0);
        let port = (from..65_535).find(|port| TcpListener::bind((address, *port)).is_ok()).unwrap();
        let log = std::fs::File::create(place.path().join("renderer.log")).unwrap();
        let child = Command::new("gmediarender")
            .args(["-I", interface, "--port", &port.to_string(), "-f", "bath", "--gstout-audiosink=fakesink"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("gmediarender: run tests/setup.sh");
        let control = format!("{address}:{port}");
        let renderer = Self { url: format!("http://{control}/description.xml"), control, child };
        wait_for("the renderer", || TcpStream::connect(&renderer.control).is_ok());
        Some(renderer)
    }

    /// What it answers to a call, as somebody's app makes it.
    pub fn call(&self, service: &str, action: &str, arguments: &str) -> String {
        let kind = format!("urn:schemas-upnp-org:service:{service}:1");
        let path = if service == "AVTransport" { "rendertransport1" } else { "rendercontrol1" };
        let body = format!(
            "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
             <u:{action} xmlns:u=\"{kind}\"><InstanceID>0</InstanceID>{arguments}</u:{action}></s:Body></s:Envelope>"
        );
        let mut wire = TcpStream::connect(&self.control).unwrap();
        let head = format!(
            "POST /upnp/control/{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n\
             SOAPAction: \"{kind}#{action}\"\r\nContent-Length: {}\r\n\r\n",
            self.control,
            body.len()
        );
        wire.write_all((head + &body).as_bytes()).unwrap();
        let mut answer = String::new();
        let _ = wire.read_to_string(&mut answer);
        answer
    }
}

impl Drop for Renderer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
