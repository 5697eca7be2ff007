//! From files of sentences to the graph of nodes that the matcher walks.

use std::collections::BTreeMap;

use serde_json::Value;

use super::first::First;
use super::fold::{Folded, fold};
use super::grammar::{self, Block, GrammarFile, ListText, ListValue};
use super::lists::{List, Meaning, NameKind};
use super::needs::Needs;
use super::numbers;
use super::template::{Part, parse};

/// Why sentences cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GrammarError {
    #[error("sentences of `{language}`: {what}")]
    Unreadable { language: String, what: String },
    #[error("sentences of `{language}`: template `{template}`: {what}")]
    Template { language: String, template: String, what: String },
    #[error("there are no sentences for the language `{0}`; there are: en, de, es, fr, nl")]
    NoSuchLanguage(String),
}

/// More parts in any order than people write: what is tried doubles with each.
const MOST_PARTS: usize = 12;

#[derive(Clone, Debug)]
pub enum Node {
    Word(Box<[u8]>),
    Space,
    Seq(Box<[u32]>),
    Either(Box<[u32]>),
    AnyOrder(Box<[u32]>),
    Maybe(u32),
    List { list: u32, slot: u16 },
    Rule(u32),
}

/// One sentence of an intent.
#[derive(Clone, Debug)]
pub struct Sentence {
    pub intent: usize,
    pub block: usize,
    pub node: u32,
}

/// The sentences of one language, ready to match.
#[derive(Clone, Debug, Default)]
pub struct Language {
    pub name: String,
    pub(super) nodes: Vec<Node>,
    pub(super) first: Vec<First>,
    pub(super) nullable: Vec<bool>,
    pub(super) rules: Vec<u32>,
    pub(super) lists: Vec<List>,
    pub(super) meanings: Vec<Meaning>,
    pub(super) slots: Vec<String>,
    pub(super) intents: Vec<String>,
    pub(super) blocks: Vec<Block>,
    pub(super) sentences: Vec<Sentence>,
    pub(super) numbers: Vec<Vec<(String, f64)>>,
    pub(super) point: &'static str,
    pub(super) particle: Option<&'static numbers::Particle>,
    pub(super) needs: Needs,
    skip: Vec<String>,
    loose: Vec<String>,
    rule_index: BTreeMap<String, u32>,
    list_index: BTreeMap<String, u32>,
}

/// Lares' own sentences.
const OWN: &[(&str, &str)] = &[
    ("en", include_str!("sentences/en.yaml")),
    ("de", include_str!("sentences/de.yaml")),
    ("es", include_str!("sentences/es.yaml")),
    ("fr", include_str!("sentences/fr.yaml")),
    ("nl", include_str!("sentences/nl.yaml")),
];

/// What is said alike in each language, over each language's rules.
const COMMON: &str = include_str!("sentences/common.yaml");

/// The languages there are.
pub struct Languages;

impl Languages {
    pub const ALL: [&'static str; 5] = ["en", "de", "es", "fr", "nl"];

    /// A language with a user's own files after Lares' own; a rule or list of theirs takes the place of ours.
    ///
    /// # Errors
    /// A language that is not there, or a file that cannot be used.
    pub fn load(language: &str, own: &[String]) -> Result<Language, GrammarError> {
        let (_, text) = OWN
            .iter()
            .find(|(name, _)| *name == language)
            .ok_or_else(|| GrammarError::NoSuchLanguage(language.to_owned()))?;
        Self::of(language, [COMMON, *text].into_iter().chain(own.iter().map(String::as_str)))
    }

    /// A language of these files alone: what Lares knows is left out.
    ///
    /// # Errors
    /// A file that cannot be used.
    pub fn of<'a>(language: &str, files: impl Iterator<Item = &'a str>) -> Result<Language, GrammarError> {
        let unreadable = |what| GrammarError::Unreadable { language: language.to_owned(), what };
        let files: Result<Vec<_>, _> = files.map(|yaml| grammar::read(yaml).map_err(unreadable)).collect();
        Language::new(language, files?)
    }
}

impl Language {
    /// Compiles files, the later over the earlier.
    ///
    /// # Errors
    /// A template that cannot be read, a rule or list that is not there, a rule that contains itself.
    pub fn new(name: &str, files: Vec<GrammarFile>) -> Result<Self, GrammarError> {
        let mut all = GrammarFile::default();
        let mut intents: Vec<(String, Vec<Block>)> = Vec::new();
        for file in files {
            all.lists.extend(file.lists);
            all.expansion_rules.extend(file.expansion_rules);
            all.skip_words.extend(file.skip_words);
            all.loose_words.extend(file.loose_words);
            for (intent, templates) in file.intents {
                intents.push((intent, templates.data));
            }
        }
        let (point, particle) = (numbers::point(name), numbers::particle(name));
        let mut language = Self { name: name.to_owned(), point, particle, ..Self::default() };
        language.numbers = vec![Vec::new(); 256];
        for (word, value) in numbers::words(name) {
            let first = word.as_bytes().first().copied().unwrap_or(0);
            if let Some(bucket) = language.numbers.get_mut(usize::from(first)) {
                bucket.push((word, value));
            }
        }
        let folded = |words: &[String]| words.iter().map(|w| fold(w).text).collect();
        (language.skip, language.loose) = (folded(&all.skip_words), folded(&all.loose_words));
        let mut build = Build { language: &mut language, file: &all, local: Vec::new(), open: Vec::new() };
        for (intent, blocks) in intents {
            build.language.intents.push(intent);
            for block in blocks {
                build.block(block)?;
            }
        }
        language.find_first();
        language.needs = Needs::of(&language);
        Ok(language)
    }

    /// The sentence without the words that say nothing; those between words that are kept stay in the original.
    pub(super) fn without_skipped(&self, folded: &mut Folded) {
        for word in &self.skip {
            folded.without(word);
        }
    }

    /// The sentence without the words that may stand anywhere; `None`: it has none of them, or nothing else.
    pub(super) fn without_loose(&self, folded: &Folded) -> Option<Folded> {
        let mut bare = folded.clone();
        for word in &self.loose {
            bare.without(word);
        }
        (!bare.text.is_empty() && bare.text != folded.text).then_some(bare)
    }
}

struct Build<'a> {
    language: &'a mut Language,
    file: &'a GrammarFile,
    /// Rules of the block at hand.
    local: Vec<(String, u32)>,
    /// Rules being read: one that is met again contains itself.
    open: Vec<String>,
}

impl Build<'_> {
    fn fault(&self, template: &str, what: impl Into<String>) -> GrammarError {
        GrammarError::Template {
            language: self.language.name.clone(),
            template: template.to_owned(),
            what: what.into(),
        }
    }

    fn block(&mut self, block: Block) -> Result<(), GrammarError> {
        self.local.clear();
        for (name, text) in &block.expansion_rules {
            let node = self.template(text)?;
            self.language.rules.push(node);
            self.local.push((name.clone(), (self.language.rules.len() - 1) as u32));
        }
        let number = self.language.blocks.len();
        let intent = self.language.intents.len().saturating_sub(1);
        for text in &block.sentences {
            let node = self.template(text)?;
            self.language.sentences.push(Sentence { intent, block: number, node });
        }
        self.language.blocks.push(block);
        Ok(())
    }

    fn template(&mut self, text: &str) -> Result<u32, GrammarError> {
        let part = parse(text).map_err(|what| self.fault(text, what))?;
        self.part(&part, text)
    }

    fn push(&mut self, node: Node) -> u32 {
        self.language.nodes.push(node);
        (self.language.nodes.len() - 1) as u32
    }

    fn parts(&mut self, parts: &[Part], text: &str) -> Result<Box<[u32]>, GrammarError> {
        parts.iter().map(|part| self.part(part, text)).collect()
    }

    fn part(&mut self, part: &Part, text: &str) -> Result<u32, GrammarError> {
        let node = match part {
            Part::Word(word) => Node::Word(word.as_bytes().into()),
            Part::Space => Node::Space,
            Part::Seq(parts) if parts.len() == 1 => {
                return self.parts(parts, text).map(|p| p.first().copied().unwrap_or(0));
            }
            Part::Seq(parts) => {
                let mut nodes = self.parts(parts, text)?;
                for (i, pair) in parts.windows(2).enumerate() {
                    if let [Part::List { .. }, after] = pair
                        && *after != Part::Space
                        && let Some(node) = nodes.get_mut(i)
                    {
                        *node = self.glued(*node);
                    }
                }
                Node::Seq(nodes)
            }
            Part::Either(parts) => Node::Either(self.parts(parts, text)?),
            Part::AnyOrder(parts) if parts.len() > MOST_PARTS => {
                return Err(self.fault(text, format!("more than {MOST_PARTS} parts in any order")));
            }
            Part::AnyOrder(parts) => Node::AnyOrder(self.parts(parts, text)?),
            Part::Maybe(part) => Node::Maybe(self.part(part, text)?),
            Part::Rule(name) => Node::Rule(self.rule(name, text)?),
            Part::List { list, slot } => {
                let list = self.list(list, text)?;
                let slot = match self.language.slots.iter().position(|s| s == slot) {
                    Some(at) => at,
                    None => {
                        self.language.slots.push(slot.clone());
                        self.language.slots.len() - 1
                    }
                };
                Node::List { list, slot: slot as u16 }
            }
        };
        Ok(self.push(node))
    }

    /// Any words with something written right after them: they may end inside of a word.
    fn glued(&mut self, node: u32) -> u32 {
        let Some(Node::List { list, slot }) = self.language.nodes.get(node as usize).cloned() else {
            return node;
        };
        if !matches!(self.language.lists.get(list as usize), Some(List::Wildcard { .. })) {
            return node;
        }
        self.language.lists.push(List::Wildcard { inside: true });
        self.push(Node::List { list: (self.language.lists.len() - 1) as u32, slot })
    }

    fn rule(&mut self, name: &str, text: &str) -> Result<u32, GrammarError> {
        if let Some((_, rule)) = self.local.iter().find(|(n, _)| n == name) {
            return Ok(*rule);
        }
        if let Some(rule) = self.language.rule_index.get(name) {
            return Ok(*rule);
        }
        if self.open.iter().any(|open| open == name) {
            return Err(self.fault(text, format!("the rule `<{name}>` contains itself")));
        }
        let file = self.file;
        let Some(body) = file.expansion_rules.get(name) else {
            return Err(self.fault(text, format!("there is no rule `<{name}>`")));
        };
        self.open.push(name.to_owned());
        let node = self.template(body)?;
        self.open.pop();
        self.language.rules.push(node);
        let rule = (self.language.rules.len() - 1) as u32;
        self.language.rule_index.insert(name.to_owned(), rule);
        Ok(rule)
    }

    fn list(&mut self, name: &str, text: &str) -> Result<u32, GrammarError> {
        if let Some(list) = self.language.list_index.get(name) {
            return Ok(*list);
        }
        let file = self.file;
        let list = match (name, file.lists.get(name)) {
            ("name", _) => List::Names(NameKind::Thing),
            ("area", _) => List::Names(NameKind::Area),
            ("floor", _) => List::Names(NameKind::Floor),
            (_, Some(ListText { wildcard: true, .. })) => List::Wildcard { inside: false },
            (_, Some(ListText { range: Some(range), .. })) => {
                List::Range { from: range.from, to: range.to, multiplier: range.multiplier.unwrap_or(1.0) }
            }
            (_, Some(written)) => {
                let mut values = Vec::new();
                for value in &written.values {
                    let (template, meaning) = match value {
                        ListValue::Same(same) => {
                            (same, Meaning { out: Value::from(same.clone()), slots: BTreeMap::new() })
                        }
                        ListValue::Mapped { text, out, slots } => {
                            (text, Meaning { out: out.clone(), slots: slots.clone() })
                        }
                    };
                    let node = self.template(template)?;
                    self.language.meanings.push(meaning);
                    values.push((node as usize, self.language.meanings.len() - 1));
                }
                List::Values(values)
            }
            (_, None) => return Err(self.fault(text, format!("there is no list `{{{name}}}`"))),
        };
        self.language.lists.push(list);
        let at = (self.language.lists.len() - 1) as u32;
        self.language.list_index.insert(name.to_owned(), at);
        Ok(at)
    }
}
