//! All that the dashboard says is in the tables of its languages, and each language has all of it. Each way to break that is tried
//! on a copy of the sources: what looks for it must find it.

use std::path::Path;
use std::process::Command;

use super::sample::root;

/// What `words.js` says of a folder of sources, and whether all is well.
fn looked(folder: &Path) -> (bool, String) {
    let web = root().join("actors/surfaces/web");
    let done = Command::new("node").arg("words.js").arg(folder).current_dir(web).output();
    let done = done.expect("node is missing: tests/setup.sh installs it");
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    (done.status.success(), said)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &there),
            false => assert!(std::fs::copy(&path, &there).is_ok()),
        }
    }
}

#[test]
fn every_word_is_in_the_table_of_every_language() {
    let (fine, said) = looked(Path::new("src"));
    assert!(fine && said.contains("texts in de, en"), "{said}");
    println!("{}", said.trim());
}

/// A file, what is put in the place of what, and what is said of it. An empty first text: the whole file.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    ("pages/x.tsx", "", "export const X = () => <p>Hello there</p>;", "words on the page: \"Hello there\""),
    (
        "pages/x.tsx",
        "",
        "export const X = () => <p>{Math.random() ? \"lit\" : 1}</p>;",
        "words on the page: \"lit\"",
    ),
    ("pages/x.tsx", "", "export const X = () => <p>{`so ${1}`}</p>;", "words on the page"),
    ("pages/x.tsx", "", "export const X = () => <b aria-label=\"Shut\" />;", "aria-label: \"Shut\""),
    ("pages/x.tsx", "", "export const X = () => <b title={1 ? \"one\" : \"two\"} />;", "title: \"one\""),
    ("pages/x.ts", "", "toast(\"gone\");", "said by toast: \"gone\""),
    ("pages/x.ts", "", "throw new Error(`no ${1}`);", "said by Error"),
    (
        "pages/x.ts",
        "",
        "export const X = [[\"a\", \"until it ends\"]];",
        "words in the code: \"until it ends\"",
    ),
    ("pages/x.ts", "", "t(\"nowhere\");", "nowhere is said and is not there"),
    ("words/de.json", "  \"now\": \"Jetzt\",\n", "", "de.json: now is missing"),
    ("words/de.json", "\"now\": \"Jetzt\"", "\"now\": \" \"", "de.json: now is missing"),
    ("words/de.json", "vor {long}", "vorher", "de.json: ago has other parts"),
    (
        "words/de.json",
        "\"now\": \"Jetzt\"",
        "\"now\": \"Jetzt\",\n  \"later\": \"Bald\"",
        "de.json: later is not in en.json",
    ),
    ("words/en.json", "\"now\": \"Now\"", "\"now\": \"Now\",\n  \"later\": \"Soon\"", "nothing says later"),
];

#[test]
fn what_is_not_in_a_table_is_found() {
    let sources = root().join("actors/surfaces/web/src");
    for (file, old, new, says) in FAULTS {
        let folder = tempfile::tempdir().unwrap();
        copy(&sources, folder.path());
        let at = folder.path().join(file);
        let text = match *old {
            "" => (*new).to_owned(),
            old => {
                let text = std::fs::read_to_string(&at).unwrap();
                assert!(text.contains(old), "{file} has no {old:?} any more");
                text.replacen(old, new, 1)
            }
        };
        std::fs::write(&at, text).unwrap();
        let (fine, said) = looked(folder.path());
        assert!(!fine && said.contains(says), "{file}: {new}: {said}");
    }
}
