//! What a device says and is told, brought to what a session says and is told. Pure: who sends, and who lends the sounds, is told what to do.

use super::messages::{Event, Features, Form, FromDevice, TimerEvent, ToDevice};
use crate::voice::satellites::conversation::Stage;
use crate::voice::satellites::dialog::{Said, Speech, Tell, TimerNow, TimerTold};
use crate::voice::sound::{RATE, Resampler};

/// What comes of something.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Device(ToDevice),
    Session(Said),
    /// More of what is said now.
    Lend(Vec<i16>),
    /// All of it was lent.
    Lent,
    /// Something could not be told: what.
    Untold(String),
}

/// What a device is about, as it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    None,
    /// It sends sound; `called`: whoever speaks is heard by the house.
    Listens {
        called: bool,
    },
    /// It waits for what comes of it.
    Waits,
}

const CALLED: Run = Run::Listens { called: true };

/// What is being said.
enum Speaking {
    Nothing,
    /// It is not to be heard any more.
    Unheard,
    Words(String, Speech),
    Sound {
        /// To its loudspeaker by this connection.
        speaker: Option<Resampler>,
        /// To who fetches it.
        lent: Option<Resampler>,
    },
}

/// A voice device, as we know it.
pub struct Bridge {
    features: Features,
    form: Option<Form>,
    muted: bool,
    subscribed: bool,
    /// It was given something to say that nobody asked for, and has not said that it did.
    announces: bool,
    run: Run,
    /// It says itself when nobody speaks any more, by ending the run.
    pushes: bool,
    speaking: Speaking,
    /// What could not be said, the last time.
    untold: String,
}

impl Bridge {
    /// `form`: of what it fetches.
    pub fn new(features: Features, form: Option<Form>) -> Self {
        Self {
            features,
            form,
            muted: true,
            subscribed: false,
            announces: false,
            run: Run::None,
            pushes: false,
            speaking: Speaking::Nothing,
            untold: String::new(),
        }
    }

    /// Takes what the device says.
    pub fn said(&mut self, said: FromDevice) -> Vec<Effect> {
        match said {
            FromDevice::Ping => vec![Effect::Device(ToDevice::Pong)],
            FromDevice::Pong => vec![Effect::Session(Said::Pong)],
            FromDevice::Asks { start: true, wakes, ends } => {
                self.pushes = !ends && !wakes;
                self.begin(wakes)
            }
            // The button was let go.
            FromDevice::Asks { start: false, .. } if self.pushes && self.run == CALLED => {
                vec![Effect::Session(Said::SpeechOver)]
            }
            FromDevice::Asks { start: false, .. } => self.broken(),
            FromDevice::Audio { bytes, end } => {
                if !matches!(self.run, Run::Listens { .. }) {
                    return Vec::new();
                }
                let samples = bytes.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
                let mut effects = vec![Effect::Session(Said::Sound(RATE, samples))];
                effects.extend(end.then_some(Effect::Session(Said::SpeechOver)));
                effects
            }
            FromDevice::Said => {
                self.announces = false;
                vec![Effect::Session(Said::Played)]
            }
            _ => Vec::new(),
        }
    }

    fn begin(&mut self, wakes: bool) -> Vec<Effect> {
        if self.muted {
            let mut effects = vec![Effect::Device(ToDevice::Begin { refused: true })];
            // One that sends all it hears would ask again and again. While it says something it is left as it is: it says nothing for
            // somebody whose voice it is not.
            if wakes && !self.announces {
                self.subscribed = false;
                effects.push(Effect::Device(ToDevice::Subscribe(false)));
            }
            return effects;
        }
        self.run = Run::Listens { called: !wakes };
        let (next, stage) = match wakes {
            true => (Event::WakeWordStart, Stage::Wake),
            false => (Event::SttStart, Stage::Command),
        };
        vec![
            Effect::Device(ToDevice::Begin { refused: false }),
            event(Event::RunStart),
            event(next),
            Effect::Session(Said::Runs(stage)),
        ]
    }

    fn broken(&mut self) -> Vec<Effect> {
        match std::mem::replace(&mut self.run, Run::None) {
            Run::None => Vec::new(),
            Run::Listens { .. } | Run::Waits => vec![event(Event::RunEnd), Effect::Session(Said::Broken)],
        }
    }

    /// Takes what the session tells the device.
    pub fn told(&mut self, tell: Tell) -> Vec<Effect> {
        let called = self.run == CALLED;
        match tell {
            Tell::Hello | Tell::Pong(_) => Vec::new(),
            Tell::Listen(listen) => self.listen(listen),
            Tell::Ping => vec![Effect::Device(ToDevice::Ping)],
            Tell::SpeechBegins if called => vec![event(Event::SttVadStart)],
            Tell::SpeechEnds if called => {
                self.run = Run::Waits;
                vec![event(Event::SttVadEnd)]
            }
            Tell::SpeechBegins | Tell::SpeechEnds => Vec::new(),
            Tell::Called(name) => self.called(&name),
            Tell::Heard(text) => self.heard(text),
            Tell::Deaf(why) => self.fails("stt-provider-missing", why),
            Tell::Speaks(text, speech) => self.speaks(text, speech),
            Tell::SoundBegins(_) => Vec::new(),
            Tell::Sound(samples, _) => self.sound(samples),
            Tell::SoundEnds(_) => self.sound_ends(),
            Tell::Nothing => {
                // Nobody waits any longer for one that does not say that it did.
                self.announces = false;
                if self.run != Run::Waits {
                    return Vec::new();
                }
                self.run = Run::None;
                vec![intent_end(false), event(Event::RunEnd)]
            }
            Tell::Timer(timer) => self.timer(timer),
        }
    }

    fn listen(&mut self, listen: bool) -> Vec<Effect> {
        self.muted = !listen;
        let mut effects = Vec::new();
        if self.muted && self.run != Run::None {
            effects.extend(self.fails("muted", "the microphone is muted".to_owned()));
        }
        // What is muted is told what to say all the same.
        if !self.subscribed {
            self.subscribed = true;
            effects.push(Effect::Device(ToDevice::Subscribe(true)));
        }
        effects
    }

    fn called(&mut self, name: &str) -> Vec<Effect> {
        if self.run != (Run::Listens { called: false }) {
            return Vec::new();
        }
        self.run = CALLED;
        let word = vec![("wake_word_id", name.to_owned())];
        vec![Effect::Device(ToDevice::Event(Event::WakeWordEnd, word)), event(Event::SttStart)]
    }

    fn heard(&mut self, text: String) -> Vec<Effect> {
        if self.run == Run::None {
            return Vec::new();
        }
        if text.is_empty() {
            return self.fails("stt-no-text-recognized", "nothing was understood".to_owned());
        }
        // Where no word calls the house, what means something does.
        let mut effects = self.called("");
        if matches!(self.run, Run::Listens { .. }) {
            effects.push(event(Event::SttVadEnd));
        }
        self.run = Run::Waits;
        effects.push(Effect::Device(ToDevice::Event(Event::SttEnd, vec![("text", text)])));
        effects.push(event(Event::IntentStart));
        effects
    }

    fn fails(&mut self, code: &str, why: String) -> Vec<Effect> {
        if std::mem::replace(&mut self.run, Run::None) == Run::None {
            return Vec::new();
        }
        let data = vec![("code", code.to_owned()), ("message", why)];
        vec![Effect::Device(ToDevice::Event(Event::Error, data)), event(Event::RunEnd)]
    }

    fn speaks(&mut self, text: String, speech: Speech) -> Vec<Effect> {
        match speech {
            // Whoever asked has gone.
            Speech::Answer { .. } if self.run != Run::Waits => {
                self.speaking = Speaking::Unheard;
                Vec::new()
            }
            Speech::Call if !self.features.announces() => {
                self.speaking = Speaking::Unheard;
                // What rings is told once.
                if self.untold == text {
                    return Vec::new();
                }
                self.untold.clone_from(&text);
                vec![Effect::Untold(text)]
            }
            speech => {
                self.speaking = Speaking::Words(text, speech);
                Vec::new()
            }
        }
    }

    /// How what begins now is lent; `None`: nobody is to hear it. `rate`: as it is made.
    pub fn lends(&self, rate: u32) -> Option<Form> {
        let form = self.form.unwrap_or(Form { rate, channels: 1 });
        matches!(self.speaking, Speaking::Words(..)).then_some(form)
    }

    /// The sound begins that can be fetched there.
    pub fn begins(&mut self, url: String, rate: u32) -> Vec<Effect> {
        let Speaking::Words(text, speech) = std::mem::replace(&mut self.speaking, Speaking::Unheard) else {
            return Vec::new();
        };
        let by_speaker = self.features.speaker() && speech != Speech::Call;
        let lent = self.form.filter(|form| form.rate != rate);
        self.speaking = Speaking::Sound {
            speaker: by_speaker.then(|| Resampler::new(rate, RATE)),
            lent: lent.map(|form| Resampler::new(rate, form.rate)),
        };
        let Speech::Answer { asks } = speech else {
            // Whoever was about to say something calls again.
            let mut effects = self.broken();
            self.announces = true;
            // Muted and left alone, it would not take it. It may not begin all the same.
            if !std::mem::replace(&mut self.subscribed, true) {
                effects.push(Effect::Device(ToDevice::Subscribe(true)));
            }
            effects.push(Effect::Device(ToDevice::Announce { url, text }));
            return effects;
        };
        self.run = Run::None;
        let mut effects = vec![
            intent_end(asks),
            Effect::Device(ToDevice::Event(Event::TtsStart, vec![("text", text)])),
            Effect::Device(ToDevice::Event(Event::TtsEnd, vec![("url", url)])),
        ];
        effects.extend(by_speaker.then(|| event(Event::TtsStreamStart)));
        effects.push(event(Event::RunEnd));
        effects
    }

    fn sound(&mut self, samples: Vec<i16>) -> Vec<Effect> {
        let Speaking::Sound { speaker, lent } = &mut self.speaking else { return Vec::new() };
        let to_speaker = speaker.as_mut().map(|to| to.push(&samples));
        let mut effects = vec![Effect::Lend(lent.as_mut().map_or(samples.clone(), |to| to.push(&samples)))];
        effects.extend(to_speaker.filter(|s| !s.is_empty()).map(|samples| audio(&samples)));
        effects
    }

    fn sound_ends(&mut self) -> Vec<Effect> {
        let (speaker, lent) = match std::mem::replace(&mut self.speaking, Speaking::Nothing) {
            Speaking::Sound { speaker, lent } => (speaker, lent),
            // Nobody says that it was played.
            Speaking::Unheard => return vec![Effect::Session(Said::Played)],
            Speaking::Nothing | Speaking::Words(..) => return Vec::new(),
        };
        let mut effects = Vec::new();
        effects.extend(lent.map(|mut to| Effect::Lend(to.finish())));
        effects.push(Effect::Lent);
        if let Some(mut to) = speaker {
            effects.push(audio(&to.finish()));
            effects.push(event(Event::TtsStreamEnd));
        }
        effects
    }

    fn timer(&self, timer: TimerTold) -> Vec<Effect> {
        if !self.features.timers() {
            return Vec::new();
        }
        let TimerTold { id, name, now, total_s, left_s } = timer;
        let event = match now {
            TimerNow::Started => TimerEvent::Started,
            TimerNow::Runs | TimerNow::Paused => TimerEvent::Updated,
            TimerNow::Cancelled => TimerEvent::Cancelled,
            TimerNow::Finished => TimerEvent::Finished,
        };
        let runs = matches!(now, TimerNow::Started | TimerNow::Runs);
        vec![Effect::Device(ToDevice::Timer { event, id, name, total_s, left_s, runs })]
    }
}

fn event(event: Event) -> Effect {
    Effect::Device(ToDevice::Event(event, Vec::new()))
}

/// `asks`: the device listens again once it has spoken.
fn intent_end(asks: bool) -> Effect {
    let asks = if asks { "1" } else { "0" };
    let data = vec![("conversation_id", "lares".to_owned()), ("continue_conversation", asks.to_owned())];
    Effect::Device(ToDevice::Event(Event::IntentEnd, data))
}

fn audio(samples: &[i16]) -> Effect {
    Effect::Device(ToDevice::Audio(samples.iter().flat_map(|s| s.to_le_bytes()).collect()))
}
