//! One property of all nodes, sorted by value: what is the same, in a range or begins so is found without looking at every node.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use lares_model::{PropType, Value, dated, prop_named};

use super::when::{Stretch, when};
use super::{Shape, fold};

/// Columns, each made when it is first asked for.
#[derive(Default)]
pub(super) struct Columns(Mutex<BTreeMap<String, Arc<Column>>>);

impl Columns {
    pub fn of(&self, key: &str, shape: &Shape) -> Arc<Column> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(column) = all.get(key) {
            return column.clone();
        }
        let column = Arc::new(Column::new(key, shape));
        all.insert(key.to_owned(), column.clone());
        column
    }
}

/// The values of one property.
#[derive(Default)]
pub(super) struct Column {
    /// Folded texts; of what is several words, each.
    texts: BTreeMap<String, Vec<u32>>,
    numbers: Vec<(f64, u32)>,
    whens: Vec<(Stretch, u32)>,
    yes: Vec<u32>,
    no: Vec<u32>,
    /// Nodes whose value depends on the instant that is asked about: they fit everything.
    dated: Vec<u32>,
    /// Every node that has a value.
    any: Vec<u32>,
}

impl Column {
    fn new(key: &str, shape: &Shape) -> Self {
        let of = prop_named(key).map(|p| p.of);
        let mut column = Self::default();
        for place in shape.nodes() {
            let Some(node) = shape.node(place) else { continue };
            if node.props.keys().any(|k| dated(k).is_some_and(|(prop, _)| prop == key)) {
                column.dated.push(place);
                column.any.push(place);
                continue;
            }
            let Some(value) = node.props.get(key) else { continue };
            column.any.push(place);
            match value {
                Value::Number(n) => column.numbers.push((n + 0.0, place)),
                Value::Bool(true) => column.yes.push(place),
                Value::Bool(false) => column.no.push(place),
                Value::Text(text) => column.text(text, of, place, shape),
                rgb @ Value::Rgb(..) => column.texts.entry(rgb.to_string()).or_default().push(place),
            }
        }
        column.numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
        column.whens.sort();
        column
    }

    fn text(&mut self, text: &str, of: Option<PropType>, place: u32, shape: &Shape) {
        if of == Some(PropType::Words) {
            for word in words(text) {
                self.texts.entry(fold(word)).or_default().push(place);
            }
            return;
        }
        if matches!(of, Some(PropType::When) | None)
            && let Some(stretch) = when(text, shape.zone())
        {
            self.whens.push((stretch, place));
        }
        self.texts.entry(fold(text)).or_default().push(place);
    }

    fn with_dated<'a>(&'a self, places: impl IntoIterator<Item = &'a u32>) -> Vec<u32> {
        places.into_iter().chain(&self.dated).copied().collect()
    }

    pub fn any(&self) -> Vec<u32> {
        self.any.clone()
    }

    /// Nodes with this text.
    pub fn same(&self, folded: &str) -> Vec<u32> {
        self.with_dated(self.texts.get(folded).into_iter().flatten())
    }

    pub fn begins(&self, folded: &str) -> Vec<u32> {
        let from = self.texts.range(folded.to_owned()..).take_while(|(text, _)| text.starts_with(folded));
        self.with_dated(from.flat_map(|(_, places)| places))
    }

    pub fn truth(&self, yes: bool) -> Vec<u32> {
        self.with_dated(if yes { &self.yes } else { &self.no })
    }

    /// Numbers with their nodes, by size.
    pub fn numbers(&self) -> &[(f64, u32)] {
        &self.numbers
    }

    /// Nodes whose value depends on the instant that is asked about.
    pub fn dated(&self) -> &[u32] {
        &self.dated
    }

    /// Nodes with a number from `from` to `to`, both within.
    pub fn between(&self, from: Option<f64>, to: Option<f64>) -> Vec<u32> {
        let start = from.map_or(0, |from| self.numbers.partition_point(|(n, _)| n.total_cmp(&from).is_lt()));
        let end = to
            .map_or(self.numbers.len(), |to| self.numbers.partition_point(|(n, _)| n.total_cmp(&to).is_le()));
        self.with_dated(
            self.numbers.get(start..end.max(start)).unwrap_or_default().iter().map(|(_, place)| place),
        )
    }

    /// Nodes whose time begins within `[from, to)`, at least.
    pub fn during(
        &self,
        from: Option<lares_model::Timestamp>,
        to: Option<lares_model::Timestamp>,
    ) -> Vec<u32> {
        let start = from.map_or(0, |from| self.whens.partition_point(|(s, _)| s.from < from));
        let end = to.map_or(self.whens.len(), |to| self.whens.partition_point(|(s, _)| s.from < to));
        self.with_dated(
            self.whens.get(start..end.max(start)).unwrap_or_default().iter().map(|(_, place)| place),
        )
    }
}

/// The words of a property that has several.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|w| !w.is_empty())
}
