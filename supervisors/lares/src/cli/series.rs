//! `lares series`: what was measured, out and in as comma-separated values.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};

use lares_graph::samples::MOST_BYTES;
use lares_surfaces::control::{Request, View};
use lares_surfaces::views::{self, ExportError, Moment, SeriesError, SeriesFilter, instant};

use super::args::{ExportArgs, Global, ImportArgs, SeriesCommand};
use super::ask::{Answered, Household, SAY, order, running, unexpected};
use super::exit::{Failure, Outcome};
use super::show::{ask, show};
use super::{backup, out};

pub(super) async fn series(global: &Global, command: SeriesCommand) -> Outcome {
    match command {
        SeriesCommand::List => list(global).await,
        SeriesCommand::Export(args) => export(global, &args).await,
        SeriesCommand::Import(args) => import(global, args).await,
    }
}

async fn list(global: &Global) -> Outcome {
    let Answered { told, view } = ask(global, &Request::SeriesKept).await?;
    let View::SeriesKept(all) = view else { return Err(unexpected()) };
    show(global, &told, "series", &all, || views::kept_text(&all, &told))
}

async fn export(global: &Global, args: &ExportArgs) -> Outcome {
    let data = global.data()?;
    // Whoever runs commits what came before it answers. Millions of rows are read beside it, not through it.
    let told = Household::find(&data).await?.telling().await?;
    let reader = backup::open(&data)?;
    let at = |typed: &Option<String>| typed.as_deref().map(|t| instant(t, &told).map(Moment)).transpose();
    let filter = SeriesFilter {
        property: args.property.clone(),
        from: at(&args.from).map_err(Failure::input)?,
        to: at(&args.to).map_err(Failure::input)?,
        every: args.every,
    };
    let Some(path) = &args.out else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        views::export(&reader, &told, &args.entity, &filter, &mut out).map_err(wrong)?;
        return out.flush().map_err(|e| wrong(ExportError::Write(e.into())));
    };
    let failed = |e: std::io::Error| Failure::failed(format!("failed to write {}: {e}", path.display()));
    let mut out = BufWriter::new(File::create(path).map_err(failed)?);
    let rows = views::export(&reader, &told, &args.entity, &filter, &mut out).map_err(wrong)?;
    out.flush().map_err(failed)?;
    out::line(&format!("{rows} rows in {}", path.display()))
}

fn wrong(e: ExportError) -> Failure {
    match &e {
        ExportError::Series(SeriesError::Read(_)) => Failure::failed(e),
        ExportError::Series(_) => Failure::input(e),
        ExportError::Write(inner) => match inner.kind() {
            // Who reads has seen enough.
            csv::ErrorKind::Io(io) if io.kind() == ErrorKind::BrokenPipe => Failure::silent(0),
            _ => Failure::failed(format!("failed to write: {e}")),
        },
    }
}

async fn import(global: &Global, args: ImportArgs) -> Outcome {
    let ImportArgs { file: path, entity, property, unit, by } = args;
    let failed = |e: std::io::Error| Failure::input(format!("failed to read {}: {e}", path.display()));
    let size = std::fs::metadata(&path).map_err(failed)?.len();
    if size > MOST_BYTES as u64 {
        let (most, size) = (MOST_BYTES >> 20, size >> 20);
        return Err(Failure::input(format!(
            "{} has {size} MiB, and at most {most} are taken at once",
            path.display()
        ))
        .hint("take the file apart; each part begins with the line that names the columns"));
    }
    let bytes = std::fs::read(&path).map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let before = e.as_bytes().get(..e.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.split(|b| *b == b'\n').count();
        Failure::input(format!("{}:{line}: it is not UTF-8", path.display()))
    })?;
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let request = Request::SeriesImport { file, text, entity, property, unit, person: by.person };
    let mut client = running(&global.data()?).await?;
    let Answered { told, view } = order(&mut client, &request, SAY).await?;
    let View::SeriesImported(view) = view else { return Err(unexpected()) };
    show(global, &told, "import", &view, || views::import_text(&view))
}
