//! What an interlock watches, in a line (`lares_config::Interlock`): English, German. `{min}` and `{max}` are numbers, `{own}` are
//! somebody's own words.

use super::Tongue;

pub(super) const WATCHED: &[(&str, &str)] = &[
    ("{input} no older than {span}", "{input} nicht älter als {span}"),
    ("{input} plausible within {limits}", "{input} glaubwürdig bei {limits}"),
    ("{one} and {other} agree within {most}", "{one} und {other} höchstens {most} auseinander"),
    ("not while {part}", "nicht, solange gilt: {part}"),
    ("{min} to {max}", "{min} bis {max}"),
    ("at least {min}", "mindestens {min}"),
    ("at most {max}", "höchstens {max}"),
    ("anything", "allem"),
    ("at least {span} on", "mindestens {span} an"),
    ("at least {span} off", "mindestens {span} aus"),
    ("at most {span} on", "höchstens {span} an"),
    ("at most {span} on an hour", "höchstens {span} an in der Stunde"),
    ("at most {span} on a day", "höchstens {span} an am Tag"),
    ("at most {n} an hour starts", "höchstens {n} Starts in der Stunde"),
    ("at most {n} a day starts", "höchstens {n} Starts am Tag"),
    ("at most {n} an hour, {m} a day starts", "höchstens {n} Starts in der Stunde und {m} am Tag"),
    ("only after {part} for {span}", "erst wenn so lange gilt: {part}, {span}"),
    ("at most {watts} W together with {names}", "höchstens {watts} W zusammen mit {names}"),
    ("somebody says before each start: {own}", "vor jedem Start sagt jemand: „{own}“"),
    ("{input} rises by {n} within {span}", "{input} steigt in {span} um {n}"),
    ("{input} falls by {n} within {span}", "{input} fällt in {span} um {n}"),
    ("safe for {span} after a start", "nach einem Start {span} lang im sicheren Zustand"),
    // Where something was said, in a claim's reason.
    ("said: {own}", "gesagt: „{own}“"),
    ("said in {room}: {own}", "gesagt in {room}: „{own}“"),
    ("said on the dashboard: {own}", "auf der Webseite gesagt: „{own}“"),
    ("said on the command line: {own}", "auf der Befehlszeile gesagt: „{own}“"),
    ("said through {device}: {own}", "über {device} gesagt: „{own}“"),
    ("said by voice: {own}", "mit der Stimme gesagt: „{own}“"),
];

impl Tongue {
    /// What an interlock watches: each of it is a row.
    pub(crate) fn watched(self, text: &str) -> String {
        text.split("; ").map(|one| self.reason(one)).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Each key that an interlock can have; what it watches is told in German, but for somebody's own words.
    #[test]
    fn what_an_interlock_watches_is_told() {
        let all = [
            ("stale = { entity = 'a.t', after = '15m' }", "a.t nicht älter als 15m"),
            ("plausible = { entity = 'a.t', min = -20, max = 90 }", "a.t glaubwürdig bei -20 bis 90"),
            ("agree = { entities = ['a.t', 'b.t'], within = 3 }", "a.t und b.t höchstens 3 auseinander"),
            (
                "lockout = [{ entity = 'leak.water', is = true }, { entity = 'a.t', above = 40 }]",
                "nicht, solange gilt: leak.water ist an; nicht, solange gilt: a.t über 40",
            ),
            ("min_on = '2m'\nmin_off = '90s'", "mindestens 2m an; mindestens 1m30s aus"),
            ("max_on = '1h'\nlatched = true", "höchstens 1h an"),
            ("max_starts = { per_hour = 4, per_day = 20 }", "höchstens 4 Starts in der Stunde und 20 am Tag"),
            ("max_starts = { per_day = 20 }", "höchstens 20 Starts am Tag"),
            (
                "max_run = { per_hour = '5m', per_day = '20m' }",
                "höchstens 5m an in der Stunde; höchstens 20m an am Tag",
            ),
            ("exclusive = ['cooler.switch']", "nicht zusammen mit cooler.switch"),
            (
                "ineffective = { entity = 'a.t', expect = 'rise', by = 2, within = '20m' }",
                "a.t steigt in 20m um 2",
            ),
            (
                "ineffective = { entity = 'a.t', expect = 'fall', by = 2, within = '20m' }",
                "a.t fällt in 20m um 2",
            ),
            (
                "after = [{ entity = 'stirrer.switch', is = true, for = '2m' }]",
                "erst wenn so lange gilt: stirrer.switch ist an, 2m",
            ),
            (
                "budget = { most = '3.5 kW', draws = '2 kW', beside = [{ entity = 'o.switch', draws = '2 kW' }] }",
                "höchstens 3500 W zusammen mit o.switch",
            ),
            ("gate = 'the bed is on fire'", "vor jedem Start sagt jemand: „the bed is on fire“"),
            ("boot_delay = '45s'", "nach einem Start 45s lang im sicheren Zustand"),
        ];
        let devices = ["pump", "a", "b", "leak", "cooler", "stirrer", "o"];
        let devices: String = devices.map(|d| format!("[device.{d}]\nidentifiers = ['{d}']\n")).concat();
        for (written, told) in all {
            let text = format!(
                "[household]\nname = 'H'\ntime_zone = 'UTC'\n{devices}\
                 [interlock.l]\nof = 'pump.switch'\nsafe = {{ on = false }}\n{written}\n"
            );
            let files = vec![("home.toml".to_owned(), text)];
            let home = lares_config::load_from(Path::new(""), files, &[], std::iter::empty()).unwrap().home;
            assert_eq!(Tongue::German.watched(&home.interlocks["l"].to_string()), told);
        }
        let bound = "5 to 26; at least 3; at most 8.5";
        assert_eq!(Tongue::German.watched(bound), "5 bis 26; mindestens 3; höchstens 8.5");
        // What only looks like one.
        for other in ["close to you", "said nothing"] {
            assert_eq!(Tongue::German.watched(other), other);
        }
        let said = "said on the dashboard: turn on the lamp";
        assert_eq!(Tongue::German.reason(said), "auf der Webseite gesagt: „turn on the lamp“");
        // A mode is one where a value stands.
        assert_eq!(Tongue::German.reason("a.climate mode is heat"), "a.climate mode ist Heizen");
        assert_eq!(Tongue::German.reason("heat left"), "heat ging");
    }
}
