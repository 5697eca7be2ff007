//! Calls whose sound is Opus: a caller (baresip, whose Opus is libopus) is heard and understood as with G.711, and what reads their packets is a
//! process that may nothing, whose end costs the house nothing.
//!
//! Meant to fail it (not tried): a process that is left behind by a call, one that is started again without end.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use lares_tests::caller::JunkCaller;
use lares_tests::phone::{Baresip, RATE, likeness};
use lares_tests::{Lares, at_rate, speech, voice_section, wait_for, wait_some, wait_up_to};

use super::phone::{
    GREETING, MESSAGE, after_greeting, calls, ears, home, over, sound, speech_at_its_own_pace,
};
use super::place;

const KNOWN: &str = "[phone.names]\n\"5551234\" = \"Sarah\"";

/// The processes that read Opus for a household.
fn readers(lares: &Lares) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let parent = format!("PPid:\t{}\n", lares.pid());
    let is_reader = |pid: &u32| {
        let told = |what: &str| std::fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
        String::from_utf8_lossy(&told("status")).contains(&parent)
            && told("cmdline").split(|b| *b == 0).any(|word| word == b"opus")
    };
    all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(is_reader).collect()
}

/// What a process has open: numbers, and what they are of.
fn open_files(pid: &str) -> BTreeMap<u32, PathBuf> {
    let all = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten();
    let one = |entry: std::fs::DirEntry| {
        Some((entry.file_name().to_str()?.parse().ok()?, std::fs::read_link(entry.path()).ok()?))
    };
    all.filter_map(one).collect()
}

fn log_of(lares: &Lares, id: &str) -> String {
    lares.say(&["log", "--entity", &format!("call:{id}"), "--limit", "1000"]).out
}

#[test]
fn a_caller_with_opus_alone_is_heard_and_understood() {
    let place = place("opus");
    let Some(voice) = voice_section("") else { return };
    let port = home(&place, &voice, KNOWN);
    let lares = Lares::start(&place);
    ears(&lares);
    let mut caller = Baresip::with_opus(&place, port, "5551234", &after_greeting(MESSAGE));
    let reader = wait_some("a process that reads", || readers(&lares).first().copied());
    // It has no environment, and nothing open but its pipes.
    assert_eq!(std::fs::read(format!("/proc/{reader}/environ")).unwrap(), b"");
    let status = wait_some("a process that is shut in", || {
        let status = std::fs::read_to_string(format!("/proc/{reader}/status")).unwrap();
        status.contains("Seccomp:\t2").then_some(status)
    });
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    let opened = open_files(&reader.to_string());
    let given: Vec<_> = open_files("self").into_values().collect();
    // What whoever started this test left open goes on to every process below it.
    let own = opened.iter().filter(|(number, of)| **number > 2 && !given.contains(of)).count();
    assert_eq!(own, 0, "{opened:?}");
    let call = over(&lares);
    caller.end();
    assert_eq!(
        (&call["outcome"], &call["message"]),
        (&"message".into(), &MESSAGE.into()),
        "{call}\n{}",
        caller.log()
    );
    let greeted = at_rate(&speech_at_its_own_pace(GREETING), RATE).samples;
    let like = likeness(&greeted, &caller.heard());
    let kept = sound(&lares, &place, call["id"].as_str().unwrap());
    let message = at_rate(&speech(MESSAGE, "en-us+m3"), RATE).samples;
    let kept_like = likeness(&message, &kept);
    println!(
        "by Opus the greeting is heard with a likeness of {like:.3}, the message kept with {kept_like:.3}"
    );
    assert!(like > 0.85 && kept_like > 0.85, "{like} {kept_like}");
    wait_for("nobody left behind", || readers(&lares).is_empty());
}

#[test]
fn four_at_once_are_heard_by_opus() {
    let place = place("opus-four");
    let port = home(&place, "", KNOWN);
    let lares = Lares::start(&place);
    let said = after_greeting(MESSAGE);
    let mut callers: Vec<Baresip> =
        (0..4).map(|n| Baresip::with_opus(&place, port, &format!("555{n}"), &said)).collect();
    wait_for("a process for each", || readers(&lares).len() == 4);
    let used: f64 = readers(&lares).iter().map(|pid| seconds_used(*pid)).sum();
    let message =
        |c: &&serde_json::Value| c["outcome"] == "message" && c["seconds_kept"].as_f64() > Some(2.0);
    let mut most = used;
    wait_up_to(Duration::from_secs(120), "four messages", || {
        most = most.max(readers(&lares).iter().map(|pid| seconds_used(*pid)).sum());
        calls(&lares).iter().filter(message).count() == 4
    });
    println!("four calls: their processes used {most:.2} s of a processor");
    callers.iter_mut().for_each(Baresip::end);
    wait_for("nobody left behind", || readers(&lares).is_empty());
    let (restarts, hit) = lares.restarts();
    assert_eq!(restarts, 0, "{hit:?}");
}

/// Seconds of a processor that a process used.
fn seconds_used(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|t| t.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

#[test]
fn a_caller_whose_reader_is_killed_is_heard_on_until_it_dies_again_and_again() {
    let place = place("opus-killed");
    let port = home(&place, "", &format!("message_for = \"300s\"\n{KNOWN}"));
    let lares = Lares::start(&place);
    // Maybe in the very instant in which the house opens its port.
    let mut caller = JunkCaller::call(port, "5551234");
    let mut first = caller.hears();
    // What is no Opus is nothing: the call goes on by the same process, and time goes on in frames of 20 ms.
    let before = readers(&lares);
    let mut seed = 0x5eed_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    for round in 0..2_000 {
        let junk: Vec<u8> = (0..next() % 1_300).map(|_| next() as u8).collect();
        caller.say(&junk);
        if round % 50 == 0 {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    let then = caller.hears();
    assert!(then.0.wrapping_sub(first.0).is_multiple_of(960), "{first:?} {then:?}");
    assert_eq!(readers(&lares), before, "junk ends nothing");
    // Each kill is a pause, and the fourth one the end.
    for nth in 0..4 {
        let reader = wait_some("a reader", || readers(&lares).first().copied());
        if nth > 0 {
            first = caller.hears();
            assert!(!first.1.is_empty());
        }
        assert!(
            std::process::Command::new("kill").args(["-9", &reader.to_string()]).status().unwrap().success()
        );
        wait_for("its end", || !readers(&lares).contains(&reader));
    }
    caller.is_left();
    let call = over(&lares);
    let log = log_of(&lares, call["id"].as_str().unwrap());
    assert!(log.contains("its Opus cannot be read: it ended with signal: 9"), "{log}");
    assert!(readers(&lares).is_empty());
    let (restarts, hit) = lares.restarts();
    assert_eq!(restarts, 0, "{hit:?}");
}
