//! "What's on today": what lies before the household, from what is kept and what things report. No guess, and nothing made up.

use lares_config::Home;
use lares_model::Timestamp;
use serde_json::json;

use super::briefing_words::BriefingWords;
use super::errand_words::ErrandWords;
use super::errands::weather;
use super::meaning::{Meaning, Said};
use super::readings::states;
use super::understand::Understood;
use super::words::{Words, fill};
use super::world::world;
use crate::tongue::Tongue;
use crate::views::{self, ALARMS, Attention, ReadError, Source, Telling, attention};

/// More of a kind are counted, and not named.
const MOST: usize = 5;

/// What lies before the household today, for whoever lives here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Day {
    /// Appointments that are not over: `09:00 dentist`, or the name alone where they take the day.
    pub events: Vec<String>,
    /// Tasks that are due today, and those that were before.
    pub due: Vec<String>,
    pub late: Vec<String>,
    /// Who is at home, as far as that is known of anybody.
    pub home: Option<Vec<String>>,
}

/// What is on today in the household's language, for whoever lives here and is spoken to by one of its rules.
///
/// # Errors
/// What is kept cannot be read.
pub fn today(source: &dyn Source, home: &Home, now: Timestamp) -> Result<String, ReadError> {
    let language = home.household.language.as_str();
    let tongue = Tongue::of(language).unwrap_or_default();
    let told = Telling::in_zone(&home.household.time_zone, now, true).spoken_in(tongue);
    let devices = views::devices(source, &told, false)?;
    let house = world(home, &devices, &[]);
    let said = Said {
        house: &house,
        devices: &devices,
        items: &|_| Vec::new(),
        lists: &[],
        may_list: true,
        day: &|| views::day(source, &told).unwrap_or_default(),
        occupied: &[],
        home,
        told: &told,
        timers: &[],
        here: None,
        language,
        it: &[],
    };
    Ok(said.briefing())
}

impl Said<'_> {
    /// Who does not live here hears of the weather and of the things in their rooms.
    pub(super) fn briefing(&self) -> String {
        let (words, and) = (BriefingWords::of(self.language), Words::of(self.language));
        let named = |phrase: &str, names: &[String]| {
            let (told, more) = names.split_at(names.len().min(MOST));
            let mut told = told.to_vec();
            if !more.is_empty() {
                told.push(fill(words.more, &more.len().to_string()));
            }
            (!told.is_empty()).then(|| fill(phrase, &and.list(&told)))
        };
        let mut all = vec![named(words.alarm, &self.alarms())];
        if self.may_list {
            let day = (self.day)();
            all.push(named(words.events, &day.events).or_else(|| Some(words.no_events.to_owned())));
            all.push(named(words.due, &day.due));
            all.push(named(words.late, &day.late));
            all.push(
                day.home.and_then(|home| named(words.home, &home).or_else(|| Some(words.nobody.to_owned()))),
            );
        }
        all.push(self.outside());
        all.push(named(words.low, &self.needing(Attention::LowBattery)));
        all.push(named(words.ill, &self.needing(Attention::Ill)));
        let told: Vec<String> = all.into_iter().flatten().collect();
        if told.is_empty() { words.nothing.to_owned() } else { told.join(" ") }
    }

    /// Things that report what nobody wants.
    fn alarms(&self) -> Vec<String> {
        let alarms = |e: &&crate::views::EntityView| {
            e.device_class.as_deref().is_some_and(|class| ALARMS.contains(&class)) && e.state == json!(true)
        };
        self.devices.iter().flat_map(|d| &d.entities).filter(alarms).map(|e| e.name.clone()).collect()
    }

    fn needing(&self, what: Attention) -> Vec<String> {
        let needs =
            |d: &&crate::views::DeviceView| !d.entities.is_empty() && attention(d, None).contains(&what);
        self.devices.iter().filter(needs).map(|device| device.name.clone()).collect()
    }

    /// The weather, if something in the house tells it.
    fn outside(&self) -> Option<String> {
        let asked = Understood::of("HassGetWeather", std::collections::BTreeMap::new());
        let Meaning::State(things) = weather(self, &asked, ErrandWords::of(self.language)) else {
            return None;
        };
        Some(states(self, &things, Words::of(self.language))).filter(|told| !told.is_empty())
    }
}
