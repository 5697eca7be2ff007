//! How well it is heard, by the model for tests and the voices that it knows: sentences of a house, with what can be said there told to the
//! recogniser and without; and the wake words, which nothing else may be taken for. It says nothing of people.

use std::collections::BTreeSet;

use lares_surfaces::voice::ears::{Ears, phrases};
use lares_surfaces::voice::sound::RATE;
use lares_surfaces::voice::understand::{CompiledHouse, House, Languages, Place, Thing};
use lares_tests::{at_rate, shared, speech, vosk_library};

pub(super) const VOICES: [&str; 10] = [
    "en-us", "en-gb", "en-us+m1", "en-us+m3", "en-us+m7", "en-us+f2", "en-us+f4", "en-gb+m2", "en-gb+f3",
    "en-gb+m5",
];
pub(super) const WAKE: &str = "hey computer";

/// What somebody says in this house.
pub(super) const SENTENCES: [&str; 12] = [
    "turn on the kitchen light",
    "turn off the bedroom lights",
    "set the kitchen light to forty percent",
    "turn on the coffee machine",
    "turn off the television in the living room",
    "open the living room blinds",
    "close the kitchen window",
    "lock the front door",
    "unlock the back door",
    "what is the temperature in the bedroom",
    "open the kitchen window",
    "set the bedroom heating to nineteen degrees",
];
/// What is said beside it, and is for nobody.
pub(super) const OTHERS: [&str; 6] = [
    "remind me tomorrow to call sarah",
    "there is a water leak in the basement",
    "my name is martin",
    "play some jazz in the office",
    "call me back at five five one two",
    "who is at the front door",
];

pub(super) fn house() -> House {
    let area = |name: &str| Place { id: name.replace(' ', "-"), names: vec![name.to_owned()], floor: None };
    let thing = |name: &str, domain: &str, area: &str| Thing {
        id: name.replace(' ', "-"),
        names: vec![name.to_owned()],
        domain: domain.to_owned(),
        device_class: None,
        area: Some(area.to_owned()),
    };
    House {
        floors: Vec::new(),
        areas: ["kitchen", "bedroom", "living room", "hallway"].map(area).to_vec(),
        things: vec![
            thing("kitchen light", "light", "kitchen"),
            thing("kitchen window", "cover", "kitchen"),
            thing("coffee machine", "switch", "kitchen"),
            thing("bedroom lamp", "light", "bedroom"),
            thing("bedroom heating", "climate", "bedroom"),
            thing("television", "switch", "living room"),
            thing("living room blinds", "cover", "living room"),
            thing("front door", "lock", "hallway"),
            thing("back door", "lock", "kitchen"),
            thing("seedling mat", "switch", "kitchen"),
        ],
    }
}

pub(super) fn hear(ears: &Ears, grammar: Option<&std::sync::Arc<str>>, text: &str, voice: &str) -> String {
    hear_sound(ears, grammar, &at_rate(&speech(text, voice), RATE).samples)
}

pub(super) fn hear_sound(ears: &Ears, grammar: Option<&std::sync::Arc<str>>, said: &[i16]) -> String {
    let silence = vec![0; 8_000];
    let mut utterance = ears.begin(grammar.cloned()).unwrap();
    for piece in [&silence[..], said, &silence].concat().chunks(512) {
        utterance.push(piece.to_vec()).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(utterance.finish()).unwrap().text
}

#[test]
fn what_can_be_said_in_the_house_is_heard_and_the_wake_words_are_found() {
    let Some(model) = shared("voice/model") else { return };
    let ears = Ears::open(Some(&vosk_library()), &std::env::temp_dir(), &model, 2).unwrap();
    let (grammar, unknown) = phrases(&ears, "en", &Vec::new(), house(), Some(WAKE)).unwrap();
    assert_eq!(unknown, ["mat", "seedling"], "what the model cannot hear is told");
    let grammar = grammar.expect("this model can be told");
    let told: Vec<String> = serde_json::from_str(&grammar).unwrap();
    let words: BTreeSet<&str> = told.iter().flat_map(|p| p.split(' ')).collect();
    println!("{} phrases of {} words", told.len(), words.len());
    assert!(told.len() > 200 && words.contains("blinds") && !words.contains("seedling"));

    let all: Vec<(&str, &str)> = SENTENCES.iter().flat_map(|s| VOICES.map(|voice| (*s, voice))).collect();
    let (language, compiled) = (Languages::load("en", &[]).unwrap(), CompiledHouse::new(house()));
    let meaning =
        |text: &str| language.understand(text, &compiled).into_iter().next().map(|u| (u.intent, u.slots));
    let right = |grammar: Option<&std::sync::Arc<str>>| {
        let mut wrong = Vec::new();
        for (sentence, voice) in &all {
            let heard = hear(&ears, grammar, sentence, voice);
            if meaning(&heard) != meaning(sentence) {
                wrong.push(format!("{voice}: {sentence}: {heard}"));
            }
        }
        (all.len() - wrong.len(), wrong)
    };
    let (with, wrong) = right(Some(&grammar));
    let (without, _) = right(None);
    println!(
        "{with} of {} sentences understood; {without} by all that the model knows\n{}",
        all.len(),
        wrong.join("\n")
    );
    assert!(with * 100 >= all.len() * 95, "{with} of {}", all.len());

    let mut found = 0;
    for (sentence, voice) in &all {
        let heard = hear(&ears, Some(&grammar), &format!("{WAKE} {sentence}"), voice);
        found += usize::from(heard.starts_with(WAKE));
    }
    let others = OTHERS.iter().flat_map(|s| VOICES.map(|voice| (*s, voice))).chain(all.iter().copied());
    let taken: Vec<String> = others
        .map(|(sentence, voice)| (sentence, hear(&ears, Some(&grammar), sentence, voice)))
        .filter(|(_, heard)| heard.starts_with(WAKE))
        .map(|(sentence, heard)| format!("{sentence}: {heard}"))
        .collect();
    println!("{found} of {} wake words found, {} taken for them", all.len(), taken.len());
    assert_eq!((found, taken), (all.len(), Vec::new()));
}
