//! The household's own sentences: `sentences/LANG/*.yaml` in its home folder, after Lares' own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use serde::Serialize;

use super::understand::{GrammarError, Language, Languages};

/// The folder in the home.
const FOLDER: &str = "sentences";
/// More is no file of sentences.
const LARGEST: u64 = 1 << 20;

/// Files of one language: their places in the home folder, and what they say.
pub type OwnFiles = Vec<(String, String)>;

/// Something wrong with a file of sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SentenceProblem {
    /// In the home folder: `sentences/en/mine.yaml`.
    pub file: String,
    /// Counted from 1; 0: it is not one line's.
    pub line: usize,
    /// In characters, counted from 1; 0 without a line.
    pub column: usize,
    pub message: String,
    /// The line itself.
    pub text: String,
}

/// The files of a language, by name; what cannot be read is left out.
pub fn own_files(home: &Path, language: &str) -> OwnFiles {
    let Ok(entries) = fs::read_dir(home.join(FOLDER).join(language)) else { return Vec::new() };
    let is_yaml = |path: &Path| path.extension().is_some_and(|e| e == "yaml" || e == "yml");
    let small = |path: &Path| fs::metadata(path).is_ok_and(|of| of.is_file() && of.len() <= LARGEST);
    let mut files: OwnFiles = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_yaml(path) && small(path))
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            Some((format!("{FOLDER}/{language}/{name}"), fs::read_to_string(&path).ok()?))
        })
        .collect();
    files.sort();
    files
}

/// All that is wrong with a home's own sentences.
pub fn sentence_problems(home: &Path) -> Vec<SentenceProblem> {
    let mut all = Vec::new();
    let Ok(folders) = fs::read_dir(home.join(FOLDER)) else { return all };
    let mut names: Vec<String> = folders.flatten().filter_map(|f| f.file_name().into_string().ok()).collect();
    names.sort();
    for name in names {
        let file = format!("{FOLDER}/{name}");
        if !Languages::ALL.contains(&name.as_str()) {
            let message = format!("`{name}` is no language: sentences are in {}", Languages::ALL.join(", "));
            all.push(SentenceProblem { file, line: 0, column: 0, message, text: String::new() });
            continue;
        }
        // Each file over those before it: a rule of one may be used by the next.
        let mut taken: Vec<String> = Vec::new();
        for (file, text) in own_files(home, &name) {
            taken.push(text.clone());
            if let Err(wrong) = Languages::load(&name, &taken) {
                all.push(problem(file, &text, &wrong));
                taken.pop();
            }
        }
    }
    all
}

fn problem(file: String, text: &str, wrong: &GrammarError) -> SentenceProblem {
    let (message, place) = match wrong {
        GrammarError::Template { template, what, .. } => {
            let at = text.lines().enumerate().find_map(|(n, line)| {
                let column = line.find(template.as_str())?;
                Some((n + 1, line.get(..column)?.chars().count() + 1))
            });
            (format!("template `{template}`: {what}"), at)
        }
        GrammarError::Unreadable { what, .. } => {
            (what.lines().next().unwrap_or(what).to_owned(), numbers(what))
        }
        other => (other.to_string(), None),
    };
    let (line, column) = place.unwrap_or((0, 0));
    let text = line.checked_sub(1).and_then(|n| text.lines().nth(n)).unwrap_or_default().to_owned();
    SentenceProblem { file, line, column, message, text }
}

/// `... line 3 column 5 ...`, as the reader of YAML tells it.
fn numbers(what: &str) -> Option<(usize, usize)> {
    let after = |word: &str| {
        let rest = what.split_once(word)?.1;
        let digits: String =
            rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    let line = after("line")?;
    Some((line, after("column").unwrap_or(1)))
}

/// A language's sentences are made ready once: that takes longer than to understand a thousand of them. Own files that cannot be used
/// are left out; `lares check` says why.
pub(super) fn with_language<T>(
    name: &str,
    own: &OwnFiles,
    work: impl FnOnce(&Language) -> T,
) -> Result<T, GrammarError> {
    static READY: OnceLock<Mutex<BTreeMap<String, (OwnFiles, Language)>>> = OnceLock::new();
    let ready = READY.get_or_init(Mutex::default);
    let mut ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
    if ready.get(name).is_none_or(|(by, _)| by != own) {
        let texts: Vec<String> = own.iter().map(|(_, text)| text.clone()).collect();
        let loaded = match Languages::load(name, &texts) {
            Err(wrong) if !own.is_empty() => {
                tracing::warn!(%wrong, "own sentences are left out: `lares check` tells where it is");
                Languages::load(name, &[])?
            }
            loaded => loaded?,
        };
        ready.insert(name.to_owned(), (own.clone(), loaded));
    }
    match ready.get(name) {
        Some((_, language)) => Ok(work(language)),
        None => Err(GrammarError::NoSuchLanguage(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::understand::{CompiledHouse, House, Thing};
    use super::*;

    #[test]
    fn own_sentences_come_after_ours_and_what_is_wrong_is_found() {
        let home = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = home.path().join("sentences").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "en/mine.yaml",
            "language: en\nintents:\n  HassTurnOn:\n    data:\n      - sentences: [\"let there be {name}\"]\n",
        );
        assert_eq!(sentence_problems(home.path()), []);
        let lamp = Thing {
            id: "lamp.light".into(),
            names: vec!["light".into()],
            domain: "light".into(),
            ..Thing::default()
        };
        let house = CompiledHouse::new(House { things: vec![lamp], ..House::default() });
        let means = |own: &OwnFiles, text: &str| {
            with_language("en", own, |language| {
                language.understand(text, &house).first().map(|u| u.intent.clone())
            })
            .unwrap()
        };
        let own = own_files(home.path(), "en");
        assert_eq!(means(&own, "let there be light").as_deref(), Some("HassTurnOn"));
        assert_eq!(means(&Vec::new(), "let there be light"), None);
        write(
            "en/wrong.yaml",
            "intents:\n  HassTurnOn:\n    data:\n      - sentences:\n          - \"make (it so\"\n",
        );
        write("de/form.yaml", "intents: [\n");
        write("xx/any.yaml", "");
        let problems = sentence_problems(home.path());
        let told: Vec<(String, usize)> = problems.iter().map(|p| (p.file.clone(), p.line)).collect();
        assert_eq!(told.len(), 3, "{problems:?}");
        assert_eq!(told[1], ("sentences/en/wrong.yaml".to_owned(), 5), "{problems:?}");
        assert_eq!((problems[1].column, problems[1].text.trim()), (14, "- \"make (it so\""));
        assert!(told[0].0 == "sentences/de/form.yaml" && told[0].1 > 0, "{problems:?}");
        assert!(problems[2].message.contains("`xx` is no language"));
        // What is wrong keeps nobody from being understood.
        assert_eq!(means(&own_files(home.path(), "en"), "turn on the light").as_deref(), Some("HassTurnOn"));
    }
}
