//! The web surface: an API over HTTP and the dashboard.

mod actor;
mod api;
mod assets;
mod call;
mod guard;
mod hints;
mod live;
mod metrics;
mod once;
mod openapi;
mod params;
mod plain;
mod problem;
mod rights;
mod route;
mod routes;
mod server;
mod setup;
mod tls;
mod visitor;

pub use actor::{Web, WebMessage};
pub use assets::is_built;
pub use openapi::openapi;
pub use rights::rights_table;
pub use setup::{Listening, Taken, WebSetup};
pub use tls::tls_shown;
