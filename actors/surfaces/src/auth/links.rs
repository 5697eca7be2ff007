//! Making and ending guest links, from the wish to the door's knowing of it, with a line in the journal: the same on every surface.

use std::sync::Arc;

use lares_config::Home;
use lares_kernel::World;
use lares_model::{Body, Draft, NodeId};

use super::{Access, GuestView, NewGuest, Refused};
use crate::control::{Asked, ControlHooks};
use crate::views::length;
use crate::who;

/// What is needed to let somebody in for a while.
pub(crate) struct Links {
    access: Arc<Access>,
    world: World,
    hooks: Arc<dyn ControlHooks>,
    home: Arc<Home>,
}

impl Links {
    pub fn of(asked: &Asked) -> Self {
        let setup = &asked.setup;
        Self {
            access: setup.access.clone(),
            world: asked.world.clone(),
            hooks: setup.hooks.clone(),
            home: (setup.in_force)(),
        }
    }

    /// A new link and its code, which is told once.
    ///
    /// # Errors
    /// Then there is no link.
    pub async fn make(&self, wanted: NewGuest, by: &str) -> Result<(GuestView, String), Refused> {
        let lasts = wanted.lasts;
        let (guest, code) = self.access.make_guest(&self.home, wanted, by).await?;
        if let Err(refused) = self.taken_in().await {
            self.access.end_guest(&guest.key).await?;
            return Err(refused);
        }
        let text = format!(
            "{by} made a guest link for {} (`{}`): {}, for {}; the way back: People, Guests by link, End, or `lares people unlink {}`",
            guest.name,
            guest.key,
            guest.rooms.join(", "),
            length(lasts),
            guest.key,
        );
        self.note(by, text);
        Ok((guest, code))
    }

    /// None: there is no such link.
    ///
    /// # Errors
    /// It could not be kept. What came in by the link is out all the same.
    pub async fn end(&self, key: &str, by: &str) -> Result<Option<GuestView>, Refused> {
        let Some(guest) = self.access.end_guest(key).await? else { return Ok(None) };
        self.note(by, format!("{by} ended the guest link of {} (`{key}`)", guest.name));
        self.taken_in().await?;
        Ok(Some(guest))
    }

    /// The door knows the guests as they are now.
    async fn taken_in(&self) -> Result<(), Refused> {
        self.hooks.guests().await.map(drop).map_err(Refused::Kept)
    }

    fn note(&self, by: &str, text: String) {
        self.world.publish(Draft::new(NodeId::household(), who::origin(by), Body::Notice { text }));
    }
}
