//! Figures of the ears, by a recipe with a seed: wake words over many calls and much other speech, and commands in noise.
//!
//! Meant to fail it (not tried): wake words that are left out of what the recogniser is told.

use lares_surfaces::voice::ears::{Ears, phrases};
use lares_surfaces::voice::sound::RATE;
use lares_surfaces::voice::understand::{CompiledHouse, Languages};
use lares_tests::{Chance, at_rate, shared, speech, vosk_library};

use super::ears::{OTHERS, SENTENCES, VOICES, WAKE, hear, hear_sound, house};

/// A number of the environment: the long form is for `make drill`.
pub(super) fn long(name: &str, short: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(short)
}

/// Processor seconds of this process.
fn processor_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// The same with noise that is so many decibels softer, by a seed.
pub(super) fn with_noise(samples: &mut [i16], softer_db: f64, chance: &mut Chance) {
    // Silence is no part of what is said.
    let said: Vec<f64> = samples.iter().filter(|s| **s != 0).map(|s| f64::from(*s).powi(2)).collect();
    let power = said.iter().sum::<f64>() / said.len().max(1) as f64;
    let loud = (power / 10_f64.powf(softer_db / 10.0)).sqrt();
    for sample in samples {
        // The sum of four even draws is nearly that of a bell.
        let noise: f64 = (0..4).map(|_| chance.below(2_000_001) as f64 / 1e6 - 1.0).sum::<f64>() * 0.866;
        *sample = (f64::from(*sample) + noise * loud).clamp(-32_768.0, 32_767.0) as i16;
    }
}

/// `make test` takes a short form; `make drill` says 500 calls of the house, and an hour of other speech, of which none is taken for one. What
/// is said is by this seed, from the model's own voices and words: it says nothing of people.
#[test]
fn wake_words_are_found_and_an_hour_of_other_speech_is_none() {
    const SEED: u64 = 7;
    let Some(model) = shared("voice/model") else { return };
    let (calls, others_s) = (long("LARES_WAKES", 30), long("LARES_OTHERS_S", 90));
    let ears = Ears::open(Some(&vosk_library()), &std::env::temp_dir(), &model, 2).unwrap();
    let (grammar, _) = phrases(&ears, "en", &Vec::new(), house(), Some(WAKE)).unwrap();
    let mut chance = Chance::of("wake words", SEED);
    let all: Vec<&str> = SENTENCES.iter().chain(&OTHERS).copied().collect();
    let pick = |chance: &mut Chance, of: &[&'static str]| of[chance.below(of.len() as u64) as usize];
    let mut missed = Vec::new();
    for n in 0..calls {
        let (sentence, voice) = (pick(&mut chance, &SENTENCES), VOICES[n % VOICES.len()]);
        // Alone, and before a command.
        let text = if n % 4 == 0 { WAKE.to_owned() } else { format!("{WAKE} {sentence}") };
        let heard = hear(&ears, grammar.as_ref(), &text, voice);
        missed.extend((!heard.starts_with(WAKE)).then(|| format!("{voice}: {text}: {heard}")));
    }
    let (mut taken, mut seconds, mut utterances, begun) = (Vec::new(), 0.0, 0, processor_s());
    while seconds < others_s as f64 {
        let (sentence, voice) = (pick(&mut chance, &all), VOICES[utterances % VOICES.len()]);
        let said = at_rate(&speech(sentence, voice), RATE);
        seconds += said.length() + 1.0;
        utterances += 1;
        let heard = hear_sound(&ears, grammar.as_ref(), &said.samples);
        taken.extend(heard.contains(WAKE).then(|| format!("{voice}: {sentence}: {heard}")));
    }
    println!(
        "wake words: {} of {calls} found; {} taken in {seconds:.0} s of other speech ({utterances} utterances, {:.1} s of processor)",
        calls - missed.len(),
        taken.len(),
        processor_s() - begun,
    );
    assert_eq!((missed, taken), (Vec::new(), Vec::new()));
}

/// A command in noise that is 15 dB softer: what is left to do once nobody speaks any more. Times are told, never asserted.
#[test]
fn a_command_in_noise_is_understood() {
    const SEED: u64 = 11;
    let Some(model) = shared("voice/model") else { return };
    let ears = Ears::open(Some(&vosk_library()), &std::env::temp_dir(), &model, 2).unwrap();
    let (grammar, _) = phrases(&ears, "en", &Vec::new(), house(), Some(WAKE)).unwrap();
    let (language, compiled) = (Languages::load("en", &[]).unwrap(), CompiledHouse::new(house()));
    let meaning =
        |text: &str| language.understand(text, &compiled).into_iter().next().map(|u| (u.intent, u.slots));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut chance, mut right, mut after_ms) = (Chance::of("commands in noise", SEED), 0, Vec::new());
    let all: Vec<(&str, &str)> = SENTENCES.iter().flat_map(|s| VOICES.map(|voice| (*s, voice))).collect();
    let begun = processor_s();
    for (sentence, voice) in &all {
        let said = at_rate(&speech(sentence, voice), RATE).samples;
        let mut samples = [&vec![0; 8_000][..], &said, &vec![0; 11_264]].concat();
        with_noise(&mut samples, 15.0, &mut chance);
        let mut utterance = ears.begin(grammar.clone()).unwrap();
        for piece in samples.chunks(256) {
            utterance.push(piece.to_vec()).unwrap();
            // As in a room: recognised while it is spoken. A hundredth of its time is enough.
            std::thread::sleep(std::time::Duration::from_micros(800));
        }
        let ends = std::time::Instant::now();
        let heard = runtime.block_on(utterance.finish()).unwrap().text;
        let meant = meaning(&heard);
        after_ms.push(ends.elapsed().as_secs_f64() * 1e3);
        right += usize::from(meant == meaning(sentence));
    }
    after_ms.sort_by(f64::total_cmp);
    println!(
        "{right} of {} commands at 15 dB understood; after 0.7 s of silence the meaning is there in {:.1} ms (p50), {:.1} ms (p99); {:.1} s \
         of processor in all",
        all.len(),
        after_ms[after_ms.len() / 2],
        after_ms[after_ms.len() * 99 / 100],
        processor_s() - begun,
    );
    assert!(right * 100 >= all.len() * 85, "{right} of {}", all.len());
}
