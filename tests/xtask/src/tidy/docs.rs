//! Links between the pages lead somewhere, and every page of the book is in its table of contents.

use std::collections::BTreeSet;

use super::{Problem, Source};

pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    let pages: Vec<&Source> = sources.iter().filter(|s| s.path.ends_with(".md") && !s.is_fixture()).collect();
    let folders: BTreeSet<&str> = sources.iter().flat_map(|s| parents(&s.path)).collect();
    let mut problems = Vec::new();
    for page in &pages {
        for (line, link) in links(page) {
            if let Err(why) = resolve(page, &link, sources, &folders) {
                problems.push(Problem::at(page, line, format!("link `{link}`: {why}")));
            }
        }
    }
    problems.extend(unlisted(&pages));
    problems
}

fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Targets of inline links, outside of code.
fn links(page: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (n, line) in prose(page) {
        let text: String = line.split('`').step_by(2).collect::<Vec<_>>().join("_");
        for part in text.split("](").skip(1) {
            if let Some((target, _)) = part.split_once(')') {
                found.push((n, target.trim().to_owned()));
            }
        }
    }
    found
}

/// Lines outside of fenced code.
fn prose(page: &Source) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    page.lines().filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

fn resolve(page: &Source, link: &str, sources: &[Source], folders: &BTreeSet<&str>) -> Result<(), String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return Ok(());
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let path = if file.is_empty() { page.path.clone() } else { join(&page.path, file) };
    let Some(target) = sources.iter().find(|s| s.path == path) else {
        return if folders.contains(path.as_str()) { Ok(()) } else { Err(format!("there is no {path}")) };
    };
    match anchor {
        Some(anchor) if !headings(target).iter().any(|h| h == anchor) => {
            Err(format!("{path} has no heading for #{anchor}"))
        }
        _ => Ok(()),
    }
}

/// `docs/a/b.md` and `../c.md` make `docs/c.md`.
fn join(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// The anchors that a book gives its headings.
fn headings(page: &Source) -> Vec<String> {
    let of = |title: &str| -> String {
        let kept = title.trim().to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    prose(page).filter(|(_, l)| l.starts_with('#')).map(|(_, l)| of(l.trim_start_matches('#'))).collect()
}

fn unlisted(pages: &[&Source]) -> Vec<Problem> {
    let Some(summary) = pages.iter().find(|p| p.path == "docs/SUMMARY.md") else { return Vec::new() };
    let listed: BTreeSet<String> = links(summary).iter().map(|(_, link)| join(&summary.path, link)).collect();
    let missing = pages.iter().filter(|p| p.path.starts_with("docs/") && p.path != summary.path);
    missing
        .filter(|p| !listed.contains(&p.path))
        .map(|p| Problem::at(p, 0, "the page is not in docs/SUMMARY.md"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        check(&sources).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn links_must_lead_to_a_file_a_folder_or_a_heading() {
        let target = ("docs/a/b.md", "# One thing, `two`\n");
        let good = "[x](a/b.md) [y](a/b.md#one-thing-two) [z](a) [w](https://example.org/n)\n";
        assert_eq!(found(&[("docs/p.md", good), target]), Vec::<String>::new());
        for bad in ["[x](b.md)", "[x](a/b.md#three)", "[x](../c)", "[x](#nowhere)"] {
            assert_eq!(found(&[("docs/p.md", bad), target]).len(), 1, "{bad}");
        }
    }

    #[test]
    fn code_holds_no_links() {
        assert!(found(&[("a.md", "```\n[x](nowhere)\n```\nand `[x](nowhere)`\n")]).is_empty());
    }

    #[test]
    fn every_page_is_in_the_table_of_contents() {
        let summary = ("docs/SUMMARY.md", "- [a](a.md)\n");
        assert!(found(&[summary, ("docs/a.md", ""), ("README.md", "")]).is_empty());
        assert_eq!(found(&[summary, ("docs/a.md", ""), ("docs/b.md", "")]).len(), 1);
    }
}
