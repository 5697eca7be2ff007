//! What a device and a session hear of each other.

use super::messages::{Event, Features, Form, FromDevice, ToDevice};
use super::state::{Bridge, Effect};
use crate::voice::satellites::dialog::{Said, Speech, Tell, TimerNow, TimerTold};

/// Voice, sound by the connection, announcements.
const PLAYER: Features = Features(1 | 4 | 16);
/// A loudspeaker in place of a media player; timers.
const SPEAKER: Features = Features(1 | 2 | 4 | 8);
const CALL: FromDevice = FromDevice::Asks { start: true, wakes: false, ends: true };
const STOP: FromDevice = FromDevice::Asks { start: false, wakes: false, ends: false };
const ANSWER: Speech = Speech::Answer { asks: false };

fn bridge(features: Features) -> Bridge {
    let mut bridge = Bridge::new(features, None);
    assert_eq!(bridge.told(Tell::Listen(true)), [Effect::Device(ToDevice::Subscribe(true))]);
    bridge
}

/// Events in short, and everything else whole.
fn short(effects: Vec<Effect>) -> Vec<String> {
    let one = |effect| match effect {
        Effect::Device(ToDevice::Event(event, data)) => {
            let data: Vec<String> =
                data.into_iter().map(|(name, value)| format!(" {name}={value}")).collect();
            format!("{event:?}{}", data.concat())
        }
        Effect::Device(message) => format!("{message:?}"),
        Effect::Session(said) => format!("> {said:?}"),
        other => format!("{other:?}"),
    };
    effects.into_iter().map(one).collect()
}

fn audio(samples: &[i16]) -> FromDevice {
    FromDevice::Audio { bytes: samples.iter().flat_map(|s| s.to_le_bytes()).collect(), end: false }
}

#[test]
fn a_command_goes_all_the_way_and_its_answer_is_fetched() {
    let mut bridge = bridge(PLAYER);
    assert_eq!(bridge.said(audio(&[1])), [], "nobody called");
    assert_eq!(
        short(bridge.said(CALL)),
        ["Begin { refused: false }", "RunStart", "SttStart", "> Runs(Command)"]
    );
    assert_eq!(bridge.said(audio(&[1, -2])), [Effect::Session(Said::Sound(16_000, vec![1, -2]))]);
    assert_eq!(short(bridge.told(Tell::SpeechBegins)), ["SttVadStart"]);
    assert_eq!(short(bridge.told(Tell::SpeechEnds)), ["SttVadEnd"]);
    assert_eq!(bridge.said(audio(&[1])), [], "it was told to stop");
    assert_eq!(short(bridge.told(Tell::Heard("light on".into()))), ["SttEnd text=light on", "IntentStart"]);
    assert_eq!(bridge.told(Tell::Speaks("Done.".into(), Speech::Answer { asks: true })), []);
    assert_eq!(bridge.lends(22_050), Some(Form { rate: 22_050, channels: 1 }));
    assert_eq!(
        short(bridge.begins("http://x/1.wav".into(), 22_050)),
        [
            "IntentEnd conversation_id=lares continue_conversation=1",
            "TtsStart text=Done.",
            "TtsEnd url=http://x/1.wav",
            "RunEnd"
        ]
    );
    assert_eq!(bridge.told(Tell::Sound(vec![5; 3], 22_050)), [Effect::Lend(vec![5; 3])]);
    assert_eq!(bridge.told(Tell::SoundEnds(22_050)), [Effect::Lent]);
    assert_eq!(bridge.told(Tell::Nothing), [], "the run has ended");
    assert_eq!(bridge.said(FromDevice::Said), [Effect::Session(Said::Played)]);
}

#[test]
fn a_loudspeaker_gets_its_sound_at_its_rate() {
    let mut bridge = bridge(SPEAKER);
    bridge.said(CALL);
    bridge.told(Tell::SpeechEnds);
    bridge.told(Tell::Heard("light on".into()));
    bridge.told(Tell::Speaks("Done.".into(), ANSWER));
    let begun = short(bridge.begins("http://x/1.wav".into(), 22_050));
    assert_eq!(begun[3..], ["TtsStreamStart", "RunEnd"]);
    let mut effects = bridge.told(Tell::Sound(vec![1_000; 22_050], 22_050));
    effects.extend(bridge.told(Tell::SoundEnds(22_050)));
    let sent: usize = effects
        .iter()
        .map(|effect| match effect {
            Effect::Device(ToDevice::Audio(bytes)) => bytes.len() / 2,
            _ => 0,
        })
        .sum();
    assert!((15_900..16_100).contains(&sent), "{sent} samples of a second");
    assert_eq!(effects.last(), Some(&Effect::Device(ToDevice::Event(Event::TtsStreamEnd, vec![]))));
    // It has no media player: what nobody asked for cannot be said there, and that is told once.
    for told in [vec![Effect::Untold("Dinner".into())], vec![]] {
        assert_eq!(bridge.told(Tell::Speaks("Dinner".into(), Speech::Call)), told);
        assert_eq!(bridge.lends(22_050), None);
        assert_eq!(bridge.told(Tell::Sound(vec![5], 22_050)), []);
        assert_eq!(bridge.told(Tell::SoundEnds(22_050)), [Effect::Session(Said::Played)]);
    }
    let (id, name) = ("kitchen/egg".to_owned(), "egg".to_owned());
    let timer = TimerTold { id, name, now: TimerNow::Paused, total_s: 60, left_s: 20 };
    let told = short(bridge.told(Tell::Timer(timer)));
    assert!(told[0].contains("Updated") && told[0].contains("left_s: 20, runs: false"), "{told:?}");
}

#[test]
fn a_wake_word_of_ours_is_looked_for_where_it_sends_all_it_hears() {
    let mut bridge = bridge(PLAYER);
    let begun = short(bridge.said(FromDevice::Asks { start: true, wakes: true, ends: true }));
    assert_eq!(begun[2..], ["WakeWordStart", "> Runs(Wake)"]);
    for other in [Tell::SpeechBegins, Tell::SpeechEnds, Tell::Nothing] {
        assert_eq!(bridge.told(other), [], "it was not for us");
    }
    assert_eq!(
        short(bridge.told(Tell::Called("hey computer".into()))),
        ["WakeWordEnd wake_word_id=hey computer", "SttStart"]
    );
    assert_eq!(
        short(bridge.told(Tell::Heard("light on".into()))),
        ["SttVadEnd", "SttEnd text=light on", "IntentStart"]
    );
    let over = short(bridge.told(Tell::Nothing));
    assert_eq!(over[1..], ["RunEnd"], "it was to stop, say: nothing is answered");
}

#[test]
fn muted_it_is_refused_before_a_sound_leaves_it() {
    let mut muted = bridge(PLAYER);
    muted.said(CALL);
    let told = short(muted.told(Tell::Listen(false)));
    assert!(told[0].starts_with("Error code=muted") && told[1] == "RunEnd", "{told:?}");
    assert_eq!(short(muted.said(CALL)), ["Begin { refused: true }"]);
    assert_eq!(muted.said(audio(&[1])), []);
    assert_eq!(muted.told(Tell::Listen(true)), []);
    assert_eq!(muted.said(CALL).len(), 4);
    // One that asks again and again is left alone until it is unmuted.
    muted.told(Tell::Listen(false));
    let asks = FromDevice::Asks { start: true, wakes: true, ends: true };
    assert_eq!(short(muted.said(asks)), ["Begin { refused: true }", "Subscribe(false)"]);
    assert_eq!(short(muted.told(Tell::Listen(true))), ["Subscribe(true)"]);
    let mut born = Bridge::new(PLAYER, None);
    assert_eq!(short(born.told(Tell::Listen(false))), ["Subscribe(true)"], "it is told what to say");
}

/// The device takes an announcement from nobody but who it is subscribed to.
#[test]
fn muted_it_says_what_is_announced_also_where_it_sends_all_it_hears() {
    let asks = FromDevice::Asks { start: true, wakes: true, ends: true };
    let mut muted = bridge(PLAYER);
    muted.told(Tell::Listen(false));
    assert_eq!(short(muted.said(asks.clone())), ["Begin { refused: true }", "Subscribe(false)"]);
    for _ in 0..2 {
        muted.told(Tell::Speaks("Dinner".into(), Speech::Call));
        let told = short(muted.begins("http://x/1.wav".into(), 16_000));
        assert_eq!(told[0], "Subscribe(true)");
        assert!(told[1].starts_with("Announce"), "{told:?}");
        // It asks on, and hears that it may not; nothing that it hears leaves it.
        for _ in 0..3 {
            assert_eq!(short(muted.said(asks.clone())), ["Begin { refused: true }"]);
            assert_eq!(muted.said(audio(&[1])), []);
        }
        assert_eq!(short(muted.said(FromDevice::Said)), ["> Played"]);
        assert_eq!(short(muted.said(asks.clone())), ["Begin { refused: true }", "Subscribe(false)"]);
    }
    assert_eq!(short(muted.told(Tell::Listen(true))), ["Subscribe(true)"]);
}

#[test]
fn who_thinks_better_of_it_is_not_answered_and_a_button_let_go_ends_speech() {
    let mut bridge = bridge(PLAYER);
    bridge.said(CALL);
    assert_eq!(short(bridge.said(STOP)), ["RunEnd", "> Broken"]);
    assert_eq!(bridge.said(STOP), [], "it says so twice");
    bridge.told(Tell::Speaks("Done.".into(), ANSWER));
    assert_eq!(bridge.lends(16_000), None);
    bridge.told(Tell::SoundEnds(16_000));
    bridge.said(FromDevice::Asks { start: true, wakes: false, ends: false });
    assert_eq!(short(bridge.said(STOP)), ["> SpeechOver"]);
    let told = short(bridge.told(Tell::Heard(String::new())));
    assert!(told[0].starts_with("Error code=stt-no-text-recognized"), "{told:?}");
    assert_eq!(bridge.told(Tell::Heard("late".into())), []);
}

#[test]
fn what_nobody_asked_for_is_announced_in_the_form_that_the_device_wants() {
    let mut bridge = Bridge::new(PLAYER, Some(Form { rate: 48_000, channels: 2 }));
    bridge.told(Tell::Listen(true));
    bridge.said(CALL);
    bridge.told(Tell::Speaks("Dinner".into(), Speech::Call));
    assert_eq!(bridge.lends(24_000), Some(Form { rate: 48_000, channels: 2 }));
    assert_eq!(
        short(bridge.begins("http://x/1.wav".into(), 24_000)),
        ["RunEnd", "> Broken", "Announce { url: \"http://x/1.wav\", text: \"Dinner\" }"]
    );
    let mut lent = bridge.told(Tell::Sound(vec![0; 2_400], 24_000));
    lent.extend(bridge.told(Tell::SoundEnds(24_000)));
    let count: usize =
        lent.iter().map(|effect| if let Effect::Lend(samples) = effect { samples.len() } else { 0 }).sum();
    assert!((4_750..=4_850).contains(&count), "{count}");
}

#[test]
fn who_cannot_be_heard_is_told() {
    let mut bridge = bridge(PLAYER);
    assert_eq!(bridge.told(Tell::Deaf("no model".into())), []);
    bridge.said(CALL);
    let told = short(bridge.told(Tell::Deaf("no model".into())));
    assert_eq!(told, ["Error code=stt-provider-missing message=no model", "RunEnd"]);
    assert_eq!(short(bridge.said(FromDevice::Ping)), ["Pong"]);
    assert_eq!(short(bridge.said(FromDevice::Pong)), ["> Pong"]);
}
