//! How a thing is and because of what, in one sentence.

use lares_model::{Body, Event, Level, Property, Timestamp, Verdict};

use super::find::Asker;
use crate::tongue::say;
use crate::views::sentence::{set_words, with_unit};
use crate::views::{Named, ReadError, sentence};

impl Asker<'_> {
    /// How a thing is since when, and because of what.
    pub(super) fn entity_line(
        &self,
        named: &Named,
        property: Property,
        root: Option<&Event>,
        change: Option<&Event>,
        explained: bool,
    ) -> Result<String, ReadError> {
        let teller = self.teller;
        let last = teller.source.last(named.id)?.into_iter().find(|(p, _)| *p == property);
        let value = last.and_then(|(_, k)| k.value);
        let t = self.told.tongue.phrases();
        let state = value.map_or(t.unknown.to_owned(), |v| with_unit(&teller.names, named.id, property, &v));
        let since = change.or(root).map(|e| e.at);
        let since = since.map_or(String::new(), |at| self.since(at));
        let name = teller.names.called_of(named.id, property);
        let because = match root.map(|e| &e.body) {
            Some(Body::Decision(v)) if v.claim.level == Level::PhysicalSwitch => t.by_hand.to_owned(),
            Some(Body::Decision(v)) if explained => self.set_by(named, v),
            Some(Body::Reading { .. }) => match self.told_to(root)? {
                Some(told) => self.set_by(named, &told),
                None if self.movable(named) => t.reported_itself.to_owned(),
                None => t.device_reported.to_owned(),
            },
            Some(_) => root.map(|e| sentence(&teller.names, e)).unwrap_or_default(),
            None => t.nothing_known.to_owned(),
        };
        Ok(say!(t.state_is, name = name, state = state, since = since, because = because))
    }

    pub(super) fn since(&self, at: Timestamp) -> String {
        say!(self.told.tongue.phrases().since, clock = self.told.clock(at), ago = self.told.ago(at))
    }

    fn movable(&self, named: &Named) -> bool {
        named.info.as_ref().is_some_and(|i| i.properties.iter().any(|p| p.writable))
    }

    fn set_by(&self, named: &Named, verdict: &Verdict) -> String {
        let (names, t) = (&self.teller.names, self.told.tongue.phrases());
        let claim = &verdict.claim;
        let grounds = match &verdict.basis {
            Some(basis) => say!(t.because, text = names.reason(&basis.trigger)),
            None if claim.reason.is_empty() => String::new(),
            None => say!(t.grounds, reason = names.claim_reason(claim)),
        };
        let wish = set_words(names, named.id, verdict.property, &claim.value);
        say!(t.set_it, who = names.source(&claim.source), wish = wish, grounds = grounds)
    }

    /// What a robot or an alarm says that it does comes of what it was told, which is no word of its state.
    fn told_to(&self, reading: Option<&Event>) -> Result<Option<Box<Verdict>>, ReadError> {
        for cause in reading.iter().flat_map(|event| &event.causes) {
            if let Some(Body::Decision(verdict)) = self.teller.source.event(*cause)?.map(|s| s.event.body) {
                return Ok(Some(verdict));
            }
        }
        Ok(None)
    }
}
