//! Parts of the evening in `music.rs`: one stream in two rooms at once, and a guest who keeps it where they are.

use lares_tests::{Lares, Speaker, Wire, wait_for};
use serde_json::Value;

use super::music::{goes, sounds};

/// The house, its two rooms and whoever walks through them.
pub(super) struct Evening<'a> {
    pub lares: &'a mut Lares,
    pub world: &'a Wire,
    pub kitchen: &'a Speaker,
    pub bedroom: &'a Speaker,
}

impl Evening<'_> {
    /// Anna's tone is heard in the kitchen, and in the bedroom.
    fn heard(&self, kitchen: bool, bedroom: bool) {
        sounds(self.kitchen, kitchen, false);
        sounds(self.bedroom, bedroom, false);
    }

    fn says(&self, who: &str, words: &str) {
        let said = self.lares.say(&["say", "--as", who, "--room", "kitchen", words]);
        assert_eq!(said.code, 0, "{words}: {said:?}");
    }

    fn killed(&mut self) {
        self.lares.kill();
        self.lares.run();
    }

    /// She is in the kitchen, and so is her music.
    pub fn one_stream_in_two_rooms(&mut self) {
        self.says("anna", "play it in the bedroom too");
        self.heard(true, true);
        let why = self.lares.say(&["why", "player-bedroom.player"]).out;
        assert!(why.contains("play it in the bedroom too"), "{why}");
        self.killed();
        self.heard(true, true);
        // A call or an announcement takes one of the rooms, and gives it back; the other plays on.
        let taken = self.lares.say(&["set", "player-bedroom", "source=ben", "volume=15", "--hold", "3s"]);
        assert_eq!(taken.code, 0, "{taken:?}");
        self.heard(true, false);
        self.heard(true, true);
        // One of them follows her: the kitchen is left, and the bedroom is not when she goes back.
        goes(self.world, "anna", "bedroom");
        self.heard(false, true);
        goes(self.world, "anna", "kitchen");
        self.heard(true, true);
        self.says("anna", "stop playing the music in the bedroom");
        self.heard(true, false);
        self.says("anna", "play the music everywhere");
        self.heard(true, true);
        self.says("anna", "play the music only here");
        self.heard(true, false);
    }

    /// Ben is in the bedroom: he is asked, and hears nothing before he says yes. Whoever said it is told so.
    pub fn not_without_asking(&mut self) {
        let question =
            || self.lares.ask(&["questions"])["questions"].as_array().and_then(|all| all.first().cloned());
        let words = "play it in the bedroom too";
        let said = self.lares.say(&["say", "--as", "anna", "--room", "kitchen", words]);
        assert!(said.code != 0 && format!("{said:?}").contains("is asked first"), "{said:?}");
        wait_for("the question", || question().is_some());
        let asked: Value = question().unwrap();
        assert!(asked["text"].to_string().contains("as well, where Ben is"), "{asked}");
        self.heard(true, false);
        let answered = self.lares.say(&["answer", asked["id"].as_str().unwrap(), "no"]);
        assert_eq!(answered.code, 0, "{answered:?}");
        wait_for("the question to end", || question().is_none());
        self.heard(true, false);
    }

    /// She is in the kitchen, and leaves a guest there who wants to hear it.
    pub fn a_guest_keeps_it(&mut self) {
        self.says("gus", "keep the music here");
        goes(self.world, "anna", "bedroom");
        self.moved("anna", "bedroom");
        self.killed();
        // By then it would have followed: players speak for three seconds, and she must be there for one.
        assert_eq!(self.lares.say(&["timer", "set", "6s"]).code, 0);
        wait_for("the timer", || self.lares.ask(&["timer"])["timers"].as_array().is_some_and(Vec::is_empty));
        self.heard(true, false);
        let why = self.lares.say(&["why", "player-kitchen.player"]).out;
        assert!(why.to_lowercase().contains("gus"), "{why}");
        self.says("gus", "let the music follow me");
        self.heard(false, true);
        goes(self.world, "anna", "kitchen");
        self.heard(true, false);
    }

    pub fn moved(&self, who: &str, room: &str) {
        wait_for("the move", || {
            let moves = self.lares.entries(&["--kind", "person_moved"]);
            moves.last().is_some_and(|e| {
                let text = e.to_string().to_lowercase();
                text.contains(who) && text.contains(room)
            })
        });
    }
}
