//! The words of `lares top`, in every language of the household. `{}` are parts.

use crate::tongue::{Tongue, phrases};

phrases! {
    /// The words of one language.
    Said;
    // Pages and keys.
    now: "Now", "Jetzt";
    devices: "Devices", "Geräte";
    journal: "Journal", "Journal";
    tree: "Tree", "Baum";
    plan: "Plan", "Plan";
    why: "Why", "Warum";
    house: "House", "Haus";
    key_help: "help", "Hilfe";
    key_quit: "quit", "Ende";
    key_why: "why", "warum";
    key_yes: "yes", "ja";
    key_no: "no", "nein";
    key_lights: "lights of the room", "Lichter im Raum";
    key_its_devices: "its devices", "seine Geräte";
    key_switch: "switch", "schalten";
    key_less_more: "less, more", "weniger, mehr";
    key_all_devices: "all devices", "alle Geräte";
    key_on_off: "on/off", "an/aus";
    key_more: "more", "mehr";
    key_filter: "filter", "suchen";
    key_sort: "sort", "ordnen";
    key_why_link: "why, of a link", "warum, bei Verbindungen";
    key_again: "ask again", "neu fragen";
    key_follow: "follow, pause", "folgen, anhalten";
    key_branch: "open, close a branch", "Ast auf, zu";
    key_ask: "ask", "fragen";
    key_all_of_it: "all of it, less", "alles, weniger";
    key_why_that: "why that", "warum das";
    key_back: "back", "zurück";
    cap_space: "space", "Leertaste";
    cap_enter: "enter", "Enter";
    cap_esc: "esc", "Esc";

    // Where nothing is shown yet.
    asking: "asking ...", "wird gefragt ...";
    none_answers: "There is nothing to show yet: no household answers.", "Noch ist nichts zu sehen: kein Haushalt antwortet.";
    its_folder: "Its data folder would be {place}; --data names another.", "Seine Daten wären in {place}; --data nennt einen anderen Ordner.";
    run_starts: "`lares run` starts one; this page fills as soon as it answers.",
        "`lares run` startet einen; die Seite füllt sich, sobald er antwortet.";
    too_small: "This terminal has {columns} columns and {lines} lines; lares top needs {least} and {fewest}. q quits.",
        "Dieses Terminal hat {columns} Spalten und {lines} Zeilen; lares top braucht {least} und {fewest}. q beendet.";
    last_seen: "{why}; last seen {clock}, shown as it was", "{why}; zuletzt gesehen {clock}, so war es da";
    looked_for: "{why}; it is looked for every second", "{why}; jede Sekunde wird nachgesehen";
    answers_again: "lares {version} answers again", "lares {version} antwortet wieder";
    more_below: "{n} more below", "{n} weitere unten";

    // Now.
    now_title: "{home}: {people} at home, {lights} on", "{home}: {people} zu Hause, {lights} an";
    nobody: "nobody known to be", "niemand bekanntlich";
    a_person: "1 person", "1 Person";
    persons: "{n} people", "{n} Personen";
    a_light: "1 light", "1 Licht";
    lights: "{n} lights", "{n} Lichter";
    people: "People", "Leute";
    timers: "Timers", "Timer";
    call: "call", "Anruf";
    question: "question", "Frage";
    rings: "rings", "läutet";
    alarm: "alarm", "Alarm";
    trouble: "trouble", "Störung";
    notice: "notice", "Hinweis";
    on_the_phone: "{name} is on the telephone", "{name} ist am Telefon";
    since_then: "{what}, since {clock}", "{what}, seit {clock}";
    said_yes: "{text}, said yes", "{text}, ja gesagt";
    said_no: "{text}, said no", "{text}, nein gesagt";
    how_to_answer: "y: yes, n: no; no by itself at {clock}", "y: ja, n: nein; von selbst nein um {clock}";
    how_to_stop: "space: enough of it", "Leertaste: genug davon";
    all_well: "Nothing needs anybody.", "Niemand wird gebraucht.";
    fewer: "fewer (enter)", "weniger (Enter)";
    and_more: "and {n} more (enter)", "und {n} weitere (Enter)";
    at_home: "at home", "zu Hause";
    away: "away", "unterwegs";
    nobody_knows: "nobody knows", "niemand weiß es";
    since: "since {clock}", "seit {clock}";
    paused: "{left} paused", "{left} angehalten";
    room: "Room", "Raum";
    occupied: "Occupied", "Jemand da";
    light_head: "Lights", "Licht";
    climate: "Climate", "Klima";
    who: "Who", "Wer";
    elsewhere: "elsewhere", "sonst";
    loose: "{n} things are in no room", "{n} Dinge sind in keinem Raum";
    yes_for: "yes, {length}", "ja, {length}";
    no_for: "no, {length}", "nein, {length}";
    all_off: "all {n} off", "alle {n} aus";
    some_on: "{on} of {n} on", "{on} von {n} an";
    asked: "{is}, asked {wish}", "{is}, gewünscht {wish}";
    to: "to {value}", "auf {value}";
    from_to: "{is} to {value}", "{is} auf {value}";

    // Devices.
    device_head: "Device", "Gerät";
    status_head: "Status", "Status";
    state_head: "State", "Zustand";
    heard_head: "Heard", "Gehört";
    no_devices: "No devices yet: they appear when they announce themselves or the home declares them.",
        "Noch keine Geräte: sie erscheinen, wenn sie sich melden oder das Zuhause sie nennt.";
    none_fits: "No device fits; Esc shows all.", "Kein Gerät passt; Esc zeigt alle.";
    devices_by: "{n} devices, by {sort}", "{n} Geräte, nach {sort}";
    devices_fit: "{n} of {all} devices, by {sort}, that fit {filter}", "{n} von {all} Geräten, nach {sort}, die zu {filter} passen";
    backwards: "{sort}, backwards", "{sort}, rückwärts";
    by_name: "name", "Namen";
    by_room: "room", "Raum";
    by_status: "status", "Status";
    by_heard: "last heard", "zuletzt gehört";
    unplaced: "(unplaced)", "(kein Raum)";
    need_new: "new", "neu";
    need_unplaced: "unplaced", "ohne Raum";
    need_ill: "ill", "gestört";
    need_battery: "low battery", "Batterie schwach";
    need_outdated: "outdated", "veraltet";

    // One device.
    gone: "It is not there any more; Esc leads back.", "Es ist nicht mehr da; Esc führt zurück.";
    in_no_room: "in no room", "in keinem Raum";
    in_room: "in {room}", "in {room}";
    by_link: "{room}, by {link}", "{room}, über {link}";
    known_as: "known as {ids}", "bekannt als {ids}";
    needs: "needs somebody: {what}", "braucht jemanden: {what}";
    space: "space", "Leertaste";
    presses: "space presses", "drücken";
    one_of: "one of {options}", "eines von {options}";
    range: "{min} to {max}", "{min} bis {max}";
    held: "Held", "Festgehalten";
    none_held: "Nobody holds anything of it.", "Niemand hält etwas davon fest.";
    until_released: "until it is released", "bis zum Loslassen";
    until: "until {clock}", "bis {clock}";

    // The journal.
    nothing_yet: "Nothing has happened yet.", "Noch ist nichts geschehen.";
    no_entry: "No entry fits; / and an empty line show all.", "Kein Eintrag passt; / und eine leere Zeile zeigen alle.";
    following: "Journal, following", "Journal, folgt";
    paused_at: "Journal, paused", "Journal, angehalten";
    paused_new: "Journal, paused, {n} new below", "Journal, angehalten, {n} neue unten";
    that_fit: "{title}, that fit {filter}", "{title}, was zu {filter} passt";

    // The tree.
    actors: "{n} actors, {restarts} restarts, {quarantined} in quarantine", "{n} Aktoren, {restarts} Neustarts, {quarantined} beiseitegestellt";
    actor: "Actor", "Aktor";
    restarts: "Restarts", "Neust.";
    waiting: "Waiting", "Wartet";
    last_error: "Last error", "Letzter Fehler";
    more_well: "{n} more, all well (enter)", "{n} weitere, alle wohlauf (Enter)";
    handled: "{n} handled", "{n} erledigt";
    n_waiting: "{n} waiting", "{n} warten";
    n_refused: "{n} refused", "{n} abgewiesen";
    starting: "starting", "startet";
    running: "running", "läuft";
    restarting: "restarting", "neu";
    quarantined: "quarantined", "beiseite";
    stopped: "stopped", "angehalten";
    absent: "absent", "nicht da";

    // The plan.
    plan_title: "{held} held, {runs} running, {timers} timers", "{held} festgehalten, {runs} unterwegs, {timers} Timer";
    runs: "Running", "Unterwegs";
    nothing_held: "Nothing is held.", "Nichts wird festgehalten.";
    nothing_runs: "No rule is on its way.", "Keine Regel ist unterwegs.";
    no_timer: "No timer is set.", "Kein Timer läuft.";
    set_by: "set by {cause}", "gestellt durch {cause}";

    // Why.
    why_hint: "Press / and type what you wonder about: a device, an entity, a room, a person, a rule, or an event such as e3-1042. \
               On the other pages w asks about what is chosen.",
        "Drück / und tippe, was du wissen willst: ein Gerät, einen Raum, eine Person, eine Regel oder ein Ereignis wie e3-1042. \
         Auf den anderen Seiten fragt w nach dem, was gewählt ist.";
    why_of: "Why: {what}", "Warum: {what}";
    asked_later: "It is asked as soon as a household answers.", "Es wird gefragt, sobald ein Haushalt antwortet.";

    // The house.
    house_well: "The house is well", "Dem Haus geht es gut";
    link_ill: "The house is well, a link is not", "Dem Haus geht es gut, einer Verbindung nicht";
    house_ill: "The house needs somebody", "Das Haus braucht jemanden";

    // Wishes.
    asks_for: "asked: {wish}; waiting for the receipt", "gewünscht: {wish}; die Antwort steht aus";
    still_waiting: "still waiting for {wish}", "es wird noch gewartet auf: {wish}";
    not_asked: "no household answers: nothing was asked for", "kein Haushalt antwortet: nichts wurde gewünscht";
    other_answer: "{wish}: the household answered something else", "{wish}: der Haushalt hat etwas anderes geantwortet";
    nothing_to_do: "{wish}: nothing to do", "{wish}: nichts zu tun";
    all_did: "{wish}: all {n} did it", "{wish}: alle {n} taten es";
    some_did: "{wish}: {done} of {n} did it; {first}", "{wish}: {done} von {n} taten es; {first}";
    yes_to: "yes to {what}", "ja zu {what}";
    no_to: "no to {what}", "nein zu {what}";
    stop: "stop {what}", "{what} beenden";
    lights_of: "lights of {room}", "Lichter in {room}";
    ask_devices: "Devices, a name or a filter such as room:kitchen: ", "Geräte, ein Name oder ein Filter wie room:kitchen: ";
    ask_journal: "Journal, words, kind:decision, about:NAME, rule:KEY: ", "Journal, Wörter, kind:decision, about:NAME, rule:KEY: ";
    ask_why: "Why, a name or an event: ", "Warum, ein Name oder ein Ereignis: ";
    ask_code: "Code for {wish}: ", "Code für {wish}: ";
    code_hint: "Enter asks for it, without a code if none is typed; Esc leaves it",
        "Enter wünscht es, ohne Code, wenn keiner getippt ist; Esc lässt es";
    left: "nothing was asked for", "nichts wurde gewünscht";

    // States in words.
    stale: "stale", "veraltet";
    motion: "motion", "Bewegung";
    still: "still", "still";
    somebody: "somebody", "jemand";
    no_one: "nobody", "niemand";
    wet: "wet", "nass";
    dry: "dry", "trocken";
    alarm_on: "ALARM", "ALARM";
    clear: "clear", "klar";
    problem: "problem", "Störung";
    fine: "fine", "gut";
    connected: "connected", "verbunden";
    low: "low", "schwach";
    part_open: "{n} % open", "{n} % offen";
    muted: "muted", "stumm";
    listens: "listens", "hört";

    help: "\
1 to 7, Tab, left, right, click   pages
up, down, j, k, wheel, click      choose
PgUp, PgDn, Home, End, g, G       further
Enter, click again                open: a room, a device, its why
Space                             switch the lamp or the room's lights
- +                               less, more, the other choice
y, n                              yes and no to what is asked, a caller too
w                                 why is it so?
/                                 filter, or ask why by name
s, S                              devices: sort, the other way round
f                                 journal: follow, pause; why: all of it
r                                 ask again now
Esc                               back
q, Ctrl-C                         quit

A switch is shown as asked until its device says what it did.
Hold Shift to select text with the mouse. Any key closes this.", "\
1 bis 7, Tab, links, rechts, Klick  Seiten
auf, ab, j, k, Rad, Klick           wählen
Bild auf/ab, Pos1, Ende, g, G       weiter
Enter, nochmal klicken              öffnen: Raum, Gerät, sein Warum
Leertaste                           Lampe oder Raumlicht schalten
- +                                 weniger, mehr, die andere Wahl
y, n                                ja und nein auf Fragen und Anrufe
w                                   warum ist das so?
/                                   suchen, oder beim Namen nach warum
s, S                                Geräte: ordnen, andersherum
f                                   Journal: folgen; Warum: alles
r                                   gleich neu fragen
Esc                                 zurück
q, Strg-C                           beenden

Ein Schalter steht als gewünscht da, bis sein Gerät sagt, was es tat.
Mit Umschalt wählt die Maus Text. Jede Taste schließt das hier.";
}

impl Said {
    pub fn of(tongue: Tongue) -> &'static Self {
        match tongue {
            Tongue::English => &EN,
            Tongue::German => &DE,
        }
    }

    /// What stands on a key.
    pub fn cap(&self, key: &'static str) -> &'static str {
        match key {
            "space" => self.cap_space,
            "enter" => self.cap_enter,
            "esc" => self.cap_esc,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ALL, Said, Tongue};

    #[test]
    fn phrases_have_the_same_parts_in_each_language() {
        let parts = |text: &'static str| -> BTreeSet<&str> {
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
        };
        for [name, en, de] in ALL {
            assert_eq!(parts(en), parts(de), "{name}");
        }
        let german = Said::of(Tongue::German);
        assert_eq!([german.cap("space"), german.cap("w")], ["Leertaste", "w"]);
    }
}
