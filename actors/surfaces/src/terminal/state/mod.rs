//! What is shown and chosen. Keys, the mouse and answers come in; what to ask goes out. Pure.

mod answers;
mod journal;
mod keys;
mod list;
mod mouse;
mod names;
mod polls;
mod prompt;
mod tab;
mod wishes;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::control::{Greeting, Request, Told, View};
use crate::tongue::Tongue;
use crate::views::{
    CallView, DeviceView, HomeNow, LogFilter, LogLine, LogPage, PlanView, StatusView, Telling, TreeView,
    WhyAnswer,
};

use super::look::{Look, Tone};
use super::rows::Page;
use super::said::Said;

pub(super) use journal::Journal;
pub(super) use list::List;
pub(super) use polls::{Polls, is_asked};
pub(super) use prompt::Prompt;
pub use tab::Tab;
pub(super) use tab::tabs;
pub(super) use wishes::Pending;

/// What comes in.
#[derive(Debug)]
pub enum Input {
    Key(KeyEvent),
    Mouse(MouseEvent),
    Resize(u16, u16),
    /// A second has passed, more or less.
    Tick,
    /// What a view was answered with, or why it was not.
    Answered(Slot, Result<(Told, View), String>),
    /// What came of a wish.
    Came(u64, Result<(Told, View), String>),
    /// A household answers.
    Up(Greeting),
    /// None does, and why.
    Down(String),
    /// The journal so far.
    Past(Told, LogPage),
    Line(Told, Box<LogLine>),
    /// The journal cannot be followed as it was asked for.
    NoJournal(String),
}

/// What goes out.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    View(Slot, Request),
    Wish(u64, Request),
    /// The journal is followed anew, with this filter.
    Follow(LogFilter),
}

/// What a view is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    Home,
    /// Who is on the telephone.
    Calls,
    Devices,
    /// The devices that fit a filter.
    Find(String),
    Tree,
    Plan,
    Status,
    Why(String),
}

/// Whether a household answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Link {
    /// Nobody has been asked yet.
    Begun,
    Up(Greeting),
    Down(String),
}

/// How devices are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Name,
    Room,
    Status,
    /// What was heard last is first.
    Heard,
}

impl Sort {
    pub fn word(self, said: &Said) -> &'static str {
        match self {
            Self::Name => said.by_name,
            Self::Room => said.by_room,
            Self::Status => said.by_status,
            Self::Heard => said.by_heard,
        }
    }

    pub fn next(self) -> Self {
        match self {
            Self::Name => Self::Room,
            Self::Room => Self::Status,
            Self::Status => Self::Heard,
            Self::Heard => Self::Name,
        }
    }
}

/// A story that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Story {
    pub what: String,
    /// None while it is not answered.
    pub answer: Option<Result<(Told, WhyAnswer), String>>,
}

/// A line for whoever sits before it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message {
    pub text: String,
    pub tone: Tone,
    pub until: Duration,
}

/// All of it.
#[derive(Debug)]
pub struct State {
    pub(super) look: Look,
    pub(super) size: (u16, u16),
    pub(super) tab: Tab,
    pub(super) lists: BTreeMap<Tab, List>,
    pub(super) link: Link,
    /// Where the household's data is, for words about it.
    pub(super) place: String,
    /// Our clock, and when on it the last answer came.
    pub(super) now: Duration,
    pub(super) told: Option<(Told, Duration)>,
    pub(super) home: Option<HomeNow>,
    /// Who is on the telephone.
    pub(super) calls: Vec<CallView>,
    pub(super) devices: Option<Vec<DeviceView>>,
    pub(super) tree: Option<TreeView>,
    pub(super) plan: Option<PlanView>,
    pub(super) status: Option<StatusView>,
    /// Why a view is not there.
    pub(super) troubles: BTreeMap<Slot, String>,
    pub(super) journal: Journal,
    pub(super) stories: Vec<Story>,
    pub(super) full: bool,
    /// The device that is looked at.
    pub(super) device: Option<String>,
    pub(super) filter: String,
    /// What a filter string came to: references.
    pub(super) found: Option<BTreeSet<String>>,
    pub(super) sort: Sort,
    pub(super) backwards: bool,
    pub(super) all_needs: bool,
    /// Branches of the tree that are not as they are at first.
    pub(super) turned: BTreeSet<String>,
    pub(super) prompt: Option<Prompt>,
    pub(super) message: Option<Message>,
    pub(super) pending: Vec<Pending>,
    pub(super) wishes: u64,
    pub(super) polls: Polls,
    pub(super) help: bool,
    pub(super) quit: bool,
}

impl State {
    pub fn new(look: Look, size: (u16, u16), place: &str) -> Self {
        Self {
            look,
            size,
            tab: Tab::Now,
            lists: BTreeMap::new(),
            link: Link::Begun,
            place: place.to_owned(),
            now: Duration::ZERO,
            told: None,
            home: None,
            calls: Vec::new(),
            devices: None,
            tree: None,
            plan: None,
            status: None,
            troubles: BTreeMap::new(),
            journal: Journal::default(),
            stories: Vec::new(),
            full: false,
            device: None,
            filter: String::new(),
            found: None,
            sort: Sort::Name,
            backwards: false,
            all_needs: false,
            turned: BTreeSet::new(),
            prompt: None,
            message: None,
            pending: Vec::new(),
            wishes: 0,
            polls: Polls::default(),
            help: false,
            quit: false,
        }
    }

    /// What is to be done at first.
    pub fn begin(&self) -> Vec<Ask> {
        vec![Ask::Follow(self.journal.asked())]
    }

    pub fn is_done(&self) -> bool {
        self.quit
    }

    /// Takes what came in at this time on our clock.
    pub fn take(&mut self, now: Duration, input: Input) -> Vec<Ask> {
        self.now = now;
        if self.message.as_ref().is_some_and(|m| m.until < now) {
            self.message = None;
        }
        let mut asks = match input {
            Input::Key(key) => self.key(key),
            Input::Mouse(mouse) => self.mouse(mouse),
            Input::Resize(columns, lines) => {
                self.size = (columns, lines);
                Vec::new()
            }
            Input::Tick => Vec::new(),
            other => self.answer(other),
        };
        asks.extend(self.poll());
        self.settle();
        asks
    }

    /// The page that is shown.
    pub(super) fn page(&self) -> Page {
        super::pages::page(self)
    }

    pub(super) fn list(&self) -> List {
        self.lists.get(&self.tab).cloned().unwrap_or_default()
    }

    /// Puts the choice of the shown page in order: what was chosen may have moved or gone.
    fn settle(&mut self) {
        let page = self.page();
        let height = super::draw::areas(self.size, &page).rows();
        let last = self.tab == Tab::Journal && self.journal.follow;
        let list = self.lists.entry(self.tab).or_default();
        if last {
            list.last(&page.rows);
        }
        list.settle(&page.rows, height);
    }

    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        let seconds = if tone == Tone::Bad { 60 } else { 10 };
        let until = self.now + Duration::from_secs(seconds);
        self.message = Some(Message { text: super::text::safe(&text.into()), tone, until });
    }

    /// The household's language; before it has said anything, the terminal's.
    pub(super) fn tongue(&self) -> Tongue {
        self.told.as_ref().map_or(self.look.tongue, |(told, _)| told.telling().tongue)
    }

    pub(super) fn said(&self) -> &'static Said {
        Said::of(self.tongue())
    }

    pub(super) fn is_up(&self) -> bool {
        matches!(self.link, Link::Up(_))
    }

    /// The household's time, going on since it was told.
    pub(super) fn telling(&self) -> Telling {
        match &self.told {
            Some((told, at)) => {
                let mut telling = told.telling();
                telling.now = telling.now + self.now.saturating_sub(*at);
                telling
            }
            None => Telling::in_zone("UTC", lares_model::Timestamp(0), false).spoken_in(self.look.tongue),
        }
    }
}
