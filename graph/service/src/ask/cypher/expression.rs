//! Expressions: `d.status = 'offline' AND NOT e.value > 20`.

use super::ast::{Compare, Expr, Function, What};
use super::lex::Token;
use super::parse::Parser;
use crate::ask::Datum;
use lares_model::{Slip, one_of};

/// Reading and calculating a nested expression are calls on the stack.
const DEEPEST: usize = 64;

impl Parser<'_> {
    pub fn expression(&mut self) -> Result<Expr, Slip> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Slip::new(self.here(), format!("it is nested more than {DEEPEST} deep")));
        }
        let done = self.either();
        self.depth -= 1;
        done
    }

    fn either(&mut self) -> Result<Expr, Slip> {
        self.chain("OR", Self::both, What::Or)
    }

    fn both(&mut self) -> Result<Expr, Slip> {
        self.chain("AND", Self::negation, What::And)
    }

    /// `a AND b AND c`: balanced, so that a long one is not deep.
    fn chain(
        &mut self,
        keyword: &str,
        part: fn(&mut Self) -> Result<Expr, Slip>,
        joined: fn(Box<Expr>, Box<Expr>) -> What,
    ) -> Result<Expr, Slip> {
        let mut parts = vec![part(self)?];
        while self.keyword(keyword) {
            parts.push(part(self)?);
        }
        if self.is_keyword("XOR") {
            return Err(Slip::new(self.here(), "`XOR` is not supported").help("there are AND, OR and NOT"));
        }
        while parts.len() > 1 {
            let mut halved = Vec::with_capacity(parts.len() / 2 + 1);
            let mut rest = parts.into_iter();
            while let Some(a) = rest.next() {
                halved.push(match rest.next() {
                    Some(b) => Expr { at: a.at.start..b.at.end, what: joined(Box::new(a), Box::new(b)) },
                    None => a,
                });
            }
            parts = halved;
        }
        parts.pop().ok_or_else(|| self.wanted("an expression"))
    }

    fn negation(&mut self) -> Result<Expr, Slip> {
        let start = self.here().start;
        let mut times = 0;
        while self.keyword("NOT") {
            times += 1;
        }
        let expr = self.comparison()?;
        let what = |what: Expr| Expr { at: start..what.at.end, what: What::Not(Box::new(what)) };
        Ok(match times {
            0 => expr,
            n if n % 2 == 1 => what(expr),
            // Twice is not nothing: what is not a truth value becomes unknown.
            _ => what(what(expr)),
        })
    }

    fn comparison(&mut self) -> Result<Expr, Slip> {
        let left = self.value()?;
        let start = left.at.start;
        let Some(op) = self.operator()? else { return Ok(left) };
        let what = match op {
            Operator::IsNull => What::IsNull(Box::new(left)),
            Operator::IsNotNull => {
                let at = start..self.end();
                What::Not(Box::new(Expr { what: What::IsNull(Box::new(left)), at }))
            }
            Operator::In => What::In(Box::new(left), Box::new(self.value()?)),
            Operator::Compare(compare) => What::Compare(compare, Box::new(left), Box::new(self.value()?)),
        };
        let expr = Expr { what, at: start..self.end() };
        let at = self.here();
        match self.operator()? {
            None => Ok(expr),
            Some(_) => Err(Slip::new(at, "comparisons cannot be chained").help("write a < b AND b < c")),
        }
    }

    fn operator(&mut self) -> Result<Option<Operator>, Slip> {
        let symbols = [
            ("=", Compare::Equal),
            ("<>", Compare::Differs),
            ("<=", Compare::AtMost),
            (">=", Compare::AtLeast),
            ("<", Compare::Less),
            (">", Compare::More),
        ];
        if let Some((_, compare)) = symbols.into_iter().find(|(s, _)| self.symbol(s)) {
            return Ok(Some(Operator::Compare(compare)));
        }
        if let Some(symbol) = ["+", "-", "*", "/", "%", "^", "["].into_iter().find(|s| self.is_symbol(s)) {
            let slip =
                Slip::new(self.here(), format!("`{symbol}` is not supported: there is no calculating here"));
            return Err(slip);
        }
        if self.keyword("CONTAINS") {
            return Ok(Some(Operator::Compare(Compare::Contains)));
        }
        for (word, compare) in [("STARTS", Compare::StartsWith), ("ENDS", Compare::EndsWith)] {
            if self.keyword(word) {
                return match self.keyword("WITH") {
                    true => Ok(Some(Operator::Compare(compare))),
                    false => Err(Slip::new(self.here(), format!("{word} is followed by WITH"))),
                };
            }
        }
        if self.keyword("IN") {
            return Ok(Some(Operator::In));
        }
        if self.keyword("IS") {
            let not = self.keyword("NOT");
            return match self.keyword("NULL") {
                true => Ok(Some(if not { Operator::IsNotNull } else { Operator::IsNull })),
                false => Err(self.wanted("NULL or NOT NULL")),
            };
        }
        Ok(None)
    }

    fn value(&mut self) -> Result<Expr, Slip> {
        let start = self.here().start;
        let what = match self.peek().clone() {
            Token::Number(n) => self.constant(Datum::Number(n)),
            Token::Text(text) => self.constant(Datum::text(&*text)),
            Token::Symbol("-") if matches!(self.peek_at(1), Token::Number(_)) => {
                self.advance();
                let Token::Number(n) = *self.peek() else { return Err(self.wanted("a number")) };
                self.constant(Datum::Number(-n))
            }
            Token::Symbol("[") => self.list()?,
            Token::Symbol("(") => {
                self.advance();
                let inner = self.expression()?;
                self.need(")")?;
                return Ok(Expr { at: start..self.end(), ..inner });
            }
            Token::Symbol("$") => {
                return Err(
                    Slip::new(self.here(), "parameters are not supported").help("write the value itself")
                );
            }
            Token::Word(word) => match () {
                () if word.eq_ignore_ascii_case("true") => self.constant(true.into()),
                () if word.eq_ignore_ascii_case("false") => self.constant(false.into()),
                () if word.eq_ignore_ascii_case("null") => self.constant(Datum::Null),
                () if matches!(self.peek_at(1), Token::Symbol("(")) => self.function(word)?,
                () => self.named()?,
            },
            _ => return Err(self.wanted("a value, a variable or one of its fields: d.name")),
        };
        Ok(Expr { what, at: start..self.end() })
    }

    fn constant(&mut self, value: Datum) -> What {
        self.advance();
        What::Constant(value)
    }

    fn list(&mut self) -> Result<What, Slip> {
        self.advance();
        let mut all = Vec::new();
        if !self.is_symbol("]") {
            all.push(self.expression()?);
            while self.symbol(",") {
                all.push(self.expression()?);
            }
        }
        self.need("]")?;
        // A list of values is one value.
        let values: Option<Vec<Datum>> = all
            .iter()
            .map(|e| match &e.what {
                What::Constant(value) => Some(value.clone()),
                _ => None,
            })
            .collect();
        Ok(values.map_or(What::List(all), |values| What::Constant(Datum::List(values))))
    }

    fn named(&mut self) -> Result<What, Slip> {
        let Some(name) = self.name()? else { return Err(self.wanted("a variable")) };
        if !self.symbol(".") {
            return Ok(What::Variable(name.text));
        }
        match *self.peek() {
            // A field may be called like a word of the language.
            Token::Word(field) => {
                self.advance();
                Ok(What::Field(name.text, field.to_owned()))
            }
            _ => Err(self.wanted("the name of a field")),
        }
    }

    fn function(&mut self, word: &str) -> Result<What, Slip> {
        let lower = word.to_lowercase();
        let Some((_, function)) = Function::ALL.iter().find(|(name, _)| *name == lower) else {
            let slip = Slip::new(self.here(), format!("there is no function `{word}`"));
            return Err(slip.help(format!("there are {}", one_of(Function::ALL.iter().map(|(n, _)| *n)))));
        };
        self.advance();
        self.need("(")?;
        if *function == Function::Count && self.symbol("*") {
            self.need(")")?;
            return Ok(What::Aggregate { function: *function, distinct: false, of: None });
        }
        let distinct = self.keyword("DISTINCT");
        let of = self.expression()?;
        if let Some(inner) = of.aggregate() {
            return Err(Slip::new(inner.at.clone(), "an aggregate cannot stand within another"));
        }
        self.need(")")?;
        Ok(What::Aggregate { function: *function, distinct, of: Some(Box::new(of)) })
    }
}

enum Operator {
    Compare(Compare),
    In,
    IsNull,
    IsNotNull,
}
