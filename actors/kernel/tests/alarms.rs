//! A moment that moves, in virtual time.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail as tests do")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use lares_kernel::*;
use lares_model::Timestamp;

/// It always has something to look for in five seconds.
const EVERY: Duration = Duration::from_secs(5);

enum Say {
    /// There is something to look for sooner.
    Sooner(Duration),
    Look,
}

impl Message for Say {}

struct Watch {
    alarm: Alarm,
    looks: Arc<AtomicU32>,
}

impl Behavior for Watch {
    type Message = Say;

    async fn handle(&mut self, message: Say, context: &mut Context<Say>) -> Result<(), Fault> {
        let mut delay = EVERY;
        match message {
            Say::Sooner(sooner) => delay = sooner,
            Say::Look => {
                self.alarm.clear();
                self.looks.fetch_add(1, Ordering::SeqCst);
            }
        }
        self.alarm.set(context.world.clock().now() + delay, delay, Say::Look, context);
        Ok(())
    }
}

/// Each sooner moment was once one more chain of looks, for ever: a house of some years would have done nothing else.
#[tokio::test(start_paused = true)]
async fn a_sooner_moment_takes_the_place_of_the_later_one() {
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(Timestamp(0)));
    let journal = Arc::new(MemoryJournal::new(clock.clone()));
    let ports =
        Ports { clock, chance: Arc::new(SeededChance::new(1)), blocking: Arc::new(InlineBlocking), journal };
    let world = World::new(ports).0;
    let spec = SupervisorSpec { path: "devices".into(), strategy: Strategy::OneForOne };
    let supervisor = Supervisor::start(world.clone(), spec).await.unwrap();
    let looks = Arc::new(AtomicU32::new(0));
    let address: Address<Say> = world.address("devices/watch".to_owned());
    let counted = looks.clone();
    let made = child("watch", Limits::LEAF, address.clone(), move || Watch {
        alarm: Alarm::default(),
        looks: counted.clone(),
    });
    supervisor.add(made).await.unwrap();
    for _ in 0..100 {
        address.tell(Say::Sooner(Duration::from_millis(10)));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(looks.swap(0, Ordering::SeqCst), 100, "each sooner one came");
    tokio::time::sleep(EVERY * 20).await;
    let looks = looks.load(Ordering::SeqCst);
    assert!((19..=20).contains(&looks), "{looks} looks in 20 times five seconds");
}
