//! A running household, as a process that can be stopped and killed, and its command line.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{DEADLINE, Place, wait_some};

/// What a command answered.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in the answer {self:?}"))
    }
}

/// One household. The process is killed when this is dropped.
pub struct Lares {
    binary: &'static str,
    home: PathBuf,
    data: PathBuf,
    log: PathBuf,
    child: Option<Child>,
    /// From the start of the process to its ready line.
    pub ready_after: Duration,
    /// What it said when it was ready.
    pub ready: Value,
}

impl Lares {
    /// A household that does not run.
    pub fn resting(place: &Place) -> Self {
        Self {
            binary: place.binary(),
            home: place.home(),
            data: place.data(),
            log: place.path().join("log"),
            child: None,
            ready_after: Duration::ZERO,
            ready: Value::Null,
        }
    }

    /// Starts it and waits for its ready line.
    pub fn start(place: &Place) -> Self {
        let mut lares = Self::resting(place);
        lares.run();
        lares
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.binary);
        command.args(words).arg("--home").arg(&self.home).arg("--data").arg(&self.data);
        for (key, _) in std::env::vars().filter(|(k, _)| k.starts_with("LARES_")) {
            command.env_remove(key);
        }
        command.env("NO_COLOR", "1").stdin(Stdio::null());
        command
    }

    /// Starts it again on the same data; the log goes on in the same file.
    pub fn run(&mut self) {
        self.run_with(&[]);
    }

    pub fn run_with(&mut self, environment: &[(&str, &str)]) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        let since = Instant::now();
        let mut command = self.command(&["run", "--json"]);
        command.env("LARES_LOG", "info").envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let lines = lines(child.stdout.take().unwrap());
        self.child = Some(child);
        let line = match lines.recv_timeout(DEADLINE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => panic!("it did not get ready; its log:\n{}", self.log()),
            Err(RecvTimeoutError::Disconnected) => {
                panic!("it ended before it was ready; its log:\n{}", self.log())
            }
        };
        self.ready_after = since.elapsed();
        self.ready = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(self.ready["ready"] == true, "{line}");
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|c| c.try_wait().unwrap().is_none())
    }

    /// SIGTERM, and how it ended.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        let mut child = self.child.take().expect("it runs");
        let ended = wait_some("its end", || child.try_wait().unwrap());
        assert!(ended.success(), "{ended}; its log:\n{}", self.log());
        ended
    }

    /// Runs the command line against it.
    pub fn say(&self, words: &[&str]) -> Said {
        let done = self.command(words).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said { code: done.status.code().unwrap_or(-1), out: text(&done.stdout), err: text(&done.stderr) }
    }

    /// The answer of a command with `--json`.
    pub fn ask(&self, words: &[&str]) -> Value {
        let said = self.say(&[words, &["--json"]].concat());
        assert!(said.code == 0, "lares {}: {said:?}", words.join(" "));
        said.json()
    }

    /// What `lares log` shows, the oldest first.
    pub fn entries(&self, words: &[&str]) -> Vec<Value> {
        let said = self.say(&[&["log", "--json", "--limit", "100000"], words].concat());
        assert!(said.code == 0, "{said:?}");
        said.out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
    }

    /// One device of `lares devices`.
    pub fn device(&self, id: &str) -> Option<Value> {
        let all = self.ask(&["devices"]);
        all.as_array().unwrap().iter().find(|d| d["id"] == id).cloned()
    }

    /// One entity of `lares devices`.
    pub fn entity(&self, id: &str) -> Option<Value> {
        let all = self.ask(&["devices"]);
        let mut entities = all.as_array().unwrap().iter().flat_map(|d| d["entities"].as_array().unwrap());
        entities.find(|e| e["id"] == id).cloned()
    }

    /// Everything in the tree that has a report.
    pub fn actors(&self) -> Vec<Value> {
        fn walk(place: &Value, all: &mut Vec<Value>) {
            if !place["report"].is_null() {
                all.push(place["report"].clone());
            }
            place["children"].as_array().into_iter().flatten().for_each(|c| walk(c, all));
        }
        let mut all = Vec::new();
        walk(&self.ask(&["tree"]), &mut all);
        assert!(!all.is_empty(), "a running household has actors");
        all
    }

    /// Restarts of all actors together, with the paths of those that had any.
    pub fn restarts(&self) -> (u64, Vec<String>) {
        let actors = self.actors();
        let hit: Vec<&Value> = actors.iter().filter(|a| a["restarts"].as_u64() != Some(0)).collect();
        let paths = hit.iter().map(|a| format!("{}: {}", a["path"], a["last_error"])).collect();
        (hit.iter().filter_map(|a| a["restarts"].as_u64()).sum(), paths)
    }

    /// What it wrote to standard error so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Lares {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Lines of a pipe; the pipe is emptied as long as it is open.
fn lines(pipe: std::process::ChildStdout) -> Receiver<String> {
    let (send, lines) = sync_channel(64);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = send.try_send(line);
        }
    });
    lines
}
