//! The person's actor.

use std::collections::BTreeSet;
use std::sync::Arc;

use lares_config::Home;
use lares_kernel::{Behavior, Context, Fault, Interest, Message};
use lares_model::{Body, BodyKind, Draft, Event, EventId, NodeId, Origin, Presence, Value};

use super::state::Whereabouts;
use crate::House;

/// The vocabulary of a person's actor.
pub enum PersonMessage {
    /// A reading or status of one of the trackers, or a device that came or went.
    Heard(Arc<Event>),
}

impl Message for PersonMessage {}

/// The actor of one person.
pub struct PersonActor {
    house: House,
    key: String,
    state: Whereabouts,
    trackers: BTreeSet<NodeId>,
}

impl PersonActor {
    pub fn new(house: House, key: String) -> Self {
        Self { house, key, state: Whereabouts::default(), trackers: BTreeSet::new() }
    }

    fn attend(&mut self, context: &Context<PersonMessage>) -> Result<(), Fault> {
        let home = self.house.home();
        let names = home.people.get(&self.key).map(|p| p.trackers.clone()).unwrap_or_default();
        let found: BTreeSet<NodeId> =
            names.iter().filter_map(|n| self.house.directory().resolve(n, None)).map(|r| r.entity).collect();
        let reader = self.house.graph().reader();
        let mut cause = None;
        for id in found.difference(&self.trackers) {
            for (_, last) in reader.last(*id).map_err(|e| Fault::new(e.to_string()))? {
                self.state.note(*id, last.value.as_ref(), room_keys(&home));
                cause = cause.max(Some(last.event));
            }
        }
        if let Some(cause) = cause {
            let change = self.state.review();
            self.tell(change, cause);
        }
        self.trackers = found;
        let mut interests: Vec<Interest> = self.trackers.iter().map(|id| Interest::Subject(*id)).collect();
        interests.push(Interest::Kind(BodyKind::DeviceAnnounced));
        let me = context.me.clone();
        context
            .world
            .bus()
            .subscribe(context.key(), interests, move |e| me.tell(PersonMessage::Heard(e.clone())));
        Ok(())
    }

    /// What was told of the person before this start.
    fn restore(&mut self) -> Result<(), Fault> {
        let told = self.house.graph().reader().history(NodeId::person(&self.key), None, 1);
        for stored in told.map_err(|e| Fault::new(e.to_string()))? {
            if let Body::PersonMoved { presence, room } = stored.event.body {
                self.state.told(presence, room);
            }
        }
        Ok(())
    }

    fn heard(&mut self, tracker: NodeId, value: Option<&Value>, cause: EventId) {
        let home = self.house.home();
        let change = self.state.heard(tracker, value, room_keys(&home));
        self.tell(change, cause);
    }

    fn tell(&self, change: Option<(Presence, Option<Arc<str>>)>, cause: EventId) {
        if let Some((presence, room)) = change {
            let body = Body::PersonMoved { presence, room };
            self.house
                .world()
                .publish(Draft::new(NodeId::person(&self.key), Origin::System, body).caused_by([cause]));
        }
    }
}

/// The key of the room that a tracker's word means.
fn room_keys(home: &Home) -> impl Fn(&str) -> Option<Arc<str>> {
    move |word| {
        let meant =
            home.rooms.iter().find(|(key, room)| *key == word || room.name.eq_ignore_ascii_case(word));
        meant.map(|(key, _)| Arc::from(key.as_str()))
    }
}

impl Behavior for PersonActor {
    type Message = PersonMessage;

    async fn started(&mut self, context: &mut Context<PersonMessage>) -> Result<(), Fault> {
        self.house.graph().sync().await.map_err(Fault::new)?;
        self.restore()?;
        self.attend(context)
    }

    async fn handle(
        &mut self,
        message: PersonMessage,
        context: &mut Context<PersonMessage>,
    ) -> Result<(), Fault> {
        let PersonMessage::Heard(event) = message;
        match &event.body {
            Body::DeviceAnnounced { .. } => self.attend(context)?,
            Body::Reading { value, .. } if self.trackers.contains(&event.subject) => {
                self.heard(event.subject, value.as_ref(), event.id);
            }
            Body::StatusChanged { status }
                if self.trackers.contains(&event.subject) && !status.is_online() =>
            {
                self.heard(event.subject, None, event.id);
            }
            _ => {}
        }
        Ok(())
    }
}
