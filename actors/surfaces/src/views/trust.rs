//! What the household does by itself because it was trusted with it.

use lares_model::{Autonomy, Earned, TrustKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::table;
use super::{ReadError, Source};

/// Where rules keep it, and how the keys begin.
const SPACE: &str = "rules";
const EARNED: &str = "deed:";
const OF_RULES: &str = "trust:";

/// What was earned or lost with one thing that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrustView {
    /// Key of the person who is asked; null: whoever lives there, or the rule alone.
    pub person: Option<String>,
    /// The kind of thing, such as `light`; null: whatever the rule does.
    pub domain: Option<String>,
    /// What is done with it, such as `turn_on`.
    pub verb: Option<String>,
    /// Key of the rule that it counts for alone; null: every rule that does the same and asks first.
    pub rule: Option<String>,
    /// `observe`, `suggest`, `ask`, `act_with_undo` or `act`; null: as each rule's file says.
    pub level: Option<String>,
    /// How often somebody said yes in a row.
    pub yes: u32,
    /// How often it was done by itself in a row, and nobody took it back.
    pub done: u32,
    /// Id of the question whether more may be done by itself.
    pub offer: Option<String>,
}

/// What a rule has by itself, as far as it is shown.
#[derive(Deserialize)]
struct OfRule {
    file: Autonomy,
    now: Autonomy,
}

/// All that was earned or lost, by who is asked, kind of thing and what is done; then what rules have alone.
pub fn trust(source: &dyn Source) -> Result<Vec<TrustView>, ReadError> {
    let mut all = Vec::new();
    for (key, bytes) in source.kept(SPACE, EARNED)? {
        let key = key.strip_prefix(EARNED).and_then(TrustKey::parse);
        let (Some(key), Ok(earned)) = (key, serde_json::from_slice::<Earned>(&bytes)) else { continue };
        all.push(TrustView {
            person: (!key.person.is_empty()).then(|| key.person.to_string()),
            domain: Some(key.domain.to_string()),
            verb: Some(key.verb.name().to_owned()),
            rule: None,
            level: earned.now.map(|level| level.name().to_owned()),
            yes: earned.yes,
            done: earned.well,
            offer: earned.offer.map(|offer| offer.id.to_string()),
        });
    }
    for (key, bytes) in source.kept(SPACE, OF_RULES)? {
        let Ok(of) = serde_json::from_slice::<OfRule>(&bytes) else { continue };
        if of.now != of.file {
            all.push(TrustView {
                person: None,
                domain: None,
                verb: None,
                rule: key.strip_prefix(OF_RULES).map(str::to_owned),
                level: Some(of.now.name().to_owned()),
                yes: 0,
                done: 0,
                offer: None,
            });
        }
    }
    Ok(all)
}

pub fn trust_text(all: &[TrustView]) -> String {
    if all.is_empty() {
        return "nothing was earned yet: rules do as much by themselves as their files say\n".to_owned();
    }
    let row = |t: &TrustView| {
        let what = match (&t.domain, &t.verb, &t.rule) {
            (Some(domain), Some(verb), _) => format!("{domain}.{verb}"),
            (_, _, rule) => format!("rule {}", rule.as_deref().unwrap_or_default()),
        };
        let whose = t.person.as_deref().unwrap_or("anybody");
        let level = t.level.as_deref().unwrap_or("as the rule says");
        let mut counts = Vec::new();
        if t.yes > 0 {
            counts.push(format!("{} yes in a row", t.yes));
        }
        if t.done > 0 {
            counts.push(format!("done {} times in a row", t.done));
        }
        if let Some(offer) = &t.offer {
            counts.push(format!("offered: lares answer {offer} yes"));
        }
        vec![what, format!("for {whose}"), level.to_owned(), counts.join(", ")]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}
