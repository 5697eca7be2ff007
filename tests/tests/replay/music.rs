//! Music that follows, in virtual time: what loudspeakers would have been told on a recorded evening.

use super::*;

const HOME: &str = "[household]\nname = \"Flat\"\ntime_zone = \"UTC\"\n[mqtt.mqtt]\nembedded = true\n\
    [room.kitchen]\n[room.bedroom]\n[device.phone]\nidentifiers = [\"phone\"]\n\
    [person.anna]\nrole = \"owner\"\ntrackers = [\"phone\"]\n[media]\nsnapserver = \"snap\"\n\
    [player.kitchen]\nroom = \"kitchen\"\n[player.bedroom]\nroom = \"bedroom\"\n[stream.anna]\nperson = \"anna\"\n\
    [room.study]\n[player.study]\nroom = \"study\"\n\
    [rule.study]\nwhen = [{ time = \"19:02\" }]\nthen = [{ set = \"player-study\", source = \"anna\" }]\n";

#[test]
fn an_evening_of_music_is_replayed() {
    let phone =
        json!({ "unique_id": "phone", "state_topic": "phone", "device": { "identifiers": ["phone"] } });
    let message = |at: &str, link: &str, topic: &str, payload: &str| {
        json!({ "t": format!("2026-03-01T19:{at}Z"), "link": link, "topic": topic, "payload": payload,
            "retained": at == "00:00" })
        .to_string()
    };
    let mut lines = vec![
        r#"{"lares_recording":1,"zone":"UTC"}"#.to_owned(),
        message("00:00", "mqtt", "homeassistant/device_tracker/phone/config", &phone.to_string()),
        message("00:00", "media", "stream/anna/state", "playing"),
        message("00:00", "media", "stream/anna/follow", "ON"),
    ];
    for room in ["kitchen", "bedroom", "study"] {
        for (what, value) in
            [("source", "radio"), ("muted", "ON"), ("volume", "100"), ("available", "online")]
        {
            lines.push(message("00:00", "media", &format!("player/{room}/{what}"), value));
        }
    }
    for (at, room) in [("01:00", "kitchen"), ("03:00", "bedroom"), ("03:05", "kitchen"), ("05:00", "bedroom")]
    {
        lines.push(message(at, "mqtt", "phone", room));
    }
    lines.push(message("06:00", "mqtt", "phone", "bedroom"));
    let (_folder, file) = recording(&lines);
    let home = home(HOME);
    let told = run(&file, &home, 1, Reports::Manual);
    let of = |room: &str| {
        let name = format!("player-{room}.player");
        let deeds = told.deeds.iter().filter(|d| d.entity.as_deref() == Some(name.as_str()));
        deeds.map(|d| d.what.as_str()).collect::<Vec<_>>()
    };
    println!("{:?}\n{:?}", of("kitchen"), of("bedroom"));
    let kitchen = of("kitchen").join("; ");
    let bedroom = of("bedroom").join("; ");
    assert!(
        kitchen.contains("anna") && kitchen.contains("35") && kitchen.contains("26"),
        "it fades: {kitchen}"
    );
    assert!(
        bedroom.contains("anna") && of("bedroom").len() == 3,
        "it came once, as loud as is usual: {bedroom}"
    );
    let study = of("study");
    println!("{study:?}");
    assert!(
        study.len() >= 3 && study.iter().any(|deed| deed.contains("anna")),
        "a rule put it there beside the room that follows, and it stays: {study:?}"
    );
    assert!(told.receipts.keys().all(|r| r == "confirmed"), "{told:?}");
    assert_eq!(told.journal_hash, run(&file, &home, 1, Reports::Manual).journal_hash);
}
