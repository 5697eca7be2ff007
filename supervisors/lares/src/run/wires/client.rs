//! An MQTT client as an actor.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lares_config::BROKER_USER;
use lares_gateways::mqtt::{self, MqttGateway, MqttOptions};
use lares_household::House;
use lares_household::links::LinkSink;
use lares_kernel::{Behavior, Chance, Context, Fault};
use tokio::runtime::Handle;

use super::Wires;
use super::broker::{Nothing, read_secret};

/// Messages that may wait for the wire.
const QUEUE: usize = 10_000;
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Longer than the broker needs to start.
const BROKER_PATIENCE: Duration = Duration::from_secs(10);

/// Runs the client of one link.
pub struct ClientWire {
    wires: Arc<Wires>,
    house: House,
    key: String,
    gateway: Option<Arc<MqttGateway>>,
}

impl ClientWire {
    pub fn new(wires: Arc<Wires>, house: House, key: String) -> Self {
        Self { wires, house, key, gateway: None }
    }

    async fn options(&self) -> Result<MqttOptions, String> {
        let home = self.house.home_for(&format!("mqtt.{}", self.key));
        let config = home.mqtt.get(&self.key).ok_or("it is not in the configuration any more")?;
        let (host, port) = if config.embedded {
            let at = self.wires.embedded(BROKER_PATIENCE).await.ok_or("the embedded broker does not run")?;
            let host = if at.ip().is_unspecified() { "127.0.0.1".to_owned() } else { at.ip().to_string() };
            (host, at.port())
        } else {
            (config.host.clone(), config.port)
        };
        let chance = self.house.world().chance();
        let credentials = match (&config.username, &config.password) {
            (Some(user), password) => {
                let password = password.as_ref().map(read_secret).transpose()?.unwrap_or_default();
                Some((user.clone(), password))
            }
            _ if config.embedded && self.house.home_for("broker").broker.has_credentials() => {
                Some((BROKER_USER.to_owned(), own_password(&self.wires.data, chance)?))
            }
            _ => None,
        };
        let client_id = match &config.client_id {
            Some(id) => id.clone(),
            None => format!("lares-{}-{}", self.key, own_name(&self.wires.data, chance)?),
        };
        let status = format!("{}/status", config.discovery_prefix);
        let told = |word: &str| Some((status.clone(), word.as_bytes().to_vec()));
        // On its own broker it is the one who asks devices to announce themselves again; on an outside one another
        // system may be.
        let (birth, will) = (told("online"), told("offline"));
        Ok(MqttOptions {
            key: self.key.clone(),
            host,
            port,
            client_id,
            credentials,
            keep_alive: KEEP_ALIVE,
            birth,
            will,
            queue: QUEUE,
        })
    }
}

/// A name for this household that stays, so that brokers keep its session: made once and kept in the data folder.
fn own_name(data: &Path, chance: &Arc<dyn Chance>) -> Result<String, String> {
    kept(&data.join("client-name"), || format!("{:08x}", chance.next_u64() >> 32))
}

/// The household's own password on its own broker.
pub fn own_password(data: &Path, chance: &Arc<dyn Chance>) -> Result<String, String> {
    kept(&data.join("broker-password"), || format!("{:016x}{:016x}", chance.next_u64(), chance.next_u64()))
}

fn kept(path: &Path, make: impl FnOnce() -> String) -> Result<String, String> {
    let failed = |e: std::io::Error| format!("failed to keep {}: {e}", path.display());
    match std::fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        _ => {
            use std::io::Write as _;
            use std::os::unix::fs::OpenOptionsExt as _;
            let text = make();
            let mut options = std::fs::OpenOptions::new();
            let mut file =
                options.write(true).create(true).truncate(true).mode(0o600).open(path).map_err(failed)?;
            file.write_all(text.as_bytes()).map_err(failed)?;
            Ok(text)
        }
    }
}

impl Behavior for ClientWire {
    type Message = Nothing;

    async fn started(&mut self, context: &mut Context<Nothing>) -> Result<(), Fault> {
        let options = self.options().await.map_err(Fault::new)?;
        let world = &context.world;
        let sink = Arc::new(LinkSink::new(self.house.link(&self.key), world.load().clone()));
        let gateway = mqtt::start(
            options,
            world.clock().clone(),
            world.chance().clone(),
            world.journal().clone(),
            sink,
            // Beside the actors: a thread of its own costs two wakes for each reaction (docs/adr/0013).
            &Handle::current(),
        );
        self.house.set_gateway(&self.key, gateway.clone());
        self.gateway = Some(gateway);
        Ok(())
    }

    async fn handle(&mut self, message: Nothing, _: &mut Context<Nothing>) -> Result<(), Fault> {
        match message {}
    }

    async fn stopping(&mut self, _: &mut Context<Nothing>) {
        if let Some(gateway) = self.gateway.take() {
            gateway.stop().await;
        }
    }
}
