//! Whose things are: persons with their trackers, and parts of life that the home keeps apart. Each has a key of its own.

use lares_config::{EntityRef, Home};
use lares_graph::{Graph, Owners};
use lares_household::House;
use lares_model::{EdgeKind, NodeId, NodeKind};
use lares_surfaces::views::{Names, ReadError, Source};

/// Before anything is kept: persons are known by their keys alone.
pub fn first(home: &Home, graph: &Graph) {
    let persons = home.people.keys().map(|key| (format!("person:{key}"), vec![NodeId::person(key)]));
    // A read-only credential: all is sealed all the same, with the household's key.
    if let Err(e) = graph.set_owners(&persons.collect()) {
        tracing::warn!(error = %e, "persons have no keys of their own");
    }
}

/// With what was discovered since.
pub async fn tell(house: &House, graph: &Graph) {
    let (home, graph) = (house.home(), graph.clone());
    let work = house.world().blocking().run(Box::new(move || match owners(&home, &graph.reader()) {
        // That there can be no keys was said at the start.
        Ok(owners) => drop(graph.set_owners(&owners)),
        Err(e) => tracing::warn!(error = %e, "whose things are could not be told"),
    }));
    work.await;
}

fn owners(home: &Home, source: &dyn Source) -> Result<Owners, ReadError> {
    let names = Names::read(source)?;
    let mut owners = Owners::new();
    for (key, person) in &home.people {
        let mut nodes = vec![NodeId::person(key)];
        for tracker in &person.trackers {
            nodes.extend(entities(&names, source, tracker)?);
        }
        owners.insert(format!("person:{key}"), nodes);
    }
    for (key, private) in &home.private {
        let mut nodes = Vec::new();
        for of in &private.of {
            nodes.extend(entities(&names, source, of)?);
        }
        if !nodes.is_empty() {
            owners.insert(format!("domain:{key}"), nodes);
        }
    }
    Ok(owners)
}

/// An entity, or all of a device with itself.
fn entities(names: &Names, source: &dyn Source, of: &EntityRef) -> Result<Vec<NodeId>, ReadError> {
    let Ok(named) = names.find(&of.to_string()) else { return Ok(Vec::new()) };
    let mut nodes = vec![named.id];
    if named.kind == NodeKind::Device {
        let parts = source.edges_to(named.id)?.into_iter().filter(|e| e.kind == EdgeKind::PartOf);
        nodes.extend(parts.map(|e| e.from));
    }
    Ok(nodes)
}
