//! Those who wait for a synced commit.

/// What to run.
pub(crate) enum Then {
    /// Once, with the outcome of the next attempt.
    Told(Box<dyn FnOnce(Result<(), String>) + Send>),
    /// Only when it succeeded, however often it is tried.
    Synced(Box<dyn FnOnce() + Send>),
}

impl Then {
    pub(crate) fn run(self, outcome: Result<(), String>) {
        match (self, outcome) {
            (Self::Told(then), outcome) => then(outcome),
            (Self::Synced(then), Ok(())) => then(),
            (Self::Synced(_), Err(_)) => {}
        }
    }
}

/// In the order of the entries they wait for.
#[derive(Default)]
pub(crate) struct Waiters(Vec<(u64, Then)>);

impl Waiters {
    pub(crate) fn push(&mut self, seq: u64, then: Then) {
        self.0.push((seq, then));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those whose entries, up to `seq`, are synced.
    pub(crate) fn done(&mut self, seq: u64) -> Vec<Then> {
        let served = self.0.partition_point(|(wanted, _)| *wanted <= seq);
        self.0.drain(..served).map(|(_, then)| then).collect()
    }

    /// Those who want to be told of a failure. The others go on waiting.
    pub(crate) fn failed(&mut self) -> Vec<Then> {
        let told = |w: &mut (u64, Then)| matches!(w.1, Then::Told(_));
        self.0.extract_if(.., told).map(|(_, then)| then).collect()
    }
}
