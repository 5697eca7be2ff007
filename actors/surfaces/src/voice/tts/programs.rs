//! espeak-ng, flite, and any program that writes a WAV file.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::voice::sound::{Sound, read_wav};

/// They need 20 to 150 ms for a sentence; a busy machine may take its time.
const PATIENCE: Duration = Duration::from_secs(20);

/// espeak-ng's voice of a language.
pub fn voice(language: &str) -> &'static str {
    match language {
        "de" => "de",
        "es" => "es",
        "fr" => "fr-fr",
        "nl" => "nl",
        _ => "en-us",
    }
}

/// Whether a program is there.
pub fn there(program: &str) -> bool {
    if program.contains('/') {
        return Path::new(program).is_file();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

pub async fn espeak(text: &str, language: &str, named: Option<&str>) -> Result<Sound, String> {
    let mut command = Command::new("espeak-ng");
    command.args(["--stdin", "--stdout", "-v", named.unwrap_or(voice(language))]);
    let output = output(command, "espeak-ng", text).await?;
    read(&output, "espeak-ng")
}

/// It goes back in what it writes, which a pipe does not let it: a file of its own, which is gone at once.
pub async fn flite(text: &str, named: Option<&str>, data: &Path) -> Result<Sound, String> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = data.join("voice");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let file = Gone(folder.join(format!("said-{}.part", COUNT.fetch_add(1, Ordering::Relaxed))));
    let mut command = Command::new("flite");
    command.args(["-voice", named.unwrap_or("slt"), "-f", "/dev/stdin", "-o"]).arg(&file.0);
    output(command, "flite", text).await?;
    let written = std::fs::read(&file.0).map_err(|e| format!("flite wrote nothing: {e}"))?;
    read(&written, "flite")
}

/// A file that is removed whatever becomes of it.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// `{language}` and `{voice}` among its arguments are what they are.
pub async fn command(
    text: &str,
    language: &str,
    named: Option<&str>,
    command: &[String],
) -> Result<Sound, String> {
    let [program, arguments @ ..] = command else { return Err("no program is named".to_owned()) };
    let mut command = Command::new(program);
    let filled = |a: &String| a.replace("{language}", language).replace("{voice}", named.unwrap_or_default());
    command.args(arguments.iter().map(filled));
    let output = output(command, program, text).await?;
    read(&output, program)
}

fn read(wav: &[u8], program: &str) -> Result<Sound, String> {
    read_wav(wav).map_err(|e| format!("what {program} said cannot be read: {e}"))
}

async fn output(mut command: Command, program: &str, text: &str) -> Result<Vec<u8>, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => format!("{program} is not there: install it"),
        _ => format!("{program} cannot be started: {e}"),
    })?;
    let input = child.stdin.take();
    let said = async {
        // Written and read at once: a program that begins to speak before it has heard all would wait for us, and we for it.
        let writes = async {
            if let Some(mut input) = input {
                // One that ends without having read all has its reasons.
                let _ = input.write_all(text.as_bytes()).await;
                let _ = input.shutdown().await;
            }
        };
        tokio::join!(writes, child.wait_with_output()).1
    };
    match tokio::time::timeout(PATIENCE, said).await {
        Ok(Ok(output)) if output.status.success() => Ok(output.stdout),
        Ok(Ok(output)) => Err(format!("{program} failed: {}", output.status)),
        Ok(Err(e)) => Err(format!("{program} failed: {e}")),
        Err(_) => Err(format!("{program} did not answer within {} s", PATIENCE.as_secs())),
    }
}
