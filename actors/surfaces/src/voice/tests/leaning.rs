//! Several wishes in one sentence, and sentences that lean on the one before; lists and reminders.

use super::*;

fn talks(language: &str, sentences: &[&str]) -> Vec<Vec<String>> {
    let mut last: Option<Last> = None;
    let mut all = Vec::new();
    for text in sentences {
        let talked = after(last.as_ref(), &Sentence { text, language, ..Sentence::default() });
        assert!(talked.view.ok, "{text}: {:?}", talked.view);
        all.push(sets(&talked.view));
        last = Some(talked.last);
    }
    all
}

#[test]
fn several_wishes_in_one_sentence() {
    let both = ["lamp.light on=false", "blind.cover position=0"];
    for (language, text) in [
        ("en", "turn off the kitchen lamp and close the blind"),
        ("en", "turn off the kitchen lamp, close the blind"),
        ("de", "schalte die Kitchen lamp aus und schließe Blind"),
        ("es", "apaga la Kitchen lamp y cierra Blind"),
        ("fr", "éteins Kitchen lamp et ferme Blind"),
        ("nl", "doe de Kitchen lamp uit en sluit Blind"),
    ] {
        assert_eq!(talks(language, &[text]), [both], "{text}");
    }
    assert_eq!(
        talks("en", &["turn on the kitchen lamp and the bed lamp, and close the blind"]),
        [["lamp.light on=true", "bed.light on=true", "blind.cover position=0"]]
    );
    assert_eq!(
        talks("en", &["turn on the bed lamp and set it to 20 percent"]),
        [["bed.light on=true", "bed.light brightness=20.0"]]
    );
    let mixed = say("turn off the kitchen lamp and set a timer for 5 minutes");
    assert_eq!((sets(&mixed), mixed.timers.len()), (vec!["lamp.light on=false".to_owned()], 1));
    let half = say("turn off the kitchen lamp and make me a sandwich");
    assert!(!half.ok && half.sets.is_empty(), "all or nothing: {half:?}");
    let asks = say("turn off the kitchen lamp and unlock the front door");
    assert!(asks.asks && asks.sets.is_empty() && asks.answer.contains("Front door"), "{asks:?}");
}

#[test]
fn a_sentence_leans_on_the_one_before() {
    assert_eq!(
        talks(
            "en",
            &["turn on the kitchen lamp", "and the bedroom too", "turn it off again", "and the kitchen lamp"]
        ),
        [["lamp.light on=true"], ["bed.light on=true"], ["bed.light on=false"], ["lamp.light on=false"]]
    );
    for (language, first, second, third) in [
        ("de", "schalte die Bed lamp ein", "und die Kitchen lamp auch", "mach sie wieder aus"),
        ("es", "enciende Bed lamp", "y Kitchen lamp también", "apágala de nuevo"),
        ("fr", "allume Bed lamp", "et Kitchen lamp aussi", "éteins-la"),
        ("nl", "doe de Bed lamp aan", "en de Kitchen lamp ook", "doe hem weer uit"),
    ] {
        assert_eq!(
            talks(language, &[first, second, third]),
            [["bed.light on=true"], ["lamp.light on=true"], ["lamp.light on=false"]],
            "{language}"
        );
    }
    assert_eq!(
        talks("en", &["set the kitchen lights to 20 percent", "and the bedroom lights", "turn them off"]),
        [["lamp.light brightness=20.0"], ["bed.light brightness=20.0"], ["bed.light on=false"]]
    );
    let first =
        after(None, &Sentence { text: "turn on the kitchen lamp", language: "en", ..Sentence::default() });
    let no = Sentence { text: "no, the bedroom", language: "en", ..Sentence::default() };
    let corrected = after(Some(&first.last), &no);
    assert!(corrected.corrects && !first.corrects);
    assert_eq!(sets(&corrected.view), ["bed.light on=true"]);
    // Without anything before it they mean nothing.
    for text in ["and the bedroom too", "turn it off again", "no, the bedroom"] {
        assert!(!say(text).ok, "{text}");
    }
}

#[test]
fn a_value_alone_is_for_what_was_talked_about() {
    for (language, first, value) in [
        ("en", "turn on the Bed lamp", "and fifty percent"),
        ("en", "turn on the Bed lamp", "to 50 percent"),
        ("de", "schalte die Bed lamp ein", "und fünfzig Prozent"),
        ("es", "enciende Bed lamp", "y al cincuenta por ciento"),
        ("fr", "allume Bed lamp", "et cinquante pour cent"),
        ("nl", "doe de Bed lamp aan", "en vijftig procent"),
    ] {
        assert_eq!(
            talks(language, &[first, value]),
            [["bed.light on=true"], ["bed.light brightness=50.0"]],
            "{value}"
        );
    }
    assert_eq!(talks("en", &["close the blind", "and 30 percent"])[1], ["blind.cover position=30.0"]);
    assert_eq!(talks("en", &["turn on the kitchen lamp", "and red"])[1], ["lamp.light color=\"#ff0000\""]);
    assert!(!say("and fifty percent").ok, "of nothing");
    // A sentence with a verb of its own leans on nothing.
    assert_eq!(
        talks("en", &["turn off the Bed lamp", "turn on the Bed lamp"]),
        [["bed.light on=false"], ["bed.light on=true"]]
    );
}

#[test]
fn a_bare_answer_says_which_was_meant() {
    let ask = |text: &str, language: &str| {
        let asked = after(None, &Sentence { text, language, ..Sentence::default() });
        assert!(!asked.view.ok && asked.view.sets.is_empty(), "{asked:?}");
        assert_eq!(asked.last.asked, ["lamp.light", "bed.light"], "{asked:?}");
        asked.last
    };
    for (language, question, answer, meant) in [
        ("en", "turn off light", "the kitchen one", "lamp.light on=false"),
        ("en", "turn off light", "the second one", "bed.light on=false"),
        ("en", "turn off light", "bed lamp", "bed.light on=false"),
        ("de", "schalte light aus", "die zweite", "bed.light on=false"),
        ("es", "apaga light", "la última", "bed.light on=false"),
        ("fr", "éteins light", "la première", "lamp.light on=false"),
        ("nl", "doe light uit", "de eerste", "lamp.light on=false"),
    ] {
        let last = ask(question, language);
        let answered = after(Some(&last), &Sentence { text: answer, language, ..Sentence::default() });
        assert_eq!(sets(&answered.view), [meant], "{question}: {answer}");
    }
    // What tells nothing is no answer, and another wish is another wish.
    let last = ask("turn off light", "en");
    assert!(
        !after(Some(&last), &Sentence { text: "the other", language: "en", ..Sentence::default() }).view.ok
    );
    assert!(
        !after(Some(&last), &Sentence { text: "turn it off", language: "en", ..Sentence::default() }).view.ok
    );
    let other = Sentence { text: "close the blind", language: "en", ..Sentence::default() };
    assert_eq!(sets(&after(Some(&last), &other).view), ["blind.cover position=0"]);
}

#[test]
fn lists_are_read_and_written() {
    let tasks = |spoken: &SpokenView| {
        let words = |t: &crate::voice::SpokenTask| format!("{} {} {}", t.task, t.status, t.known);
        spoken.tasks.iter().map(words).collect::<Vec<_>>()
    };
    assert_eq!(say("what is on the shopping list").answer, "On the shopping list: Milk.");
    let added = say("add eggs and olive oil to the shopping list");
    assert_eq!(tasks(&added), ["task:shopping-eggs open true", "task:shopping-olive-oil open false"]);
    assert_eq!(added.answer, "eggs and olive oil is on the shopping list.");
    assert_eq!(tasks(&say("check off milk from the shopping list")), ["task:shopping-Milk done true"]);
    assert!(!say("check off soap from the shopping list").ok);
    assert_eq!(tasks(&say("add call mum to my to-do list")), ["task:todo-call-mum open false"]);
    assert_eq!(say("what is on my to-do list").answer, "On the to-do list: taxes.");
    for (language, add, read) in [
        ("de", "setze Brot auf die Einkaufsliste", "was steht auf der Einkaufsliste"),
        ("es", "añade pan a la lista de la compra", "qué hay en la lista de la compra"),
        ("fr", "ajoute pain à la liste de courses", "qu'y a-t-il sur la liste de courses"),
        ("nl", "zet brood op de boodschappenlijst", "wat staat er op de boodschappenlijst"),
    ] {
        assert_eq!(tasks(&say_in(language, add, None, false)).len(), 1, "{add}");
        assert!(say_in(language, read, None, false).answer.contains("Milk"), "{read}");
    }
}

#[test]
fn reminders_announcements_and_the_weather() {
    let timers = |language: &str, text: &str| {
        let spoken = say_in(language, text, Some("kitchen"), false);
        assert!(spoken.ok, "{text}: {spoken:?}");
        let words = |t: &crate::voice::SpokenTimer| format!("{} {} {:?}", t.timer, t.seconds, t.says);
        spoken.timers.iter().map(words).collect::<Vec<_>>().join(";")
    };
    let mum = |seconds: u32| format!("kitchen/call mum {seconds} Some(\"call mum\")");
    // It is noon.
    assert_eq!(timers("en", "remind me to call mum in ten minutes"), mum(600));
    assert_eq!(timers("en", "remind me in 2 hours to call mum"), mum(7_200));
    assert_eq!(timers("en", "remind me to call mum at six"), mum(21_600));
    assert_eq!(timers("en", "remind me at 6:30 pm to call mum"), mum(23_400));
    assert_eq!(timers("en", "remind me to call mum tomorrow at 9"), mum(75_600));
    for (language, text) in [
        ("de", "erinnere mich um 18 Uhr an die Wäsche"),
        ("de", "erinnere mich in sechs Stunden an die Wäsche"),
        ("es", "recuérdame a las seis sacar la basura"),
        ("fr", "rappelle-moi à 18 heures de sortir le linge"),
        ("nl", "herinner me om zes uur aan de was"),
    ] {
        assert!(timers(language, text).contains(" 21600 Some("), "{text}: {}", timers(language, text));
    }
    let said = say("announce that dinner is ready");
    assert_eq!(
        (said.calls.len(), said.calls[0].room.as_str()),
        (1, "kitchen"),
        "where somebody is: {said:?}"
    );
    assert_eq!((said.calls[0].text.as_str(), said.answer.as_str()), ("dinner is ready", "Said in: Kitchen."));
    let weather = say("what is the weather like");
    assert!(!weather.ok && weather.answer.contains("Nothing in this house"), "{weather:?}");
}

/// What a sentence comes to, and what the next leans on once it was done as it was wished.
fn done(last: Option<&Last>, text: &str, language: &str) -> (SpokenView, Last) {
    let talked = after(last, &Sentence { text, language, room: Some("kitchen"), ..Sentence::default() });
    let timers = talked.view.timers.iter().map(|timer| match timer.act.as_str() {
        "set" | "later" => "kitchen/1".to_owned(),
        _ => timer.timer.clone(),
    });
    let rest = (!talked.view.tasks.is_empty()).then(|| "1 change".to_owned());
    let answer =
        |entity| Answer { entity, property: String::new(), event: None, receipt: Receipt::Confirmed };
    let answers: Vec<Answer> = timers.chain(rest).map(answer).collect();
    let back = crate::voice::Back::of(&talked.view, &answers);
    (talked.view, Last { back, ..talked.last })
}

fn timers_of(spoken: &SpokenView) -> Vec<String> {
    spoken.timers.iter().map(|t| format!("{} {} {}", t.act, t.timer, t.seconds)).collect()
}

#[test]
fn timers_and_lists_are_taken_back() {
    for (language, set, undo) in [
        ("en", "set a timer for 10 minutes", "undo that"),
        ("en", "set a timer for 10 minutes", "cancel that"),
        ("en", "set a timer for 10 minutes", "cancel it"),
        ("en", "turn off the kitchen lamp in 10 minutes", "undo"),
        ("en", "turn off the kitchen lamp in 10 minutes", "cancel it"),
        ("de", "stelle einen Timer auf 10 Minuten", "mach das rückgängig"),
        ("es", "pon un temporizador de 10 minutos", "deshazlo"),
        ("fr", "mets un minuteur de 10 minutes", "annule la dernière commande"),
        ("nl", "zet een timer van 10 minuten", "maak dat ongedaan"),
    ] {
        let (_, last) = done(None, set, language);
        let (undone, _) = done(Some(&last), undo, language);
        assert_eq!(timers_of(&undone), ["cancel kitchen/1 0"], "{set}: {undo}: {undone:?}");
    }
    let (_, last) = done(None, "add 5 minutes to the pizza timer", "en");
    let (undone, last) = done(Some(&last), "undo", "en");
    assert_eq!(timers_of(&undone), ["take kitchen/pizza 300"]);
    assert_eq!(timers_of(&done(Some(&last), "add 2 minutes to it", "en").0), ["add kitchen/pizza 120"]);
    let tasks = |spoken: &SpokenView| {
        spoken.tasks.iter().map(|t| format!("{} {}", t.task, t.status)).collect::<Vec<_>>()
    };
    let (_, last) = done(None, "add eggs, milk and soap to the shopping list", "en");
    let (undone, _) = done(Some(&last), "undo", "en");
    // Milk stood there before; eggs were done.
    assert_eq!(tasks(&undone), ["task:shopping-eggs done", "task:shopping-soap cancelled"], "{undone:?}");
    assert_eq!(undone.answer, "Taken back: eggs and soap.");
    let (_, last) = done(None, "check off milk from the shopping list", "en");
    assert_eq!(tasks(&done(Some(&last), "undo", "en").0), ["task:shopping-Milk open"]);
    // Without anything before it: nothing.
    assert!(!say("undo that").ok);
    assert_eq!(say("cancel that").answer, "All right.");
}

#[test]
fn what_was_not_meant_is_put_right() {
    for (language, set, no) in [
        ("en", "set a timer for 10 minutes", "no, 5 minutes"),
        ("de", "stelle einen Timer auf 10 Minuten", "nein, 5 Minuten"),
        ("es", "pon un temporizador de 10 minutos", "no, 5 minutos"),
        ("fr", "mets un minuteur de 10 minutes", "non, 5 minutes"),
        ("nl", "zet een timer van 10 minuten", "nee, 5 minuten"),
    ] {
        let (_, last) = done(None, set, language);
        let (put_right, _) = done(Some(&last), no, language);
        assert_eq!(timers_of(&put_right), ["cancel kitchen/1 0", "set kitchen/ 300"], "{no}: {put_right:?}");
    }
    let (_, last) = done(None, "turn off the kitchen lamp in 10 minutes", "en");
    let (put_right, _) = done(Some(&last), "no, in 5 minutes", "en");
    assert_eq!(timers_of(&put_right), ["cancel kitchen/1 0", "later kitchen/ 300"]);
    let tasks = |spoken: &SpokenView| {
        spoken.tasks.iter().map(|t| format!("{} {}", t.task, t.status)).collect::<Vec<_>>()
    };
    let (_, last) = done(None, "add soap to the shopping list", "en");
    let (put_right, last) = done(Some(&last), "no, soup", "en");
    assert_eq!(tasks(&put_right), ["task:shopping-soap cancelled", "task:shopping-soup open"]);
    assert_eq!(tasks(&done(Some(&last), "and butter", "en").0), ["task:shopping-butter open"]);
    let again = tasks(&done(Some(&last), "no, soda", "en").0);
    assert_eq!(again, ["task:shopping-soup cancelled", "task:shopping-soda open"], "soap stays off");
    // What is a sentence of its own is no entry of a list.
    assert!(done(Some(&last), "turn off the kitchen lamp", "en").0.tasks.is_empty());
    assert!(!say("and butter").ok);
}

#[test]
fn which_timer_is_answered_by_its_words() {
    let (_, last) = {
        let talked =
            after(None, &Sentence { text: "cancel the timer", language: "en", ..Sentence::default() });
        (talked.view, talked.last)
    };
    assert_eq!(last.asked, ["timer:kitchen/pizza", "timer:kitchen/1", "timer:bedroom/eggs"]);
    for (answer, meant) in [
        ("the second one", "kitchen/1"),
        ("pizza", "kitchen/pizza"),
        ("the pizza timer", "kitchen/pizza"),
        ("the 10 minute one", "kitchen/1"),
        ("the bedroom one", "bedroom/eggs"),
    ] {
        let answered = after(Some(&last), &Sentence { text: answer, language: "en", ..Sentence::default() });
        assert_eq!(timers_of(&answered.view), [format!("cancel {meant} 0")], "{answer}: {:?}", answered.view);
    }
}
