//! `lares top` in a real terminal (tmux), over a household that is killed and started again under it.
#![allow(clippy::disallowed_methods, reason = "these tests drive real processes in real time")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod ssh;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use lares_tests::{Lares, Place, free_port, wait_for};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A terminal with a shell in it; it ends with the test.
struct Terminal {
    socket: PathBuf,
}

impl Terminal {
    fn open(place: &Place, columns: u16, lines: u16) -> Self {
        let terminal = Self { socket: place.path().join("tmux") };
        let (x, y) = (columns.to_string(), lines.to_string());
        let shell = "env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 TERM=$TERM PS1='here> ' /bin/sh -i";
        terminal.tmux(&["-f", "/dev/null", "new-session", "-d", "-x", &x, "-y", &y, shell]);
        terminal.sees("here>");
        terminal
    }

    fn tmux(&self, words: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.arg("-u").arg("-S").arg(&self.socket).args(words).env_remove("TMUX").env("LC_ALL", "C.UTF-8");
        let done = command.output().expect("tmux is missing: tests/setup.sh installs it");
        assert!(done.status.success(), "tmux {words:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    fn line(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
        self.key("Enter");
    }

    fn keys(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    fn key(&self, name: &str) {
        self.tmux(&["send-keys", name]);
    }

    fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Waits until a line of the screen holds all of these.
    fn sees_line(&self, parts: &[&str]) {
        let shown = || self.screen().lines().any(|l| parts.iter().all(|p| l.contains(p)));
        let mut tries = 0;
        wait_for(&format!("{parts:?} on the screen"), || {
            tries += 1;
            if tries % 400 == 0 {
                eprintln!("{parts:?} is not on:\n{}", self.screen());
            }
            shown()
        });
    }

    fn sees(&self, text: &str) {
        self.sees_line(&[text]);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the screen at last:\n{}", self.screen());
        }
        let _ = Command::new("tmux").arg("-S").arg(&self.socket).arg("kill-server").status();
    }
}

struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The sample home with its simulated devices.
fn cottage(place: &Place) -> (Lares, Beside) {
    for file in ["home.toml", "devices.toml", "rules.toml"] {
        let text = std::fs::read_to_string(root().join("config/examples/cottage").join(file)).unwrap();
        // A name that would take the screen apart, were it obeyed.
        place.write(file, &text.replace("\"Bathroom fan\"", r#""Bath \u001b[2J\u001b[41mfan""#));
    }
    let port = free_port();
    place.write(
        "ports.toml",
        &format!("[web]\nport = 0\n[broker]\nport = {port}\n[mqtt.mqtt]\nembedded = true\n"),
    );
    let lares = Lares::start(place);
    let twins = Command::new(place.binary())
        .args(["twins", "--broker", &format!("127.0.0.1:{port}"), "--log", "warn", "--home"])
        .arg(place.home())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let beside = Beside(twins);
    wait_for("the lamp and its state", || {
        lares.entity("bedroom-lamp.light").is_some_and(|e| e["state"].is_boolean())
    });
    (lares, beside)
}

fn place(name: &str) -> Place {
    Place::new(env!("CARGO_BIN_EXE_lares-under-test"), name)
}

#[test]
fn a_terminal_over_a_household_that_is_killed_and_comes_back() {
    let place = place("terminal");
    let (mut lares, _twins) = cottage(&place);
    let terminal = Terminal::open(&place, 80, 24);
    terminal.line("echo before");
    terminal.line(&format!("{} top --data {}", place.binary(), place.data().display()));

    terminal.sees("The cottage: ");
    for room in ["Hall", "Kitchen", "Living room", "Bathroom"] {
        terminal.sees(room);
    }
    terminal.sees_line(&["1 Now", "7 House"]);

    // A lamp that no rule moves, with what came of it.
    terminal.keys("2");
    terminal.sees_line(&["Bedroom lamp", "online"]);
    terminal.sees("Bath \\u{1b}[2J");
    terminal.keys("/bedroom-l");
    terminal.key("Enter");
    terminal.sees("1 of 32 devices");
    terminal.sees_line(&["Bedroom lamp", " off "]);
    terminal.keys(" ");
    terminal.sees("Bedroom lamp on; Bedroom lamp: confirmed (e");
    terminal.sees_line(&["Bedroom lamp", " on"]);
    let light = lares.entity("bedroom-lamp.light").unwrap();
    assert_eq!(light["state"], true, "{light}");

    // Its why, its entry, the other pages.
    terminal.keys("w");
    terminal.sees("Why: Bedroom lamp (bedroom-lamp)");
    terminal.sees_line(&["receipt", "confirmed"]);
    terminal.keys("3");
    terminal.sees("Journal, following");
    terminal.sees_line(&["Bedroom lamp is on"]);
    terminal.keys("4");
    terminal.sees(" actors, ");
    terminal.keys("5");
    terminal.sees(" timers");
    terminal.keys("7");
    terminal.sees_line(&["broker", "its own, listens on 127.0.0.1:"]);
    terminal.sees_line(&["health", "well"]);
    terminal.keys("1");
    terminal.sees_line(&["Bedroom", "on"]);

    // Killed and started again: said, and seen again, with what was kept.
    lares.kill();
    terminal.sees("no household runs; last seen ");
    terminal.sees("Kitchen");
    lares.run();
    terminal.sees("The cottage: ");
    terminal.keys("7");
    terminal.sees_line(&["lares", "start 2"]);

    // The screen is as it was before.
    terminal.keys("q");
    terminal.sees("before");
    terminal.sees("here>");
    let screen = terminal.screen();
    assert!(!screen.contains("7 House"), "{screen}");
    terminal.line("echo is it $?-there");
    terminal.sees("is it 0-there");
}

#[test]
fn a_terminal_that_is_told_to_end_gives_the_screen_back() {
    let place = place("terminal-term");
    let lares = Lares::resting(&place);
    let terminal = Terminal::open(&place, 80, 24);
    terminal.line(&format!("{} top --data {}", place.binary(), place.data().display()));
    terminal.sees("There is nothing to show yet: no household answers.");
    terminal.sees("no household runs; it is looked for every second");
    let pid = terminal.tmux(&["list-panes", "-F", "#{pane_pid}"]);
    let pid = pid.trim();
    let child =
        std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap().trim().to_owned();
    assert!(!child.is_empty(), "the shell {pid} has no child");
    assert!(Command::new("kill").args(["-s", "TERM", &child]).status().unwrap().success());
    terminal.sees("here>");
    terminal.line("stty -a | grep -o ' echo '; echo is it $?-there");
    terminal.sees("is it 0-there");

    // Where there is no terminal it says what to do instead.
    let said = lares.say(&["top"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("needs a terminal") && said.err.contains("lares devices"), "{said:?}");
    let said = lares.say(&["top", "--json"]);
    assert!(said.code == 2 && said.err.contains("lares devices --json"), "{said:?}");
}
