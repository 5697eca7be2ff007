//! The API is what its OpenAPI document says: schemathesis asks it in ways that nobody thought of.
//!
//! Meant to fail it (not tried): a field that is not in its schema, a status that is not told, a wrong value that is taken.

use std::path::PathBuf;
use std::process::Command;

use lares_tests::Dwelling;
use serde_json::json;

use super::place;

#[test]
fn the_api_is_as_it_is_described() {
    let place = place("api");
    let house = Dwelling::start(&place, "");
    // A token of its own: ending sessions is among what is tried.
    let made = house.http.ask(
        house.token("anna"),
        "POST",
        "/api/v1/tokens",
        Some(&json!({ "name": "schemathesis" })),
    );
    let bearer = format!("Authorization: Bearer {}", made.json()["token"].as_str().unwrap());
    let tool = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/venv/bin/schemathesis");
    assert!(tool.is_file(), "{} is missing: tests/setup.sh makes it", tool.display());
    let mut command = Command::new(tool);
    command.current_dir(place.path()).arg("run").arg(format!("http://{}/api/v1/openapi.json", house.http.at));
    command.args([
        "-H",
        &bearer,
        "--max-examples",
        "8",
        "--seed",
        "1",
        "--phases",
        "coverage,fuzzing",
        "--no-color",
    ]);
    // A stream does not end; guesses are slowed, as they must be; a code for one person ends nothing but is no use here.
    for path in [
        "/api/v1/live",
        "/api/v1/session",
        "/api/v1/account",
        "/api/v1/guest",
        "/api/v1/accounts/{person}/code",
    ] {
        command.args(["--exclude-path", path]);
    }
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                  negative_data_rejection";
    let done = command.args(["--checks", checks]).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
    let cases = said.lines().find(|l| l.contains(" generated, ")).unwrap_or_default();
    println!("schemathesis: {}", cases.trim());
    assert!(cases.contains("passed"), "{said}");
    assert_eq!(house.lares.restarts().0, 0, "nothing was restarted by it");
}
