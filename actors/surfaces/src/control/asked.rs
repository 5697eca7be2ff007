//! What every surface asks with: views of what is kept, wishes for the door, orders to the process.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use lares_graph::samples::Given;
use lares_kernel::{Act, Answer, Intent, World};
use lares_model::{Body, Draft, NodeId, Origin, Receipt};
use tokio::sync::oneshot;

use super::hear::{Sounds, hear};
use super::speak::{self, By, Spoken};
use super::undo::{Undo, undo};
use super::{ControlSetup, Live, Request, Response, Told, Trouble, TryRule, View};
use super::{intents, read_view};
use crate::displays::display_of;
use crate::tongue::Tongue;
use crate::views::{self, Came, Names, ProcessFacts, ReadError, Source, Telling};

/// A view of the largest household takes well under a second; a wish waits for its device's report.
const READ_DEADLINE: Duration = Duration::from_secs(15);
const WISH_DEADLINE: Duration = Duration::from_secs(30);
/// Fifty thousand statements were seen to take seconds; a busy disk adds its own.
const SAY_DEADLINE: Duration = Duration::from_secs(60);
const RELOAD_DEADLINE: Duration = Duration::from_secs(60);

/// What is needed to answer.
#[derive(Clone)]
pub(crate) struct Asked {
    pub setup: Arc<ControlSetup>,
    pub world: World,
    /// Where it is asked, in words: it is the reason of a person's wish.
    pub surface: Cow<'static, str>,
    /// In which language it is answered; none: in the household's.
    pub tongue: Option<Tongue>,
}

impl Asked {
    /// In which language it is answered.
    pub fn tongue(&self) -> Tongue {
        let household = || Tongue::of(&(self.setup.in_force)().household.language);
        self.tongue.or_else(household).unwrap_or_default()
    }

    pub async fn answer(&self, request: Request) -> Response {
        match self.ask(request).await {
            Ok((told, view)) => Response::View { told, view: Box::new(view) },
            Err(trouble) => Response::Trouble(trouble),
        }
    }

    /// The view that was asked for, or what came of an order, within a deadline.
    pub async fn ask(&self, request: Request) -> Result<(Told, View), Trouble> {
        let (deadline, what) = match &request {
            Request::Set { .. }
            | Request::Release { .. }
            | Request::Timer { .. }
            | Request::Acknowledge { .. }
            | Request::Answer { .. }
            | Request::Speak { .. }
            | Request::Hear { .. }
            | Request::Undo { .. } => (WISH_DEADLINE, "the wish"),
            Request::Say { .. } | Request::SeriesImport { .. } => (SAY_DEADLINE, "keeping it"),
            Request::Reload | Request::EndChange { .. } => (RELOAD_DEADLINE, "the reload"),
            _ => (READ_DEADLINE, "the answer"),
        };
        match tokio::time::timeout(deadline, self.view(request)).await {
            Ok(answered) => answered,
            Err(_) => Err(Trouble::failed(format!("{what} took longer than {deadline:?}"))),
        }
    }

    async fn view(&self, request: Request) -> Result<(Told, View), Trouble> {
        match request {
            Request::Set { .. }
            | Request::Release { .. }
            | Request::Say { .. }
            | Request::Timer { .. }
            | Request::Acknowledge { .. }
            | Request::Answer { .. } => {
                let surface = self.surface.clone();
                let intent = self.read(move |source, _| intents::intent(source, request, &surface)).await?;
                self.wish(intent).await
            }
            Request::SeriesImport { file, text, entity, property, unit, person } => {
                let given = Given { entity, property, unit };
                let surface = self.surface.clone();
                let checked = self.read(move |source, told| {
                    let (samples, view) = views::import(source, told, (&file, &text), &given)?;
                    let intent = intents::measured(source, samples, &file, (person, &surface))?;
                    Ok((intent, view))
                });
                let (intent, view) = checked.await?;
                self.taken(intent, view).await
            }
            Request::Reload => {
                let reloaded = self.setup.hooks.reload().await.map_err(Trouble::failed)?;
                self.done(View::Reloaded(reloaded)).await
            }
            Request::Record { path } => {
                let path = path.map(std::path::PathBuf::from);
                let recording = self.setup.hooks.record(path).map_err(Trouble::failed)?;
                self.done(View::Recording(recording)).await
            }
            Request::Stop => {
                let done = self.done(View::Stopping).await;
                self.setup.hooks.stop("asked on the command line");
                done
            }
            Request::Speak { text, language, room, yes, person } => {
                let by = person.map_or(By::Console, By::Person);
                speak::speak(self, Spoken { text, language, room, yes, by }).await
            }
            Request::Hear { samples, language, room, yes, person } => {
                hear(self, Sounds { samples, language, room, yes, person }).await
            }
            Request::Undo { event, person } => {
                let read = move |source: &dyn Source, told: &Telling| {
                    undo(source, told, event.as_deref(), person.as_deref())
                };
                let Undo { intents, left, rules } = self.read(read).await?;
                let mut answers = Vec::new();
                for intent in intents {
                    let asked =
                        self.setup.door.ask(|reply| Intent { reply: Some(reply), ..intent }, WISH_DEADLINE);
                    answers.extend(asked.await.map_err(Trouble::failed)?);
                }
                if answers.iter().any(|a| matches!(a.receipt, Receipt::Sent | Receipt::Confirmed)) {
                    rules.into_iter().for_each(|intent| self.setup.door.tell(intent));
                }
                self.came(answers, |answers| View::Undone { answers, left }).await
            }
            Request::Rules => {
                let home = (self.setup.in_force)();
                self.read(move |source, told| {
                    let rules = views::rules(source, told, &home).map_err(Trouble::failed)?;
                    Ok((Told::of(told), View::Rules(rules)))
                })
                .await
            }
            Request::Scenes => {
                let home = (self.setup.in_force)();
                self.read(move |source, told| {
                    let scenes = views::scenes(source, told, &home).map_err(Trouble::failed)?;
                    Ok((Told::of(told), View::Scenes(scenes)))
                })
                .await
            }
            Request::Blueprints => {
                let blueprints = views::blueprints(&(self.setup.in_force)());
                self.done(View::Blueprints(blueprints)).await
            }
            Request::TryRule { rule, trigger, assume, at } => {
                let hooks = self.setup.hooks.clone();
                self.read(move |source, told| {
                    let at = at.map(|at| views::instant(&at, told)).transpose().map_err(Trouble::input)?;
                    let value = |(name, json): (String, serde_json::Value)| {
                        let value = views::value_from_json(lares_model::Property::State, &json);
                        value.map(|v| (name, v)).map_err(Trouble::input)
                    };
                    let assume = assume.into_iter().map(value).collect::<Result<_, _>>()?;
                    let asked = TryRule { rule, trigger, assume, at };
                    let trial = hooks.try_rule(&asked).map_err(Trouble::input)?;
                    let trial = views::trial(source, told, trial).map_err(Trouble::failed)?;
                    Ok((Told::of(told), View::Trial(Box::new(trial))))
                })
                .await
            }
            Request::People => {
                let people = self.setup.access.people(&(self.setup.in_force)());
                self.done(View::People(people)).await
            }
            Request::Invite { person } => {
                let home = (self.setup.in_force)();
                let code = self.setup.access.invite(&home, &person).await.map_err(Trouble::input)?;
                self.done(View::Invited { person, code }).await
            }
            request @ (Request::Guests
            | Request::MakeGuest { .. }
            | Request::EndGuest { .. }
            | Request::Changes
            | Request::EndChange { .. }) => self.owner(request).await,
            Request::Tokens => self.done(View::Tokens(self.setup.access.tokens(None, None))).await,
            Request::EndToken { id } => {
                if !self.setup.access.end(&id, None).await.map_err(Trouble::failed)? {
                    return Err(Trouble::input(format!(
                        "there is no token `{id}`: `lares tokens` lists them"
                    )));
                }
                self.done(View::Tokens(self.setup.access.tokens(None, None))).await
            }
            Request::StopRing { ring, person } => self.stop_ring(&ring, person).await,
            // What is asked when something is wrong is answered also when nothing can be kept.
            question @ (Request::Status
            | Request::Tree
            | Request::Home
            | Request::Interlocks
            | Request::Devices { .. }) => {
                let _ = self.setup.graph.sync().await;
                let live = self.live();
                let (home, boards, world) =
                    ((self.setup.in_force)(), self.setup.boards.clone(), self.world.clone());
                self.read_as_it_is(move |source, told| {
                    let mut view = read_view(source, told, &question, Some(&live))?;
                    // What was stopped is kept nowhere.
                    if let View::Home(now) = &mut view {
                        now.people.retain(|person| display_of(&home, &person.key).is_none());
                        now.rings = boards.rings(source, &home, &world).map_err(Trouble::failed)?;
                    }
                    Ok((Told::of(told), view))
                })
                .await
            }
            question => {
                let live = self.live();
                self.read(move |source, told| {
                    Ok((Told::of(told), read_view(source, told, &question, Some(&live))?))
                })
                .await
            }
        }
    }

    async fn stop_ring(&self, id: &str, person: Option<String>) -> Result<(Told, View), Trouble> {
        let (home, boards, world) = ((self.setup.in_force)(), self.setup.boards.clone(), self.world.clone());
        if let Some(person) = person.as_ref().filter(|person| !home.people.contains_key(*person)) {
            return Err(Trouble::input(format!("there is no person `{person}`")));
        }
        let rings = self
            .read_as_it_is(move |source, _| boards.rings(source, &home, &world).map_err(Trouble::failed))
            .await?;
        let ring = rings.into_iter().find(|ring| ring.id == id);
        let ring = ring.ok_or_else(|| Trouble::input(format!("`{id}` does not ring any more")))?;
        self.setup.boards.stop(&ring);
        let origin = person.map_or(Origin::Console, |person| Origin::Person(person.into()));
        let text = format!("stopped: {}", ring.text);
        let draft = Draft::new(NodeId::household(), origin, Body::Notice { text });
        let event = Some(self.world.publish(draft).id);
        let (entity, property) = (ring.text, String::new());
        let answer = Answer { entity, property, event, receipt: Receipt::Confirmed };
        self.came(vec![answer], View::Answers).await
    }

    async fn wish(&self, intent: Intent) -> Result<(Told, View), Trouble> {
        let answers = self.at_the_door(intent).await?;
        self.came(answers, View::Answers).await
    }

    /// What the door says to a wish, for whoever tells of it in words of their own; kept before it is told.
    pub(super) async fn answers(&self, intent: Intent) -> Result<Vec<Answer>, Trouble> {
        let answers = self.at_the_door(intent).await?;
        self.setup.graph.sync().await.map_err(Trouble::failed)?;
        Ok(answers)
    }

    async fn at_the_door(&self, intent: Intent) -> Result<Vec<Answer>, Trouble> {
        let deadline = if matches!(intent.act, Act::Say { .. }) { SAY_DEADLINE } else { WISH_DEADLINE };
        let asked = self.setup.door.ask(|reply| Intent { reply: Some(reply), ..intent }, deadline).await;
        asked.map_err(Trouble::failed)
    }

    /// What was checked is kept, before it is answered. What is there already is not said again.
    async fn taken(&self, intent: Intent, view: views::ImportView) -> Result<(Told, View), Trouble> {
        if view.new + view.corrected > 0 {
            let asked =
                self.setup.door.ask(|reply| Intent { reply: Some(reply), ..intent }, SAY_DEADLINE).await;
            for answer in asked.map_err(Trouble::failed)? {
                if answer.receipt != Receipt::Confirmed {
                    return Err(Trouble::failed(answer.receipt));
                }
            }
        }
        self.done(View::SeriesImported(view)).await
    }

    /// What was done is told only once it is kept.
    pub(super) async fn done(&self, view: View) -> Result<(Told, View), Trouble> {
        let told = self.read(|_, told| Ok(Told::of(told))).await?;
        Ok((told, view))
    }

    /// As [`Asked::done`], with the names of what was moved.
    async fn came(
        &self,
        answers: Vec<Answer>,
        view: impl FnOnce(Vec<Came>) -> View,
    ) -> Result<(Told, View), Trouble> {
        let read = self.read(move |source, told| {
            let names = Names::read(source).map_err(Trouble::failed)?.told_in(told.tongue);
            Ok((Told::of(told), answers.into_iter().map(|answer| names.came(answer)).collect()))
        });
        let (told, answers) = read.await?;
        Ok((told, view(answers)))
    }

    pub fn live(&self) -> Live {
        let report = self.world.registry().report();
        let quarantined = report
            .iter()
            .filter(|c| c.state == lares_kernel::ChildState::Quarantined)
            .map(|c| match &c.last_error {
                Some(error) => format!("{}: {error}", c.path),
                None => c.path.clone(),
            })
            .collect();
        let setup = &self.setup;
        let health = setup.graph.health();
        let facts = ProcessFacts {
            version: setup.version.clone(),
            pid: std::process::id(),
            home: setup.files.folder.root.display().to_string(),
            data: setup.data.display().to_string(),
            trouble: (!health.ok)
                .then(|| health.last_error.unwrap_or_else(|| "nothing can be kept".to_owned())),
            commits: Some(health.commits),
            quarantined,
            more: setup.hooks.facts(),
        };
        Live { report, order: setup.order.clone(), facts }
    }

    /// Reads what is kept, beside the actors' threads, after all that was said before is in it.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Source, &Telling) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.setup.graph.sync().await.map_err(Trouble::failed)?;
        self.read_as_it_is(work).await
    }

    /// As [`Asked::read`], without waiting for what is not committed yet.
    pub async fn read_as_it_is<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Source, &Telling) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let (sender, receiver) = oneshot::channel();
        let (source, now) = (self.setup.graph.reader(), self.world.clock().now());
        let tongue = self.tongue();
        let job = Box::new(move || {
            let told = Telling::of(&source, now, true).map_err(|e: ReadError| Trouble::failed(e));
            let _ = sender.send(told.and_then(|told| work(&source, &told.spoken_in(tongue))));
        });
        self.world.blocking().run(job).await;
        receiver.await.unwrap_or_else(|_| Err(Trouble::failed("the view failed; the log says why")))
    }
}
