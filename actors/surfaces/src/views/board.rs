//! What a display in a room shows beside the things in it: who calls, what rings, runs and plays, what was heard, what comes next,
//! what is to be bought and done.

use std::collections::BTreeSet;

use lares_config::Shown;
use lares_model::{NodeId, NodeKind, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::calls::calls_now;
use super::home::alarms;
use super::{
    CountdownView, DeviceView, EntityView, ListItem, Moment, Need, QuestionView, ReadError, RingView, Source,
    Telling, agenda, countdowns, questions, task_lists,
};

/// What a room's display shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardView {
    pub alerts: Vec<Need>,
    pub calls: Vec<BoardCall>,
    pub rings: Vec<RingView>,
    pub heard: Option<HeardHere>,
    /// Those of the room, and those of no room.
    pub timers: Vec<BoardTimer>,
    pub playing: Vec<BoardPlays>,
    pub next: Option<BoardNext>,
    /// What is being made and not done.
    pub making: Vec<BoardMakes>,
    /// Lists with something open on them.
    pub lists: Vec<BoardList>,
}

/// Somebody on the telephone, or at the door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardCall {
    /// Sixteen hexadecimal digits.
    pub id: String,
    /// Who it is, as far as that is known.
    pub name: String,
    /// What is asked about it; null: nobody is asked.
    pub text: Option<String>,
    /// The question to be answered, if it can be answered here: yes takes the call.
    pub question: Option<String>,
    /// From then on the answer is no.
    pub until: Option<Moment>,
    /// The image that shows who is at the door.
    pub camera: Option<String>,
}

/// What was heard in a room, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeardHere {
    /// Null: words of this room are not kept, and so not shown.
    pub words: Option<String>,
    /// What the house said; null: it is on its way.
    pub answer: Option<String>,
    pub ok: bool,
    pub at: Moment,
    /// It is shown for so long.
    pub until: Moment,
}

/// A timer that runs, or is paused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardTimer {
    pub id: String,
    pub name: String,
    /// Null: it is paused.
    pub due: Option<Moment>,
}

/// What plays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardPlays {
    /// Reference of the player.
    pub player: String,
    pub name: String,
    pub title: Option<String>,
    pub artist: Option<String>,
    /// `playing` or `paused`.
    pub state: String,
    /// It can be paused here.
    pub pauses: bool,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardNext {
    pub name: String,
    pub at: Moment,
    /// As it is written: a day has no hour.
    pub when: String,
}

/// A batch that is not done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardMakes {
    pub name: String,
    /// `open`, `started` or `waiting`.
    pub status: String,
    /// What is being done to it.
    pub step: Option<String>,
    /// As it is written: when the step ends.
    pub next: Option<String>,
}

/// What is open on a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardList {
    /// `shopping`, `todo`, or the key of a list that somebody made.
    pub list: String,
    /// As somebody called it; null: each surface has a word for it.
    pub name: Option<String>,
    /// How much is open.
    pub open: usize,
    /// The first of it: what is due first, then by name.
    pub items: Vec<ListItem>,
}

/// Which board, and whose.
pub struct BoardOf<'a> {
    /// Key of the room.
    pub room: &'a str,
    pub shows: &'a BTreeSet<Shown>,
    /// Whose answers count there; `None`: nobody's.
    pub person: Option<&'a str>,
    /// The person is no guest.
    pub lives_here: bool,
    /// Every call is told, and not only what somebody is asked about.
    pub all_calls: bool,
}

/// What is known beside the graph.
#[derive(Clone, Debug, Default)]
pub struct BoardFacts {
    pub rings: Vec<RingView>,
    pub heard: Option<HeardHere>,
    /// What comes next, which takes its time to find.
    pub next: Option<BoardNext>,
}

pub fn board(
    source: &dyn Source,
    told: &Telling,
    devices: &[DeviceView],
    of: &BoardOf<'_>,
    facts: &BoardFacts,
) -> Result<BoardView, ReadError> {
    let shows = |what| of.shows.contains(&what);
    let mut view = BoardView::default();
    if shows(Shown::Alerts) {
        view.alerts = alarms(told.tongue, devices);
    }
    if shows(Shown::Calls) {
        view.calls = calls(source, told, of)?;
    }
    if shows(Shown::Timers) {
        let here = |room: &Option<String>| room.as_deref().is_none_or(|room| room == of.room);
        view.rings = facts.rings.iter().filter(|ring| here(&ring.room)).cloned().collect();
        let all = countdowns(source, told)?.into_iter().filter(|timer| here(&timer.room));
        view.timers = all.map(timer).collect();
    }
    if shows(Shown::Heard) {
        view.heard = facts.heard.clone().filter(|heard| told.now < heard.until.0);
    }
    if shows(Shown::Music) {
        let here = devices.iter().flat_map(|d| &d.entities).filter(|e| e.room.as_deref() == Some(of.room));
        view.playing = here.filter_map(plays).collect();
    }
    if shows(Shown::Calendar) {
        view.next = facts.next.clone();
    }
    if shows(Shown::Production) {
        view.making = making(source)?;
    }
    if shows(Shown::Lists) {
        view.lists = lists(source, told)?;
    }
    Ok(view)
}

/// Calls that stand. A question about one says more than the call.
fn calls(source: &dyn Source, told: &Telling, of: &BoardOf<'_>) -> Result<Vec<BoardCall>, ReadError> {
    let asked: Vec<(String, QuestionView)> = questions(source, told)?
        .into_iter()
        .filter_map(|q| Some((q.rule.strip_prefix("phone:")?.to_owned(), q)))
        .collect();
    if asked.is_empty() && !of.all_calls {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for call in calls_now(source)? {
        let question = asked.iter().find(|(id, _)| *id == call.id).map(|(_, question)| question);
        if question.is_none() && !of.all_calls {
            continue;
        }
        let mine = |q: &&QuestionView| of.person.is_some_and(|person| q.is_for(person, of.lives_here));
        all.push(BoardCall {
            question: question.filter(mine).map(|q| q.id.clone()),
            text: question.map(|q| q.text.clone()),
            until: question.map(|q| q.until),
            id: call.id,
            name: call.name,
            camera: call.camera,
        });
    }
    Ok(all)
}

/// The images of doors at which somebody rings whom this person is asked about.
pub fn door_images(source: &dyn Source, told: &Telling, of: &BoardOf<'_>) -> Result<Vec<String>, ReadError> {
    let asked = calls(source, told, of)?.into_iter().filter(|call| call.question.is_some());
    Ok(asked.filter_map(|call| call.camera).collect())
}

fn timer(timer: CountdownView) -> BoardTimer {
    BoardTimer { name: timer.called(), due: timer.due, id: timer.id }
}

fn plays(entity: &EntityView) -> Option<BoardPlays> {
    // A room that the music has left is silent, whatever its stream does.
    let is_silent = entity.properties.get("muted") == Some(&Json::Bool(true));
    if entity.component != "media_player" || is_silent {
        return None;
    }
    let text = |key: &str| {
        let found = entity.properties.get(key).and_then(Json::as_str);
        found.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let state = text("state").filter(|state| state == "playing" || state == "paused")?;
    Some(BoardPlays {
        player: entity.id.clone(),
        name: entity.name.clone(),
        title: text("title"),
        artist: text("artist"),
        pauses: entity.controls.iter().any(|c| c.property == "state"),
        state,
    })
}

/// What of the household's calendar begins next, within a week.
pub fn next(source: &dyn Source, told: &Telling) -> Option<BoardNext> {
    let all = agenda(source, told, None, None, "kind:event")
        .inspect_err(|error| tracing::warn!(%error, "the calendar could not be read"));
    let things = all.ok()?.things.into_iter().filter(|thing| thing.what == "start");
    let is_day = |when: &str| when.len() <= 10;
    let mut coming = things.filter(|thing| thing.at.0 >= told.now || is_day(&thing.when));
    // A day off is told as long as nothing has an hour today.
    let first = coming.next()?;
    let first = match is_day(&first.when) {
        true => coming.find(|t| !is_day(&t.when) && same_day(told, first.at.0, t.at.0)).unwrap_or(first),
        false => first,
    };
    // Its line says the day as well, which is told beside it.
    let node = source.node(NodeId::derive(&first.kind, &first.reference)).ok().flatten();
    let name = node.map(|node| node.name);
    Some(BoardNext { name: name.unwrap_or(first.line), at: first.at, when: first.when })
}

fn same_day(told: &Telling, one: Timestamp, other: Timestamp) -> bool {
    let day = |at: Timestamp| {
        let at = jiff::Timestamp::from_microsecond(at.0).ok()?;
        Some(at.to_zoned(told.zone.clone()).date())
    };
    day(one) == day(other)
}

/// More is read elsewhere: a wall is looked at in passing.
const ITEMS: usize = 8;

fn lists(source: &dyn Source, told: &Telling) -> Result<Vec<BoardList>, ReadError> {
    let all = task_lists(source, told)?.into_iter().filter_map(|of| {
        let mut items = of.items;
        items.retain(|item| !item.done);
        let open = items.len();
        items.truncate(ITEMS);
        // What stands on no list is of whoever runs the house, and not of whoever passes.
        (open > 0).then_some(BoardList { list: of.list?, name: of.name, open, items })
    });
    Ok(all.collect())
}

fn making(source: &dyn Source) -> Result<Vec<BoardMakes>, ReadError> {
    let mut all = Vec::new();
    for node in source.nodes(NodeKind::Batch)? {
        let text = |key: &str| {
            let value = node.props.get(key)?;
            value.as_text().map(str::to_owned)
        };
        let status = text("status").unwrap_or_else(|| "open".to_owned());
        if matches!(status.as_str(), "done" | "cancelled") {
            continue;
        }
        all.push(BoardMakes { step: text("step"), next: text("next_step"), name: node.name.clone(), status });
    }
    all.sort_by(|a, b| (&a.next.is_none(), &a.next, &a.name).cmp(&(&b.next.is_none(), &b.next, &b.name)));
    Ok(all)
}
