//! What a recogniser is told can be said: the phrases of the sentences that the house understands, with the house's names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::pool::{Ears, Told};
use crate::voice::leaning::Leaning;
use crate::voice::own::{OwnFiles, with_language};
use crate::voice::understand::{CompiledHouse, GrammarError, House, fold};
use crate::voice::words::Words;

/// The words of a model by their folded form, as far as its folder says.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(BTreeMap<String, String>);

impl Vocabulary {
    /// Most models say their words in a file; of the others each word is asked for as it is.
    pub fn of(model: &Path) -> Self {
        let text = std::fs::read_to_string(model.join("graph").join("words.txt")).unwrap_or_default();
        Self::read(&text)
    }

    fn read(text: &str) -> Self {
        let mut words: BTreeMap<String, String> = BTreeMap::new();
        for word in text.lines().filter_map(|line| line.split_whitespace().next()) {
            let folded = fold(word).text;
            // Of `fur` and `für` the one with the accent is the word of the language.
            if !folded.is_empty() && (!words.contains_key(&folded) || !word.is_ascii()) {
                words.insert(folded, word.to_owned());
            }
        }
        Self(words)
    }

    /// As the model writes a folded word.
    pub fn spelled(&self, folded: &str, knows: impl Fn(&str) -> bool) -> Option<String> {
        if self.0.is_empty() {
            return knows(folded).then(|| folded.to_owned());
        }
        self.0.get(folded).cloned()
    }
}

/// What can be said in a house, as vosk takes it (none: the model takes no hint), and words of names that the model does not know. `wake`: what
/// may be said before it.
///
/// # Errors
/// The language has no sentences.
pub fn phrases(
    ears: &Ears,
    language: &str,
    own: &OwnFiles,
    house: House,
    wake: Option<&str>,
) -> Result<(Option<Arc<str>>, Vec<String>), GrammarError> {
    let of = format!("{language} {wake:?} {own:?} {house:?}");
    ears.told(of, || made(ears, (language, own), house, wake))
}

fn made(
    ears: &Ears,
    (language, own): (&str, &OwnFiles),
    house: House,
    wake: Option<&str>,
) -> Result<Told, GrammarError> {
    let spelled = |word: &str| ears.spelled(word);
    let mut unknown = unknown_names(&house, &spelled);
    if !ears.takes_grammar() {
        return Ok((None, unknown));
    }
    let house = CompiledHouse::new(house);
    let mut all = with_language(language, own, |language| language.phrases(&house, &spelled))?;
    // Answers to what is asked back, and what ends what is said.
    let words = Words::of(language);
    all.extend(words.yes.iter().chain(words.no).chain(words.stop).map(|word| (*word).to_owned()));
    // What makes a sentence lean on another.
    all.extend(Leaning::of(language).words().map(str::to_owned));
    all.retain(|phrase| phrase.split(' ').all(|word| spelled(&fold(word).text).is_some()));
    // Before the wake words come in: they say little more, and must weigh as much as all that may follow them.
    let often = said_often(&all, words.often);
    let mut all = that_say_more(all);
    all.extend(often);
    if let Some(wake) = wake {
        let strange: Vec<String> =
            wake.split(' ').filter(|w| spelled(&fold(w).text).is_none()).map(str::to_owned).collect();
        // vosk would leave the word out, and be called by the rest.
        if strange.is_empty() {
            let called: Vec<String> = all.iter().map(|phrase| format!("{wake} {phrase}")).collect();
            all.extend(called);
            all.push(wake.to_owned());
        }
        unknown.extend(strange);
    }
    all.push("[unk]".to_owned());
    Ok((serde_json::to_string(&all).ok().map(Arc::from), unknown))
}

/// vosk makes of phrases which word follows which: those in which nothing follows anew are left out.
fn that_say_more(all: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let says_more = |phrase: &String| {
        let words: Vec<&str> = [""].into_iter().chain(phrase.split(' ')).chain([""]).collect();
        let pairs = words.windows(2).map(|pair| pair.join(" "));
        // All of them are looked at: each is known from now on.
        pairs.filter(|pair| seen.insert(pair.clone())).count() > 0
    };
    all.into_iter().filter(says_more).collect()
}

/// Short phrases with such a beginning: they weigh as much as the many that are said now and then.
fn said_often(all: &[String], begins: &[&str]) -> Vec<String> {
    const WORDS: usize = 6;
    const MOST: usize = 1_000;
    let short = |phrase: &&String| phrase.split(' ').count() <= WORDS;
    let often = all.iter().filter(|phrase| begins.iter().any(|begin| phrase.starts_with(begin)));
    often.filter(short).take(MOST).cloned().collect()
}

/// Words of the house's names that cannot be heard.
fn unknown_names(house: &House, spelled: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let places = house.floors.iter().chain(&house.areas).map(|place| &place.names);
    let names = places.chain(house.things.iter().map(|thing| &thing.names)).filter_map(|names| names.first());
    let folded: BTreeSet<String> =
        names.flat_map(|name| fold(name).text.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    folded.into_iter().filter(|word| !word.is_empty() && spelled(word).is_none()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_in_which_nothing_follows_anew_is_left_out() {
        let all = ["turn on the light", "turn on the lamp", "turn off the light", "turn off the lamp"];
        let kept = that_say_more(all.map(str::to_owned).to_vec());
        assert_eq!(kept, all[..3]);
    }

    #[test]
    fn a_folded_word_is_written_as_the_model_writes_it() {
        let words = Vocabulary::read("<eps> 0\nkuche 1\nküche 2\nlicht 3\nfur 4\n");
        let never = |_: &str| false;
        assert_eq!(words.spelled("kuche", never), Some("küche".to_owned()));
        assert_eq!(words.spelled("fur", never), Some("fur".to_owned()));
        assert_eq!(words.spelled("lampe", never), None);
        assert_eq!(Vocabulary::default().spelled("lamp", |word| word == "lamp"), Some("lamp".to_owned()));
    }
}
