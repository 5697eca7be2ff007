//! Keeps templates from filling the memory. The engine pays for what it makes with fuel, except where lists are added:
//! a list that is added to itself some thirty times is larger than any memory, at the price of thirty steps. So what a
//! template keeps under a name, from where it could be added to itself, must be small.

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, State, Value};

/// Values that a name may hold, those within lists and tables counted.
const MOST_VALUES: usize = 10_000;
/// `+` in a template. The longest of the corpus has some dozen.
const MOST_SUMS: usize = 64;
/// The filter that is put behind everything that gets a name.
const FILTER: &str = "kept";
/// Statements that hand values to names of their own, or take templates from elsewhere. No announcement uses them.
const REFUSED: [&str; 8] = ["macro", "call", "with", "include", "import", "from", "extends", "block"];

pub fn install(environment: &mut Environment<'static>) {
    environment.add_filter(FILTER, |state: &State, value: Value| {
        let left = weigh(&value, MOST_VALUES).ok_or_else(too_large)?;
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
        format!("a list of more than {MOST_VALUES} values cannot be kept"),
    )
}

/// What is left of `budget` after all values within this one; `None` if it is not enough.
fn weigh(value: &Value, budget: usize) -> Option<usize> {
    let budget = match value.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => budget.checked_sub(value.len()?)?,
        _ => return Some(budget),
    };
    let mut left = budget;
    for item in value.try_iter().ok()? {
        let item = if value.kind() == ValueKind::Map { value.get_item(&item).ok()? } else { item };
        left = weigh(&item, left)?;
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
        let end = if kind == '#' { tag.find("#}").unwrap_or(tag.len()) } else { end_of_tag(tag) };
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

/// The length of a tag up to what closes it; texts in quotes close nothing.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in tag.char_indices().skip(2) {
        match quote {
            Some(open) => {
                if !escaped && c == open {
                    quote = None;
                }
                escaped = c == '\\' && !escaped;
            }
            None if c == '"' || c == '\'' => quote = Some(c),
            None if tag.get(at..).is_some_and(|t| t.starts_with("%}") || t.starts_with("}}")) => return at,
            None => {}
        }
    }
    tag.len()
}

fn statement(tag: &str, out: &mut String) -> Result<(), String> {
    let body = tag.get(2..).unwrap_or_default();
    let code = body.trim_start_matches(['-', '+']).trim_start();
    let word = code.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    if REFUSED.contains(&word) || word == "for" && code.contains("recursive") {
        let word = if word == "for" { "recursive" } else { word };
        return Err(format!("`{word}` is not allowed in templates of devices"));
    }
    let named = match word {
        "set" => code.find('=').map(|at| at + 1),
        "for" => code.find(" in ").map(|at| at + 4),
        _ => None,
    };
    let Some((head, value)) = named.and_then(|at| code.split_at_checked(at)) else {
        out.push_str(tag);
        return Ok(());
    };
    let value = value.trim_end();
    let (value, close) = match value.strip_suffix(['-', '+']) {
        Some(cut) => (cut, value.get(cut.len()..).unwrap_or_default()),
        None => (value, ""),
    };
    // `for x in LIST if CONDITION`
    let (value, condition) = match value.find(" if ").filter(|_| word == "for") {
        Some(at) => value.split_at(at),
        None => (value, ""),
    };
    let start = tag.len() - code.len();
    out.push_str(tag.get(..start).unwrap_or_default());
    out.push_str(&format!("{head}({value})|{FILTER}{condition} {close}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gets_a_name_is_weighed() {
        for (source, wanted) in [
            ("{{ a + b }}", "{{ a + b }}"),
            ("{% set a = 1 %}x", "{% set a =( 1)|kept %}x"),
            ("{%- set n.a = '%}' ~ b -%}", "{%- set n.a =( '%}' ~ b )|kept -%}"),
            ("{% for a in b if c %}{% endfor %}", "{% for a in (b)|kept if c %}{% endfor %}"),
            (
                "{% set a %}x{% endset %}{# {% set b = 1 %} #}",
                "{% set a %}x{% endset %}{# {% set b = 1 %} #}",
            ),
        ] {
            assert_eq!(guarded(source).as_deref(), Ok(wanted));
        }
        assert!(guarded("{% macro m() %}").unwrap_err().contains("`macro`"));
        assert!(guarded(&format!("{{{{ 1{} }}}}", " + 1".repeat(65))).is_err());
    }
}
