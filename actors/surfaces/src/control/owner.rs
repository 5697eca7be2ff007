//! What an owner does on the dashboard and may do on the command line as well: guest links, and a word on a change of the home's
//! files that waits for one.

use std::time::Duration;

use super::{Asked, Request, Told, Trouble, View};
use crate::auth::{Links, NewGuest, Refused};
use crate::files::{Desk, Unwritten};
use crate::who::CONSOLE;

impl Asked {
    pub(super) async fn owner(&self, request: Request) -> Result<(Told, View), Trouble> {
        let (links, desk) = (Links::of(self), Desk::of(self));
        let view = match request {
            Request::MakeGuest { name, rooms, lasts_s } => {
                let wanted = NewGuest { name, rooms, lasts: Duration::from_secs(lasts_s) };
                let (guest, code) = links.make(wanted, CONSOLE).await?;
                View::GuestMade { path: format!("/guest/{code}"), guest, code }
            }
            Request::EndGuest { guest } => match links.end(&guest, CONSOLE).await? {
                Some(_) => View::Guests(self.setup.access.guests()),
                None => return Err(no_guest(&guest)),
            },
            Request::EndChange { id, keep } => {
                let id = match id.or_else(|| desk.files.waiting().map(|c| c.id)) {
                    Some(id) => id,
                    None => {
                        return Err(Trouble::input("no change waits: `lares home` lists what was changed"));
                    }
                };
                let (change, reloaded) = if keep {
                    (desk.confirm(id, CONSOLE).await?, None)
                } else {
                    let (change, reloaded) = desk.take_back(id, Some(CONSOLE)).await?;
                    (change, Some(reloaded))
                };
                View::ChangeEnded { change: change.view(), reloaded }
            }
            Request::Changes => View::Changes(desk.files.changes().iter().map(|c| c.view()).collect()),
            _ => View::Guests(self.setup.access.guests()),
        };
        self.done(view).await
    }
}

fn no_guest(key: &str) -> Trouble {
    Trouble::input(format!("there is no guest link `{key}`: `lares people links` lists them"))
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Kept(_) => Self::failed(refused),
            other => Self::input(other),
        }
    }
}

impl From<Unwritten> for Trouble {
    fn from(e: Unwritten) -> Self {
        match e {
            Unwritten::Write { .. } => Self::failed(e),
            other => Self::input(other),
        }
    }
}
