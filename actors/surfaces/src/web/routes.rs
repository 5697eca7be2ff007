//! Every route there is, with the least role that may ask.

use lares_config::Role;

use super::api::{
    adopt, boards, calls, countdowns, files, guests, history, house, intents, interlocks, lists, people,
    picture, questions, rules, say, session, tls, tokens, views as seen,
};
use super::live::{LiveFrame, live};
use super::metrics;
use super::openapi;
use super::params::{AFTER, AT, FILTER, HISTORY, LIMIT, LOG, OF, PATH};
use super::route::{Reply, Route, get, post, shape};
use crate::auth::{GuestView, PersonAccess, TokenView};
use crate::control::Reloaded;
use crate::files::{ChangeView, Waiting};
use crate::views;
use crate::voice::SpokenView;

use Role::{Adult, Child, Guest, Owner};

/// Turns an async handler into one of the table.
macro_rules! by {
    ($handler:path) => {
        |call| Box::pin($handler(call))
    };
}

/// The table.
pub(super) const ROUTES: &[Route] = &[
    get(
        "/api/v1/door",
        Guest,
        "Whether this household has an owner yet",
        shape::<session::Door>,
        by!(session::door),
    )
    .open(),
    get(
        "/ca.crt",
        Guest,
        "The certificate of the household's own authority, for devices that are to trust it",
        shape::<String>,
        by!(tls::authority),
    )
    .gives(tls::MEDIA)
    .open(),
    post(
        "/api/v1/session",
        Guest,
        "Log in with a password",
        Reply::Json(201, shape::<session::Me>),
        by!(session::log_in),
    )
    .takes(shape::<session::LogIn>)
    .open(),
    post(
        "/api/v1/account",
        Guest,
        "Choose a password with a one-time code",
        Reply::Json(201, shape::<session::Me>),
        by!(session::join),
    )
    .takes(shape::<session::Join>)
    .open(),
    post(
        "/api/v1/guest",
        Guest,
        "Come in with the code of a guest link",
        Reply::Json(201, shape::<session::Me>),
        by!(guests::enter_by_link),
    )
    .takes(shape::<guests::Enter>)
    .open(),
    post("/api/v1/session", Guest, "Log out", Reply::Nothing, by!(session::log_out)).deletes(),
    get("/api/v1/me", Guest, "Who asks", shape::<session::Me>, by!(session::me)),
    get("/api/v1/openapi.json", Guest, "This document", shape::<serde_json::Value>, by!(openapi::document)),
    get("/api/v1/home", Guest, "The household now", shape::<views::HomeNow>, by!(seen::home)),
    get(
        "/api/v1/rooms",
        Guest,
        "All rooms, with what is in them",
        shape::<Vec<views::RoomNow>>,
        by!(seen::rooms),
    ),
    get("/api/v1/rooms/{key}", Guest, "One room", shape::<views::RoomNow>, by!(seen::room)),
    get(
        "/api/v1/rooms/{key}/board",
        Guest,
        "What a display in a room shows beside the things in it: as the display's own person, or as one's role may",
        shape::<views::BoardView>,
        by!(boards::board),
    ),
    post(
        "/api/v1/rings/{id}/stop",
        Guest,
        "Stop what rings, in all rooms; a guest in their own",
        Reply::Nothing,
        by!(boards::stop),
    ),
    get("/api/v1/devices", Guest, "All devices, by id", shape::<Vec<views::DeviceView>>, by!(seen::devices))
        .with(&[LIMIT, AFTER]),
    get("/api/v1/devices/{id}", Guest, "One device", shape::<views::DeviceView>, by!(seen::device)),
    get("/api/v1/entities/{id}", Guest, "One entity", shape::<views::EntityView>, by!(seen::entity)),
    get(
        "/api/v1/entities/{id}/picture",
        Guest,
        "The last picture of a camera or image",
        shape::<String>,
        by!(picture::picture),
    )
    .gives(picture::MEDIA)
    .with(AT),
    get(
        "/api/v1/history",
        Guest,
        "What a property of an entity was over time, as it is drawn",
        shape::<views::PlotView>,
        by!(history::history),
    )
    .with(HISTORY),
    get(
        "/api/v1/live",
        Guest,
        "What changes, as it changes: server-sent events",
        shape::<LiveFrame>,
        by!(live),
    )
    .gives("text/event-stream"),
    post(
        "/api/v1/intents",
        Guest,
        "A wish, answered with its receipts; the door decides what a role may move",
        Reply::Json(200, shape::<intents::Done>),
        by!(intents::wish),
    )
    .takes(shape::<intents::Wish>)
    .once(),
    post(
        "/api/v1/say",
        Guest,
        "A sentence, answered with what came of it; what opens something is asked back, and done with `yes`",
        Reply::Json(200, shape::<SpokenView>),
        by!(say::say),
    )
    .takes(shape::<say::Saying>)
    .once(),
    post(
        "/api/v1/timers",
        Guest,
        "Set, change or end a timer; a guest in their own rooms",
        Reply::Json(200, shape::<intents::Done>),
        by!(countdowns::wish),
    )
    .takes(shape::<countdowns::TimerWish>)
    .once(),
    get("/api/v1/people", Child, "Who is where", shape::<Vec<views::PersonNow>>, by!(seen::people)).whole(),
    get("/api/v1/why", Child, "Why something is as it is", shape::<views::WhyAnswer>, by!(seen::why))
        .whole()
        .with(&[OF]),
    get(
        "/api/v1/calls",
        Adult,
        "Calls by telephone, the newest first",
        shape::<Vec<views::CallView>>,
        by!(calls::list),
    )
    .whole(),
    get(
        "/api/v1/calls/{id}/sound",
        Adult,
        "What is kept of the sound of a call; who listens is on record",
        shape::<String>,
        by!(calls::sound),
    )
    .gives(calls::MEDIA)
    .whole(),
    get("/api/v1/plan", Child, "What is held and what comes next", shape::<views::PlanView>, by!(seen::plan))
        .whole(),
    get(
        "/api/v1/interlocks",
        Child,
        "What interlocks forbid now, and why",
        shape::<Vec<views::InterlockView>>,
        by!(interlocks::list),
    ),
    post(
        "/api/v1/interlocks/{key}/ack",
        Adult,
        "Clear a latched interlock, once its cause is gone",
        Reply::Json(200, shape::<intents::Done>),
        by!(interlocks::acknowledge),
    ),
    get(
        "/api/v1/questions",
        Guest,
        "What the household asks whoever asks this, and waits for an answer to",
        shape::<Vec<views::QuestionView>>,
        by!(questions::list),
    ),
    post(
        "/api/v1/questions/{id}",
        Guest,
        "Answer a question; yes is for those who may do themselves what it is about",
        Reply::Json(200, shape::<intents::Done>),
        by!(questions::answer),
    )
    .takes(shape::<questions::Answer>),
    get("/api/v1/scenes", Child, "Scenes", shape::<Vec<views::SceneView>>, by!(rules::scenes)).whole(),
    get(
        "/api/v1/adopt",
        Adult,
        "Devices that wait for their place, with what is proposed",
        shape::<Vec<Waiting>>,
        by!(adopt::waiting),
    ),
    post(
        "/api/v1/adopt/{id}",
        Adult,
        "Give a device its place: the home's files say so then, as `lares adopt` writes them",
        Reply::Json(200, shape::<adopt::Adopted>),
        by!(adopt::adopt),
    )
    .takes(shape::<adopt::Adopt>),
    get(
        "/api/v1/trust",
        Adult,
        "What is done without asking because it was trusted with that",
        shape::<Vec<views::TrustView>>,
        by!(rules::trust),
    )
    .whole(),
    get("/api/v1/rules", Adult, "The rules in force", shape::<Vec<views::RuleView>>, by!(rules::list))
        .whole(),
    get(
        "/api/v1/blueprints",
        Adult,
        "What rules can be made of",
        shape::<Vec<views::BlueprintView>>,
        by!(rules::blueprints),
    ),
    post(
        "/api/v1/rules/{rule}/try",
        Adult,
        "What a rule would do; nothing is moved",
        Reply::Json(200, shape::<views::TrialView>),
        by!(rules::try_it),
    )
    .whole()
    .takes(shape::<rules::Try>),
    get(
        "/api/v1/find",
        Guest,
        "What fits a filter string, of what one sees",
        shape::<views::FindView>,
        by!(seen::find),
    )
    .with(&[FILTER, LIMIT]),
    get("/api/v1/log", Adult, "The journal, the newest last", shape::<views::LogPage>, by!(seen::log))
        .whole()
        .with(LOG),
    get("/api/v1/timers", Adult, "Durable timers", shape::<Vec<views::TimerView>>, by!(seen::timers)).whole(),
    get("/api/v1/tree", Adult, "Every actor, with its state", shape::<views::TreeView>, by!(seen::tree))
        .whole(),
    get("/api/v1/status", Adult, "The household at a glance", shape::<views::StatusView>, by!(seen::status))
        .whole(),
    get("/metrics", Adult, "Figures for Prometheus", shape::<String>, by!(metrics::metrics))
        .whole()
        .gives(metrics::TEXT),
    get(
        "/api/v1/tokens",
        Guest,
        "One's own sessions and tokens; an owner's are all",
        shape::<Vec<TokenView>>,
        by!(tokens::list),
    ),
    post(
        "/api/v1/tokens",
        Adult,
        "A token for a program or device",
        Reply::Json(201, shape::<tokens::MadeToken>),
        by!(tokens::make),
    )
    .takes(shape::<tokens::NewToken>),
    post(
        "/api/v1/tokens/{id}",
        Guest,
        "End one of one's own; an owner any",
        Reply::Nothing,
        by!(tokens::end),
    )
    .deletes(),
    get("/api/v1/accounts", Owner, "Who may log in", shape::<Vec<PersonAccess>>, by!(people::list)),
    post(
        "/api/v1/accounts/{person}/code",
        Owner,
        "A one-time code for a person",
        Reply::Json(201, shape::<people::Invited>),
        by!(people::invite),
    ),
    get("/api/v1/guests", Owner, "Guest links that last", shape::<Vec<GuestView>>, by!(guests::list)),
    post(
        "/api/v1/guests",
        Owner,
        "A link for a guest, with rooms and an end",
        Reply::Json(201, shape::<guests::Invited>),
        by!(guests::invite),
    )
    .takes(shape::<guests::Invite>),
    post(
        "/api/v1/guests/{key}",
        Owner,
        "End a guest link, and all that came in by it",
        Reply::Nothing,
        by!(guests::end),
    )
    .deletes(),
    get(
        "/api/v1/files",
        Owner,
        "The home's files, and what was changed here",
        shape::<files::FilesView>,
        by!(files::list),
    ),
    get("/api/v1/files/text", Owner, "One of them", shape::<files::FileText>, by!(files::text)).with(&[PATH]),
    post(
        "/api/v1/files/check",
        Owner,
        "What the checker says of a text, and what it would change; nothing is written",
        Reply::Json(200, shape::<files::Checked>),
        by!(files::check),
    )
    .takes(shape::<files::Draft>)
    .long(),
    post(
        "/api/v1/files/apply",
        Owner,
        "Write a text and take it in; it goes back by itself unless it is confirmed",
        Reply::Json(200, shape::<files::Applied>),
        by!(files::apply),
    )
    .takes(shape::<files::Apply>)
    .long()
    .based(),
    post(
        "/api/v1/changes/{id}/confirm",
        Owner,
        "Keep a change that waits",
        Reply::Json(200, shape::<ChangeView>),
        by!(files::confirm),
    ),
    post(
        "/api/v1/changes/{id}/undo",
        Owner,
        "Take a change back, one that waits or one that was confirmed",
        Reply::Json(200, shape::<files::Applied>),
        by!(files::take_back),
    ),
    post(
        "/api/v1/reload",
        Owner,
        "Read the home's files again",
        Reply::Json(200, shape::<Reloaded>),
        by!(house::reload),
    ),
    get(
        "/api/v1/lists",
        Child,
        "What is to be bought and done, list by list",
        shape::<Vec<views::ListView>>,
        by!(lists::all),
    )
    .whole(),
    post(
        "/api/v1/lists/{key}",
        Child,
        "Write something on a list; what stands there and is done is open again",
        Reply::Json(200, shape::<intents::Done>),
        by!(lists::add),
    )
    .whole()
    .takes(shape::<lists::Adding>)
    .once(),
    post(
        "/api/v1/tasks/{id}",
        Child,
        "Tick a task off, or open it again",
        Reply::Json(200, shape::<intents::Done>),
        by!(lists::tick),
    )
    .whole()
    .takes(shape::<lists::Ticking>)
    .once(),
];
