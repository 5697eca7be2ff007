//! The JSON schema of the files, for editors. These types are what *may be written*; reading is done elsewhere, value by
//! value, so that all problems are found. Tests hold the two together: every example fits these types, and the keys
//! that the readers allow are the fields written here.

mod interlocks;
mod media;
mod phone;
mod rules;
mod sections;
mod voices;

use schemars::schema_for;

/// JSON Schema (2020-12) of a file of a home.
pub fn schema() -> serde_json::Value {
    schema_for!(sections::File).to_value()
}

#[cfg(test)]
mod tests {
    use super::sections::File;
    use figment::Figment;
    use figment::providers::{Format, Toml};

    #[test]
    fn what_loads_fits_the_schemas_types() {
        let mut texts = vec![include_str!("../../tests/broken/good.toml").to_owned()];
        let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        for home in ["cottage", "casas", "music"] {
            for file in ["home.toml", "devices.toml", "rules.toml"] {
                texts.push(std::fs::read_to_string(examples.join(home).join(file)).unwrap());
            }
        }
        for text in texts {
            Figment::from(Toml::string(&text)).extract::<File>().unwrap();
        }
    }
}
