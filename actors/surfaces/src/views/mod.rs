//! What can be seen of a household: pure functions over what is kept ([`Source`]) and an instant, each giving a
//! structure for programs and words for people.

mod agenda;
mod board;
mod called;
mod calls;
mod came;
mod changes;
mod controls;
mod countdowns;
mod day;
mod devices;
mod dump;
mod durations;
mod effects;
mod export;
mod find;
mod graph;
mod heads;
mod history;
mod home;
mod import;
mod instants;
mod interlocks;
mod items;
mod kept;
mod kinds;
mod log;
mod matches;
mod moment;
mod names;
mod nearest;
mod neighbours;
mod notices;
mod plan;
mod plot;
mod questions;
mod reader;
mod rings;
mod rules;
mod sentence;
mod series;
mod sight;
mod source;
mod status;
mod steps;
mod table;
mod task_lists;
mod teller;
mod telling;
mod timers;
mod titles;
mod tree;
mod trial;
mod trust;
mod values;
mod why;
mod worded;

pub use agenda::{AgendaLine, AgendaView, agenda, agenda_text};
pub use board::{
    BoardCall, BoardFacts, BoardList, BoardMakes, BoardNext, BoardOf, BoardPlays, BoardTimer, BoardView,
    HeardHere, board, door_images, next,
};
pub use calls::{CallSound, CallView, call_sound, calls, calls_now, calls_text};
pub use came::Came;
pub use controls::ControlView;
pub use countdowns::{CountdownView, countdowns, countdowns_text};
pub use day::day;
pub use devices::{Attention, DeviceView, EntityView, attention, devices, devices_text};
pub use dump::{Dump, DumpEdge, dump};
pub use durations::duration;
pub use effects::effects;
pub use export::{ExportError, export};
pub use find::{FindView, HitView, find, find_seen, find_text};
pub use graph::{EdgeView, NodeView, PropertyView, SaidView, node, node_text, nodes, nodes_text, parse_kind};
pub use history::{ChangeView, HistoryView, history, history_text, node_id};
pub(crate) use home::ALARMS;
pub use home::{Facts, HomeNow, Need, PersonNow, RoomNow, home, people, rooms};
pub use import::{ImportView, ImportedSeries, import, import_text};
pub use instants::instant;
pub use interlocks::{InterlockView, interlocks, interlocks_now, interlocks_text};
pub use items::{items, lists};
pub use kept::{KeptView, kept, kept_text};
pub use kinds::{kind_text, kinds_json, kinds_text, own_text};
pub use log::{LogError, LogFilter, LogLine, LogPage, Watch, log, log_line, log_text};
pub use matches::{MatchView, matches, matches_text};
pub use moment::Moment;
pub use names::{Named, Names, NotFound};
pub use nearest::nearest;
pub use neighbours::{
    NeighbourFilter, NeighbourView, NeighboursView, neighbours, neighbours_text, parse_edge,
};
pub use notices::{is_for_everybody, notices};
pub use plan::{HoldView, PlanView, RunView, plan, plan_text};
pub use plot::{PlotFilter, PlotKind, PlotPoint, PlotSilence, PlotSpan, PlotStep, PlotView, plot};
pub use questions::{QuestionView, questions, questions_text};
pub use rings::{RingView, Ringing, rings};
pub use rules::{
    BlueprintParamView, BlueprintView, RuleView, SceneView, blueprints, blueprints_text, rules, rules_text,
    scenes, scenes_text,
};
pub use sentence::sentence;
pub use series::{
    Every, Rolled, SeriesError, SeriesFilter, SeriesRow, SeriesView, series, series_csv, series_text,
};
pub use sight::Sight;
pub use source::{Instants, Known, ReadError, Source};
pub use status::{
    DeviceCounts, HomeView, LinkView, ProcessFacts, StatusView, status, status_rows, status_text,
};
pub use table::{plain, table};
pub use task_lists::{ListItem, ListView, task_lists};
pub use telling::{Telling, ago, length};
pub use timers::{TimerView, timers, timers_text};
pub use tree::{TreeView, tree, tree_text};
pub use trial::{TrialCondition, TrialStep, TrialView, trial, trial_text};
pub use trust::{TrustView, trust, trust_text};
pub use values::{value_from_json, value_json};
pub use why::{
    Answer as WhyAnswer, Cause, Changed, Condition, DecisionView, Grounds, ReceiptView, RivalView, WhyError,
    why, why_line, why_text,
};
pub use worded::word_of;
