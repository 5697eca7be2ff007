//! Lists that people made, everything in a room, and the day.

use super::*;

fn tasks(spoken: &SpokenView) -> Vec<String> {
    spoken.tasks.iter().map(|t| format!("{} {} {}", t.task, t.status, t.list)).collect()
}

#[test]
fn lists_have_names_that_people_give_them() {
    for (language, add, read, tick) in [
        (
            "en",
            "put screws on the hardware store list",
            "what's on the hardware store list",
            "check off taxes from the hardware store list",
        ),
        (
            "de",
            "setze screws auf die Liste Hardware store",
            "was steht auf der Liste Hardware store",
            "streiche taxes von der Liste Hardware store",
        ),
        (
            "es",
            "añade screws a la lista de Hardware store",
            "qué hay en la lista de Hardware store",
            "marca taxes en la lista de Hardware store",
        ),
        (
            "fr",
            "ajoute screws à la liste Hardware store",
            "qu'y a-t-il sur la liste Hardware store",
            "coche taxes sur la liste Hardware store",
        ),
        (
            "nl",
            "zet screws op de Hardware store lijst",
            "wat staat er op de Hardware store lijst",
            "vink taxes af van de Hardware store lijst",
        ),
    ] {
        let added = say_in(language, add, None, false);
        assert_eq!(tasks(&added), ["task:hardware-store-screws open hardware-store"], "{add}: {added:?}");
        assert!(say_in(language, read, None, false).answer.contains("taxes"), "{read}");
        let ticked = say_in(language, tick, None, false);
        assert_eq!(tasks(&ticked), ["task:hardware-store-taxes done hardware-store"], "{tick}: {ticked:?}");
    }
    assert_eq!(say("what's on the hardware store list").answer, "On the Hardware store list: taxes.");
    for (language, text) in [
        ("en", "make a list called garden centre"),
        ("en", "create a garden centre list"),
        ("de", "erstelle eine Liste namens garden centre"),
        ("es", "crea una lista llamada garden centre"),
        ("fr", "crée une liste appelée garden centre"),
        ("nl", "maak een lijst genaamd garden centre"),
    ] {
        let made = say_in(language, text, None, false);
        let [list] = made.lists.as_slice() else { panic!("{text}: {made:?}") };
        assert_eq!((list.list.as_str(), list.name.as_str()), ("project:garden-centre", "garden centre"));
    }
    let there = say("make a list called hardware store");
    assert!(there.ok && there.lists.is_empty() && there.answer.contains("already"), "{there:?}");
    assert!(!say("make a list called shopping").ok);
}

#[test]
fn everything_in_a_room_is_what_is_switched() {
    for (language, text) in [
        ("en", "turn off everything in the kitchen"),
        ("de", "mach alles in der Kitchen aus"),
        ("de", "alles aus in der Kitchen"),
        ("es", "apaga todo en Kitchen"),
        ("fr", "éteins tout dans Kitchen"),
        ("nl", "doe alles in de Kitchen uit"),
    ] {
        let off = say_in(language, text, None, false);
        assert_eq!(sets(&off), ["lamp.light on=false"], "{text}: {off:?}");
    }
    let here = say_in("en", "turn everything off", Some("bedroom"), false);
    assert_eq!(sets(&here), ["bed.light on=false"], "{here:?}");
}

#[test]
fn the_day_is_told_in_every_language() {
    for (language, text) in [
        ("en", "what's on today"),
        ("en", "give me the briefing"),
        ("en", "good morning briefing"),
        ("de", "was steht heute an"),
        ("de", "gib mir das Briefing"),
        ("es", "qué hay hoy"),
        ("es", "dame el resumen del día"),
        ("fr", "donne-moi le briefing"),
        ("nl", "geef me de briefing"),
        ("nl", "wat staat er vandaag op de agenda"),
    ] {
        let told = say_in(language, text, None, false);
        assert_eq!(told.intent.as_deref(), Some("LaresBriefing"), "{text}: {told:?}");
        for part in ["15:00 dentist", "holiday", "taxes", "Anna", "task 5"] {
            assert!(told.answer.contains(part), "{text}: {part}: {}", told.answer);
        }
        assert!(!told.answer.contains("task 6"), "more are counted: {}", told.answer);
    }
    assert_eq!(
        say("what's on today").answer,
        "Today: 15:00 dentist and holiday. To be done today: task 1, task 2, task 3, task 4, task 5 and 2 more. \
         Overdue: taxes. At home: Anna."
    );
}

#[test]
fn what_one_device_measures_is_told_by_what_that_is() {
    let mut station = device("weather", "Weather station", "outside", "sensor", &[], json!(6));
    station.entities[0].id = "weather.temperature".to_owned();
    let mut wind = station.entities[0].clone();
    (wind.id, wind.device_class, wind.state) =
        ("weather.wind".to_owned(), Some("wind_speed".to_owned()), json!(2.2));
    wind.unit = Some("m/s".to_owned());
    station.entities.push(wind);
    for (at, unit) in [(0, "°C"), (1, "m/s")] {
        station.entities[at].name = "Outside".to_owned();
        station.entities[at].unit = Some(unit.to_owned());
    }
    let outside = ["Outside", "Außen", "Exterior", "Extérieur", "Buiten"];
    let words = [
        "temperature 6 °C and wind 2.2 m/s",
        "Temperatur 6 °C und Wind 2.2 m/s",
        "temperatura 6 °C y viento 2.2 m/s",
        "température 6 °C et vent 2.2 m/s",
        "temperatuur 6 °C en wind 2.2 m/s",
    ];
    let asked = [
        "what's the weather",
        "wie ist das Wetter",
        "qué tiempo hace",
        "quel temps fait-il",
        "wat voor weer is het",
    ];
    for (n, language) in ["en", "de", "es", "fr", "nl"].into_iter().enumerate() {
        station.entities.iter_mut().for_each(|e| e.name = outside[n].to_owned());
        let colon = if language == "fr" { " :" } else { ":" };
        let told = format!("{}{colon} {}.", outside[n], words[n]);
        for text in [
            asked[n],
            [
                "what's on today",
                "was steht heute an",
                "qué hay hoy",
                "donne-moi le briefing",
                "geef me de briefing",
            ][n],
        ] {
            let said =
                among(&[station.clone()], None, &Sentence { text, language, room: None, yes: false }).view;
            assert!(said.answer.contains(&told), "{text}: {}", said.answer);
        }
    }
    // What nobody has a word for is told as before.
    let said = |devices: &[DeviceView], text: &str| {
        among(devices, None, &Sentence { text, language: "en", room: None, yes: false }).view.answer
    };
    station.entities[1].device_class = Some("signal_strength".to_owned());
    station.entities.iter_mut().for_each(|e| e.name = "Outside".to_owned());
    assert_eq!(said(&[station], "what's the weather"), "Outside is 6 °C.");
}
