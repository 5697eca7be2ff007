//! Sentences against a small house.

use super::*;

fn house() -> CompiledHouse {
    let area = |name: &str, more: &str| Place {
        id: name.to_lowercase(),
        names: vec![name.to_owned(), more.to_owned()],
        floor: None,
    };
    let thing = |name: &str, domain: &str, area: &str| Thing {
        id: format!("{domain}.{}", name.to_lowercase()),
        names: vec![name.to_owned()],
        domain: domain.to_owned(),
        device_class: None,
        area: Some(area.to_owned()),
    };
    CompiledHouse::new(House {
        floors: Vec::new(),
        areas: vec![area("Kitchen", "Küche"), area("Office", "Büro")],
        things: vec![thing("Reading Lamp", "light", "office"), thing("Front Door", "lock", "kitchen")],
    })
}

fn best(language: &str, sentence: &str) -> Option<Understood> {
    Languages::load(language, &[]).unwrap().understand(sentence, &house()).into_iter().next()
}

#[test]
fn every_language_compiles() {
    for language in Languages::ALL {
        assert!(Languages::load(language, &[]).is_ok(), "{:?}", Languages::load(language, &[]).err());
    }
    assert!(Languages::load("xx", &[]).unwrap_err().to_string().contains("en, de, es, fr, nl"));
}

#[test]
fn a_room_s_lights_in_two_languages() {
    for (language, sentence) in [
        ("en", "Please turn on the kitchen lights!"),
        ("en", "turn the lights on in the kitchen"),
        ("de", "Schalte das Licht in der Küche ein"),
        ("de", "Küchenlicht an"),
    ] {
        let meant = best(language, sentence).unwrap_or_else(|| panic!("{sentence}"));
        assert_eq!(meant.intent, "HassTurnOn", "{sentence}");
        assert_eq!(meant.text("domain"), Some("light"), "{sentence}");
        assert_eq!(meant.slots.get("area"), Some(&SlotValue::Area(0)), "{sentence}");
    }
}

#[test]
fn a_named_thing_and_its_brightness_in_words() {
    let meant = best("en", "set the reading lamp to twenty five percent").unwrap();
    assert_eq!((meant.intent.as_str(), meant.thing()), ("HassLightSet", Some(0)));
    assert_eq!(meant.number("brightness"), Some(25.0));
}

#[test]
fn a_lock_is_locked_and_never_switched() {
    assert_eq!(best("en", "lock the front door").unwrap().intent, "HassTurnOn");
    assert_eq!(best("en", "unlock the front door").unwrap().intent, "HassTurnOff");
    assert_eq!(best("en", "turn off the front door"), None);
}

#[test]
fn what_nobody_wrote_a_sentence_for_is_not_understood() {
    assert_eq!(best("en", "the quick brown fox"), None);
    assert_eq!(best("en", ""), None);
    assert_eq!(best("en", &"lights ".repeat(1000)), None);
}

#[test]
fn a_user_s_own_file_in_the_home_assistant_format_is_read() {
    let own = "language: en\nintents:\n  HassTurnOn:\n    data:\n      - sentences:\n          - \"let there be light[s] [in <spot>]\"\n        slots:\n          domain: light\nexpansion_rules:\n  spot: \"[the] {area}\"\n";
    let language = Languages::load("en", &[own.to_owned()]).unwrap();
    let meant = language.understand("Let there be light in the office", &house()).remove(0);
    assert_eq!(meant.slots.get("area"), Some(&SlotValue::Area(1)));
}

#[test]
fn a_fault_in_a_user_s_file_says_which_template() {
    let own = |sentence: &str| {
        let yaml = format!("intents:\n  X:\n    data:\n      - sentences: [\"{sentence}\"]\n");
        Languages::load("en", &[yaml]).unwrap_err().to_string()
    };
    assert!(own("a <nothing>").contains("`a <nothing>`: there is no rule `<nothing>`"));
    assert!(own("a {nothing}").contains("there is no list `{nothing}`"));
    assert!(own("a (b").contains("lacks its `)`"));
}

/// Sentences of every kind, with what stands in the small house and what does not.
const MANY: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "turn off the reading lamp",
            "is the front door locked",
            "set a pizza timer for an hour and a half",
            "kitchen lights 20%",
        ],
    ),
    (
        "de",
        &[
            "mach das Küchenlicht aus",
            "wie viele Fenster sind offen",
            "stelle einen Timer auf anderthalb Stunden",
            "20 Grad hier",
        ],
    ),
    (
        "es",
        &[
            "apaga la kitchen",
            "¿hay humo en la kitchen?",
            "pon un temporizador de media hora",
            "sube el volumen un 20 %",
        ],
    ),
    (
        "fr",
        &[
            "éteins l'office",
            "la front door est-elle verrouillée",
            "minuteur d'une heure",
            "ajoute du lait à la liste de courses",
        ],
    ),
    (
        "nl",
        &[
            "doe het licht in de kitchen uit",
            "staat er ergens een raam open",
            "zet een timer voor anderhalf uur",
            "speel Queen af",
        ],
    ),
];

#[test]
fn what_is_put_aside_could_not_have_fitted() {
    for (name, sentences) in MANY {
        let language = Languages::load(name, &[]).unwrap();
        let mut all = language.clone();
        all.needs = needs::Needs::default();
        for sentence in *sentences {
            let found = language.understand(sentence, &house());
            assert!(!found.is_empty(), "{sentence}");
            assert_eq!(found, all.understand(sentence, &house()), "{sentence}");
        }
    }
}

#[test]
fn a_kind_that_the_house_has_is_likelier_and_any_of_a_kind_is_not_the_one_called_so() {
    let thing = |name: &str, domain: &str, class: &str, area: &str| Thing {
        id: name.to_lowercase(),
        names: vec![name.to_owned()],
        domain: domain.to_owned(),
        device_class: Some(class.to_owned()),
        area: Some(area.to_owned()),
    };
    let area = |id: &str, name: &str| Place { id: id.to_owned(), names: vec![name.to_owned()], floor: None };
    let house = CompiledHouse::new(House {
        floors: Vec::new(),
        areas: vec![area("kitchen", "Kitchen"), area("garage", "Garage")],
        things: vec![
            thing("Left", "binary_sensor", "window", "kitchen"),
            thing("Skylight", "cover", "window", "garage"),
            thing("Big door", "cover", "garage", "garage"),
            thing("Gas", "binary_sensor", "gas", "kitchen"),
        ],
    });
    let english = Languages::load("en", &[]).unwrap();
    let best = |sentence: &str| english.understand(sentence, &house).remove(0);
    assert_eq!(best("are any windows open in the kitchen").text("domain"), Some("binary_sensor"));
    assert_eq!(best("are any windows open in the garage").text("domain"), Some("cover"));
    assert_eq!(best("open the garage door").text("device_class"), Some("garage"));
    assert_eq!(best("is the gas detected").thing(), Some(3));
    assert_eq!(best("is any gas detected").thing(), None);
}

#[test]
fn any_words_may_end_within_a_word_where_something_is_written_to_them() {
    let own = "intents:\n  X:\n    data:\n      - sentences: [\"spiel {was:query}playlist\"]\nlists:\n  was: {wildcard: true}\n";
    let german = Languages::of("de", [own].into_iter()).unwrap();
    let best = |sentence: &str| german.understand(sentence, &house()).into_iter().next();
    assert_eq!(best("spiel Sommerhitsplaylist").unwrap().text("query"), Some("Sommerhits"));
    assert_eq!(best("spiel Sommerhits"), None);
}

#[test]
fn a_space_forgotten_after_a_name_is_put_there_where_nothing_else_is_meant() {
    let meant = best("en", "turn on the reading lampin the office").unwrap();
    assert_eq!((meant.thing(), meant.slots.get("area")), (Some(0), Some(&SlotValue::Area(1))));
    assert_eq!(best("en", "turn on the reading lampshades"), None);
    assert_eq!(best("de", "anderthalb Stunden mehr").unwrap().number("minutes"), Some(90.0));
}

#[test]
fn words_that_say_nothing_may_stand_anywhere_unless_any_words_could_be_meant() {
    let meant = best("en", "turn on really my the kitchen lights thanks").unwrap();
    assert_eq!((meant.intent.as_str(), meant.slots.get("area")), ("HassTurnOn", Some(&SlotValue::Area(0))));
    assert_eq!(best("de", "die danke den"), None);
    // Without the fillers this would be a thing of any words.
    assert_eq!(best("en", "add milk to the list").unwrap().intent, "HassShoppingListAddItem");
    assert_eq!(best("en", "add milk to really the list"), None);
}

/// Words that may stand anywhere must not make an order of what is told, denied or said to somebody else.
#[test]
fn what_is_told_or_denied_is_no_order() {
    for (language, sentence) in [
        ("en", "don't turn on the kitchen lights"),
        ("en", "I turned off the kitchen lights"),
        ("en", "did you turn off the kitchen lights"),
        ("en", "the light in the kitchen is beautiful"),
        ("en", "close your eyes"),
        ("en", "turn left at the office"),
        ("de", "mach das Licht in der Küche nicht an"),
        ("de", "ich habe das Licht in der Küche ausgemacht"),
        ("de", "fahr das Auto ins Büro"),
        ("es", "no enciendas la luz de la kitchen"),
        ("es", "quién apagó la luz"),
        ("fr", "n'éteins jamais la lumière de la kitchen"),
        ("fr", "j'ai éteint la lumière de la kitchen"),
        ("nl", "doe het licht in de kitchen niet aan"),
        ("nl", "ik heb het licht in de kitchen uitgedaan"),
    ] {
        assert_eq!(best(language, sentence), None, "{language}: {sentence}");
    }
}

#[test]
fn a_scene_is_never_started_by_a_word_that_ends_it() {
    let house = CompiledHouse::new(House {
        floors: Vec::new(),
        areas: Vec::new(),
        things: vec![Thing {
            id: "party".to_owned(),
            names: vec!["Party".to_owned()],
            domain: "scene".to_owned(),
            device_class: None,
            area: None,
        }],
    });
    for (language, starts, ends) in [
        ("de", "Szene Party starten", "schalte Party aus"),
        ("de", "Party Szene an", "Party aus"),
        ("en", "party scene", "party off"),
        ("es", "la escena Party", "apaga Party"),
    ] {
        let language = Languages::load(language, &[]).unwrap();
        let intent = |sentence| language.understand(sentence, &house).first().map(|u| u.intent.clone());
        assert_eq!(intent(starts).as_deref(), Some("HassTurnOn"), "{starts}");
        assert_ne!(intent(ends).as_deref(), Some("HassTurnOn"), "{ends}");
    }
}

#[test]
fn switched_on_is_not_set_to_one() {
    let house = CompiledHouse::new(House {
        floors: Vec::new(),
        areas: Vec::new(),
        things: vec![Thing {
            id: "heating".to_owned(),
            names: vec!["Thermostat Bad".to_owned()],
            domain: "climate".to_owned(),
            device_class: None,
            area: None,
        }],
    });
    let german = Languages::load("de", &[]).unwrap();
    let intent = |sentence| german.understand(sentence, &house).first().map(|u| u.intent.clone());
    assert_eq!(intent("Thermostat Bad ein").as_deref(), Some("HassTurnOn"));
    assert_eq!(intent("Thermostat Bad auf ein Grad").as_deref(), Some("HassClimateSetTemperature"));
}

#[test]
fn a_part_of_a_number_in_a_name_is_no_brightness() {
    assert_eq!(best("en", "set the reading lamp to 1").unwrap().number("brightness"), Some(1.0));
    assert_eq!(best("en", "turn the reading lamp 2 on"), None);
    assert_eq!(best("de", "schalte Reading Lamp ein").unwrap().intent, "HassTurnOn");
}

#[test]
fn too_many_parts_in_any_order_are_told() {
    let sentence = (0..20).map(|n| format!("a{n}")).collect::<Vec<_>>().join(";");
    let yaml = format!("intents:\n  X:\n    data:\n      - sentences: [\"({sentence})\"]\n");
    assert!(Languages::load("en", &[yaml]).unwrap_err().to_string().contains("parts in any order"));
}

/// How people say it who do not say it like the corpus does: other words for the same, other forms of the same verb.
#[test]
fn other_words_for_the_same_are_understood() {
    for (language, sentence, intent) in [
        ("en", "whats todays date", "HassGetCurrentDate"),
        ("en", "mow our lawn", "HassLawnMowerStartMowing"),
        ("en", "pause the tv shows", "HassMediaPause"),
        ("de", "mach stumm", "HassMediaPlayerMute"),
        ("de", "stell den Fernseher stumm", "HassMediaPlayerMute"),
        ("de", "stell die Lautstärke auf 30", "HassSetVolume"),
        ("es", "cancele el temporizador", "HassCancelTimer"),
        ("es", "añada manzanas a la lista", "HassShoppingListAddItem"),
        ("es", "suba el volumen", "HassSetVolumeRelative"),
        ("es", "active el sonido", "HassMediaPlayerUnmute"),
        ("fr", "mets un décompte de 15 minutes", "HassStartTimer"),
        ("fr", "relance le décompte", "HassUnpauseTimer"),
        ("fr", "coupe l'herbe", "HassLawnMowerStartMowing"),
        ("fr", "passe à la vidéo suivante", "HassMediaNext"),
        ("nl", "annuleer alle eierwekkers", "HassCancelAllTimers"),
        ("nl", "volgende video opzetten", "HassMediaNext"),
        ("en", "change the reading lamp lamps to off", "HassTurnOff"),
        ("de", "dreh den Reading Lamp Schalter auf", "HassTurnOn"),
        ("de", "zum nächsten Song vorspulen", "HassMediaNext"),
        ("es", "prendé las ampolletas acá", "HassTurnOn"),
        ("es", "indíqueme la hora", "HassGetCurrentTime"),
        ("fr", "stoppe le visionnage de la série", "HassMediaPause"),
        ("fr", "minuteur de 1h30", "HassStartTimer"),
        ("nl", "sla deze aflevering over", "HassMediaNext"),
        ("en", "dim to 40 percent", "HassLightSet"),
        ("de", "stell die Farbe blau", "HassLightSet"),
        ("de", "reduziere die Lautstärke etwas", "HassSetVolumeRelative"),
        ("es", "decíme qué fecha es hoy", "HassGetCurrentDate"),
        ("fr", "donnez-moi la météo", "HassGetWeather"),
        ("nl", "wie heeft jou bedacht", "HassRespond"),
    ] {
        let meant = best(language, sentence).unwrap_or_else(|| panic!("{language}: {sentence}"));
        assert_eq!(meant.intent, intent, "{sentence}");
    }
}
