//! The web surface: an API over HTTP and the dashboard.

mod actor;
mod api;
mod assets;
mod call;
mod guard;
mod live;
mod metrics;
mod once;
mod openapi;
mod params;
mod problem;
mod route;
mod routes;
mod server;
mod setup;
mod visitor;

pub use actor::{Web, WebMessage};
pub use assets::is_built;
pub use openapi::openapi;
pub use routes::rights_table;
pub use setup::{Taken, WebSetup};
