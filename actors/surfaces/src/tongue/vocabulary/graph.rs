//! What people put down, in the household's words: edges, what a node says of itself, and how much a rule does by itself. In English they
//! are called as commands call them.

use lares_model::{Autonomy, EdgeKind};

use super::super::Tongue;

impl Tongue {
    /// What an edge is called from where it begins: `part of`.
    pub(crate) fn edge_called(self, edge: EdgeKind) -> String {
        match self {
            Self::English => edge.name().to_owned(),
            Self::German => german_edge(edge).to_owned(),
        }
    }

    /// What a node's property is called; a household's own is as it called it.
    pub(crate) fn said_called(self, property: &str) -> String {
        let german = GERMAN.iter().find(|(name, _)| *name == property && self == Self::German);
        german.map_or(property, |(_, word)| word).to_owned()
    }

    /// How much a rule does by itself.
    pub(crate) fn autonomy_called(self, autonomy: Autonomy) -> String {
        let german = match autonomy {
            Autonomy::Observe => "Zusehen",
            Autonomy::Suggest => "Vorschlagen",
            Autonomy::Ask => "Fragen",
            Autonomy::ActWithUndo => "Handeln mit Rücknahme",
            Autonomy::Act => "Handeln",
        };
        if self == Self::German { german.to_owned() } else { autonomy.name().to_owned() }
    }
}

fn german_edge(edge: EdgeKind) -> &'static str {
    use EdgeKind as E;
    match edge {
        E::LocatedIn => "ist in",
        E::PartOf => "Teil von",
        E::Via => "über",
        E::MemberOf => "Mitglied von",
        E::Owns => "Eigentümer von",
        E::ResponsibleFor => "zuständig für",
        E::DependsOn => "abhängig von",
        E::Blocks => "im Weg für",
        E::Produces => "Hersteller von",
        E::Consumes => "Verbraucher von",
        E::RequiresSkill => "erfordert Können in",
        E::ScheduledAt => "angesetzt auf",
        E::MeasuredBy => "gemessen durch",
        E::Controls => "steuert",
        E::DerivedFrom => "abgeleitet aus",
        E::Mentions => "erwähnt",
        E::Supersedes => "ersetzt",
        E::About => "handelt von",
        E::Attends => "Gast bei",
        E::PrescribedTo => "verschrieben für",
        E::Follows => "folgt auf",
        E::Knows => "bekannt mit",
        E::Can => "kann",
        E::Serves => "dient",
        E::Uses => "benutzt",
        E::PaidFrom => "bezahlt von",
        E::ParentOf => "Elternteil von",
    }
}

/// Properties of nodes, as the descriptors of the model name them.
const GERMAN: &[(&str, &str)] = &[
    ("account", "Konto"),
    ("account_type", "Art des Kontos"),
    ("address", "Anschrift"),
    ("amount", "Menge"),
    ("area", "Bereich"),
    ("at", "Zeitpunkt"),
    ("barcode", "Strichcode"),
    ("best_before", "haltbar bis"),
    ("birthday", "Geburtstag"),
    ("body", "Text"),
    ("bought", "gekauft am"),
    ("calendar", "Kalender"),
    ("channel", "Kanal"),
    ("code", "Code"),
    ("completed", "erledigt am"),
    ("contact_type", "Art des Kontakts"),
    ("cue", "Anlass"),
    ("currency", "Währung"),
    ("declared", "angegeben"),
    ("description", "Beschreibung"),
    ("direction", "Richtung"),
    ("dose", "Dosis"),
    ("due", "fällig am"),
    ("email", "E-Mail"),
    ("end", "Ende"),
    ("file", "Datei"),
    ("grams", "Gramm"),
    ("grounds", "Gründe"),
    ("iban", "IBAN"),
    ("ical", "Kalenderzeilen"),
    ("ingredients", "Zutaten"),
    ("labels", "Etiketten"),
    ("language", "Sprache"),
    ("link", "Verbindung"),
    ("mark", "Kennzeichen"),
    ("material", "Material"),
    ("media", "Medium"),
    ("minutes", "Minuten"),
    ("minutes_a_day", "Minuten am Tag"),
    ("next_step", "nächster Schritt"),
    ("nickname", "Spitzname"),
    ("organisation", "Organisation"),
    ("outcome", "Ergebnis"),
    ("payee", "Empfänger"),
    ("percent", "Prozent"),
    ("period", "Zeitraum"),
    ("phone", "Telefon"),
    ("place", "Ort"),
    ("postings", "Buchungen"),
    ("priority", "Rang"),
    ("reason", "Grund"),
    ("record", "Art des Eintrags"),
    ("ref", "Bezug"),
    ("remark", "Bemerkung"),
    ("removed", "entfernt"),
    ("reorder_at", "nachkaufen bei"),
    ("role", "Rolle"),
    ("room", "Raum"),
    ("rrule", "Wiederholung"),
    ("seconds_kept", "aufbewahrte Sekunden"),
    ("serial", "Seriennummer"),
    ("source", "Quelle"),
    ("stale_after_ms", "veraltet nach (ms)"),
    ("start", "Beginn"),
    ("status", "Stand"),
    ("step", "Schritt"),
    ("steps", "Schritte"),
    ("system", "Anlage"),
    ("time_zone", "Zeitzone"),
    ("uid", "Kennung"),
    ("unit", "Einheit"),
    ("url", "Adresse"),
    ("valid_from", "gilt ab"),
    ("valid_to", "gilt bis"),
    ("value", "Wert"),
    ("vcard", "Kartenzeilen"),
    ("warranty_until", "Garantie bis"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use lares_model::{COMMON, FEATURES};

    use super::*;

    #[test]
    fn every_property_that_a_node_can_have_has_a_german_word() {
        let described = FEATURES.iter().flat_map(|(_, kinds)| *kinds).flat_map(|kind| kind.props);
        let all: BTreeSet<&str> = described.chain(COMMON).map(|prop| prop.name).collect();
        let known: BTreeSet<&str> = GERMAN.iter().map(|(name, _)| *name).collect();
        let missing: Vec<&&str> = all.difference(&known).collect();
        assert!(missing.is_empty(), "no German word for {missing:?}");
        assert_eq!(GERMAN.len(), known.len(), "each once");
        assert_eq!(Tongue::German.said_called("due"), "fällig am");
        assert_eq!(Tongue::German.said_called("my_shoe_size"), "my_shoe_size");
        for edge in EdgeKind::ALL {
            assert_ne!(Tongue::German.edge_called(*edge), Tongue::English.edge_called(*edge));
        }
        for autonomy in Autonomy::ALL {
            assert_ne!(Tongue::German.autonomy_called(*autonomy), Tongue::English.autonomy_called(*autonomy));
        }
    }
}
