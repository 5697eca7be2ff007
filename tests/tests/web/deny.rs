//! R24: whoever may not ask is not answered, on every route there is; the table in the docs is the one in the code.
//!
//! Meant to fail it (not tried): `Least::Role(_)` answered like `Anybody`, a route's least role changed, the middleware left out.

use std::path::Path;

use lares_surfaces::web::rights_table;
use lares_tests::Dwelling;
use serde_json::{Value, json};

use super::place;

/// Rows of the table: method, path, and who may: nobody, owner, adult, child, guest.
fn rows(table: &str) -> Vec<(String, String, Vec<bool>)> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let (method, path) = cells.first()?.strip_prefix('`')?.strip_suffix('`')?.split_once(' ')?;
        let may = cells.iter().skip(1).map(|c| *c == "yes").collect();
        Some((method.to_owned(), path.to_owned(), may))
    };
    table.lines().filter_map(row).collect()
}

/// A request that is right in all but who asks.
fn example(path: &str) -> (String, Option<Value>) {
    let concrete = path.replace("{key}", "hall").replace("{person}", "ben").replace("{id}", "nothing");
    let body = match path {
        "/api/v1/intents" => Some(json!({ "act": "set", "target": "hall-lamp", "values": { "on": true } })),
        "/api/v1/say" => Some(json!({ "text": "turn on the hall lamp" })),
        "/api/v1/session" => Some(json!({ "person": "nobody", "password": "whatever it is" })),
        "/api/v1/account" => Some(json!({ "code": "AAAAA-AAAAA", "password": "whatever it is" })),
        "/api/v1/tokens" => Some(json!({ "name": "test" })),
        _ => None,
    };
    let query = match path {
        "/api/v1/why" => "?of=hall-lamp",
        "/api/v1/history" => "?entity=hall-lamp",
        _ => "",
    };
    let concrete = format!("{concrete}{query}");
    (concrete, body)
}

#[test]
fn deny_by_default() {
    let place = place("deny");
    let house = Dwelling::start(&place, "");
    let rows = rows(&rights_table());
    assert!(rows.len() > 20, "{rows:?}");
    let (mut asked, mut violations) = (0, Vec::new());
    for (method, path, may) in &rows {
        // A stream does not end and going out takes the token with it: those who may are looked at elsewhere.
        let only_refusals = path.ends_with("/live") || (method == "DELETE" && path.ends_with("/session"));
        let (concrete, body) = example(path);
        let body = if method == "POST" { body } else { None };
        for (n, who) in ["nobody", "anna", "ben", "clara", "gus"].iter().enumerate() {
            if only_refusals && may[n] {
                continue;
            }
            let token = house.tokens.get(who).map_or("lares_00", String::as_str);
            let replied = house.http.ask(token, method, &concrete, body.as_ref());
            let open = may[0];
            let expected = match (open, may[n], *who) {
                (true, ..) => replied.status != 403,
                (_, true, _) => !matches!(replied.status, 401 | 403),
                (_, false, "nobody") => replied.status == 401,
                (_, false, _) => replied.status == 403,
            };
            asked += 1;
            if !expected {
                violations.push(format!("{method} {path} by {who}: {} {}", replied.status, replied.body));
            }
        }
    }
    assert_eq!(violations, Vec::<String>::new());
    for path in ["/api/v1/", "/api/v1/secrets", "/api/v2/home", "/.git/config", "/assets/../Cargo.toml"] {
        let replied = house.http.ask("lares_00", "GET", path, None);
        assert_eq!(replied.status, 404, "{path}: {replied:?}");
    }
    println!("R24: {asked} requests over {} routes and 5 roles, violations 0", rows.len());
}

#[test]
fn the_table_of_rights_in_the_docs_is_the_one_in_the_code() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/threat-model.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (head, rest) = text.split_once("<!-- rights: begin -->\n").unwrap();
    let (old, tail) = rest.split_once("<!-- rights: end -->").unwrap();
    let table = rights_table();
    if old.trim() != table.trim() {
        if std::env::var_os("LARES_WRITE").is_some() {
            std::fs::write(
                &page,
                format!("{head}<!-- rights: begin -->\n\n{table}\n<!-- rights: end -->{tail}"),
            )
            .unwrap();
            return;
        }
        panic!("docs/threat-model.md is not up to date; LARES_WRITE=1 writes it:\n{table}");
    }
}
