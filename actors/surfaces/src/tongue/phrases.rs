//! What is said of what happened, in every language. `{}` are the parts; the order of them is a language's own.

use super::phrases;

phrases! {
    /// The sentences of one language.
    Phrases;
    // Small words.
    on: "on", "an";
    off: "off", "aus";
    yes: "yes", "ja";
    no: "no", "nein";
    part_open: "{n} % open", "{n} % offen";
    now: "now", "jetzt";
    ago: "{length} ago", "vor {length}";
    yet_to_come: "in {length}", "in {length}";
    days: "{n} d", "{n} Tg.";
    household: "the household", "der Haushalt";
    command_line: "the command line", "die Befehlszeile";
    the_default: "the default", "die Vorgabe";
    and_more: " (and {n} more)", " (und {n} weitere)";
    unit: "{value} {unit}", "{value} {unit}";
    quoted: "“{name}”", "„{name}“";

    // The household at a glance.
    runs_for: "{version}, running for {length} (pid {pid}, start {epoch})", "{version}, läuft seit {length} (PID {pid}, Start {epoch})";
    none_runs: "none answers; `lares run` starts one if none runs", "keiner antwortet; `lares run` startet einen, wenn keiner läuft";
    home_since: "{home} since {clock}, {n} files", "{home} seit {clock}, {n} Dateien";
    change_refused: "a change was refused: {why}", "eine Änderung wurde abgelehnt: {why}";
    not_applied: "not applied: {what}", "nicht übernommen: {what}";
    n_events: "{n} events", "{n} Ereignisse";
    n_commits: "{n} commits since the start", "{n} Commits seit dem Start";
    well: "well", "wohlauf";
    none: "none", "keine";
    n_timers: "{n} set, {holds} holds", "{n} gestellt, {holds} Festhaltungen";

    // Who.
    rule: "rule {name}", "Regel {name}";
    scene: "scene {name}", "Szene {name}";
    interlock: "interlock {name}", "Verriegelung {name}";
    link: "link {name}", "Verbindung {name}";
    voice: "voice {name}", "Stimme {name}";
    person: "person {name}", "{name}";
    plan: "plan {name}", "Plan {name}";
    habit: "habit {name}", "Gewohnheit {name}";
    domain: "domain {name}", "Bereich {name}";
    system: "system", "das System";
    console: "console", "die Befehlszeile";
    a_timer: "timer", "ein Timer";

    // Statuses.
    initializing: "initializing", "startet";
    unknown: "unknown", "unbekannt";
    online: "online", "online";
    offline: "offline", "offline";
    quarantined: "quarantined", "beiseitegestellt";
    removed: "removed", "entfernt";

    // What came of a command.
    sent: "sent", "gesendet";
    confirmed: "confirmed", "bestätigt";
    expired: "expired", "verfallen";
    not_known: "unknown", "unbekannt, ob es geschah";
    differs: "differs: it reports {found}", "weicht ab: gemeldet wird {found}";
    failed: "failed: {why}", "fehlgeschlagen: {why}";
    refused: "refused: {why}", "abgelehnt: {why}";
    overridden: "overridden by {by}", "Vorrang hat {by}";

    // What happened.
    boot: "lares {version} started (start {epoch})", "lares {version} ist gestartet (Start {epoch})";
    boot_after_crash: "lares {version} started (start {epoch}, after a crash)",
        "lares {version} ist gestartet (Start {epoch}, nach einem Absturz)";
    stopped: "stopped: {reason}", "angehalten: {reason}";
    no_changes: "no changes", "keine Änderungen";
    home_loaded: "the home {snapshot} took effect: {changes}", "das Zuhause {snapshot} gilt jetzt: {changes}";
    home_partly: "the home {snapshot} took effect: {changes}; not applied: {partly}",
        "das Zuhause {snapshot} gilt jetzt: {changes}; nicht übernommen: {partly}";
    home_refused: "a changed home was refused, the old one goes on: {problem}{more}",
        "ein geändertes Zuhause wurde abgelehnt, das alte gilt weiter: {problem}{more}";
    is: "{subject} is {value}", "{subject} ist {value}";
    is_unknown: "{subject} is unknown", "{subject} ist unbekannt";
    announced: "{subject} announced itself: {name}, {n} entities", "{subject} hat sich gemeldet: {name}, {n} Teile";
    was_removed: "{subject} was removed: {reason}", "{subject} wurde entfernt: {reason}";
    occupied: "{subject} is occupied", "in {subject} ist jemand";
    empty: "{subject} is empty", "in {subject} ist niemand";
    away: "{subject} is away", "{subject} ist unterwegs";
    somewhere: "where {subject} is, is unknown", "wo {subject} ist, ist unbekannt";
    in_room: "{subject} is in {room}", "{subject} ist in {room}";
    at_home: "{subject} is at home", "{subject} ist zu Hause";
    our_timer_set: "timer {name}: {length} from now, by {who}", "Timer {name}: in {length}, von {who}";
    our_timer_ended: "timer {name} ended", "Timer {name} ist abgelaufen";
    our_timer_late: "timer {name} ended {length} ago", "Timer {name} ist vor {length} abgelaufen";
    our_timer_rests: "timer {name} {reason}, by {who}", "Timer {name}: {reason}, von {who}";
    our_timer: "timer {name}", "Timer {name}";
    if_it_stays: "{rule}, if it stays so until then", "{rule}, wenn es bis dahin so bleibt";
    timer_set: "timer {name} of {owner} set for {length}", "Timer {name} von {owner} läuft {length}";
    timer_fired: "timer {name} of {owner} fired", "Timer {name} von {owner} ist abgelaufen";
    timer_late: "timer {name} of {owner} fired, {length} late", "Timer {name} von {owner} ist abgelaufen, {length} zu spät";
    timer_cancelled: "timer {name} of {owner} cancelled: {reason}", "Timer {name} von {owner} gestrichen: {reason}";
    skipped_for: "rule {rule} looked and did nothing: {text} was not met (found {found})",
        "Regel {rule} hat nachgesehen und nichts getan: {text} traf nicht zu (gefunden: {found})";
    skipped: "rule {rule} looked and did nothing: {trigger}", "Regel {rule} hat nachgesehen und nichts getan: {trigger}";
    rule_failed: "rule {rule} failed at {file}:{line}: {reason}", "Regel {rule} ist an {file}:{line} gescheitert: {reason}";
    receipt: "{subject}: {receipt} (command {command})", "{subject}: {receipt} (Befehl {command})";
    hold_ended: "{who} no longer holds {subject}: {reason}", "{who} hält {subject} nicht mehr: {reason}";
    restarted: "{path} was restarted: {reason}", "{path} wurde neu gestartet: {reason}";
    set_aside: "{path} was quarantined: {reason}", "{path} wurde beiseitegestellt: {reason}";
    recovered: "{path} is well again: {reason}", "{path} läuft wieder: {reason}";
    replaced: "{path} was replaced: {reason}", "{path} wurde ersetzt: {reason}";
    problem: "problem at {place}: {reason}", "Störung bei {place}: {reason}";
    heard: "{who} heard \"{text}\"", "{who} hörte \"{text}\"";
    somebody_says: "{who}: {text}", "{who}: {text}";
    notice: "notice: {text}", "Hinweis: {text}";
    tripped: "interlock {name} tripped for {subject}: {reason}", "Verriegelung {name} hat für {subject} ausgelöst: {reason}";
    tripped_latched: "interlock {name} tripped for {subject}, and is latched: {reason}",
        "Verriegelung {name} hat für {subject} ausgelöst und ist eingerastet: {reason}";
    cleared: "interlock {name} is clear for {subject}: what it tripped for is over ({reason})",
        "Verriegelung {name} gibt {subject} frei: der Grund ist vorbei ({reason})";
    acknowledged: "{who} acknowledged interlock {name} for {subject} ({reason})",
        "{who} hat Verriegelung {name} für {subject} quittiert ({reason})";
    asks: "rule {rule} asks: {text}", "Regel {rule} fragt: {text}";
    said_yes: "{who} said yes to rule {rule}: {text}", "{who} sagte Ja zu Regel {rule}: {text}";
    said_no: "{who} said no to rule {rule}: {text}", "{who} sagte Nein zu Regel {rule}: {text}";
    silence: "nobody answered rule {rule}, which is no: {text}", "niemand hat Regel {rule} geantwortet, das heißt Nein: {text}";
    withdrawn: "rule {rule} does not ask any more: {text}", "Regel {rule} fragt nicht mehr: {text}";
    autonomy: "{subject} goes from {from} to {to} by itself: {reason}",
        "{subject} geht von selbst von {from} zu {to} über: {reason}";
    other: "{subject}: event of kind {kind} version {version}, {n} bytes",
        "{subject}: Ereignis der Art {kind} in Fassung {version}, {n} Bytes";

    // What was wished, and what came of it.
    set_target: "{who} set {target} {wish}", "{who}: {target} {wish}";
    wished_otherwise: "{who} wished {target} {wish}; it was set {sent}", "{who} wünschte {target} {wish}; daraus wurde {sent}";
    wished_is_so: "{who} wished {target} {wish}: it already is", "{who} wünschte {target} {wish}: so ist es schon";
    wished: "{who} wished {target} {wish}: {receipt}", "{who} wünschte {target} {wish}: {receipt}";
    pressed: "pressed", "gedrückt";
    to: "to {value}", "auf {value}";
    property_to: "{property} to {value}", "{property} auf {value}";
    holds: "{who} holds {target} {wish}", "{who} hält {target} {wish}";

    // Why.
    because: ", because {text}", ", denn {text}";
    since: " since {clock} ({ago})", " seit {clock} ({ago})";
    nothing_known_of: "nothing is known of {name} yet", "von {name} ist noch nichts bekannt";
    rule_ago: "{sentence}, {ago}", "{sentence}, {ago}";
    rule_not_yet: "rule {name} has not been set off yet", "Regel {name} wurde noch nicht ausgelöst";
    also_has: "it also has {others}", "es hat auch {others}";
    state_is: "{name} is {state}{since}: {because}", "{name} ist {state}{since}: {because}";
    by_hand: "it was moved by hand", "es wurde von Hand bewegt";
    set_it: "{who} set it {wish}{grounds}", "{who} hat das bewirkt ({wish}){grounds}";
    over: "{source} ended and nobody else wishes anything", "{source} ist zu Ende und niemand sonst wünscht etwas";
    grounds: " ({reason})", " ({reason})";
    reported_itself: "it reported that itself; nothing here had asked for it (by hand, or of its own)",
        "das hat es selbst gemeldet; nichts hier hatte es verlangt (von Hand, oder von selbst)";
    device_reported: "its device reported it", "sein Gerät hat es gemeldet";
    nothing_known: "nothing is known of it yet", "darüber ist noch nichts bekannt";
    none_needed: "none was needed: it already reports {value}", "keiner war nötig: es meldet schon {value}";
    none_sent: "none was sent: {receipt}", "keiner wurde gesendet: {receipt}";
    lock_hint: "interlock {name} is {state}{reason}; it allows {allows}{ack}",
        "Verriegelung {name} ist {state}{reason}; erlaubt ist: {allows}{ack}";
    lock_ack: "; once that is over: lares ack {name}", "; ist das vorbei: lares ack {name}";

    // The answer to "why" on a terminal.
    held: "held", "gehalten";
    led_to: "it led to", "daraus folgte";
    since_then: "and since then", "und seither";
    note: "note: {text}", "Hinweis: {text}";
    learned_later: ", learned {length} later", ", {length} später erfahren";
    claim: "claim", "Wunsch";
    claim_is: "{wish} by {source}, {level} ({number}), {until}{reason}", "{wish}: {source}, {level} ({number}), {until}{reason}";
    once: "once", "einmalig";
    until_released: "until it is released", "bis er losgelassen wird";
    until: "until {clock}", "bis {clock}";
    others: "others", "andere";
    nobody_else: "nobody else claimed it", "niemand sonst wollte etwas";
    rival_is: "{text} by {source}, {level} ({number}), {order}", "{text}: {source}, {level} ({number}), {order}";
    goes_before: "goes before", "geht vor";
    same_level: "of the same level", "gleichrangig";
    comes_after: "comes after", "steht zurück";
    command: "command", "Befehl";
    outcome: "receipt", "Quittung";
    outcome_none: "none yet", "noch keine";
    outcome_at: "{text} at {clock} ({event})", "{text} um {clock} ({event})";
    rule_word: "rule", "Regel";
    rule_at: "{rule} at {file}:{line} ({changed})", "{rule} in {file}:{line} ({changed})";
    unchanged: "unchanged since", "seither unverändert";
    changed: "it has changed since", "seither geändert";
    gone: "it is gone since", "seither entfernt";
    text_not_kept: "its text then is not kept", "der damalige Text ist nicht aufbewahrt";
    when: "when", "wenn";
    if_word: "if", "falls";
    condition: "{text} - {met}: found {found}", "{text} - {met}: gefunden {found}";
    met: "met", "trifft zu";
    not_met: "NOT MET", "TRIFFT NICHT ZU";

    // What needs somebody.
    board_take: "Take it", "Annehmen";
    board_leave: "Decline", "Ablehnen";
    board_stop: "Stop", "Stopp";
    board_end: "End", "Beenden";
    board_until: "until {time}", "bis {time}";
    board_paused: "paused", "angehalten";
    board_shopping: "Shopping", "Einkauf";
    board_todo: "To do", "Zu tun";
    board_heard: "Something was heard", "Etwas wurde gehört";
    board_here: "somebody is here", "jemand ist da";
    board_empty: "nobody is here", "niemand ist da";
    need_on: "{name} is on", "{name} schlägt an";
    need_question: "{text} (lares answer {id} yes)", "{text} (lares answer {id} yes)";
    need_kept: "nothing can be kept: {why}", "nichts kann aufbewahrt werden: {why}";
    need_set_aside: "set aside after too many failures: {path}", "nach zu vielen Fehlern beiseitegestellt: {path}";
    need_refused: "a changed configuration was refused: {problem}", "eine geänderte Konfiguration wurde abgelehnt: {problem}";
    need_is: "{name} is {status}{why}", "{name} ist {status}{why}";
    need_clear: "{name} waits for somebody to clear it{why}", "{name} wartet, dass jemand es freigibt{why}";
    why: ": {reason}", ": {reason}";

    // Interlocks.
    only: "{property}{safe} only", "nur {property}{safe}";
    only_until: "{property}{safe} only until {clock}", "nur {property}{safe} bis {clock}";
    all_bounds: "all that its bounds allow", "alles, was seine Grenzen zulassen";
    lock_is: "interlock {name} is {state}{reason}", "Verriegelung {name} ist {state}{reason}";
    lock_clear: "clear", "frei";
    lock_resting: "resting", "in Ruhe";
    lock_tripped: "tripped", "ausgelöst";
    lock_latched: "latched", "eingerastet";

    // What was said of the life graph.
    graph_says: "{who} {changes}", "{who}: {changes}";
    graph_made: "made {kind} {name}", "{kind} {name} angelegt";
    graph_made_with: "made {kind} {name} with {keys}", "{kind} {name} angelegt, mit {keys}";
    graph_put: "put {keys} of {name}", "{keys} von {name} gesetzt";
    graph_removed: "took {name} away", "{name} entfernt";
    graph_linked: "linked {from} {edge} {to}", "{from} {edge} {to} verbunden";
    graph_unlinked: "ended {from} {edge} {to}", "{from} {edge} {to} getrennt";
    graph_merged: "merged {name} into {into}", "{name} mit {into} vereint";
    graph_took: "took in {n} {samples} of {whose}", "{n} {samples} von {whose} übernommen";
    graph_corrected: "corrected {n} {samples} of {whose}", "{n} {samples} von {whose} berichtigt";
    graph_took_both: "took in {n} {samples} of {whose} and corrected {m}",
        "{n} {samples} von {whose} übernommen und {m} berichtigt";
    graph_measured: "{who} {what}, from {file}", "{who}: {what}, aus {file}";
    graph_import: "{who} took in {n} {changes} from {file}", "{who}: {n} {changes} aus {file} übernommen";
    graph_more: "{n} more", "{n} weitere";
    a_sample: "sample", "Messwert";
    samples: "samples", "Messwerte";
    a_change: "change", "Änderung";
    changes: "changes", "Änderungen";
    its_sound: "{subject}: {n} s of its sound", "{subject}: {n} s Ton davon";

    // The steps of a rule.
    step_set: "set {what}", "{what} stellen";
    step_value: " {property} {value}", " {property} {value}";
    step_for: " for {length}", ", für {length}";
    step_while: " for as long as its trigger holds", ", solange der Auslöser gilt";
    step_scene: "scene {name}{hold}", "Szene {name}{hold}";
    step_let: "let {values}", "{values} merken";
    step_delay: "wait {length}", "{length} warten";
    step_say: "say {text}", "sagen: {text}";
    step_say_in: "say {text} in {room}", "sagen: {text} (in {room})";
    step_if: "if {conditions}: {steps}", "falls {conditions}: {steps}";
    step_or_if: "; else if {conditions}: {steps}", "; sonst falls {conditions}: {steps}";
    step_else: "; else: {steps}", "; sonst: {steps}";
    step_times: "{n} times: {steps}", "{n}-mal: {steps}";
    step_again_while: "again while {conditions}: {steps}", "immer wieder, solange {conditions}: {steps}";
    step_again_until: "again until {conditions}: {steps}", "immer wieder, bis {conditions}: {steps}";
    step_beside: "side by side: {all}", "nebeneinander: {all}";
    step_wait_for: "wait for {what}{most}", "warten auf: {what}{most}";
    step_wait_until: "wait until {what}{most}", "warten, bis {what}{most}";
    step_at_most: ", at most {length}", ", höchstens {length}";
    step_ask: "ask {text}", "fragen: {text}";
    step_if_yes: "; if yes: {steps}", "; bei Ja: {steps}";
    step_stop: "stop: {reason}", "aufhören: \"{reason}\"";
    step_then: ", then ", ", dann ";
    step_release: "let go of {target}", "{target} loslassen";
    step_end: "end: {text}: {found}", "Ende: {text}: {found}";
    joint_or: " or ", " oder ";
    joint_and: " and ", " und ";
    target_group: "group {key}", "Gruppe {key}";
    target_every: "every {kind} in {room}", "alle {kind} in {room}";
    target_room: "everything in {room}", "alles in {room}";
    target_fits: "everything that fits `{filter}`", "alles, was zu `{filter}` passt";
}
