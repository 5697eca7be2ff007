//! A recorded call goes through the same receptionist, in virtual time and without its sound.

use super::*;

const HOME: &str = "[household]\nname = \"Flat\"\ntime_zone = \"UTC\"\n[mqtt.mqtt]\nembedded = true\n\
    [room.hall]\n[person.anna]\nrole = \"owner\"\n[phone]\nblocked = [\"spam\"]\n";

#[test]
fn a_call_is_replayed_without_its_sound() {
    let sign = |at: &str, call: &str, payload: Value| {
        json!({ "t": format!("2026-03-01T19:{at}Z"), "link": "phone", "topic": format!("call/{call}"),
            "payload": payload.to_string(), "retained": false })
        .to_string()
    };
    let rings = |number: &str| json!({ "sign": "ringing", "number": number, "name": "", "called": "house" });
    let heard = |text: &str| json!({ "sign": "heard", "text": text, "remark": "", "kept": 2.0 });
    let said = || json!({ "sign": "said" });
    let lines = vec![
        r#"{"lares_recording":1,"zone":"UTC"}"#.to_owned(),
        sign("00:00", "a", rings("spam")),
        sign("00:01", "a", json!({ "sign": "ended", "why": "declined" })),
        sign("01:00", "b", rings("5551234")),
        sign("01:00", "b", json!({ "sign": "answered" })),
        sign("01:06", "b", said()),
        sign("01:10", "b", heard("this is sarah")),
        sign("01:13", "b", said()),
        sign("01:20", "b", heard("please call me back")),
        sign("01:25", "b", said()),
        sign("01:40", "b", json!({ "sign": "ended", "why": "the caller hung up" })),
        sign("02:00", "c", json!({ "sign": "nonsense" })),
    ];
    let (_folder, file) = recording(&lines);
    let home = home(HOME);
    let told = run(&file, &home, 1, Reports::Manual);
    println!("{told:?}");
    let all = format!("{told:?}");
    assert!(all.contains("spam was turned away"), "{all}");
    assert!(all.contains("5551234 left a message; a task to call back was made"), "{all}");
    assert_eq!(told.journal_hash, run(&file, &home, 1, Reports::Manual).journal_hash);
}
