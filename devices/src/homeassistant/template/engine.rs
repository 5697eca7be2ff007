//! minijinja, set up to behave as Jinja2 under Home Assistant does.

use std::error::Error as _;
use std::sync::OnceLock;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior};

use super::{filters, guard, methods, python};

/// Work that one rendering may do, in the engine's steps. The longest template of the corpus takes some hundreds.
pub const FUEL: u64 = 50_000;

/// Steps within which a template must have found that the message does not speak of it.
pub const ABSENCE_FUEL: u64 = 2_500;

/// Written in place of undefined values and taken out at the end: so "a key is missing" and "the text is empty" can be
/// told apart. A code point that Unicode reserves for such inner use.
const UNDEFINED_MARK: char = '\u{fdd0}';

/// Detail of the error by which `is_defined` leaves the rendering.
const ABSENT: &str = "value is not defined";

pub fn environment() -> Environment<'static> {
    static BASE: OnceLock<Environment<'static>> = OnceLock::new();
    BASE.get_or_init(build).clone()
}

fn build() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(50);
    environment.set_formatter(|out, _, value| {
        if value.is_undefined() {
            out.write_str(UNDEFINED_MARK.encode_utf8(&mut [0; 4]))?;
        } else if let Some(text) = value.as_str() {
            out.write_str(text)?;
        } else {
            out.write_str(&python::str_of(value))?;
        }
        Ok(())
    });
    environment
        .set_unknown_method_callback(|_, value, method, arguments| methods::call(value, method, arguments));
    filters::install(&mut environment);
    guard::install(&mut environment);
    environment
}

/// Strip the marks and the outer blanks. `None`: nothing but undefined values was printed.
pub fn finish(text: &str) -> Option<String> {
    if !text.contains(UNDEFINED_MARK) {
        return Some(text.trim().to_owned());
    }
    let text = text.replace(UNDEFINED_MARK, "");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A value as a command prints it.
pub fn print(value: &minijinja::Value) -> String {
    python::str_of(value)
}

/// The error of `is_defined`: the message does not speak of this, and that is no mistake.
pub fn absence(state: &State) -> Error {
    match state.fuel_levels() {
        Some((consumed, _)) if consumed > ABSENCE_FUEL => Error::from(ErrorKind::OutOfFuel),
        _ => Error::new(ErrorKind::UndefinedError, ABSENT),
    }
}

pub fn is_absence(error: &Error) -> bool {
    error.kind() == ErrorKind::UndefinedError && error.detail() == Some(ABSENT)
}

/// An engine error in one line, without its source listing.
pub fn explain(error: &Error) -> String {
    let mut text = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    if let Some(source) = error.source() {
        text.push_str(&format!(" ({source})"));
    }
    text
}
