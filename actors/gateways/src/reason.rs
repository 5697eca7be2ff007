//! Why a connection failed, in words for a person.

use std::io;

/// `who`: what is at the other end (`the broker`).
pub fn of(error: &io::Error, who: &str) -> String {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::ConnectionRefused => "connection refused".into(),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            format!("{who} went away")
        }
        Kind::TimedOut => "no answer".into(),
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => "no way to the host".into(),
        _ => {
            let text = error.to_string();
            // The resolver's errors carry no kind of their own.
            if text.contains("lookup") || text.contains("could not resolve") {
                "host not found".into()
            } else {
                text
            }
        }
    }
}
