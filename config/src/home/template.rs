//! Expressions over what the household knows, as Jinja writes them: `state("a.temperature") - state("b.temperature") > 3`.

use serde::Serialize;

use super::EntityRef;

/// An expression that was checked, and all that it asks for.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Template {
    /// Without braces around it.
    pub source: String,
    #[serde(skip)]
    pub asks: Vec<Ask>,
}

/// What an expression asks for, in the words that stand in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Ask {
    pub what: Asked,
    /// As it is written between the quotes.
    pub name: String,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Asked {
    /// `state("living-climate.temperature")`: its value; none while that cannot be relied on.
    State(EntityRef),
    /// `age("living-climate.temperature")`: seconds since it was told.
    Age(EntityRef),
    /// `home("anna")`.
    Home,
    /// `room("anna")`: the key of the room that she is in.
    Room,
    /// `occupied("kitchen")`.
    Occupied,
}

/// The functions that there are.
pub const FUNCTIONS: [&str; 5] = ["state", "age", "home", "room", "occupied"];

/// Calls of these functions with a text in quotes: function and text. The error says what is called otherwise.
pub fn calls(source: &str) -> Result<Vec<(&'static str, String)>, String> {
    let mut found = Vec::new();
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at = end_of_text(source, at).map_or(source.len(), |(_, end)| end),
            c if c.is_ascii_alphabetic() || *c == b'_' => {
                let end = bytes[at..].iter().position(|c| !c.is_ascii_alphanumeric() && *c != b'_');
                let end = end.map_or(source.len(), |n| at + n);
                let word = &source[at..end];
                let of_another = at > 0 && bytes.get(at - 1) == Some(&b'.');
                let call = source[end..].trim_start().strip_prefix('(').map(str::trim_start);
                if let (Some(function), Some(rest), false) =
                    (FUNCTIONS.iter().find(|f| **f == word), call, of_another)
                {
                    let begin = source.len() - rest.len();
                    let text = end_of_text(source, begin).map(|(text, _)| text);
                    let text = text
                        .ok_or_else(|| format!("`{function}` wants a name in quotes: {function}(\"...\")"))?;
                    found.push((*function, text.to_owned()));
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    Ok(found)
}

/// The text in quotes that begins here, and where it is over.
fn end_of_text(source: &str, begin: usize) -> Option<(&str, usize)> {
    let quote = source[begin..].chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let inner = &source[begin + 1..];
    let end = inner.find(quote)?;
    Some((&inner[..end], begin + 1 + end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_found() {
        let all = calls(
            "state('a.b') - state( \"c\" ) > 3 and not home('anna') and now.state('x') == \"room('y')\"",
        );
        let names: Vec<_> = all.unwrap().into_iter().map(|(f, n)| format!("{f} {n}")).collect();
        assert_eq!(names, ["state a.b", "state c", "home anna"]);
        assert!(calls("state(name) > 3").unwrap_err().contains("in quotes"));
        assert_eq!(calls("'unended").unwrap(), []);
        assert_eq!(calls("größe > 3 and room('é')").unwrap(), [("room", "é".to_owned())]);
    }
}
