//! What a device that an interlock names has of it.

use std::sync::Arc;

use lares_config::Home;
use lares_model::{Level, NodeId, Property, Timestamp, Value, Write};

use super::{Board, Safety};

/// A property that goes to its safe state by itself when nobody looks after its interlocks.
#[derive(Clone, PartialEq, Debug)]
pub struct Leased {
    pub entity: NodeId,
    pub property: Property,
    pub safe: Value,
    pub source: Arc<str>,
    pub level: Level,
}

/// The interlocks as one device sees them.
pub struct Guard {
    board: Board,
    /// Until when its interlocks are looked after; `None`: nobody has said so yet in this life.
    pub lease: Option<Timestamp>,
    /// It lapsed, and what it guards was told to be safe.
    pub lapsed: bool,
    pub leased: Vec<Leased>,
}

impl Guard {
    /// The guard of a device, if an interlock names it at all.
    pub fn new(board: &Board, home: &Home, device: &str) -> Option<Self> {
        let named =
            |i: &lares_config::Interlock| i.names(device) || i.exclusive.iter().any(|e| e.device == device);
        home.interlocks.values().any(named).then(|| Self {
            board: board.clone(),
            lease: None,
            lapsed: false,
            leased: Vec::new(),
        })
    }

    /// Takes what is guarded of these entities, as the board knows it.
    pub fn take_leases(&mut self, entities: impl Iterator<Item = NodeId>) {
        let of = |entity: NodeId| {
            let guarded = self.board.with(|safety| safety.guarded(entity));
            let leased =
                move |(property, safe, source, level)| Leased { entity, property, safe, source, level };
            guarded.into_iter().map(leased)
        };
        self.leased = entities.flat_map(of).collect();
    }

    pub fn with<T>(&self, act: impl FnOnce(&mut Safety) -> T) -> T {
        self.board.with(act)
    }

    /// A thing says what it is; see [`Safety::observed`].
    pub fn observed(&self, entity: NodeId, property: Property, value: &Value, now: Timestamp) -> Vec<Write> {
        self.with(|safety| safety.observed(entity, property, value, now))
    }

    /// A thing says what it is while it is told otherwise; see [`Safety::passed`].
    pub fn passed(&self, entity: NodeId, property: Property, value: &Value) -> Vec<Write> {
        self.with(|safety| safety.passed(entity, property, value))
    }

    /// Why a wish is refused while nobody looks after the interlocks.
    pub fn unattended(&self, entity: NodeId, property: Property, value: &Value) -> Option<Arc<str>> {
        let leased = self.leased.iter().filter(|_| self.lapsed);
        let mut of = leased.filter(|l| l.entity == entity && l.property == property && l.safe != *value);
        of.next().map(|l| format!("{} ({}): nobody looks after it", l.source, l.level.name()).into())
    }
}
