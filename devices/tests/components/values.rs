//! Values on their way in and out: units, encodings, pictures, meters, how long a command counts.

use lares_devices::Observation;
use lares_model::Property;
use serde_json::{Value as Json, json};

use super::thing::Thing;

#[test]
fn values_are_in_the_households_units_and_wishes_go_back_in_the_devices_own() {
    let unit = |thing: &Thing, property: Property| {
        let entity = &thing.spec.info.entities[0];
        (entity.unit.clone(), entity.property(property).unwrap().unit.clone().map(|u| u.to_string()))
    };
    let mut air = Thing::new(
        "sensor",
        json!({"uniq_id": "b", "stat_t": "b", "unit_of_meas": "inHg", "dev_cla": "atmospheric_pressure"}),
    );
    assert_eq!(air.hears("b", "29.92"), ["state = 1013.21"]);
    assert_eq!(unit(&air, Property::State), (Some("inHg".into()), Some("hPa".to_owned())), "its own is kept");
    let mut meter = Thing::new(
        "sensor",
        json!({"uniq_id": "m", "stat_t": "m", "unit_of_meas": "Wh", "dev_cla": "energy", "stat_cla": "total_increasing"}),
    );
    assert_eq!(meter.hears("m", "12345678"), ["state = 12345.678"]);
    let mut limit = Thing::new(
        "number",
        json!({"uniq_id": "n", "stat_t": "n", "cmd_t": "n/set", "unit_of_meas": "F", "min": 50, "max": 86, "step": 1}),
    );
    assert_eq!(limit.hears("n", "71"), ["state = 21.67"]);
    assert_eq!(limit.told(Property::State, 21.67), "n/set 71");
    assert_eq!(limit.told(Property::State, 21.5), "n/set 71", "to the nearest of its steps");
    assert_eq!(limit.told(Property::State, 10.0), "n/set 50");
    assert!(limit.told(Property::State, 31.0).contains("allowed: 10 to 30"));
    let mut heating = Thing::new(
        "climate",
        json!({"uniq_id": "c", "temp_unit": "F", "temp_stat_t": "c/t", "temp_cmd_t": "c/t/set", "curr_temp_t": "c/now",
               "min_temp": 45, "max_temp": 90, "temp_step": 0.5}),
    );
    assert_eq!(heating.hears("c/t", "70.5"), ["target_temperature = 21.39"]);
    assert_eq!(heating.hears("c/now", "32"), ["current_temperature = 0"]);
    assert_eq!(heating.told(Property::TargetTemperature, 21.39), "c/t/set 70.5");
    assert_eq!(unit(&heating, Property::TargetTemperature).1.as_deref(), Some("°C"));
}

#[test]
fn a_meter_says_since_when_it_counts_before_what_it_counted() {
    let config = json!({"uniq_id": "m", "stat_t": "m", "unit_of_meas": "kWh", "stat_cla": "total",
        "val_tpl": "{{ value_json.kwh }}", "last_reset_value_template": "{{ value_json.since }}"});
    let (mut meter, mut out) = (Thing::new("sensor", config), Vec::new());
    meter.driver.on_message("m", br#"{"kwh": 3, "since": "2026-11-26T00:00:00+00:00"}"#, &mut out).unwrap();
    let told: Vec<Property> = out
        .iter()
        .filter_map(|o| match o {
            Observation::Reading { property, .. } => Some(*property),
            _ => None,
        })
        .collect();
    assert_eq!(told, [Property::LastReset, Property::State]);
}

#[test]
fn texts_are_read_and_sent_in_the_encoding_that_is_announced() {
    let config = json!({"uniq_id": "t", "stat_t": "t", "cmd_t": "t/set", "e": "latin-1"});
    let mut text = Thing::new("text", config);
    assert_eq!(text.hears("t", b"K\xfcche"), ["state = Küche"]);
    let sends =
        text.driver.command(text.spec.info.entities[0].id(), &[(Property::State, "Küche".into())]).unwrap();
    assert_eq!(sends[0].payload, b"K\xfcche");
    assert!(text.told(Property::State, "5 €").contains("`€` is not in ISO 8859-1"));
    let mut utf8 = Thing::new("text", json!({"uniq_id": "t", "stat_t": "t"}));
    assert!(utf8.hears("t", b"K\xfcche")[0].contains("no UTF-8"));
}

#[test]
fn a_command_is_worth_as_long_as_its_announcement_says() {
    let plug = |more: Json| {
        let mut config = json!({"uniq_id": "s", "cmd_t": "s/set"});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let plug = Thing::new("switch", config);
        plug.driver
            .command(plug.spec.info.entities[0].id(), &[(Property::On, true.into())])
            .unwrap()
            .remove(0)
            .expires
    };
    assert_eq!(plug(json!({"message_expiry_interval": 3})), Some(std::time::Duration::from_secs(3)));
    assert_eq!(plug(json!({})), None);
    assert_eq!(plug(json!({"message_expiry_interval": -1})), None);
}

#[test]
fn pictures_come_as_they_are_and_in_base_64_and_nothing_else_is_one() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x01";
    let mut camera = Thing::new("camera", json!({"uniq_id": "c", "topic": "c"}));
    assert_eq!(camera.hears("c", png), ["image/png of 24 bytes", "state = png 2x1"]);
    assert_eq!(camera.hears("c", ""), ["state = unknown"]);
    assert!(camera.hears("c", b"hello\xff")[0].contains("begins with 68 65 6c"));
    for no_picture in ["<svg onload=alert(1)>", "{}", "RIF"] {
        let told = camera.hears("c", no_picture);
        assert!(told.len() == 1 && told[0].contains("allowed: png, jpeg, gif, webp"), "{told:?}");
    }
    let mut image = Thing::new("image", json!({"uniq_id": "i", "image_topic": "i", "image_encoding": "b64"}));
    assert_eq!(image.hears("i", "/9j/4AAQ"), ["image/jpeg of 6 bytes", "state = jpeg"]);
    assert!(image.hears("i", "/9j/4A*Q")[0].contains("no base 64"));
    let mut by_address = Thing::new("image", json!({"uniq_id": "u", "url_topic": "u"}));
    assert_eq!(by_address.hears("u", "http://camera/now.jpg"), ["state = http://camera/now.jpg"]);
}
