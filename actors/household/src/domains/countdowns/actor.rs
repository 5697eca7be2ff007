//! The actor of the people's timers: wishes and what fired in, durable timers and words out.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::{
    Act, Aim, Answer, Behavior, COUNTDOWNS, Command, Context, Countdown, CountdownId, Fault, Intent,
    Interest, LATER, Message, TimerAct,
};
use lares_model::{
    Body, BodyKind, Causes, Draft, Event, EventId, Missed, NodeId, Origin, Receipt, Timer, Write,
};

use super::command::{LATEST, carry_out};
use super::state::{Effect, State};
use super::words::{done, left_out, over};
use crate::House;
use crate::timers::owner_node;

/// The vocabulary of the people's timers.
pub enum CountdownMessage {
    /// From the door, which has looked at the right to it: a wish on a timer. It is answered once. Twice is two wishes.
    Said(Box<Intent>),
    /// From the bus: one of theirs fired, or was set to another time. Twice is once.
    Heard(Arc<Event>),
    /// One of the wishes of a timer that ended was answered; what of it did not come about. As often as there are wishes.
    Done { id: CountdownId, fired: EventId, failed: Vec<String> },
}

impl Message for CountdownMessage {}

/// Entries about its room that are looked through for the one that ended a timer.
const LOOK_BACK: usize = 256;

/// The actor of the people's timers.
pub struct Countdowns {
    house: House,
    state: State,
}

impl Countdowns {
    pub fn new(house: House) -> Self {
        Self { house, state: State::default() }
    }

    fn said(&mut self, mut intent: Intent) {
        let reply = intent.reply.take();
        let (Aim::Timer(id), Act::Timer(act)) = (&intent.target, &intent.act) else { return };
        let now = self.house.world().clock().now();
        let id = CountdownId::parse(id);
        let wished = match act {
            TimerAct::Later { length, words, wishes } => {
                let (source, origin) = (intent.source.clone(), intent.origin.clone());
                let (words, wishes, reason) = (words.clone(), wishes.clone(), intent.reason.clone());
                let command = Command { words, wishes, source, origin, reason };
                self.state.later(id.room.clone(), *length, command, now)
            }
            act => self.state.wish(id.clone(), act, now),
        };
        let effect = match wished {
            Ok(effect) => effect,
            Err(reason) => {
                let place = format!("{} wished something of timer {id}", intent.source);
                let body = Body::Problem { place, reason: reason.clone() };
                let mut draft = Draft::new(NodeId::household(), intent.origin, body);
                draft.causes = intent.causes;
                let event = Some(self.house.world().publish(draft).id);
                let receipt = Receipt::Refused(reason.into());
                if let Some(reply) = reply {
                    let entity = id.to_string();
                    reply.send(vec![Answer { entity, property: String::new(), event, receipt }]);
                }
                return;
            }
        };
        let (id, event) = (effect.id().to_string(), self.write(effect, &intent));
        self.house.world().journal().after_sync(Box::new(move |kept| {
            let receipt = kept.map_or_else(|e| Receipt::Failed(e.into()), |()| Receipt::Confirmed);
            if let Some(reply) = reply {
                reply.send(vec![Answer { entity: id, property: String::new(), event: Some(event), receipt }]);
            }
        }));
    }

    /// The wish itself is the cause of all that follows: a voice's words are on record, others are put there.
    fn cause(&self, intent: &Intent, what: &str) -> Causes {
        if !intent.causes.is_empty() {
            return intent.causes.clone();
        }
        let reason = if intent.reason.is_empty() { String::new() } else { format!(", {}", intent.reason) };
        let body = Body::Notice { text: format!("{what}{reason}") };
        let draft = Draft::new(NodeId::household(), intent.origin.clone(), body);
        Causes::from_slice(&[self.house.world().publish(draft).id])
    }

    fn write(&self, effect: Effect, intent: &Intent) -> EventId {
        let id = effect.id().clone();
        let what = match &effect {
            Effect::Run { .. } => format!("timer {id} runs"),
            Effect::Rest { reason, .. } => format!("timer {id} {reason}"),
        };
        let causes = self.cause(intent, &what);
        let (owner, name): (Arc<str>, Arc<str>) = (id.owner().into(), id.name.as_str().into());
        let (body, timer, kept) = match effect {
            Effect::Run { due, left, countdown, .. } => {
                let cause = causes.first().copied().unwrap_or_default();
                let missed = if id.does() { Missed::RunIfWithin(LATEST) } else { Missed::RunOnce };
                let timer = Timer { owner: owner.clone(), name, due, length: left, missed, cause };
                (Body::TimerSet { timer: timer.clone() }, Write::SetTimer(timer), Some(countdown))
            }
            Effect::Rest { reason, kept, .. } => {
                let body = Body::TimerCancelled { owner: owner.clone(), name: name.clone(), reason };
                (body, Write::ClearTimer { owner: owner.clone(), name }, kept)
            }
        };
        let mut draft = Draft::new(owner_node(&owner), intent.origin.clone(), body);
        draft.causes = causes;
        self.house.world().publish_with(draft, vec![timer, keep(&id, kept.as_ref())]).id
    }

    /// It is over: that is told, and nothing is kept of it, in one commit.
    fn tell(&self, id: &CountdownId, countdown: &Countdown, late: Duration, fired: Option<EventId>) {
        let text = over(countdown, late, &self.house.home().household.language);
        let draft = Draft::new(owner_node(&id.owner()), Origin::Timer, Body::Notice { text });
        self.house.world().publish_with(draft.caused_by(fired), vec![keep(id, None)]);
    }

    /// It is over: it rings, or does what was wished of it.
    fn over(
        &mut self,
        (id, countdown): (CountdownId, Countdown),
        late: Duration,
        (fired, again): (EventId, bool),
        context: &Context<CountdownMessage>,
    ) {
        let Some(command) = countdown.command.clone() else {
            return self.tell(&id, &countdown, late, Some(fired));
        };
        if late > LATEST {
            return self.left_out(&id, &command, Some(fired));
        }
        self.state.begun(id.clone(), *command.clone());
        carry_out(self.house.door(), context, &id, &command, fired, again);
    }

    /// What was to be done at its end was left out: nothing ran then, and that was too long ago.
    fn left_out(&self, id: &CountdownId, command: &Command, missed: Option<EventId>) {
        self.failed(id, left_out(&command.words, &self.house.home().household.language), missed);
    }

    /// What did not come about is for everybody to see, in one commit with that nothing is kept of it; then it is said in its room.
    fn failed(&self, id: &CountdownId, text: String, cause: Option<EventId>) {
        let told = |body| Draft::new(owner_node(&id.owner()), Origin::System, body).caused_by(cause);
        let problem = Body::Problem { place: format!("{LATER} {id}"), reason: text.clone() };
        self.house.world().publish_with(told(problem), vec![keep(id, None)]);
        self.house.world().publish(told(Body::Notice { text }));
    }

    /// What came of what it did is told, and nothing is kept of it, in one commit. Nothing is said aloud where all came about.
    fn done(&mut self, id: &CountdownId, fired: EventId, failed: Vec<String>) {
        let Some((command, failed)) = self.state.done(id, failed) else { return };
        let text = done(&command.words, &failed, &self.house.home().household.language);
        if !failed.is_empty() {
            return self.failed(id, text, Some(fired));
        }
        let draft = Draft::new(NodeId::household(), Origin::System, Body::Notice { text });
        self.house.world().publish_with(draft.caused_by([fired]), vec![keep(id, None)]);
    }

    fn heard(&mut self, event: &Event, context: &Context<CountdownMessage>) {
        match &event.body {
            Body::TimerFired { owner, name, late_ms } => {
                let Some(id) = CountdownId::of(owner, name) else { return };
                if let Some(countdown) = self.state.ended(&id) {
                    self.over((id, countdown), Duration::from_millis(*late_ms), (event.id, false), context);
                }
            }
            // The timer service's own: nothing ran then, and it is too late now.
            Body::TimerCancelled { owner, name, .. } if event.origin == Origin::Timer => {
                let Some(id) = CountdownId::of(owner, name) else { return };
                if let Some(command) = self.state.ended(&id).and_then(|countdown| countdown.command) {
                    self.left_out(&id, &command, Some(event.id));
                }
            }
            // The timer service's own: the clock was set to another time. Ours are known.
            Body::TimerSet { timer } if event.origin == Origin::System => {
                if let Some(id) = CountdownId::of(&timer.owner, &timer.name) {
                    self.state.moved(&id, timer.due);
                }
            }
            _ => {}
        }
    }

    /// What was kept. One that fired, and of which nobody was told, is told now.
    fn restore(&mut self, context: &Context<CountdownMessage>) -> Result<(), String> {
        let reader = self.house.graph().reader();
        let timers = reader.timers().map_err(|e| e.to_string())?;
        for (key, bytes) in reader.states(COUNTDOWNS).map_err(|e| e.to_string())? {
            let id = CountdownId::parse(&key);
            let countdown: Countdown = serde_json::from_slice(&bytes)
                .map_err(|e| format!("what is kept of timer `{key}` cannot be read: {e}"))?;
            let owner = id.owner();
            let timer = timers.iter().find(|t| *t.owner == *owner && *t.name == *id.name);
            let Some((id, countdown)) = self.state.restore(id, countdown, timer.map(|t| t.due)) else {
                continue;
            };
            let past = reader.history(owner_node(&owner), None, LOOK_BACK).map_err(|e| e.to_string())?;
            let ended = |event: &Event| match &event.body {
                Body::TimerFired { owner: o, name, .. } => **o == *owner && **name == *id.name,
                Body::TimerCancelled { owner: o, name, .. } if event.origin == Origin::Timer => {
                    **o == *owner && **name == *id.name
                }
                _ => false,
            };
            let fired = past.into_iter().map(|stored| stored.event).find(ended);
            let now = self.house.world().clock().now();
            let late = fired.as_ref().map_or(Duration::ZERO, |event| {
                let late_ms = if let Body::TimerFired { late_ms, .. } = event.body { late_ms } else { 0 };
                now.since(event.at) + Duration::from_millis(late_ms)
            });
            match (countdown.command.clone(), fired) {
                (None, fired) => self.tell(&id, &countdown, late, fired.map(|event| event.id)),
                // It was being done as all ended.
                (Some(_), Some(fired)) if matches!(fired.body, Body::TimerFired { .. }) => {
                    self.over((id, countdown), late, (fired.id, true), context);
                }
                (Some(command), fired) => self.left_out(&id, &command, fired.map(|event| event.id)),
            }
        }
        Ok(())
    }
}

/// What is kept of a timer from now on.
fn keep(id: &CountdownId, countdown: Option<&Countdown>) -> Write {
    let value = countdown.and_then(|countdown| serde_json::to_vec(countdown).ok());
    Write::PutState { owner: COUNTDOWNS.into(), key: id.to_string().into(), value }
}

impl Behavior for Countdowns {
    type Message = CountdownMessage;

    async fn started(&mut self, context: &mut Context<CountdownMessage>) -> Result<(), Fault> {
        let me = context.me.clone();
        let kinds = [BodyKind::TimerFired, BodyKind::TimerSet, BodyKind::TimerCancelled];
        let interests = kinds.map(Interest::Kind).to_vec();
        context.world.bus().subscribe(context.key(), interests, move |event| {
            let owner = match &event.body {
                Body::TimerFired { owner, .. } | Body::TimerCancelled { owner, .. } => owner,
                Body::TimerSet { timer } => &timer.owner,
                _ => return,
            };
            // Rules have many timers of their own.
            if CountdownId::of(owner, "").is_some() {
                me.tell(CountdownMessage::Heard(event.clone()));
            }
        });
        self.house.graph().sync().await.map_err(Fault::new)?;
        self.restore(context).map_err(Fault::new)
    }

    async fn handle(
        &mut self,
        message: CountdownMessage,
        context: &mut Context<CountdownMessage>,
    ) -> Result<(), Fault> {
        match message {
            CountdownMessage::Said(intent) => self.said(*intent),
            CountdownMessage::Heard(event) => self.heard(&event, context),
            CountdownMessage::Done { id, fired, failed } => self.done(&id, fired, failed),
        }
        Ok(())
    }
}
