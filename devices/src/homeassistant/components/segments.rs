//! The rooms of a robot's map: told in its state, wished by name.

use std::sync::{Arc, Mutex, PoisonError};

use lares_model::{Property, Value};

use super::super::json::Json;
use super::super::template::Rendered;
use super::sink::{Out, listed};

/// Rooms of a map at most; robots know some dozens.
const MOST: usize = 200;

/// Ids and names as the robot told them last. What reads them and what writes wishes share it.
#[derive(Clone, Debug, Default)]
pub struct Segments(Arc<Mutex<Vec<(String, String)>>>);

impl Segments {
    /// `{"16": "Kitchen"}`. A room without a name has its id for one.
    pub fn read(&self, told: &Json<'_>, out: &mut Out<'_>) -> Result<(), String> {
        let Json::Object(fields) = told else {
            return Err("`segments` is no object of names by their ids".to_owned());
        };
        if fields.len() > MOST {
            return Err(format!("`segments` has {} rooms; at most {MOST} are read", fields.len()));
        }
        let mut rooms = Vec::with_capacity(fields.len());
        for (id, name) in fields {
            let name = Rendered::of(name);
            let name = if name.is_unknown() { id.clone().into_owned() } else { name.text().into_owned() };
            rooms.push((id.clone().into_owned(), name));
        }
        out.put(Property::Rooms, Some(Value::text(words(rooms.iter().map(|(_, name)| name.as_str())))));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = rooms;
        Ok(())
    }

    /// The ids of the rooms that are named, in this order; the error says what there is.
    pub fn chosen(&self, wish: &str) -> Result<Vec<String>, String> {
        let rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.is_empty() {
            return Err("the robot has not told its rooms yet".to_owned());
        }
        let find = |word: &str| {
            let by_name = rooms.iter().find(|(_, name)| name.to_lowercase() == word.to_lowercase());
            by_name.or_else(|| rooms.iter().find(|(id, _)| id == word)).map(|(id, _)| id.clone())
        };
        // A name may hold a comma itself.
        if let Some(one) = find(wish.trim()) {
            return Ok(vec![one]);
        }
        let mut ids: Vec<String> = Vec::new();
        for word in wish.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let Some(id) = find(word) else {
                let known = listed(rooms.iter().map(|(_, name)| name.as_str()));
                return Err(format!("its map has no room {}; allowed: {known}", crate::problem::quote(word)));
            };
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.is_empty() { Err("no room is named".to_owned()) } else { Ok(ids) }
    }
}

/// Names with commas between them.
pub fn words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
