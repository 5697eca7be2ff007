//! Layering with figment: files < environment < flags. Defaults are the resolved types' own, so that "not written" can
//! be told from "written as the default".

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use figment::value::{Dict, Tag, Value};
use figment::{Figment, Metadata, Profile, Provider, Source};
use toml_edit::{Document, Item};

use super::spans::find;
use super::{At, KeyPath, Redirects, Seg, SourceText};
use crate::diagnostic::Diagnostic;

/// A setting that does not come from a file.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    /// `environment` or `flag`.
    pub layer: &'static str,
    /// As it was written: `LARES__mqtt__main__host`, `mqtt.main.host`.
    pub name: String,
    pub keys: Vec<String>,
    pub raw: String,
}

/// The merged tree and where everything in it is from.
pub(crate) struct Layers {
    pub root: Value,
    figment: Figment,
    files: Vec<(Arc<SourceText>, Document<Arc<str>>)>,
    by_name: BTreeMap<String, usize>,
    overrides: Vec<(KeyPath, Arc<SourceText>, Range<usize>)>,
    pub redirects: Redirects,
}

impl Layers {
    /// Parses and merges. Errors: syntax, and sections that stand in two files.
    pub fn build(texts: &[Arc<SourceText>], settings: &[Override]) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut files = Vec::new();
        for text in texts {
            match Document::parse(text.text.clone()) {
                Ok(document) => files.push((text.clone(), document)),
                Err(error) => problems.push(syntax(text, &error)),
            }
        }
        problems.extend(twice(&files));
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut figment = Figment::new();
        for (text, document) in &files {
            figment = figment.admerge(Layer::of_file(text, document));
        }
        let mut overrides = Vec::new();
        for (number, setting) in settings.iter().enumerate() {
            let keys = as_in_files(&figment, &setting.keys);
            let text = format!("{}={}", setting.name, setting.raw);
            let span = setting.name.len() + 1..text.len();
            let source = Arc::new(SourceText::new(setting.layer.into(), text.into()));
            figment = figment.merge(Layer::of_setting(number, &keys, &setting.raw));
            overrides.push((KeyPath(keys.into_iter().map(Seg::Key).collect()), source, span));
        }
        let dict =
            figment.data().ok().and_then(|mut data| data.remove(&Profile::Default)).unwrap_or_default();
        let by_name = files.iter().enumerate().map(|(i, (text, _))| (text.name.to_string(), i)).collect();
        Ok(Self {
            root: Value::Dict(Tag::Default, dict),
            figment,
            files,
            by_name,
            overrides,
            redirects: Redirects::default(),
        })
    }

    /// The text and bytes of the value at `path`.
    pub fn locate(
        &self,
        path: &KeyPath,
        value: Option<&Value>,
        at: At,
    ) -> Option<(Arc<SourceText>, Range<usize>)> {
        let path = &self.redirects.written(path);
        let leaf = value.filter(|v| !matches!(v, Value::Dict(..)));
        if let Some(source) =
            leaf.and_then(|v| self.figment.get_metadata(v.tag())).and_then(|m| m.source.as_ref())
        {
            if let Some(number) = source.custom().and_then(|n| n.parse::<usize>().ok()) {
                let (_, text, span) = self.overrides.get(number)?;
                return Some((text.clone(), span.clone()));
            }
            if let Some(name) = source.file_path().and_then(|p| p.to_str()) {
                let (text, document) = self.files.get(*self.by_name.get(name)?)?;
                return find(document.as_item(), path, at).map(|span| (text.clone(), span));
            }
        }
        // A table may be merged of several layers: the file that has it is its place.
        let in_file = self
            .files
            .iter()
            .find_map(|(text, document)| find(document.as_item(), path, at).map(|span| (text.clone(), span)));
        in_file.or_else(|| {
            let mut below = self.overrides.iter().filter(|(keys, ..)| keys.0.starts_with(&path.0));
            below.next().map(|(_, text, span)| (text.clone(), span.clone()))
        })
    }

    /// The text as it was written, if the value came by environment or flag: there `007` may have been meant as text.
    pub fn raw(&self, value: &Value) -> Option<&str> {
        let source = self.figment.get_metadata(value.tag())?.source.as_ref()?;
        let (_, text, span) = self.overrides.get(source.custom()?.parse::<usize>().ok()?)?;
        text.text.get(span.clone())
    }
}

/// One layer for figment.
struct Layer {
    metadata: Metadata,
    dict: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    fn data(&self) -> Result<figment::value::Map<Profile, Dict>, figment::Error> {
        Ok(figment::value::Map::from([(Profile::Default, self.dict.clone())]))
    }
}

impl Layer {
    fn of_file(text: &SourceText, document: &Document<Arc<str>>) -> Self {
        let dict = document.iter().map(|(key, item)| (key.to_owned(), from_item(item))).collect();
        let source = Source::File(std::path::PathBuf::from(&*text.name));
        Self { metadata: Metadata::from(text.name.to_string(), source), dict }
    }

    fn of_setting(number: usize, keys: &[String], raw: &str) -> Self {
        // figment's reading of a bare text: true, 12, "x", [1, 2]; anything else is a text.
        let mut value: Value = raw.parse().unwrap_or_else(|_| Value::from(raw));
        for key in keys.iter().skip(1).rev() {
            value = Value::from(Dict::from([(key.clone(), value)]));
        }
        let dict = keys.first().map(|key| Dict::from([(key.clone(), value)])).unwrap_or_default();
        Self { metadata: Metadata::from("setting", Source::Custom(number.to_string())), dict }
    }
}

fn from_item(item: &Item) -> Value {
    match item {
        Item::None => Value::from(Dict::new()),
        Item::Value(value) => from_value(value),
        Item::Table(table) => {
            table.iter().map(|(k, i)| (k.to_owned(), from_item(i))).collect::<Dict>().into()
        }
        Item::ArrayOfTables(tables) => {
            let each =
                tables.iter().map(|t| t.iter().map(|(k, i)| (k.to_owned(), from_item(i))).collect::<Dict>());
            Value::from(each.map(Value::from).collect::<Vec<_>>())
        }
    }
}

fn from_value(value: &toml_edit::Value) -> Value {
    use toml_edit::Value as Toml;
    match value {
        Toml::String(text) => Value::from(text.value().as_str()),
        Toml::Integer(number) => Value::from(*number.value()),
        Toml::Float(number) => Value::from(*number.value()),
        Toml::Boolean(b) => Value::from(*b.value()),
        // A bare 07:00:00 is as good as a quoted one.
        Toml::Datetime(time) => Value::from(time.value().to_string()),
        Toml::Array(array) => Value::from(array.iter().map(from_value).collect::<Vec<_>>()),
        Toml::InlineTable(table) => {
            table.iter().map(|(k, v)| (k.to_owned(), from_value(v))).collect::<Dict>().into()
        }
    }
}

/// Shells can't write `-` in a variable's name: a key that differs only in that, or in case, is the one that is meant.
fn as_in_files(figment: &Figment, keys: &[String]) -> Vec<String> {
    let fold = |key: &str| key.to_lowercase().replace('-', "_");
    let data = figment.data().ok().and_then(|mut data| data.remove(&Profile::Default)).unwrap_or_default();
    let root = Value::from(data);
    let mut here = Some(&root);
    let mut out = Vec::new();
    for key in keys {
        let dict = here.and_then(Value::as_dict);
        let known = dict
            .and_then(|d| d.keys().find(|k| *k == key).or_else(|| d.keys().find(|k| fold(k) == fold(key))));
        let name = known.cloned().unwrap_or_else(|| key.to_lowercase());
        here = dict.and_then(|d| d.get(&name));
        out.push(name);
    }
    out
}

fn syntax(text: &Arc<SourceText>, error: &toml_edit::TomlError) -> Diagnostic {
    let mut span = error.span().unwrap_or(0..0);
    span.end = span.end.min(text.text.len());
    span.start = span.start.min(span.end);
    let message = format!("this is not TOML: {}", error.message().replace('\n', ", "));
    let mut problem = Diagnostic::at(text, span, "toml-syntax", message);
    problem.help = Some("nothing else was checked; texts need quotes, lists need commas".into());
    problem
}

/// Tables whose keys are names of the household's own; the others (`[household]`) are one table each.
const KEYED: [&str; 18] = [
    "floor",
    "room",
    "zone",
    "receiver",
    "person",
    "device",
    "group",
    "scene",
    "rule",
    "blueprint",
    "routine",
    "interlock",
    "mqtt",
    "display",
    "satellite",
    "player",
    "stream",
    "private",
];

fn twice(files: &[(Arc<SourceText>, Document<Arc<str>>)]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<String, (usize, KeyPath)> = BTreeMap::new();
    let mut problems = Vec::new();
    for (number, (text, document)) in files.iter().enumerate() {
        for path in sections(document) {
            let Some((first, _)) = seen.get(&path.to_string()) else {
                seen.insert(path.to_string(), (number, path));
                continue;
            };
            let span_in =
                |n: usize| files.get(n).and_then(|(_, d)| find(d.as_item(), &path, At::Key)).unwrap_or(0..0);
            let place = files.get(*first).map(|(t, _)| t.place(span_in(*first).start));
            let other = place.as_ref().map(ToString::to_string).unwrap_or_default();
            let message = format!("[{path}] is already defined at {other}");
            let mut problem = Diagnostic::at(text, span_in(number), "duplicate-section", message);
            problem.key_path = path.to_string();
            problem.help = Some("give one of them another key, or put all of it in one place".into());
            problem.related = place.into_iter().collect();
            problems.push(problem);
        }
    }
    problems
}

fn sections(document: &Document<Arc<str>>) -> Vec<KeyPath> {
    let mut out = Vec::new();
    for (top, item) in document.iter() {
        let path = KeyPath::default().key(top);
        match item.as_table_like() {
            Some(table) if KEYED.contains(&top) => out.extend(table.iter().map(|(key, _)| path.key(key))),
            _ => out.push(path),
        }
    }
    out
}
