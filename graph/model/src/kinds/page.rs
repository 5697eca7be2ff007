//! The page of all kinds, for the book and for whoever asks.

use std::fmt::Write;

use super::{
    COMMON, EDGES, EdgeDescriptor, FEATURES, KindDescriptor, NodeKind, OWN_PREFIX, Prop, PropType,
    Sensitivity,
};

/// What a property may be, in words.
pub fn type_words(prop: &Prop) -> String {
    let of = match prop.of {
        PropType::Text => "text".to_owned(),
        PropType::Number => "number".to_owned(),
        PropType::Bool => "yes or no".to_owned(),
        PropType::When => "day or time".to_owned(),
        PropType::Choice(words) => words.join(", "),
        PropType::Words => "words".to_owned(),
    };
    match prop.unit.filter(|u| !u.is_empty()) {
        Some(unit) => format!("{of}, {unit}"),
        None => of,
    }
}

fn sensitivity(of: Sensitivity) -> &'static str {
    match of {
        Sensitivity::Home => "",
        Sensitivity::Personal => "personal",
        Sensitivity::Money => "money",
        Sensitivity::Health => "health",
    }
}

fn kinds(of: &[NodeKind]) -> String {
    if of.is_empty() { "any".to_owned() } else { of.iter().map(|k| k.name()).collect::<Vec<_>>().join(", ") }
}

/// Markdown: every kind with its properties, every edge with what it may lie between, and a picture of them.
pub fn kinds_page() -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{PICTURE_INTRO}\n\n```mermaid\n{}```\n", picture());
    for (feature, all) in FEATURES {
        let _ = writeln!(out, "## {}\n", capital(feature));
        for descriptor in *all {
            kind_section(&mut out, descriptor);
        }
    }
    let _ = writeln!(out, "## On any node\n\n{ANY}\n");
    rows(&mut out, COMMON);
    let _ = writeln!(
        out,
        "\n## Edges\n\n{EDGE_INTRO}\n\n| edge | from its other end | leaves | leads to | says |\n|---|---|---|---|---|"
    );
    for edge in EDGES {
        let EdgeDescriptor { kind, says, from, to } = edge;
        let _ = writeln!(
            out,
            "| `{}` | `{}` | {} | {} | {says} |",
            kind.name(),
            kind.inverse(),
            kinds(from),
            kinds(to)
        );
    }
    out
}

const PICTURE_INTRO: &str = "Kinds in rounded boxes are made by people and files, those in square ones by the home folder and the wires. \
Of the edges only those with a kind at both ends are drawn.";
const EDGE_INTRO: &str =
    "Each is read in the direction of its arrow by one of two names: `anna owns car` is `car owned_by anna`.";
const ANY: &str = "Properties that begin with `my_` are a person's own: any node may have them, with a text, a number, true or false. All other \
nodes may also have";

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn kind_section(out: &mut String, descriptor: &KindDescriptor) {
    let KindDescriptor { kind, says, schema_org, props, .. } = descriptor;
    let schema = schema_org.map(|s| format!(" (schema.org `{s}`)")).unwrap_or_default();
    let _ = writeln!(out, "### `{}`\n\n{}{schema}.\n", kind.name(), capital(says));
    if !props.is_empty() {
        rows(out, props);
        out.push('\n');
    }
}

fn rows(out: &mut String, props: &[Prop]) {
    let _ = writeln!(out, "| property | is | of | says |\n|---|---|---|---|");
    for prop in props {
        let mut says = prop.says.to_owned();
        if prop.required {
            says.push_str("; needed");
        }
        if prop.made {
            says.push_str("; written by the household");
        }
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {says} |",
            prop.name,
            type_words(prop),
            sensitivity(prop.sensitivity)
        );
    }
}

/// Mermaid's own words.
fn picture() -> String {
    let mut out = String::from("graph LR\n");
    for kind in NodeKind::ALL {
        let name = kind.name();
        let _ = if kind.is_described() {
            writeln!(out, "  {name}[{name}]")
        } else {
            writeln!(out, "  {name}({name})")
        };
    }
    for EdgeDescriptor { kind, from, to, .. } in EDGES {
        if let (false, false, [from, ..], [to, ..]) = (from.is_empty(), to.is_empty(), *from, *to) {
            let _ = writeln!(out, "  {} -- {} --> {}", from.name(), kind.name(), to.name());
        }
    }
    out
}

/// One kind, for a terminal.
pub fn kind_words(descriptor: &KindDescriptor) -> Vec<[String; 4]> {
    let row = |p: &Prop| {
        let mut says = p.says.to_owned();
        if p.required {
            says.push_str(" (needed)");
        }
        if p.made {
            says.push_str(" (written by the household)");
        }
        [p.name.to_owned(), type_words(p), sensitivity(p.sensitivity).to_owned(), says]
    };
    let own =
        |name: &str| [format!("{OWN_PREFIX}{name}"), "your own".to_owned(), String::new(), String::new()];
    descriptor.props.iter().chain(COMMON).map(row).chain([own("...")]).collect()
}
