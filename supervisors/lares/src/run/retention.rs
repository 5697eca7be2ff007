//! How long series are kept: what the home says, told to the store by the ids of what it means; and what they take.

use std::time::Duration;

use lares_config::{KeepConfig, KeptFor, RetentionConfig};
use lares_graph::{Graph, KeepFor, Keeping, KeptEntries, Retention};
use lares_household::House;
use lares_model::{Body, BodyKind, Draft, EdgeKind, NodeId, NodeKind, Origin};
use lares_surfaces::views::{Names, ReadError, Source};

use super::owners;

/// Devices are found again first.
const FIRST: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_secs(60);

/// Tells the store from now on; what is discovered later or reloaded is seen within a minute.
pub fn start(house: House, graph: Graph) {
    tokio::spawn(async move {
        let mut told = false;
        let mut wait = FIRST;
        loop {
            tokio::time::sleep(wait).await;
            wait = LOOK;
            let (config, reader, to) = (house.home().retention.clone(), graph.reader(), graph.clone());
            let work = house.world().blocking().run(Box::new(move || match resolve(&config, &reader) {
                Ok(retention) => to.set_retention(retention),
                Err(e) => tracing::warn!(error = %e, "how long series are kept could not be told"),
            }));
            owners::tell(&house, &graph).await;
            work.await;
            let health = graph.health();
            let short = health.over_budget || health.squeezed > 0;
            if short && !told {
                let reason = said(&graph, house.home().retention.budget);
                let body = Body::Problem { place: "data".to_owned(), reason };
                house.world().publish(Draft::new(NodeId::household(), Origin::System, body));
            }
            told = short;
        }
    });
}

fn days(kept: Option<KeptFor>, default: Option<u32>) -> Option<u32> {
    match kept {
        None => default,
        Some(KeptFor::Ever) => None,
        Some(KeptFor::Days(days)) => Some(days),
    }
}

fn keep(own: &KeepConfig, all: KeepFor) -> KeepFor {
    KeepFor {
        raw: days(own.raw, all.raw),
        minutes: days(own.minutes, all.minutes),
        hours: days(own.hours, all.hours),
        days: days(own.days, all.days),
    }
}

/// An entity that is named goes before its device, and both before their class.
fn resolve(config: &RetentionConfig, source: &dyn Source) -> Result<Retention, ReadError> {
    let kinds = config.journal.kinds.iter();
    let kinds = kinds.filter_map(|(name, days)| Some((BodyKind::parse(name)? as u16, *days))).collect();
    let archive = days(Some(config.journal.archive), None);
    let journal = KeptEntries { archive, kinds };
    let told = Retention { journal, budget: config.budget, ..Retention::default() };
    let mut keeping = Keeping { all: keep(&config.all, KeepFor::default()), ..Keeping::default() };
    if config.of.is_empty() && config.classes.is_empty() {
        return Ok(Retention { series: keeping, ..told });
    }
    let names = Names::read(source)?;
    for named in names.all().filter(|n| n.kind == NodeKind::Entity) {
        let Some(info) = &named.info else { continue };
        let class = info.device_class.as_ref().and_then(|class| config.classes.get(class.as_str()));
        if let Some(own) = class.or_else(|| config.classes.get(info.component.name())) {
            keeping.of.insert(named.id, keep(own, keeping.all));
        }
    }
    let (entities, devices): (Vec<_>, Vec<_>) = config.of.iter().partition(|(of, _)| of.slug.is_some());
    for (of, own) in devices.into_iter().chain(entities) {
        let Ok(named) = names.find(&of.to_string()) else { continue };
        let own = keep(own, keeping.all);
        if named.kind == NodeKind::Device {
            let parts = source.edges_to(named.id)?.into_iter().filter(|e| e.kind == EdgeKind::PartOf);
            keeping.of.extend(parts.map(|e| (e.from, own)));
        }
        keeping.of.insert(named.id, own);
    }
    Ok(Retention { series: keeping, ..told })
}

/// For `lares status`.
pub fn shown(house: &House, graph: &Graph) -> String {
    said(graph, house.home().retention.budget)
}

fn said(graph: &Graph, budget: Option<u64>) -> String {
    let space = match graph.reader().space() {
        Ok(space) => space,
        Err(e) => return e.to_string(),
    };
    let budget = budget.map_or("no budget".to_owned(), |b| format!("a budget of {}", size(b)));
    let mut words = format!(
        "{} in use ({} samples, {} journal{}), {} free in its file for what comes; {budget}",
        size(space.used),
        size(space.series),
        size(space.journal),
        match space.archived {
            0 => String::new(),
            archived => format!(", of it {} archived months", size(archived)),
        },
        size(space.free())
    );
    let health = graph.health();
    if health.squeezed > 0 {
        words.push_str(&format!("; samples go {} days sooner for want of space", health.squeezed));
    }
    if health.over_budget {
        words.push_str("; it is more than its budget, and no more may go");
    }
    words
}

/// `21.4 MB`.
pub fn size(bytes: u64) -> String {
    let mb = bytes as f64 / 1e6;
    if mb < 1000.0 { format!("{mb:.1} MB") } else { format!("{:.1} GB", mb / 1000.0) }
}
