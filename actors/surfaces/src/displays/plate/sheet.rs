//! What stands on a plate, and what must be sent so that something else does. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

/// What may change of an object without drawing it anew.
const CHANGES: [&str; 3] = ["text", "val", "enabled"];

/// One object of a page.
#[derive(Clone, PartialEq, Debug)]
pub struct Object {
    pub page: u8,
    pub id: u8,
    /// Everything else, as openHASP names it.
    pub props: Map<String, Json>,
    pub touch: Option<Touch>,
}

/// What touching an object is for.
#[derive(Clone, PartialEq, Debug)]
pub enum Touch {
    /// Reference of the entity that is switched.
    Switch { entity: String },
    /// Opened, or closed where it is open.
    Cover { entity: String, open: bool },
    /// A number that goes up or down.
    Step { entity: String, property: String, to: f64 },
    /// A player that goes on, or pauses.
    Play { entity: String, state: String },
    /// A call is taken, or not.
    Answer { question: String, yes: bool },
    /// Enough of what rings.
    Stop { ring: String },
    /// A timer is not wanted any more.
    End { timer: String },
}

/// What stands on the plate now.
#[derive(Clone, Default, Debug)]
pub struct Sheet {
    shown: BTreeMap<(u8, u8), Object>,
    /// The last page that anything was drawn on, also before it was forgotten.
    pages: u8,
}

impl Sheet {
    /// Commands that make it what is wanted, as the part of the topic after `command/` and its payload.
    pub fn show(&mut self, wanted: Vec<Object>) -> Vec<(String, String)> {
        let wanted: BTreeMap<(u8, u8), Object> = wanted.into_iter().map(|o| ((o.page, o.id), o)).collect();
        let fixed = |o: &Object| {
            let mut props = o.props.clone();
            props.retain(|key, _| !CHANGES.contains(&key.as_str()));
            props
        };
        let same = self.shown.len() == wanted.len()
            && self
                .shown
                .iter()
                .zip(&wanted)
                .all(|((a, one), (b, other))| a == b && fixed(one) == fixed(other));
        let mut commands = Vec::new();
        if same {
            for (at, object) in &wanted {
                let before = self.shown.get(at);
                for key in CHANGES {
                    let (is, was) = (object.props.get(key), before.and_then(|o| o.props.get(key)));
                    if let Some(is) = is.filter(|is| Some(*is) != was) {
                        commands.push((format!("p{}b{}.{key}", at.0, at.1), plain(is)));
                    }
                }
            }
        } else {
            self.pages = wanted.keys().map(|(page, _)| *page).chain([self.pages, 1]).max().unwrap_or(1);
            for page in 1..=self.pages {
                commands.push(("clearpage".to_owned(), page.to_string()));
            }
            for object in wanted.values() {
                let mut line = object.props.clone();
                line.insert("page".to_owned(), json!(object.page));
                line.insert("id".to_owned(), json!(object.id));
                commands.push(("jsonl".to_owned(), Json::Object(line).to_string()));
            }
        }
        self.shown = wanted;
        commands
    }

    /// The plate has begun anew: nothing stands on it.
    pub fn forget(&mut self) {
        self.shown.clear();
    }

    /// What is touched there. What the plate made of itself by that is not known: it is told again what is so.
    pub fn touched(&mut self, page: u8, id: u8) -> Option<Touch> {
        let object = self.shown.get_mut(&(page, id))?;
        object.props.remove("val");
        object.touch.clone()
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn button(id: u8, text: &str, val: u8) -> Object {
        let props = json!({ "obj": "btn", "text": text, "val": val, "x": 0 });
        let touch = Some(Touch::Switch { entity: format!("lamp-{id}") });
        Object { page: 1, id, props: props.as_object().unwrap().clone(), touch }
    }

    #[test]
    fn only_what_changed_is_sent() {
        let mut sheet = Sheet::default();
        let first = sheet.show(vec![button(1, "Lamp\nOff", 0), button(2, "Fan\nOff", 0)]);
        assert_eq!(first.len(), 3);
        assert_eq!(first[0], ("clearpage".to_owned(), "1".to_owned()));
        assert!(first[1].1.contains("\"id\":1") && first[1].1.contains("\"page\":1"), "{first:?}");
        assert!(sheet.show(vec![button(1, "Lamp\nOff", 0), button(2, "Fan\nOff", 0)]).is_empty());
        let changed = sheet.show(vec![button(1, "Lamp\nOn", 1), button(2, "Fan\nOff", 0)]);
        assert_eq!(changed, [("p1b1.text".into(), "Lamp\nOn".into()), ("p1b1.val".into(), "1".into())]);
        assert_eq!(sheet.show(vec![button(1, "Lamp\nOn", 1)]).len(), 2, "another sheet is drawn anew");
    }

    #[test]
    fn after_a_touch_it_is_told_what_is_so() {
        let mut sheet = Sheet::default();
        sheet.show(vec![button(1, "Lamp\nOff", 0)]);
        assert_eq!(sheet.touched(1, 1), Some(Touch::Switch { entity: "lamp-1".into() }));
        assert_eq!(sheet.touched(1, 9), None);
        // Nothing came of it: the button springs back.
        assert_eq!(sheet.show(vec![button(1, "Lamp\nOff", 0)]), [("p1b1.val".into(), "0".into())]);
        sheet.forget();
        assert_eq!(sheet.show(vec![button(1, "Lamp\nOff", 0)]).len(), 2);
    }
}
