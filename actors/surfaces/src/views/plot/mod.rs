//! A property over time as a surface draws it: points of a number or a counter, spans of what is on and off or has words,
//! and the whiles in which nothing was known. [`series`](super::series()) tells the same data row by row.

mod build;
mod silence;
mod steps;
mod subject;
mod types;

pub use build::plot;
pub use steps::PlotStep;
pub use types::{PlotFilter, PlotKind, PlotPoint, PlotSilence, PlotSpan, PlotView};
