//! What the house says of the day. `{}` is what it is about.

use lares_model::by_language;

/// The words of one language.
pub(super) struct BriefingWords {
    /// Things that report what nobody wants.
    pub alarm: &'static str,
    pub events: &'static str,
    pub no_events: &'static str,
    pub due: &'static str,
    pub late: &'static str,
    pub home: &'static str,
    pub nobody: &'static str,
    pub low: &'static str,
    pub ill: &'static str,
    /// So many that are not named.
    pub more: &'static str,
    pub nothing: &'static str,
}

const EN: BriefingWords = BriefingWords {
    alarm: "Look at this at once: {}.",
    events: "Today: {}.",
    no_events: "Nothing is in the calendar for the rest of today.",
    due: "To be done today: {}.",
    late: "Overdue: {}.",
    home: "At home: {}.",
    nobody: "Nobody is at home.",
    low: "The battery is low: {}.",
    ill: "Out of reach: {}.",
    more: "{} more",
    nothing: "There is nothing to tell.",
};
const DE: BriefingWords = BriefingWords {
    alarm: "Bitte gleich ansehen: {}.",
    events: "Heute: {}.",
    no_events: "Im Kalender steht heute nichts mehr.",
    due: "Heute zu tun: {}.",
    late: "Überfällig: {}.",
    home: "Zu Hause: {}.",
    nobody: "Niemand ist zu Hause.",
    low: "Die Batterie ist schwach: {}.",
    ill: "Nicht erreichbar: {}.",
    more: "{} weitere",
    nothing: "Es gibt nichts zu berichten.",
};
const ES: BriefingWords = BriefingWords {
    alarm: "Mírelo enseguida: {}.",
    events: "Hoy: {}.",
    no_events: "No queda nada en el calendario de hoy.",
    due: "Para hoy: {}.",
    late: "Atrasado: {}.",
    home: "En casa: {}.",
    nobody: "No hay nadie en casa.",
    low: "Batería baja: {}.",
    ill: "Sin conexión: {}.",
    more: "{} más",
    nothing: "No hay nada que contar.",
};
const FR: BriefingWords = BriefingWords {
    alarm: "À voir tout de suite : {}.",
    events: "Aujourd'hui : {}.",
    no_events: "Plus rien au calendrier aujourd'hui.",
    due: "À faire aujourd'hui : {}.",
    late: "En retard : {}.",
    home: "À la maison : {}.",
    nobody: "Il n'y a personne à la maison.",
    low: "Batterie faible : {}.",
    ill: "Hors d'atteinte : {}.",
    more: "{} de plus",
    nothing: "Il n'y a rien à dire.",
};
const NL: BriefingWords = BriefingWords {
    alarm: "Kijk hier meteen naar: {}.",
    events: "Vandaag: {}.",
    no_events: "Er staat vandaag niets meer in de agenda.",
    due: "Te doen vandaag: {}.",
    late: "Te laat: {}.",
    home: "Thuis: {}.",
    nobody: "Er is niemand thuis.",
    low: "De batterij is bijna leeg: {}.",
    ill: "Niet bereikbaar: {}.",
    more: "nog {}",
    nothing: "Er is niets te vertellen.",
};

impl BriefingWords {
    pub fn of(language: &str) -> &'static Self {
        by_language(language, [&EN, &DE, &ES, &FR, &NL])
    }
}
