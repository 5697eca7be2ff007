//! A new feature is one folder and one registry line, tidy from the start.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::path::PathBuf;

use xtask::{Fresh, Kind, Source, make_feature, tidy_sources};

/// A small tree with the two registries of which one is there already; removed at the end.
struct Tree(PathBuf);

impl Tree {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        for (path, text) in [
            ("devices/src/lib.rs", "//! Devices.\n//!\n//! **Absent on purpose:** sockets.\n\nmod zigbee;\n"),
            ("actors/household/src/lib.rs", "//! Household.\n//!\n//! **Absent on purpose:** sockets.\n"),
        ] {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), text).unwrap();
        }
        Self(root)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn each_kind_of_feature_is_made_whole_and_tidy() {
    let tree = Tree::new("whole");
    let mut sources = Vec::new();
    for (kind, name) in [(Kind::Protocol, "knx"), (Kind::Domain, "deep_sleep"), (Kind::System, "hen_house")] {
        let written = make_feature(&tree.0, &Fresh::new(kind, name).unwrap()).unwrap();
        assert!(written.len() >= 7, "{written:?}");
        sources.extend(written.iter().map(|path| Source::new(path, &tree.read(path))));
    }
    let problems: Vec<String> = tidy_sources(&sources).iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(tree.read("devices/src/lib.rs").ends_with("pub mod knx;\nmod zigbee;\n"));
    assert!(tree.read("actors/household/src/lib.rs").ends_with("pub mod domains;\npub mod production;\n"));
    assert!(tree.read("actors/household/src/production/mod.rs").ends_with("pub mod hen_house;\n"));
}

#[test]
fn a_second_feature_gets_numbers_of_its_own_and_a_taken_name_is_refused() {
    let tree = Tree::new("second");
    let make = |name| make_feature(&tree.0, &Fresh::new(Kind::Domain, name).unwrap());
    make("sleep").unwrap();
    make("meals").unwrap();
    assert!(tree.read("actors/household/src/domains/sleep/mod.rs").contains("= 1000..1100;"));
    assert!(tree.read("actors/household/src/domains/meals/mod.rs").contains("= 1100..1200;"));
    assert!(tree.read("actors/household/src/domains/mod.rs").ends_with("pub mod meals;\npub mod sleep;\n"));
    assert!(make("sleep").unwrap_err().to_string().contains("already there"));
}
