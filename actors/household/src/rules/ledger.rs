//! The rules' ledger: up to which event they have reacted, what they are in the middle of, and which wishes may be on their
//! way yet. What belongs together is one entry of the store, written before anything of it is carried out: so a kill at any
//! instant leaves either a step that is still to be done, or one whose rest is known.
//!
//! A step that changes nothing that is kept (a trigger, an action) writes nothing here: after a restart it is looked at
//! again, and what is on record of it is not done again.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use lares_kernel::wire::DurableMap;
use lares_kernel::{Act, Aim, Intent, Token};
use lares_model::{Basis, Body, Causes, Draft, EventId, Level, NodeId, Origin, Write};
use serde::{Deserialize, Serialize};

use super::engine::Effect;
use super::runs::Kept;

/// Key of the last event that is reacted to.
const CURSOR: &str = "cursor";
/// Events that may be heard until the cursor is moved: as many are looked at again after a kill.
const MOVE_AFTER: usize = 1_024;

/// Something that a step has yet to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Deed {
    Wish(Box<Wish>),
    Say { subject: NodeId, origin: Origin, causes: Causes, body: Body, writes: Vec<Write> },
}

/// An intent as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    pub source: Arc<str>,
    pub origin: Origin,
    pub level: Level,
    pub target: Aim,
    pub act: Act,
    pub reason: Arc<str>,
    pub causes: Causes,
    pub basis: Option<Arc<Basis>>,
}

/// Wishes of one step that may be on their way.
struct Open {
    /// Its key, once it is kept.
    kept: Option<String>,
    deeds: Vec<Deed>,
    tokens: Vec<Weak<()>>,
}

/// What was kept.
pub struct Found {
    /// The last event that was reacted to; none before the first one.
    pub cursor: Option<EventId>,
    /// Runs, waits, queues and holds by their keys.
    pub kept: Vec<(String, Vec<u8>)>,
    /// What steps had yet to do, by the key that it is kept under.
    pub open: Vec<(String, Vec<Deed>)>,
}

/// The ledger.
pub struct Ledger {
    map: Arc<dyn DurableMap>,
    cursor: EventId,
    /// Events heard since the cursor was kept.
    since: usize,
    open: VecDeque<Open>,
    next_open: u64,
}

impl Ledger {
    pub fn new(map: Arc<dyn DurableMap>) -> Self {
        Self { map, cursor: EventId::default(), since: 0, open: VecDeque::new(), next_open: 0 }
    }

    /// Reads what was kept.
    pub fn read(&mut self) -> Result<Found, String> {
        let mut found = Found { cursor: None, kept: Vec::new(), open: Vec::new() };
        for (key, value) in self.map.scan(&[])? {
            let key = String::from_utf8_lossy(&key).into_owned();
            if key == CURSOR {
                found.cursor = serde_json::from_slice(&value).ok();
            } else if let Some(number) = key.strip_prefix("open:") {
                self.next_open = self.next_open.max(number.parse::<u64>().map_or(0, |n| n + 1));
                let deeds = serde_json::from_slice(&value);
                found.open.push((key, deeds.map_err(|e| format!("the rules' ledger cannot be read: {e}"))?));
            } else {
                found.kept.push((key, value));
            }
        }
        self.cursor = found.cursor.unwrap_or_default();
        Ok(found)
    }

    /// A step: the event that was reacted to (none: the configuration changed) and what is to be done, which is given a
    /// token each. Keeps what must be kept of it, before any of it is carried out.
    pub fn step(&mut self, event: Option<EventId>, effects: &mut [Effect]) -> Result<(), String> {
        if let Some(event) = event {
            self.cursor = self.cursor.max(event);
            self.since += 1;
        }
        let keeps = effects.iter().any(|e| matches!(e, Effect::Keep(_)));
        let mut open = Open { kept: None, deeds: Vec::new(), tokens: Vec::new() };
        for effect in effects.iter_mut() {
            match effect {
                Effect::Intend(intent) => {
                    let token = Token::default();
                    open.tokens.push(Arc::downgrade(&token));
                    intent.token = Some(token);
                    open.deeds.push(Deed::Wish(Box::new(Wish::of(intent))));
                }
                // What is only said is found on record, or said again with its event.
                Effect::Publish(draft, writes) if keeps => open.deeds.push(Deed::of(draft, writes)),
                _ => {}
            }
        }
        let opened = !open.deeds.is_empty();
        if opened {
            self.open.push_back(open);
        }
        if keeps || self.since >= MOVE_AFTER {
            let kept = |e: &Effect| if let Effect::Keep(kept) = e { Some(kept.clone()) } else { None };
            return self.keep(effects.iter().filter_map(kept).collect(), opened);
        }
        // Wishes arrive in the order they are sent: the oldest settle first.
        while self.open.front().is_some_and(|o| o.kept.is_none() && !o.is_under_way()) {
            self.open.pop_front();
        }
        Ok(())
    }

    /// Wishes that were kept before a restart are carried out again, under the key they have.
    pub fn again(&mut self, key: String, deeds: Vec<Deed>, tokens: Vec<Weak<()>>) {
        self.open.push_back(Open { kept: Some(key), deeds, tokens });
    }

    /// All up to `event` is reacted to.
    pub fn reacted_to(&mut self, event: EventId) -> Result<(), String> {
        self.cursor = self.cursor.max(event);
        self.keep(Vec::new(), false)
    }

    /// `opened`: the newest wishes are this step's, of which nothing was carried out.
    fn keep(&mut self, kept: Vec<Kept>, opened: bool) -> Result<(), String> {
        let mut changes: Vec<(Vec<u8>, Option<Vec<u8>>)> =
            kept.into_iter().map(|(key, value)| (key.into_bytes(), value)).collect();
        changes.push((CURSOR.as_bytes().to_vec(), Some(json(&self.cursor)?)));
        let own = opened.then(|| self.open.len().saturating_sub(1));
        let mut under_way = VecDeque::new();
        for (n, mut open) in std::mem::take(&mut self.open).into_iter().enumerate() {
            let stays = own == Some(n) || open.is_under_way();
            match (&open.kept, stays) {
                (None, true) => {
                    let key = format!("open:{}", self.next_open);
                    self.next_open += 1;
                    changes.push((key.clone().into_bytes(), Some(json(&open.deeds)?)));
                    open.kept = Some(key);
                }
                (Some(key), false) => changes.push((key.clone().into_bytes(), None)),
                _ => {}
            }
            if stays {
                under_way.push_back(open);
            }
        }
        self.open = under_way;
        self.since = 0;
        self.map.write(changes)
    }
}

impl Open {
    fn is_under_way(&self) -> bool {
        self.tokens.iter().any(|t| t.strong_count() > 0)
    }
}

impl Deed {
    fn of(draft: &Draft, writes: &[Write]) -> Self {
        let Draft { subject, origin, causes, body, .. } = draft.clone();
        Self::Say { subject, origin, causes, body, writes: writes.to_vec() }
    }
}

impl Wish {
    fn of(intent: &Intent) -> Self {
        Self {
            source: intent.source.clone(),
            origin: intent.origin.clone(),
            level: intent.level,
            target: intent.target.clone(),
            act: intent.act.clone(),
            reason: intent.reason.clone(),
            causes: intent.causes.clone(),
            basis: intent.basis.clone(),
        }
    }

    /// The wish once more; what is on record of it is left out at the door.
    pub fn again(self, token: Token) -> Intent {
        let Self { source, origin, level, target, act, reason, causes, basis } = self;
        Intent {
            source,
            origin,
            level,
            target,
            act,
            reason,
            causes,
            basis,
            reply: None,
            again: true,
            token: Some(token),
        }
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, String> {
    serde_json::to_vec(value).map_err(|e| e.to_string())
}
