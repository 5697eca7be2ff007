//! The door's actor.

use lares_config::{Care, Role, Thing, may, may_act, trusted};
use lares_kernel::{Act, Aim, Answer, Behavior, Context, CountdownId, Fault, Intent, TimerAct};
use lares_model::{Body, Draft, NodeId, Origin, Placed, Property, Receipt, Statement, Value};

use super::resolve::{Reached, reach, reach_held, reach_set};
use super::sayings::Sayings;
use crate::House;
use crate::devices::{Answers, Code};
use crate::domains::countdowns::CountdownMessage;
use crate::domains::media::Consent;
use crate::rules::RuleMessage;

/// The actor behind the door.
pub struct Intake {
    pub(super) house: House,
    sayings: Sayings,
}

impl Intake {
    pub fn new(house: House) -> Self {
        Self { sayings: Sayings::new(house.clone()), house }
    }

    /// Whether a person may do this to all that the wish reached: one thing that is not allowed refuses the whole.
    pub(super) fn allows(&self, person: &str, sets: bool, reached: &[Reached]) -> Result<(), String> {
        let home = self.house.home();
        let now = self.house.world().clock().now();
        may_act(&home, person, now)?;
        let Some(person) = home.people.get(person).filter(|_| sets) else { return Ok(()) };
        let directory = self.house.directory();
        for entity in reached.iter().filter_map(|r| directory.entity(r.entity)) {
            let thing = Thing {
                name: &entity.reference,
                component: entity.component,
                class: entity.info.device_class.as_deref(),
                room: entity.room.as_deref(),
            };
            may(person, &thing)?;
        }
        Ok(())
    }

    /// A voice that nobody knows has the rights that its microphone was given: what it does not cover is refused whole.
    pub(super) fn hears(&self, voice: &str, act: &Act, reached: &[Reached]) -> Result<(), String> {
        let home = self.house.home();
        let speaker = home.speaker(voice).ok_or_else(|| format!("nobody may act by the voice `{voice}`"))?;
        if !matches!(act, Act::Set { .. }) {
            return Err("a voice only sets things".to_owned());
        }
        let directory = self.house.directory();
        for entity in reached.iter().filter_map(|r| directory.entity(r.entity)) {
            let (component, class) = (entity.component, entity.info.device_class.as_deref());
            may(speaker, &Thing { name: &entity.reference, component, class, room: entity.room.as_deref() })?;
        }
        Ok(())
    }

    fn asks_for_code(&self, reached: &[Reached]) -> bool {
        let directory = self.house.directory();
        let mut entities = reached.iter().filter_map(|r| directory.entity(r.entity));
        entities.any(|e| e.info.property(Property::Code).is_some())
    }

    /// A household's memory is for those who live in it.
    fn may_say(&self, person: &str) -> Result<(), String> {
        let home = self.house.home();
        may_act(&home, person, self.house.world().clock().now())?;
        match home.people.get(person).map(|p| p.role) {
            Some(Role::Guest) => {
                Err(format!("`{person}` is a guest, and a guest says nothing of the life graph"))
            }
            _ => Ok(()),
        }
    }

    /// Whoever speaks in a room where residents do puts something on a list and ticks it off; no more.
    fn may_note(&self, voice: &str, statements: &[Placed]) -> Result<(), String> {
        let home = self.house.home();
        let speaker = home.speaker(voice).ok_or_else(|| format!("nobody may act by the voice `{voice}`"))?;
        if speaker.role >= Role::Guest {
            return Err(format!(
                "{} is a guest's voice, and a guest says nothing of the life graph",
                speaker.name
            ));
        }
        let list = Some(Value::text("list"));
        let fits = |one: &Placed| match &one.what {
            Statement::Put { node, .. } if node.starts_with("task:") => true,
            // A list is a project, and no more is said of it.
            Statement::Put { node, set, .. } if node.starts_with("project:") => {
                set.len() == 1 && set.get("labels") == Some(&list)
            }
            _ => false,
        };
        if statements.iter().all(fits) {
            Ok(())
        } else {
            Err("a voice says nothing but tasks and lists".to_owned())
        }
    }

    /// A latched interlock is cleared by whoever may move what is dangerous. The reply comes when it is synced.
    fn acknowledge(&self, key: &str, intent: &mut Intent) -> Result<(), String> {
        let origin = &intent.origin;
        let world = self.house.world();
        let now = self.house.world().clock().now();
        match origin {
            Origin::Person(person) => {
                let home = self.house.home();
                may_act(&home, person, now)?;
                let role = home.people.get(&**person).map(|p| p.role);
                if role.is_none_or(|role| trusted(role) < Care::Dangerous) {
                    let role = role.map_or("stranger", Role::name);
                    return Err(format!("a {role} may not acknowledge interlocks"));
                }
            }
            Origin::Console => {}
            _ => return Err("only a person acknowledges an interlock".to_owned()),
        }
        let event = self.house.safety().with(|safety| {
            let (mut draft, writes) = safety.acknowledge(key, origin.clone(), now)?;
            draft.causes = std::mem::take(&mut intent.causes);
            // Before anything that follows from it: whoever carries that out waits for this look to end.
            Ok::<_, String>(world.publish_with(draft, writes).id)
        })?;
        if let Some(reply) = intent.reply.take() {
            let entity = aim_words(&intent.target);
            world.journal().after_sync(Box::new(move |kept| {
                let receipt = kept.map_or_else(|e| Receipt::Failed(e.into()), |()| Receipt::Confirmed);
                reply.send(vec![Answer { entity, property: String::new(), event: Some(event), receipt }]);
            }));
        }
        Ok(())
    }

    /// Whoever may act in a room sets timers there, and says something aloud; who lives here does it everywhere.
    pub(super) fn may_speak_of(&self, origin: &Origin, room: Option<&str>) -> Result<(), String> {
        let home = self.house.home();
        let speaker = match origin {
            Origin::Person(person) => {
                may_act(&home, person, self.house.world().clock().now())?;
                home.people.get(&**person)
            }
            Origin::Voice(voice) => {
                let speaker = home.speaker(voice);
                Some(speaker.ok_or_else(|| format!("nobody may act by the voice `{voice}`"))?)
            }
            _ => None,
        };
        let Some(room) = room else {
            return match speaker {
                Some(speaker) if !speaker.grant.covers(None) => {
                    Err(format!("{} may only act in some rooms: name one", speaker.name))
                }
                _ => Ok(()),
            };
        };
        if !home.rooms.contains_key(room) {
            return Err(format!("there is no room `{room}`"));
        }
        match speaker {
            Some(speaker) if !speaker.grant.covers(Some(room)) => {
                Err(format!("{} may not act in {room}", speaker.name))
            }
            _ => Ok(()),
        }
    }

    fn refuse(&self, intent: Intent, reason: &str) {
        let what = format!("{} wished something of {}", intent.source, aim_words(&intent.target));
        tracing::warn!(source = %intent.source, reason, "wish refused");
        let body = Body::Problem { place: what, reason: reason.to_owned() };
        let mut draft = Draft::new(NodeId::household(), intent.origin, body);
        draft.causes = intent.causes;
        let event = self.house.world().publish(draft);
        if let Some(reply) = intent.reply {
            let receipt = Receipt::Refused(reason.into());
            let entity = aim_words(&intent.target);
            reply.send(vec![Answer { entity, property: String::new(), event: Some(event.id), receipt }]);
        }
    }
}

/// A code that came with a wish is no property to be set: it goes along, and on no record.
fn take_code(intent: &mut Intent) -> Result<Option<Code>, &'static str> {
    let Act::Set { values, .. } = &mut intent.act else { return Ok(None) };
    let Some(code) = values.remove(&Property::Code) else { return Ok(None) };
    if !matches!(intent.origin, Origin::Person(_) | Origin::Console) {
        return Err("a code is given by a person, on a surface that nobody overhears");
    }
    match code.as_text() {
        _ if values.is_empty() => Err("a code alone sets nothing"),
        Some(code) => Ok(Some(Code::new(code))),
        None => Err("a code is a text"),
    }
}

fn aim_words(aim: &Aim) -> String {
    match aim {
        Aim::Entity(id) => id.to_string(),
        Aim::Name(name) => name.clone(),
        Aim::Graph => "the life graph".to_owned(),
        Aim::Interlock(key) => format!("interlock {key}"),
        Aim::Scene(key) => format!("scene {key}"),
        Aim::Question(id) => format!("question {id}"),
        Aim::Rule(key) => format!("rule {key}"),
        Aim::Timer(id) => format!("timer {id}"),
        Aim::Group(key) => format!("group {key}"),
        Aim::Room { room, .. } => format!("room {room}"),
        Aim::Find(filter) => format!("all that fits `{filter}`"),
    }
}

impl Behavior for Intake {
    type Message = Intent;

    async fn handle(&mut self, mut intent: Intent, context: &mut Context<Intent>) -> Result<(), Fault> {
        if let Act::Say { statements, samples, import } = &mut intent.act {
            let (statements, import) = (std::mem::take(statements), std::mem::take(import));
            let samples = std::mem::take(samples);
            let allowed = match &intent.origin {
                Origin::Person(person) => self.may_say(person),
                Origin::Voice(voice) => self.may_note(voice, &statements),
                _ => Ok(()),
            };
            let said = allowed.and_then(|()| match samples.is_empty() {
                true => self.sayings.say(&mut intent, &statements, import).map_err(|wrong| wrong.to_string()),
                false => self.sayings.measured(&mut intent, samples, &import),
            });
            if let Err(reason) = said {
                self.refuse(intent, &reason);
            }
            return Ok(());
        }
        if let (Act::Acknowledge, Aim::Interlock(key)) = (&intent.act, &intent.target) {
            let key = key.clone();
            if let Err(reason) = self.acknowledge(&key, &mut intent) {
                self.refuse(intent, &reason);
            }
            return Ok(());
        }
        if let Aim::Question(_) | Aim::Rule(_) = &intent.target {
            self.house.rules().tell(RuleMessage::Said(Box::new(intent)));
            return Ok(());
        }
        if let Aim::Timer(id) = &intent.target {
            let room = CountdownId::parse(id).room;
            let later = match &intent.act {
                Act::Timer(TimerAct::Later { wishes, .. }) => wishes.as_slice(),
                _ => &[],
            };
            let allowed = self.may_speak_of(&intent.origin, room.as_deref());
            match allowed.and_then(|()| self.may_wish_later(&intent.origin, later)) {
                Ok(()) => self.house.countdowns().tell(CountdownMessage::Said(Box::new(intent))),
                Err(reason) => self.refuse(intent, &reason),
            }
            return Ok(());
        }
        if let (Aim::Room { room, .. }, Act::Announce { text }) = (&intent.target, &intent.act) {
            let (room, text) = (room.clone(), text.clone());
            match self.may_speak_of(&intent.origin, Some(&room)) {
                Ok(()) => self.announce(&room, text, &mut intent),
                Err(reason) => self.refuse(intent, &reason),
            }
            return Ok(());
        }
        let code = match take_code(&mut intent) {
            Ok(code) => code,
            Err(reason) => {
                self.refuse(intent, reason);
                return Ok(());
            }
        };
        let none = std::collections::BTreeMap::new();
        let reached = match &intent.act {
            Act::Set { values, silences, .. } => reach_set(&self.house, &intent.target, values, silences),
            Act::Release { properties } => reach_held(&self.house, &intent.target, properties),
            _ => reach(&self.house, &intent.target, &none),
        };
        let reached = match reached {
            Ok(reached) => reached,
            Err(reason) => {
                self.refuse(intent, &reason);
                return Ok(());
            }
        };
        if code.is_some() && !self.asks_for_code(&reached) {
            self.refuse(intent, "it takes no code");
            return Ok(());
        }
        if let Origin::Person(person) = &intent.origin
            && let Err(reason) = self.allows(person, matches!(intent.act, Act::Set { .. }), &reached)
        {
            self.refuse(intent, &reason);
            return Ok(());
        }
        if let Origin::Voice(voice) = &intent.origin
            && let Err(reason) = self.hears(voice, &intent.act, &reached)
        {
            self.refuse(intent, &reason);
            return Ok(());
        }
        let answers = intent.reply.take().map(Answers::new);
        if Consent::concerns(&intent) {
            // Whoever is there is asked, also who came a moment ago.
            self.house.see_what_was_said().await;
        }
        // Nothing is silent before it is heard where it is to be.
        let mut is_set = false;
        for reached in reached {
            if (!reached.is_silenced && self.waits(&intent, &reached, answers.as_ref(), context))
                || (reached.is_silenced && !is_set)
            {
                continue;
            }
            is_set = true;
            self.hand_over(&intent, reached, (answers.as_ref(), code.as_ref()))?;
        }
        Ok(())
    }
}
