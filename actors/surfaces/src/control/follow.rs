//! Following the journal: what is committed, as it is committed.

use std::collections::BTreeSet;
use std::time::Duration;

use lares_model::{Event, EventId};
use tokio::io::AsyncReadExt;
use tokio::net::unix::OwnedWriteHalf;

use super::Asked;
use super::connection::{Lines, say};
use super::{Request, Response, Told, Trouble, View, read_view};
use crate::tongue::Tongue;
use crate::views::{LogError, LogFilter, ReadError, Source, Watch};

/// How often the journal's end is looked at: one look-up in a tree, so it costs next to nothing. Nothing is committed
/// any earlier for being followed.
const LOOK: Duration = Duration::from_millis(150);
/// Events read at one look.
const PAGE: usize = 512;
/// Ids that are remembered, so that a reading which is written late, for an event that names it, is told once.
const REMEMBERED: usize = 4096;

/// Tells what is there, then what comes, until the asker leaves.
pub(super) async fn follow(
    asked: &Asked,
    filter: LogFilter,
    lines: &mut Lines,
    to: &mut OwnedWriteHalf,
) -> Result<(), Trouble> {
    let first = filter.clone();
    let (mut tail, past) = asked
        .read(move |source, told| {
            // The end is taken first: what comes between is told twice rather than never, and `told` sorts that out.
            let mut tail = Tail::at_end(source, &first, told.tongue)?;
            let page = read_view(source, told, &Request::Log { filter: first, follow: false }, None)?;
            if let View::Log(page) = &page {
                tail.told.extend(page.events.iter().filter_map(|line| line.id.parse::<EventId>().ok()));
            }
            Ok((tail, Response::View { told: Told::of(told), view: Box::new(page) }))
        })
        .await?;
    if say(to, &past).await.is_err() {
        return Ok(());
    }
    let mut byte = [0; 1];
    loop {
        tokio::select! {
            biased;
            // Whatever it says or does not say any more: it is done with following.
            _ = lines.read(&mut byte) => return Ok(()),
            () = tokio::time::sleep(LOOK) => {}
        }
        let (next, fresh) = asked
            .read_as_it_is(move |source, told| {
                let fresh = tail.fresh(source).map_err(Trouble::failed)?;
                let line =
                    |e: &Event| Response::Line { told: Told::of(told), line: Box::new(tail.watch.line(e)) };
                let lines: Vec<Response> = fresh.iter().map(line).collect();
                Ok((tail, lines))
            })
            .await?;
        tail = next;
        for line in fresh {
            if say(to, &line).await.is_err() {
                return Ok(());
            }
        }
    }
}

struct Tail {
    watch: Watch,
    /// The first id that was not there when following began.
    start: EventId,
    next: EventId,
    told: BTreeSet<EventId>,
}

impl Tail {
    fn at_end(source: &dyn Source, filter: &LogFilter, tongue: Tongue) -> Result<Self, Trouble> {
        let watch = Watch::new(source, filter, tongue).map_err(|e| match e {
            LogError::Read(e) => Trouble::failed(e),
            other => Trouble::input(other),
        })?;
        let newest = source.journal(EventId(0), EventId(u64::MAX), true, 1).map_err(Trouble::failed)?;
        let next = newest.first().map_or(EventId(0), |s| EventId(s.event.id.0 + 1));
        Ok(Self { watch, start: next, next, told: BTreeSet::new() })
    }

    fn fresh(&mut self, source: &dyn Source) -> Result<Vec<Event>, ReadError> {
        let mut fresh = Vec::new();
        for stored in source.journal(self.next, EventId(u64::MAX), false, PAGE)? {
            self.next = EventId(stored.event.id.0 + 1);
            for cause in &stored.event.causes {
                if *cause >= self.start
                    && !self.told.contains(cause)
                    && let Some(late) = source.event(*cause)?
                {
                    self.take(source, late.event, &mut fresh)?;
                }
            }
            self.take(source, stored.event, &mut fresh)?;
        }
        Ok(fresh)
    }

    fn take(&mut self, source: &dyn Source, event: Event, fresh: &mut Vec<Event>) -> Result<(), ReadError> {
        if !self.told.insert(event.id) {
            return Ok(());
        }
        while self.told.len() > REMEMBERED {
            if let Some(oldest) = self.told.pop_first() {
                self.start = self.start.max(EventId(oldest.0 + 1));
            }
        }
        self.watch.learn(source, &event)?;
        if self.watch.fits(&event) {
            fresh.push(event);
        }
        Ok(())
    }
}
