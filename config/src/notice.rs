//! What may be told in the words of a notice.

/// A part of a notice's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    Text(&'a str),
    /// `{found}`: what the rule's first `find` found.
    Found,
    /// `{trigger}`: what set the rule off, in words.
    Trigger,
    /// `{value}`: what the thing that set the rule off is now.
    Value,
    /// `{today}`: what lies before the household today. Only what is said in a room tells it.
    Today,
    /// `{var.warm}`: a value that the run has set.
    Var(&'a str),
    /// `{living-climate.temperature}`: what that is now.
    Entity(&'a str),
}

/// The parts of a text, in their order. `{{` is a brace; one that is never closed is one too.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        if let Some(after) = from.strip_prefix("{{") {
            out.extend([Piece::Text(before), Piece::Text("{")]);
            rest = after;
            continue;
        }
        let Some(close) = from.find('}') else { break };
        out.push(Piece::Text(before));
        out.push(match from[1..close].trim() {
            "found" => Piece::Found,
            "trigger" => Piece::Trigger,
            "value" => Piece::Value,
            "today" => Piece::Today,
            name => name.strip_prefix("var.").map_or(Piece::Entity(name), Piece::Var),
        });
        rest = &from[close + 1..];
    }
    out.push(Piece::Text(rest));
    out.retain(|piece| *piece != Piece::Text(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_hold_what_is_told() {
        use Piece::{Entity, Found, Text, Today, Value};
        assert_eq!(pieces("plain"), [Text("plain")]);
        assert_eq!(
            pieces("{found} and {a.b}: {value}! {today}"),
            [Found, Text(" and "), Entity("a.b"), Text(": "), Value, Text("! "), Today]
        );
        assert_eq!(pieces("{{x} {open"), [Text("{"), Text("x} {open")]);
    }
}
