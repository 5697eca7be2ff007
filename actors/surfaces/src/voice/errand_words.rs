//! What the house says of lists, announcements and the weather.

use lares_model::by_language;

/// The words of one language. `{}` is what they are about, the list after what stands on it.
pub(super) struct ErrandWords {
    pub shopping: &'static str,
    pub todo: &'static str,
    /// A list that somebody made.
    pub own: &'static str,
    pub list_made: &'static str,
    pub list_there: &'static str,
    pub no_list: &'static str,
    pub added: &'static str,
    pub ticked: &'static str,
    /// The list, then what stands on it.
    pub has: &'static str,
    pub empty: &'static str,
    pub not_there: &'static str,
    pub announced: &'static str,
    pub nothing_speaks: &'static str,
    pub no_weather: &'static str,
    /// In small letters, without accents: in the names of what is outside.
    pub outside: &'static [&'static str],
    /// How the to-do list is called.
    pub todo_names: &'static [&'static str],
}

const EN: ErrandWords = ErrandWords {
    shopping: "the shopping list",
    todo: "the to-do list",
    own: "the {} list",
    list_made: "The list \"{}\" is there.",
    list_there: "There is a list \"{}\" already.",
    no_list: "I cannot make such a list.",
    added: "{} is on {}.",
    ticked: "{} is done, on {}.",
    has: "On {}: {}.",
    empty: "There is nothing on {}.",
    not_there: "{} is not on {}.",
    announced: "Said in: {}.",
    nothing_speaks: "There is no room in which I could say that.",
    no_weather: "Nothing in this house knows the weather.",
    outside: &["outside", "outdoor"],
    todo_names: &["to-do", "tasks", "task"],
};
const DE: ErrandWords = ErrandWords {
    shopping: "der Einkaufsliste",
    todo: "der Aufgabenliste",
    own: "der Liste {}",
    list_made: "Die Liste \"{}\" ist da.",
    list_there: "Es gibt schon eine Liste \"{}\".",
    no_list: "So eine Liste kann ich nicht machen.",
    added: "{} steht auf {}.",
    ticked: "{} ist erledigt, auf {}.",
    has: "Auf {}: {}.",
    empty: "Auf {} steht nichts.",
    not_there: "{} steht nicht auf {}.",
    announced: "Gesagt in: {}.",
    nothing_speaks: "Es gibt keinen Raum, in dem ich das sagen könnte.",
    no_weather: "Nichts in diesem Haus kennt das Wetter.",
    outside: &["draussen", "aussen", "balkon", "garten"],
    todo_names: &["Aufgaben", "Aufgabenliste"],
};
const ES: ErrandWords = ErrandWords {
    shopping: "la lista de la compra",
    todo: "la lista de tareas",
    own: "la lista {}",
    list_made: "La lista «{}» está lista.",
    list_there: "Ya hay una lista «{}».",
    no_list: "No puedo hacer una lista así.",
    added: "{} está en {}.",
    ticked: "{} está hecho, en {}.",
    has: "En {}: {}.",
    empty: "No hay nada en {}.",
    not_there: "{} no está en {}.",
    announced: "Dicho en: {}.",
    nothing_speaks: "No hay ninguna habitación donde pueda decirlo.",
    no_weather: "Nada en esta casa conoce el tiempo.",
    outside: &["fuera", "exterior", "jardin"],
    todo_names: &["tareas", "pendientes"],
};
const FR: ErrandWords = ErrandWords {
    shopping: "la liste de courses",
    todo: "la liste des tâches",
    own: "la liste {}",
    list_made: "La liste « {} » est là.",
    list_there: "Il y a déjà une liste « {} ».",
    no_list: "Je ne peux pas faire une telle liste.",
    added: "{} est sur {}.",
    ticked: "{}, c'est fait, sur {}.",
    has: "Sur {} : {}.",
    empty: "Il n'y a rien sur {}.",
    not_there: "{} n'est pas sur {}.",
    announced: "Dit dans : {}.",
    nothing_speaks: "Il n'y a aucune pièce où je pourrais le dire.",
    no_weather: "Rien dans cette maison ne connaît la météo.",
    outside: &["dehors", "exterieur", "jardin"],
    todo_names: &["tâches"],
};
const NL: ErrandWords = ErrandWords {
    shopping: "de boodschappenlijst",
    todo: "de takenlijst",
    own: "de lijst {}",
    list_made: "De lijst \"{}\" is er.",
    list_there: "Er is al een lijst \"{}\".",
    no_list: "Zo'n lijst kan ik niet maken.",
    added: "{} staat op {}.",
    ticked: "{} is gedaan, op {}.",
    has: "Op {}: {}.",
    empty: "Er staat niets op {}.",
    not_there: "{} staat niet op {}.",
    announced: "Gezegd in: {}.",
    nothing_speaks: "Er is geen kamer waar ik dat kan zeggen.",
    no_weather: "Niets in dit huis kent het weer.",
    outside: &["buiten", "tuin"],
    todo_names: &["taken"],
};

impl ErrandWords {
    pub fn of(language: &str) -> &'static Self {
        by_language(language, [&EN, &DE, &ES, &FR, &NL])
    }
}
