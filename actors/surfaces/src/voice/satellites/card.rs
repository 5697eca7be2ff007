//! Sound devices of this machine, by a program of its own that speaks Wyoming with us: the library that they need may be missing, or go down
//! with a driver, and then the household runs on and says so.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

/// What ended says why, within this.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes of a line that are of interest.
const LINE: u64 = 400;

/// The program lies beside our own and is called as we are, with `-sound` behind.
pub fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("lares"));
    let name = own.file_name().map_or_else(|| "lares".into(), |name| name.to_string_lossy().into_owned());
    own.with_file_name(format!("{name}-sound"))
}

/// The running program. It ends with this.
pub struct Card {
    child: Child,
    last_line: JoinHandle<Option<String>>,
}

impl Card {
    /// # Errors
    /// In words: the program is not there, or cannot be started.
    pub fn open(
        microphone: Option<&str>,
        loudspeaker: Option<&str>,
    ) -> Result<(Self, ChildStdout, ChildStdin), String> {
        let program = program();
        let mut command = Command::new(&program);
        for (option, device) in [("--microphone", microphone), ("--loudspeaker", loudspeaker)] {
            if let Some(device) = device {
                command.args([option, device]);
            }
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => format!(
                "{} is not there: build it by `cargo build --release --package lares-sound` \
                 (it needs libasound2-dev and pkg-config) and put it beside lares",
                program.display()
            ),
            _ => format!("{}: {e}", program.display()),
        })?;
        let (from, to) = (child.stdout.take(), child.stdin.take());
        let (Some(from), Some(to), Some(told)) = (from, to, child.stderr.take()) else {
            return Err(format!("{} has no pipes", program.display()));
        };
        let last_line = tokio::spawn(async move {
            let (mut told, mut last) = (BufReader::new(told), None);
            loop {
                let mut line = Vec::new();
                let mut limited = tokio::io::AsyncReadExt::take(&mut told, LINE);
                match limited.read_until(b'\n', &mut line).await {
                    Ok(0) | Err(_) => return last,
                    Ok(_) => {
                        let text = String::from_utf8_lossy(&line).trim().to_owned();
                        tracing::debug!(text, "the sound program");
                        last = Some(text).filter(|text| !text.is_empty()).or(last);
                    }
                }
            }
        });
        Ok((Self { child, last_line }, from, to))
    }

    /// Why it ended, in its own words or the loader's.
    pub async fn why(mut self) -> String {
        let Ok(ended) = tokio::time::timeout(PATIENCE, self.child.wait()).await else {
            return "it was silent, and was ended".to_owned();
        };
        let line = tokio::time::timeout(PATIENCE, self.last_line).await;
        match (line, ended) {
            (Ok(Ok(Some(line))), _) => line,
            (_, Ok(status)) => format!("the sound program ended: {status}"),
            (_, Err(e)) => format!("the sound program ended: {e}"),
        }
    }
}
