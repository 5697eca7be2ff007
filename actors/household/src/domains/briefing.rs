//! What lies before the household today, where a rule says it in a room. Whoever knows the household's language tells it; in a replay
//! nobody does, and it is told that it would be.

use std::sync::Arc;

use crate::House;

/// What a rule's words have in its place until they are said.
pub const TODAY: &str = "{today}";

/// Who tells it: the words of now, in the household's language.
pub type Teller = Arc<dyn Fn(&House) -> Result<String, String> + Send + Sync>;

/// A rule's words as they are said.
pub fn filled(text: &str, house: &House) -> String {
    with(text, || house.teller().map(|teller| teller(house)))
}

fn with(text: &str, today: impl FnOnce() -> Option<Result<String, String>>) -> String {
    if !text.contains(TODAY) {
        return text.to_owned();
    }
    let today = today().unwrap_or_else(|| Ok("(what is on today)".to_owned()));
    let today = today.unwrap_or_else(|why| {
        tracing::error!(why, "what is on today cannot be told");
        String::new()
    });
    text.replace(TODAY, &today).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_today_is_told_by_whoever_knows_the_words() {
        let told = || Some(Ok("Today: dentist.".to_owned()));
        assert_eq!(with("Good morning. {today}", told), "Good morning. Today: dentist.");
        assert_eq!(with("Good morning.", || unreachable!("nobody is asked")), "Good morning.");
        assert_eq!(with("{today}", || None), "(what is on today)");
        assert_eq!(with("Good morning. {today}", || Some(Err("no".to_owned()))), "Good morning.");
    }
}
