//! From text to tokens, each with its place.

use std::borrow::Cow;
use std::ops::Range;

use lares_model::Slip;

/// Longer ones are no questions of a person.
const LONGEST: usize = 16_384;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Token<'a> {
    /// A name or a keyword.
    Word(&'a str),
    Text(Cow<'a, str>),
    Number(f64),
    /// One of [`SYMBOLS`].
    Symbol(&'static str),
    End,
}

/// The longest first. An arrow is several: `<` and `-` also compare and subtract.
const SYMBOLS: &[&str] = &[
    "<>", "<=", ">=", "..", "(", ")", "[", "]", "{", "}", ":", ",", ".", "*", "|", "-", "<", ">", "=", ";",
    "+", "/", "%", "^", "$",
];

pub(super) struct Lexed<'a> {
    pub token: Token<'a>,
    pub at: Range<usize>,
}

/// All tokens; the last one is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Lexed<'_>>, Slip> {
    if text.len() > LONGEST {
        return Err(Slip::new(0..1, format!("a question has at most {LONGEST} bytes")));
    }
    let mut tokens = Vec::with_capacity(text.len() / 3 + 1);
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let spaces = rest.len() - rest.trim_start().len();
        at += spaces;
        let rest = rest.get(spaces..).unwrap_or_default();
        let (token, length) = match rest.chars().next() {
            None => {
                tokens.push(Lexed { token: Token::End, at: at..at });
                return Ok(tokens);
            }
            Some(quote @ ('\'' | '"')) => quoted(rest, quote, at)?,
            Some(c) if c.is_ascii_digit() => number(rest, at)?,
            Some(c) if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                (Token::Word(rest.get(..end).unwrap_or_default()), end)
            }
            Some(c) => match SYMBOLS.iter().find(|s| rest.starts_with(**s)) {
                Some(symbol) => (Token::Symbol(symbol), symbol.len()),
                None => {
                    return Err(Slip::new(
                        at..at + c.len_utf8(),
                        format!("`{}` has no meaning here", c.escape_default()),
                    ));
                }
            },
        };
        tokens.push(Lexed { token, at: at..at + length });
        at += length;
    }
}

fn quoted(rest: &str, quote: char, at: usize) -> Result<(Token<'_>, usize), Slip> {
    let within = rest.get(1..).unwrap_or_default();
    let plain = within.find([quote, '\\']).unwrap_or(within.len());
    if within.get(plain..).is_some_and(|t| t.starts_with(quote)) {
        return Ok((Token::Text(within.get(..plain).unwrap_or_default().into()), plain + 2));
    }
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((n, c)) = chars.next() {
        match c {
            c if c == quote => return Ok((Token::Text(text.into()), n + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, c @ ('\\' | '\'' | '"'))) => text.push(c),
                Some((_, c)) => {
                    let slip =
                        Slip::new(at + n..at + n + 1 + c.len_utf8(), format!("`\\{c}` has no meaning"));
                    return Err(slip.help("there are \\\\, \\', \\\", \\n and \\t"));
                }
                None => break,
            },
            c => text.push(c),
        }
    }
    Err(Slip::new(at..at + rest.len(), "the quote is not closed"))
}

fn number(rest: &str, at: usize) -> Result<(Token<'_>, usize), Slip> {
    let digits = |t: &str| t.find(|c: char| !c.is_ascii_digit()).unwrap_or(t.len());
    let mut end = digits(rest);
    // `1..3` is a range, `1.5` a number.
    if let Some(fraction) = rest.get(end..).and_then(|t| t.strip_prefix('.'))
        && fraction.starts_with(|c: char| c.is_ascii_digit())
    {
        end += 1 + digits(fraction);
    }
    let text = rest.get(..end).unwrap_or_default();
    let wrong = |end: usize| Slip::new(at..at + end, "this is no number").help("write it as 20 or 0.5");
    if let Some(c) = rest.get(end..).and_then(|t| t.chars().next()).filter(|c| c.is_alphabetic() || *c == '_')
    {
        return Err(wrong(end + c.len_utf8()));
    }
    match text.parse::<f64>() {
        Ok(n) if n.is_finite() => Ok((Token::Number(n), end)),
        _ => Err(wrong(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_their_places() {
        let text = "(a)<-[:in*1..3]-(b) a.x<=1.5 'it\\'s'";
        let found = tokens(text).unwrap();
        let parts: Vec<&str> = found.iter().map(|t| &text[t.at.clone()]).collect();
        let wanted = [
            "(", "a", ")", "<", "-", "[", ":", "in", "*", "1", "..", "3", "]", "-", "(", "b", ")", "a", ".",
            "x", "<=", "1.5", "'it\\'s'", "",
        ];
        assert_eq!(parts, wanted);
        assert_eq!(found[22].token, Token::Text("it's".into()));
        for (bad, part) in
            [("a ! b", "!"), ("'abc", "'abc"), ("'a\\x'", "\\x"), ("12ab", "12a"), ("é ´", "´")]
        {
            let Err(slip) = tokens(bad) else { panic!("{bad}") };
            assert_eq!(&bad[slip.at], part, "{bad}");
        }
    }
}
