//! The words at the head of lines and columns of the command line and the terminal, in the household's language.

use crate::tongue::{Tongue, phrases, say};

phrases! {
    /// The heads of one language.
    Heads;
    // The household at a glance.
    last_started: "last started", "zuletzt gestartet";
    home: "home", "Zuhause";
    journal: "journal", "Journal";
    health: "health", "Zustand";
    quarantined: "quarantined", "beiseitegestellt";
    link: "link", "Verbindung";
    devices: "devices", "Geräte";
    unplaced: "unplaced", "ohne Raum";
    interlock: "interlock", "Verriegelung";
    timers: "timers", "Timer";
    // What the process tells of itself.
    broker: "broker", "Broker";
    broker_of: "broker of {key}", "Broker von {key}";
    clock: "clock", "Uhr";
    not_applied: "{section}, not applied", "{section}, nicht übernommen";
    left_out: "left out", "ausgelassen";
    data: "data", "Daten";
    dashboard: "dashboard", "Dashboard";
    telephone: "telephone", "Telefon";
    ears: "ears", "Ohren";
    voice: "voice", "Stimme";
    voice_server: "voice server", "Sprachdienst";
    satellite_found: "satellite found", "Satellit gefunden";
    esphome_found: "ESPHome found", "ESPHome gefunden";
    backup: "backup", "Sicherung";
    configuration: "configuration", "Konfiguration";
    // What is held, what runs and what comes.
    until_released: "until it is released", "bis zum Loslassen";
    until: "until {clock}", "bis {clock}";
    running: "running", "läuft";
    no_plan: "nothing is held, no rule runs, no timer is set", "nichts wird festgehalten, keine Regel läuft, kein Timer ist gestellt";
    no_timers: "no timer is set", "kein Timer ist gestellt";
    if_missed: "if missed, it {missed}", "wenn verpasst: {missed}";
    set_by: "set by {cause}", "gestellt durch {cause}";
    fires_late: "fires once, late", "läuft einmal ab, zu spät";
    fires_within: "fires if no later than {length}", "läuft ab, wenn höchstens {length} zu spät";
    reported: "is reported", "wird gemeldet";
    paused: "paused", "angehalten";
    ends_at: "ends at {clock}", "endet um {clock}";
    left: "{left} left", "noch {left}";
    // Devices.
    no_devices: "no devices yet: they appear when they announce themselves or the home declares them",
        "noch keine Geräte: sie erscheinen, wenn sie sich melden oder das Zuhause sie nennt";
    in_no_room: "(unplaced)", "(kein Raum)";
    stale: "(stale)", "(veraltet)";
    need_new: "new", "neu";
    need_unplaced: "unplaced", "ohne Raum";
    need_ill: "ill", "gestört";
    need_battery: "low battery", "Batterie schwach";
    need_outdated: "outdated", "veraltet";
    // Interlocks and scenes.
    no_interlocks: "the home declares no interlocks", "das Zuhause nennt keine Verriegelungen";
    since: "since {clock} ({ago})", "seit {clock} ({ago})";
    watches: "watches: {what}", "achtet auf: {what}";
    allows: "allows: {what}", "erlaubt: {what}";
    to_clear: "once that is over: lares ack {id}", "ist das vorbei: lares ack {id}";
    no_scenes: "the home has no scenes", "das Zuhause hat keine Szenen";
    holds: "holds {n}", "hält {n}";
}

impl Heads {
    pub fn of(tongue: Tongue) -> &'static Self {
        match tongue {
            Tongue::English => &EN,
            Tongue::German => &DE,
        }
    }

    /// What the process calls something that it tells of itself; what is not known here keeps its name.
    pub fn fact(&self, name: &str) -> String {
        let word = match name {
            "broker" => self.broker,
            "clock" => self.clock,
            "left out" => self.left_out,
            "data" => self.data,
            "dashboard" => self.dashboard,
            "telephone" => self.telephone,
            "ears" => self.ears,
            "voice" => self.voice,
            "voice server" => self.voice_server,
            "satellite found" => self.satellite_found,
            "ESPHome found" => self.esphome_found,
            "backup" => self.backup,
            "configuration" => self.configuration,
            other => match (other.strip_prefix("broker of "), other.strip_suffix(", not applied")) {
                (Some(key), _) => return say!(self.broker_of, key = key),
                (None, Some(section)) => return say!(self.not_applied, section = section),
                (None, None) => other,
            },
        };
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn heads_have_the_same_parts_in_each_language_and_are_not_left_in_english() {
        let parts = |text: &'static str| -> BTreeSet<&str> {
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
        };
        for [name, en, de] in ALL {
            assert_eq!(parts(en), parts(de), "{name}");
            assert!(en != de || ["broker"].contains(name), "{name}: {en}");
        }
        let german = Heads::of(Tongue::German);
        assert_eq!(german.fact("left out"), "ausgelassen");
        assert_eq!(german.fact("broker of zigbee"), "Broker von zigbee");
        assert_eq!(german.fact("link zigbee, not applied"), "link zigbee, nicht übernommen");
        assert_eq!(german.fact("something new"), "something new");
    }
}
