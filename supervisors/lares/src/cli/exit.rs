//! How a command ends.

use std::process::ExitCode;

use lares_surfaces::control::{ClientError, Trouble, TroubleKind};

/// A command that did not do what it was asked.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    /// None if all has been said already.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

pub(super) type Outcome = Result<(), Failure>;

impl Failure {
    /// It failed.
    pub fn failed(message: impl std::fmt::Display) -> Self {
        Self { code: 1, message: Some(message.to_string()), hint: None }
    }

    /// The input or the configuration is wrong.
    pub fn input(message: impl std::fmt::Display) -> Self {
        Self { code: 2, message: Some(message.to_string()), hint: None }
    }

    /// What went wrong has been told.
    pub fn silent(code: u8) -> Self {
        Self { code, message: None, hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble.kind {
            TroubleKind::Input => Self::input(trouble.message),
            TroubleKind::Failed => Self::failed(trouble.message),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(e: ClientError) -> Self {
        let failure = Self::failed(&e);
        match e {
            ClientError::NotRunning(_) => failure.hint("start it with `lares run`"),
            ClientError::Silent { pid: Some(pid), .. } => failure
                .hint(format!("see what process {pid} is doing; `kill {pid}` ends it, nothing kept is lost")),
            _ => failure,
        }
    }
}
