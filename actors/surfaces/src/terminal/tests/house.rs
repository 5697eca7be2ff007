//! A household that was told to the state, and what the screen shows of it.

use std::collections::BTreeMap;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use lares_model::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::{Value as Json, json};

use crate::control::{Greeting, PROTOCOL, Told, View};
use crate::terminal::{Ask, Input, Look, Slot, State, draw};
use crate::tongue::Tongue;
use crate::views::{
    ControlView, DeviceView, EntityView, HomeNow, LogLine, LogPage, Moment, Need, PersonNow, RoomNow,
};

/// 2026-11-22, 18:00 in Berlin.
pub const NOW: Timestamp = Timestamp(1_795_366_800_000_000);

pub fn told() -> Told {
    Told { now: Moment(NOW), zone: "Europe/Berlin".to_owned(), language: "en".to_owned() }
}

pub fn greeting() -> Greeting {
    Greeting { lares: "0.1.0".to_owned(), pid: 7, protocol: PROTOCOL }
}

fn switch(property: &str, kind: &str) -> ControlView {
    let range = (kind == "range").then_some(());
    ControlView {
        property: property.to_owned(),
        kind: kind.to_owned(),
        min: range.map(|()| 0.0),
        max: range.map(|()| 100.0),
        step: None,
        options: Vec::new(),
        unit: range.map(|()| "%".to_owned()),
    }
}

pub fn entity(id: &str, component: &str, class: Option<&str>, state: Json, unit: Option<&str>) -> EntityView {
    let light = component == "light";
    let mut properties = BTreeMap::new();
    if light {
        properties.insert("on".to_owned(), state.clone());
        properties.insert("brightness".to_owned(), json!(40));
    }
    EntityView {
        id: id.to_owned(),
        unique_id: id.to_owned(),
        component: component.to_owned(),
        name: id.replace(['.', '-'], " "),
        room: None,
        state,
        unit: unit.map(str::to_owned),
        announced_unit: None,
        device_class: class.map(str::to_owned),
        status: "online".to_owned(),
        stale: false,
        age_s: Some(4.0),
        properties,
        category: None,
        controls: if light {
            vec![switch("on", "switch"), switch("brightness", "range")]
        } else {
            Vec::new()
        },
    }
}

pub fn device(
    id: &str,
    name: &str,
    room: Option<&str>,
    status: &str,
    entities: Vec<EntityView>,
) -> DeviceView {
    let own = |mut e: EntityView| {
        e.room = room.map(str::to_owned);
        e
    };
    DeviceView {
        id: id.to_owned(),
        name: name.to_owned(),
        room: room.map(str::to_owned),
        identifiers: vec![id.to_owned()],
        link: "mqtt".to_owned(),
        manufacturer: None,
        model: None,
        status: status.to_owned(),
        status_detail: (status == "offline").then(|| "silent for 3 h".to_owned()),
        entities: entities.into_iter().map(own).collect(),
        interlocks: Vec::new(),
        unnamed: Vec::new(),
        running: true,
    }
}

pub fn devices(on: bool) -> Vec<DeviceView> {
    vec![
        device(
            "hall-lamp",
            "Hall lamp",
            Some("hall"),
            "online",
            vec![entity("hall-lamp.light", "light", None, json!(on), None)],
        ),
        device(
            "hall-motion",
            "Hall motion",
            Some("hall"),
            "online",
            vec![
                entity("hall-motion.occupancy", "binary_sensor", Some("occupancy"), json!(true), None),
                entity("hall-motion.illuminance", "sensor", Some("illuminance"), json!(12.25), Some("lx")),
            ],
        ),
        device(
            "leak",
            "Leak \u{1b}[31msensor",
            None,
            "offline",
            vec![entity("leak.moisture", "binary_sensor", Some("moisture"), Json::Null, None)],
        ),
    ]
}

pub fn home(on: bool) -> HomeNow {
    let all = devices(on);
    let since = Some(Moment(NOW - Duration::from_secs(300)));
    let mut hall: Vec<EntityView> = all.iter().take(2).flat_map(|d| d.entities.clone()).collect();
    hall.push(entity("air.temperature", "sensor", Some("temperature"), json!(21.46), Some("°C")));
    let room = |key: &str, name: &str, occupied, entities| RoomNow {
        key: key.to_owned(),
        name: name.to_owned(),
        floor: Some("Ground floor".to_owned()),
        occupied,
        since,
        entities,
    };
    let person = |key: &str, presence: &str, room: Option<&str>| PersonNow {
        key: key.to_owned(),
        name: key.to_owned(),
        presence: presence.to_owned(),
        room: room.map(str::to_owned),
        since,
    };
    HomeNow {
        name: "The cottage".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        rooms: vec![room("bath", "Bath", None, Vec::new()), room("hall", "Hall", Some(true), hall)],
        unplaced: Vec::new(),
        people: vec![person("anna", "home", Some("hall")), person("ben", "away", None)],
        rings: vec![],
        timers: Vec::new(),
        questions: Vec::new(),
        needs: vec![Need {
            urgency: "trouble".to_owned(),
            text: "Leak sensor is offline: silent for 3 h".to_owned(),
            about: Some("leak".to_owned()),
            at: None,
        }],
    }
}

pub fn line(n: u64, text: &str) -> LogLine {
    LogLine {
        id: format!("e1-{n}"),
        at: Moment(NOW),
        seen: Moment(NOW),
        kind: "reading".to_owned(),
        subject: "hall-lamp.light".to_owned(),
        origin: "link mqtt".to_owned(),
        causes: Vec::new(),
        text: text.to_owned(),
        body: Json::Null,
    }
}

/// A state, the time on its clock, and what it asked for last.
pub struct Desk {
    pub state: State,
    pub now: Duration,
    pub asked: Vec<Ask>,
}

impl Desk {
    pub fn new(columns: u16, lines: u16) -> Self {
        let state =
            State::new(Look { colors: false, tongue: Tongue::English }, (columns, lines), "/var/lib/lares");
        Self { state, now: Duration::ZERO, asked: Vec::new() }
    }

    /// With a household that answers all that is asked of it.
    pub fn up(columns: u16, lines: u16) -> Self {
        let mut desk = Self::new(columns, lines);
        desk.give(Input::Up(greeting()));
        let past = (1..4).map(|n| line(n, &format!("Hall lamp is on for the {n}. time"))).collect();
        desk.give(Input::Past(told(), LogPage { events: past, more: false, gaps: 0 }));
        desk.answer();
        desk
    }

    pub fn give(&mut self, input: Input) {
        self.asked.extend(self.state.take(self.now, input));
    }

    pub fn later(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.give(Input::Tick);
    }

    /// Answers every open question of the first pages.
    pub fn answer(&mut self) {
        while let Some(at) = self.asked.iter().position(|a| matches!(a, Ask::View(..))) {
            let Ask::View(slot, _) = self.asked.remove(at) else { continue };
            let view = match &slot {
                Slot::Home => View::Home(Box::new(home(false))),
                Slot::Calls => View::Calls(Vec::new()),
                Slot::Devices => View::Devices(devices(false)),
                Slot::Plan => View::Plan(crate::views::PlanView {
                    holds: Vec::new(),
                    runs: Vec::new(),
                    timers: Vec::new(),
                }),
                _ => return self.asked.insert(at, Ask::View(slot.clone(), crate::control::Request::Status)),
            };
            self.give(Input::Answered(slot, Ok((told(), view))));
        }
    }

    pub fn key(&mut self, code: KeyCode) {
        self.give(Input::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    pub fn keys(&mut self, text: &str) {
        text.chars().for_each(|c| self.key(KeyCode::Char(c)));
    }

    pub fn click(&mut self, column: u16, row: u16) {
        let kind = MouseEventKind::Down(MouseButton::Left);
        self.give(Input::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    }

    /// The screen as text, without spaces at the ends of lines.
    pub fn screen(&self) -> String {
        let (columns, lines) = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, lines)).unwrap();
        terminal.draw(|frame| draw(&self.state, frame)).unwrap();
        let buffer = terminal.backend().buffer();
        let line = |y: u16| {
            let cells: String = (0..columns).filter_map(|x| Some(buffer.cell((x, y))?.symbol())).collect();
            cells.trim_end().to_owned()
        };
        (0..lines).map(line).collect::<Vec<_>>().join("\n")
    }

    /// The line of the screen that holds this.
    pub fn line(&self, text: &str) -> String {
        let screen = self.screen();
        let found = screen.lines().find(|l| l.contains(text)).map(str::to_owned);
        found.unwrap_or_else(|| panic!("`{text}` is not on the screen:\n{screen}"))
    }
}
