//! `lares calls`: who called, and what they said.

use std::path::Path;

use lares_surfaces::control::{Request, View};
use lares_surfaces::views;
use lares_surfaces::voice::sound::{Sound, wav};

use super::args::{CallsArgs, CallsCommand, Global};
use super::ask::{Answered, Household, unexpected};
use super::exit::{Failure, Outcome};
use super::out;
use super::show::show;

pub(super) async fn calls(global: &Global, args: CallsArgs) -> Outcome {
    let mut household = Household::find(&global.data()?).await?;
    if let Some(CallsCommand::Sound { call, file }) = args.command {
        return sound(&mut household, call, &file).await;
    }
    let Answered { told, view } = household.ask(&Request::Calls).await?;
    let View::Calls(all) = view else { return Err(unexpected()) };
    show(global, &told, "calls", &all, || views::calls_text(&all, &told))
}

async fn sound(household: &mut Household, call: String, file: &Path) -> Outcome {
    let View::CallSound(kept) = household.ask(&Request::CallSound { call }).await?.view else {
        return Err(unexpected());
    };
    let sound = Sound { rate: kept.rate, samples: kept.samples() };
    let written = std::fs::write(file, wav(&sound));
    written.map_err(|e| Failure::failed(format!("{}: {e}", file.display())))?;
    out::line(&format!("{:.1} s of sound are in {}", sound.length(), file.display()))
}
