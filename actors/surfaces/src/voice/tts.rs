//! From words to sound: espeak-ng as a program of its own. What is said goes in by its standard input, never as an argument.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::sound::{Sound, read_wav};

/// The program. It needs 20 ms for a sentence; a busy machine may take its time.
const PROGRAM: &str = "espeak-ng";
const PATIENCE: Duration = Duration::from_secs(20);
/// Longer answers are cut: nobody listens to more.
const LONGEST: usize = 2_000;

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

/// Whether the program is there.
pub fn there() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(PROGRAM).is_file())
}

/// Says a text.
///
/// # Errors
/// In words: the program is not there, or it failed.
pub async fn say(text: &str, language: &str) -> Result<Sound, String> {
    let text: String = text.chars().take(LONGEST).collect();
    let mut command = Command::new(PROGRAM);
    command.args(["--stdin", "--stdout", "-v", voice(language)]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => "espeak-ng is not there: install the package espeak-ng".to_owned(),
        _ => format!("espeak-ng cannot be started: {e}"),
    })?;
    let input = child.stdin.take();
    let spoken = async {
        if let Some(mut input) = input {
            input.write_all(text.as_bytes()).await?;
            input.shutdown().await?;
        }
        child.wait_with_output().await
    };
    let output = match tokio::time::timeout(PATIENCE, spoken).await {
        Ok(Ok(output)) if output.status.success() => output,
        Ok(Ok(output)) => return Err(format!("espeak-ng failed: {}", output.status)),
        Ok(Err(e)) => return Err(format!("espeak-ng failed: {e}")),
        Err(_) => return Err(format!("espeak-ng did not answer within {} s", PATIENCE.as_secs())),
    };
    read_wav(&output.stdout).map_err(|e| format!("what espeak-ng said cannot be read: {e}"))
}
