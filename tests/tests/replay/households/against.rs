//! What speaks against a machine being on, by what things said and nothing else.

use std::time::Duration;

use lares_model::{NodeId, Timestamp};

use super::judge::{Is, Judge, REPORT, SLACK};
use super::make::Machine;

const HOUR: Duration = Duration::from_secs(3_600);

impl Judge {
    fn number(&self, sensor: NodeId) -> Option<f64> {
        self.said.get(&sensor)?.0.as_number()
    }

    fn is_on(&self, machine: NodeId) -> bool {
        self.is.get(&machine).is_some_and(|is| is.on == Some(true))
    }

    /// The reasons for which a machine must rest now. `begins`: it would begin, and does not run yet.
    pub(super) fn against(&self, machine: &Machine, begins: bool) -> Vec<&'static str> {
        let (now, wide) = (self.now, &machine.wide);
        let mut found = Vec::new();
        let mut speaks = |so: bool, what: &'static str| found.extend(so.then_some(what));
        if let Some((leak, _)) = machine.lockout {
            speaks(self.said.get(&leak).is_some_and(|s| s.0.as_bool() == Some(true)), "there is water");
        }
        if let Some((probe, after)) = machine.stale {
            speaks(self.said.get(&probe).is_none_or(|s| now.since(s.2) > after), "its sensor is silent");
        }
        if let Some((other, time)) = wide.after {
            let is = self.is.get(&other);
            let long = is.and_then(|is| is.since).is_some_and(|at| now.since(at) + REPORT >= time);
            speaks(
                !self.is_on(other) || begins && !long,
                "what must be on before is not, or not for long enough",
            );
        }
        if let Some((most, draws, beside)) = &wide.budget {
            let others: u32 = beside.iter().filter(|(id, _)| self.is_on(*id)).map(|(_, draws)| draws).sum();
            speaks(draws + others > *most, "more power would be drawn than there is");
        }
        if let Some((probe, min, max)) = wide.plausible {
            speaks(self.number(probe).is_none_or(|n| n < min || n > max), "its sensor is not plausible");
        }
        if let Some((a, b, within)) = wide.agree {
            let apart = self.number(a).zip(self.number(b)).map(|(a, b)| (a - b).abs());
            speaks(apart.is_none_or(|apart| apart > within), "two sensors disagree");
        }
        speaks(wide.gate, "nobody has said that it may");
        if let (Some(most), Some(is)) = (wide.run_hour, self.is.get(&machine.id)) {
            speaks(is.ran(now) > most + SLACK, "it has run for long enough in an hour");
        }
        if let (Some((probe, by, within)), Some(is)) = (wide.ineffective, self.is.get(&machine.id)) {
            let long = is.since.is_some_and(|at| now.since(at) > within + SLACK);
            let rose = self.number(probe).zip(is.from).map(|(n, from)| n - from);
            speaks(!begins && long && rose.is_some_and(|rose| rose < by), "it runs in vain");
        }
        found
    }
}

impl Is {
    /// How long it was on within the last hour.
    fn ran(&self, now: Timestamp) -> Duration {
        let running = (self.on == Some(true)).then_some(self.since).flatten().map(|from| (from, now));
        let within =
            |(from, to): (Timestamp, Timestamp)| to.since(from).min(HOUR.saturating_sub(now.since(to)));
        self.runs.iter().copied().chain(running).map(within).sum()
    }
}
