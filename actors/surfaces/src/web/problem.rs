//! What goes wrong, told to programs (RFC 9457) in words that people can be shown.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lares_config::Diagnostic;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::Refused;
use crate::control::{Trouble, TroubleKind};
use crate::files::Unwritten;
use crate::tongue::Tongue;

/// A problem.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Problem {
    /// `urn:lares:problem:` and a word of a closed list.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What, where, which value, what is allowed.
    pub detail: String,
    #[serde(skip)]
    pub retry_after_s: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, word: &str, title: &str, detail: impl std::fmt::Display) -> Self {
        Self {
            kind: format!("urn:lares:problem:{word}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_string(),
            retry_after_s: None,
        }
    }

    /// The same in another language, as far as its words are known.
    pub fn told_in(self, tongue: Tongue) -> Self {
        // What the checker says has a line for each problem.
        let detail = self.detail.lines().map(|line| tongue.reason(line)).collect::<Vec<_>>().join("\n");
        Self { title: tongue.reason(&self.title), detail, ..self }
    }

    pub fn input(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "input", "The request is wrong", detail)
    }

    pub fn media(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "The body is of another type", detail)
    }

    pub fn too_large(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", detail)
    }

    pub fn who(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "login", "Log in first", detail)
    }

    pub fn right(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::FORBIDDEN, "right", "Not allowed", detail)
    }

    pub fn origin(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::FORBIDDEN, "origin", "Asked from elsewhere", detail)
    }

    pub fn host(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::MISDIRECTED_REQUEST, "host", "Called by a name that is not its own", detail)
    }

    pub fn missing(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, "missing", "There is nothing", detail)
    }

    pub fn method(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Not that way", detail)
    }

    pub fn conflict(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "It does not fit", detail)
    }

    pub fn meanwhile(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "meanwhile", "It was changed meanwhile", detail)
    }

    pub fn unconditional(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::PRECONDITION_REQUIRED, "unconditional", "Say what it is based on", detail)
    }

    pub fn plain(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::UPGRADE_REQUIRED, "plain", "Not in the clear", detail)
    }

    pub fn failed(detail: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "failed", "The household could not do it", detail)
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        match trouble.kind {
            TroubleKind::Input => Self::input(trouble.message),
            TroubleKind::Failed => Self::failed(trouble.message),
        }
    }
}

impl From<Unwritten> for Problem {
    fn from(e: Unwritten) -> Self {
        let told = |problems: &[Diagnostic]| -> String {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        match &e {
            Unwritten::Already(problems) => {
                Self::conflict(format!("the home's files have problems already:\n{}", told(problems)))
            }
            Unwritten::Would(problems) => Self::input(format!(
                "the home would have problems, so nothing was changed:\n{}",
                told(problems)
            )),
            Unwritten::Input(_) => Self::input(e),
            Unwritten::Missing(_) => Self::missing(e),
            Unwritten::Conflict(_) => Self::conflict(e),
            Unwritten::Meanwhile(_) => Self::meanwhile(e),
            Unwritten::Write { .. } => Self::failed(e),
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match &refused {
            Refused::Wrong | Refused::Code => Self::who(&refused),
            Refused::TooMany(wait) => Self {
                retry_after_s: Some(wait.as_secs().max(1)),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many tries", &refused)
            },
            Refused::Password(_) | Refused::Input(_) => Self::input(&refused),
            Refused::Kept(_) => Self::failed(&refused),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        // For whoever knows the language of the one who asked.
        response.extensions_mut().insert(self);
        response
    }
}
