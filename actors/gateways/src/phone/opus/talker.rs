//! The house's end of its Opus process: starts it, asks it, and ends it where it does not answer in time.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::talk::{HEAD, PACKET, bytes_of, head, kind, message, samples_of};

/// What waits to be asked, and answers that wait to be taken: a second of both ways.
const WAITING: usize = 100;
/// It begins within so long, also on a busy machine.
const BEGINS: Duration = Duration::from_secs(5);
/// An answer takes a thousandth of a second.
const PATIENCE: Duration = Duration::from_secs(1);
/// So often it is started again in a call. A caller whose packets end it time after time has no call.
const AGAIN: usize = 3;

/// What it is asked.
#[derive(Debug)]
pub enum Ask {
    /// A packet of the caller's, and how many before it are lost.
    Hear { lost: u8, packet: Vec<u8> },
    /// A frame for the caller.
    Say(Vec<i16>),
}

#[derive(Debug, PartialEq)]
pub enum Answer {
    /// What was heard.
    Sound(Vec<i16>),
    /// What is to be sent.
    Packet(Vec<u8>),
    /// It is started no more: in words. Nothing comes after this.
    Ended(String),
}

/// One call's Opus. Dropping it ends its process.
pub struct Opus {
    asks: Sender<Ask>,
    answers: Receiver<Answer>,
}

impl Opus {
    /// By a program that speaks it when it is called with these arguments.
    pub fn start(program: PathBuf, arguments: Vec<String>) -> Self {
        let ((asks, asked), (answer, answers)) = (channel(WAITING), channel(WAITING));
        tokio::spawn(keep(program, arguments, asked, answer));
        Self { asks, answers }
    }

    /// Whoever does not keep up loses sound, and nothing waits for it.
    pub fn ask(&self, ask: Ask) {
        if self.asks.try_send(ask).is_err() {
            tracing::trace!("a frame of a call is lost: its Opus is behind");
        }
    }

    /// Safe to be dropped while it waits.
    pub async fn answer(&mut self) -> Answer {
        let gone = || Answer::Ended("its Opus is gone".to_owned());
        self.answers.recv().await.unwrap_or_else(gone)
    }
}

async fn keep(program: PathBuf, arguments: Vec<String>, mut asked: Receiver<Ask>, answers: Sender<Answer>) {
    let mut why = String::new();
    for _ in 0..=AGAIN {
        match serve(&program, &arguments, &mut asked, &answers).await {
            Ok(()) => return,
            Err(ended) => why = ended,
        }
        tracing::warn!(why, "the process that reads a call's Opus ended");
    }
    let _ = answers.send(Answer::Ended(format!("its Opus cannot be read: {why}"))).await;
}

/// Until the call is over, or the process is.
async fn serve(
    program: &PathBuf,
    arguments: &[String],
    asked: &mut Receiver<Ask>,
    answers: &Sender<Answer>,
) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().current_dir("/").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|e| format!("it cannot be started: {e}"))?;
    let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("it has no pipes".to_owned());
    };
    match in_time(BEGINS, read(&mut output)).await {
        Ok((kind::READY, _)) => {}
        Ok((kind::CANNOT, why)) => return Err(String::from_utf8_lossy(&why).into_owned()),
        Ok(_) => return Err("it says what nobody asked".to_owned()),
        Err(why) => return Err(ended(child, why).await),
    }
    loop {
        let ask = tokio::select! {
            biased;
            () = answers.closed() => return Ok(()),
            ask = asked.recv() => ask,
        };
        let Some(ask) = ask else { return Ok(()) };
        let answer = match in_time(PATIENCE, talk(&mut input, &mut output, ask)).await {
            Ok((kind::SOUND, bytes)) => Answer::Sound(samples_of(&bytes)),
            Ok((kind::PACKET, bytes)) => Answer::Packet(bytes),
            Ok((kind::CANNOT, why)) => return Err(String::from_utf8_lossy(&why).into_owned()),
            Ok(_) => return Err("it says what nobody asked".to_owned()),
            Err(why) => return Err(ended(child, why).await),
        };
        if answers.send(answer).await.is_err() {
            return Ok(());
        }
    }
}

async fn talk(
    input: &mut ChildStdin,
    output: &mut ChildStdout,
    ask: Ask,
) -> Result<(u8, Vec<u8>), std::io::Error> {
    let ask = match ask {
        Ask::Hear { lost, mut packet } => {
            packet.truncate(PACKET);
            packet.insert(0, lost);
            message(kind::HEAR, &packet)
        }
        Ask::Say(frame) => message(kind::SAY, &bytes_of(&frame)),
    };
    input.write_all(&ask).await?;
    read(output).await
}

async fn read(output: &mut ChildStdout) -> Result<(u8, Vec<u8>), std::io::Error> {
    let mut bytes = [0; HEAD];
    output.read_exact(&mut bytes).await?;
    let (kind, length) = head(bytes).ok_or(std::io::ErrorKind::InvalidData)?;
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).await?;
    Ok((kind, bytes))
}

async fn in_time<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, std::io::Error>>,
) -> Result<T, Option<std::io::Error>> {
    match tokio::time::timeout(patience, work).await {
        Ok(done) => done.map_err(Some),
        Err(_) => Err(None),
    }
}

/// How it ended, or that it has to be ended.
async fn ended(mut child: Child, why: Option<std::io::Error>) -> String {
    if why.is_none() {
        let _ = child.kill().await;
        return "it does not answer".to_owned();
    }
    match tokio::time::timeout(PATIENCE, child.wait()).await {
        Ok(Ok(status)) => format!("it ended with {status}"),
        _ => {
            let _ = child.kill().await;
            "it does not answer".to_owned()
        }
    }
}
