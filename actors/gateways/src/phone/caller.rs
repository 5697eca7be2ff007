//! Who calls, as their exchange says. Pure. It is bounded and plain text: it is shown, and compared, and nothing else.

use rsipstack::sip::headers::typed;

/// More of a number or name is cut.
const MOST: usize = 64;

/// Who calls whom.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Caller {
    pub number: String,
    pub name: String,
}

impl Caller {
    /// From a `From` header's value.
    pub fn read(from: &str) -> Self {
        let Ok(from) = typed::From::parse(from) else { return Self::default() };
        let number = from.uri.user().unwrap_or_default();
        let hidden =
            number.eq_ignore_ascii_case("anonymous") || from.uri.host().to_string() == "anonymous.invalid";
        let number = if hidden { String::new() } else { plain(number) };
        let name = plain(from.display_name.as_deref().unwrap_or_default().trim().trim_matches('"'));
        Self { name: if hidden || name == number { String::new() } else { name }, number }
    }
}

pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MOST).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_a_number_and_a_name_or_neither() {
        let read = |text: &str| {
            let Caller { number, name } = Caller::read(text);
            (number, name)
        };
        let is = |number: &str, name: &str| (number.to_owned(), name.to_owned());
        assert_eq!(read("\"Sarah B\" <sip:+4312345@example.org>;tag=1"), is("+4312345", "Sarah B"));
        assert_eq!(read("<sip:555@10.0.0.1>;tag=1"), is("555", ""));
        assert_eq!(read("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1"), is("", ""));
        assert_eq!(read("garbage"), is("", ""));
        let long = format!("\"{}\" <sip:1@x>", "a".repeat(500));
        assert_eq!(read(&long).1.len(), MOST);
    }
}
