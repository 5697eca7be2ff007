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
