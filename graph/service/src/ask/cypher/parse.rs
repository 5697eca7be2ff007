//! The clauses of a question.

use super::ast::{Ast, Item, Name, Sort, Span};
use super::lex::{Lexed, Token, tokens};
use lares_model::Slip;

/// Clauses of openCypher that are not here, and why.
const REFUSED: &[(&[&str], &str)] = &[
    (&["CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH", "LOAD"], "questions only read"),
    (
        &["OPTIONAL", "WITH", "UNWIND", "UNION", "CALL", "MATCH", "USING"],
        "a question is one MATCH with its RETURN",
    ),
];

/// Words that cannot be names of variables.
const RESERVED: &[&str] = &[
    "MATCH",
    "WHERE",
    "RETURN",
    "DISTINCT",
    "ORDER",
    "BY",
    "SKIP",
    "LIMIT",
    "AS",
    "AND",
    "OR",
    "XOR",
    "NOT",
    "IN",
    "IS",
    "NULL",
    "TRUE",
    "FALSE",
    "STARTS",
    "ENDS",
    "CONTAINS",
    "ASC",
    "DESC",
    "ASCENDING",
    "DESCENDING",
];

pub(super) fn query(text: &str) -> Result<Ast, Slip> {
    let mut parser = Parser { text, tokens: tokens(text)?, next: 0, depth: 0 };
    let mut ast = Ast::default();
    if !parser.keyword("MATCH") {
        return Err(parser.wanted("MATCH, as in: MATCH (d:device) RETURN d.name"));
    }
    ast.paths.push(parser.path()?);
    while parser.symbol(",") {
        ast.paths.push(parser.path()?);
    }
    if parser.keyword("WHERE") {
        ast.condition = Some(parser.expression()?);
    }
    parser.moments(&mut ast)?;
    if !parser.keyword("RETURN") {
        return Err(parser.wanted("RETURN, or WHERE and then RETURN"));
    }
    parser.returned(&mut ast)?;
    parser.moments(&mut ast)?;
    parser.symbol(";");
    match parser.peek() {
        Token::End => Ok(ast),
        _ => Err(parser.wanted("ORDER BY, SKIP, LIMIT, AS OF, VALID AT or the end")),
    }
}

pub(super) struct Parser<'a> {
    pub text: &'a str,
    tokens: Vec<Lexed<'a>>,
    next: usize,
    /// How deep expressions are nested.
    pub depth: usize,
}

impl<'a> Parser<'a> {
    pub fn peek(&self) -> &Token<'a> {
        self.peek_at(0)
    }

    pub fn peek_at(&self, ahead: usize) -> &Token<'a> {
        self.tokens.get(self.next + ahead).map_or(&Token::End, |t| &t.token)
    }

    /// The place of the next token.
    pub fn here(&self) -> Span {
        let end = self.text.len();
        self.tokens.get(self.next).map_or(end..end, |t| t.at.clone())
    }

    /// Where the last token ended.
    pub fn end(&self) -> usize {
        self.next.checked_sub(1).and_then(|n| self.tokens.get(n)).map_or(0, |t| t.at.end)
    }

    pub fn advance(&mut self) {
        self.next += 1;
    }

    #[inline]
    pub fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(s) if *s == symbol)
    }

    #[inline]
    pub fn symbol(&mut self, symbol: &str) -> bool {
        let there = self.is_symbol(symbol);
        self.next += usize::from(there);
        there
    }

    pub fn need(&mut self, symbol: &str) -> Result<(), Slip> {
        if self.symbol(symbol) { Ok(()) } else { Err(self.wanted(&format!("`{symbol}`"))) }
    }

    #[inline]
    pub fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.peek(), Token::Word(w) if w.eq_ignore_ascii_case(keyword))
    }

    #[inline]
    pub fn keyword(&mut self, keyword: &str) -> bool {
        let there = self.is_keyword(keyword);
        self.next += usize::from(there);
        there
    }

    /// Something else stands here than what is wanted.
    pub fn wanted(&self, what: &str) -> Slip {
        let at = self.here();
        let wanted = format!("here can stand {what}");
        match self.peek() {
            Token::End => Slip::new(at, "the question ends too early").help(wanted),
            Token::Word(word) => {
                let upper = word.to_uppercase();
                match REFUSED.iter().find(|(words, _)| words.contains(&upper.as_str())) {
                    Some((_, why)) => Slip::new(at, format!("`{upper}` is not supported: {why}")),
                    None => Slip::new(at, format!("`{word}` cannot stand here")).help(wanted),
                }
            }
            _ => {
                let shown = self.text.get(at.clone()).unwrap_or_default();
                Slip::new(at.clone(), format!("`{shown}` cannot stand here")).help(wanted)
            }
        }
    }

    /// The name of a variable.
    pub fn name(&mut self) -> Result<Option<Name>, Slip> {
        let at = self.here();
        let Token::Word(text) = *self.peek() else { return Ok(None) };
        if RESERVED.iter().any(|word| word.len() == text.len() && text.eq_ignore_ascii_case(word)) {
            return Err(Slip::new(at, format!("`{text}` is a word of the language and names nothing")));
        }
        let text = text.to_owned();
        self.advance();
        Ok(Some(Name { text, at }))
    }

    /// `AS OF '...'` and `VALID AT '...'`, each once, in any order.
    fn moments(&mut self, ast: &mut Ast) -> Result<(), Slip> {
        loop {
            let at = self.here();
            let (words, slot) = if self.keyword("AS") {
                (("AS", "OF"), &mut ast.as_of)
            } else if self.keyword("VALID") {
                (("VALID", "AT"), &mut ast.valid_at)
            } else {
                return Ok(());
            };
            let both = format!("{} {}", words.0, words.1);
            if slot.is_some() {
                return Err(Slip::new(at, format!("{both} stands twice")));
            }
            if !self.keyword(words.1) {
                return Err(self.wanted(&format!("{} and an instant: {both} '2026-05-03'", words.1)));
            }
            let Token::Text(text) = self.peek().clone() else {
                let wanted = format!("an instant in quotes: {both} '2026-05-03', {both} '2026-05-03T18:00'");
                return Err(self.wanted(&wanted));
            };
            *slot = Some((text.into_owned(), self.here()));
            self.advance();
        }
    }

    fn returned(&mut self, ast: &mut Ast) -> Result<(), Slip> {
        ast.distinct = self.keyword("DISTINCT");
        ast.items.push(self.item()?);
        while self.symbol(",") {
            ast.items.push(self.item()?);
        }
        if self.keyword("ORDER") {
            if !self.keyword("BY") {
                return Err(self.wanted("BY"));
            }
            ast.order.push(self.sort()?);
            while self.symbol(",") {
                ast.order.push(self.sort()?);
            }
        }
        if self.keyword("SKIP") {
            ast.skip = self.count()?;
        }
        if self.keyword("LIMIT") {
            ast.limit = Some(self.count()?);
        }
        Ok(())
    }

    fn item(&mut self) -> Result<Item, Slip> {
        if self.is_symbol("*") {
            return Err(Slip::new(self.here(), "`*` is not supported")
                .help("name what is wanted: RETURN d.name, r.name"));
        }
        let expr = self.expression()?;
        let of = matches!(self.peek_at(1), Token::Word(w) if w.eq_ignore_ascii_case("OF"));
        let instant = of && matches!(self.peek_at(2), Token::Text(_) | Token::End);
        let alias = if self.is_keyword("AS") && !instant {
            self.advance();
            Some(self.name()?.ok_or_else(|| self.wanted("a name for the column"))?)
        } else {
            None
        };
        let text = || self.text.get(expr.at.clone()).unwrap_or_default().to_owned();
        let column = alias.as_ref().map_or_else(text, |name| name.text.clone());
        Ok(Item { expr, column, alias })
    }

    fn sort(&mut self) -> Result<Sort, Slip> {
        let expr = self.expression()?;
        let down = self.keyword("DESC") || self.keyword("DESCENDING");
        if !down && !self.keyword("ASC") {
            self.keyword("ASCENDING");
        }
        Ok(Sort { expr, down })
    }

    fn count(&mut self) -> Result<usize, Slip> {
        match self.peek() {
            Token::Number(n) if n.fract() == 0.0 && *n < 1e9 => {
                let n = *n as usize;
                self.advance();
                Ok(n)
            }
            _ => Err(self.wanted("a whole number")),
        }
    }
}
