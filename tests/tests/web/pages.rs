//! Where it listens, and where it does not.

use std::net::TcpListener;

use lares_tests::{Dwelling, Http, Lares, free_port, wait_for};

use super::place;

#[test]
fn a_taken_port_is_said_and_taken_when_it_is_free() {
    let place = place("taken");
    let port = free_port();
    let other = TcpListener::bind(("127.0.0.1", port)).unwrap();
    place.write(
        "home.toml",
        &format!(
            "[household]\ntime_zone = \"UTC\"\n[broker]\nport = {}\n[web]\nport = {port}\n",
            free_port()
        ),
    );
    let lares = Lares::start(&place);
    assert!(lares.ready["dashboard"].is_null(), "{}", lares.ready);
    let said = lares.say(&["log", "--kind", "status"]).out;
    assert!(said.contains("failed to listen") && said.contains(&port.to_string()), "{said}");
    assert_eq!(lares.restarts().0, 0, "a port that is taken is a status, not a crash");
    assert!(lares.say(&["status"]).out.contains("does not listen"));
    drop(other);
    wait_for("the port", || lares.say(&["status"]).out.contains(&format!("http://127.0.0.1:{port}/")));
}

#[test]
fn nothing_is_open_beyond_this_machine_before_it_has_an_owner() {
    let place = place("beyond");
    let house = Dwelling::start(&place, "");
    drop(house);
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    let elsewhere = super::place("beyond-2");
    elsewhere.write("home.toml", &home.replace("[web]\n", "[web]\nlisten = \"0.0.0.0\"\n"));
    let lares = Lares::start(&elsewhere);
    let at = lares.ready["dashboard"].as_str().unwrap();
    assert!(at.starts_with("http://127.0.0.1:"), "{at}");
    let http = Http::of(&lares);
    let code = lares.ready["code"].as_str().unwrap();
    let body = serde_json::json!({ "code": code, "password": "long enough" });
    assert_eq!(http.post("/api/v1/account", &body).status, 201);
    wait_for("it to open", || lares.say(&["status"]).out.contains("this machine's other names"));
}
