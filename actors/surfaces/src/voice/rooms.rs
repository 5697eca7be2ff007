//! Callers in rooms: which satellite takes one, and the sound to and fro between both, in bounded channels.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

/// A satellite that is there answers at once.
const PATIENCE: Duration = Duration::from_secs(2);
/// Frames that wait on either way: a second. Whoever does not keep up loses sound.
const WAITING: usize = 50;

/// A caller for a satellite. Frames are of a telephone's rate and length.
pub struct Talk {
    pub from_caller: mpsc::Receiver<Vec<i16>>,
    pub to_caller: mpsc::Sender<Vec<i16>>,
    /// Whether it takes them; or why not, in words.
    pub taken: oneshot::Sender<Result<(), String>>,
}

/// A caller and a room.
pub struct Connected {
    /// Its key.
    pub room: String,
    pub to_room: mpsc::Sender<Vec<i16>>,
    /// Ends when nobody there speaks with the caller any more.
    pub from_room: mpsc::Receiver<Vec<i16>>,
}

/// The satellites of a household that a caller can be spoken with at, by key, with their rooms. Cheap to clone.
#[derive(Clone, Default)]
pub struct Rooms(Arc<Mutex<BTreeMap<String, There>>>);

/// The room of a satellite, and where it takes callers.
type There = (String, mpsc::Sender<Talk>);

impl Rooms {
    pub fn join(&self, satellite: &str, room: &str, to: mpsc::Sender<Talk>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(satellite.to_owned(), (room.to_owned(), to));
    }

    /// Where something takes the caller, of these rooms the first.
    ///
    /// # Errors
    /// Nothing does: why, in words.
    pub async fn connect(&self, rooms: &[String]) -> Result<Connected, String> {
        let mut why = "nothing speaks and hears there".to_owned();
        for room in rooms {
            let there: Vec<mpsc::Sender<Talk>> = {
                let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                all.values().filter(|(of, _)| of == room).map(|(_, to)| to.clone()).collect()
            };
            for satellite in there {
                let ((to_room, from_caller), (to_caller, from_room)) =
                    (mpsc::channel(WAITING), mpsc::channel(WAITING));
                let (taken, answer) = oneshot::channel();
                // One that is away takes nothing out.
                let sent = satellite.try_send(Talk { from_caller, to_caller, taken }).is_ok();
                match tokio::time::timeout(PATIENCE, answer).await {
                    Ok(Ok(Ok(()))) => return Ok(Connected { room: room.clone(), to_room, from_room }),
                    Ok(Ok(Err(not))) => why = format!("{room}: {not}"),
                    _ if sent => why = format!("{room}: the satellite there is away"),
                    _ => why = format!("{room}: the satellite there is busy or away"),
                }
            }
        }
        Err(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_that_takes_a_caller_has_them() {
        let rooms = Rooms::default();
        let (away, _kept) = mpsc::channel(1);
        rooms.join("one", "hall", away);
        let (there, mut asked) = mpsc::channel::<Talk>(1);
        rooms.join("two", "kitchen", there);
        let taking = tokio::spawn(async move {
            let talk = asked.recv().await.unwrap();
            let _ = talk.taken.send(Err("it is muted".to_owned()));
            let mut talk = asked.recv().await.unwrap();
            talk.taken.send(Ok(())).unwrap();
            assert_eq!(talk.from_caller.recv().await, Some(vec![1]));
            talk.to_caller.send(vec![2]).await.unwrap();
        });
        let both = ["hall".to_owned(), "kitchen".to_owned()];
        assert_eq!(rooms.connect(&both).await.err().as_deref(), Some("kitchen: it is muted"));
        let mut connected = rooms.connect(&both).await.ok().unwrap();
        assert_eq!(connected.room, "kitchen");
        connected.to_room.send(vec![1]).await.unwrap();
        assert_eq!(connected.from_room.recv().await, Some(vec![2]));
        assert_eq!(connected.from_room.recv().await, None, "they do not speak any more");
        taking.await.unwrap();
        let nobody = rooms.connect(&["bath".to_owned()]).await.err();
        assert_eq!(nobody.as_deref(), Some("nothing speaks and hears there"));
    }
}
