//! R25: what a page from elsewhere can try against a browser that is logged in.
//!
//! Meant to fail it (not tried): `is_ours` always true, `is_same` always true, the missing Origin let through, a header left out.

use lares_surfaces::web::rights_table;
use lares_tests::{Dwelling, Replied};

use super::place;

const WISH: &str = r#"{"act":"set","target":"hall-lamp","values":{"on":true}}"#;

#[test]
fn browser_attacks() {
    let place = place("attacks");
    let house = Dwelling::start(&place, "");
    let cookie = format!("lares_session={}", house.token("anna"));
    let own = house.http.origin();
    let routes: Vec<(String, String)> = rights_table()
        .lines()
        .filter_map(|l| l.strip_prefix("| `")?.split('`').next()?.split_once(' '))
        .map(|(m, p)| (m.to_owned(), p.replace("{key}", "hall").replace(['{', '}'], "")))
        .collect();
    let (mut tried, mut blocked) = (0, 0);
    let mut attack = |expected: u16, replied: Replied| {
        tried += 1;
        blocked += usize::from(replied.status == expected);
        assert_eq!(replied.status, expected, "{replied:?}");
    };
    for (method, path) in &routes {
        let body = (method == "POST").then_some(WISH);
        // Its own name points at us (rebinding): the browser sends that name, and its own cookie if it had one.
        for host in ["evil.example", "evil.example:8420", "localhost.evil.example"] {
            let headers = [("Host", host), ("Cookie", cookie.as_str()), ("Origin", own.as_str())];
            attack(421, house.http.send(method, path, &headers, body));
        }
        // Its script asks us, from elsewhere or from nowhere it would say.
        for origin in ["http://evil.example", "null", "http://localhost:1"] {
            let headers = [("Cookie", cookie.as_str()), ("Origin", origin)];
            attack(403, house.http.send(method, path, &headers, body));
        }
        if method != "GET" {
            attack(403, house.http.send(method, path, &[("Cookie", cookie.as_str())], body));
        }
        let picture =
            [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")];
        attack(403, house.http.send(method, path, &picture, body));
    }
    let form = [("Cookie", cookie.as_str()), ("Origin", own.as_str()), ("Content-Type", "text/plain")];
    attack(415, house.http.send("POST", "/api/v1/intents", &form, None));
    let twice = [("Host", "localhost"), ("Host", "evil.example")];
    attack(400, house.http.send("GET", "/api/v1/home", &twice, None));
    assert_eq!((tried, blocked), (tried, tried));
    assert_eq!(
        house.lares.entity("hall-lamp.light").unwrap()["state"],
        serde_json::Value::Null,
        "nothing moved"
    );
    // Every answer, also of a refusal, says what a browser may do with it.
    for path in ["/", "/api/v1/home", "/nowhere"] {
        let replied = house.http.send("GET", path, &[], None);
        let policy = replied.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{replied:?}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(replied.header("x-frame-options"), "DENY");
        assert_eq!(replied.header("x-content-type-options"), "nosniff");
        assert_eq!(replied.header("access-control-allow-origin"), "");
    }
    // The real page, to be sure that it is not all refused.
    let headers = [("Cookie", cookie.as_str()), ("Origin", own.as_str()), ("Sec-Fetch-Site", "same-origin")];
    let fine = house.http.send("POST", "/api/v1/intents", &headers, Some(WISH));
    assert_eq!(fine.status, 200, "{fine:?}");
    println!("R25: blocked {blocked}/{tried}");
}
