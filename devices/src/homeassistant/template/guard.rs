//! Keeps templates from filling the memory. The engine pays for what it makes with fuel, except where lists are added:
//! a list that is added to itself some thirty times is larger than any memory, at the price of thirty steps. So what a
//! template keeps under a name, from where it could be added to itself, must be small.

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, State, Value};

/// Values that a name may hold, those within lists and tables counted.
const MOST_VALUES: usize = 10_000;
/// Lists and tables within each other: as deep as JSON may be. What is thousands deep ends the process when it is dropped.
const DEEPEST: usize = 128;
/// `+` in a template. The longest of the corpus has some dozen.
const MOST_SUMS: usize = 64;
/// The filter that is put behind everything that gets a name.
const FILTER: &str = "kept";
/// Statements that hand values to names of their own, or take templates from elsewhere. No announcement uses them.
const REFUSED: [&str; 9] = ["block", "call", "extends", "from", "import", "include", "macro", "raw", "with"];

pub fn install(environment: &mut Environment<'static>) {
    environment.add_filter(FILTER, |state: &State, value: Value| {
        let left = weigh(&value, MOST_VALUES, DEEPEST).ok_or_else(too_large)?;
        state.consume_fuel((MOST_VALUES - left) as u64)?;
        Ok::<_, Error>(value)
    });
    // The engine's own adds lists too, for nothing.
    environment.add_filter("sum", |state: &State, values: Value, start: Option<Value>| {
        let mut sum = start.unwrap_or_else(|| Value::from(0));
        for value in values.try_iter()? {
            state.consume_fuel(1)?;
            let whole = i64::try_from(sum.clone()).ok().zip(i64::try_from(value.clone()).ok());
            sum = match (
                whole.filter(|_| sum.is_integer() && value.is_integer()),
                number(&sum),
                number(&value),
            ) {
                (Some((a, b)), ..) => Value::from(i128::from(a) + i128::from(b)),
                (None, Some(a), Some(b)) => Value::from(a + b),
                _ => return Err(Error::new(ErrorKind::InvalidOperation, "`sum` adds numbers only")),
            };
        }
        Ok(sum)
    });
}

fn number(value: &Value) -> Option<f64> {
    (value.kind() == ValueKind::Number).then(|| f64::try_from(value.clone()).ok()).flatten()
}

fn too_large() -> Error {
    Error::new(
        ErrorKind::InvalidOperation,
        format!("more than {MOST_VALUES} values, or more than {DEEPEST} within each other, cannot be kept"),
    )
}

/// What is left of `budget` after all values within this one; `None` if it is not enough, or if they lie too deep.
fn weigh(value: &Value, budget: usize, depth: usize) -> Option<usize> {
    let mut left = match value.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => budget.checked_sub(value.len()?)?,
        _ => return Some(budget),
    };
    let depth = depth.checked_sub(1)?;
    for item in value.try_iter().ok()? {
        let item = if value.kind() == ValueKind::Map { value.get_item(&item).ok()? } else { item };
        left = weigh(&item, left, depth)?;
    }
    Some(left)
}

/// The template with the filter behind everything that gets a name. The error says what cannot be allowed.
pub fn guarded(source: &str) -> Result<String, String> {
    let mut out = String::with_capacity(source.len() + 32);
    let (mut rest, mut sums) = (source, 0);
    while let Some((at, kind)) = next_tag(rest) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = if kind == '#' { tag.find("#}").unwrap_or(tag.len()) } else { end_of_tag(tag, kind) };
        let (tag, after) = tag.split_at(end);
        sums += if kind == '#' { 0 } else { tag.matches('+').count() };
        match kind {
            '%' => statement(tag, &mut out)?,
            _ => out.push_str(tag),
        }
        rest = after;
    }
    if sums > MOST_SUMS {
        return Err(format!("more than {MOST_SUMS} `+`"));
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the next tag begins, and whether it is a statement, an expression or a comment.
fn next_tag(text: &str) -> Option<(usize, char)> {
    let mut marks = text.match_indices('{').filter_map(|(at, _)| {
        let kind = text.get(at + 1..)?.chars().next()?;
        matches!(kind, '%' | '{' | '#').then_some((at, kind))
    });
    marks.next()
}

/// The length of a tag up to what closes it; what stands in quotes or brackets closes nothing.
fn end_of_tag(tag: &str, kind: char) -> usize {
    let close = if kind == '%' { "%}" } else { "}}" };
    let inside = tag.get(2..).unwrap_or_default();
    let end = outside(inside).find(|at| inside.get(*at..).is_some_and(|rest| rest.starts_with(close)));
    end.map_or(tag.len(), |at| at + 2)
}

/// Where each character is that stands neither in quotes nor in brackets.
fn outside(code: &str) -> impl Iterator<Item = usize> {
    let (mut quote, mut escaped, mut depth) = (None, false, 0_usize);
    code.char_indices().filter_map(move |(at, c)| {
        if let Some(open) = quote {
            if !escaped && c == open {
                quote = None;
            }
            escaped = c == '\\' && !escaped;
            return None;
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            _ if depth == 0 => return Some(at),
            _ => {}
        }
        None
    })
}

/// Where a word stands by itself, and where it ends.
fn word(code: &str, wanted: &str) -> Option<(usize, usize)> {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let at = outside(code).find(|at| {
        let (before, after) = code.split_at(*at);
        let rest = after.strip_prefix(wanted);
        rest.is_some_and(|rest| !is_part(rest.chars().next())) && !is_part(before.chars().next_back())
    })?;
    Some((at, at + wanted.len()))
}

fn statement(tag: &str, out: &mut String) -> Result<(), String> {
    let body = tag.get(2..).unwrap_or_default();
    let code = body.trim_start_matches(['-', '+']).trim_start();
    let name = code.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    if REFUSED.contains(&name) {
        return Err(format!("`{name}` is not allowed in templates of devices"));
    }
    let head = match name {
        // Without `=` before any filter it takes the text up to its `endset`, which is paid for.
        "set" => outside(code).find(|at| code.get(*at..).is_some_and(|c| c.starts_with(['=', '|']))),
        "for" if word(code, "recursive").is_some() => {
            return Err("`recursive` is not allowed in templates of devices".to_owned());
        }
        "for" => Some(word(code, "in").ok_or("`for` has no `in`")?.1 - 1),
        _ => None,
    };
    let head = head.filter(|at| !code.get(*at..).is_some_and(|c| c.starts_with('|')));
    let Some((head, value)) = head.and_then(|at| code.split_at_checked(at + 1)) else {
        out.push_str(tag);
        return Ok(());
    };
    let value = value.trim_end();
    let (value, close) = match value.strip_suffix(['-', '+']) {
        Some(cut) => (cut, value.get(cut.len()..).unwrap_or_default()),
        None => (value, ""),
    };
    // `for x in LIST if CONDITION`
    let condition = word(value, "if").filter(|_| name == "for").map_or(value.len(), |(at, _)| at);
    let (value, condition) = value.split_at(condition);
    out.push_str(tag.get(..tag.len() - code.len()).unwrap_or_default());
    out.push_str(&format!("{head}({value})|{FILTER} {condition} {close}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gets_a_name_is_weighed() {
        for (source, wanted) in [
            ("{{ a + b }}", "{{ a + b }}"),
            ("{{ {'a': {'b': '}}'}} }}{% set a = 1 %}x", "{{ {'a': {'b': '}}'}} }}{% set a =( 1)|kept  %}x"),
            ("{%- set n.a = '%}' ~ {'b': {}} -%}", "{%- set n.a =( '%}' ~ {'b': {}} )|kept  -%}"),
            ("{% for a in\n[b]if c %}{% endfor %}", "{% for a in(\n[b])|kept if c %}{% endfor %}"),
            ("{% for a in b['if in'] %}{% endfor %}", "{% for a in( b['if in'])|kept  %}{% endfor %}"),
            (
                "{% set a %}x{% endset %}{# {% set b = 1 %} #}",
                "{% set a %}x{% endset %}{# {% set b = 1 %} #}",
            ),
            ("{% set a | replace(x='y') %}x{% endset %}", "{% set a | replace(x='y') %}x{% endset %}"),
        ] {
            assert_eq!(guarded(source).as_deref(), Ok(wanted));
        }
        assert!(guarded("{% for a in b recursive %}").is_err() && guarded("{% for a %}").is_err());
        assert!(guarded("{% macro m() %}").unwrap_err().contains("`macro`"));
        assert!(guarded(&format!("{{{{ 1{} }}}}", " + 1".repeat(65))).is_err());
    }
}
