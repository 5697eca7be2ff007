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
    of("home.toml", AFTER, Some(BEFORE))
}

/// `on`: the text that was edited.
fn of(path: &str, text: &str, on: Option<&str>) -> Edit {
    Edit { first: new(path, text, on), also: vec![], within: Duration::from_secs(300) }
}

fn new(path: &str, text: &str, on: Option<&str>) -> Text {
    Text { path: path.to_owned(), text: text.to_owned(), on: on.map(tag) }
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
        files.begin(&of("home.toml", AFTER, None), "anna", &at(0)),
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
    let bad = of("home.toml", &AFTER.replace("name", "nmae"), Some(BEFORE));
    assert!(matches!(files.begin(&bad, "anna", &at(0)), Err(Unwritten::Would(_))));
    let secret = of("home.toml", &format!("{AFTER}# password = \"x\"\n"), Some(BEFORE));
    assert!(matches!(files.begin(&secret, "anna", &at(0)), Err(Unwritten::Input(_))));
    assert!(files.begin(&of("home.toml", BEFORE, Some(BEFORE)), "anna", &at(0)).is_err(), "nothing differs");
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
        place.open().begin(&of("rooms.toml", "[room.bath]\n", None), "anna", &at(1000)).unwrap();
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

/// The hall moves from one file into another, which is new.
const WITHOUT: &str = "[household]\ntime_zone = \"UTC\"\n";
const HALL: &str = "[room.hall]\n";

fn moved() -> Edit {
    let also = vec![new("rooms.toml", HALL, None)];
    Edit { also, ..of("home.toml", WITHOUT, Some(BEFORE)) }
}

impl Place {
    fn rooms(&self) -> Option<String> {
        fs::read_to_string(self.home().join("home/rooms.toml")).ok()
    }
}

#[test]
fn several_files_change_together_and_go_back_together() {
    let place = Place::new();
    let files = place.open();
    // Neither would do alone: the hall would be there twice, or not at all where something is in it.
    assert!(files.begin(&of("rooms.toml", HALL, None), "anna", &at(0)).is_err());
    let change = files.begin(&moved(), "anna", &at(0)).unwrap();
    assert_eq!((place.text().as_str(), place.rooms().as_deref()), (WITHOUT, Some(HALL)));
    let view = change.view();
    assert_eq!((view.files().as_str(), view.added, view.gone), ("home.toml, rooms.toml", 1, 2));
    files.confirm(change.id, "anna").unwrap();
    files.take_back(change.id, Some("anna")).unwrap();
    assert_eq!((place.text().as_str(), place.rooms()), (BEFORE, None));

    // One of them was written by somebody else meanwhile, or stands there twice: nothing is written.
    place.write("# by hand\n");
    assert!(matches!(files.begin(&moved(), "anna", &at(0)), Err(Unwritten::Meanwhile(_))));
    place.write(BEFORE);
    let twice = Edit { also: vec![new("home.toml", BEFORE, Some(BEFORE))], ..edit() };
    assert!(matches!(files.begin(&twice, "anna", &at(0)), Err(Unwritten::Input(_))));
    // The second cannot be written: the first goes back.
    fs::create_dir(place.home().join("home/rooms.toml.new")).unwrap();
    assert!(matches!(files.begin(&moved(), "anna", &at(0)), Err(Unwritten::Write { .. })));
    assert_eq!((place.text().as_str(), files.waiting()), (BEFORE, None));
}

#[test]
fn a_kill_between_two_files_of_a_change_leaves_all_or_none() {
    // While it is written: within its time it goes back all the same, since half of it is nobody's home.
    let place = Place::new();
    place.open().begin(&moved(), "anna", &at(1000)).unwrap();
    fs::remove_file(place.home().join("home/rooms.toml")).unwrap();
    let files = place.open();
    files.start(&at(1001));
    assert_eq!((place.text().as_str(), states(&files)), (BEFORE, vec![(ChangeState::TakenBack, None)]));

    // While it is taken back by somebody: it goes back to the end, in their name.
    let place = Place::new();
    let files = place.open();
    let change = files.begin(&moved(), "anna", &at(1000)).unwrap();
    files.confirm(change.id, "anna").unwrap();
    let kept = place.home().join("data/changes.json");
    files.take_back(change.id, Some("ben")).unwrap();
    let half = fs::read_to_string(&kept).unwrap().replace("taken_back", "confirmed");
    fs::write(&kept, half.replace("\"going_back\":false", "\"going_back\":true")).unwrap();
    fs::write(place.home().join("home/rooms.toml"), HALL).unwrap();
    let files = place.open();
    files.start(&at(1001));
    assert_eq!((place.text().as_str(), place.rooms()), (BEFORE, None));
    assert_eq!(states(&files), [(ChangeState::TakenBack, Some("ben".into()))]);
}
