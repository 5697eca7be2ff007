//! `lares run`: the household itself.

use crate::RunArgs;

/// The household could not start or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("this build cannot run a household in {} yet", .0.display())]
    NotYet(std::path::PathBuf),
}

/// Runs the household until it is told to stop.
///
/// # Errors
/// What kept it from starting, or made it give up.
pub async fn run(args: &RunArgs) -> Result<(), RunError> {
    Err(RunError::NotYet(args.home.clone()))
}
