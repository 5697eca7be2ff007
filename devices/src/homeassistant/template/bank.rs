//! The templates of one device, compiled once.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use minijinja::{Environment, Value};

use super::engine;
use super::guard;
use super::rendered::{Message, Rendered};
use super::shape::Shape;
use crate::problem::quote;

/// A compiled template; engine templates live in their [`Bank`].
#[derive(Clone, PartialEq, Debug)]
pub enum Template {
    Shape(Shape),
    /// Name in the bank's environment.
    Engine(String),
}

impl Template {
    /// The payload itself.
    pub const WHOLE: Self = Self::Shape(Shape::Whole);
}

/// Holds the engine, if any template of the device needs it.
pub struct Bank {
    engine: Option<Box<Environment<'static>>>,
    count: usize,
    /// Whether templates are only checked for their shape (to announce) and never rendered.
    dry: bool,
    /// Steps that are left for this message or command; without end until [`Bank::refill`] is called.
    steps: AtomicU64,
}

impl Default for Bank {
    fn default() -> Self {
        Self { engine: None, count: 0, dry: false, steps: AtomicU64::new(u64::MAX) }
    }
}

/// Steps that all templates of a device may take for one message: a hundred that take all they may. More would keep the
/// household waiting for seconds.
const STEPS: u64 = 100 * engine::FUEL;

/// Longest template that is compiled, in bytes.
const LONGEST: usize = 65_536;

impl Bank {
    /// A bank that compiles nothing: to learn what an entity can do without paying for the engine.
    pub fn dry() -> Self {
        Self { dry: true, ..Self::default() }
    }

    /// Give the steps for another message or command.
    pub fn refill(&self) {
        self.steps.store(STEPS, Ordering::Relaxed);
    }

    /// Compile a template. The error names what is wrong with it.
    pub fn add(&mut self, source: &str) -> Result<Template, String> {
        if source.len() > LONGEST {
            return Err(format!("template is longer than {LONGEST} bytes"));
        }
        if let Some(shape) = Shape::parse(source) {
            return Ok(Template::Shape(shape));
        }
        self.add_engine(source)
    }

    /// Compile for the engine, also what would need none (tests compare the two).
    pub fn add_engine(&mut self, source: &str) -> Result<Template, String> {
        let name = self.count.to_string();
        self.count += 1;
        if !self.dry {
            let wrong = |why: String| format!("template {} is wrong: {why}", quote(source));
            let guarded = guard::guarded(source).map_err(wrong)?;
            let environment = self.engine.get_or_insert_with(|| Box::new(engine::environment()));
            environment.add_template_owned(name.clone(), guarded).map_err(|e| wrong(engine::explain(&e)))?;
        }
        Ok(Template::Engine(name))
    }

    /// What a template makes of a message.
    pub fn read<'a>(&self, template: &'a Template, message: &'a Message<'_>) -> Result<Rendered<'a>, String> {
        match template {
            Template::Shape(shape) => shape.render(message),
            Template::Engine(name) => {
                let context =
                    minijinja::context! { value => message.text, value_json => message.engine_json() };
                match self.render(name, context)? {
                    Some(text) => Ok(Rendered::Text(Cow::Owned(text))),
                    None => Ok(Rendered::Absent),
                }
            }
        }
    }

    /// The payload that a command template makes of these variables. Without a template it is `value` itself.
    pub fn write(&self, template: Option<&Template>, variables: &[(&str, Value)]) -> Result<String, String> {
        let context = || Value::from_pairs(variables.iter().map(|(k, v)| (Value::from(*k), v.clone())));
        match template {
            None | Some(Template::Shape(Shape::Whole)) => Ok(variables
                .iter()
                .find(|(k, _)| *k == "value")
                .map(|(_, v)| engine::print(v))
                .unwrap_or_default()),
            // A path into a received message makes no sense in a command.
            Some(Template::Shape(_)) => {
                Err("the command template reads `value_json`, which a command has not".to_owned())
            }
            Some(Template::Engine(name)) => Ok(self.render(name, context())?.unwrap_or_default()),
        }
    }

    fn render(&self, name: &str, context: Value) -> Result<Option<String>, String> {
        let environment = self.engine.as_ref().ok_or("the template was not compiled")?;
        let template = environment.get_template(name).map_err(|e| engine::explain(&e))?;
        let left = self.steps.load(Ordering::Relaxed);
        if left == 0 {
            return Err(format!("templates of this device took more than {STEPS} steps for one message"));
        }
        // How far a rendering came that failed is not known: it counts as if it had taken all it may.
        let (steps, result) = match template.render_captured(context) {
            Ok(done) => {
                let steps = done.state().fuel_levels().map_or(engine::FUEL, |(steps, _)| steps);
                (steps, Ok(engine::finish(done.output())))
            }
            Err(error) if engine::is_absence(&error) => (engine::ABSENCE_FUEL, Ok(None)),
            Err(error) => (engine::FUEL, Err(format!("template failed: {}", engine::explain(&error)))),
        };
        self.steps.store(left.saturating_sub(steps), Ordering::Relaxed);
        result
    }
}
