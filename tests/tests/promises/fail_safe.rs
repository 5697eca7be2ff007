//! R18: what burns or floods fails safe: a sensor that falls silent, a leak, a kill, a restart.
//!
//! Meant to fail it (not tried): `Safety::ask` that rules `Free`, memories that are not read at the start, `leaves_safety` that is
//! always false, an `acknowledge` that looks at no role.

use std::time::{Duration, Instant};

use lares_tests::{Lares, Mosquitto, Wire, announce, component, home_head, wait_for};
use serde_json::json;

use super::place;

const HOME: &str = r#"
[person.anna]
role = "owner"
[person.kim]
role = "child"
[person.gus]
role = "guest"
[device.heater]
identifiers = ["heater"]
[device.pump]
identifiers = ["pump"]
[device.probe]
identifiers = ["probe"]

[interlock.heater-sensor]
of = "heater.switch"
safe = { on = false }
stale = { entity = "probe.temperature", after = "3s" }

[interlock.pump-leak]
of = "pump.switch"
level = "equipment_protection"
safe = { on = false }
lockout = [{ entity = "probe.leak", is = true }]
latched = true
"#;

#[test]
fn dangerous_actuators_fail_safe() {
    let place = place("fail-safe");
    let broker = Mosquitto::start(&place, false);
    place.write("home.toml", &(home_head(broker.port) + HOME));
    // Each does what it is told and says so; the pump only for as long as it is heard.
    let world = Wire::answering(broker.port, "world", &["heater/set", "pump/set"], |topic, payload| {
        let state = topic.trim_end_matches("/set").to_owned();
        vec![(state, String::from_utf8_lossy(payload).into_owned(), false)]
    });
    let switch = |id: &str| {
        let config = json!({ "state_topic": id, "command_topic": format!("{id}/set") });
        announce(&world, id, &[component("switch", "switch", config)]);
    };
    switch("heater");
    switch("pump");
    let temperature =
        json!({ "state_topic": "probe/t", "unit_of_measurement": "°C", "device_class": "temperature" });
    let leak = component("binary_sensor", "leak", json!({ "state_topic": "probe/leak" }));
    announce(&world, "probe", &[component("sensor", "temperature", temperature), leak]);
    world.settle();
    let mut lares = Lares::start(&place);
    wait_for("the devices", || {
        ["heater.switch", "pump.switch", "probe.temperature"].iter().all(|e| lares.entity(e).is_some())
    });
    // Nothing is known of the room: nobody heats it.
    let said = lares.say(&["set", "heater", "on=true"]);
    assert!(said.code != 0 && said.out.contains("interlock “Heater sensor”"), "{said:?}");
    wait_for("both to go", || {
        world.publish("probe/t", "20.5");
        world.publish("probe/leak", "OFF");
        lares.say(&["set", "heater", "on=true"]).code == 0 && lares.say(&["set", "pump", "on=true"]).code == 0
    });

    // The sensor falls silent.
    world.publish("probe/t", "20.6");
    let spoke = Instant::now();
    let last = |topic: &str| world.on(topic).last().cloned().unwrap_or_default();
    wait_for("the heater to be off", || last("heater/set").contains("OFF"));
    let took = spoke.elapsed();
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(15), "{took:?}");
    let status = lares.say(&["status"]).out;
    assert!(status.contains("interlock “Heater sensor” is tripped: Probe · temperature is"), "{status}");
    let why = lares.say(&["why", "heater"]).out;
    assert!(why.contains("interlock “Heater sensor”") && why.contains("at most 3s is allowed"), "{why}");

    // Water; and at once nothing more of this life.
    world.publish("probe/leak", "ON");
    wait_for("the pump to be off", || last("pump/set").contains("OFF"));
    wait_for("the latch", || lares.say(&["interlocks"]).out.contains("latched"));
    lares.kill();
    world.forget();
    lares.run();
    wait_for("the devices again", || lares.entity("pump.switch").is_some());
    world.publish("probe/leak", "OFF");
    wait_for("the floor to be dry", || lares.entity("probe.leak").is_some_and(|e| e["state"] == false));
    let said = lares.say(&["set", "pump", "on=true"]);
    assert!(
        said.code != 0 && said.out.contains("interlock “Pump leak”"),
        "the kill forgot the latch: {said:?}"
    );
    for (who, may) in [("kim", false), ("gus", false), ("anna", true)] {
        let said = lares.say(&["ack", "pump-leak", "--as", who]);
        assert_eq!(said.code == 0, may, "{who}: {said:?}");
    }
    let log = lares.entries(&["--kind", "interlock_acknowledged"]);
    assert!(log.len() == 1 && log[0]["text"].to_string().contains("Anna acknowledged"), "{log:?}");
    assert!(!world.on("pump/set").iter().any(|t| t.contains("ON")), "it ran while it was latched");
    wait_for("the pump to go again", || lares.say(&["set", "pump", "on=true"]).code == 0);

    // A start never repeats a command that leaves the safe state.
    lares.say(&["set", "pump", "on=false"]);
    wait_for("the pump to be off", || last("pump/set").contains("OFF"));
    lares.say(&["set", "pump", "on=true", "--hold", "released"]);
    lares.kill();
    world.forget();
    lares.run();
    wait_for("the devices once more", || lares.entity("pump.switch").is_some());
    std::thread::sleep(Duration::from_secs(3));
    assert!(
        world.on("pump/set").iter().all(|t| !t.contains("ON")),
        "a start said on: {:?}",
        world.on("pump/set")
    );
    eprintln!(
        "R18: a heater off {:.1} s after its sensor's last word at a limit of 3 s; a latch over kill -9; 2 of 3 roles \
         refused; starts that said on 0; actuators with a lease 2 of 2",
        took.as_secs_f64()
    );
}
