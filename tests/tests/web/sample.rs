//! The sample home with its twins, as `make run` starts it, on ports of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use lares_tests::{Lares, Place, free_port, wait_for};
use serde_json::Value;

/// The home's simulated devices, as a process; it ends with the test.
pub struct Twins(Child);

impl Drop for Twins {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The sample home, as it lies in the sources.
pub fn cottage() -> PathBuf {
    root().join("config/examples/cottage")
}

/// Writes its files, each changed by `edit`, and `more` beside them; gives the port of its broker.
pub fn write(place: &Place, edit: impl Fn(String) -> String, more: &str) -> u16 {
    for file in ["home.toml", "devices.toml", "rules.toml"] {
        let text = std::fs::read_to_string(cottage().join(file)).unwrap();
        place.write(file, &edit(text));
    }
    let port = free_port();
    place.write("ports.toml", &format!("[web]\nport = 0\n\n[broker]\nport = {port}\n\n{more}"));
    port
}

/// Starts the twins, and waits for the first of them.
pub fn twins(place: &Place, lares: &Lares) -> Twins {
    living(place, lares, &[])
}

/// The same, with more words to them: the day that they live.
pub fn living(place: &Place, lares: &Lares, words: &[&str]) -> Twins {
    let broker = lares.ready["brokers"]["embedded"].as_str().unwrap();
    let mut twins = Command::new(place.binary());
    twins.arg("twins").arg("--home").arg(place.home()).args(["--broker", broker]).args(words);
    let twins = Twins(twins.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    wait_for("the lamp", || lares.device("hall-lamp").is_some_and(|d| d["status"] == "online"));
    twins
}

/// A script of `tests/browser`. With LARES_WRITE it draws the book's pictures anew.
pub fn script(name: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(root().join("tests/browser").join(name));
    if std::env::var_os("LARES_WRITE").is_some() {
        node.env("LARES_PICTURES", root().join("docs/pictures"));
    }
    node
}

/// What a script found; a script that failed is a failed test.
pub fn found(done: std::io::Result<Output>) -> Value {
    let done = done.expect("node is missing: tests/setup.sh installs it");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
    let found: Value = serde_json::from_str(said.trim()).unwrap_or_else(|e| panic!("{e}: {said}"));
    for nothing in ["violations", "errors", "overflow", "squeezed"] {
        assert_eq!(found[nothing], serde_json::json!([]), "{nothing}: {found:#}");
    }
    found
}
