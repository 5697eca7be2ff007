//! The dashboard's place in this process: threads of its own, accounts, and where it is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_config::{Home, TlsConfig};
use lares_graph::Graph;
use lares_household::House;
use lares_kernel::{Child, Clock, Limits, ThreadBlocking, child};
use lares_surfaces::auth::Access;
use lares_surfaces::control::ControlSetup;
use lares_surfaces::web::{Listening, Taken, Web, WebSetup};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::RunError;
use crate::RunArgs;

/// The core has one thread and the wires have one: these share what is left.
const THREADS: usize = 2;

/// The web surface of one process.
pub struct Surface {
    pub access: Arc<Access>,
    runtime: Mutex<Option<Runtime>>,
    handle: tokio::runtime::Handle,
    taken: Taken,
    listening: watch::Sender<Option<Listening>>,
}

/// Where the dashboard is, and what makes its owner if nobody is.
pub struct Dashboard {
    pub at: String,
    pub code: Option<String>,
}

/// Who may log in, as the store knows it.
pub fn access(graph: &Graph, clock: &Arc<dyn Clock>) -> Result<Arc<Access>, RunError> {
    let opened = Access::open(graph.map("web"), clock.clone(), Arc::new(ThreadBlocking));
    opened.map(Arc::new).map_err(|e| RunError::Start(format!("failed to read the accounts: {e}")))
}

impl Surface {
    pub fn new(args: &RunArgs, access: Arc<Access>) -> Result<Arc<Self>, RunError> {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        runtime.worker_threads(THREADS).thread_name("lares-web").enable_all();
        let runtime = runtime.build().map_err(|e| RunError::Start(e.to_string()))?;
        let handle = runtime.handle().clone();
        // Whoever tries it out may run another one beside it.
        let taken = if args.demo { Taken::Another } else { Taken::Wait };
        let (runtime, listening) = (Mutex::new(Some(runtime)), watch::Sender::new(None));
        Ok(Arc::new(Self { access, runtime, handle, taken, listening }))
    }

    pub fn child(&self, house: &House, control: ControlSetup) -> Child {
        let setup = WebSetup {
            control,
            runtime: self.handle.clone(),
            taken: self.taken,
            listening: self.listening.clone(),
        };
        let address = house.world().address("surfaces/web");
        child("web", Limits::LEAF, address, move || Web::new(setup.clone()))
    }

    /// Where it is; waits a little for it to be there.
    pub async fn shown(&self, home: &Home, patience: Duration) -> Option<Dashboard> {
        if !home.web.enabled {
            return None;
        }
        let mut seen = self.listening.subscribe();
        // It says at once whether it can, unless it makes an authority first; only the first moment of the start is waited for.
        let at_once = self.taken == Taken::Wait && home.web.tls == TlsConfig::Off;
        let patience = if at_once { patience.min(Duration::from_millis(50)) } else { patience };
        let _ = tokio::time::timeout(patience, seen.wait_for(Option::is_some)).await;
        let listening = self.listening.borrow().clone()?;
        let code = self.access.first_code(home).map(str::to_owned);
        Some(Dashboard { at: url(&listening), code })
    }

    /// For `lares status`.
    pub fn fact(&self) -> String {
        match &*self.listening.borrow() {
            None => "does not listen; `lares log --kind status` says why".to_owned(),
            Some(listening @ Listening { tls: Some(tls), .. }) => format!("{}, {tls}", url(listening)),
            Some(listening) => url(listening),
        }
    }

    pub fn end(&self) {
        if let Some(runtime) = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Surface {
    /// A runtime must not be dropped on a thread of another one, also when the start failed.
    fn drop(&mut self) {
        self.end();
    }
}

fn url(listening: &Listening) -> String {
    let (address, scheme) = (listening.address, if listening.tls.is_some() { "https" } else { "http" });
    if address.ip().is_unspecified() {
        return format!("{scheme}://localhost:{}/ and this machine's other names", address.port());
    }
    format!("{scheme}://{address}/")
}
