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
        let here = ["player-kitchen.player source=\"anna\"", "player-bedroom.player muted=true"];
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
    let moves = ["player-bedroom.player source=\"anna\"", "player-kitchen.player muted=true"];
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
