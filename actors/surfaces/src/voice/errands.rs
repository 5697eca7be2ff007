//! Lists, reminders, announcements and the weather: what is meant. Pure.

use lares_config::Home;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::errand_words::ErrandWords;
use super::leaning::Leaning;
use super::meaning::{Meaning, Said};
use super::noting::{noted, plain_key};
use super::timer_words::TimerWords;
use super::timers;
use super::understand::{Understood, fold};
use super::words::{Words, fill};
use crate::views::Telling;

/// Label of what is to be bought, and of what is to be done.
const SHOPPING: &str = "shopping";
const TODO: &str = "todo";
/// Id of the to-do list among the things of a house.
pub(super) const TODO_LIST: &str = "list:todo";
/// What the id of a list begins with; then its key.
pub(super) const A_LIST: &str = "list:";

/// Something of a list: a task of the life graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// `task:shopping-milk`.
    pub node: String,
    pub name: String,
    pub done: bool,
}

/// A task, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpokenTask {
    /// `task:shopping-milk`.
    pub task: String,
    pub name: String,
    /// `open`, `done` or `cancelled`.
    pub status: String,
    /// `shopping`, `todo`, or the key of a list that somebody made.
    pub list: String,
    /// Whether it is there already.
    pub known: bool,
    /// What its status was; null: it was not there.
    #[serde(default)]
    pub was: Option<String>,
}

/// A list that is to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpokenList {
    /// `project:hardware-store`.
    pub list: String,
    pub name: String,
}

/// Words for a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpokenCall {
    /// Key of the room.
    pub room: String,
    pub text: String,
}

/// What a sentence about one of these means; `None`: it is about something else.
pub(super) fn errand(
    said: &Said<'_>,
    understood: &Understood,
    told: &Telling,
    home: &Home,
) -> Option<Meaning> {
    let words = ErrandWords::of(said.language);
    let named = || understood.thing().and_then(|n| said.house.things.get(n)?.id.strip_prefix(A_LIST));
    let list = match understood.intent.as_str() {
        "HassShoppingListAddItem" | "HassShoppingListCompleteItem" | "LaresShoppingListRead" => SHOPPING,
        "HassListAddItem" | "HassListCompleteItem" | "HassListRemoveItem" | "LaresListRead" => named()?,
        "LaresListMake" => return Some(make(said, understood, words)),
        "LaresRemind" => return Some(remind(said, understood, told)),
        "HassBroadcast" => return Some(announce(said, understood, home, words)),
        "HassGetWeather" => return Some(weather(said, understood, words)),
        _ => return None,
    };
    let items = (said.items)(list);
    let own =
        |list: &str| said.lists.iter().find(|(key, _)| key == list).map(|(_, name)| fill(words.own, name));
    let name = |list: &str| match list {
        SHOPPING => words.shopping.to_owned(),
        list => own(list).unwrap_or_else(|| words.todo.to_owned()),
    };
    if matches!(understood.intent.as_str(), "LaresShoppingListRead" | "LaresListRead") {
        let open: Vec<String> = items.iter().filter(|i| !i.done).map(|i| i.name.clone()).collect();
        let answer = match open.as_slice() {
            [] => fill(words.empty, &name(list)),
            open => fill(&fill(words.has, &name(list)), &Words::of(said.language).list(open)),
        };
        return Some(Meaning::Answer(answer, true));
    }
    let wanted = understood.text("item").unwrap_or_default();
    let adds = understood.intent.ends_with("AddItem");
    let wanted = if adds && list != TODO { several(wanted, said.language) } else { vec![wanted.to_owned()] };
    let (mut tasks, mut names) = (Vec::new(), Vec::new());
    for wanted in wanted.iter().map(|item| item.trim()).filter(|item| !item.is_empty()) {
        let Some(task) = noted(list, wanted, &items, adds) else {
            return Some(Meaning::Answer(fill(&fill(words.not_there, wanted), &name(list)), false));
        };
        names.push(task.name.clone());
        tasks.push(task);
    }
    let phrase = if adds { words.added } else { words.ticked };
    let answer = fill(&fill(phrase, &Words::of(said.language).list(&names)), &name(list));
    Some(Meaning::Tasks(tasks, answer))
}

/// A list of a name that none has yet.
fn make(said: &Said<'_>, understood: &Understood, words: &ErrandWords) -> Meaning {
    let name = understood.text("list_name").unwrap_or_default().trim();
    let folded = fold(name).text;
    let of_home = [SHOPPING, TODO, "list"].contains(&folded.as_str());
    if folded.is_empty() || of_home || !said.may_list {
        return Meaning::Answer(words.no_list.to_owned(), false);
    }
    let same = |(key, known): &&(String, String)| *key == plain_key(&folded) || fold(known).text == folded;
    match said.lists.iter().find(same) {
        Some((_, known)) => Meaning::Answer(fill(words.list_there, known), true),
        None => {
            let list = SpokenList { list: format!("project:{}", plain_key(&folded)), name: name.to_owned() };
            Meaning::Lists(vec![list], fill(words.list_made, name))
        }
    }
}

/// `milk and bread` are two things.
fn several(item: &str, language: &str) -> Vec<String> {
    let and = Leaning::of(language).and;
    let mut all = vec![String::new()];
    for word in item.split_whitespace() {
        let (word, ends) = word.strip_suffix(',').map_or((word, false), |word| (word, true));
        if and.contains(&fold(word).text.as_str()) {
            all.push(String::new());
            continue;
        }
        if let Some(last) = all.last_mut() {
            last.push(' ');
            last.push_str(word);
        }
        if ends {
            all.push(String::new());
        }
    }
    all
}

fn remind(said: &Said<'_>, understood: &Understood, told: &Telling) -> Meaning {
    let words = TimerWords::of(said.language);
    let task = understood.text("task").unwrap_or_default().trim();
    let number = |slot| understood.number(slot);
    let length_s = match number("clock") {
        Some(hour) => {
            until(told, hour, number("clock_minute").unwrap_or(0.0), number("half_day"), number("day"))
        }
        None => Some(timers::seconds(understood, "")),
    };
    match length_s.filter(|length_s| *length_s > 0.0) {
        Some(length_s) if !task.is_empty() => timers::new(said.here, Some(task), Some(task), length_s, words),
        _ => Meaning::Answer(words.no_such.to_owned(), false),
    }
}

/// Seconds until a time of day: the next one. An hour up to twelve can be that of the afternoon, unless it is said which.
pub(super) fn until(
    told: &Telling,
    hour: f64,
    minute: f64,
    half_day: Option<f64>,
    day: Option<f64>,
) -> Option<f64> {
    let zone = jiff::tz::TimeZone::get(told.zone_name()).unwrap_or(jiff::tz::TimeZone::UTC);
    let now = jiff::Timestamp::from_microsecond(told.now.0).ok()?.to_zoned(zone.clone());
    let (hour, minute) = (hour as i8, minute as i8);
    let hours = match half_day {
        Some(half) => vec![hour % 12 + half as i8],
        None if hour <= 12 && day.is_none() => vec![hour % 24, (hour + 12) % 24],
        None => vec![hour % 24],
    };
    let days = match day {
        Some(day) => vec![day as i64],
        None => vec![0, 1],
    };
    let at = |days: i64, hour: i8| {
        let date = now.date().checked_add(jiff::Span::new().days(days)).ok()?;
        date.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()
    };
    let all = days.iter().flat_map(|day| hours.iter().filter_map(move |hour| at(*day, *hour)));
    let next = all.filter(|at| *at > now).min()?;
    Some(next.timestamp().as_microsecond().saturating_sub(told.now.0) as f64 / 1e6)
}

/// In the rooms with somebody in them, as far as there is something that speaks there; if nobody is known to be anywhere, in all of these.
fn announce(said: &Said<'_>, understood: &Understood, home: &Home, words: &ErrandWords) -> Meaning {
    let text = understood.text("message").unwrap_or_default().trim().to_owned();
    let mut rooms: Vec<&str> = home.satellites.values().map(|satellite| satellite.room.as_str()).collect();
    rooms.sort_unstable();
    rooms.dedup();
    if said.occupied.iter().any(|room| rooms.contains(&room.as_str())) {
        rooms.retain(|room| said.occupied.iter().any(|occupied| occupied == room));
    }
    if rooms.is_empty() || text.is_empty() {
        return Meaning::Answer(words.nothing_speaks.to_owned(), false);
    }
    let name = |room: &str| home.rooms.get(room).map_or_else(|| room.to_owned(), |room| room.name.clone());
    let names: Vec<String> = rooms.iter().map(|room| name(room)).collect();
    let calls =
        rooms.iter().map(|room| SpokenCall { room: (*room).to_owned(), text: text.clone() }).collect();
    Meaning::Calls(calls, fill(words.announced, &Words::of(said.language).list(&names)))
}

/// What a thing that tells the weather tells; else what it is like outside, as far as something measures that.
pub(super) fn weather(said: &Said<'_>, understood: &Understood, words: &ErrandWords) -> Meaning {
    if let Some(thing) = understood.thing().and_then(|n| said.house.things.get(n)) {
        return Meaning::State(vec![thing.id.clone()]);
    }
    let outside = |thing: &&super::understand::Thing| {
        let measures = ["temperature", "humidity", "wind_speed", "precipitation_intensity"];
        let is_outside = thing.names.iter().chain(&thing.area).any(|name| {
            let folded = fold(name).text;
            words.outside.iter().any(|word| folded.contains(word))
        });
        thing.domain == "sensor"
            && is_outside
            && measures.contains(&thing.device_class.as_deref().unwrap_or(""))
    };
    let tells = |thing: &&super::understand::Thing| thing.domain == "weather";
    let all = |fits: &dyn Fn(&&super::understand::Thing) -> bool| -> Vec<String> {
        said.house.things.iter().filter(|thing| fits(thing)).map(|thing| thing.id.clone()).collect()
    };
    let mut found = all(&tells);
    if found.is_empty() {
        found = all(&outside);
    }
    if found.is_empty() { Meaning::Answer(words.no_weather.to_owned(), false) } else { Meaning::State(found) }
}

#[cfg(test)]
mod tests {
    use lares_model::Timestamp;

    use super::*;

    #[test]
    fn the_next_time_of_day_is_meant() {
        // 12:00 in Vienna, a Monday.
        let told = Telling::in_zone("Europe/Vienna", Timestamp(1_795_431_600_000_000), true);
        let hours = |hour, minute, half, day| until(&told, hour, minute, half, day).unwrap() / 3600.0;
        assert_eq!(hours(6.0, 0.0, None, None), 6.0, "at six is this evening");
        assert_eq!(hours(6.0, 30.0, Some(0.0), None), 18.5, "six in the morning is tomorrow's");
        assert_eq!(hours(18.0, 0.0, None, None), 6.0);
        assert_eq!(hours(11.0, 0.0, None, None), 11.0, "eleven at night");
        assert_eq!(hours(7.0, 0.0, None, Some(1.0)), 19.0, "tomorrow at seven");
        assert_eq!(hours(12.0, 0.0, None, None), 12.0, "midnight is next");
    }

    #[test]
    fn what_is_to_be_bought_is_taken_apart() {
        let of = |text: &str, language: &str| -> Vec<String> {
            several(text, language)
                .iter()
                .map(|item| item.trim().to_owned())
                .filter(|i| !i.is_empty())
                .collect()
        };
        assert_eq!(of("milk, bread and olive oil", "en"), ["milk", "bread", "olive oil"]);
        assert_eq!(of("Milch und Brot", "de"), ["Milch", "Brot"]);
    }
}
