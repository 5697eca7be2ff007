//! The predicates: what speaks against running, by readings as they are.

use lares_config::{Input, duration_words};
use lares_model::{Causes, Timestamp, Value};

use super::{Lock, Measured, Safety, UNHEARD};

/// One thing that speaks against running.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Cause {
    pub reason: String,
    /// Once it was, only a person clears it.
    pub latches: bool,
    /// It concerns all things of an exclusion, not the first alone.
    pub all: bool,
    /// The readings that it follows from.
    pub events: Causes,
}

/// What an input is worth.
enum Heard<'a> {
    Fresh(&'a Measured),
    /// It cannot be heard; why.
    Not(String),
    /// Not known, and not for long enough to count.
    Open,
}

/// Whether a thing with this value draws power.
fn draws(value: &Value) -> bool {
    match value {
        Value::Bool(on) => *on,
        Value::Number(n) => *n > 0.0,
        Value::Text(word) => &**word != "off" && &**word != "idle",
        Value::Rgb(..) => true,
    }
}

impl Safety {
    /// What an input says. `strict`: one that cannot be heard counts at once.
    fn heard(&self, input: &Input, strict: bool, now: Timestamp) -> Heard<'_> {
        let found = self.input(input);
        let lost = match found {
            Some(m) if m.value.is_some() && m.lost.is_none() => return Heard::Fresh(m),
            Some(m) => m.lost.unwrap_or(m.at),
            None => self.began,
        };
        if !strict && now < lost + UNHEARD {
            return Heard::Open;
        }
        let known = found.is_some_and(|m| m.value.is_some());
        Heard::Not(format!("{input} {}", if known { "cannot be heard" } else { "is unknown" }))
    }

    /// All that speaks against an interlock's thing being out of its safe state.
    pub(super) fn causes(&self, lock: &Lock, strict: bool, now: Timestamp) -> Vec<Cause> {
        let mut causes = Vec::new();
        let mut add = |reason: String, latches: bool, all: bool, of: &[Option<&Measured>]| {
            let events = of.iter().filter_map(|m| m.and_then(|m| m.event)).collect();
            causes.push(Cause { reason, latches, all, events });
        };
        let set = &lock.set;
        if let Some(stale) = &set.stale {
            let found = self.input(&stale.input);
            match found.filter(|m| m.value.is_some()) {
                Some(m) if now >= m.at + stale.after => {
                    let age = std::time::Duration::from_secs(now.since(m.at).as_secs());
                    let (age, most) = (duration_words(age), duration_words(stale.after));
                    add(
                        format!("{} is {age} old, at most {most} is allowed", stale.input),
                        false,
                        false,
                        &[found],
                    );
                }
                Some(_) => {}
                None => {
                    if let Heard::Not(why) = self.heard(&stale.input, strict, now) {
                        add(why, false, false, &[found]);
                    }
                }
            }
        }
        if let Some(plausible) = &set.plausible {
            match self.heard(&plausible.input, strict, now) {
                Heard::Fresh(m) => {
                    let number = m.value.as_ref().and_then(|v| v.as_number());
                    let (min, max) = (plausible.limits.min, plausible.limits.max);
                    let fits = number
                        .is_some_and(|n| min.is_none_or(|min| n >= min) && max.is_none_or(|max| n <= max));
                    if !fits {
                        let found = m.value.as_ref().map_or_else(String::new, ToString::to_string);
                        let reason = format!(
                            "{} is {found}: not plausible, expected {}",
                            plausible.input, plausible.limits
                        );
                        add(reason, false, false, &[Some(m)]);
                    }
                }
                Heard::Not(why) => add(why, false, false, &[]),
                Heard::Open => {}
            }
        }
        if let Some(agree) = &set.agree {
            match (self.heard(&agree.one, strict, now), self.heard(&agree.other, strict, now)) {
                (Heard::Fresh(a), Heard::Fresh(b)) => {
                    let number = |m: &Measured| m.value.as_ref().and_then(|v| v.as_number());
                    if !number(a).zip(number(b)).is_some_and(|(a, b)| (a - b).abs() <= agree.within) {
                        let word =
                            |m: &Measured| m.value.as_ref().map_or_else(String::new, ToString::to_string);
                        let reason = format!(
                            "{} is {} and {} is {}: they disagree",
                            agree.one,
                            word(a),
                            agree.other,
                            word(b)
                        );
                        add(reason, false, false, &[Some(a), Some(b)]);
                    }
                }
                (Heard::Not(why), _) | (_, Heard::Not(why)) => add(why, false, false, &[]),
                _ => {}
            }
        }
        for veto in &set.lockout {
            match self.heard(&veto.input, strict, now) {
                Heard::Fresh(m) if m.value.as_ref().is_some_and(|v| veto.test.holds(v)) => {
                    add(format!("{}{}", veto.input, veto.test), set.latched, false, &[Some(m)]);
                }
                Heard::Not(why) if veto.unheard => add(why, false, false, &[]),
                _ => {}
            }
        }
        // What must be so before it runs is no matter while it rests, and nobody asks.
        let matters = strict || lock.memory.runs();
        for after in set.after.iter().filter(|_| matters) {
            let wanted = format!("{}{}", after.input, after.test);
            match self.heard(&after.input, strict, now) {
                Heard::Fresh(m) if !m.value.as_ref().is_some_and(|v| after.test.holds(v)) => {
                    let found = m.value.as_ref().map_or_else(String::new, ToString::to_string);
                    add(format!("{wanted} must be so before, and it is {found}"), false, false, &[Some(m)]);
                }
                Heard::Fresh(m) if now < m.since + after.time => {
                    let whole = std::time::Duration::from_secs(now.since(m.since).as_secs());
                    let (so, most) = (duration_words(whole), duration_words(after.time));
                    add(format!("{wanted} for {so} only, {most} are needed"), false, false, &[Some(m)]);
                }
                Heard::Not(why) => add(why, false, false, &[]),
                _ => {}
            }
        }
        if let Some(budget) = set.budget.as_ref().filter(|_| matters) {
            let mut together = budget.draws;
            let (mut names, mut of) = (vec![set.of.to_string()], Vec::new());
            for other in &budget.beside {
                let on = match self.heard(&other.input, strict, now) {
                    Heard::Fresh(m) => {
                        of.push(Some(m));
                        m.value.as_ref().is_some_and(draws)
                    }
                    // What cannot be heard may well run.
                    Heard::Not(_) => true,
                    Heard::Open => false,
                };
                if on {
                    together += other.draws;
                    names.push(other.input.to_string());
                }
            }
            if together > budget.most {
                let names = names.join(" and ");
                add(
                    format!("{names} draw {together} W, at most {} W are allowed", budget.most),
                    false,
                    false,
                    &of,
                );
            }
        }
        if let Some(words) = set.gate.as_ref().filter(|_| !lock.memory.opened) {
            add(format!("waits for somebody to say: {words}"), true, false, &[]);
        }
        if lock.memory.runs()
            && let Some(why) = lock.ran_out(now)
        {
            add(why, false, false, &[]);
        }
        if let (Some(most), Some(since)) = (set.max_on, lock.memory.out_since)
            && now >= since + most
        {
            add(format!("it ran for {} (`max_on`)", duration_words(most)), set.latched, false, &[]);
        }
        // What is on its way to rest need not move anything.
        if let (Some(i), Some(since), Some(from)) =
            (&set.ineffective, lock.memory.out_since, lock.memory.from)
            && !lock.memory.leaves()
            && now >= since + i.within
        {
            let moved = self.input(&i.input).and_then(|m| m.value.as_ref()?.as_number());
            let moved = moved.map(|n| if i.rises { n - from } else { from - n });
            if moved.is_none_or(|m| m < i.by) {
                let way = if i.rises { "rise" } else { "fall" };
                let reason =
                    format!("{} did not {way} by {} within {}", i.input, i.by, duration_words(i.within));
                add(reason, true, false, &[self.input(&i.input)]);
            }
        }
        if let Some(i) = set.ineffective.as_ref()
            && let Heard::Not(why) = self.heard(&i.input, strict, now)
        {
            add(why, false, false, &[]);
        }
        let out = usize::from(lock.memory.runs()) + lock.memory.others_on.len();
        if out > 1 {
            let mut names = lock.memory.others_on.clone();
            names.extend(lock.memory.runs().then(|| set.of.to_string()));
            names.sort();
            add(format!("{} run together", names.join(" and ")), false, true, &[]);
        }
        causes
    }

    /// When something of an interlock may change by time alone.
    pub(super) fn deadline(&self, lock: &Lock, now: Timestamp) -> Option<Timestamp> {
        let (set, memory) = (&lock.set, &lock.memory);
        let lost = set.inputs().filter_map(|i| match self.input(i) {
            Some(m) => m.lost.or(m.value.is_none().then_some(m.at)),
            None => Some(self.began),
        });
        let mut all: Vec<Timestamp> = lost.map(|t| t + UNHEARD).collect();
        if let Some(stale) = &set.stale {
            all.extend(self.input(&stale.input).map(|m| m.at + stale.after));
        }
        all.extend(memory.out_since.zip(set.max_on).map(|(t, d)| t + d));
        let moves = memory.out_since.filter(|_| !memory.leaves());
        all.extend(moves.zip(set.ineffective.as_ref()).map(|(t, i)| t + i.within));
        all.extend(memory.owed);
        all.extend(lock.runs_out(now));
        all.extend(set.after.iter().filter_map(|a| Some(self.input(&a.input)?.since + a.time)));
        all.extend(lock.reminds_at());
        if memory.tripped.is_some() && memory.runs() {
            all.extend(lock.moved.map(|t| t + super::AGAIN));
        }
        if lock.denied.contains(&0) {
            all.extend(self.limit(lock, 0, false, now).and_then(|l| l.until));
        }
        all.into_iter().filter(|t| *t > now).min()
    }
}
