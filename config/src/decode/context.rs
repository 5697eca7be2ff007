//! Where problems are collected while a home is read.

use std::cell::RefCell;

use figment::value::Value;

use crate::Place;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{At, KeyPath, Layers};

pub(crate) struct Context {
    pub layers: Layers,
    problems: RefCell<Vec<Diagnostic>>,
}

impl Context {
    pub fn new(layers: Layers) -> Self {
        Self { layers, problems: RefCell::default() }
    }

    pub fn into_problems(self) -> Vec<Diagnostic> {
        self.problems.into_inner()
    }

    pub fn has_errors(&self) -> bool {
        self.problems.borrow().iter().any(|p| p.severity == Severity::Error)
    }

    pub fn place(&self, path: &KeyPath, value: Option<&Value>) -> Place {
        let found = self.layers.locate(path, value, At::Value);
        found.map_or_else(Place::by_default, |(text, span)| text.place(span.start))
    }

    pub fn report(&self, problem: NewProblem<'_>) {
        let NewProblem { severity, path, value, at, code, message, help, related } = problem;
        let mut diagnostic = match self.layers.locate(path, value, at) {
            Some((text, span)) => Diagnostic::at(&text, span, code, message),
            None => Diagnostic::of_folder(code, message, String::new()),
        };
        diagnostic.severity = severity;
        diagnostic.key_path = path.to_string();
        diagnostic.help = (!help.is_empty()).then_some(help);
        diagnostic.related = related;
        self.problems.borrow_mut().push(diagnostic);
    }
}

pub(crate) struct NewProblem<'a> {
    pub severity: Severity,
    pub path: &'a KeyPath,
    pub value: Option<&'a Value>,
    pub at: At,
    pub code: &'static str,
    pub message: String,
    pub help: String,
    pub related: Vec<Place>,
}
