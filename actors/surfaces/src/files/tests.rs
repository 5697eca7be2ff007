//! Changes that are made, confirmed, taken back, and cut off by a kill at each of their steps.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use lares_kernel::Clock;
use lares_model::Timestamp;

use super::*;

/// Seconds, moved by hand; what has passed since the start goes on when the clock is set.
#[derive(Default)]
struct Hands {
    now: AtomicI64,
    passed: AtomicI64,
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst) * 1_000_000)
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.passed.load(Ordering::SeqCst).unsigned_abs())
    }
}

fn at(now: i64) -> Hands {
    Hands { now: now.into(), ..Hands::default() }
}

const BEFORE: &str = "[household]\ntime_zone = \"UTC\"\n\n[room.hall]\n";
const AFTER: &str = "[household]\ntime_zone = \"UTC\"\n\n[room.hall]\nname = \"Great hall\"\n";

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("home")).unwrap();
        fs::create_dir_all(folder.path().join("data")).unwrap();
        fs::write(folder.path().join("home/home.toml"), BEFORE).unwrap();
        Self(folder)
    }

    fn home(&self) -> &Path {
        self.0.path()
    }

    /// As a process that starts finds it.
    fn open(&self) -> HomeFiles {
        let folder = Folder { root: self.home().join("home"), overrides: vec![] };
        HomeFiles::open(folder, &self.home().join("data"))
    }

    fn text(&self) -> String {
        fs::read_to_string(self.home().join("home/home.toml")).unwrap()
    }

    fn write(&self, text: &str) {
        fs::write(self.home().join("home/home.toml"), text).unwrap();
    }
}

fn edit() -> Edit {
    let (path, within) = ("home.toml".to_owned(), Duration::from_secs(300));
    Edit { path, text: AFTER.to_owned(), on: Some(tag(BEFORE)), within }
}

fn states(files: &HomeFiles) -> Vec<(ChangeState, Option<String>)> {
    files.changes().into_iter().map(|c| (c.state, c.by)).collect()
}

#[test]
fn a_change_is_kept_by_a_word_and_taken_back_by_another() {
    let place = Place::new();
    let files = place.open();
    let change = files.begin(&edit(), "anna", &at(1000)).unwrap();
    assert_eq!((place.text().as_str(), files.due().borrow().map(|d| d.as_secs())), (AFTER, Some(300)));
    assert!(matches!(files.begin(&edit(), "ben", &at(1001)), Err(Unwritten::Conflict(_))));
    files.confirm(change.id, "ben").unwrap();
    assert_eq!(*files.due().borrow(), None);
    assert!(files.confirm(change.id, "ben").is_err() && files.confirm(9, "ben").is_err());
    files.take_back(change.id, Some("anna")).unwrap();
    assert_eq!(
        (place.text().as_str(), states(&files)),
        (BEFORE, vec![(ChangeState::TakenBack, Some("anna".into()))])
    );
    assert!(files.take_back(change.id, Some("anna")).is_err());
}

#[test]
fn nothing_is_written_over_what_somebody_else_wrote() {
    let place = Place::new();
    let files = place.open();
    place.write(&BEFORE.replace("hall", "bath"));
    assert!(matches!(files.begin(&edit(), "anna", &at(0)), Err(Unwritten::Meanwhile(_))));
    assert!(matches!(
        files.begin(&Edit { on: None, ..edit() }, "anna", &at(0)),
        Err(Unwritten::Meanwhile(_))
    ));
    assert!(files.changes().is_empty() && place.text().contains("bath"));
    place.write(BEFORE);
    let change = files.begin(&edit(), "anna", &at(0)).unwrap();
    place.write(&AFTER.replace("Great", "Small"));
    assert!(matches!(files.take_back(change.id, Some("anna")), Err(Unwritten::Meanwhile(_))));
    // Its time is over: it ends, and the words stay.
    files.take_back(change.id, None).unwrap();
    assert!(place.text().contains("Small"));
    assert_eq!(states(&files), [(ChangeState::Left, None)]);
}

#[test]
fn a_change_that_would_be_no_home_is_not_written() {
    let place = Place::new();
    let files = place.open();
    let bad = Edit { text: AFTER.replace("name", "nmae"), ..edit() };
    assert!(matches!(files.begin(&bad, "anna", &at(0)), Err(Unwritten::Would(_))));
    let secret = Edit { text: format!("{AFTER}# password = \"x\"\n"), ..edit() };
    assert!(matches!(files.begin(&secret, "anna", &at(0)), Err(Unwritten::Input(_))));
    assert!(
        files.begin(&Edit { text: BEFORE.to_owned(), ..edit() }, "anna", &at(0)).is_err(),
        "nothing differs"
    );
    assert_eq!((place.text().as_str(), files.changes().len()), (BEFORE, 0));
}

#[test]
fn after_a_kill_what_is_past_its_time_goes_back_and_what_is_not_has_the_rest_of_it() {
    // The clock at the start, and whether the change still stands then: within its time, past it, and a clock that is not set.
    for (now, stands) in [(1100, true), (1300, false), (5000, false), (20, false)] {
        let place = Place::new();
        place.open().begin(&edit(), "anna", &at(1000)).unwrap();
        let files = place.open();
        files.start(&at(now));
        assert_eq!(place.text(), if stands { AFTER } else { BEFORE }, "{now}");
        assert_eq!(files.due().borrow().map(|d| d.as_secs()), stands.then_some(200), "{now}");
        assert_eq!(files.untold().len(), usize::from(!stands), "the journal has not heard of it");
        files.untold().into_iter().for_each(|c| files.told(c).unwrap());
        assert!(place.open().untold().is_empty());
    }
}

#[test]
fn a_kill_between_record_and_file_leaves_the_one_or_the_other() {
    // The record is there and the file not yet; or the file went back and the record does not know.
    let place = Place::new();
    place.open().begin(&edit(), "anna", &at(1000)).unwrap();
    place.write(BEFORE);
    let files = place.open();
    files.start(&at(9000));
    assert_eq!((place.text().as_str(), states(&files)), (BEFORE, vec![(ChangeState::TakenBack, None)]));
    // A new file that was not written yet, and one that was.
    for written in [false, true] {
        let place = Place::new();
        let new = Edit { path: "rooms.toml".into(), text: "[room.bath]\n".into(), on: None, ..edit() };
        place.open().begin(&new, "anna", &at(1000)).unwrap();
        let file = place.home().join("home/rooms.toml");
        if !written {
            fs::remove_file(&file).unwrap();
        }
        place.open().start(&at(9000));
        assert!(!file.exists());
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told_and_nothing_waits() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let files = place.open();
    // What is written beside it cannot be made: a folder is in the way.
    fs::create_dir(place.home().join("home/home.toml.new")).unwrap();
    let said = files.begin(&edit(), "anna", &at(0)).unwrap_err();
    assert!(matches!(&said, Unwritten::Write { path, .. } if path == "home.toml"), "{said}");
    assert!(files.waiting().is_none() && files.untold().is_empty());
    fs::remove_dir(place.home().join("home/home.toml.new")).unwrap();
    // Who may read it stays.
    let file = place.home().join("home/home.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    files.begin(&edit(), "anna", &at(0)).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
}
