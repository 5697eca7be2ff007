//! Messages as real devices send them, in their order: a device says who it is, then how it is. They are what is bent.

use lares_devices::twins::{Twin, TwinKind};
use serde_json::Value;

use crate::common;

/// Topic and payload, in order.
pub type Story = Vec<(String, Vec<u8>)>;

/// What is announced in a protocol's own words, and what is said afterwards.
const NATIVE: &[&[(&str, &str)]] = &[
    &[
        (
            "esphome/discover/hall",
            r#"{"ip":"1.2.3.4","name":"hall","version":"2024.9.0","mac":"0cb815d71a00","board":"esp32dev"}"#,
        ),
        ("hall/status", "online"),
    ],
    &[
        ("espresense/devices/phone:a/hall", r#"{"id":"phone:a","rssi@1m":-59,"rssi":-71,"distance":2.4}"#),
        ("espresense/devices/phone:a/hall", r#"{"id":"phone:a","name":"A","distance":1.1}"#),
    ],
    &[
        (
            "hasp/discovery/98",
            r#"{"node":"p","hwid":"98","pages":12,"node_t":"hasp/p/","input":{"1":"door"},"power":[1],"light":[12],"dim":[2]}"#,
        ),
        ("hasp/p/LWT", "online"),
        ("hasp/p/state/backlight", r#"{"state":"on","brightness":128}"#),
        ("hasp/p/state/statusupdate", r#"{"rssi":-60}"#),
    ],
    &[
        (
            "owntracks/anna/phone",
            r#"{"_type":"location","lat":48.2,"lon":16.4,"batt":21,"acc":10,"inregions":["home"]}"#,
        ),
        ("owntracks/anna/phone", r#"{"_type":"location","lat":47.2,"lon":16.4,"batt":20}"#),
    ],
    &[
        ("valetudo/R/BasicControlCapability/operation/$format", "START,STOP,PAUSE,HOME"),
        ("valetudo/R/FanSpeedControlCapability/preset/$format", "low,max"),
        ("valetudo/R/LocateCapability/locate/$format", "PERFORM"),
        ("valetudo/R/GoToLocationCapability/go/$format", "same json as the REST interface"),
        ("valetudo/R/ZoneCleaningCapability/start/$format", "same json as the REST interface"),
        ("valetudo/R/MapData/segments", r#"{"16":"Kitchen","17":"Hall"}"#),
        ("valetudo/R/StatusStateAttribute/status", "manual_control"),
        ("valetudo/R/FanSpeedControlCapability/preset", "max"),
        (
            "valetudo/R/MapData/map-data",
            r#"{"layers":[{"type":"segment","compressedPixels":[1,1,9],"metaData":{}}]}"#,
        ),
    ],
    &[
        (
            "homeassistant/alarm_control_panel/p/config",
            r#"{"uniq_id":"p","stat_t":"p","cmd_t":"p/set","code":"REMOTE_CODE","cmd_tpl":"{{ action }} {{ code }}","device":{"ids":["p"]}}"#,
        ),
        (
            "homeassistant/number/p/config",
            r#"{"uniq_id":"n","stat_t":"n","cmd_t":"n/set","unit_of_meas":"°F","min":50,"max":86,"step":0.5,"device":{"ids":["p"]}}"#,
        ),
        (
            "homeassistant/sensor/p/config",
            r#"{"uniq_id":"m","stat_t":"m","unit_of_meas":"Wh","dev_cla":"energy","stat_cla":"total","val_tpl":"{{ value_json.n }}","last_reset_value_template":"{{ value_json.since }}","device":{"ids":["p"]}}"#,
        ),
        (
            "homeassistant/text/p/config",
            r#"{"uniq_id":"t","stat_t":"t","cmd_t":"t/set","encoding":"utf-16","device":{"ids":["p"]}}"#,
        ),
        (
            "homeassistant/image/p/config",
            r#"{"uniq_id":"i","image_topic":"i","image_encoding":"b64","device":{"ids":["p"]}}"#,
        ),
        ("p", "disarmed"),
        ("n", "71"),
        ("m", r#"{"n":1200,"since":"2026-11-26T00:00:00+00:00"}"#),
        ("t", "\u{feff}a"),
        ("i", "iVBORw0KGgoAAAANSUhEUgAAAAI="),
    ],
    &[("room_presence/hall", r#"{"id":"phone:a","name":"A","distance":4.2}"#)],
    &[
        ("rtl_433/pi/devices/Acurite/A/1/temperature_C", "21.5"),
        ("rtl_433/pi/devices/Acurite/A/1/battery_ok", "1"),
    ],
    &[
        (
            "tasmota/discovery/A0/config",
            r#"{"dn":"Desk","fn":["L",null],"md":"S","state":["OFF","ON"],"t":"desk","ft":"%prefix%/%topic%/","tp":["cmnd","stat","tele"],"rl":[1,2,3,3],"so":{"26":1},"lt_st":5}"#,
        ),
        (
            "tasmota/discovery/A0/sensors",
            r#"{"sn":{"ENERGY":{"Power":12,"Total":[1,2]},"DS":{"Temperature":20},"TempUnit":"C"}}"#,
        ),
        ("tele/desk/LWT", "Online"),
        (
            "stat/desk/RESULT",
            r#"{"POWER1":"ON","Dimmer":40,"Color":"FF00000000","CT":300,"HSBColor":"0,100,100"}"#,
        ),
        (
            "tele/desk/SENSOR",
            r#"{"ENERGY":{"Power":13,"Total":[1,3]},"DS":{"Temperature":21},"TempUnit":"C"}"#,
        ),
        ("tele/desk/STATE", r#"{"POWER1":"OFF","Wifi":{"Signal":-60}}"#),
    ],
    &[
        (
            "zigbee2mqtt/bridge/info",
            r#"{"version":"2","permit_join":false,"coordinator":{"ieee_address":"0x1"}}"#,
        ),
        ("zigbee2mqtt/bridge/state", r#"{"state":"online"}"#),
        ("zigbee2mqtt/bridge/groups", r#"[{"id":3,"friendly_name":"down","members":[{}]}]"#),
        ("zigbee2mqtt/down", r#"{"state":"ON","brightness":120,"color":{"x":0.3,"y":0.3}}"#),
    ],
    &[("lares/twin/set", r#"{"state":"ON","brightness":100}"#), ("lares/twin/set/text", "hello")],
    &[(
        "a/b",
        r#"{"t":"2011-06-15T01:03:39-07:00","room":"Bedroom","device":"B","kind":"motion","value":true}"#,
    )],
];

/// Each kind of entity in Home Assistant's form with a message that it understands. The state is on `t`.
const COMPONENTS: &[(&str, &str, &str)] = &[
    (
        "alarm_control_panel",
        r#"{"stat_t":"t","cmd_t":"c","val_tpl":"{{ value_json.s }}","code":"1234","sup_feat":["arm_home"]}"#,
        r#"{"s":"armed_home"}"#,
    ),
    ("binary_sensor", r#"{"stat_t":"t","dev_cla":"motion","off_dly":5,"exp_aft":60}"#, "ON"),
    ("button", r#"{"cmd_t":"c","pl_prs":"GO"}"#, ""),
    ("camera", r#"{"t":"t"}"#, "\u{0}"),
    (
        "climate",
        r#"{"mode_stat_t":"t","mode_stat_tpl":"{{ value_json.m }}","mode_cmd_t":"c","modes":["off","heat"],"temp_stat_t":"t","temp_stat_tpl":"{{ value_json.t }}","temp_cmd_t":"c","min_temp":5,"max_temp":30,"temp_step":0.5,"curr_temp_t":"t","curr_temp_tpl":"{{ value_json.c | float }}","act_t":"t","act_tpl":"{% set v = {'a':'heating'} %}{{ v[value_json.a] }}","fan_modes":["low"],"fan_mode_stat_t":"f"}"#,
        r#"{"m":"heat","t":21.5,"c":"20.1","a":"a"}"#,
    ),
    (
        "cover",
        r#"{"stat_t":"s","cmd_t":"c","pos_t":"t","pos_open":255,"pos_clsd":0,"set_pos_t":"p","set_pos_tpl":"{\"p\":{{ position }}}","tilt_status_t":"i","tilt_cmd_t":"j"}"#,
        "120",
    ),
    (
        "device_automation",
        r#"{"atype":"trigger","type":"press","stype":"a","t":"t","pl":"single"}"#,
        "single",
    ),
    (
        "device_tracker",
        r#"{"stat_t":"t","json_attr_t":"t","pl_home":"in","pl_not_home":"out"}"#,
        r#"{"latitude":1,"longitude":2}"#,
    ),
    ("event", r#"{"stat_t":"t","event_types":["single","double"]}"#, r#"{"event_type":"single"}"#),
    (
        "fan",
        r#"{"stat_t":"s","cmd_t":"c","pct_stat_t":"t","pct_cmd_t":"p","spd_rng_min":1,"spd_rng_max":7,"pr_modes":["auto"],"pr_mode_stat_t":"m","osc_stat_t":"o","dir_stat_t":"d"}"#,
        "4",
    ),
    (
        "humidifier",
        r#"{"stat_t":"s","cmd_t":"c","hum_stat_t":"t","hum_cmd_t":"h","modes":["eco"],"min_hum":20,"max_hum":80}"#,
        "45",
    ),
    ("image", r#"{"url_t":"t"}"#, "http://x/y.png"),
    (
        "image",
        r#"{"map_topic":"t"}"#,
        r#"{"pixelSize":5,"layers":[{"type":"segment","compressedPixels":[1,2,3,1,3,3],"metaData":{"segmentId":"1","name":"A"}},{"type":"wall","pixels":[0,0]}],"entities":[{"type":"robot_position","points":[10,10]}]}"#,
    ),
    ("camera", r#"{"topic":"t","img_e":"b64"}"#, "iVBORw0KGgo="),
    (
        "alarm_control_panel",
        r#"{"stat_t":"t","cmd_t":"c","code":"1","cmd_tpl":"{{ action }}{{ code }}"}"#,
        "armed_away",
    ),
    ("date", r#"{"stat_t":"t","cmd_t":"c"}"#, "2026-11-26"),
    ("time", r#"{"stat_t":"t","cmd_t":"c"}"#, "18:30:00"),
    ("datetime", r#"{"stat_t":"t","cmd_t":"c","timezone":"Europe/Vienna"}"#, "2026-11-26T18:30:00"),
    ("binary_sensor", r#"{"stat_t":"t","off_dly":5,"json_attr_t":"c"}"#, "ON"),
    (
        "vacuum",
        r#"{"stat_t":"t","cmd_t":"c","send_cmd_t":"s","clean_segments_command_topic":"r","clean_segments_command_template":"{\"ids\": {{ value | to_json }}}"}"#,
        r#"{"state":"cleaning","segments":{"1":"Kitchen","2":"Hall, small"}}"#,
    ),
    ("lawn_mower", r#"{"act_stat_t":"t","strt_mw_cmd_t":"c"}"#, "mowing"),
    (
        "light",
        r#"{"schema":"json","stat_t":"t","cmd_t":"c","brightness":true,"bri_scl":254,"sup_clrm":["xy","color_temp"],"min_mirs":150,"max_mirs":500,"effect":true,"fx_list":["a"]}"#,
        r#"{"state":"ON","brightness":99,"color_mode":"xy","color":{"x":0.4,"y":0.3},"effect":"a"}"#,
    ),
    (
        "light",
        r#"{"stat_t":"s","cmd_t":"c","bri_stat_t":"t","bri_cmd_t":"b","rgb_stat_t":"r","rgb_cmd_t":"rc","hs_stat_t":"h","clr_temp_stat_t":"k","fx_list":["a"],"fx_stat_t":"f"}"#,
        "200",
    ),
    (
        "light",
        r#"{"schema":"template","stat_t":"t","cmd_t":"c","cmd_on_tpl":"on,{{ brightness }},{{ red }}","cmd_off_tpl":"off","stat_tpl":"{{ value.split(',')[0] }}","bri_tpl":"{{ value.split(',')[1] }}","r_tpl":"{{ value.split(',')[2] }}","g_tpl":"0","b_tpl":"0"}"#,
        "on,120,255",
    ),
    ("lock", r#"{"stat_t":"t","cmd_t":"c","stat_locked":"L","stat_unlocked":"U"}"#, "L"),
    ("notify", r#"{"cmd_t":"c","cmd_tpl":"{{ value | upper }}"}"#, ""),
    ("number", r#"{"stat_t":"t","cmd_t":"c","min":0,"max":10,"step":0.5}"#, "7.5"),
    ("scene", r#"{"cmd_t":"c","pl_on":"x"}"#, ""),
    ("select", r#"{"stat_t":"t","cmd_t":"c","options":["a","b"]}"#, "b"),
    (
        "sensor",
        r#"{"~":"t","stat_t":"~","val_tpl":"{{ value_json['a'] | round(1) }}","unit_of_meas":"°C","stat_cla":"measurement","exp_aft":60,"avty":[{"t":"~/up"},{"t":"x"}],"avty_mode":"all"}"#,
        r#"{"a":21.55}"#,
    ),
    ("siren", r#"{"stat_t":"t","cmd_t":"c","available_tones":["x"]}"#, r#"{"state":"ON","tone":"x"}"#),
    ("switch", r#"{"stat_t":"t","cmd_t":"c","stat_on":"1","stat_off":"0","pl_on":"a","pl_off":"b"}"#, "1"),
    ("tag", r#"{"t":"t","val_tpl":"{{ value_json.u }}"}"#, r#"{"u":"04AB"}"#),
    ("text", r#"{"stat_t":"t","cmd_t":"c","max":20,"pattern":"a+"}"#, "hello"),
    (
        "update",
        r#"{"stat_t":"t","cmd_t":"c","pl_inst":"go"}"#,
        r#"{"installed_version":"1","latest_version":"2"}"#,
    ),
    (
        "vacuum",
        r#"{"stat_t":"t","cmd_t":"c","fanspd_lst":["min","max"],"set_fan_spd_t":"f","sup_feat":["start","pause"]}"#,
        r#"{"state":"docked","fan_speed":"min","battery_level":90}"#,
    ),
    ("valve", r#"{"stat_t":"t","cmd_t":"c","pos":true,"reports_position":true}"#, "40"),
    ("water_heater", r#"{"mode_stat_t":"t","mode_cmd_t":"c","modes":["eco","off"],"temp_cmd_t":"d"}"#, "eco"),
    (
        "device",
        r#"{"dev":{"ids":["whole"]},"o":{"name":"o"},"stat_t":"t","cmps":{"a":{"p":"sensor","uniq_id":"wa","val_tpl":"{{ value_json.a }}"},"b":{"p":"switch","uniq_id":"wb","cmd_t":"c","val_tpl":"{{ value_json.b }}"}}}"#,
        r#"{"a":1,"b":"ON"}"#,
    ),
];

/// Everything there is: kept with the code, and the shared corpus where it is at hand.
pub fn all() -> Vec<Story> {
    let owned = |(topic, payload): &(&str, &str)| ((*topic).to_owned(), payload.as_bytes().to_vec());
    let mut stories: Vec<Story> = NATIVE.iter().map(|story| story.iter().map(owned).collect()).collect();
    for (n, (component, config, state)) in COMPONENTS.iter().enumerate() {
        let topic = format!("homeassistant/{component}/{component}_{n}/config");
        stories.push(vec![(topic, config.as_bytes().to_vec()), ("t".to_owned(), state.as_bytes().to_vec())]);
    }
    // A map, packed.
    let robot = Twin::new(TwinKind::Vacuum, "robot", "t", "homeassistant");
    stories.push(robot.announce().into_iter().map(|send| (send.topic, send.payload)).collect());
    for fixture in common::FIXTURES {
        let fixture: Value = serde_json::from_str(fixture).unwrap();
        let messages = ["announcements", "messages"].into_iter().flat_map(|k| fixture[k].as_array().unwrap());
        stories.push(messages.map(message).collect());
    }
    if let Some(text) = common::read("corpora/mqtt-other/payloads.open.jsonl") {
        stories.extend(
            text.lines().enumerate().map(|(n, line)| of_line(n, &serde_json::from_str(line).unwrap())),
        );
    }
    stories
}

fn message(message: &Value) -> (String, Vec<u8>) {
    let payload = message.get("payload_text").unwrap_or(&message["payload"]);
    (message["topic"].as_str().unwrap_or("t").to_owned(), text(payload))
}

fn text(payload: &Value) -> Vec<u8> {
    payload.as_str().map_or_else(|| payload.to_string(), str::to_owned).into_bytes()
}

/// A line of the corpus: what is announced, then what was heard and what the source's own tests say.
fn of_line(n: usize, line: &Value) -> Story {
    let component = line["component"].as_str().unwrap_or("sensor");
    let topic =
        line["topic"].as_str().map_or_else(|| format!("homeassistant/{component}/{n}/config"), str::to_owned);
    let payload = if line["payload_text"].is_string() { &line["payload_text"] } else { &line["payload"] };
    let mut story = vec![(topic, text(payload))];
    story.extend(line["state"].as_array().into_iter().flatten().map(message));
    for step in line["exchange"].as_array().into_iter().flatten() {
        if let Some([Value::String(topic), payload]) = step["receive"].as_array().map(Vec::as_slice) {
            story.push((topic.clone(), text(payload)));
        }
    }
    story
}
