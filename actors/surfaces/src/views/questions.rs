//! What the household asks its people, and waits for an answer to.

use lares_model::{Asking, Question};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls::{call_node, camera};
use super::table::{plain, table};
use super::{Moment, ReadError, Source, Telling};

/// A question that stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionView {
    /// Six hexadecimal digits.
    pub id: String,
    pub text: String,
    /// Key of the rule that asks.
    pub rule: String,
    /// `suggestion`, `permission`, `step` (a rule's own question) or `offer` (to do more by itself).
    pub kind: String,
    /// Keys of the persons who may answer; empty: whoever may do it themselves.
    pub to: Vec<String>,
    pub asked: Moment,
    /// From then on the answer is no.
    pub until: Moment,
    /// The image that shows who is at the door that it is about.
    #[serde(default)]
    pub camera: Option<String>,
}

impl QuestionView {
    /// Whether this person is asked; `lives_here`: no guest.
    pub fn is_for(&self, person: &str, lives_here: bool) -> bool {
        if self.to.is_empty() { lives_here } else { self.to.iter().any(|to| to == person) }
    }
}

/// Questions that stand, those that somebody is waited for first, then by the time they end.
pub fn questions(source: &dyn Source, told: &Telling) -> Result<Vec<QuestionView>, ReadError> {
    let read = |(_, bytes): (String, Vec<u8>)| serde_json::from_slice::<Question>(&bytes).ok();
    let mut open: Vec<Question> = source.states("question")?.into_iter().filter_map(read).collect();
    open.retain(|q| q.until > told.now);
    let waits = |q: &Question| matches!(q.kind, Asking::Permission | Asking::Step);
    open.sort_by_key(|q| (!waits(q), q.until));
    let view = |q: Question| -> Result<QuestionView, ReadError> {
        Ok(QuestionView {
            camera: match q.rule.strip_prefix("phone:") {
                Some(call) => camera(source, call_node(call))?,
                None => None,
            },
            id: q.id.to_string(),
            text: q.text,
            rule: q.rule.to_string(),
            kind: q.kind.name().to_owned(),
            to: q.to.iter().map(ToString::to_string).collect(),
            asked: Moment(q.asked),
            until: Moment(q.until),
        })
    };
    open.into_iter().map(view).collect()
}

pub fn questions_text(all: &[QuestionView], told: &Telling) -> String {
    let Some(first) = all.first() else { return "nothing is asked\n".to_owned() };
    let row = |q: &QuestionView| {
        let to = if q.to.is_empty() { String::new() } else { format!("for {}", q.to.join(", ")) };
        let until = format!("until {}", told.clock(q.until.0));
        vec![q.id.clone(), q.kind.clone(), plain(&q.text), to, until]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    format!("{}answer with: lares answer {} yes\n", table(&rows), first.id)
}
