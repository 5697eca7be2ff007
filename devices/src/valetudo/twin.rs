//! A robot with Valetudo, without its Home Assistant part: the words of its Homie description, its state, its map, and what it is
//! told there (valetudo.cloud, *MQTT integration*).

use serde_json::{Value, json};

use crate::Send;
use crate::twins::Robot as Cleaner;
use crate::twins::spoken::{Speaks, json_of, kept};

const BASE: &str = "valetudo/TwinRobot";

/// What it does, and where it was sent last.
#[derive(Default)]
pub struct Robot {
    robot: Cleaner,
    sent_to: Option<(i64, i64)>,
}

impl Robot {
    fn status(&self) -> Vec<Send> {
        let doing = if self.sent_to.is_some() { "moving" } else { self.robot.doing.word() };
        vec![
            kept(format!("{BASE}/StatusStateAttribute/status"), doing),
            kept(format!("{BASE}/FanSpeedControlCapability/preset"), self.robot.speed),
            kept(format!("{BASE}/MapData/map-data"), self.robot.map()),
        ]
    }
}

impl Speaks for Robot {
    fn name(&self) -> &'static str {
        "valetudo"
    }

    fn announce(&self) -> Vec<Send> {
        let rest = "same json as the REST interface";
        let mut all: Vec<Send> = [
            ("$state", "ready"),
            ("BasicControlCapability/operation/$format", "START,STOP,PAUSE,HOME"),
            ("FanSpeedControlCapability/preset/$format", "quiet,standard,max"),
            ("LocateCapability/locate/$format", "PERFORM"),
            ("GoToLocationCapability/go/$format", rest),
            ("ZoneCleaningCapability/start/$format", rest),
            ("BatteryStateAttribute/level", "87"),
            ("MapData/segments", r#"{"16":"Kitchen","17":"Hall","18":"Living room"}"#),
            ("ValetudoEvents/valetudo_events", "{}"),
        ]
        .map(|(topic, payload)| kept(format!("{BASE}/{topic}"), payload))
        .to_vec();
        all.extend(self.status());
        all
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{BASE}/+/+/set")]
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Vec<Send> {
        let Some(what) = topic.strip_prefix(BASE).and_then(|t| t.strip_suffix("/set")) else {
            return Vec::new();
        };
        let (text, told) = (String::from_utf8_lossy(payload), json_of(payload));
        self.sent_to = None;
        match what {
            "/BasicControlCapability/operation" => {
                let word = match text.as_ref() {
                    "START" => "start",
                    "STOP" => "stop",
                    "PAUSE" => "pause",
                    "HOME" => "return_to_base",
                    _ => return Vec::new(),
                };
                self.robot.obey("state", &Value::from(word));
            }
            "/FanSpeedControlCapability/preset" => self.robot.obey("fan_speed", &Value::from(text.as_ref())),
            "/MapSegmentationCapability/clean" => match told.get("segment_ids") {
                Some(ids) => self.robot.obey("segments", ids),
                None => return Vec::new(),
            },
            "/GoToLocationCapability/go" => {
                let number = |key: &str| told.pointer(&format!("/coordinates/{key}")).and_then(Value::as_i64);
                let (Some(x), Some(y)) = (number("x"), number("y")) else { return Vec::new() };
                self.sent_to = Some((x, y));
            }
            "/ZoneCleaningCapability/start" => {
                let corners =
                    told.pointer("/zones/0/points").and_then(Value::as_object).map_or(0, |p| p.len());
                if corners != 4 || !told["iterations"].is_u64() {
                    return Vec::new();
                }
                self.robot.obey("segments", &json!(["17"]));
            }
            "/LocateCapability/locate" => {}
            _ => return Vec::new(),
        }
        self.status()
    }
}
