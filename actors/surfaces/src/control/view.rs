//! What is shown, as an answer on the socket.

use serde::{Deserialize, Serialize};

use super::outcomes::{Recording, Reloaded};
use crate::auth::{GuestView, PersonAccess, TokenView};
use crate::files::ChangeView;
use crate::views::{
    AgendaView, BlueprintView, CallSound, CallView, Came, CountdownView, DeviceView, Dump, FindView,
    HistoryView, HomeNow, ImportView, InterlockView, KeptView, LogPage, MatchView, NeighboursView, NodeView,
    PlanView, QuestionView, RuleView, SceneView, SeriesView, StatusView, TimerView, TreeView, TrialView,
    TrustView, WhyAnswer,
};
use crate::voice::{HeardView, SpokenView};

/// What is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "view", content = "of", rename_all = "snake_case")]
pub enum View {
    Devices(Vec<DeviceView>),
    Tree(TreeView),
    Status(Box<StatusView>),
    Home(Box<HomeNow>),
    Log(LogPage),
    Why(WhyAnswer),
    Plan(PlanView),
    Timers(Vec<TimerView>),
    Countdowns(Vec<CountdownView>),
    Calls(Vec<CallView>),
    CallSound(Box<CallSound>),
    Interlocks(Vec<InterlockView>),
    Questions(Vec<QuestionView>),
    Trust(Vec<TrustView>),
    Rules(Vec<RuleView>),
    Spoken(Box<SpokenView>),
    Heard(Box<HeardView>),
    /// What came of taking something back, and what stays as it is, in words.
    Undone {
        answers: Vec<Came>,
        left: Vec<String>,
    },
    Scenes(Vec<SceneView>),
    Blueprints(Vec<BlueprintView>),
    Trial(Box<TrialView>),
    Nodes(Vec<NodeView>),
    Node(Box<NodeView>),
    Found(FindView),
    Dump(Box<Dump>),
    Agenda(AgendaView),
    Matches(MatchView),
    Neighbours(NeighboursView),
    History(HistoryView),
    Series(SeriesView),
    SeriesKept(Vec<KeptView>),
    SeriesImported(ImportView),
    People(Vec<PersonAccess>),
    /// The code is told this once.
    Invited {
        person: String,
        code: String,
    },
    /// The newest first.
    Guests(Vec<GuestView>),
    /// The code is told this once.
    GuestMade {
        guest: GuestView,
        code: String,
        /// Where it leads in, below the dashboard's address.
        path: String,
    },
    /// The newest first.
    Changes(Vec<ChangeView>),
    ChangeEnded {
        change: ChangeView,
        /// What came of taking it back.
        reloaded: Option<Reloaded>,
    },
    Tokens(Vec<TokenView>),
    /// What came of a wish, property by property.
    Answers(Vec<Came>),
    Reloaded(Reloaded),
    Recording(Recording),
    /// It stops now.
    Stopping,
}
