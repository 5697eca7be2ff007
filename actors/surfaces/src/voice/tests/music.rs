//! Sentences about what plays.

use super::*;

fn music_in(language: &str, text: &str, room: Option<&str>) -> Vec<String> {
    sets(&said_of_music(language, text, room, true))
}

fn said_of_music(language: &str, text: &str, room: Option<&str>, at_home: bool) -> SpokenView {
    let player = |id: &str, name: &str, room: Option<&str>, controls: &[&str], state: &str| {
        let mut device = device(id, name, room.unwrap_or_default(), "media_player", controls, json!(state));
        let entity = &mut device.entities[0];
        (entity.id, entity.name, entity.room) =
            (format!("{id}.player"), name.to_owned(), room.map(str::to_owned));
        entity.properties = [("volume".to_owned(), json!(40))].into();
        if room.is_some() {
            entity.properties.insert("source".to_owned(), json!("anna"));
        }
        for (slug, property) in [("next", "press"), ("previous", "press"), ("follow", "on")] {
            let mut beside = device.entities[0].clone();
            (beside.id, beside.component) = (format!("{id}.{slug}"), "button".to_owned());
            beside.name = format!("{name}: {slug}");
            beside.controls = vec![ControlView { property: property.to_owned(), ..ControlView::default() }];
            device.entities.push(beside);
        }
        device.room = room.map(str::to_owned);
        device
    };
    let all = ["state", "volume", "muted", "source"];
    let devices = [
        player("player-kitchen", "Kitchen speaker", Some("kitchen"), &all, "playing"),
        player("player-bedroom", "Bedroom speaker", Some("bedroom"), &all, "idle"),
        player("stream-anna", "Anna", None, &["state"], "playing"),
    ];
    heard_by(&devices, None, &Sentence { text, language, room, yes: false }, at_home).view
}

/// The loudspeakers of a house with a third room: which play Anna's music.
fn loudspeakers(text: &str, language: &str, here: &str, play: &[&str]) -> Vec<String> {
    let player = |room: &str| {
        let controls = ["state", "volume", "muted", "source"];
        let state = if play.contains(&room) { "playing" } else { "idle" };
        let mut player =
            device(&format!("player-{room}"), room, room, "media_player", &controls, json!(state));
        player.entities[0].id = format!("player-{room}.player");
        player.entities[0].properties =
            [("source".to_owned(), json!("anna")), ("muted".to_owned(), json!(!play.contains(&room)))].into();
        player
    };
    let devices = ["kitchen", "bedroom", "study"].map(player);
    let names = match language {
        "de" => ["Küche", "Schlafzimmer", "Arbeitszimmer"],
        "es" => ["cocina", "dormitorio", "despacho"],
        "fr" => ["cuisine", "chambre", "bureau"],
        "nl" => ["keuken", "slaapkamer", "studeerkamer"],
        _ => ["kitchen", "bedroom", "study"],
    };
    let rooms = ["kitchen", "bedroom", "study"].into_iter().zip(names);
    let text_of = |(key, name): (&str, &str)| format!("[room.{key}]\nname = \"{name}\"\n");
    let files = vec![("home.toml".to_owned(), rooms.map(text_of).collect::<String>())];
    let home = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty()).unwrap().home;
    let sentence = Sentence { text, language, room: Some(here), yes: false };
    sets(&heard_in(&home, &devices, None, &sentence, true).view)
}

const IN_WORDS: [[&str; 6]; 5] = [
    [
        "en",
        "play it in the bedroom too",
        "play music in the kitchen and the bedroom",
        "play the music everywhere",
        "play the music only here",
        "stop the music in the bedroom",
    ],
    [
        "de",
        "spiel die Musik auch im Schlafzimmer",
        "spiel die Musik in der Küche und im Schlafzimmer",
        "spiel die Musik überall",
        "die Musik nur hier",
        "stoppe die Musik im Schlafzimmer",
    ],
    [
        "es",
        "pon la música también en el dormitorio",
        "pon música en la cocina y en el dormitorio",
        "pon la música en toda la casa",
        "pon la música solo aquí",
        "para la música en el dormitorio",
    ],
    [
        "fr",
        "mets la musique aussi dans la chambre",
        "mets la musique dans la cuisine et dans la chambre",
        "mets la musique partout",
        "mets la musique seulement ici",
        "arrête la musique dans la chambre",
    ],
    [
        "nl",
        "speel de muziek ook in de slaapkamer",
        "speel de muziek in de keuken en in de slaapkamer",
        "speel de muziek overal",
        "speel de muziek alleen hier",
        "stop de muziek in de slaapkamer",
    ],
];

#[test]
fn it_plays_in_several_rooms_in_all_languages() {
    for [language, also, rooms, everywhere, only, not_there] in IN_WORDS {
        let kitchen = ["kitchen"];
        let both = ["kitchen", "bedroom"];
        let bedroom = ["player-bedroom.player source=\"anna\""];
        assert_eq!(loudspeakers(also, language, "kitchen", &kitchen), bedroom, "{also}");
        assert_eq!(loudspeakers(rooms, language, "kitchen", &kitchen), bedroom, "{rooms}");
        let all = ["player-bedroom.player source=\"anna\"", "player-study.player source=\"anna\""];
        assert_eq!(loudspeakers(everywhere, language, "kitchen", &kitchen), all, "{everywhere}");
        let here = ["player-kitchen.player source=\"anna\", silences player-bedroom.player"];
        assert_eq!(loudspeakers(only, language, "kitchen", &both), here, "{only}");
        let muted = ["player-bedroom.player muted=true"];
        assert_eq!(loudspeakers(not_there, language, "kitchen", &both), muted, "{not_there}");
        let paused = ["player-bedroom.player state=\"paused\""];
        assert_eq!(loudspeakers(not_there, language, "kitchen", &["bedroom"]), paused, "{not_there}");
    }
    let said = |text: &str, here: &str, play: &[&str]| loudspeakers(text, "en", here, play);
    let kitchen = ["player-kitchen.player source=\"anna\""];
    assert_eq!(said("play it here too", "kitchen", &["study"]), kitchen);
    assert_eq!(said("play it in the kitchen too", "kitchen", &["kitchen"]), kitchen, "it does already");
    let all = ["kitchen", "bedroom", "study"].map(|room| format!("player-{room}.player source=\"anna\""));
    let everywhere = ["kitchen", "bedroom", "study"];
    assert_eq!(said("play it in the kitchen, the bedroom and the study", "study", &everywhere), all);
    assert!(said("play it in the bedroom too", "kitchen", &[]).is_empty(), "there is none");
    assert_eq!(said("resume the music in the kitchen", "study", &["bedroom"]), kitchen);
    let moves = ["player-bedroom.player source=\"anna\", silences player-kitchen.player"];
    assert_eq!(said("play the music only in the bedroom", "study", &["kitchen"]), moves);
}

#[test]
fn a_guest_keeps_the_music_in_the_room_and_not_with_somebody() {
    for (language, stay, follow) in [
        ("en", "keep the music here", "let the music follow me"),
        ("de", "lass die Musik hier", "die Musik soll mir folgen"),
    ] {
        let said = said_of_music(language, stay, Some("kitchen"), false);
        assert_eq!(sets(&said), ["player-kitchen.player source=\"anna\""], "{stay}");
        assert_eq!(said.sets[0].hold_ms, Some(7_200_000), "it ends by itself");
        let said = said_of_music(language, follow, Some("kitchen"), false);
        assert_eq!(sets(&said), ["player-kitchen.player source=\"anna\""], "{follow}");
        assert_eq!(said.sets[0].hold_ms, None, "it stands no longer");
    }
}

#[test]
fn music_is_paused_skipped_louder_and_kept_here() {
    let kitchen = |language: &str, text: &str| music_in(language, text, Some("kitchen"));
    for (language, pause, next, louder, stay) in [
        ("en", "pause the music", "next song", "louder", "keep the music here"),
        ("de", "pausiere die Musik", "nächstes Lied", "lauter", "lass die Musik hier"),
        ("es", "pausa la música", "siguiente canción", "más alto", "deja la música aquí"),
        ("fr", "pause la musique", "chanson suivante", "plus fort", "laisse la musique ici"),
        ("nl", "pauzeer de muziek", "volgende nummer", "harder", "laat de muziek hier"),
    ] {
        assert_eq!(kitchen(language, pause), ["player-kitchen.player state=\"paused\""], "{pause}");
        assert_eq!(kitchen(language, next), ["player-kitchen.next press=true"], "{next}");
        assert_eq!(kitchen(language, louder), ["player-kitchen.player volume=50.0"], "{louder}");
        assert_eq!(kitchen(language, stay), ["stream-anna.follow on=false"], "{stay}");
    }
    assert_eq!(kitchen("fr", "mets la musique en pause"), ["player-kitchen.player state=\"paused\""]);
    assert_eq!(kitchen("en", "set the volume to 20 percent"), ["player-kitchen.player volume=20.0"]);
    assert_eq!(kitchen("en", "mute"), ["player-kitchen.player muted=true"]);
    assert_eq!(kitchen("en", "previous song"), ["player-kitchen.previous press=true"]);
    assert_eq!(kitchen("en", "let the music follow me"), ["stream-anna.follow on=true"]);
    // Where nobody says in which room: what plays.
    let paused = ["player-kitchen.player state=\"paused\"", "stream-anna.player state=\"paused\""];
    assert_eq!(music_in("en", "pause the music", None), paused);
}

/// Anna's music in the kitchen and the hall, Ben's in the study, and nothing in the bedroom. `last`: what was said before.
fn several(last: Option<&Last>, text: &str, language: &str, here: Option<&str>, rooms: &[&str]) -> Talked {
    let player = |(room, stream): (&str, &str)| {
        let mut player = device(&format!("player-{room}"), room, room, "media_player", &[], json!("idle"));
        let entity = &mut player.entities[0];
        let all = ["state", "volume", "muted", "source"];
        entity.controls =
            all.map(|p| ControlView { property: p.to_owned(), ..ControlView::default() }).to_vec();
        entity.id = format!("player-{room}.player");
        entity.properties = [("source".to_owned(), json!(stream)), ("volume".to_owned(), json!(40))].into();
        if stream != "none" {
            entity.state = json!("playing");
        }
        let mut next = entity.clone();
        (next.id, next.component) = (format!("player-{room}.next"), "button".to_owned());
        next.controls = vec![ControlView { property: "press".to_owned(), ..ControlView::default() }];
        player.entities.push(next);
        player
    };
    let all = [("kitchen", "anna"), ("hall", "anna"), ("study", "ben"), ("bedroom", "none")];
    let devices: Vec<DeviceView> =
        all.into_iter().filter(|(room, _)| rooms.contains(room)).map(player).collect();
    let names = match language {
        "de" => ["Küche", "Flur", "Arbeitszimmer", "Schlafzimmer"],
        "es" => ["cocina", "pasillo", "despacho", "dormitorio"],
        "fr" => ["cuisine", "entrée", "bureau", "chambre"],
        "nl" => ["keuken", "gang", "kantoor", "slaapkamer"],
        _ => ["kitchen", "hall", "study", "bedroom"],
    };
    let rooms = all.iter().zip(names).map(|((key, _), name)| format!("[room.{key}]\nname = \"{name}\"\n"));
    let people = "[person.anna]\nname = \"Anna\"\nrole = \"owner\"\n[person.ben]\nname = \"Ben\"\nrole = \"adult\"\n\
        [media]\nsnapserver = \"127.0.0.1:1\"\n\
        [stream.anna]\nname = \"Anna's music\"\nperson = \"anna\"\n[stream.ben]\nname = \"Ben's music\"\nperson = \"ben\"\n";
    let files = vec![("home.toml".to_owned(), rooms.collect::<String>() + people)];
    let home = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty()).unwrap().home;
    heard_in(&home, &devices, last, &Sentence { text, language, room: here, yes: false }, true)
}

const ALL: [&str; 4] = ["kitchen", "hall", "study", "bedroom"];

/// What is said, what is asked, and four bare answers: whose, where, and which in the row.
type Which = (&'static str, [&'static str; 3], &'static str, [&'static str; 3], &'static str);

const WHICH: [Which; 5] = [
    (
        "en",
        ["pause the music", "turn the music down", "play it here"],
        "Which do you mean: Anna's in the hall and kitchen or Ben's in the study?",
        ["Anna's", "the kitchen", "the first one"],
        "the one in the study",
    ),
    (
        "de",
        ["pausiere die Musik", "mach die Musik leiser", "spiel die Musik hier"],
        "Was ist gemeint: die von Anna (Flur und Küche) oder die von Ben (Arbeitszimmer)?",
        ["Annas", "die in der Küche", "die erste"],
        "die von Ben",
    ),
    (
        "es",
        ["pausa la música", "baja la música", "pon la música aquí"],
        "¿Cuál quieres decir: la de Anna (pasillo y cocina) o la de Ben (despacho)?",
        ["la de Anna", "la de la cocina", "la primera"],
        "la del despacho",
    ),
    (
        "fr",
        ["pause la musique", "baisse la musique", "mets la musique ici"],
        "Lequel : celle d'Anna (entrée et cuisine) ou celle de Ben (bureau) ?",
        ["celle d'Anna", "la cuisine", "la première"],
        "celle du bureau",
    ),
    (
        "nl",
        ["pauzeer de muziek", "zet de muziek zachter", "speel de muziek hier"],
        "Welke bedoel je: die van Anna (gang en keuken) of die van Ben (kantoor)?",
        ["die van Anna", "de keuken", "de eerste"],
        "die in het kantoor",
    ),
];

#[test]
fn of_several_it_is_asked_which_music_is_meant_in_all_languages() {
    for (language, said, question, annas, bens) in WHICH {
        let heard = ["player-kitchen.player", "player-hall.player"];
        let wished = [
            (
                heard.map(|id| format!("{id} state=\"paused\"")).to_vec(),
                "player-study.player state=\"paused\"",
            ),
            (heard.map(|id| format!("{id} volume=30.0")).to_vec(), "player-study.player volume=30.0"),
            (
                vec!["player-bedroom.player source=\"anna\"".to_owned()],
                "player-bedroom.player source=\"ben\"",
            ),
        ];
        for (text, (of_anna, of_ben)) in said.into_iter().zip(wished) {
            let asked = several(None, text, language, Some("bedroom"), &ALL);
            assert_eq!((asked.view.answer.as_str(), asked.view.ok), (question, false), "{text}");
            assert!(asked.view.sets.is_empty());
            for answer in annas {
                let done = several(Some(&asked.last), answer, language, Some("bedroom"), &ALL);
                assert_eq!(sets(&done.view), of_anna, "{text}: {answer}");
                assert_eq!(done.of.as_deref(), Some(text), "why it was done says what was asked");
            }
            let done = several(Some(&asked.last), bens, language, Some("bedroom"), &ALL);
            assert_eq!(sets(&done.view), [of_ben], "{text}: {bens}");
        }
    }
}

#[test]
fn what_is_nearer_or_alone_is_meant_without_a_question() {
    let said = |text: &str, here: Option<&str>, rooms: &[&str]| several(None, text, "en", here, rooms);
    let pauses = |talked: Talked| sets(&talked.view);
    let study = ["player-study.player state=\"paused\""];
    assert_eq!(pauses(said("pause the music", Some("study"), &ALL)), study);
    assert_eq!(pauses(said("pause the music", Some("bedroom"), &["study", "bedroom"])), study);
    assert_eq!(pauses(said("pause the music in the study", Some("bedroom"), &ALL)), study);
    // Who knows of no other than Ben's is not told of Anna's.
    let asked = said("pause the music", None, &ALL);
    assert!(asked.view.answer.contains("Anna's in the hall and kitchen"), "{}", asked.view.answer);
    // How loud a silent room is to be is said of that room.
    let louder = pauses(said("set the volume to 20 percent", Some("bedroom"), &ALL));
    assert_eq!(louder, ["player-bedroom.player volume=20.0"]);
    // A stream that is heard in two rooms is skipped once.
    let asked = said("next song", Some("bedroom"), &ALL);
    let skipped = several(Some(&asked.last), "Anna's", "en", Some("bedroom"), &ALL);
    assert_eq!(pauses(skipped), ["player-kitchen.next press=true"]);
    // What is no answer is a sentence of its own, and what tells nothing is asked no further.
    let other = several(Some(&asked.last), "pause the music in the study", "en", Some("bedroom"), &ALL);
    assert_eq!((pauses(other), asked.last.asked.len()), (study.map(str::to_owned).to_vec(), 2));
    let neither = several(Some(&asked.last), "Carol's", "en", Some("bedroom"), &ALL);
    assert!(neither.view.sets.is_empty() && !neither.view.ok);
}

/// The same of a later time: what is said, and three answers.
const LATER: [(&str, &str, [&str; 3]); 5] = [
    ("en", "in ten minutes pause the music", ["Anna's", "the kitchen", "the first one"]),
    ("de", "in zehn Minuten pausiere die Musik", ["Annas", "die in der Küche", "die erste"]),
    ("es", "en diez minutos pausa la música", ["la de Anna", "la de la cocina", "la primera"]),
    ("fr", "dans dix minutes pause la musique", ["celle d'Anna", "la cuisine", "la première"]),
    ("nl", "over tien minuten pauzeer de muziek", ["die van Anna", "de keuken", "de eerste"]),
];

#[test]
fn which_music_is_meant_is_answered_of_a_later_time_too() {
    for ((language, text, answers), (.., question, _, bens)) in LATER.iter().zip(WHICH) {
        let asked = several(None, text, language, Some("bedroom"), &ALL);
        assert_eq!((asked.view.answer.as_str(), asked.view.ok), (question, false), "{text}");
        assert!(asked.view.timers.is_empty() && asked.view.sets.is_empty(), "{text}: {:?}", asked.view);
        let answered = |answer: &str, rooms: &[&str]| {
            let done = several(Some(&asked.last), answer, language, Some("bedroom"), &ALL);
            let [timer] = done.view.timers.as_slice() else { panic!("{text}: {answer}: {:?}", done.view) };
            let sets = timer.sets.iter().map(|set| set.target.as_str()).collect::<Vec<_>>();
            assert_eq!((timer.act.as_str(), timer.seconds), ("later", 600.0), "{text}: {answer}");
            assert_eq!(sets, rooms, "{text}: {answer}");
            assert!(timer.sets.iter().all(|set| set.values["state"] == "paused"), "{:?}", timer.sets);
            assert!(done.view.sets.is_empty() && done.view.ok, "nothing is paused yet");
            assert_eq!(done.of.as_deref(), Some(*text), "why it was done says what was asked");
        };
        for answer in *answers {
            answered(answer, &["player-kitchen.player", "player-hall.player"]);
        }
        answered(bens, &["player-study.player"]);
        // Who says something else has said something else.
        let other = several(Some(&asked.last), text, language, Some("study"), &ALL);
        assert_eq!(other.view.timers[0].sets[0].target, "player-study.player");
    }
    // Of two wishes it is none or both: an answer would do one of them.
    let two = "in ten minutes pause the music and mute the study";
    let asked = several(None, two, "en", Some("bedroom"), &ALL);
    assert!(!asked.view.ok && asked.last.asked.is_empty(), "{:?}", asked.view);
}

#[test]
fn which_thing_is_meant_is_answered_of_a_later_time_too() {
    let said =
        |last: Option<&Last>, text| after(last, &Sentence { text, language: "en", ..Sentence::default() });
    let asked = said(None, "in ten minutes turn off light");
    assert_eq!(asked.last.asked, ["lamp.light", "bed.light"], "{:?}", asked.view);
    for (answer, meant) in [("the kitchen one", "lamp.light"), ("the second one", "bed.light")] {
        let done = said(Some(&asked.last), answer).view;
        let [timer] = done.timers.as_slice() else { panic!("{answer}: {done:?}") };
        assert_eq!(
            (timer.seconds, timer.sets.len(), timer.sets[0].target.as_str()),
            (600.0, 1, meant),
            "{answer}"
        );
    }
}
