//! Input that could not be understood: told once a minute for each place and reason, however often it comes, so that a
//! broken or hostile sender cannot fill the journal. Bounded in memory whatever it sends.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_kernel::World;
use lares_model::{Body, Draft, NodeId, Origin, Timestamp, Write};
use serde_json::json;

/// Owner of the last problems among the graph's states; the key is the node's id, the value JSON: `place`, `reason`,
/// `at_us`, `count` (how often it came since it was told before, this time included).
pub const PROBLEMS_OWNER: &str = "problems";

/// The same problem is told again after this.
const QUIET: Duration = Duration::from_secs(60);
/// Different problems that are told within that time; what comes beyond is only counted.
const MOST: usize = 32;
/// Longest place or reason that is kept, in bytes: a topic may have 64 KiB.
const LONGEST: usize = 400;

/// What is told of a problem.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    pub place: String,
    pub reason: String,
    /// How often it came since it was told before, this time included.
    pub count: u64,
}

struct Seen {
    told: Timestamp,
    since: u64,
}

/// The problems of one device or link.
#[derive(Default)]
pub struct Problems {
    seen: BTreeMap<(String, String), Seen>,
    /// Those that found no room.
    others: u64,
}

impl Problems {
    /// Takes a problem; gives what is to be told, if anything is.
    pub fn note(&mut self, place: &str, reason: &str, now: Timestamp) -> Option<Told> {
        let key = (shortened(place), shortened(reason));
        if let Some(seen) = self.seen.get_mut(&key) {
            seen.since += 1;
            if now < seen.told + QUIET {
                return None;
            }
            let count = std::mem::take(&mut seen.since);
            seen.told = now;
            return Some(self.told(key, count));
        }
        if self.seen.len() >= MOST {
            // What was quiet for a while makes room. What still came unseen is not forgotten.
            let others = &mut self.others;
            self.seen.retain(|_, seen| {
                let stays = now < seen.told + QUIET;
                *others += if stays { 0 } else { seen.since };
                stays
            });
        }
        if self.seen.len() >= MOST {
            self.others += 1;
            return None;
        }
        self.seen.insert(key.clone(), Seen { told: now, since: 0 });
        Some(self.told(key, 1))
    }

    fn told(&mut self, (place, mut reason): (String, String), count: u64) -> Told {
        if count > 1 {
            reason.push_str(&format!(" ({count} times since it was last told)"));
        }
        let others = std::mem::take(&mut self.others);
        if others > 0 {
            reason.push_str(&format!(" (and {others} other problems that were not told)"));
        }
        Told { place, reason, count }
    }

    /// Journals a problem of `node`, if it is to be told, and keeps it as the node's last one.
    pub fn tell(&mut self, world: &World, node: NodeId, origin: Origin, place: &str, reason: &str) {
        let now = world.clock().now();
        let Some(Told { place, reason, count }) = self.note(place, reason, now) else { return };
        tracing::warn!(place, reason, "message could not be understood");
        let kept = json!({ "place": place, "reason": reason, "at_us": now.0, "count": count });
        let write = Write::PutState {
            owner: PROBLEMS_OWNER.into(),
            key: node.to_string().into(),
            value: serde_json::to_vec(&kept).ok(),
        };
        world.publish_with(Draft::new(node, origin, Body::Problem { place, reason }), vec![write]);
    }
}

fn shortened(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|n| text.is_char_boundary(*n)).unwrap_or(0);
    format!("{} ...", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: i64) -> Timestamp {
        Timestamp(s * 1_000_000)
    }

    #[test]
    fn the_same_problem_is_told_once_a_minute_with_its_count() {
        let mut problems = Problems::default();
        assert_eq!(problems.note("t", "bad", at(0)).unwrap().count, 1);
        for s in 1..60 {
            assert_eq!(problems.note("t", "bad", at(s)), None);
        }
        let told = problems.note("t", "bad", at(60)).unwrap();
        assert_eq!((told.count, &*told.reason), (60, "bad (60 times since it was last told)"));
        assert!(problems.note("t", "worse", at(60)).is_some(), "another reason is another problem");
    }

    #[test]
    fn ever_new_problems_fill_neither_journal_nor_memory() {
        let mut problems = Problems::default();
        let long = "x".repeat(70_000);
        let mut told = 0;
        for n in 0..100_000 {
            told += usize::from(problems.note(&format!("{n} {long}"), &long, at(n / 1_000)).is_some());
        }
        assert!(told <= 2 * MOST, "{told} in 100 s");
        assert!(problems.seen.len() <= MOST);
        assert!(problems.seen.keys().all(|(p, r)| p.len() + r.len() < 1_000));
        let next = problems.note("new", "bad", at(1_000)).unwrap();
        assert!(next.reason.contains("other problems"), "{}", next.reason);
    }

    #[test]
    fn a_long_text_is_cut_between_its_letters() {
        let mut problems = Problems::default();
        let told = problems.note(&"ä".repeat(300), "r", at(0)).unwrap();
        assert!(told.place.ends_with(" ...") && told.place.len() <= LONGEST + 4);
    }
}
