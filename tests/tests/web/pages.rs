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

/// A proxy that speaks TLS stands before it: the browser's name and origin are the proxy's, the cookie goes over TLS only, and names
/// that the home does not say are refused as ever.
#[test]
fn behind_a_proxy_that_speaks_tls_the_cookie_is_secure() {
    let first = place("proxied");
    drop(Dwelling::start(&first, ""));
    let home = std::fs::read_to_string(first.home().join("home.toml")).unwrap();
    let place = place("proxied-2");
    place.write("home.toml", &home.replace("[web]\n", "[web]\nhosts = [\"lares.lan\"]\n"));
    let lares = Lares::start(&place);
    let http = Http::of(&lares);
    let through = |method: &str, path: &str, name: &str, more: &[(&str, &str)], body: Option<&str>| {
        let origin = format!("https://{name}");
        let mut headers = vec![("Host", name), ("Origin", origin.as_str())];
        headers.extend(more);
        http.send(method, path, &headers, body)
    };
    let tls = ("X-Forwarded-Proto", "https");
    let code = lares.ready["code"].as_str().unwrap();
    let body = serde_json::json!({ "code": code, "password": "long enough" }).to_string();
    let strange = through("POST", "/api/v1/account", "lares.evil", &[tls], Some(&body));
    assert_eq!(strange.status, 421, "{strange:?}");
    let entered = through("POST", "/api/v1/account", "lares.lan", &[tls], Some(&body));
    assert_eq!(entered.status, 201, "{entered:?}");
    let cookie = entered.header("set-cookie").to_owned();
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    let kept = cookie.split(';').next().unwrap().to_owned();
    let me = through("GET", "/api/v1/me", "lares.lan", &[tls, ("Cookie", &kept)], None);
    assert_eq!((me.status, &me.json()["person"]), (200, &serde_json::json!("anna")), "{me:?}");
    let elsewhere = through("GET", "/api/v1/me", "lares.evil", &[tls, ("Cookie", &kept)], None);
    assert_eq!(elsewhere.status, 421, "{elsewhere:?}");
    let body = serde_json::json!({ "person": "anna", "password": "long enough" }).to_string();
    let clear = through("POST", "/api/v1/session", "lares.lan", &[], Some(&body));
    assert!(clear.status < 300 && !clear.header("set-cookie").contains("Secure"), "{clear:?}");
}
