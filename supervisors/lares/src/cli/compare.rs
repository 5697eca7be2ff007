//! What two homes would have done differently on the same day.

use std::collections::BTreeMap;

use lares_config::Home;
use lares_model::Timestamp;
use lares_sim::{Deed, Summary};
use lares_surfaces::views::{plain, table};
use serde_json::json;

use super::exit::{Failure, Outcome};
use super::out;
use super::replay::{civil, what};

/// The same deed in both, if it is not further apart: rules that wait take their turns a moment apart.
const SAME: i64 = 2_000_000;

/// A deed that only one of both did.
struct Only<'a> {
    deed: &'a Deed,
    /// The home that is tried does it; else the one that it is held against.
    tried: bool,
}

/// Entity, if it is about one, and what was done to it.
type Done<'a> = (Option<&'a str>, &'a str);

/// Deeds of one and not of the other, by time.
fn differences<'a>(before: &'a [Deed], after: &'a [Deed]) -> Vec<Only<'a>> {
    let mut open: BTreeMap<Done<'_>, Vec<(Timestamp, &Deed)>> = BTreeMap::new();
    for deed in before {
        open.entry((deed.entity.as_deref(), &deed.what)).or_default().push((deed.at, deed));
    }
    let mut only = Vec::new();
    for deed in after {
        let same = open.get_mut(&(deed.entity.as_deref(), &*deed.what));
        let met = same.and_then(|all| {
            let n = all.iter().position(|(at, _)| (at.0 - deed.at.0).abs() <= SAME)?;
            Some(all.remove(n))
        });
        if met.is_none() {
            only.push(Only { deed, tried: true });
        }
    }
    only.extend(open.into_values().flatten().map(|(_, deed)| Only { deed, tried: false }));
    only.sort_by_key(|o| (o.deed.at, o.tried));
    only
}

/// `before` is the home it is held against, `after` the one that is tried.
pub(super) fn tell(before: &Summary, after: &Summary, home: &Home, json: bool) -> Outcome {
    let only = differences(&before.deeds, &after.deeds);
    if json {
        for o in &only {
            let at =
                jiff::Timestamp::from_microsecond(o.deed.at.0).map(|t| t.to_string()).unwrap_or_default();
            let only = if o.tried { "tried" } else { "against" };
            let deed = &o.deed;
            out::json_line(
                &json!({ "at": at, "only": only, "entity": deed.entity, "what": deed.what, "by": deed.by }),
            )?;
        }
        let told = json!({ "against": before, "tried": after, "differences": only.len() });
        return out::json_line(&serde_json::to_value(told).map_err(Failure::failed)?);
    }
    let days = after.virtual_seconds / 86_400.0;
    let mut text = format!(
        "{}: {days:.1} days, {} readings; {} commands before, {} with the home that is tried\n",
        plain(&home.household.name),
        after.events,
        before.commands,
        after.commands
    );
    if only.is_empty() {
        text.push_str("nothing would have been different\n");
        return out::text(&text);
    }
    let count = |tried: bool| only.iter().filter(|o| o.tried == tried).count();
    let (more, less) = (count(true), count(false));
    let things = if more == 1 { "thing" } else { "things" };
    text.push_str(&format!(
        "{more} {things} would be done, {less} would not (+ with the home that is tried, - before)\n"
    ));
    let mut day = String::new();
    let mut rows = Vec::new();
    for o in &only {
        let (date, time) = civil(o.deed.at, home);
        if date != day {
            text.push_str(&table(&std::mem::take(&mut rows)));
            text.push_str(&format!("\n{date}\n"));
            day = date;
        }
        let mark = if o.tried { '+' } else { '-' };
        rows.push(vec![format!("{mark} {time}"), plain(&what(o.deed)), plain(&o.deed.by)]);
    }
    text.push_str(&table(&rows));
    out::text(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deed(at: i64, what: &str) -> Deed {
        Deed {
            at: Timestamp(at * 1_000_000),
            entity: Some("hall-lamp.light".to_owned()),
            what: what.to_owned(),
            by: "rule:hall".to_owned(),
        }
    }

    #[test]
    fn what_only_one_did_is_told_and_a_moment_is_no_difference() {
        let before = [deed(10, "on=true"), deed(20, "on=false"), deed(30, "on=true"), deed(30, "on=true")];
        let after = [deed(11, "on=true"), deed(25, "on=false"), deed(30, "on=true"), deed(90, "on=false")];
        let only = differences(&before, &after);
        let told: Vec<_> = only.iter().map(|o| (o.deed.at.0 / 1_000_000, &*o.deed.what, o.tried)).collect();
        let wanted =
            [(20, "on=false", false), (25, "on=false", true), (30, "on=true", false), (90, "on=false", true)];
        assert_eq!(told, wanted);
        assert!(differences(&before, &before).is_empty());
    }
}
