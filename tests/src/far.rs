//! A broker that is far away: a wire between that can be slow, or take all and give nothing on.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use Ordering::SeqCst;

/// How a wire passes on what it takes.
#[derive(Clone, Copy, PartialEq, Debug)]
#[repr(u8)]
pub enum Pace {
    AtOnce,
    /// 32 bytes each 10 ms, each way.
    Slow,
    /// It takes connections, and nothing comes of them.
    Dumb,
}

/// Passes connections on to a port; ends when dropped.
pub struct Far {
    pub port: u16,
    pace: Arc<AtomicU8>,
    ended: Arc<AtomicBool>,
}

impl Far {
    pub fn new(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let far =
            Self { port: listener.local_addr().unwrap().port(), pace: Arc::default(), ended: Arc::default() };
        let (pace, ended) = (far.pace.clone(), far.ended.clone());
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if ended.load(SeqCst) {
                    return;
                }
                let Ok(there) = TcpStream::connect(("127.0.0.1", to)) else { continue };
                let (near_, there_) = (near.try_clone().unwrap(), there.try_clone().unwrap());
                for (from, to) in [(near, there_), (there, near_)] {
                    let (pace, ended) = (pace.clone(), ended.clone());
                    std::thread::spawn(move || pass(from, to, &pace, &ended));
                }
            }
        });
        far
    }

    pub fn pace(&self, pace: Pace) {
        self.pace.store(pace as u8, SeqCst);
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        self.ended.store(true, SeqCst);
        // Wakes the one that waits for connections.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

/// Passes on what comes from one side until either is gone.
fn pass(mut from: TcpStream, mut to: TcpStream, pace: &AtomicU8, ended: &AtomicBool) {
    const TICK: Duration = Duration::from_millis(10);
    let _ = from.set_read_timeout(Some(TICK));
    let _ = to.set_nodelay(true);
    let mut room = [0; 16 << 10];
    while !ended.load(SeqCst) {
        let now = pace.load(SeqCst);
        if now == Pace::Dumb as u8 {
            std::thread::sleep(TICK);
            continue;
        }
        let slow = now == Pace::Slow as u8;
        let most = if slow { 32 } else { room.len() };
        match from.read(&mut room[..most]) {
            Ok(0) => break,
            Ok(count) if to.write_all(&room[..count]).is_err() => break,
            Ok(_) if slow => std::thread::sleep(TICK),
            Ok(_) => {}
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
