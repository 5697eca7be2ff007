//! A sentence to the house: understood, wished at the door as its speaker, and answered with what came of it.

use std::collections::BTreeMap;

use lares_config::{Care, Grant, Home, Person, Role, trusted};
use lares_kernel::{Answer, Delayed, Intent};
use lares_model::{Body, Draft, EventId, NodeId, NodeKind, Origin, Placed, Receipt, Statement, Value};

use super::tasks::task_said;
use super::undo::undo;
use super::{Asked, Request, Told, Trouble, View, intents};
use crate::views;
use crate::voice::{
    Around, Back, Sentence, SpokenSet, SpokenView, Talked, Turn, came_of, not_taken_back, own_files, talk,
};

/// The intent that takes back what the sentence before did.
const UNDO: &str = "LaresUndo";

/// A sentence as it was said.
pub(crate) struct Spoken {
    pub text: String,
    pub language: Option<String>,
    pub room: Option<String>,
    pub yes: bool,
    pub by: By,
}

/// Who says it.
pub(crate) enum By {
    Console,
    Person(String),
    Voice(Voice),
}

/// Somebody whom a microphone heard.
#[derive(Clone)]
pub(crate) struct Voice {
    /// The satellite, or the server's own key.
    pub key: String,
    /// The words for the record: a `yes` is not the sentence that it means.
    pub heard: String,
    /// It was said to the house. Else it is kept and answered only if it means something.
    pub addressed: bool,
    /// Its words are kept; else only that it was heard.
    pub keep: bool,
}

impl Voice {
    /// The words for the record.
    fn for_record(&self) -> &str {
        if self.keep { &self.heard } else { "(words are not kept in this room)" }
    }
}

impl By {
    /// Whose rights count: none has all.
    fn speaker<'h>(&self, home: &'h Home) -> Option<&'h Person> {
        match self {
            Self::Console => None,
            Self::Person(person) => home.people.get(person),
            Self::Voice(voice) => home.speaker(&voice.key),
        }
    }

    fn person(&self) -> Option<String> {
        match self {
            Self::Person(person) => Some(person.clone()),
            _ => None,
        }
    }
}

pub(super) async fn speak(asked: &Asked, said: Spoken) -> Result<(Told, View), Trouble> {
    let spoken = spoken(asked, said).await?;
    asked.done(View::Spoken(Box::new(spoken))).await
}

/// Understands, does and answers.
///
/// # Errors
/// A room or language that is not there; the household did not answer.
pub(crate) async fn spoken(asked: &Asked, said: Spoken) -> Result<SpokenView, Trouble> {
    let Spoken { text, language, room, yes, by } = said;
    let home = (asked.setup.in_force)();
    let language = language.unwrap_or_else(|| home.household.language.clone());
    let speaker = by.speaker(&home);
    if let (By::Voice(voice), None) = (&by, speaker) {
        return Err(Trouble::input(format!("nobody may act by the voice `{}`", voice.key)));
    }
    // Who may act in some rooms only hears of these only: not even a question leads out of them.
    let grant = speaker.map(|p| p.grant.clone()).unwrap_or_default();
    let at_home = speaker.is_none_or(|p| p.role < Role::Guest);
    // Whoever may not do what is dangerous is refused by the door, and not asked whether they mean it.
    let yes = yes || speaker.is_some_and(|p| trusted(p.role) < Care::Dangerous);
    if let Some(room) = &room {
        look_for(room, &home, &grant)?;
    }
    let (spoken_in, surface, person, place) =
        (language.clone(), asked.surface.clone(), by.person(), room.clone());
    let (conversation, now) = (conversation(&by, &surface, room.as_deref()), asked.world.clock().now());
    // What was not said to the house leans on nothing that was.
    let leans = !matches!(&by, By::Voice(voice) if !voice.addressed);
    let before = asked.setup.talks.last(&conversation, now).filter(|_| leans);
    let root = asked.setup.files.folder.root.clone();
    let read = asked.read(move |source, told| {
        let mut devices = views::devices(source, told, false).map_err(Trouble::failed)?;
        devices.iter_mut().for_each(|d| d.entities.retain(|e| grant.covers(e.room.as_deref())));
        let sentence = Sentence { text: &text, language: &spoken_in, room: room.as_deref(), yes };
        let mut timers = views::countdowns(source, told).map_err(Trouble::failed)?;
        timers.retain(|timer| grant.covers(timer.room.as_deref()));
        let last = before.as_ref().map(|turn| &turn.last);
        let own = own_files(&root, &spoken_in);
        let occupied: Vec<String> = views::rooms(source, &[])
            .map_err(Trouble::failed)?
            .into_iter()
            .filter(|room| room.occupied == Some(true) && grant.covers(Some(&room.key)))
            .map(|room| room.key)
            .collect();
        // A guest hears nothing of what the household has to do.
        let lists =
            |label: &str| if at_home { views::items(source, label).unwrap_or_default() } else { Vec::new() };
        let made = if at_home { views::lists(source).map_err(Trouble::failed)? } else { Vec::new() };
        let day = || views::day(source, told).unwrap_or_default();
        let around = Around {
            devices: &devices,
            timers: &timers,
            last,
            items: &lists,
            lists: &made,
            at_home,
            day: &day,
            occupied: &occupied,
            own: &own,
        };
        let talked = talk(&sentence, &home, &around, told).map_err(Trouble::input)?;
        let mut wishes = Wishes::default();
        let set = |set: &SpokenSet| {
            let (target, values) = (set.target.clone(), set.values.clone());
            let (hold_ms, until_released, transition_ms) = (set.hold_ms, false, None);
            let person = person.clone();
            let request = Request::Set { target, values, hold_ms, until_released, transition_ms, person };
            intents::silencing(source, intents::intent(source, request, &surface)?, &set.silences)
        };
        for wished in &talked.view.sets {
            wishes.sets.push(set(wished)?);
        }
        for timer in &talked.view.timers {
            let then = timer.sets.iter().map(set);
            let aloud =
                timer.calls.iter().map(|call| intents::announcement(source, call, person.clone(), &surface));
            let delayed = |intent: Intent| Delayed { target: intent.target, act: intent.act };
            let then = then.chain(aloud).map(|intent| intent.map(delayed));
            let act = timer.act(then.collect::<Result<_, _>>()?);
            let act = act.ok_or_else(|| Trouble::input("no timer is that long"))?;
            let request = Request::Timer { timer: timer.timer.clone(), act, person: person.clone() };
            wishes.others.push(intents::intent(source, request, &surface)?);
        }
        let mut statements = Vec::new();
        for list in &talked.view.lists {
            let set = BTreeMap::from([("labels".to_owned(), Some(Value::text("list")))]);
            let (node, name) = (list.list.clone(), Some(list.name.clone()));
            let key = node.split_once(':').map_or("", |(_, key)| key);
            let projects = source.nodes(NodeKind::Project).map_err(Trouble::failed)?;
            if projects.iter().any(|project| &*project.key == key) {
                return Err(Trouble::input(format!("`{node}` is there already, and is no list")));
            }
            statements.push(Placed::from(Statement::Put { node, name, set, since: None }));
        }
        for task in &talked.view.tasks {
            statements.push(task_said(task));
        }
        if !statements.is_empty() {
            let request = Request::Say { statements, import: String::new(), person: person.clone() };
            wishes.others.push(intents::intent(source, request, &surface)?);
        }
        for call in &talked.view.calls {
            wishes.others.push(intents::announcement(source, call, person.clone(), &surface)?);
        }
        // A bare answer says nothing without what it answers.
        let said = talked.of.as_ref().map_or_else(|| text.clone(), |of| format!("{of}: {text}"));
        for intent in wishes.sets.iter_mut().chain(&mut wishes.others) {
            let surface = if intent.reason.is_empty() { "" } else { " " };
            intent.reason = format!("said{surface}{}: {said}", intent.reason).into();
        }
        // What was not meant is taken back, as far as nobody has moved it since.
        if talked.corrects && talked.view.ok {
            for event in before.iter().flat_map(|turn| &turn.decided) {
                match undo(source, told, Some(&event.to_string()), person.as_deref()) {
                    Ok(undone) => {
                        wishes.back.extend(undone.intents);
                        wishes.left.extend(undone.left);
                    }
                    Err(trouble) => wishes.left.push(trouble.to_string()),
                }
            }
        }
        Ok((talked, wishes, names(devices)))
    });
    let (Talked { view: mut spoken, mut last, of, .. }, mut wishes, names) = read.await?;
    if let By::Voice(voice) = &by
        && (voice.addressed || spoken.intent.is_some())
    {
        let heard = keep(asked, voice, place.as_deref());
        show(asked, voice, place.as_deref(), None);
        wishes.all().for_each(|intent| as_voice(intent, voice, (place.as_deref(), of.as_deref()), heard));
    }
    let taken_back = all_of(asked, wishes.back).await?;
    if spoken.intent.as_deref() == Some(UNDO) {
        undone(&mut spoken, &taken_back, &wishes.left, &language, &names);
    }
    let (decided, answers) =
        carry_out(asked, &mut spoken, (wishes.sets, wishes.others), &language, &names).await?;
    // What was taken back is not done again by the same words.
    if !matches!(spoken.intent.as_deref(), Some(UNDO | "HassNevermind")) {
        last.back = Back::of(&spoken, &answers);
    }
    if let By::Voice(voice) = &by
        && (voice.addressed || spoken.intent.is_some())
    {
        show(asked, voice, place.as_deref(), Some((&spoken.answer, spoken.ok)));
    }
    if (spoken.ok || !last.asked.is_empty()) && leans {
        asked.setup.talks.remember(&conversation, now, Turn { last, decided });
    }
    Ok(spoken)
}

/// What a sentence wishes.
#[derive(Default)]
struct Wishes {
    /// To take back what was done before, and what of it cannot be.
    back: Vec<Intent>,
    left: Vec<String>,
    sets: Vec<Intent>,
    /// Timers, and what is said.
    others: Vec<Intent>,
}

impl Wishes {
    fn all(&mut self) -> impl Iterator<Item = &mut Intent> {
        self.back.iter_mut().chain(&mut self.sets).chain(&mut self.others)
    }
}

/// What came of taking things back is said before what came of timers and lists.
fn undone(
    spoken: &mut SpokenView,
    answers: &[Answer],
    left: &[String],
    language: &str,
    names: &BTreeMap<String, String>,
) {
    let told = std::mem::take(&mut spoken.answer);
    if !answers.is_empty() {
        came_of(spoken, language, answers, |id| names.get(id).cloned().unwrap_or_else(|| id.to_owned()));
    } else if told.is_empty() {
        not_taken_back(spoken, language, left);
    }
    let parts = [std::mem::take(&mut spoken.answer), told];
    spoken.answer = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
}

/// Wishes, and says what came of it; gives what was decided, and what became of timers and lists.
async fn carry_out(
    asked: &Asked,
    spoken: &mut SpokenView,
    (sets, others): (Vec<Intent>, Vec<Intent>),
    language: &str,
    names: &BTreeMap<String, String>,
) -> Result<(Vec<EventId>, Vec<Answer>), Trouble> {
    let mut decided = Vec::new();
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let told = std::mem::take(&mut spoken.answer);
    let answers = all_of(asked, sets).await?;
    if !answers.is_empty() {
        decided.extend(answers.iter().filter_map(|answer| answer.event));
        came_of(spoken, language, &answers, name);
    }
    let answers = all_of(asked, others).await?;
    let failed: Vec<Answer> =
        answers.iter().filter(|answer| answer.receipt != Receipt::Confirmed).cloned().collect();
    let done = std::mem::take(&mut spoken.answer);
    let mut parts = vec![done];
    if failed.is_empty() {
        parts.push(told);
    } else {
        let was_ok = spoken.ok;
        came_of(spoken, language, &failed, name);
        spoken.ok &= was_ok;
        parts.push(std::mem::take(&mut spoken.answer));
    }
    parts.retain(|part| !part.is_empty());
    spoken.answer = parts.join(" ");
    Ok((decided, answers))
}

async fn all_of(asked: &Asked, intents: Vec<Intent>) -> Result<Vec<Answer>, Trouble> {
    let mut answers = Vec::new();
    for intent in intents {
        answers.extend(asked.answers(intent).await?);
    }
    Ok(answers)
}

/// What things are called: what there is one of in a device, as the device.
fn names(devices: Vec<views::DeviceView>) -> BTreeMap<String, String> {
    let all = devices.into_iter().flat_map(|d| {
        let only = d.entities.iter().filter(|e| e.category.is_none() && !e.controls.is_empty()).count() == 1;
        let of = d.name.clone();
        d.entities.into_iter().map(move |e| (e.id, if only { of.clone() } else { e.name }))
    });
    all.collect()
}

/// What was said before, by whom and where: "it" is not what somebody else named.
fn conversation(by: &By, surface: &str, room: Option<&str>) -> String {
    let who = match by {
        By::Console => "console",
        By::Person(person) => person.as_str(),
        By::Voice(voice) => voice.key.as_str(),
    };
    format!("{surface}/{who}/{}", room.unwrap_or_default())
}

fn look_for(room: &str, home: &Home, grant: &Grant) -> Result<(), Trouble> {
    let known: Vec<&str> = home.rooms.keys().map(String::as_str).filter(|r| grant.covers(Some(r))).collect();
    if known.contains(&room) {
        return Ok(());
    }
    Err(Trouble::input(format!("there is no room `{room}`; there is {}", known.join(", "))))
}

/// What was heard goes on record as text; the sound does not.
fn keep(asked: &Asked, voice: &Voice, room: Option<&str>) -> EventId {
    let subject = room.map_or_else(NodeId::household, NodeId::room);
    let body = Body::Notice { text: voice.for_record().to_owned() };
    asked.world.publish(Draft::new(subject, Origin::Voice(voice.key.as_str().into()), body)).id
}

/// What was heard is seen where it was said, so that whoever spoke sees what was understood. Words that are not kept are not shown.
fn show(asked: &Asked, voice: &Voice, room: Option<&str>, answer: Option<(&str, bool)>) {
    if let Some(room) = room {
        let words = voice.keep.then_some(voice.heard.as_str());
        asked.setup.boards.heard(room, words, answer, asked.world.clock().now());
    }
}

/// A wish of somebody whom nobody knows: the door looks at what the microphone may. `of`: the sentence that it answers a question about.
fn as_voice(intent: &mut Intent, voice: &Voice, (room, of): (Option<&str>, Option<&str>), heard: EventId) {
    intent.origin = Origin::Voice(voice.key.as_str().into());
    if &*intent.source == "console" {
        intent.source = format!("voice:{}", voice.key).into();
    }
    let place = room.map(|room| format!(" in {room}")).unwrap_or_default();
    let of = of.filter(|_| voice.keep).map(|of| format!("{of}: ")).unwrap_or_default();
    intent.reason = format!("said{place}: {of}{}", voice.for_record()).into();
    intent.causes.push(heard);
}
