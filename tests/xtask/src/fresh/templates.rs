//! The templates: whole files under `templates/`, filled in by name.

use super::Kind;

macro_rules! files {
    ($folder:literal: $($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../templates/", $folder, "/", $name, ".txt")))),*]
    };
}

/// Name and text of each file of such a feature.
pub(super) fn of(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Protocol => {
            files!("protocol": "README.md", "mod.rs", "codec.rs", "driver.rs", "twin.rs", "tests.rs")
        }
        Kind::Domain => {
            files!("domain": "README.md", "mod.rs", "messages.rs", "state.rs", "actor.rs", "config.rs", "tests.rs")
        }
        Kind::System => {
            files!("system": "README.md", "mod.rs", "messages.rs", "state.rs", "actor.rs", "config.rs", "tests.rs")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_have_no_holes_that_nobody_fills() {
        for kind in [Kind::Protocol, Kind::Domain, Kind::System] {
            let fresh = crate::Fresh::new(kind, "some_thing").unwrap();
            for (file, text) in of(kind) {
                let filled = fresh.fill(text, 1000);
                assert!(!filled.contains("{{") && !filled.contains("}}"), "{kind:?} {file}");
                assert!(
                    !file.ends_with(".rs") || filled.lines().all(|l| l.len() <= 110),
                    "{kind:?} {file}: a line is too long"
                );
            }
        }
    }
}
