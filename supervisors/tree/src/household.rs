//! A running household: started by the tree's order, stopped in reverse.

use std::sync::Arc;

use lares_config::Home;
use lares_graph::{Graph, Opened, schema};
use lares_household::{House, controls::rule_edges};
use lares_kernel::{Ports, Supervisor, SupervisorSpec, World};
use lares_model::{Body, Draft, NodeId, Origin, Write};
use tokio::sync::oneshot;

use crate::called::called;
use crate::children::{Addresses, children};
use crate::nodes::{group_edges, nodes};
use crate::{SpawnTable, TREE};

/// What a household is made of.
pub struct Parts {
    pub ports: Ports,
    pub graph: Graph,
    pub opened: Opened,
    pub home: Arc<Home>,
    pub spawn: SpawnTable,
    /// Version of the program, for the record of the start.
    pub version: String,
}

/// A running household.
pub struct Household {
    pub(crate) house: House,
    pub(crate) spawn: SpawnTable,
    pub(crate) addresses: Addresses,
    supervisors: Vec<(&'static str, Supervisor)>,
}

impl Household {
    /// Starts everything in order. Also gives the receiver of the one reason for which the process must end.
    pub async fn start(parts: Parts) -> Result<(Self, oneshot::Receiver<String>), String> {
        let Parts { ports, graph, opened, home, spawn, version } = parts;
        let (world, fatal) = World::new(ports);
        let house = House::new(world.clone(), graph, home.clone());
        let body = Body::Boot { version, epoch: opened.epoch, after_crash: opened.after_crash };
        world.publish(Draft::new(NodeId::household(), Origin::System, body));
        publish_home(&house, Vec::new(), Vec::new());
        let addresses = Addresses::new(&house);
        // Before any device is there: none may ask while nobody knows.
        lares_household::safety::restore(&house);
        let mut household = Self { house: house.clone(), spawn, addresses, supervisors: Vec::new() };
        for branch in TREE {
            let spec = SupervisorSpec { path: branch.key.to_owned(), strategy: branch.strategy };
            let supervisor = Supervisor::start(world.clone(), spec).await?;
            house.set_supervisor(branch.key, supervisor.clone());
            household.supervisors.push((branch.key, supervisor.clone()));
            for child in household.children_of(branch.key) {
                supervisor.add(child).await.map_err(|e| e.to_string())?;
            }
            if branch.children.is_empty() && !household.fills(branch.key) {
                world.registry().absent(branch.key);
            }
        }
        Ok((household, fatal))
    }

    pub(crate) fn children_of(&self, branch: &str) -> Vec<lares_kernel::Child> {
        let mut all = children(branch, &self.house, &self.addresses);
        if let Some(spawn) = self.spawn.get(branch) {
            all.extend(spawn(&self.house));
        }
        all
    }

    /// Whether anything can ever stand in a branch here.
    fn fills(&self, branch: &str) -> bool {
        matches!(branch, "devices" | "links" | "rooms" | "people" | "domains")
            || self.spawn.contains_key(branch)
    }

    pub fn house(&self) -> &House {
        &self.house
    }

    /// Stops in reverse order; then all that was appended is committed and the end is marked as orderly.
    pub async fn stop(self, reason: &str) -> Result<(), String> {
        let world = self.house.world().clone();
        world.publish(Draft::new(
            NodeId::household(),
            Origin::System,
            Body::Stop { reason: reason.to_owned() },
        ));
        for (branch, supervisor) in self.supervisors.iter().rev() {
            match supervisor.stop().await {
                Ok(()) => tracing::info!(branch, "stopped"),
                // The others are stopped all the same, and all that was appended is committed.
                Err(why) => tracing::error!(branch, %why, "not stopped in order"),
            }
        }
        self.house.graph().close()
    }
}

/// Journals the configuration in force, with its files and the nodes that it describes.
pub(crate) fn publish_home(house: &House, changed: Vec<String>, partly: Vec<String>) {
    let home = house.home();
    let files = home.files.iter().map(|f| (f.path.to_string(), f.hash)).collect();
    let mut writes: Vec<Write> = home
        .files
        .iter()
        .map(|f| Write::PutBlob { hash: f.hash, bytes: f.text.as_bytes().to_vec() })
        .collect();
    writes.extend(nodes(&home));
    match schema(home.fields.values().map(|field| &field.prop), &house.graph().reader()) {
        Ok(states) => writes.extend(states),
        Err(error) => tracing::error!(%error, "what is known of the data itself cannot be read"),
    }
    match group_edges(&home, &house.graph().reader()) {
        Ok(edges) => writes.extend(edges),
        Err(error) => tracing::error!(%error, "who belongs to which group cannot be read"),
    }
    match called(&home, &house.graph().reader()) {
        Ok(names) => writes.extend(names),
        Err(error) => tracing::error!(%error, "what scenes and displays are called cannot be read"),
    }
    match rule_edges(&home, &house.graph().reader()) {
        Ok(edges) => writes.extend(edges),
        Err(error) => tracing::error!(%error, "what the rules move cannot be read"),
    }
    let body = Body::HomeLoaded { snapshot: home.snapshot, files, changed, partly };
    house.world().publish_with(Draft::new(NodeId::household(), Origin::System, body), writes);
}
