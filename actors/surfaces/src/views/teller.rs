//! Who wished and who said something, in words.

use lares_model::{Claim, Origin};

use super::Names;
use crate::tongue::{Tongue, say};

impl Names {
    /// The source of a claim: `rule “Landing at night”`, `Anna`, `the command line`.
    pub fn source(&self, source: &str) -> String {
        let t = self.tongue.phrases();
        match source.split_once(':') {
            Some(("person", key)) => self.person_called(key).to_owned(),
            Some((kind, name)) => match kind {
                "rule" => say!(t.rule, name = self.rule_called(name)),
                "scene" => say!(t.scene, name = self.scene_called(name)),
                "interlock" => say!(t.interlock, name = self.interlock_called(name)),
                "voice" => say!(t.voice, name = self.voice_called(name)),
                "plan" => say!(t.plan, name = name),
                "habit" => say!(t.habit, name = name),
                "domain" => say!(t.domain, name = name),
                _ => format!("{kind} {name}"),
            },
            None if source == "console" => t.command_line.to_owned(),
            None if source == "default" => t.the_default.to_owned(),
            None => source.to_owned(),
        }
    }

    /// Why something was wished. That of a rule or a scene is its name, as people gave it.
    pub(super) fn claim_reason(&self, claim: &Claim) -> String {
        let named = claim.source.starts_with("rule:") || claim.source.starts_with("scene:");
        if named {
            return claim.reason.to_string();
        }
        // Of a default: whose wish is over, as people say it.
        match claim.reason.strip_suffix(" ended and nobody else wishes") {
            Some(source) => say!(self.tongue.phrases().over, source = self.source(source)),
            None => self.reason(&claim.reason),
        }
    }

    /// Who said it, as the one who did something.
    pub(super) fn who_said(&self, origin: &Origin) -> String {
        match origin {
            Origin::Person(key) => self.person_called(key).to_owned(),
            Origin::Console => self.tongue.phrases().command_line.to_owned(),
            other => self.teller(other),
        }
    }

    /// Where an event comes from.
    pub(super) fn teller(&self, origin: &Origin) -> String {
        let t = self.tongue.phrases();
        match origin {
            Origin::Rule(key) => say!(t.rule, name = self.rule_called(key)),
            Origin::Person(key) if self.is_panel(key) => self.person_called(key).to_owned(),
            Origin::Person(key) => say!(t.person, name = self.person_called(key)),
            Origin::Voice(key) => say!(t.voice, name = self.voice_called(key)),
            Origin::Interlock(key) => say!(t.interlock, name = self.interlock_called(key)),
            other => by_key(self.tongue, other),
        }
    }
}

fn by_key(tongue: Tongue, origin: &Origin) -> String {
    let t = tongue.phrases();
    match origin {
        Origin::System => t.system.to_owned(),
        Origin::Link(key) => say!(t.link, name = key),
        Origin::Rule(key) => say!(t.rule, name = key),
        Origin::Person(key) => say!(t.person, name = key),
        Origin::Console => t.console.to_owned(),
        Origin::Timer => t.a_timer.to_owned(),
        Origin::Interlock(key) => say!(t.interlock, name = key),
        Origin::Voice(key) => say!(t.voice, name = key),
    }
}

/// Where an event comes from for programs, which know it by these words in every language.
pub(super) fn origin_words(origin: &Origin) -> String {
    by_key(Tongue::English, origin)
}
