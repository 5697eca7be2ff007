//! Kinds of node, in German.

use super::Tongue;

impl Tongue {
    /// The word of a kind of node; one that a household made itself is its own.
    pub(crate) fn kind(self, name: &str) -> &str {
        let german = match name {
            "household" => "Haushalt",
            "floor" => "Etage",
            "room" => "Raum",
            "zone" => "Bereich",
            "person" => "Person",
            "device" => "Gerät",
            "entity" => "Teil",
            "rule" => "Regel",
            "goal" => "Ziel",
            "project" => "Vorhaben",
            "task" => "Aufgabe",
            "habit" => "Gewohnheit",
            "event" => "Termin",
            "contact" => "Kontakt",
            "inventory_item" => "Vorrat",
            "account" => "Konto",
            "transaction" => "Buchung",
            "budget" => "Budget",
            "batch" => "Charge",
            "recipe" => "Rezept",
            "harvest" => "Ernte",
            "print_job" => "Druckauftrag",
            "document" => "Dokument",
            "note" => "Notiz",
            "call" => "Anruf",
            other => other,
        };
        if self == Self::German { german } else { name }
    }
}
