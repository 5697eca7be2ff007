//! The last picture of a camera or image, for those who see its room.

use std::collections::BTreeSet;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use lares_config::Role;
use lares_model::NodeId;

use super::views::all_devices;
use crate::control::{Request, Trouble, View};
use crate::views::{self, BoardOf};
use crate::web::call::{Answered, Call};
use crate::web::problem::Problem;

/// What it may be; which one it is its first bytes said.
pub(in crate::web) const MEDIA: &str = "image/*";

pub(in crate::web) async fn picture(call: Call) -> Answered {
    let id = call.part("id");
    let mut all = all_devices(&call).await?;
    if at_the_door(&call, id).await? {
        let View::Devices(devices) = call.ask(Request::Devices { all: false }).await? else {
            return Err(Problem::failed("the household answered something else than was asked"));
        };
        all = devices;
    }
    let found = all.iter().find_map(|d| Some((d, d.entities.iter().find(|e| e.id == id)?)));
    let (device, entity) = found.ok_or_else(|| Problem::missing(format!("there is no entity `{id}`")))?;
    let node = NodeId::entity(&format!("{}/{}", device.link, entity.unique_id));
    let picture = call.shared.asked.world.pictures().get(node);
    let picture = picture.ok_or_else(|| {
        Problem::missing(format!("`{id}` has no picture: none has come since the household started"))
    })?;
    let mut response = (StatusCode::OK, picture.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    Ok(response)
}

/// Whether it shows somebody whom the visitor is asked about: then they see it, wherever it hangs.
async fn at_the_door(call: &Call, id: &str) -> Result<bool, Problem> {
    let visitor = call.visitor()?.clone();
    let read = call.asked.read(move |source, told| {
        let of = BoardOf {
            room: "",
            shows: &BTreeSet::new(),
            person: Some(&visitor.person),
            lives_here: visitor.role < Role::Guest,
            all_calls: false,
        };
        views::door_images(source, told, &of).map_err(Trouble::failed)
    });
    Ok(read.await?.iter().any(|image| image == id))
}
