//! `lares graph export` and `import`: files in and out.

use std::path::Path;

use lares_graph::exchange::{self, Content, Format, Given};
use lares_surfaces::control::{Named, Request, View};

use super::args::Global;
use super::ask::{Answered, unexpected};
use super::exit::{Failure, Outcome};
use super::show::ask;
use super::{graph, out};

pub(super) async fn export(
    global: &Global,
    format: Format,
    filter: String,
    to: Option<&Path>,
    at: Named,
) -> Outcome {
    let Answered { view, .. } = ask(global, &Request::Dump { filter, at }).await?;
    let View::Dump(dump) = view else { return Err(unexpected()) };
    let edges = dump.edges.into_iter().map(|e| (e.edge, e.info)).collect();
    let content = Content { nodes: dump.nodes, edges };
    let written = exchange::write(format, &content);
    for left in &written.left_out {
        tracing::warn!("{left}");
    }
    let (files, failed) = (written.files, |path: &Path, e: std::io::Error| {
        Failure::failed(format!("failed to write {}: {e}", path.display()))
    });
    match (to, files.as_slice()) {
        (None, [one]) if one.name.is_empty() => out::text(&one.text),
        (None, _) => {
            Err(Failure::input(format!("`{}` writes a folder", format.name()))
                .hint("say where with --out DIR"))
        }
        (Some(path), [one]) if one.name.is_empty() => {
            std::fs::write(path, &one.text).map_err(|e| failed(path, e))
        }
        (Some(folder), all) => {
            for file in all {
                let path = folder.join(&file.name);
                if let Some(parent) = path.parent() {
                    std::fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
                }
                std::fs::write(&path, &file.text).map_err(|e| failed(&path, e))?;
            }
            out::line(&format!("{} files in {}", all.len(), folder.display()))
        }
    }
}

pub(super) async fn import(
    global: &Global,
    path: &Path,
    format: Option<Format>,
    dry_run: bool,
    person: Option<String>,
) -> Outcome {
    let format = format.or_else(|| if path.is_dir() { Some(Format::Markdown) } else { Format::of(path) });
    let Some(format) = format else {
        let words = Format::words().join(", ");
        return Err(Failure::input(format!("what `{}` is cannot be told by its name", path.display()))
            .hint(format!("say --format with one of {words}")));
    };
    let given = read(path)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let statements = exchange::read(format, &given).map_err(Failure::input)?;
    if dry_run {
        let nodes =
            statements.iter().filter(|s| matches!(s.what, lares_model::Statement::Put { .. })).count();
        return out::line(&format!(
            "{name}: {nodes} nodes and {} edges could be read",
            statements.len() - nodes
        ));
    }
    graph::say(global, statements, format!("{name} ({})", format.name()), person).await
}

/// A file, or every Markdown file of a folder, by their paths.
fn read(path: &Path) -> Result<Vec<Given>, Failure> {
    let failed =
        |path: &Path, e: std::io::Error| Failure::input(format!("failed to read {}: {e}", path.display()));
    if !path.is_dir() {
        let bytes = std::fs::read(path).map_err(|e| failed(path, e))?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        return Ok(vec![Given { name, bytes }]);
    }
    let (mut given, mut folders) = (Vec::new(), vec![path.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|e| failed(&folder, e))? {
            let found = entry.map_err(|e| failed(&folder, e))?.path();
            let hidden = found.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
            if found.is_dir() && !hidden {
                folders.push(found);
            } else if found.extension().is_some_and(|e| e == "md") && !hidden {
                let bytes = std::fs::read(&found).map_err(|e| failed(&found, e))?;
                let name = found.strip_prefix(path).unwrap_or(&found).to_string_lossy().into_owned();
                given.push(Given { name, bytes });
            }
        }
    }
    given.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(given)
}
