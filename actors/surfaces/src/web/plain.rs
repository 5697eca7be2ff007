//! What is said to whoever speaks plain HTTP where HTTPS is spoken: the way there, and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};

use super::call::Shared;
use super::guard;
use super::problem::Problem;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    // The name it was called by has been looked at when this is reached: it leads nowhere else.
    Router::new().fallback(to_https).layer(middleware::from_fn_with_state(shared, guard::guard))
}

async fn to_https(request: Request) -> Response {
    // What was sent along has been sent in the clear: sending it again by itself would hide that.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::plain("this household speaks HTTPS here: begin the address with https://")
            .into_response();
    }
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
    match HeaderValue::from_str(&format!("https://{host}{path}")) {
        Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Err(e) => Problem::input(e).into_response(),
    }
}
