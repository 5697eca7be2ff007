//! What a property was over time, for those who may see its entity.

use super::views::all_devices;
use crate::control::Trouble;
use crate::views::{self, Every, Moment, PlotFilter, PlotStep, SeriesError};
use crate::web::call::{Answered, Call};
use crate::web::problem::Problem;

pub(in crate::web) async fn history(call: Call) -> Answered {
    let (entity, filter) = (entity(&call).await?, filter(&call)?);
    let view = call.asked.read(move |source, told| {
        views::plot(source, told, &entity, &filter).map_err(|e| match e {
            SeriesError::Read(e) => Trouble::failed(e),
            wrong => Trouble::input(wrong),
        })
    });
    call.show(&view.await?)
}

/// The entity that is meant, of those that the visitor sees: what they do not see is not even suggested.
async fn entity(call: &Call) -> Result<String, Problem> {
    let wanted = call.text("entity").unwrap_or_default();
    let devices = all_devices(call).await?;
    if devices.iter().flat_map(|d| &d.entities).any(|e| e.id == wanted) {
        return Ok(wanted.to_owned());
    }
    let device = devices.iter().find(|d| d.id == wanted);
    let device = device.ok_or_else(|| Problem::missing(format!("there is no entity `{wanted}`")))?;
    match device.entities.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(Problem::input(format!("`{wanted}` has no entities"))),
        several => {
            let all: Vec<&str> = several.iter().map(|e| e.id.as_str()).collect();
            Err(Problem::input(format!("`{wanted}` has several: {}", all.join(", "))))
        }
    }
}

fn filter(call: &Call) -> Result<PlotFilter, Problem> {
    let instant = |name| call.text(name).and_then(|t| t.parse::<Moment>().ok());
    let step = match (call.text("every"), call.text("points")) {
        (Some(_), Some(_)) => {
            return Err(Problem::input(
                "`every` says how wide a point is, `points` how many: give one of them",
            ));
        }
        (Some(every), None) => {
            match every.parse::<Every>().map_err(|e| Problem::input(format!("`every`: {e}")))? {
                Every::Sample | Every::Fitting => PlotStep::Sample,
                Every::Step(width) => PlotStep::Width(width),
            }
        }
        (None, Some(_)) => PlotStep::Points(call.number("points", 0)),
        (None, None) => PlotStep::default(),
    };
    let property = call.text("property").map(str::to_owned);
    Ok(PlotFilter { property, from: instant("from"), to: instant("to"), step })
}
