//! Who may answer a question, and what is put on record of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::{Care, Home, Role, may, may_act, trusted};
use lares_kernel::{Answer, Intent};
use lares_model::{Asking, Body, Draft, EventId, NodeId, Origin, Question, Receipt, Reply};

use super::concerned::concerned;
use super::engine::{Engine, QUESTION_OWNER, question_write};
use crate::House;

/// Entries of a rule's history that are looked through for where it asked.
const LOOK_BACK: usize = 64;
/// Who asks whether a call is taken.
const CALLS: &str = "phone:";

/// Answers that were put on record and not heard yet.
#[derive(Default)]
pub struct Answers(BTreeMap<Arc<str>, EventId>);

impl Answers {
    /// Puts an answer on record. What follows from it follows when it is heard. The reply comes when it is synced.
    ///
    /// # Errors
    /// The question does not stand any more, or this person may not answer it: in words.
    pub fn take(
        &mut self,
        house: &House,
        engine: &Engine,
        id: &str,
        yes: bool,
        intent: &mut Intent,
    ) -> Result<(), String> {
        let of_domain = standing(house, id).filter(|q| q.rule.contains(':'));
        let question =
            engine.question(id).or(of_domain.as_ref()).ok_or_else(|| match standing(house, id) {
                Some(_) => format!("question {id} was answered just now"),
                None => format!("no question {id} is open"),
            })?;
        if self.0.contains_key(id) {
            return Err(format!("question {id} was answered just now"));
        }
        let home = house.home();
        match &intent.origin {
            Origin::Person(person) => may_answer(house, &home, engine, question, person, yes)?,
            Origin::Console => {}
            Origin::Voice(voice) => may_say(&home, question, voice)?,
            _ => return Err("only a person answers a question".to_owned()),
        }
        let world = house.world();
        let reply = if yes { Reply::Yes } else { Reply::No };
        let body = Body::Replied { question: Box::new(question.clone()), reply };
        let mut draft = Draft::new(NodeId::rule(&question.rule), intent.origin.clone(), body);
        draft.causes = std::mem::take(&mut intent.causes);
        draft.causes.extend(asked(house, question));
        let event = world.publish_with(draft, vec![question_write(question, false)]).id;
        self.0.insert(question.id.clone(), event);
        if let Some(reply) = intent.reply.take() {
            let entity = format!("question {id}");
            world.journal().after_sync(Box::new(move |kept| {
                let receipt = kept.map_or_else(|e| Receipt::Failed(e.into()), |()| Receipt::Confirmed);
                reply.send(vec![Answer { entity, property: String::new(), event: Some(event), receipt }]);
            }));
        }
        Ok(())
    }

    /// An answer was heard.
    pub fn heard(&mut self, question: &Question) {
        self.0.remove(&question.id);
    }
}

/// The question of this id that stands in the graph. What a domain asks (`media:anna`) is known from there alone.
fn standing(house: &House, id: &str) -> Option<Question> {
    let standing = house.graph().reader().states(QUESTION_OWNER).unwrap_or_default();
    let (_, bytes) = standing.into_iter().find(|(key, _)| key == id)?;
    serde_json::from_slice(&bytes).ok()
}

/// Where it was asked.
fn asked(house: &House, question: &Question) -> Option<EventId> {
    let history = house.graph().reader().history(NodeId::rule(&question.rule), None, LOOK_BACK).ok()?;
    let mut events = history.into_iter().map(|stored| stored.event);
    let asked = |body: &Body| matches!(body, Body::Asked(q) if q.id == question.id);
    events.find(|e| asked(&e.body)).map(|e| e.id)
}

/// Nobody knows whose voice it is. Whether a call is taken is for whoever is there, where grown-ups speak: who says yes to it opens nothing.
fn may_say(home: &Home, question: &Question, voice: &str) -> Result<(), String> {
    if !question.rule.starts_with(CALLS) {
        return Err("a voice answers only whether a call is taken".to_owned());
    }
    match home.speaker(voice) {
        Some(speaker) if speaker.role <= Role::Adult => Ok(()),
        _ => Err("who speaks there may not take calls".to_owned()),
    }
}

/// Whoever was asked may say no. Yes is for who may do all of it themselves.
fn may_answer(
    house: &House,
    home: &Home,
    engine: &Engine,
    question: &Question,
    person: &str,
    yes: bool,
) -> Result<(), String> {
    may_act(home, person, house.world().clock().now())?;
    let Some(who) = home.people.get(person) else { return Ok(()) };
    if !question.to.is_empty() && !question.to.iter().any(|to| **to == *person) {
        return Err(format!(
            "question {} is for {}, not for {person}",
            question.id,
            question.to.join(" or ")
        ));
    }
    if question.to.is_empty() && who.role == Role::Guest {
        return Err(format!("`{person}` is a guest, and is not asked"));
    }
    if !yes {
        return Ok(());
    }
    // It is for all that the same is done with, not for what the rule moves alone.
    let whole = matches!(question.kind, Asking::Offer(_)) && question.to.is_empty();
    if whole && (trusted(who.role) < Care::Dangerous || !who.grant.is_whole()) {
        return Err(format!(
            "{} may not say what all rules do by themselves: an adult with rights in all rooms may",
            who.name
        ));
    }
    let directory = house.directory();
    for one in concerned(engine.steps_behind(question), home, &directory) {
        may(who, &one.thing())?;
    }
    Ok(())
}
