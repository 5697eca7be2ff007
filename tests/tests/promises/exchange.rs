//! The house is an extension of a real exchange (kamailio), which asks for a password and hands it calls; over a kill.
//!
//! Meant to fail it (not tried): a wrong password that is told as an exchange that is away, a registration that a restart forgets.

use lares_tests::exchange::{Exchange, PASSWORD};
use lares_tests::phone::{Calls, Deed, free_udp_port};
use lares_tests::{Lares, free_port, wait_for};

use super::place;

#[test]
fn an_exchange_hands_its_calls_to_the_house() {
    let place = place("exchange");
    let exchange = Exchange::start(&place);
    let (port, broker) = (free_udp_port(), free_port());
    let home = |password: &str| {
        place.write("password", password);
        place.write(
            "home.toml",
            &format!(
                "[household]\nname = \"Test\"\ntime_zone = \"UTC\"\n[broker]\nport = {broker}\n[web]\nenabled = false\n\
                 [room.hall]\n[person.anna]\nrole = \"owner\"\n[phone]\nport = {port}\nname = \"us\"\n\
                 trunk = \"127.0.0.1:{}\"\nuser = \"620\"\npassword_file = \"password\"\n\
                 [phone.names]\n\"5551234\" = \"Sarah\"\n",
                exchange.port
            ),
        );
    };
    home("not that one");
    let mut lares = Lares::start(&place);
    let telephone = |lares: &Lares| {
        let links = lares.ask(&["status"])["links"].as_array().unwrap().clone();
        // It has none yet at its very start.
        links.into_iter().find(|link| link["link"] == "phone").unwrap_or_default()
    };
    wait_for("the refusal", || telephone(&lares)["detail"].to_string().contains("refuses user or password"));
    // Nobody is known as 620: a call is for nobody.
    let nobody = Calls::one(exchange.port, "5551234", Vec::new());
    nobody.refused(&place, "nobody", 404).done();

    home(PASSWORD);
    lares.kill();
    lares.run();
    wait_for("the registration", || telephone(&lares)["status"] == "online");
    let calls = |lares: &Lares| {
        let all = lares.ask(&["calls"])["calls"].as_array().unwrap().clone();
        all.iter().filter(|call| call["outcome"] == "silent" && call["name"] == "Sarah (5551234)").count()
    };
    let short = || vec![Deed::Pause { ms: 300 }, Deed::HangUp];
    Calls::one(exchange.port, "5551234", short()).begin(&place, "handed").done_at_last();
    wait_for("the call", || calls(&lares) == 1);
    lares.kill();
    lares.run();
    wait_for("the registration after a kill", || telephone(&lares)["status"] == "online");
    Calls::one(exchange.port, "5551234", short()).begin(&place, "again").done_at_last();
    wait_for("the call after a kill", || calls(&lares) == 2);
    assert!(!exchange.log().contains("CRITICAL"), "{}", exchange.log());
    lares.stop();
}
