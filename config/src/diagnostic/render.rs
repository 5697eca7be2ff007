//! Problems as text for a person: a caret at the value, what is wrong, what to do.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity as Shade, SourceCode,
    SourceSpan,
};

use super::{Diagnostic, Severity};

/// All problems, one after the other, with a last line that counts them.
pub fn render(problems: &[Diagnostic], color: bool) -> String {
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(110).with_links(false);
    let mut out = String::new();
    for problem in problems {
        if handler.render_report(&mut out, &Shown::new(problem)).is_err() {
            out.push_str(&problem.to_string());
        }
        out.push('\n');
    }
    out.push_str(&summary(problems));
    out
}

fn summary(problems: &[Diagnostic]) -> String {
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    format!("{}, {}\n", count(errors, "error"), count(problems.len() - errors, "warning"))
}

/// One line: `lights.toml:3:14: error: ...`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:{}:{}: ", self.line, self.column)?;
        }
        f.write_str(if self.severity == Severity::Error { "error: " } else { "warning: " })?;
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, " ({help})"))
    }
}

/// A problem as miette wants it.
struct Shown<'a> {
    problem: &'a Diagnostic,
    source: Option<NamedSource<String>>,
}

impl<'a> Shown<'a> {
    fn new(problem: &'a Diagnostic) -> Self {
        let source = problem.source.as_ref().map(|s| NamedSource::new(&*s.name, s.shown().to_owned()));
        Self { problem, source }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.problem, f)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.problem.code))
    }

    fn severity(&self) -> Option<Shade> {
        Some(if self.problem.severity == Severity::Error { Shade::Error } else { Shade::Warning })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|s| s as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (start, length) = self.problem.span?;
        let label = (!self.problem.key_path.is_empty()).then(|| self.problem.key_path.clone());
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(label, SourceSpan::from((start, length))))))
    }
}
