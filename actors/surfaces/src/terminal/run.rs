//! The loop: terminal and socket on one side, [`State`] on the other. It decides nothing.

use std::future::pending;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use lares_kernel::Clock;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{self, Sender};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::MissedTickBehavior;

use super::line::{VIEW, WISH, ask, follow};
use super::look::Look;
use super::screen::Screen;
use super::state::{Ask, Input, State};

/// Answers that wait for the screen; the socket waits when there are more.
const WAITING: usize = 256;
const TICK: Duration = Duration::from_secs(1);
/// What came in meanwhile is taken before the screen is drawn, up to so much.
const AT_ONCE: usize = 128;

/// Why it cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
    #[error("it failed inside; this is a defect, please report what stands above")]
    Inside,
}

/// Shows the household whose data is there until it is left.
pub async fn run(data: &Path, look: Look, clock: Arc<dyn Clock>) -> Result<(), Stopped> {
    let mut term = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut screen = Screen::enter()?;
    let mut state = State::new(look, Screen::size()?, &data.display().to_string());
    let (answers, mut answered) = mpsc::channel(WAITING);
    let mut work = Work { data: data.to_owned(), answers, questions: JoinSet::new(), journal: None };
    work.begin(state.begin());
    let mut events = EventStream::new();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    screen.draw(&state)?;
    while !state.is_done() {
        let input = tokio::select! {
            biased;
            _ = term.recv() => return Ok(()),
            _ = hangup.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            event = events.next() => match event {
                Some(event) => of_event(event?),
                // Nobody sits before it any more.
                None => return Ok(()),
            },
            Some(input) = answered.recv() => Some(input),
            () = work.done() => None,
            _ = tick.tick() => Some(Input::Tick),
        };
        if Screen::is_lost() {
            return Err(Stopped::Inside);
        }
        let Some(input) = input else { continue };
        work.begin(state.take(clock.elapsed(), input));
        for _ in 0..AT_ONCE {
            let Ok(input) = answered.try_recv() else { break };
            work.begin(state.take(clock.elapsed(), input));
        }
        screen.draw(&state)?;
    }
    Ok(())
}

fn of_event(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) => Some(Input::Key(key)),
        Event::Mouse(mouse) => Some(Input::Mouse(mouse)),
        Event::Resize(columns, lines) => Some(Input::Resize(columns, lines)),
        _ => None,
    }
}

/// What is asked and not answered yet. All of it ends with it.
struct Work {
    data: PathBuf,
    answers: Sender<Input>,
    questions: JoinSet<()>,
    journal: Option<JoinHandle<()>>,
}

impl Work {
    fn begin(&mut self, asks: Vec<Ask>) {
        for one in asks {
            let (data, answers) = (self.data.clone(), self.answers.clone());
            match one {
                Ask::View(slot, request) => {
                    self.questions.spawn(async move {
                        let answer = ask(&data, &request, VIEW).await;
                        let _ = answers.send(Input::Answered(slot, answer)).await;
                    });
                }
                Ask::Wish(id, request) => {
                    self.questions.spawn(async move {
                        let came = ask(&data, &request, WISH).await;
                        let _ = answers.send(Input::Came(id, came)).await;
                    });
                }
                Ask::Follow(filter) => {
                    self.stop_journal();
                    let task = async move { follow(&data, filter, answers).await };
                    self.journal = Some(tokio::spawn(task));
                }
            }
        }
    }

    /// Takes what has ended out of the set.
    async fn done(&mut self) {
        if self.questions.join_next().await.is_none() {
            pending::<()>().await;
        }
    }

    fn stop_journal(&mut self) {
        if let Some(task) = self.journal.take() {
            task.abort();
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.stop_journal();
    }
}
