//! The embedded broker as an actor.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::{BROKER_USER, Secret};
use lares_gateways::broker::{self, Broker, BrokerOptions, Password, Rights, User};
use lares_household::{House, note_status};
use lares_kernel::{Behavior, Context, Fault, Message};
use lares_model::{Detail, NodeId, Origin, Status};

use super::Wires;

/// The broker is told nothing.
pub enum Nothing {}

impl Message for Nothing {}

/// Runs the embedded broker.
pub struct BrokerWire {
    wires: Arc<Wires>,
    house: House,
    broker: Option<Broker>,
}

impl BrokerWire {
    pub fn new(wires: Arc<Wires>, house: House) -> Self {
        Self { wires, house, broker: None }
    }

    fn options(&self) -> Result<BrokerOptions, String> {
        let home = self.house.home_for("broker");
        let config = &home.broker;
        let link = home.mqtt.values().find(|link| link.embedded);
        let discovery = link.map_or("homeassistant", |link| &link.discovery_prefix);
        let mut users = BTreeMap::new();
        for (name, user) in &config.users {
            let topics = user.topics.clone().unwrap_or_else(|| own_topics(name, discovery));
            users.insert(name.clone(), (read_secret(&user.password)?, topics, user.reads.clone()));
        }
        if let Some(path) = &config.passwords_file {
            let text = std::fs::read_to_string(path)
                .map_err(|e| format!("failed to read {}: {e}", path.display()))?;
            for (line, entry) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
                let (name, password) = entry
                    .split_once(':')
                    .ok_or_else(|| format!("{}:{}: not `user:password`", path.display(), line + 1))?;
                let user = (password.to_owned(), own_topics(name, discovery), Vec::new());
                users.insert(name.to_owned(), user);
            }
        }
        let mut users: Vec<User> = users
            .into_iter()
            .map(|(name, (password, topics, mut reads))| {
                // Everybody may know when the household has come.
                reads.push(format!("{discovery}/status"));
                User { name, password: Password::Plain(password), rights: Rights::Only { topics, reads } }
            })
            .collect();
        if !users.is_empty() {
            let password =
                Password::Plain(super::client::own_password(&self.wires.data, self.house.world().chance())?);
            users.push(User { name: BROKER_USER.to_owned(), password, rights: Rights::Everything });
        }
        Ok(BrokerOptions { listen: config.listen, port: config.port, users, ..BrokerOptions::default() })
    }
}

/// What a client has without being given topics: what is named by it, and to announce itself with its name as the node's
/// (`PREFIX/COMPONENT/NAME/.../config`). Whoever could announce under other names could take over other devices.
fn own_topics(name: &str, discovery: &str) -> Vec<String> {
    vec![format!("{name}/#"), format!("{discovery}/+/{name}/#")]
}

/// The first line of a secret's file, or the variable.
pub fn read_secret(secret: &Secret) -> Result<String, String> {
    match secret {
        Secret::File(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|e| format!("failed to read {}: {e}", path.display()))?;
            Ok(text.lines().next().unwrap_or_default().to_owned())
        }
        Secret::Env(name) => std::env::var(name).map_err(|_| format!("the variable {name} is not set")),
    }
}

impl Behavior for BrokerWire {
    type Message = Nothing;

    async fn started(&mut self, context: &mut Context<Nothing>) -> Result<(), Fault> {
        let node = NodeId::derive("actor", "gateways/broker");
        let options = self.options().map_err(Fault::new)?;
        let (wanted, clock) = (options.port, context.world.clock().clone());
        let map = self.house.graph().map("broker");
        match broker::start(options, map, clock, &self.wires.runtime).await {
            Ok(broker) => {
                if broker.address.port() != wanted && wanted != 0 {
                    tracing::warn!(wanted, taken = %broker.address, "the broker's port was taken: it listens on another one");
                }
                self.wires.embedded.send_replace(Some(broker.address));
                self.broker = Some(broker);
                note_status(&context.world, node, Origin::System, Status::Online);
                Ok(())
            }
            Err(why) => {
                let status = Status::Offline(Detail::Configuration(why.to_string()));
                note_status(&context.world, node, Origin::System, status);
                Err(Fault::new(why.to_string()))
            }
        }
    }

    async fn handle(&mut self, message: Nothing, _: &mut Context<Nothing>) -> Result<(), Fault> {
        match message {}
    }

    async fn stopping(&mut self, _: &mut Context<Nothing>) {
        self.wires.embedded.send_replace(None);
        if let Some(broker) = self.broker.take() {
            broker.stop().await;
        }
    }
}
