//! What the control socket needs of the graph.

use std::future::Future;
use std::pin::Pin;

use crate::views::Source;

/// The graph, as far as this surface knows it.
pub trait Keeper: Send + Sync + 'static {
    fn source(&self) -> Box<dyn Source + Send>;

    /// Resolves when all that was appended before is synced and can be read.
    fn sync(&self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + '_>>;

    /// Why nothing can be kept at the moment.
    fn trouble(&self) -> Option<String>;
}
