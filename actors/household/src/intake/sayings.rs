//! What is said of the life graph: checked, journalled, and answered once it is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lares_graph::say::{SayError, Stage, check};
use lares_kernel::{Answer, Intent};
use lares_model::{Body, Change, Draft, Measured, NodeId, Placed, Receipt, Said, Write};

use crate::House;

/// Checks what is said against what is kept and what was said before it.
pub(super) struct Sayings {
    house: House,
    /// What was said and may not be committed yet: who says the next thing builds on it.
    stage: Option<Stage>,
    said: u64,
    committed: Arc<AtomicU64>,
}

impl Sayings {
    pub fn new(house: House) -> Self {
        Self { house, stage: None, said: 0, committed: Arc::default() }
    }

    /// All of it holds or none. The reply comes when it is synced.
    pub fn say(
        &mut self,
        intent: &mut Intent,
        statements: &[Placed],
        import: String,
    ) -> Result<(), SayError> {
        let world = self.house.world();
        let all_kept = self.committed.load(Ordering::Acquire) >= self.said;
        let kept = self.stage.take().filter(|_| !all_kept);
        let before = kept.unwrap_or_else(|| Stage::new(Arc::new(self.house.graph().reader())));
        let mut stage = before.clone();
        let outcome =
            check(statements, &mut stage, world.clock().now()).inspect_err(|_| self.stage = Some(before))?;
        self.stage = Some(stage);
        let reply = intent.reply.take();
        let answer = move |event, receipt| {
            if let Some(reply) = reply {
                let count = outcome.said.count;
                let entity = format!("{count} change{}", if count == 1 { "" } else { "s" });
                reply.send(vec![Answer { entity, property: String::new(), event, receipt }]);
            }
        };
        if outcome.writes.is_empty() {
            answer(None, Receipt::Confirmed);
            return Ok(());
        }
        let mut said = outcome.said.clone();
        said.import = import;
        let subject = outcome.subject.unwrap_or_else(NodeId::household);
        let mut draft = Draft::new(subject, intent.origin.clone(), Body::GraphChanged(Box::new(said)));
        draft.causes = std::mem::take(&mut intent.causes);
        let event = world.publish_with(draft, outcome.writes.clone()).id;
        self.said += 1;
        let (said, committed) = (self.said, self.committed.clone());
        world.journal().after_sync(Box::new(move |kept| {
            if kept.is_ok() {
                committed.fetch_max(said, Ordering::AcqRel);
            }
            answer(Some(event), kept.map_or_else(|e| Receipt::Failed(e.into()), |()| Receipt::Confirmed));
        }));
        Ok(())
    }

    /// What properties were in the past. Each part is an event about its entity; the reply comes when all are synced.
    pub fn measured(
        &mut self,
        intent: &mut Intent,
        samples: Vec<Measured>,
        import: &str,
    ) -> Result<(), String> {
        let world = self.house.world();
        let (mut last, mut count) = (None, 0);
        for Measured { entity, property, samples, new, corrected } in samples {
            let (Some((from, _)), Some((to, _))) = (samples.first(), samples.last()) else { continue };
            let change = Change::Measured { entity, property, new, corrected, from: *from, to: *to };
            count += new + corrected;
            let said = Said { changes: vec![change], count: new + corrected, import: import.to_owned() };
            let mut draft = Draft::new(entity, intent.origin.clone(), Body::GraphChanged(Box::new(said)));
            draft.causes = intent.causes.clone();
            let write = Write::PutSamples { entity, property, samples };
            last = Some(world.publish_with(draft, vec![write]).id);
        }
        let reply = intent.reply.take();
        world.journal().after_sync(Box::new(move |kept| {
            let receipt = kept.map_or_else(|e| Receipt::Failed(e.into()), |()| Receipt::Confirmed);
            if let Some(reply) = reply {
                let entity = format!("{count} sample{}", if count == 1 { "" } else { "s" });
                reply.send(vec![Answer { entity, property: String::new(), event: last, receipt }]);
            }
        }));
        Ok(())
    }
}
