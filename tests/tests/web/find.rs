//! The life graph over the API: what fits a filter, to those who may know all of it.

use lares_tests::Dwelling;

use super::place;

#[test]
fn what_fits_a_filter_is_found_by_adults_only() {
    let place = place("find");
    let house = Dwelling::start(&place, "");
    let ask = |person: &str, filter: &str| {
        let filter: String = filter.bytes().map(|b| format!("%{b:02x}")).collect();
        house.http.ask(house.token(person), "GET", &format!("/api/v1/find?filter={filter}&limit=5"), None)
    };
    let found = ask("anna", "component:light in:hall").json();
    assert_eq!(found["nodes"][0]["ref"], "hall-lamp.light", "{found}");
    assert_eq!(found["nodes"][0]["room"], "hall", "{found}");
    let all = ask("ben", "kind:entity").json();
    assert!(all["total"].as_u64().unwrap() >= 2, "{all}");
    for person in ["clara", "gus"] {
        assert_eq!(ask(person, "kind:room").status, 403, "{person}");
    }
    let wrong = ask("anna", "kind:lampp");
    assert_eq!((wrong.status, wrong.header("content-type")), (400, "application/problem+json"));
    assert!(wrong.json()["detail"].as_str().unwrap().contains("lampp"), "{wrong:?}");
}
