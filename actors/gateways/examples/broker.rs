//! The embedded broker alone: `broker PORT [FILE]`. Without a file it keeps everything in memory; with one it appends
//! every change to it, so that it can be killed and started again. For tests and measurements.
#![allow(clippy::print_stdout, reason = "its first line tells where it listens")]

#[path = "../tests/support/file_map.rs"]
mod file_map;

use std::sync::Arc;

use lares_gateways::broker::{self, BrokerOptions};
use lares_kernel::SystemClock;
use lares_kernel::wire::{DurableMap, MemoryMap};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().ok_or("usage: broker PORT [FILE]")?.parse()?;
    let map: Arc<dyn DurableMap> = match arguments.next() {
        Some(path) => Arc::new(file_map::FileMap::open(&path)?),
        None => Arc::new(MemoryMap::default()),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let options = BrokerOptions { port, ..Default::default() };
    runtime.block_on(async {
        let clock = Arc::new(SystemClock::default());
        let broker = broker::start(options, map, clock, runtime.handle()).await?;
        println!("listening on {}", broker.address);
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        terminate.recv().await;
        broker.stop().await;
        Ok(())
    })
}
