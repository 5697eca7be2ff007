//! What machines of the second kind of household are guarded by besides: order, power, running times, and sensors that are doubted.

use std::fmt::Write as _;
use std::time::Duration;

use lares_model::NodeId;

use super::make::{Dice, Machine, id, seconds};

/// Households from this number on have them, too. Those before stay what they were.
pub const WIDE: u64 = 10_000;

/// Other machines, and the watts that each draws.
pub type Beside = Vec<(NodeId, u32)>;

/// What else an interlock of a machine promises.
#[derive(Clone, Debug, Default)]
pub struct Wide {
    /// Another machine that is on before it, and for how long.
    pub after: Option<(NodeId, Duration)>,
    /// Watts that may be drawn together, its own, and those of others.
    pub budget: Option<(u32, u32, Beside)>,
    pub run_hour: Option<Duration>,
    pub plausible: Option<(NodeId, f64, f64)>,
    pub agree: Option<(NodeId, NodeId, f64)>,
    /// A sensor that rises by so much within that time.
    pub ineffective: Option<(NodeId, f64, Duration)>,
    pub gate: bool,
}

/// Says more of a machine; `text`: its section, which nothing has followed yet.
pub fn widen(made: &mut Machine, names: &[String], probes: &[String], dice: &mut Dice, text: &mut String) {
    let wide = &mut made.wide;
    let others: Vec<&String> = names.iter().filter(|n| **n != made.name).collect();
    if dice.chance(25) && !others.is_empty() {
        let (other, time) = (*dice.pick(&others), Duration::from_secs(10 + dice.below(300)));
        wide.after = Some((id(other, "switch"), time));
        let _ = writeln!(
            text,
            "after = [{{ entity = \"{other}.switch\", is = true, for = \"{}\" }}]",
            seconds(time)
        );
    }
    if dice.chance(25) && !others.is_empty() {
        let mut beside = Vec::new();
        let mut words = Vec::new();
        for other in others {
            let draws = 500 + 100 * dice.below(20) as u32;
            beside.push((id(other, "switch"), draws));
            words.push(format!("{{ entity = \"{other}.switch\", draws = \"{draws} W\" }}"));
        }
        let draws = 500 + 100 * dice.below(20) as u32;
        let most = draws + 100 * dice.below(25) as u32;
        let _ = writeln!(
            text,
            "budget = {{ most = \"{most} W\", draws = \"{draws} W\", beside = [{}] }}",
            words.join(", ")
        );
        wide.budget = Some((most, draws, beside));
    }
    if dice.chance(25) {
        let most = Duration::from_secs(60 + dice.below(1_500));
        wide.run_hour = Some(most);
        let _ = writeln!(text, "max_run = {{ per_hour = \"{}\" }}", seconds(most));
    }
    if dice.chance(25) {
        let probe = dice.pick(probes);
        let (min, max) = (14 + dice.below(5), 21 + dice.below(5));
        wide.plausible = Some((id(probe, "temperature"), min as f64, max as f64));
        let _ =
            writeln!(text, "plausible = {{ entity = \"{probe}.temperature\", min = {min}, max = {max} }}");
    }
    if dice.chance(25) && probes.len() > 1 {
        let within = 1 + dice.below(4);
        wide.agree = Some((id(&probes[0], "temperature"), id(&probes[1], "temperature"), within as f64));
        let _ = writeln!(
            text,
            "agree = {{ entities = [\"{}.temperature\", \"{}.temperature\"], within = {within} }}",
            probes[0], probes[1]
        );
    }
    if dice.chance(20) {
        let (probe, by, within) =
            (dice.pick(probes), 1 + dice.below(3), Duration::from_secs(600 + dice.below(2_400)));
        wide.ineffective = Some((id(probe, "temperature"), by as f64, within));
        let _ = writeln!(
            text,
            "ineffective = {{ entity = \"{probe}.temperature\", expect = \"rise\", by = {by}, within = \"{}\" }}",
            seconds(within)
        );
    }
    if dice.chance(8) {
        wide.gate = true;
        text.push_str("gate = \"the bed is clear\"\n");
    }
}
