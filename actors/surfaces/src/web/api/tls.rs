//! The household's own authority, for devices that are to trust it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;

use crate::web::call::{Answered, Call};
use crate::web::problem::Problem;

/// What phones and desks take for a certificate to be trusted.
pub(in crate::web) const MEDIA: &str = "application/x-x509-ca-cert";

pub(in crate::web) async fn authority(call: Call) -> Answered {
    let pem = call.shared.tls.as_ref().and_then(|tls| tls.authority()).map(str::to_owned);
    let pem =
        pem.ok_or_else(|| Problem::missing("this household has no authority of its own: `tls` in [web]"))?;
    let mut response = (StatusCode::OK, pem).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
